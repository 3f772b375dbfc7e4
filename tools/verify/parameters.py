"""Plausible values for the parameters of a template, chosen by type, constraints and name."""

import re

from cloud import template as tpl

TEXTS = ("shop.example.com", "ops@example.com", "1.27", "https://hooks.example.com/x", "10.200.0.0/16", "123456789012", "Z0123456789ABCDEFGHIJ", "archgen-verify",
         "public.ecr.aws/nginx/nginx:1.27", "Archgen-verify-1234", "42", "true", "a", "A")
OTHERS = ("store.example.com", "oncall@example.com", "1.28", "https://hooks.example.com/y", "10.201.0.0/16", "210987654321", "Z9876543210ABCDEFGHIJ", "archgen-verified",
          "public.ecr.aws/nginx/nginx:1.28", "Archgen-verify-5678", "43", "false", "b", "B")
HINTS = (("domain", 0), ("host", 0), ("mail", 1), ("tag", 2), ("version", 2), ("webhook", 3), ("url", 3), ("cidr", 4), ("account", 5), ("zone", 6), ("image", 8), ("password", 9))


def fits(slot, text):
    if "AllowedValues" in slot and text not in [str(v) for v in slot["AllowedValues"]]:
        return False
    if "AllowedPattern" in slot and not re.fullmatch(slot["AllowedPattern"], text):
        return False
    if slot["Type"] == "Number":
        try:
            if not float(slot.get("MinValue", "-inf")) <= float(text) <= float(slot.get("MaxValue", "inf")):
                return False
        except ValueError:
            return False
    return int(slot.get("MinLength", 0)) <= len(text) <= int(slot.get("MaxLength", 4096))


def candidates(name, slot, pool):
    yield from (str(v) for v in slot.get("AllowedValues", []))
    if slot["Type"] == "Number":
        base = float(slot.get("Default", slot.get("MinValue", 10)))
        yield from (f"{base + step:g}" for step in (1, -1, 2, 10, 0))
        yield from (str(slot[k]) for k in ("MinValue", "MaxValue") if k in slot)
    yield from (pool[i] for hint, i in HINTS if hint in name.lower())
    yield from (pool[i] for i in (7, *range(len(pool))))


def first(name, slot, api):
    """A value for a parameter that has no default. Ids and ARNs are of things made for it."""
    kind, lower = slot["Type"], name.lower()
    if kind == "AWS::EC2::VPC::Id":
        return api("ec2").create_vpc(CidrBlock="192.168.0.0/16")["Vpc"]["VpcId"]
    if kind == "AWS::EC2::Image::Id":
        return api("ec2").describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    if kind == "AWS::EC2::KeyPair::KeyName":
        return api("ec2").create_key_pair(KeyName="archgen-verify")["KeyName"]
    if kind == "AWS::Route53::HostedZone::Id":
        return api("route53").create_hosted_zone(Name="example.com", CallerReference=name)["HostedZone"]["Id"].split("/")[-1]
    if kind.startswith("AWS::SSM::Parameter::"):
        api("ssm").put_parameter(Name=f"/archgen-verify/{name}", Type="String", Value="value", Overwrite=True)
        return f"/archgen-verify/{name}"
    if "cert" in lower:
        return api("acm").request_certificate(DomainName="shop.example.com", ValidationMethod="DNS")["CertificateArn"]
    if "topic" in lower:
        return api("sns").create_topic(Name="archgen-verify")["TopicArn"]
    if lower.endswith("vpc") or lower.endswith("vpcid"):
        return api("ec2").create_vpc(CidrBlock="192.168.0.0/16")["Vpc"]["VpcId"]
    if lower.endswith("arn"):
        return api("iam").create_role(RoleName="archgen-verify", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for text in candidates(name, slot, TEXTS):
        if fits(slot, text):
            return text
    raise ValueError(f"no value comes to mind for parameter {name}: {slot}")


def another(name, slot, current):
    """Another value that is just as good, or None."""
    if slot["Type"] not in ("String", "Number") or re.search(r"arn$|cert|vpc|topic", name.lower()):
        return None
    return next((t for t in candidates(name, slot, OTHERS) if t != current and fits(slot, t)), None)


def users(document, name):
    """Logical ids of the resources whose properties depend on a parameter."""
    conditions = document.get("Conditions", {})
    on_it = {n for n, _ in tpl.references(conditions) if n == name} and {c for c, rule in conditions.items() if _decides(conditions, rule, name)}
    found = set()
    for logical, resource in document["Resources"].items():
        properties = resource.get("Properties", {})
        if any(n == name for n, _ in tpl.references(properties)) or set(tpl.conditions_of(properties)) & on_it or resource.get("Condition") in on_it:
            found.add(logical)
    return found


def _decides(conditions, rule, name):
    if any(n == name for n, _ in tpl.references(rule)):
        return True
    if isinstance(rule, dict):
        return any((key == "Condition" and _decides(conditions, conditions[item], name)) or _decides(conditions, item, name) for key, item in rule.items())
    return isinstance(rule, list) and any(_decides(conditions, item, name) for item in rule)
