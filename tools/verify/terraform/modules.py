"""Every module that was emitted, judged by the real Terraform."""

import json
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from terraform import inputs
from terraform.session import Session

LOCAL_STATE = {"terraform": {"backend": {"local": {"path": "terraform.tfstate"}}}}
# https://developer.hashicorp.com/terraform/language/backend/s3: a module is never connected to its backend here, so its arguments are checked by name
S3_BACKEND = {"bucket", "key", "region", "encrypt", "use_lockfile", "kms_key_id", "dynamodb_table", "allowed_account_ids", "forbidden_account_ids", "workspace_key_prefix",
              "profile", "assume_role", "acl", "sse_customer_key"}


def find(paths):
    """Folders that hold a module."""
    found = {file.parent for path in map(Path, paths) for pattern in ("*.tf", "*.tf.json") for file in path.rglob(pattern) if ".terraform" not in file.parts}
    return sorted(found)


def bodies(value):
    """A section of a JSON module may be an object or a list of objects."""
    return value if isinstance(value, list) else [value]


def read(folder):
    return [json.loads(file.read_text()) for file in sorted(Path(folder).glob("*.tf.json"))]


def sections(documents, keyword):
    """What stands under a keyword in all files of a module, by label."""
    merged = {}
    for document in documents:
        for body in bodies(document.get(keyword, {})):
            for label, value in body.items():
                if isinstance(value, dict) and isinstance(merged.get(label), dict):
                    merged[label] = merged[label] | value
                else:
                    merged[label] = value
    return merged


@contextmanager
def copy(folder):
    """A copy that keeps its state in a local file, with values for what has no default."""
    with tempfile.TemporaryDirectory(prefix="archgen-verify-") as place:
        target = Path(place) / "module"
        lay(folder, target)
        yield target


def lay(folder, target):
    target.mkdir(exist_ok=True)
    for old in [*target.glob("*.tf"), *target.glob("*.tf.json"), *target.glob("*.auto.tfvars.json")]:
        old.unlink()
    for path in Path(folder).iterdir():
        if path.is_file() and not path.name.endswith((".tfvars", ".tfstate")):
            shutil.copy(path, target)
        elif path.is_dir() and path.name != ".terraform":
            shutil.copytree(path, target / path.name, dirs_exist_ok=True)
    values = {name: inputs.of(name, body) for name, found in sections(read(folder), "variable").items() for body in bodies(found)[:1] if "default" not in body}
    (target / "verify.auto.tfvars.json").write_text(json.dumps(values))


def formatting(session, folder):
    """`fmt -check` of everything that has a style: HCL files, and the example of variables as if it were in use."""
    with tempfile.TemporaryDirectory(prefix="archgen-verify-") as place:
        for path in Path(folder).iterdir():
            name = path.name.removesuffix(".example")
            if name.endswith((".tf", ".tfvars", ".tftest.hcl")):
                shutil.copy(path, Path(place) / name)
            elif name.endswith(".hcl"):                  # settings of a backend: arguments, as in a file of variables
                shutil.copy(path, Path(place) / f"{name}.tfvars")
        run = session.run(place, "fmt", "-check", "-diff", "-no-color")
        return [run.out + run.err] if run.code else []


def backend(folder):
    found = sections(read(folder), "terraform").get("backend", {})
    for kind, body in ((kind, one) for section in bodies(found) for kind, body in section.items() for one in bodies(body)):
        if kind == "s3":
            yield from (f"backend s3 has no argument `{name}`" for name in sorted(set(body) - S3_BACKEND))
        elif kind not in ("local", "remote"):
            yield f"an unexpected backend: {kind}"


def cycles(dot):
    """A cycle of a graph in DOT, if it has one."""
    edges = {}
    for start, end in re.findall(r'"((?:[^"\\]|\\.)*)" -> "((?:[^"\\]|\\.)*)"', dot):
        edges.setdefault(start, []).append(end)
    done, path = set(), []

    def visit(node):
        if node in path:
            return [*path[path.index(node):], node]
        if node in done:
            return None
        path.append(node)
        found = next(filter(None, map(visit, edges.get(node, []))), None)
        path.pop()
        done.add(node)
        return found
    return next(filter(None, map(visit, list(edges))), None)


