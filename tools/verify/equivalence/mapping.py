"""The tables of services: which argument is which property."""

import re
import tomllib
from collections import namedtuple
from pathlib import Path

Target = namedtuple("Target", "path how")
SEGMENT = re.compile(r"\{[^}]*\}|\[\]|[^.\[\]{}]+")


def segments(path):
    return tuple(part.strip("{}") if part != "[]" else part for part in SEGMENT.findall(path))


class Type:
    """What one type of CloudFormation is in Terraform."""

    def __init__(self, name, body):
        self.name, self.kinds, self.names = name, body.pop("terraform"), body.pop("names")
        self.refers, self.same = {"id": "Ref", "arn": "Arn", "name": "Name"} | body.pop("refers", {}), body.pop("same", {})
        self.parts, self.adopts = body.pop("parts", {}), body.pop("adopts", {})
        self.keyed, self.ordered, self.defaults = body.pop("keyed", {}), set(body.pop("ordered", [])), body.pop("defaults", {})
        self.tags, self.tags_as = body.pop("tags", "compared"), body.pop("tags_as", "Tags")
        self.ignored, self.snapshot, self.egress = set(body.pop("ignore_changes", [])), body.pop("snapshot", None), body.pop("egress", None)
        self.terraform_only = {segments(path): tuple(value) for path, value in body.pop("terraform_only", {}).items()}
        self.cloudformation_only = {segments(path): tuple(value) for path, value in body.pop("cloudformation_only", {}).items()}
        # what one side says where the other says nothing: its value, and why that is the same
        self.unsaid = {side: {segments(path): tuple(value) for path, value in body.pop(f"{side}_unsaid", {}).items()} for side in ("terraform", "cloudformation")}
        self.starts = body.pop("starts", None)
        self.map = {}
        for argument, property in body.pop("map", {}).items():
            path, _, how = property.partition("|")
            self.map[segments(argument)] = Target(segments(path.strip()), how.strip())
        self.targets = {}
        for target in self.map.values():
            self.targets.setdefault(target.path, target.how)
        if body:
            raise ValueError(f"{name}: unknown keys {sorted(body)}")

    def refers_to(self, attribute):
        """CloudFormation's name for a Terraform attribute; None when the table does not know it."""
        return self.refers.get(attribute)


def load():
    """Types by CloudFormation's name."""
    found = {}
    for file in sorted((Path(__file__).resolve().parent / "services").glob("*.toml")):
        for name, body in tomllib.loads(file.read_text()).items():
            if name in found:
                raise ValueError(f"{name} twice")
            found[name] = Type(name, body)
    return found


def problems(types, schema, registry):
    """Names in the tables that neither the provider nor CloudFormation's registry knows."""
    for it in types.values():
        known = [schema["resource_schemas"][kind]["block"] for kind in it.kinds if kind in schema["resource_schemas"]]
        if len(known) != len(it.kinds):
            yield f"{it.name}: {it.kinds} are not all resources of the provider"
        parts = {part: schema["resource_schemas"][part]["block"] for part in it.parts if part in schema["resource_schemas"]}
        yield from (f"{it.name}: `{part}` is no resource" for part in set(it.parts) - set(parts))
        for path in [*it.map, *it.terraform_only]:
            blocks, rest = ([parts[path[0]]], path[1:]) if path[0] in parts else (known, path)
            if rest[-1] != "@key" and not any(_in_schema(block, tuple(one for one in rest if one != "[]")) for block in blocks):
                yield f"{it.name}: no argument `{'.'.join(path)}`"
        own = {how["into"] for how in it.adopts.values()}
        for target in [*it.map.values(), *(Target(path, "") for path in [*it.cloudformation_only, *it.unsaid["terraform"], *it.unsaid["cloudformation"]])]:
            if target.path[0] not in own and not _in_registry(registry(it.name), registry(it.name), tuple(one for one in target.path if one != "[]"), it.keyed):
                yield f"{it.name}: no property `{'.'.join(target.path)}`"


def _in_schema(block, path):
    if path[0] in block.get("block_types", {}):
        return len(path) == 1 or _in_schema(block["block_types"][path[0]]["block"], path[1:])
    return path[0] in block.get("attributes", {}) and len(path) == 1


def _in_registry(root, schema, path, keyed=()):
    while "$ref" in schema:
        schema = root["definitions"][schema["$ref"].rsplit("/", 1)[1]]
    if not path:
        return True
    if "items" in schema:
        return _in_registry(root, schema["items"], path)
    if path[0] in keyed:
        return path[0] in schema.get("properties", {})
    options = [schema, *(option for word in ("oneOf", "anyOf", "allOf") for option in schema.get(word, []))]
    return any(path[0] in option.get("properties", {}) and _in_registry(root, option["properties"][path[0]], path[1:]) for option in options)
