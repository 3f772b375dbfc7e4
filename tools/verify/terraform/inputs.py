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
    text = _pattern(variable) or next((value for hint, value in HINTS if hint in name.lower()), "archgen-verify")
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


def _pattern(variable):
    """A value for conditions that ask for the looks of an identifier."""
    for condition in map(str, _conditions(variable)):
        for start, value in (("arn:", HINTS[0][1]), ("vpc-", "vpc-0123456789abcdef0"), ("ami-", "ami-0123456789abcdef0"), ("Z", "Z0123456789ABCDEFGHIJ")):
            if re.search(rf"[\"(^]{start}", condition):
                return value
    return None
