"""Plausible values for the variables of a module that have no default, chosen by type, conditions and name."""

import json
import re

HINTS = (("arn", "arn:aws:sns:us-east-1:123456789012:archgen-verify"), ("topic", "arn:aws:sns:us-east-1:123456789012:archgen-verify"),
         ("cert", "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"), ("role", "arn:aws:iam::123456789012:role/archgen-verify"),
         ("key", "arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012"), ("zone", "Z0123456789ABCDEFGHIJ"), ("mail", "ops@example.com"),
         ("cidr", "10.200.0.0/16"), ("account", "123456789012"), ("vpc", "vpc-0123456789abcdef0"), ("image_id", "ami-0123456789abcdef0"), ("ami", "ami-0123456789abcdef0"),
         ("tag", "1.27"), ("version", "1.27"), ("domain", "shop.example.com"), ("host", "shop.example.com"), ("url", "https://hooks.example.com/x"), ("port", "8080"))


def of(name, variable):
    kind = variable.get("type", "string")
    if allowed := _allowed(variable):
        return allowed[0]
    if kind == "number":
        return 10
    if kind == "bool":
        return True
    likely = [value for hint, value in HINTS if hint in name.lower()]
    text = next((value for value in [*likely, "archgen-verify", *(value for _, value in HINTS)] if fits(variable, value)), None)
    if text is None:
        raise ValueError(f"no value comes to mind for variable {name}: {list(_patterns(variable))}")
    if kind.startswith(("list", "set", "tuple")):
        return [text]
    return {"archgen": text} if kind.startswith("map") else text


def _conditions(variable):
    found = variable.get("validation") or []
    return [one.get("condition", "") for one in (found if isinstance(found, list) else [found])]


def _allowed(variable):
    """The values of `contains([...], var.NAME)`."""
    for condition in _conditions(variable):
        if found := re.search(r"contains\((\[.*?\])", condition):
            return json.loads(found.group(1))
    return []


def _patterns(variable):
    """The expressions of `regex("...", var.NAME)`."""
    for condition in map(str, _conditions(variable)):
        for found in re.findall(r'regex\(("(?:[^"\\]|\\.)*")', condition):
            yield json.loads(found).replace("$${", "${").replace("%%{", "%{")


def fits(variable, text):
    return all(re.search(pattern, text) for pattern in _patterns(variable))
