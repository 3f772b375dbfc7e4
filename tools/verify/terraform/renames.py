"""What was renamed stays: no plan from one step's output to the next's destroys or replaces what holds data."""

import copy
import json
import re
import tempfile
from pathlib import Path

from terraform import modules, replacement
from terraform.session import Session

NUMBERS = re.compile(r"(\d+)")


def natural(path):
    """step2 comes before step10."""
    return [int(part) if part.isdigit() else part for part in NUMBERS.split(path.name)]


def plan(session, place):
    """Changes of a plan and what terraform had to say."""
    code, said = session.diagnostics(place, "plan", "-input=false", "-out=plan.bin", "-detailed-exitcode")
    if code not in (0, 2):
        return None, said
    run = session.run(place, "show", "-json", "plan.bin")
    if run.code:
        return None, [run.out + run.err]
    return [c for c in json.loads(run.out).get("resource_changes", []) if c["mode"] == "managed"], said


def lost(changes):
    """Resources with data that a plan destroys or replaces."""
    for change in changes:
        if change["type"] in replacement.STATEFUL and "delete" in change["change"]["actions"]:
            reasons = [".".join(map(str, path)) for path in change["change"].get("replace_paths", [])]
            how = "replaced" if "create" in change["change"]["actions"] else "destroyed"
            yield f"{change['address']} would be {how}" + (f", because of {', '.join(reasons)}" if reasons else "")


def sequence(session, steps, place, removed=()):
    """(step, problems) for every step of a sequence of modules, on one state. `removed`: addresses that the step may destroy."""
    for number, step in enumerate(steps):
        modules.lay(step, place)
        (place / "backend_override.tf.json").write_text(json.dumps(modules.LOCAL_STATE))
        problems = session.init(place, "-reconfigure")
        if not problems:
            changes, problems = plan(session, place)
            # what prevent_destroy refuses is not in a plan, but in what was said
            problems += [one for one in lost(changes or []) if one.split()[0] not in removed] if number else []
        if not problems:
            problems = session.diagnostics(place, "apply", "-input=false", "-auto-approve", "plan.bin")[1]
        yield step, problems
        if problems:
            return


def check(folder, report):
    """Every sequence under a folder: SEQUENCE/step1, SEQUENCE/step2..., each with modules at the same places below."""
    first = sorted(Path(folder).rglob("step1"))
    if not first:
        report.check("there are sequences", [f"no step1 under {folder}"])
    with Session() as session:
        for start in first:
            steps = sorted((path for path in start.parent.iterdir() if re.fullmatch(r"step\d+", path.name)), key=natural)
            for module in modules.find([start]):
                below = module.relative_to(start)
                with tempfile.TemporaryDirectory(prefix="archgen-verify-") as place:
                    for step, problems in sequence(session, [step / below for step in steps if (step / below).is_dir()], Path(place) / "module", _allowed(start.parent)):
                        report.check(f"{step}: nothing with data is lost", problems)


def _allowed(folder):
    """Addresses that the sequence removes on purpose, one a line in `removed.txt`."""
    file = folder / "removed.txt"
    return [line.strip() for line in file.read_text().splitlines() if line.strip()] if file.exists() else []


def renamed(sample, moved=True):
    """The sample with its database, secret and VPC under other names."""
    text = json.dumps(sample)
    for kind, old, new in (("aws_db_instance", "orders", "purchases"), ("aws_secretsmanager_secret", "keys", "tokens"), ("aws_vpc", "network", "net")):
        text = re.sub(rf"\b{kind}\.{old}\b", f"{kind}.{new}", text)
    document = json.loads(text)
    pairs = []
    for kind, old, new in (("aws_db_instance", "orders", "purchases"), ("aws_secretsmanager_secret", "keys", "tokens"), ("aws_vpc", "network", "net")):
        document["resource"][kind][new] = document["resource"][kind].pop(old)
        pairs.append({"from": f"{kind}.{old}", "to": f"{kind}.{new}"})
    if moved:
        document["moved"] = pairs
    return document


def selftest(session, report, sample, place):
    def outcome(name, *documents):
        folders = []
        for number, document in enumerate(documents):
            folder = place / f"{name}{number}"
            folder.mkdir()
            (folder / "main.tf.json").write_text(json.dumps(document))
            folders.append(folder)
        return [problem for _, problems in sequence(session, folders, place / f"{name}-state") for problem in problems]

    def free(document):
        """Without what forbids the plan at once."""
        document = copy.deepcopy(document)
        for resources in document["resource"].values():
            for body in resources.values():
                body.pop("lifecycle", None)
        return document
    report.check("a renaming with moved blocks loses nothing", outcome("moved", sample, renamed(sample)))
    # prevent_destroy went with the block, so Terraform itself would not stop here
    said = outcome("forgotten", sample, renamed(sample, moved=False))
    report.check("a renaming without them is refused", [] if sum("would be destroyed" in s for s in said) == 2 else [said])
    other = copy.deepcopy(sample)
    other["resource"]["aws_db_instance"]["orders"]["db_name"] = "other"
    said = outcome("prevented", sample, other)
    report.check("a replacement that prevent_destroy stops is seen", [] if any("prevent_destroy" in s for s in said) else [said])
    other = free(other)
    said = outcome("replaced", free(sample), other)
    report.check("a replacement of a database is seen", [] if any("would be replaced, because of db_name" in s for s in said) else [said])
