"""What a CloudFormation template says of places and services: the side that charts are compared with."""

import re
from ipaddress import ip_network

SUBNET, SERVICE = "AWS::EC2::Subnet", "AWS::ECS::Service"


class CannotRead(Exception):
    """A value that only AWS knows where one is needed; silence would be wrong."""


def references(value):
    """Resources that a value refers to, each with the attribute or None."""
    if isinstance(value, dict):
        if set(value) == {"Ref"}:
            yield value["Ref"], None
        elif set(value) == {"Fn::GetAtt"}:
            found = value["Fn::GetAtt"]
            yield tuple(found.split(".", 1)) if isinstance(found, str) else tuple(found)
        elif set(value) == {"Fn::Sub"} and isinstance(value["Fn::Sub"], str):
            for name in re.findall(r"\$\{([^!}]+)\}", value["Fn::Sub"]):
                yield (*name.split(".", 1), None)[:2]
        else:
            for one in value.values():
                yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


class Stack:
    def __init__(self, template):
        self.parameters, self.resources = template.get("Parameters", {}), template["Resources"]

    def of(self, *types):
        return {logical: resource for logical, resource in self.resources.items() if resource["Type"] in types}

    def properties(self, logical):
        return self.resources[logical].get("Properties", {})

    def declaration(self, logical):
        """`shop-production/api/service` belongs to `api`, an endpoint of the VPC `network` for ECR is `network.ecr_api`."""
        tags = next((self.properties(logical)[word] for word in ("Tags", "FileSystemTags", "AccessPointTags") if word in self.properties(logical)), [])
        name = next((tag["Value"] for tag in tags if isinstance(tag, dict) and tag.get("Key") == "Name"), "")
        if not isinstance(name, str) or "/" not in name:
            if self.resources[logical]["Type"] == "AWS::EFS::MountTarget":
                return self.declaration(next(references(self.properties(logical)["FileSystemId"]))[0])
            return None
        parts = name.split("/")
        tenant = next((tag["Value"] for tag in tags if tag.get("Key") == "tenant"), None)
        if tenant and len(parts) > 3 and parts[2] == tenant:                   # `shop-production/clients/acme/service`
            return ".".join(parts[1:4] if parts[3] == "database" else parts[1:3])
        return f"{parts[1]}.{parts[3]}" if len(parts) > 3 and parts[2] == "endpoint" else parts[1]

    def text(self, value):
        if isinstance(value, dict) and set(value) == {"Ref"} and "Default" in self.parameters.get(value["Ref"], {}):
            value = self.parameters[value["Ref"]]["Default"]
        if not isinstance(value, (str, int, float)):
            raise CannotRead(f"{value} is no text")
        return str(value)

    def blocks(self, subnet):
        """CIDR blocks of a subnet; blocks for IPv6 that AWS hands out are not known before."""
        properties = self.properties(subnet)
        found = [ip_network(self.text(properties["CidrBlock"]))] if "CidrBlock" in properties else []
        six = properties.get("Ipv6CidrBlock")
        return found + ([ip_network(six)] if isinstance(six, str) else [])

    def vpcs(self):
        return [ip_network(self.text(self.properties(logical)["CidrBlock"])) for logical in self.of("AWS::EC2::VPC") if "CidrBlock" in self.properties(logical)]

    def subnets(self, logical, seen=()):
        """Subnets that a resource stands in, by itself or by its subnet group."""
        for name, _ in references({k: v for k, v in self.properties(logical).items() if k != "Tags"}):
            if name in self.resources and name not in seen:
                kind = self.resources[name]["Type"]
                if kind == SUBNET:
                    yield name
                elif kind.endswith("SubnetGroup"):
                    yield from self.subnets(name, (*seen, logical))

    def places(self):
        """CIDR blocks in which what a declaration made may stand, by declaration."""
        found = {}
        for logical, resource in self.resources.items():
            if resource["Type"] != SUBNET and (name := self.declaration(logical)):
                for subnet in self.subnets(logical):
                    found.setdefault(name, set()).update(self.blocks(subnet))
        return found

    def of_tenants(self):
        """Services that are a tenant's own, by declaration: a chart has them in releases of their own."""
        for name, logical in self.services().items():
            if any(isinstance(tag, dict) and tag.get("Key") == "tenant" for tag in self.properties(logical).get("Tags", [])):
                yield name

    def services(self):
        """Logical ID of every ECS service, by declaration."""
        return {self.declaration(logical) or logical: logical for logical in self.of(SERVICE)}
