"""Charts, their values, and runs of helm."""

import copy
import json
import subprocess
import tempfile
from collections import namedtuple
from pathlib import Path

import yaml

from helm import binary

RELEASE, NAMESPACE = "verify", "archgen-verify"
KUBERNETES = "1.32.0"
LONG = {"dev": "development", "prod": "production"}
Run = namedtuple("Run", "code out err")


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML in which no key stands twice."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value]
        twice = sorted({str(key) for key in keys if keys.count(key) > 1})
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"`{', '.join(twice)}` stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def load(text):
    return yaml.load(text, Loader)


def documents(text):
    return [document for document in yaml.load_all(text, Loader) if document is not None]


def merged(*layers):
    """Values as Helm puts them over one another: objects are merged, everything else is replaced, null removes."""
    result = {}
    for layer in layers:
        for key, value in (layer or {}).items():
            if isinstance(value, dict):
                below = result.get(key)
                result[key] = merged(below if isinstance(below, dict) else {}, value)
            elif value is None and key in result:
                del result[key]
            else:
                result[key] = copy.deepcopy(value)
    return result


class Chart:
    def __init__(self, folder):
        self.folder = Path(folder)
        # NAME/helm, NAME/helm/CHART or NAME/helm/services/CHART
        self.root = next(parent for parent in (self.folder, *self.folder.parents) if parent.name == "helm")
        self.name = self.root.parent.name
        self.called = self.name if self.folder == self.root else self.folder.name
        self.annotations = (load((self.folder / "Chart.yaml").read_text()) or {}).get("annotations") or {}
        self.values = load((self.folder / "values.yaml").read_text()) or {}
        self.given = self.folder / "ci" / "values.yaml"

    def environments(self):
        """Files of values, by environment; `None` is values.yaml alone."""
        short = {file.stem.removeprefix("values-"): [file] for file in sorted(self.folder.glob("values-*.yaml"))}
        return {None: []} | {LONG.get(name, name): files for name, files in short.items()}

    def files(self, environment):
        return [*self.environments()[environment], *([self.given] if self.given.exists() else [])]

    def all_values(self, environment, *more):
        return merged(self.values, *(load(file.read_text()) for file in self.files(environment)), *more)


class Tenant(Chart):
    """The same chart by a file in `tenants/`, as a release that has the name of the file, in a namespace that has it too."""

    def __init__(self, chart, file):
        super().__init__(chart.folder)
        self.file, self.release, self.base = file, file.stem, self.given
        self.tenant = (load(file.read_text()) or {}).get("tenant") or {}
        self.declaration = f"{self.tenant.get('pool')}.{self.tenant.get('key')}"
        self.given = self.folder / "ci" / "tenants.yaml"

    def files(self, environment):
        files = [*self.environments()[environment], self.file]
        for file in self.environments()[environment]:
            files.append(self.file.with_suffix(f".{file.stem.removeprefix('values-')}.yaml"))
        return [file for file in (*files, self.base, self.given) if file.exists()]


def tenants(chart):
    """Files of tenants; a name has no full stop, but for that of what is different in an environment."""
    return [Tenant(chart, file) for file in sorted((chart.folder / "tenants").glob("*.yaml")) if "." not in file.stem]


class Session:
    """Runs of each helm, with a home of their own."""

    def __init__(self):
        self.commands = binary.commands()
        self.newest = list(self.commands)[-1]
        self.oldest = list(self.commands)[0]

    def __enter__(self):
        self._home = tempfile.TemporaryDirectory(prefix="archgen-helm-verify-")
        self.home = Path(self._home.name)
        self.env = binary.environment(self.home)
        return self

    def __exit__(self, *_):
        self._home.cleanup()

    def run(self, version, *arguments):
        done = subprocess.run([self.commands[version], *map(str, arguments)], capture_output=True, text=True, env=self.env, stdin=subprocess.DEVNULL, cwd=self.home)
        return Run(done.returncode, done.stdout, done.stderr)

    def _values(self, files, more):
        written = []
        for number, layer in enumerate(more):
            (path := self.home / f"values-{number}.json").write_text(json.dumps(layer))
            written.append(path)
        return [argument for file in [*files, *written] for argument in ("--values", Path(file).resolve())]

    def lint(self, version, folder, files, *more):
        return self.run(version, "lint", "--strict", "--kube-version", KUBERNETES, Path(folder).resolve(), *self._values(files, more))

    def template(self, version, folder, files, *more, namespace=NAMESPACE, release=RELEASE):
        return self.run(version, "template", release, Path(folder).resolve(), "--namespace", namespace, "--kube-version", KUBERNETES, *self._values(files, more))
