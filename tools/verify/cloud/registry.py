"""The CloudFormation registry schemas that ship inside cfn-lint."""

import functools
import hashlib

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER


class UnknownType(Exception):
    pass


@functools.cache
def schema(kind):
    try:
        return PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    except Exception:
        raise UnknownType(f"Template format error: Unrecognized resource types: [{kind}]") from None


def _dotted(pointer):
    return pointer.removeprefix("/properties/").replace("/", ".")


@functools.cache
def paths(kind, key):
    return frozenset(_dotted(p) for p in schema(kind).get(key, []))


def has_attribute(kind, attribute):
    """May a template ask for this with Fn::GetAtt?"""
    readable = paths(kind, "readOnlyProperties") | paths(kind, "primaryIdentifier")
    return attribute in readable or any(attribute.startswith(path + ".") for path in readable)


def recreation(kind, name, old, new):
    """What a change of the top-level property `name` means: Never, Conditionally or Always a new resource."""
    for key, answer in (("createOnlyProperties", "Always"), ("conditionalCreateOnlyProperties", "Conditionally")):
        for path in paths(kind, key):
            first, *rest = path.split(".")
            if first == name and dig(old, rest) != dig(new, rest):
                return answer
    return "Never"


def dig(value, path):
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _resolve(kind, node):
    seen = 0
    while "$ref" in node and seen < 20:
        target = schema(kind)
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node, seen = target, seen + 1
    return node


def problems(kind, properties):
    """Missing and unknown properties, as the registry's own validation words them."""
    root = schema(kind)
    return list(_problems(kind, root, properties, "#", skip=paths(kind, "readOnlyProperties")))


def _problems(kind, node, value, where, skip=frozenset()):
    node = _resolve(kind, node)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(kind, node.get("items", {}), item, f"{where}/{index}")
    elif isinstance(value, dict):
        known = node.get("properties")
        if known is None:
            return
        for name in node.get("required", []):
            if name not in value:
                yield f"{where}: required key [{name}] not found"
        for name, item in value.items():
            if name in known:
                if name in skip:
                    yield f"{where}: Encountered read-only property [{name}]"
                yield from _problems(kind, known[name], item, f"{where}/{name}")
            elif node.get("additionalProperties") is False and not any(_matches(p, name) for p in node.get("patternProperties", {})):
                yield f"{where}: extraneous key [{name}] is not permitted"


def _matches(pattern, name):
    import re
    return re.search(pattern, name) is not None


def made_up(kind, name, attribute, properties, region, account):
    """A stable stand-in for a value that only AWS knows."""
    known = dig(properties, attribute.split("."))
    if known is not None:
        return known
    digest = hashlib.sha256(f"{kind}/{name}/{attribute}".encode()).hexdigest()
    service, short = kind.split("::")[1].lower(), kind.split("::")[2].lower()
    last = attribute.split(".")[-1]
    if last.endswith("Arn") or last.endswith("ARN"):
        return f"arn:aws:{service}:{region}:{account}:{short}/{name}"
    if last in ("Address", "Endpoint") or "Domain" in last or last.endswith("DNSName"):
        return f"{name.lower()}.{digest[:6]}.{service}.{region}.local"
    if last == "Port":
        return "6379"
    if last == "Id" or last.endswith("Id"):
        return f"{short[:6]}-{digest[:17]}"
    if last == "Name" or last.endswith("Name"):
        return name
    return f"{name}-{last}"
