#!/usr/bin/env python3
"""Drive rust-analyzer over LSP on a small crate that uses archgen, as an editor would.

    rust_analyzer.py [--binary RUST_ANALYZER] [--keep DIR]

Checks that renaming a `let` renames its uses inside the macros, that a half-typed field name completes to
the declaration's real fields, and that a use leads to its definition. Ends with `N passed, N failed`.
Run by hand, not in CI: rust-analyzer is a large program. Without it on the PATH:

    rustup component add rust-analyzer
or  cargo install ra_ap_rust-analyzer --version 0.0.341 --locked
"""

import argparse
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from report import Report  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
INSTALL = "install it with `rustup component add rust-analyzer`, or `cargo install ra_ap_rust-analyzer --version 0.0.341 --locked`"
LIMIT = 600

SOURCE = '''use archgen::prelude::*;

/// One service.
#[architecture]
pub fn demo(env: Environment) -> Architecture {
    let network = vpc! { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 }, nat: PerZone };
    let cluster = ecs_cluster! { subnets: network.private };
    let api = ecs_service! { cluster: cluster, image: "public.ecr.aws/nginx/nginx:1.27", port: 8080, cpu: 256, memory: 512MB };
    let edge = alb! { subnets: network.public, routes: ["/" => api] };
}
'''


