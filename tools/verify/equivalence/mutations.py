"""Every single change of either output is noticed.

For each argument of each type that an output holds, one place where it stands is changed, and the comparison has to say
so. What need not be noticed is what the tables name as one target's own with any value.
"""

import copy
from collections import Counter

from equivalence.check import folders, tables, template
from equivalence.cloudformation_side import Template
from equivalence.compare import compare, leads_nowhere
from equivalence.terraform_side import Module
from terraform import modules, provider

# how Terraform goes about things, not what is made; `order` and `kept` look at them with rules of their own
META = {"depends_on", "create_before_destroy", "precondition", "postcondition", "ignore_changes", "provider"}
SERVICES = {"db": "rds", "lb": "elasticloadbalancing", "appautoscaling": "application-autoscaling", "efs": "efs", "s3": "s3", "ecs": "ecs", "iam": "iam", "elasticache": "elasticache",
            "secretsmanager": "secretsmanager", "cloudwatch": "cloudwatch", "acm": "acm", "service": "servicediscovery", "autoscaling": "autoscaling", "route53": "route53"}


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(one, (*path, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from leaves(one, (*path, index))
    elif value is not None:
        yield path, value


def changed(value):
    if isinstance(value, bool):
        return not value
    return value + 1 if isinstance(value, (int, float)) else value + "x"


def changes(document, path):
    """The document with another value at a path."""
    *start, last = path
    document = dict(document)
    place = document
    for key in start:
        place[key] = copy.copy(place[key])
        place = place[key]
    place[last] = changed(place[last])
    return document


def terraform_places(documents, types):
    """(what, document's number, path) of one place for each argument of each type."""
    kinds = {kind: it for it in types.values() for kind in it.kinds} | {part: it for it in types.values() for part in it.parts}
    found = {}
    for number, document in enumerate(documents):
        for path, value in leaves({k: v for k, v in document.items() if k in ("resource", "locals", "provider", "output")}):
            if path[0] == "resource":
                kind, rest = path[1], path[3:]
                if rest[0] in META or (rest[0] == "lifecycle" and rest[1] in META) or kind not in kinds:
                    continue
                if rest[0] == "for_each":
                    if len(rest) < 3:
                        continue                         # keys are names
                    rest = ("each.value", *rest[2:])
                flat = tuple(part for part in rest if not isinstance(part, int))
                own = {tuple(p for p in only if p not in ("[]", kind)) for only, (wanted, _) in kinds[kind].terraform_only.items() if wanted == "*"}
                if any(flat[:len(only)] == only for only in own) or _anything(document, path, kinds[kind]):
                    continue
                what = f"{kind}: {'.'.join(map(str, flat))}"
            elif path[0] == "locals":
                what = f"local value: {path[1]}"
            elif path[0] == "provider" and "default_tags" in path and "alias" not in _provider(document, path):
                what = f"provider: {path[-1]}"
            elif path[0] == "output" and path[-1] in ("value", "description"):
                what = f"output: {path[-1]}"
            else:
                continue
            found.setdefault(what, (number, path))
    return found


def _provider(document, path):
    body = document["provider"][path[1]]
    return body[path[2]] if isinstance(body, list) else body


def _anything(document, path, it):
    """A name that the provider wants and CloudFormation makes up: it may be any with the author's names in it."""
    name = str(path[3])
    if name == it.snapshot == "final_snapshot_identifier":
        return True
    return len(path) == 4 and (name.endswith("_prefix") or (name,) in it.map and it.map[(name,)].path[-1].endswith(("Name", "Id", "Identifier")))


def cloudformation_places(document, types):
    found = {}
    adopted = {kind for it in types.values() for kind in it.adopts}
    for logical, body in document["Resources"].items():
        if body["Type"] not in types and body["Type"] not in adopted:
            continue
        only = types[body["Type"]].cloudformation_only if body["Type"] in types else {}
        for path, _ in leaves(body.get("Properties", {})):
            flat = tuple(part for part in path if not isinstance(part, int))
            if path[-2:] == ("Fn::Cidr", 1):
                continue                                 # how many blocks are counted, of which one is taken
            if path[0] == "SecurityGroupEgress" and leads_nowhere(body["Properties"][path[0]][path[1]]) and path[-1] == "Description":
                continue
            if any(tuple(p for p in one if p != "[]") == flat[:len(one)] and wanted == "*" for one, (wanted, _) in only.items()):
                continue
            found.setdefault(f"{body['Type']}: {'.'.join(map(str, flat))}", ("Resources", logical, "Properties", *path))
    return found


def service(what):
    kind = what.split(":")[0] if not what.startswith("AWS::") else what.split("::")[1].lower()
    return SERVICES.get(kind.split("_")[1], "ec2") if kind.startswith("aws_") else kind


def check(path, report, only=None):
    schema = provider.load()
    types = tables(schema, report)
    for folder in [one for one in folders(path) if only is None or only in one.parts]:
        documents, ours = modules.read(folder / "terraform"), template(folder)
        before = set(compare(types, Template(ours), Module(documents, schema))[1])
        unseen, services = [], Counter()

        def tried(what, our, their):
            services[service(what)] += 1
            try:
                said = set(compare(types, Template(our), Module(their, schema))[1])
            except (KeyError, ValueError, TypeError, AttributeError) as error:
                said = {str(error)}
            if said <= before:
                unseen.append(what)
        for what, (number, place) in terraform_places(documents, types).items():
            tried(what, ours, [changes(one, place) if index == number else one for index, one in enumerate(documents)])
        for what, place in cloudformation_places(ours, types).items():
            tried(what, changes(ours, place), documents)
        report.check(f"{folder}: {sum(services.values())} changes of one argument in {len(services)} services are noticed", [f"not noticed: {what}" for what in unseen])
