"""Two outputs, property by property. Everything that either says is compared, or stands in the tables with a reason."""

import json
import re
from collections import namedtuple

from equivalence import expressions, order, spelling
from equivalence.pairing import MARK, Pairing, spellings
from equivalence.terraform_side import Scope, letters

# one line of the table: a declaration, a resource's names on both sides, a property, what both hold
Row = namedtuple("Row", "declaration logical address property cloudformation terraform")


EVERYTHING = [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}, {"IpProtocol": "-1", "CidrIpv6": "::/0"}]


def leads_nowhere(rule):
    """Whether a rule is there just so that a group does not have AWS's own, which allows everything. Terraform removes that itself."""
    return rule.get("CidrIp") == "127.0.0.1/32" and rule.get("IpProtocol") == "-1"


def egress(template, group, said):
    """Egress rules of a group: without any in the template AWS makes its own, the second one in a VPC that has IPv6."""
    if said is None:
        six = any(one.kind == "AWS::EC2::VPCCidrBlock" and one.properties["VpcId"] == group.properties.get("VpcId") and set(one.properties) & {"AmazonProvidedIpv6CidrBlock", "Ipv6CidrBlock"}
                  for one in template.resources.values())
        return EVERYTHING if six else EVERYTHING[:1]
    return [rule for rule in said if not leads_nowhere(rule)]


class Mismatch(Exception):
    """A value that cannot be brought into CloudFormation's shape."""


def compare(types, template, module):
    """Rows of the table and problems."""
    pairing = Pairing(types, template, module)
    problems, rows = [*template.problems, *module.problems, *pairing.problems], []
    for logical, address in sorted(pairing.address_of.items()):
        pair = Pair(pairing, template.resources[logical], pairing.instances[address])
        try:
            rows += pair.rows()
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            problems.append(f"{logical} / {address}: {type(error).__name__}: {error}")
        problems += [f"{logical} / {address}: {problem}" for problem in pair.problems]
    rows += interface(template, module, pairing)
    problems += [f"{row.logical} / {row.address}: {row.property}: CloudFormation {shown(row.cloudformation)}, Terraform {shown(row.terraform)}" for row in rows if row.cloudformation != row.terraform]
    return rows, problems + order.compare(pairing)


def shown(value):
    return "nothing" if value is None else f"`{spelling.text(value)}`"


