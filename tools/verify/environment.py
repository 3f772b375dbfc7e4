"""The virtual environment that the checkers live in."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
REQUIREMENTS = HERE / "requirements.txt"


def folder():
    if chosen := os.environ.get("ARCHGEN_VERIFY_VENV"):
        return Path(chosen).resolve()
    target = Path(os.environ.get("CARGO_TARGET_DIR") or HERE.parents[1] / "target").resolve()
    return target / "verify-venv"


def python():
    return folder() / "bin" / "python"


def _stamp():
    return f"{sys.version_info.major}.{sys.version_info.minor} {hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()}"


def ready():
    stamp = folder() / "archgen-stamp"
    return python().exists() and stamp.exists() and stamp.read_text() == _stamp()


def setup():
    """Make the environment when it is missing or when the requirements changed."""
    if ready():
        return
    print(f"verify: installing the checkers of {REQUIREMENTS.name} into {folder()}", flush=True)
    shutil.rmtree(folder(), ignore_errors=True)
    folder().parent.mkdir(parents=True, exist_ok=True)
    base = getattr(sys, "_base_executable", sys.executable)
    made = subprocess.run([base, "-m", "venv", str(folder())])
    if made.returncode != 0 or not python().exists():
        shutil.rmtree(folder(), ignore_errors=True)
        sys.exit("verify: python3 cannot make virtual environments; install it with: apt-get install python3-venv python3-pip")
    subprocess.run([python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", REQUIREMENTS], check=True)
    (folder() / "archgen-stamp").write_text(_stamp())


def enter():
    """Go on in the environment: from here on the checkers can be imported."""
    setup()
    if Path(sys.prefix).resolve() != folder():
        os.execv(python(), [str(python()), *sys.argv])
