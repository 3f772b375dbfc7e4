"""An architecture of several stacks: grown out of one, changed, and shrunk to one again, with `archgen deploy`, in the local AWS API.

The binary is `cargo build -p archgen-cli --example crowd`: how many tenants it has is an option.
"""

import json
import re
import tempfile
from pathlib import Path

import deploy
import local_aws
import readback
import relation
from cloud import api as cloudformation, template as tpl

NAME, ENVIRONMENT, STACK = "crowd", "production", "crowd-production"
# (what it shows, the first tenant, how many): each has tasks of its own
STEPS = [("one stack", 1, 6), ("grown", 1, 60), ("two more", 1, 62), ("two fewer, two more", 3, 62), ("shrunk", 3, 4)]
# what holds nothing and looks at everything may be made anew in a later stack
VIEWS = {"AWS::CloudWatch::Dashboard"}


class Joined(readback.Deployment):
    """The stacks of an architecture as one: their resources have different names."""

    def __init__(self, api, documents):
        merged = {"Resources": {}, "Parameters": {}, "Conditions": {}}
        for document in documents.values():
            for section, entries in merged.items():
                entries.update(document.get(section) or {})
        parts = [readback.Deployment(api, stack, document) for stack, document in documents.items()]
        super().__init__(api, next(iter(documents)), merged)
        # what is kept when it leaves a stack is no longer one of its resources
        self.resources = [r for part in parts for r in part.resources if r["ResourceStatus"] != "DELETE_SKIPPED"]
        self.ids = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in self.resources}


def emitted(folder):
    """The templates by the names of their stacks, in the order of deployment."""
    manifest = folder / "stacks.json"
    if not manifest.exists():
        return {STACK: tpl.load((folder / "template.json").read_text())}
    return {s["stack_name"]: tpl.load((folder / s["file"]).read_text()) for s in json.loads(manifest.read_text())["stacks"]}


def run(binary, report, keep=None):
    url = local_aws.start()
    api = local_aws.clients(url)("us-east-1")
    archgen = deploy.Archgen(binary.resolve(), url, keep)
    deploy.reset(api, url)
    with tempfile.TemporaryDirectory() as folder:
        folder, before, seen = Path(folder), {}, {}
        there = set()
        for title, first, tenants in STEPS:
            now = {f"t{number:05}" for number in range(first, first + tenants)}
            if gone := sorted(there - now):              # what holds data goes only when somebody says so
                archgen.read("lock", "forget", *(f"seats.{key}" for key in gone), "--arch", NAME, "--lock", str(folder / "archgen.lock"))
            before = step(archgen, api, report, folder, title, ["--set", f"first={first}", "--set", f"tenants={tenants}", "--set", f"dashboard={str(title != 'shrunk').lower()}"], before, seen, there ^ now)
            if before is None:
                return
            there = now
        refusals(api, report)