class Pair:
    """One resource in both outputs."""

    def __init__(self, pairing, resource, instance):
        self.pairing, self.resource, self.instance = pairing, resource, instance
        self.type, self.problems = pairing.types[resource.kind], []
        self.block = pairing.module.schema["resource_schemas"][instance.kind]["block"]

    def rows(self):
        ours, theirs = self.cloudformation(), self.terraform()
        self._without_unsaid(ours, theirs)
        declaration = declared(self.resource)
        for path, left, right in [*differences(ours, theirs), *self.tags(), *self.kept()]:
            yield Row(declaration, self.resource.logical, self.instance.address, path or "(all)", left, right)

    def _without_unsaid(self, ours, theirs):
        """Takes out what one side says and the other means."""
        for side, saying, silent in (("terraform", theirs, ours), ("cloudformation", ours, theirs)):
            for path, (wanted, _reason) in self.type.unsaid[side].items():
                value = at(saying, path)
                if value is not None and at(silent, path) is None:
                    if value == _plain(self._wanted(wanted)):
                        remove(saying, path)
        if self.type.starts and (count := at(theirs, (self.type.starts,))) is not None and at(ours, (self.type.starts,)) is None:
            # the argument is ignored once the service runs: Terraform starts where the autoscaler's range begins
            if count in self._least() and self.type.ignored & set(self.instance.lifecycle.get("ignore_changes") or []):
                remove(theirs, (self.type.starts,))
        if self.type.egress and "SecurityGroupEgress" not in self.resource.properties:
            for rule in theirs.get("SecurityGroupEgress", []):
                if {k: v for k, v in rule.items() if k != "Description"} in EVERYTHING:
                    rule.pop("Description", None)        # AWS's own rule has none

    def _wanted(self, wanted):
        """A value, or with `=Property.Other` what the resource that a property refers to has as its other."""
        if not str(wanted).startswith("="):
            return wanted
        property, other = wanted[1:].split(".")
        found = MARK.fullmatch(str(self.resource.properties.get(property)))
        return found and self.pairing.template.resources[found[1].split("#")[0]].properties.get(other)

    def _least(self):
        """Least capacities of what scales the resource."""
        name = f"⟦{self.resource.logical}#"
        return {_plain(r.properties["MinCapacity"]) for r in self.pairing.template.resources.values() if r.kind == "AWS::ApplicationAutoScaling::ScalableTarget" and name in str(r.properties["ResourceId"])}

    # CloudFormation

    def cloudformation(self):
        properties = self.type.defaults | dict(self.resource.properties)
        properties.pop(self.type.tags_as if self.type.tags == "compared" else "", None)
        for into, rule, _ in self.pairing.adopted.get(self.resource.logical, []):
            properties[into] = [*properties.get(into, []), rule]
        if self.type.egress:
            properties["SecurityGroupEgress"] = egress(self.pairing.template, self.resource, properties.get("SecurityGroupEgress"))
            properties = {name: value for name, value in properties.items() if value != []}
        for name, (key, value) in self.type.keyed.items():
            if name in properties:
                properties[name] = spelling.pairs(properties[name], key, value)
        return self._covered(self.pairing.settle(properties), ())

    def _covered(self, value, path):
        """The value without what CloudFormation alone says; what no table mentions is a problem."""
        if path in self.type.cloudformation_only:
            self._expect(path, value, self.type.cloudformation_only[path], "CloudFormation")
            return None
        if path in self.type.targets:
            how = self.type.targets[path]
            return spelling.canonical(spelling.convert(how, 1, value), ordered=".".join(path) in self.type.ordered)
        if isinstance(value, dict):
            found = {key: self._covered(one, (*path, key)) for key, one in value.items()}
            return {key: one for key, one in found.items() if one is not None}
        if isinstance(value, list):
            items = [self._covered(one, (*path, "[]")) for one in value]
            return tuple(items) if ".".join(path) in self.type.ordered else items
        self.problems.append(f"no table mentions CloudFormation's {'.'.join(path)} = {value!r}")
        return None

    def _expect(self, path, value, only, side):
        wanted, _reason = only
        if wanted != "*" and spelling.canonical(value) != spelling.canonical(wanted):
            self.problems.append(f"{side}'s {'.'.join(path)} is {value!r}, and should be {wanted!r}")

    # Terraform

    def terraform(self):
        arguments = dict(self.instance.arguments)
        if self.type.tags in ("compared", "terraform"):
            arguments.pop("tags", None)
        if self.type.snapshot:
            arguments.pop(self.type.snapshot, None)
        self.tree = {}
        self._place(arguments, (), ())
        for part in self.pairing.parts.get(self.instance.address, []):
            how = self.type.parts[part.kind]
            many = how["into"].endswith("[]")
            ignored = {f"{part.kind}.{name}" for name in part.lifecycle.get("ignore_changes") or []}
            if ignored - self.type.ignored:
                self.problems.append(f"{part.address}: ignore_changes {sorted(ignored - self.type.ignored)} is not in the tables")
            body = {name: value for name, value in part.arguments.items() if name != how["owner"]} | ({"@key": part.key} if how["owner"] == "@name" else {})
            same = [one for one in self.pairing.parts[self.instance.address] if one.kind == part.kind]
            if not many and len(same) > 1:
                self.problems.append(f"{part.address}: one of {len(same)}")
            self._place(body, (part.kind, "[]") if many else (part.kind,), (same.index(part),) if many else ())
        return finished(self.tree, self.type.ordered)

    def _place(self, value, path, indices):
        if path in self.type.terraform_only:
            self._expect(path, value, self.type.terraform_only[path], "Terraform")
        elif len(path) == 1 and path[0].endswith("_prefix") and self._prefix(path[0].removesuffix("_prefix"), value):
            pass
        elif path in self.type.map:
            target = self.type.map[path]
            if self._made_up(path, target, value):
                return
            try:
                changed = self.pairing.resolve(spelling.convert(target.how, 0, value))
                changed = self._generated(changed) if target.how == "generated" else changed
                how = target.how
                if how.startswith("own-tags"):
                    changed[0]["Tags"] = self.pairing.module.default_tags | changed[0]["Tags"]
                worked = spelling.policy(changed) if how == "policy" else spelling.canonical(spelling.convert(how, 0, changed) if how in ("by-name", "log-group") else changed, ".".join(target.path) in self.type.ordered)
                put(self.tree, target.path, indices, worked)
            except (ValueError, KeyError, TypeError, AttributeError, IndexError, Mismatch) as error:
                self.problems.append(f"Terraform's {'.'.join(path)} = {value!r}: {type(error).__name__}: {error}")
        elif isinstance(value, dict) and value:
            for key, one in value.items():
                self._place(one, (*path, key), indices)
        elif isinstance(value, list) and value:
            for index, one in enumerate(value):
                self._place(one, (*path, "[]"), (*indices, index))
        elif value not in ({}, []):
            self.problems.append(f"no table mentions Terraform's {'.'.join(path)} = {value!r}")

    def _made_up(self, path, target, value):
        """A name that the provider demands where CloudFormation makes one up: it has to be the author's names."""
        if len(path) != 1 or self._says(target.path) or not (self.block["attributes"].get(path[0], {}).get("required") or path[0] == "identifier"):
            return False
        return isinstance(value, str) and any(name in letters(value) for name in spellings(self.instance))

    def _says(self, path):
        """Whether CloudFormation's resource has a property."""
        value = self.resource.properties
        for part in path:
            value = value.get(part) if isinstance(value, dict) else None
        return value is not None

    def _prefix(self, name, value):
        """The start of a name that the provider makes up the rest of, where CloudFormation makes up all of it."""
        target = self.type.map.get((name,))
        return target is not None and target.path[-1] not in self.resource.properties and any(name in letters(value) for name in spellings(self.instance))

    def _generated(self, value):
        """A secret's value from an ephemeral random password, as CloudFormation's settings of it."""
        value = value.value if isinstance(value, expressions.Json) else value
        if isinstance(value, dict) and {"username", "password"} <= set(value):
            template = json.dumps({name: it for name, it in value.items() if name != "password"}, separators=(",", ":"), ensure_ascii=False)
            return self._generated(value["password"]) | {"GenerateStringKey": "password", "SecretStringTemplate": template}
        found = MARK.fullmatch(str(value))
        if not found or not found[1].startswith("ephemeral.aws_secretsmanager_random_password.") or not found[1].endswith("#random_password"):
            raise Mismatch("no random password")
        body = self.pairing.module.ephemeral["aws_secretsmanager_random_password"][found[1].split("#")[0].split(".")[2].split("[")[0]]
        return {"".join(part.capitalize() for part in name.split("_")): one for name, one in body.items() if name != "for_each"}

    # both

    def tags(self):
        ours, theirs = self.resource.properties.get(self.type.tags_as), self.instance.arguments.get("tags")
        if self.type.tags not in ("compared", "terraform"):
            return
        if ours is None:
            # of types that only Terraform can tag, those of the declaration are no difference
            extra = sorted(set(theirs or {}) - {"Name"}) if self.type.tags == "compared" else []
            if extra:
                yield "Tags", None, ", ".join(extra)
            # CloudFormation has no tags for this type: the name has to be the author's
            if theirs and not letters(theirs.get("Name", "")).endswith(letters(self.resource.logical)):
                yield "Tags.Name", None, theirs.get("Name")
            return
        theirs = self.pairing.module.default_tags | (theirs or {}) if "tags" in self.block["attributes"] else None
        ours = spelling.pairs(ours)
        for key in sorted(set(ours) | set(theirs or {})):
            yield f"Tags.{key}", _plain(ours.get(key)), _plain(self.pairing.resolve((theirs or {}).get(key)))

    def kept(self):
        """DeletionPolicy and UpdateReplacePolicy against prevent_destroy and the final snapshot."""
        lifecycle = self.instance.lifecycle
        on_delete, on_replace = (policy != "Delete" for policy in self.resource.policies)
        prevented = bool(lifecycle.get("prevent_destroy"))
        if "tenant" in spelling.pairs(self.resource.properties.get("Tags", [])):
            # tenants come and go, and have one block: none of them may be kept by it
            if prevented:
                self.problems.append("prevent_destroy on what is a tenant's")
            on_delete = on_replace = False
        if on_delete or on_replace or prevented:
            yield "kept when deleted", _plain(on_delete), _plain(prevented)
            yield "kept when replaced", _plain(on_replace), _plain(prevented)
        if self.type.snapshot:
            argument = self.instance.arguments.get(self.type.snapshot)
            makes = (argument is False and "final_snapshot_identifier" in self.instance.arguments) if self.type.snapshot == "skip_final_snapshot" else argument is not None
            yield "final snapshot", _plain(self.resource.policies[0] == "Snapshot"), _plain(makes)
        ignored = set(lifecycle.get("ignore_changes") or [])
        # a name that was made up stays when the declaration is renamed
        made_up = {name for name in ignored if (target := self.type.map.get((name.removesuffix("_prefix"),))) and target.path[-1] not in self.resource.properties}
        if ignored - self.type.ignored - made_up:
            self.problems.append(f"ignore_changes {sorted(ignored - self.type.ignored - made_up)} is not in the tables")