class Steps:
    """The steps through which a module goes. Each gives its problems; a later one is not tried after a failure."""

    def __init__(self, session, folder, place):
        self.session, self.folder, self.place = session, folder, place
        self.changes = []

    def all(self):
        yield "is formatted", self.formatted
        yield "init and validate have nothing to say", self.validate
        yield "graph has no cycle", self.graph
        yield "plan has nothing to say", self.plan
        yield "after a simulated apply a second plan is empty", self.again

    def formatted(self):
        return [*formatting(self.session, self.folder), *backend(self.folder)]

    def validate(self):
        return self.session.init(self.place, "-backend=false") or self.session.diagnostics(self.place, "validate")[1]

    def graph(self):
        (self.place / "backend_override.tf.json").write_text(json.dumps(LOCAL_STATE))
        if problems := self.session.init(self.place, "-reconfigure"):
            return problems
        run = self.session.run(self.place, "graph", "-draw-cycles", "-type=plan")
        found = cycles(run.out)
        return [run.out + run.err] if run.code else [f"cycle: {' -> '.join(found)}"] if found else []

    def plan(self):
        code, found = self.session.diagnostics(self.place, "plan", "-input=false", "-out=plan.bin", "-detailed-exitcode")
        if found:
            return found
        run = self.session.run(self.place, "show", "-json", "plan.bin")
        if run.code:
            return [run.out + run.err]
        planned = json.loads(run.out)
        self.changes = [c for c in planned.get("resource_changes", []) if c["mode"] == "managed"]
        others = [c for c in self.changes if c["change"]["actions"] != ["create"]]
        failed = [f"check {c['address']['to_display']}: {c['status']}" for c in planned.get("checks", []) if c["status"] in ("fail", "error")]
        return [f"against an empty state: {c['address']} {c['change']['actions']}" for c in others] + failed

    def again(self):
        code, found = self.session.diagnostics(self.place, "apply", "-input=false", "-auto-approve", "plan.bin")
        if found:
            return found
        code, found = self.session.diagnostics(self.place, "plan", "-input=false", "-out=again.bin", "-detailed-exitcode")
        if found or code == 0:
            return found
        run = self.session.run(self.place, "show", "-no-color", "again.bin")
        return [run.out + run.err]


def judge(session, folder):
    """(step, problems) of one module, up to the first that has some; and what its plan makes."""
    with copy(folder) as place:
        steps, done = Steps(session, folder, place), []
        for what, step in steps.all():
            try:
                problems = step()
            except (RuntimeError, ValueError, KeyError, OSError) as error:
                problems = [f"{type(error).__name__}: {error}"]
            done.append((what, problems))
            if problems:
                break
        return done, [c["address"] for c in steps.changes]


def promised(archgen, folder):
    """How many resources of each type `archgen capabilities` says there are, of DIR/NAME/ENV/terraform."""
    name, environment = folder.parent.parent.name, folder.parent.name
    command = [archgen, "capabilities", name, "--env", environment, "--target", "terraform", "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)}: {run.stdout}{run.stderr}")
    return Counter(json.loads(run.stdout)[0]["types"])


def differences(ours, theirs):
    """Types that a plan does not have as often as was promised."""
    return [f"{kind}: capabilities lists {ours[kind]}, the plan makes {theirs[kind]}" for kind in sorted({*ours, *theirs}) if ours[kind] != theirs[kind]]


def check(paths, report, archgen=None):
    from equivalence import count, stacks                # which reads modules with what stands above
    folders = find(paths)
    if not folders:
        report.check("there are modules", [f"no *.tf.json in {', '.join(map(str, paths))}"])
    with Session() as session:
        for folder in folders:
            done, planned = judge(session, folder)
            for what, problems in done:
                report.check(f"{folder}: {what}" + (f" ({len(planned)} resources)" if what.startswith("plan") else ""), problems)
            if archgen and planned:
                types = Counter(re.sub(r"^(module\.[^.]+\.)*", "", address).split(".")[0] for address in planned)
                report.check(f"{folder}: the plan lists exactly what `archgen capabilities` lists", differences(promised(archgen, folder), types))
            beside = folder.parent / "cloudformation"
            if stacks.exists(beside) and planned:
                report.check(f"{folder}: the plan lists exactly what CloudFormation's template asks for", count.compare(stacks.read(beside), planned))