class Client:
    """As much of an editor as the checks need."""

    def __init__(self, binary, folder):
        # the toolchain's own server of procedural macros, so that both speak one protocol
        sysroot = subprocess.run(["rustc", "--print", "sysroot"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
        server = Path(sysroot) / "libexec" / "rust-analyzer-proc-macro-srv"
        self.log = (folder / "stderr.txt").open("w")
        self.process = subprocess.Popen([binary], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log)
        self.ids, self.answers, self.status = 0, queue.Queue(), {}
        threading.Thread(target=self._read, daemon=True).start()
        options = {"checkOnSave": False, "procMacro": {"enable": True, **({"server": str(server)} if server.exists() else {})}, "cachePriming": {"enable": False}}
        self.request("initialize", {
            "processId": os.getpid(), "rootUri": folder.as_uri(), "workspaceFolders": [{"uri": folder.as_uri(), "name": "demo"}], "initializationOptions": options,
            "capabilities": {"experimental": {"serverStatusNotification": True}, "workspace": {"workspaceEdit": {"documentChanges": True}},
                             "textDocument": {"rename": {"prepareSupport": True}, "completion": {"completionItem": {"snippetSupport": False}}}}})
        self.notify("initialized", {})

    def _read(self):
        stream = self.process.stdout
        while header := stream.readline():
            length = 0
            while header.strip():
                if header.lower().startswith(b"content-length:"):
                    length = int(header.split(b":")[1])
                header = stream.readline()
            message = json.loads(stream.read(length))
            if "method" in message and "id" in message:      # a question to the editor
                items = message.get("params", {}).get("items")
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": [None] * len(items) if items else None})
            elif message.get("method") == "experimental/serverStatus":
                self.status = message["params"]
            elif "id" in message:
                self.answers.put(message)
        self.answers.put({"id": None, "error": {"message": "rust-analyzer ended"}})

    def _send(self, message):
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method, params):
        for _ in range(40):
            self.ids += 1
            self._send({"jsonrpc": "2.0", "id": self.ids, "method": method, "params": params})
            while (answer := self.answers.get(timeout=LIMIT)).get("id") not in (self.ids, None):
                pass
            if answer.get("error", {}).get("code") in (-32801, -32802):      # the content was changed meanwhile: ask again
                time.sleep(0.5)
                continue
            if "error" in answer:
                raise RuntimeError(f"{method}: {answer['error']['message']}")
            return answer["result"]
        raise RuntimeError(f"{method}: never answered")

    def wait(self):
        start = time.monotonic()
        while not self.status.get("quiescent"):
            if time.monotonic() - start > LIMIT:
                raise RuntimeError(f"not ready after {LIMIT} s: {self.status}")
            if self.process.poll() is not None:
                raise RuntimeError("rust-analyzer ended; see stderr.txt")
            time.sleep(0.3)
        return time.monotonic() - start

    def close(self):
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self.process.wait(10)
        except Exception:
            self.process.kill()


class Document:
    def __init__(self, client, path, text):
        self.client, self.uri, self.version = client, path.as_uri(), 1
        self.text = text
        client.notify("textDocument/didOpen", {"textDocument": {"uri": self.uri, "languageId": "rust", "version": 1, "text": text}})

    def change(self, text):
        self.text, self.version = text, self.version + 1
        self.client.notify("textDocument/didChange", {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [{"text": text}]})

    def position(self, needle, inside=0):
        index = self.text.index(needle) + inside
        line = self.text.count("\n", 0, index)
        return {"line": line, "character": index - (self.text.rfind("\n", 0, index) + 1)}

    def at(self, needle, inside=0):
        return {"textDocument": {"uri": self.uri}, "position": self.position(needle, inside)}

    def word(self, place):
        return self.text.splitlines()[place["start"]["line"]][place["start"]["character"]:place["end"]["character"]]


def places(text, word):
    """Where a word stands, as (line, column)."""
    import re
    return {(n, m.start()) for n, line in enumerate(text.splitlines()) for m in re.finditer(rf"\b{word}\b(?!:)", line) if "pub fn" not in line}


def check_rename(report, document, name, new):
    wanted = places(document.text, name)
    try:
        edit = document.client.request("textDocument/rename", document.at(f"let {name}", 4) | {"newName": new})
    except RuntimeError as error:
        report.check(f"rename of `{name}`", [error])
        return
    changes = edit.get("documentChanges") or [{"textDocument": {"uri": u}, "edits": e} for u, e in edit.get("changes", {}).items()]
    found = {(e["range"]["start"]["line"], e["range"]["start"]["character"]) for c in changes for e in c["edits"] if c["textDocument"]["uri"] == document.uri}
    print(f"     rename {name} -> {new}: " + ", ".join(f"{line + 1}:{column + 1}" for line, column in sorted(found)))
    report.check(f"rename of `{name}` edits the let and its {len(wanted) - 1} uses inside the macros",
                 [f"no edit at line {line + 1}, column {column + 1}" for line, column in sorted(wanted - found)] +
                 [f"an edit too many at line {line + 1}, column {column + 1}" for line, column in sorted(found - wanted)])


def check_completion(report, document, before, typed, cursor, wanted):
    document.change(before)
    answer = document.client.request("textDocument/completion", document.at(typed, cursor) | {"context": {"triggerKind": 1}}) or []
    labels = [i["label"] for i in (answer["items"] if isinstance(answer, dict) else answer)]
    print(f"     completion in `{typed}`: {', '.join(labels[:8]) or 'nothing'}")
    report.check(f"completion after `{typed[:cursor]}` offers {', '.join(wanted)}", [f"`{w}` is not among {labels[:20]}" for w in wanted if not any(l.split("(")[0] == w for l in labels)])
    document.change(SOURCE)


def check_definition(report, document, needle, inside, target):
    found = document.client.request("textDocument/definition", document.at(needle, inside)) or []
    found = found if isinstance(found, list) else [found]
    spots = [(f.get("targetUri") or f["uri"], f.get("targetSelectionRange") or f["range"]) for f in found]
    wanted = document.position(target, 4)
    print("     definition: " + (", ".join(f"{u.rsplit('/', 1)[-1]}:{r['start']['line'] + 1}:{r['start']['character'] + 1}" for u, r in spots) or "none"))
    report.check(f"go-to-definition from `{needle}` leads to `{target}`", [] if any(u == document.uri and r["start"] == wanted for u, r in spots) else [f"it leads to {spots}"])


def write_crate(folder):
    (folder / "src").mkdir(parents=True)
    (folder / "Cargo.toml").write_text(f'[package]\nname = "demo"\nversion = "0.0.0"\nedition = "2024"\n\n[workspace]\n\n[dependencies]\narchgen = {{ path = {json.dumps(str(ROOT))} }}\n')
    (folder / "src" / "lib.rs").write_text(SOURCE)
    for name in ("Cargo.lock", "rust-toolchain.toml"):
        shutil.copy(ROOT / name, folder / name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=os.environ.get("RUST_ANALYZER", "rust-analyzer"))
    parser.add_argument("--keep", help="put the crate into this folder and leave it there")
    options = parser.parse_args()
    binary = shutil.which(options.binary)
    works = binary and subprocess.run([binary, "--version"], capture_output=True, text=True)
    if not works or works.returncode != 0:
        sys.exit(f"rust-analyzer is missing: {INSTALL}")
    print(f"{works.stdout.strip()} ({subprocess.run(['rustc', '--version'], cwd=ROOT, capture_output=True, text=True).stdout.strip()})")

    folder = Path(options.keep).resolve() if options.keep else Path(tempfile.mkdtemp(prefix="archgen-editor-"))
    report = Report()
    write_crate(folder)
    environment = {"CARGO_TARGET_DIR": str(Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target").resolve() / "editor")}
    os.environ.update(environment)
    checked = subprocess.run(["cargo", "check", "--quiet"], cwd=folder, capture_output=True, text=True)
    report.check("the crate compiles", [] if checked.returncode == 0 else [checked.stderr[-3000:]])
    client = Client(binary, folder)
    try:
        print(f"     ready after {client.wait():.0f} s: {json.dumps(client.status)}")
        document = Document(client, folder / "src" / "lib.rs", SOURCE)
        client.wait()
        check_rename(report, document, "network", "backbone")
        check_rename(report, document, "cluster", "machines")
        check_rename(report, document, "api", "orders")
        service = "ecs_service! { cluster: cluster, "
        check_completion(report, document, SOURCE.replace(service, "ecs_service! { clu, "), "ecs_service! { clu", 18, ["cluster"])
        check_completion(report, document, SOURCE.replace('vpc! { cidr: "10.0.0.0/16", ', "vpc! { ci, "), "vpc! { ci", 9, ["cidr"])
        check_completion(report, document, SOURCE.replace("port: 8080, ", "por, "), ", por", 5, ["port"])
        vpc, whole = SOURCE[SOURCE.index("vpc! {"):SOURCE.index(" };\n") + 2], SOURCE[SOURCE.index("ecs_service! {"):SOURCE.index("512MB }") + 7]
        for typed, of, wanted in (("vpc! { ci }", vpc, "cidr"), ("vpc! { ci", vpc, "cidr"), ("vpc! { zones: 2, su }", vpc, "subnets"),
                                  ("ecs_service! { clu }", whole, "cluster"), ("ecs_service! { cluster: cluster, ima }", whole, "image")):
            check_completion(report, document, SOURCE.replace(of, typed), typed, len(typed.rstrip(" }")), [wanted])
        check_definition(report, document, "subnets: network.private", 10, "let network")
        check_definition(report, document, "cluster: cluster", 10, "let cluster")
    finally:
        client.close()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
