"""Which resource of one output is which of the other: by type and by the names the author wrote."""

import re

from equivalence.expressions import mark
from equivalence.terraform_side import letters

MARK = re.compile(r"⟦([^⟦⟧]*)⟧")


class Pairing:
    def __init__(self, types, template, module):
        self.types, self.template, self.module = types, template, module
        self.problems = []
        self.of_kind = {kind: it for it in types.values() for kind in it.kinds}
        self.owners = {part: it for it in types.values() for part in it.parts}
        self.instances = {one.address: one for one in module.instances}
        self.owned = set()                               # parts of Terraform that belong to something
        self.parts, self.adopted = {}, {}                # owner: parts of Terraform, resources of CloudFormation
        self.address_of, self.logical_of = {}, {}
        self._own()
        self._pair()

    def _own(self):
        """What is a resource of its own on one side, and a property of another on the other."""
        for one in self.module.instances:
            if one.kind in self.owners:
                how = self.owners[one.kind].parts[one.kind]["owner"]
                if how == "@name":                       # it has the name of what it belongs to
                    link = next((mark(f"{kind}.{one.name}") for kind in self.owners[one.kind].kinds if f"{kind}.{one.name}" in self.instances), None)
                else:
                    link = one.arguments.get(how)
                if link is None and how == "@name" and one.kind in self.of_kind:
                    continue                             # one by itself
                self.owned.add(one.address)
                address = MARK.fullmatch(link)[1].split("#")[0] if isinstance(link, str) and MARK.fullmatch(link) else None
                if address in self.instances:
                    self.parts.setdefault(address, []).append(one)
                else:
                    self.problems.append(f"{one.address}: belongs to {link!r}, which is no resource of the module")
        for it in self.types.values():
            for kind, how in it.adopts.items():
                for resource in [r for r in self.template.resources.values() if r.kind == kind]:
                    link = MARK.fullmatch(str(resource.properties.get(how["owner"])))
                    owner = link and link[1].split("#")[0]
                    if how.get("when", how["owner"]) not in resource.properties:
                        continue
                    if owner in self.template.resources:
                        self.adopted.setdefault(owner, []).append((how["into"], {k: v for k, v in resource.properties.items() if k != how["owner"]}, resource))
                    else:
                        self.problems.append(f"{resource.logical}: belongs to {resource.properties.get(how['owner'])!r}, which is no resource of the template")

    def _pair(self):
        adopted = {resource.logical for found in self.adopted.values() for _, _, resource in found}
        left = {logical: r for logical, r in self.template.resources.items() if logical not in adopted}
        kinds = {}
        for one in self.module.instances:
            if one.kind in self.of_kind and one.address not in self.owned:
                kinds.setdefault(self.of_kind[one.kind].name, []).append(one)
            elif one.kind not in self.owners:
                self.problems.append(f"{one.address}: the tables do not know {one.kind}")
        for logical, resource in left.items():
            if resource.kind not in self.types and not any(resource.kind in it.adopts for it in self.types.values()):
                self.problems.append(f"{logical}: the tables do not know {resource.kind}")
        for kind, instances in kinds.items():
            wanted = {letters(logical): logical for logical, r in left.items() if r.kind == kind}
            ends = ["", *self.types[kind].names]
            found = {one.address: [wanted[name] for end in ends for name in spellings(one, end) if name in wanted] for one in instances}
            for one in sorted(instances, key=lambda one: len(found[one.address])):
                free = [logical for logical in dict.fromkeys(found[one.address]) if logical not in self.address_of]
                if len(free) != 1:
                    self.problems.append(f"{one.address}: only in the Terraform module" if not free else f"{one.address}: may be {' or '.join(free)}")
                    continue
                self.address_of[free[0]], self.logical_of[one.address] = one.address, free[0]
        for logical, resource in left.items():
            if logical not in self.address_of and resource.kind in self.types:
                self.problems.append(f"{logical} ({resource.kind}): only in the CloudFormation template")

    def resolve(self, value):
        """Terraform's value with CloudFormation's names for resources and attributes."""
        if isinstance(value, str):
            # a log group's ARN ends with `:*` in CloudFormation, not in Terraform
            return MARK.sub(lambda found: mark(self._reference(found[1])), value).replace("#ArnWithoutStreams⟧:*", "#Arn⟧")
        if isinstance(value, dict):
            return {self.resolve(key): self.resolve(one) for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(self.resolve, value))
        if hasattr(value, "value"):
            return type(value)(self.resolve(value.value))
        return value

    def _reference(self, found):
        address, _, attribute = found.partition("#")
        if address not in self.logical_of:
            part = self.instances.get(address)
            if part and part.kind in self.owners and self.owners[part.kind].parts[part.kind]["owner"] == attribute:
                return MARK.fullmatch(self.resolve(part.arguments[attribute]))[1]
            return found
        logical = self.logical_of[address]
        resource = self.template.resources[logical]
        name = self.types[resource.kind].refers_to(attribute)
        if name is None:
            return f"{logical}#?{attribute}"
        if ">" in name:                                  # an attribute of what a property refers to
            property, name = name.split(">")
            logical = MARK.fullmatch(resource.properties[property])[1].split("#")[0]
        return f"{logical}#{name}"

    def settle(self, value):
        """CloudFormation's value with one name for attributes that have two."""
        def one(found):
            logical, _, attribute = found[1].partition("#")
            if logical not in self.template.resources:
                return found[0]
            kind = self.types.get(self.template.resources[logical].kind)
            return mark(f"{logical}#{kind.same.get(attribute, attribute)}") if kind else found[0]
        if isinstance(value, str):
            return MARK.sub(one, value)
        if isinstance(value, dict):
            return {key: self.settle(item) for key, item in value.items()}
        return [self.settle(item) for item in value] if isinstance(value, list) else value


def spellings(instance, end=""):
    """The names that a resource may have in a template: its type may stand behind, its key somewhere in between, or twice."""
    parts = [*instance.name.split("_"), end]
    if instance.key is None:
        return [letters("".join(parts))]
    places = range(len(parts) + 1)
    once = ([*parts[:at], instance.key, *parts[at:]] for at in places)
    twice = ([*parts[:at], instance.key, *parts[at:other], instance.key, *parts[other:]] for at in places for other in places if at < other)
    return list(dict.fromkeys(letters("".join(it)) for it in [*once, *twice]))