def step(archgen, api, report, folder, title, options, before, seen, concerned):
    lock = ["--lock", str(folder / "archgen.lock")]
    archgen.read("emit", NAME, "--target", "cloudformation", "--out", str(folder), *options, *lock)
    documents = emitted(folder / NAME / ENVIRONMENT / "cloudformation")
    title = f"{title}: {len(documents)} stack{'s' if len(documents) > 1 else ''}"
    command = ["deploy", NAME, "--env", ENVIRONMENT, "--endpoint-url", archgen.url, "--yes", "--bucket", deploy.BUCKET, *options, *lock]
    done = archgen.run(*command, keep_as=re.sub(r"[^a-z0-9]+", "-", title))
    stacks = {s["StackName"]: s["StackStatus"] for s in api("cloudformation").describe_stacks()["Stacks"]}
    problems = [] if done.returncode == 0 else [deploy.shown(done), *(f for stack in stacks for f in deploy.failures(api, stack))]
    if not report.check(f"{title}: deployed in order", problems):
        return None
    report.check(f"{title}: these stacks are there, complete, and no others",
                 [f"{n} is {stacks.get(n)}" for n in sorted(set(documents) | set(stacks)) if n not in documents or stacks.get(n) not in ("CREATE_COMPLETE", "UPDATE_COMPLETE")])
    deployed = Joined(api, documents)
    for what, check in readback.CHECKS.items():
        report.check(f"{title}: {what} read back through the API are the templates'", check(deployed))
    report.check(f"{title}: what stays is what it was", [
        f"{name} was {physical} and is {deployed.ids[name]}" for name, (kind, physical) in before.items()
        if kind not in VIEWS and deployed.ids.get(name, physical) != physical])
    executed = cloudformation.executed()
    changed = {c["LogicalResourceId"]: c["Action"] for _, changes in executed[seen.get("sets", 0):] for c in changes}
    seen["sets"] = len(executed)
    if "more" in title:
        # the tenants that came and went, the dashboard, and nobody else's
        own = re.compile(r"T(\d{5})")
        report.check(f"{title}: change sets list only what is of the {len(concerned)} tenants that came or went, and the dashboard",
                     [f"{name}: {action}" for name, action in sorted(changed.items())
                      if not (numbers := {f"t{n}" for n in own.findall(name)}) <= concerned or not numbers and (name, action) != ("SeatsDashboard", "Modify")]
                     + [f"{key} is in none" for key in sorted(concerned) if not any(key.capitalize() in name for name in changed)])
    reach = [archgen.binary, "reach", NAME, "--env", ENVIRONMENT, "--all", "--aws-only", "--format", "json", *options, *lock]
    # what was deleted is still listed by the local API, and somewhere in a group that is gone
    if not any(action == "Remove" for action in changed.values()) and len(before) < 200:
        found = relation.relation(relation.Network(api, deployed))
        report.check(f"{title}: relation: {len(relation.rows(found))} rows equal", relation.compare(found, reach, archgen.environment, set()))
    again = archgen.run(*command)
    said = again.stdout.count("no changes: ")
    report.check(f"{title}: deployed once more, has nothing to do", [] if again.returncode == 0 and said == len(documents) else [deploy.shown(again)])
    return {name: (deployed.document["Resources"][name]["Type"], physical) for name, physical in deployed.ids.items()}


def refusals(api, report):
    """The local API holds what is imported, as AWS does; otherwise the order would not matter here."""
    client = api("cloudformation")
    one = {"Resources": {"A": {"Type": "AWS::SQS::Queue", "Properties": {}}}, "Outputs": {"A": {"Value": {"Fn::GetAtt": ["A", "Arn"]}, "Export": {"Name": "one:A"}}}}
    other = {"Resources": {"B": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Fn::ImportValue": "one:A"}}}}}
    bare = {**one, "Outputs": {}}

    def status(stack, wanted):
        import time
        for _ in range(200):
            now = client.describe_stacks(StackName=stack)["Stacks"][0]
            if not now["StackStatus"].endswith("_IN_PROGRESS"):
                break
            time.sleep(0.05)
        return [] if now["StackStatus"] == wanted and (wanted == "CREATE_COMPLETE" or "in use by other" in str(events(stack))) else [f"{stack} is {now['StackStatus']}"]

    def events(stack):
        return [e.get("ResourceStatusReason") for e in client.describe_stack_events(StackName=stack)["StackEvents"]]

    client.create_stack(StackName="one", TemplateBody=json.dumps(one))
    problems = status("one", "CREATE_COMPLETE")
    client.create_stack(StackName="other", TemplateBody=json.dumps(other))
    problems += status("other", "CREATE_COMPLETE")
    client.create_change_set(StackName="one", ChangeSetName="bare", TemplateBody=json.dumps(bare))
    client.execute_change_set(StackName="one", ChangeSetName="bare")
    problems += status("one", "UPDATE_ROLLBACK_COMPLETE")
    client.delete_stack(StackName="one")
    problems += status("one", "UPDATE_ROLLBACK_COMPLETE")
    report.check("the local API refuses to take away what is imported", problems)
