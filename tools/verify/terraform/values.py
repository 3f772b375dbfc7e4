"""Values of a schema's blocks: what is unknown in a plan, and what a simulated apply makes of it."""

import hashlib
import json

import msgpack

UNKNOWN = msgpack.ExtType(0, b"\x00")
ACCOUNT, REGION = "123456789012", "us-east-1"
ZONES = "abcdef"
# made-up identifiers start like real ones
PREFIXES = {"aws_vpc": "vpc", "aws_subnet": "subnet", "aws_security_group": "sg", "aws_route_table": "rtb", "aws_internet_gateway": "igw",
            "aws_nat_gateway": "nat", "aws_eip": "eipalloc", "aws_vpc_endpoint": "vpce", "aws_network_acl": "acl",
            "aws_vpc_security_group_ingress_rule": "sgr", "aws_vpc_security_group_egress_rule": "sgr"}


def unknown(value):
    return isinstance(value, msgpack.ExtType)


def blocks(value, schema, change):
    """Applies `change` to every nested block's value, in place."""
    for name, nested in schema.get("block_types", {}).items():
        found = value.get(name)
        if isinstance(found, list):
            value[name] = [change(one, nested["block"]) if isinstance(one, dict) else one for one in found]
        elif isinstance(found, dict):
            value[name] = change(found, nested["block"]) if nested["nesting_mode"] != "map" else {k: change(one, nested["block"]) for k, one in found.items()}
    return value


def empty(schema):
    absent = {"map": {}, "single": None, "group": None}
    value = dict.fromkeys(schema.get("attributes", {}))
    return value | {name: absent.get(nested["nesting_mode"], []) for name, nested in schema.get("block_types", {}).items()}


def planned(value, schema, new):
    """What a plan shows: write-only values never, computed ones that nobody sets as unknown when the object is new."""
    for name, attribute in schema.get("attributes", {}).items():
        if attribute.get("write_only"):
            value[name] = None
        elif new and attribute.get("computed") and value.get(name) is None:
            value[name] = UNKNOWN
    return blocks(value, schema, lambda one, nested: planned(one, nested, new))


def made_up(kind, name, seed):
    """A value of a type; always the same for one seed."""
    if kind == "string":
        return f"{name}-{hashlib.sha256(f'{seed}/{name}'.encode()).hexdigest()[:8]}"
    if kind in ("number", "bool"):
        return 0 if kind == "number" else False
    if kind[0] == "object":
        return {part: made_up(of, part, seed + name) for part, of in kind[1].items()}
    if kind[0] == "list" and isinstance(kind[1], list) and kind[1][0] == "object":
        return [made_up(kind[1], name, seed)]            # `master_user_secret[0]`, `domain_validation_options`
    return {} if kind[0] == "map" else []


def settled(value, schema, kind, seed, top=True):
    """The value after a simulated apply: everything is known."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    for name, attribute in schema.get("attributes", {}).items():
        if not unknown(value.get(name)):
            continue
        if top and name == "id":
            value[name] = f"{PREFIXES.get(kind, kind.removeprefix('aws_').replace('_', '-'))}-{digest[:17]}"
        elif name == "arn" and attribute["type"] == "string":
            value[name] = f"arn:aws:{kind.split('_')[1]}:{REGION}:{ACCOUNT}:{kind.removeprefix('aws_')}/{digest[:12]}"
        elif name == "region":
            value[name] = REGION
        elif name in ("ipv6_cidr_block", "ipv6_cidr_blocks"):
            value[name] = "2600:1f18:1234:5600::/56"
        elif name == "tags_all" and isinstance(value.get("tags"), dict):
            value[name] = value["tags"]
        else:
            value[name] = made_up(attribute["type"], name, seed)
    return blocks(value, schema, lambda one, nested: settled(one, nested, kind, seed, False))


# what data sources answer
ANSWERS = {
    "aws_region": lambda asked: {"region": REGION, "name": REGION, "id": REGION, "description": "US East (N. Virginia)"},
    "aws_caller_identity": lambda asked: {"account_id": ACCOUNT, "id": ACCOUNT, "arn": f"arn:aws:iam::{ACCOUNT}:root", "user_id": "AIDAEXAMPLE"},
    "aws_partition": lambda asked: {"partition": "aws", "dns_suffix": "amazonaws.com", "id": "aws", "reverse_dns_prefix": "com.amazonaws"},
    "aws_availability_zones": lambda asked: {"names": [REGION + zone for zone in ZONES], "zone_ids": [f"use1-az{n + 1}" for n in range(len(ZONES))], "id": REGION},
    "aws_ssm_parameter": lambda asked: {"value": "ami-0123456789abcdef0" if "image_id" in str(asked.get("name")) else "value", "insecure_value": "ami-0123456789abcdef0", "type": "String"},
    "aws_secretsmanager_secret_version": lambda asked: {"secret_string": json.dumps({"username": "user", "password": "made-up-while-it-is-checked"})},
    "aws_ami": lambda asked: {"id": "ami-0123456789abcdef0", "image_id": "ami-0123456789abcdef0"},
    "aws_ec2_managed_prefix_list": lambda asked: {"id": f"pl-{hashlib.sha256(str(asked.get('name')).encode()).hexdigest()[:8]}"},
}