def _plain(value):
    return None if value is None else spelling.canonical(value)


def declared(resource):
    """The declaration that a resource belongs to, by its tag `architecture-environment/declaration/...`."""
    for tags in ("Tags", "FileSystemTags", "AccessPointTags"):
        name = spelling.pairs(resource.properties.get(tags, [])).get("Name", "")
        if isinstance(name, str) and name.count("/"):
            return name.split("/")[1]
    return resource.logical


def at(tree, path):
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


def remove(tree, path):
    """Takes a value out, and what is empty then."""
    if len(path) > 1:
        remove(tree[path[0]], path[1:])
    if len(path) == 1 or not tree[path[0]]:
        del tree[path[0]]


def put(tree, path, indices, value):
    """Puts a value at a path; `[]` takes the next index."""
    indices = list(indices)
    for place, step in enumerate(path):
        key = (indices.pop(0) if indices else 0,) if step == "[]" else step
        if place == len(path) - 1:
            if key in tree and tree[key] != value:
                raise Mismatch(f"{'.'.join(path)} is also {tree[key]!r}")
            tree[key] = value
        else:
            tree = tree.setdefault(key, {})


def finished(tree, ordered, path=()):
    """The tree with lists where its keys are indices."""
    if not isinstance(tree, dict) or not tree:
        return tree
    if all(isinstance(key, tuple) for key in tree):
        items = [finished(one, ordered, (*path, "[]")) for _, one in sorted(tree.items())]
        return tuple(items) if ".".join(path) in ordered else sorted(items, key=spelling.text)
    return {key: finished(one, ordered, (*path, key)) for key, one in tree.items()}


