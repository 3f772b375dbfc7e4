"""Runs of terraform with the simulated provider."""

import json
import subprocess
from collections import namedtuple

from terraform import binary, provider

Run = namedtuple("Run", "code out err")


class Session:
    """One provider for any number of runs."""

    def __init__(self):
        self.command = binary.command()
        self.schema = provider.load()
        self.server, attached = provider.serve(self.schema)
        self.env = binary.environment() | {"TF_REATTACH_PROVIDERS": attached}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop(0)

    def run(self, folder, *arguments):
        done = subprocess.run([*self.command, f"-chdir={folder}", *arguments], capture_output=True, text=True, env=self.env, stdin=subprocess.DEVNULL)
        return Run(done.returncode, done.stdout, done.stderr)

    def init(self, folder, *more):
        """What `init` has to say beside that it went well: it prints progress in every form."""
        run = self.run(folder, "init", "-input=false", "-no-color", *more)
        return [run.out + run.err] if run.code or run.err.strip() or "Warning:" in run.out else []

    def diagnostics(self, folder, *arguments):
        """Exit code and everything that a command which can print JSON has to say: errors and warnings."""
        run = self.run(folder, arguments[0], "-json", *arguments[1:])
        found = []
        if arguments[0] == "validate":
            try:
                found = json.loads(run.out)["diagnostics"]
            except ValueError:
                found = [{"severity": "error", "summary": run.out + run.err}]
        else:
            for line in run.out.splitlines():
                try:
                    message = json.loads(line)
                except ValueError:
                    found.append({"severity": "error", "summary": line})
                    continue
                if "diagnostic" in message:
                    found.append(message["diagnostic"])
        if run.err.strip():
            found.append({"severity": "error", "summary": run.err})
        if run.code not in (0, 2) and not found:
            found.append({"severity": "error", "summary": f"terraform {arguments[0]} ended with {run.code}"})
        return run.code, [text(one) for one in found]


def text(diagnostic):
    place = diagnostic.get("range") or {}
    where = f" ({place['filename']}:{place['start']['line']})" if place else ""
    address = f"{diagnostic['address']}: " if diagnostic.get("address") else ""
    return f"{diagnostic['severity']}: {address}{diagnostic['summary']}{': ' + diagnostic['detail'] if diagnostic.get('detail') else ''}{where}"
