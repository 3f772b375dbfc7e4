"""DependsOn against depends_on.

CloudFormation's waits have to be Terraform's, written or by reference. Terraform waits for whole resources where
CloudFormation names instances, so what it names more has to be an instance of something that is waited for.
"""

from equivalence.pairing import MARK, spellings
from equivalence.terraform_side import letters


def _references(value, found):
    if isinstance(value, str):
        found |= {one.split("#")[0] for one in MARK.findall(value)}
    elif isinstance(value, dict):
        for one in value.values():
            _references(one, found)
    elif isinstance(value, (list, tuple)):
        for one in value:
            _references(one, found)
    elif hasattr(value, "value"):
        _references(value.value, found)
    return found


def _whole(address):
    return address.split("[")[0]


def _reachable(start, edges):
    found, left = set(), [start]
    while left:
        for one in edges.get(left.pop(), ()):
            if one not in found:
                found.add(one)
                left.append(one)
    return found


def compare(pairing):
    rules, problems = adopted_rules(pairing)
    instances = pairing.module.instances
    edges = {_whole(one.address): set() for one in instances}
    for one in instances:
        edges[_whole(one.address)] |= {_whole(other) for other in _references(one.arguments, set()) | set(one.depends_on)} & set(edges)
    ours = {logical: {name for name in _references(r.properties, set()) | set(r.depends_on) if name in pairing.template.resources} for logical, r in pairing.template.resources.items()}
    # what is a part of a resource in CloudFormation is waited for with it
    for address, parts in pairing.parts.items():
        for part in parts:
            edges.setdefault(_whole(part.address), set()).add(_whole(address))
    address_of = {logical: _whole(address) for logical, address in pairing.address_of.items()} | rules
    logicals = {}
    for logical, address in address_of.items():
        logicals.setdefault(address, set()).add(logical)
    for address, parts in pairing.parts.items():
        for part in parts:
            if _whole(part.address) not in logicals and address in pairing.logical_of:
                logicals.setdefault(_whole(part.address), set()).add(pairing.logical_of[address])
    for logical, resource in pairing.template.resources.items():
        if logical not in address_of:
            continue
        reached = _reachable(address_of[logical], edges)
        for name in resource.depends_on:
            if name not in address_of:
                problems.append(f"{logical}: waits for {name}, which is not in the Terraform module")
            elif address_of[name] not in reached and address_of[name] != address_of[logical]:
                problems.append(f"{logical} / {address_of[logical]}: DependsOn {name}, and Terraform does not wait for {address_of[name]}")
    for one in instances:
        mine = logicals.get(_whole(one.address), set())
        reached = set().union(*(_reachable(logical, ours) for logical in mine)) if mine else set()
        for other in one.depends_on:
            if _whole(other) not in edges:
                continue                                 # terraform validate says so
            theirs = logicals.get(_whole(other), set())
            if mine and not theirs & (reached | mine) and not any(pairing.template.waits(m, t) for m in mine | reached for t in theirs):
                problems.append(f"{one.address}: depends_on {other}, and CloudFormation does not wait for it")
    return problems


def adopted_rules(pairing):
    """Rules that are resources of CloudFormation, by the Terraform resource with their name."""
    found, problems = {}, []
    parts = [one for each in pairing.parts.values() for one in each]
    by_name = {name: one for one in parts for name in spellings(one)}
    for owner, adopted in pairing.adopted.items():
        for _, _, resource in adopted:
            if owner in pairing.address_of and pairing.types[pairing.template.resources[owner].kind].adopts[resource.kind].get("when"):
                found[resource.logical] = _whole(pairing.address_of[owner])
            elif letters(resource.logical) in by_name:
                found[resource.logical] = _whole(by_name[letters(resource.logical)].address)
            else:
                problems.append(f"{resource.logical} ({resource.kind}): no rule of the Terraform module has its name")
    return found, problems
