"""No finding of checkov that `accepted.toml` does not list with its reason.

checkov is 290 MB and needs other versions of what the checkers need: it gets a virtual environment of its own in theirs.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

CHECKOV = "checkov==3.3.30"
ACCEPTED = Path(__file__).resolve().parent / "accepted.toml"
FRAMEWORKS = {"kubernetes": "kubernetes", "cloudformation": "cloudformation", "terraform": "terraform_json"}


def scanner():
    folder = Path(sys.prefix) / "checkov"
    stamp = folder / "archgen-stamp"
    if not stamp.exists() or stamp.read_text() != CHECKOV:
        print(f"verify: installing {CHECKOV}", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        if subprocess.run([folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", CHECKOV]).returncode:
            sys.exit(f"verify: {CHECKOV} could not be installed into {folder}. Nothing was checked.")
        stamp.write_text(CHECKOV)
    return folder / "bin" / "checkov"


def lay(path, place):
    """What is scanned, in folders by target: NAME.ENV.yaml, NAME.ENV.json, NAME.ENV/*.tf.json."""
    from helm import charts, render
    count = dict.fromkeys(FRAMEWORKS, 0)
    for target in FRAMEWORKS:
        (place / target).mkdir(parents=True)
    for template in sorted(Path(path).rglob("cloudformation/template.json")):
        shutil.copy(template, place / "cloudformation" / f"{template.parts[-4]}.{template.parts[-3]}.json")
        count["cloudformation"] += 1
    for folder in sorted({file.parent for file in Path(path).rglob("terraform/*.tf.json")}):
        (to := place / "terraform" / f"{folder.parts[-3]}.{folder.parts[-2]}").mkdir()
        for file in folder.glob("*.tf.json"):
            if "resource" in json.loads(file.read_text()):  # checkov cannot read some of the others
                shutil.copy(file, to)
        count["terraform"] += 1
    if found := charts.find([path]):
        with render.Session() as session:
            for chart in map(render.Chart, found):
                for environment in filter(None, chart.environments()):
                    run = session.template(session.newest, chart.folder, chart.files(environment))
                    if run.code:
                        raise RuntimeError(f"{chart.folder}: {run.err}")
                    documents = [d | {"metadata": {"namespace": render.NAMESPACE} | d["metadata"]} for d in render.documents(run.out)]
                    (place / "kubernetes" / f"{chart.name}.{environment}.yaml").write_text(render.yaml.safe_dump_all(documents))
                    count["kubernetes"] += 1
    return count


def scan(command, folder, framework):
    """Failed checks, and files that could not be read."""
    with tempfile.TemporaryDirectory(prefix="archgen-helm-verify-") as home:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("BC_", "CKV_", "CHECKOV_", "PRISMA_"))} | {"HOME": home}
        run = subprocess.run([command, "-d", folder, "--framework", framework, "--skip-download", "--compact", "--quiet", "-o", "json"], capture_output=True, text=True, env=env, cwd=home)
    found = json.loads(run.stdout)
    found = found[0] if isinstance(found, list) else found
    if "results" not in found:
        return [], [f"nothing was scanned: {run.stdout[-300:]}{run.stderr[-300:]}"]
    errors = found["results"].get("parsing_errors", [])
    return found["results"]["failed_checks"], [f"checkov cannot read {one}" for one in errors]


def named(finding, target):
    """NAME.ENV of a finding, and its resource."""
    where = finding["file_path"].strip("/").split("/")
    unit = where[0] if target == "terraform" and len(where) > 1 else where[-1].rpartition(".")[0]
    return f"{unit}/{finding['resource']}"


def judge(findings, target, accepted):
    """Findings that no entry accepts; entries that accepted one are put into `used`."""
    problems, used = [], set()
    for finding in findings:
        what = named(finding, target)
        for number, entry in enumerate(accepted):
            if entry["check"] == finding["check_id"] and target in entry["targets"] and any(fnmatchcase(what, pattern) for pattern in entry.get("only", ["*"])):
                used.add(number)
                break
        else:
            problems.append(f"{finding['check_id']} {finding['check_name']}: {what}")
    return sorted(set(problems)), used


def load():
    return tomllib.loads(ACCEPTED.read_text())["accepted"]


def check(path, report):
    accepted, used = load(), set()
    report.check(f"{ACCEPTED.name}: every one of {len(accepted)} entries has a reason", [one["check"] for one in accepted if len(one.get("reason", "")) < 20 or not set(one["targets"]) <= set(FRAMEWORKS)])
    command = scanner()
    with tempfile.TemporaryDirectory(prefix="archgen-helm-verify-") as place:
        count = lay(path, Path(place))
        for target, framework in FRAMEWORKS.items():
            if not count[target]:
                report.check(f"{target}: there is something to scan", [f"nothing in {path}"])
                continue
            findings, errors = scan(command, Path(place) / target, framework)
            problems, here = judge(findings, target, accepted)
            used |= here
            report.check(f"{target}: {count[target]} outputs, {len(findings)} findings, all accepted", [*errors, *problems])
    if idle := sorted({one["check"] for number, one in enumerate(accepted) if number not in used}):
        print(f"     not needed here: {', '.join(idle)}")


def selftest(report):
    finding = {"check_id": "CKV_X", "check_name": "x", "file_path": "/shop.production.yaml", "resource": "Deployment.default.api"}
    entry = {"check": "CKV_X", "targets": ["kubernetes"], "only": ["shop.*/Deployment.*"], "reason": "because of that"}
    cases = {"an accepted finding passes": ([entry], 0), "a finding that is not accepted fails": ([], 1), "one that is accepted elsewhere fails": ([entry | {"only": ["other.*"]}], 1),
             "one that is accepted for another target fails": ([entry | {"targets": ["terraform"]}], 1)}
    for what, (accepted, wanted) in cases.items():
        problems = judge([finding], "kubernetes", accepted)[0]
        report.check(f"scan: {what}", [] if len(problems) == wanted else problems or ["accepted"])
