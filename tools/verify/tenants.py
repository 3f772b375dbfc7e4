"""One tenant of many goes, and another one comes: what change sets in the local AWS API and plans of Terraform list.

The binary is `cargo build -p archgen-cli --example crowd`. Nothing may be listed but what is one of the two tenants', and
the rows that they have in what is shared.
"""

import json
import re
import tempfile
from pathlib import Path

import deploy
import local_aws
import readback
import several
from cloud import api as cloudformation
from terraform import modules, renames
from terraform.session import Session

GONE, NEW = "t00020", "newcomer"
AFTER = [f"gone={int(GONE[1:])}", "newcomer=true"]
# how tenants are served, how many there are where nothing is said, and with what; all have a rule at the load balancer and
# a row in the dashboard. What Terraform needs for tasks of their own grows with the square of their number.
WAYS = {
    "shared tasks": (100, ["compute=Pool", "rules=true", "keys=PerTenant"]),
    "tasks of their own": (40, ["compute=Bridge"]),
}
# the shared things in which tenants have rows: in CloudFormation, and in Terraform
ROWS = {"SeatsDashboard": "Modify"}, {"aws_cloudwatch_dashboard.seats": ["update"]}


def run(binary, report, keep=None, tenants=None):
    url = local_aws.start()
    api = local_aws.clients(url)("us-east-1")
    archgen = deploy.Archgen(binary.resolve(), url, keep)
    with Session() as session:
        for way, (usual, options) in WAYS.items():
            options = [f"tenants={tenants or usual}", *options]
            way = f"{tenants or usual} tenants with {way}"
            with tempfile.TemporaryDirectory(prefix="archgen-verify-") as folder:
                steps = emitted(archgen, report, way, Path(folder), options)
                change_sets(api, archgen, report, way, Path(folder), options, steps)
                plans(session, report, way, Path(folder), steps)


def emitted(archgen, report, way, folder, options):
    """The folders of what is emitted before and after, over one lock: nothing is emitted before the tenant is let go."""
    steps = []
    for number, changed in enumerate(([], AFTER)):
        steps.append(folder / str(number))
        command = ["emit", several.NAME, "--target", "all", "--out", str(steps[-1]), *given(options + changed), *lock(folder)]
        if number:
            refused = archgen.run(*command, keep_as=f"{way}-refused")
            said = re.search(r"`archgen (lock forget \S+) --arch \S+`", refused.stderr)
            report.check(f"{way}: a tenant that goes is one error with one command", [] if refused.returncode == 1 and refused.stderr.count("AG0116") == 1 and said else [deploy.shown(refused)])
            # only the CloudFormation of before is deployed over the lock of before
            (folder / "before.lock").write_bytes((folder / "archgen.lock").read_bytes())
            archgen.read(*(said[1] if said else f"lock forget seats.{GONE}").split(), "--arch", several.NAME, "--lock", str(folder / "archgen.lock"))
        archgen.read(*command)
    return [step / several.NAME / several.ENVIRONMENT for step in steps]


def given(options):
    return [part for option in options for part in ("--set", option)]


def lock(folder, name="archgen.lock"):
    return ["--lock", str(folder / name)]


def change_sets(api, archgen, report, way, folder, options, steps):
    deploy.reset(api, archgen.url)
    documents = [several.emitted(step / "cloudformation") for step in steps]
    before, physical = 0, {}
    for number, (changed, name) in enumerate((([], "before.lock"), (AFTER, "archgen.lock"))):
        title = f"{way}: {'one gone, one new' if number else 'all'}, {len(documents[number])} stacks"
        before = len(cloudformation.executed())
        command = ["deploy", several.NAME, "--env", several.ENVIRONMENT, "--endpoint-url", archgen.url, "--yes", "--bucket", deploy.BUCKET]
        done = archgen.run(*command, *given(options + changed), *lock(folder, name), keep_as=f"{way}-{number}")
        problems = [] if done.returncode == 0 else [deploy.shown(done), *(f for stack in documents[number] for f in deploy.failures(api, stack))]
        if not report.check(f"{title}: deployed", problems):
            return
        deployed = several.Joined(api, documents[number])
        for what, check in readback.CHECKS.items():
            report.check(f"{title}: {what} read back through the API are the templates'", check(deployed))
        report.check(f"{title}: what stays is what it was", [f"{n} was {p} and is {deployed.ids[n]}" for n, p in physical.items() if deployed.ids.get(n, p) != p])
        physical = deployed.ids
    found = [(c["LogicalResourceId"], c["Action"]) for _, changes in cloudformation.executed()[before:] for c in changes]
    old, new = ({n: r for document in all.values() for n, r in document["Resources"].items()} for all in documents)
    wanted = dict.fromkeys(of(old, GONE), "Remove") | dict.fromkeys(of(new, NEW), "Add") | ROWS[0]
    report.check(f"{way}: change sets list {len(wanted)} resources of two tenants and rows of theirs, and no others", compared(found, wanted, len(of(old, GONE)), len(of(new, NEW))))


def of(resources, tenant):
    """The logical IDs of what is a tenant's: they have its key."""
    key = "".join(part.capitalize() for part in tenant.split("-"))
    return sorted(n for n in resources if re.search(rf"{key}(?![0-9a-z])", n))


def plans(session, report, way, folder, steps):
    place = folder / "module"
    for number, step in enumerate(steps):
        modules.lay(step / "terraform", place)
        (place / "backend_override.tf.json").write_text(json.dumps(modules.LOCAL_STATE))
        if problems := session.init(place, "-reconfigure"):
            break
        changes, problems = renames.plan(session, place)
        if not number and not problems:
            problems = session.diagnostics(place, "apply", "-input=false", "-auto-approve", "plan.bin")[1]
            was = changes
        if problems:
            break
    if not report.check(f"{way}: Terraform plans, applies, and plans with one gone and one new", problems):
        return
    found = [(c["address"], c["change"]["actions"]) for c in changes if c["change"]["actions"] not in (["no-op"], ["read"])]
    gone, new = ([c["address"] for c in some if c.get("index") == key or f'"{key}"' in c["address"]] for some, key in ((was, GONE), (changes, NEW)))
    wanted = {**dict.fromkeys(gone, ["delete"]), **dict.fromkeys(new, ["create"]), **ROWS[1]}
    report.check(f"{way}: the plan lists {len(wanted)} resources of two tenants and rows of theirs, and no others", compared(found, wanted, len(gone), len(new)))


def compared(found, wanted, gone, new):
    problems = [f"{name} is listed: {action}" for name, action in found if wanted.get(name) != action]
    problems += [f"{name} is not listed: {action}" for name, action in wanted.items() if (name, action) not in found]
    if gone != new or not gone:
        problems.append(f"one tenant has {gone} resources, the other {new}")
    return problems
