"""Every architecture and environment whose two outputs stand beside each other."""

from pathlib import Path

from equivalence import mapping, show, stacks
from equivalence.cloudformation_side import Template
from equivalence.compare import compare
from equivalence.terraform_side import Module
from terraform import modules, provider


def folders(path):
    """Folders that hold `cloudformation/` and `terraform/`."""
    return sorted(folder.parent for folder in Path(path).rglob("terraform") if folder.is_dir() and any(folder.glob("*.tf.json")))


def template(folder):
    return stacks.read(folder / "cloudformation")


def tables(schema, report):
    """The tables name only what there is."""
    from cloud import registry
    types = mapping.load()
    report.check(f"the tables of {len(types)} types name what provider and CloudFormation have", mapping.problems(types, schema, registry.schema))
    return types


def check(path, report, form=None, only=None):
    schema = provider.load()
    types = tables(schema, report)
    found = [folder for folder in folders(path) if only is None or only in folder.parts]
    if not found:
        report.check("there are outputs to compare", [f"no NAME/ENV/terraform under {path}"])
    for folder in found:
        if not stacks.exists(folder / "cloudformation"):
            report.check(f"{folder}: the outputs are equal", ["there is no cloudformation/template.json and no stacks.json"])
            continue
        module = Module(modules.read(folder / "terraform"), schema)
        rows, problems = compare(types, Template(template(folder)), module)
        report.check(f"{folder}: the outputs are equal ({len(rows)} properties, {len(module.instances)} resources of Terraform)", problems)
        if form:
            print(show.FORMS[form](rows))
