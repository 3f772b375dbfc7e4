"""A Terraform module in JSON: its instances with all arguments worked out, its variables and outputs."""

import re
from collections import namedtuple

from equivalence import expressions
from equivalence.expressions import CannotRead, mark
from terraform import modules

# `arguments` has blocks that may be there once as objects, all others as lists
Instance = namedtuple("Instance", "address kind name key arguments lifecycle depends_on")
PSEUDO = {("aws_region", "region"): "AWS::Region", ("aws_region", "name"): "AWS::Region", ("aws_region", "id"): "AWS::Region",
          ("aws_caller_identity", "account_id"): "AWS::AccountId", ("aws_caller_identity", "id"): "AWS::AccountId",
          ("aws_partition", "partition"): "AWS::Partition", ("aws_partition", "id"): "AWS::Partition", ("aws_partition", "dns_suffix"): "AWS::URLSuffix"}
VERSION = "aws_secretsmanager_secret_version"
META = {"for_each", "count", "provider", "lifecycle", "depends_on"}


def letters(name):
    """What is left of a name in every spelling."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


class Kept(dict):
    """What is in a secret, by name: as a template says it, read while it is deployed."""

    def __init__(self, secret):
        super().__init__()
        self.secret = secret

    def __missing__(self, name):
        return f"{{{{resolve:secretsmanager:{self.secret}:SecretString:{name}}}}}"


class Scope:
    """What names mean at a place of a module."""

    def __init__(self, module, each=None):
        self.module, self.each = module, each

    def named(self, name, parser):
        """The value of a reference that starts with `name`; the parser stands behind it."""
        def part():
            parser.take(".")
            return parser.take()["name"]
        if name == "each":
            if self.each is None:
                raise CannotRead("`each` outside of for_each")
            return self.each[0] if part() == "key" else self.each[1]
        if name == "local":
            return self.module.local(part())
        if name == "var":
            return mark(f"var:{letters(part())}")
        if name == "data":
            return self.module.data(part(), part(), self.attributes(parser))
        if name in ("path", "terraform", "module", "self", "count"):
            raise CannotRead(f"`{name}` in `{parser.text}`")
        kind = f"ephemeral.{part()}" if name == "ephemeral" else name
        label = part()
        if kind not in self.module.resources and not kind.startswith("ephemeral."):
            raise CannotRead(f"`{kind}.{label}` in `{parser.text}`")
        address, key = f"{kind}.{label}", None
        if parser.peek() == "[":
            parser.take("[")
            key = parser.expression()
            address += f'["{key}"]'
            parser.take("]")
        attributes = self.attributes(parser)
        if (kind, attributes) == (f"ephemeral.{VERSION}", "secret_string"):
            return Kept(self.module.secret(self.module.ephemeral, label, key))
        return mark(f"{address}#{attributes}") if attributes else mark(address)

    @staticmethod
    def attributes(parser):
        found = ""
        while parser.peek() in (".", "["):
            if parser.accept("."):
                found += ("." if found else "") + parser.take().group(0).strip()
            else:
                parser.take("[")
                found += f"[{parser.expression()}]"
                parser.take("]")
        return found


class Module:
    def __init__(self, documents, schema):
        self.schema = schema
        self.resources, self.sources = modules.sections(documents, "resource"), modules.sections(documents, "data")
        self.locals, self.variables, self.outputs = (modules.sections(documents, keyword) for keyword in ("locals", "variable", "output"))
        self.ephemeral = modules.sections(documents, "ephemeral")
        self.worked, self.problems = {}, []
        provider = next((one for one in modules.bodies(modules.sections(documents, "provider").get("aws", {})) if "alias" not in one), {})
        default = modules.bodies(provider.get("default_tags") or {"tags": {}})[0]
        self.default_tags = expressions.evaluate(default.get("tags", {}), Scope(self))
        self.instances = list(self._instances())

    def local(self, name):
        if name not in self.worked:
            if name not in self.locals:
                raise CannotRead(f"`local.{name}` is not there")
            self.worked[name] = None
            self.worked[name] = expressions.evaluate(self.locals[name], Scope(self))
        return self.worked[name]

    def secret(self, sections, label, key):
        """The secret of a version, which may name another version of it."""
        body = modules.bodies(sections.get(VERSION, {}).get(label) or {})[0]
        each = None if key is None else next((one for one in self._each(body["for_each"]) if one[0] == key), None)
        found = expressions.evaluate(body["secret_id"], Scope(self, each))
        other = re.fullmatch(rf'⟦{VERSION}\.(\w+)(?:\["(.+)"\])?#secret_id⟧', found)
        return self.secret(self.resources, *other.groups()) if other else found

    def data(self, kind, label, attributes):
        body = self.sources.get(kind, {}).get(label)
        if body is None:
            raise CannotRead(f"`data.{kind}.{label}` is not there")
        if pseudo := PSEUDO.get((kind, attributes)):
            return mark(pseudo)
        body = modules.bodies(body)[0]
        if kind == "aws_availability_zones" and (zone := re.fullmatch(r"names\[(\d+)\]", attributes)):
            return mark(f"zone:{zone[1]}")
        if kind == "aws_ssm_parameter" and attributes in ("value", "insecure_value"):
            return f"{{{{resolve:ssm:{expressions.evaluate(body['name'], Scope(self))}}}}}"
        if kind in ("aws_ec2_managed_prefix_list", "aws_prefix_list"):
            return mark(f"prefix-list:{expressions.evaluate(body['name'], Scope(self))}")
        raise CannotRead(f"`data.{kind}.{label}.{attributes}`")

    def _instances(self):
        for kind, found in self.resources.items():
            for name, body in found.items():
                try:
                    body = modules.bodies(body)[0]
                    if "count" in body:
                        raise CannotRead("`count`")
                    if "for_each" not in body:
                        yield self._instance(kind, name, None, None, body)
                        continue
                    for key, value in self._each(body["for_each"]):
                        yield self._instance(kind, name, key, (key, value), body)
                except CannotRead as error:
                    self.problems.append(f"{kind}.{name}: cannot be read: {error}")

    def _each(self, value):
        value = expressions.evaluate(value, Scope(self), nulls=True)
        if isinstance(value, dict):
            return list(value.items())
        if isinstance(value, list) and all(isinstance(key, str) and "⟦" not in key.replace("⟦var:", "") for key in value):
            return [(key, key) for key in value]
        raise CannotRead(f"for_each = {value!r}")

    def _instance(self, kind, name, key, each, body):
        if kind not in self.schema["resource_schemas"]:
            raise CannotRead("no such type")
        block = self.schema["resource_schemas"][kind]["block"]
        arguments = expressions.evaluate({k: v for k, v in body.items() if k not in META}, Scope(self, each))
        lifecycle = modules.bodies(body.get("lifecycle", {}))[0]
        address = f"{kind}.{name}" + (f'["{key}"]' if key is not None else "")
        return Instance(address, kind, name, key, shaped(arguments, block), lifecycle, body.get("depends_on", []))


def shaped(value, block):
    """Blocks in one form, whichever way they were written; `dynamic` blocks are not read."""
    if not isinstance(value, dict):
        raise CannotRead(f"a block that is {value!r}")
    if "dynamic" in value:
        raise CannotRead("a dynamic block")
    shape = dict(value)
    for name, nested in block.get("block_types", {}).items():
        if name in shape:
            items = [shaped(one, nested["block"]) for one in modules.bodies(shape[name])]
            if nested["nesting_mode"] == "single" or nested.get("max_items") == 1:
                if len(items) > 1:
                    raise CannotRead(f"`{name}` twice")
                items = items[0] if items else None
            shape[name] = items
    return {name: one for name, one in shape.items() if one is not None and one != []}
