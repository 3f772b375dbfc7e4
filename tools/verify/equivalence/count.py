"""How many resources a plan against an empty state has to list, from the CloudFormation template alone."""

from collections import Counter

from equivalence import mapping
from equivalence.cloudformation_side import Template
from equivalence.compare import egress


def expected(types, template):
    """Resources of Terraform by kind; kinds that one type of CloudFormation may be are joined."""
    found = Counter()
    adopters = {kind: (it, how) for it in types.values() for kind, how in it.adopts.items()}
    for resource in template.resources.values():
        it, how = adopters.get(resource.kind, (None, None))
        if how and how.get("when", how["owner"]) in resource.properties:
            if "when" not in how:                        # a rule of its own here, a part of its group there
                found[next(part for part, into in it.parts.items() if into["into"].removesuffix("[]") == how["into"])] += 1
            continue
        if resource.kind not in types:
            found[resource.kind] += 1                    # nothing has this name, so it is seen
            continue
        it = types[resource.kind]
        found[group(it)] += 1
        for part, how in it.parts.items():
            value = next((resource.properties[name] for name in how["into"].removesuffix("[]").split("|") if name in resource.properties), None)
            if it.egress and how["into"] == "SecurityGroupEgress[]":
                value = egress(template, resource, value)
            found[part] += len(value or []) if how["into"].endswith("[]") else value is not None
    return +found


def group(it):
    return " or ".join(it.kinds)


def compare(document, addresses):
    """Differences between a plan's addresses and what the template asks for."""
    types = mapping.load()
    of_kind = {kind: group(it) for it in types.values() for kind in it.kinds}
    planned = Counter(of_kind.get(kind, kind) for kind in (address.split(".")[0] for address in addresses))
    wanted = expected(types, Template(document))
    for kind in sorted(set(planned) | set(wanted)):
        if planned[kind] != wanted[kind]:
            yield f"{kind}: the plan has {planned[kind]}, CloudFormation's template asks for {wanted[kind]}"