def differences(ours, theirs, path=""):
    """(path, ours, theirs) of every leaf, equal or not."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(set(ours) | set(theirs)):
            yield from differences(ours.get(key), theirs.get(key), f"{path}.{key}" if path else key)
    elif isinstance(ours, tuple) and isinstance(theirs, tuple) and len(ours) == len(theirs):
        for index, (left, right) in enumerate(zip(ours, theirs)):
            yield from differences(left, right, f"{path}[{index}]")
    elif isinstance(ours, list) and isinstance(theirs, list):
        yield from _sets(ours, theirs, path)
    elif isinstance(ours if ours is not None else theirs, dict) and (ours is None or theirs is None):
        for key in sorted(theirs if ours is None else ours):
            yield from differences((ours or {}).get(key), (theirs or {}).get(key), f"{path}.{key}" if path else key)
    else:
        yield path, ours, theirs


def _sets(ours, theirs, path):
    left = list(ours)
    right = list(theirs)
    for one in list(left):
        if one in right:
            left.remove(one)
            right.remove(one)
            yield path + "[]", one, one
    if len(left) == len(right) == 1 or (left and right and all(isinstance(one, dict) for one in left + right)):
        while left and right:                            # the most alike ones together, for a difference that can be read
            mine, other = max(((a, b) for a in left for b in right), key=lambda pair: likeness(*pair))
            left.remove(mine)
            right.remove(other)
            yield from differences(mine, other, path + "[]")
    yield from ((path + "[]", one, None) for one in left)
    yield from ((path + "[]", None, one) for one in right)


def likeness(ours, theirs):
    found = [a == b for _, a, b in differences(ours, theirs)]
    return sum(found) / len(found) if found else 1


def interface(template, module, pairing):
    """Parameters against variables, outputs against outputs."""
    parameters = {letters(name): body for name, body in template.parameters.items()}
    variables = {letters(name): body for name, body in module.variables.items()}
    for name in sorted(set(parameters) | set(variables)):
        ours, theirs = parameters.get(name), variables.get(name)
        theirs = theirs[0] if isinstance(theirs, list) else theirs
        row = ("(parameters)", f"parameter {name}", f"var.{name}")
        yield Row(*row, "is there", _plain(ours is not None), _plain(theirs is not None))
        if ours and theirs:
            yield Row(*row, "Type", "number" if ours["Type"] == "Number" else "string", theirs.get("type", "any"))
            yield Row(*row, "Default", _plain(ours.get("Default")), _plain(theirs.get("default")))
            yield Row(*row, "Description", ours.get("Description"), theirs.get("description"))
            yield Row(*row, "AllowedValues", _plain(ours.get("AllowedValues")), _plain(_allowed(theirs)))
    outputs, others = {letters(name): body for name, body in template.outputs.items()}, {letters(name): body for name, body in module.outputs.items()}
    for name in sorted(set(outputs) | set(others)):
        ours, theirs = outputs.get(name), others.get(name)
        row = ("(outputs)", f"output {name}", f"output.{name}")
        value = pairing.settle(template.value(ours["Value"])) if ours else None
        other = pairing.resolve(expressions.evaluate(theirs["value"], Scope(module))) if theirs else None
        yield Row(*row, "Value", _plain(value), _plain(other))
        if ours and theirs:
            yield Row(*row, "Description", ours.get("Description"), theirs.get("description"))


def _allowed(variable):
    found = variable.get("validation") or []
    for one in found if isinstance(found, list) else [found]:
        if listed := re.search(r"contains\((\[.*?\])", one.get("condition", "")):
            return json.loads(listed[1])
    return None
