"""The two checkers of templates: cfn-lint, and AWS's own cloudformation-validate."""

import json
import os
import subprocess
import sys
import tempfile
from collections import namedtuple
from itertools import groupby
from pathlib import Path

STRICT = ["-c", "I", "-e", "-x", "E3012:strict=true", "-r", "us-east-1", "--non-zero-exit-code", "informational"]
# informational findings that count as failures: a stateful resource without policies, a resource without tags
NOT_EVEN_INFO = {"I3011": "missing deletion policy", "I9040": "missing tags"}
BATCH = 40

Finding = namedtuple("Finding", "file tool level rule message where type", defaults=[None])


def fails(finding):
    if finding.rule == "I9040" and finding.type and not has_tags(finding.type):
        return False
    # The registry calls it deprecated; the user guide of CloudFormation and EKS's API do not, and say that its only value is
    # `secrets`. What EKS does without it is written nowhere.
    if finding.rule == "W9009" and finding.where.endswith("EncryptionConfig.*.Resources"):
        return False
    # Who may use a cluster is somebody outside of the template. An account that is written out is W9013.
    if finding.rule == "W9002" and finding.where.endswith("AccessEntry/Properties.PrincipalArn"):
        return False
    return finding.level != "INFO" or finding.rule in NOT_EVEN_INFO


def has_tags(kind):
    """The checkers disagree about a few types (load balancer listeners, dashboards): one misses tags where the other
    refuses them. Only what both allow can be asked for."""
    from cloud import registry
    properties = registry.schema(kind).get("properties", {})
    return any(name in properties for name in ("Tags", "FileSystemTags", "AccessPointTags", "HostedZoneTags"))


def cfn_lint(files):
    command = [str(Path(sys.executable).parent / "cfn-lint"), *STRICT, "--format", "json"]
    for start in range(0, len(files), BATCH):
        batch = files[start:start + BATCH]
        with tempfile.TemporaryDirectory() as empty:     # no configuration file of anybody's is picked up there
            run = subprocess.run([*command, "-t", *batch], cwd=empty, capture_output=True, text=True,
                                 env={**os.environ, "HOME": empty, "XDG_CONFIG_HOME": empty})
        try:
            matches = json.loads(run.stdout or "[]")
        except ValueError:
            raise RuntimeError(f"cfn-lint ended with {run.returncode}:\n{run.stdout}{run.stderr}") from None
        if run.returncode != 0 and not matches:
            raise RuntimeError(f"cfn-lint ended with {run.returncode} and no finding:\n{run.stderr}")
        for match in matches:
            level = {"Informational": "INFO"}.get(match["Level"], match["Level"].upper())
            place = "/".join(map(str, match["Location"].get("Path") or [])) or f"line {match['Location']['Start']['LineNumber']}"
            yield Finding(match["Filename"], "cfn-lint", level, match["Rule"]["Id"], match["Message"], place)


def aws_validate(files):
    from cloudformation_validate import CompositeEngine
    engine = CompositeEngine()
    for file in files:
        for found in engine.validate_template(file).diagnostics:
            place = "/".join(filter(None, [found.entity and found.entity.logical_id, found.property_path])) or f"line {found.start_line}"
            yield Finding(file, "cloudformation-validate", found.severity.name, found.rule_id, found.message, place, found.entity and found.entity.resource_type)


def ignores(files):
    """A template may not switch a rule off."""
    from cloud import template
    for file in files:
        try:
            document = template.load(Path(file).read_text())
        except template.TemplateError as error:
            yield Finding(file, "read", "ERROR", "read", str(error), "")
            continue
        sections = [document, *document["Resources"].values()]
        for section in sections:
            for tool in ("cfn-lint", "cfn_nag", "guard", "cdk_nag"):
                if isinstance(section.get("Metadata"), dict) and tool in section["Metadata"]:
                    yield Finding(file, "ignores", "ERROR", "ignored", f"Metadata.{tool} may switch rules off", "")


def findings(files):
    files = [str(Path(f).resolve()) for f in files]
    return [*ignores(files), *cfn_lint(files), *aws_validate(files)]


def check(files, report, every=False):
    found = findings(files)
    for file in files:
        mine = [f for f in found if f.file == str(Path(file).resolve())]
        for (tool, rule), same in groupby(sorted((f for f in mine if not fails(f)), key=lambda f: (f.tool, f.rule)), lambda f: (f.tool, f.rule)):
            same = list(same)
            shown = same if every else same[:1]
            for f in shown:
                print(f"info {tool} {rule} {f.where}: {f.message[:200]}" + (f" (and {len(same) - 1} more of {rule})" if len(same) > len(shown) else ""))
        report.check(f"template {file}", (f"{f.tool} {f.level} {f.rule} {f.where}: {f.message}" for f in mine if fails(f)))
