"""What the EC2 API holds after a deployment, against what the template says."""

from cloud import template as tpl

NAMES = {"6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


class Deployment:
    """A deployed stack: its template evaluated with the physical ids that the API lists."""

    def __init__(self, api, name, document, region="us-east-1"):
        self.api, self.document = api, document
        stack = api("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        pages = api("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
        self.resources = [r for page in pages for r in page["StackResourceSummaries"]]
        self.ids = {r["LogicalResourceId"]: r["PhysicalResourceId"] for r in self.resources}
        texts = {p["ParameterKey"]: p["ParameterValue"] for p in stack.get("Parameters", [])}
        account = stack["StackId"].split(":")[4]
        pseudo = {"AWS::AccountId": account, "AWS::Region": region, "AWS::Partition": "aws", "AWS::URLSuffix": "amazonaws.com", "AWS::StackName": name,
                  "AWS::StackId": stack["StackId"], "AWS::NotificationARNs": []}
        self.scope = tpl.Scope(document, texts, pseudo, self._ssm, self._zones, self._import, self._resource)
        self.live = self.scope.live()

    def _ssm(self, name):
        return self.api("ssm").get_parameter(Name=name)["Parameter"]["Value"]

    def _zones(self, region):
        return sorted(z["ZoneName"] for z in self.api("ec2").describe_availability_zones()["AvailabilityZones"])

    def _import(self, name):
        exports = self.api("cloudformation").list_exports()["Exports"]
        return next(e["Value"] for e in exports if e["Name"] == name)

    def _resource(self, name, attribute):
        kind, physical = self.document["Resources"][name]["Type"], self.ids[name]
        if attribute is None or attribute in ("GroupId", "VpcId", "SubnetId", "RouteTableId", "NatGatewayId", "InternetGatewayId", "Id"):
            return physical
        if kind == "AWS::EC2::VPC":
            vpc = self.api("ec2").describe_vpcs(VpcIds=[physical])["Vpcs"][0]
            if attribute == "CidrBlock":
                return vpc["CidrBlock"]
            if attribute == "DefaultSecurityGroup":
                groups = self.api("ec2").describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [physical]}, {"Name": "group-name", "Values": ["default"]}])
                return groups["SecurityGroups"][0]["GroupId"]
        return f"<{name}.{attribute}>"                   # nothing that is compared here needs it

    def of(self, kind):
        """The stack's resources of one type: logical id -> evaluated properties."""
        return {n: self.scope.value(self.document["Resources"][n].get("Properties", {})) for n in sorted(self.live) if self.document["Resources"][n]["Type"] == kind}

    def readable(self, physical):
        """A logical id in the place of a physical one, for people."""
        return next((n for n, p in self.ids.items() if p == physical), physical)


def _compare(what, wanted, found, readable):
    def words(item):
        return " ".join(str(readable(part)) for part in item if part is not None)
    return [f"{what}: the template has, the API lacks: {words(i)}" for i in sorted(wanted - found, key=str)] + \
           [f"{what}: the API has, the template lacks: {words(i)}" for i in sorted(found - wanted, key=str)]


def _ports(protocol, low, high):
    protocol = NAMES.get(str(protocol), str(protocol))
    return (protocol, None, None) if protocol == "-1" else (protocol, None if low is None else int(low), None if high is None else int(high))


def _rule(rule, outbound):
    prefix = "Destination" if outbound else "Source"
    peer = rule.get("CidrIp") or rule.get("CidrIpv6") or rule.get(f"{prefix}SecurityGroupId") or rule.get(f"{prefix}PrefixListId")
    return (*_ports(rule["IpProtocol"], rule.get("FromPort"), rule.get("ToPort")), peer)


def security_groups(deployed):
    """Every rule of every group, both ways, as sets."""
    wanted, groups = set(), deployed.of("AWS::EC2::SecurityGroup")
    for name, properties in groups.items():
        group = deployed.ids[name]
        for rule in properties.get("SecurityGroupIngress", []):
            wanted.add((group, "in", *_rule(rule, False)))
        # a group that lists no way out keeps AWS's own rule, which allows everything
        for rule in properties.get("SecurityGroupEgress") or [{"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}]:
            wanted.add((group, "out", *_rule(rule, True)))
    for kind, direction in (("Ingress", "in"), ("Egress", "out")):
        for rule in deployed.of(f"AWS::EC2::SecurityGroup{kind}").values():
            wanted.add((rule["GroupId"], direction, *_rule(rule, direction == "out")))

    found, ec2 = set(), deployed.api("ec2")
    if groups:
        listed = ec2.describe_security_groups(GroupIds=[deployed.ids[n] for n in groups])["SecurityGroups"]
        for group in listed:
            for direction, key in (("in", "IpPermissions"), ("out", "IpPermissionsEgress")):
                for p in group[key]:
                    peers = [r["CidrIp"] for r in p.get("IpRanges", [])] + [r["CidrIpv6"] for r in p.get("Ipv6Ranges", [])] + \
                            [r["GroupId"] for r in p.get("UserIdGroupPairs", [])] + [r["PrefixListId"] for r in p.get("PrefixListIds", [])]
                    found |= {(group["GroupId"], direction, *_ports(p["IpProtocol"], p.get("FromPort"), p.get("ToPort")), peer) for peer in peers}
    yield from _compare("security group rule", wanted, found, deployed.readable)
    clusters = {f"eks-cluster-sg-{cluster}" for cluster in deployed.api("eks").list_clusters()["clusters"]}   # EKS makes a group with each
    for name in deployed.of("AWS::EC2::VPC"):
        inside = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [deployed.ids[name]]}])["SecurityGroups"]
        for group in inside:
            if group["GroupName"] not in {"default"} | clusters and group["GroupId"] not in deployed.ids.values():
                yield f"security group {group['GroupName']} is in {name} but not of this stack"


def routes(deployed):
    """Every route and association of every route table."""
    targets = ("GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "EgressOnlyInternetGatewayId", "NetworkInterfaceId", "InstanceId")
    wanted = set()
    for route in deployed.of("AWS::EC2::Route").values():
        destination = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") or route.get("DestinationPrefixListId")
        wanted.add((route["RouteTableId"], destination, next(route[t] for t in targets if t in route)))
    for association in deployed.of("AWS::EC2::SubnetRouteTableAssociation").values():
        wanted.add((association["RouteTableId"], "of subnet", association["SubnetId"]))
    tables, found = deployed.of("AWS::EC2::RouteTable"), set()
    if tables:
        for table in deployed.api("ec2").describe_route_tables(RouteTableIds=[deployed.ids[n] for n in tables])["RouteTables"]:
            for route in table["Routes"]:
                target = next((route[t] for t in targets if route.get(t)), None)
                if target == "local" or (target or "").startswith("vpce-"):
                    continue                             # AWS adds these itself
                destination = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") or route.get("DestinationPrefixListId")
                found.add((table["RouteTableId"], destination, target))
            found |= {(table["RouteTableId"], "of subnet", a["SubnetId"]) for a in table["Associations"] if a.get("SubnetId")}
    yield from _compare("route", wanted, found, deployed.readable)


def network_acls(deployed):
    wanted, found = set(), set()
    for entry in deployed.of("AWS::EC2::NetworkAclEntry").values():
        ports = entry.get("PortRange", {})
        wanted.add((entry["NetworkAclId"], "out" if str(entry.get("Egress", False)).lower() == "true" else "in", int(entry["RuleNumber"]), entry["RuleAction"],
                    *_ports(entry["Protocol"], ports.get("From"), ports.get("To")), entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")))
    for association in deployed.of("AWS::EC2::SubnetNetworkAclAssociation").values():
        wanted.add((association["NetworkAclId"], "of subnet", association["SubnetId"]))
    acls = deployed.of("AWS::EC2::NetworkAcl")
    if acls:
        for acl in deployed.api("ec2").describe_network_acls(NetworkAclIds=[deployed.ids[n] for n in acls])["NetworkAcls"]:
            for entry in acl["Entries"]:
                if int(entry["RuleNumber"]) < 32767:
                    ports = entry.get("PortRange", {})
                    found.add((acl["NetworkAclId"], "out" if entry["Egress"] else "in", int(entry["RuleNumber"]), entry["RuleAction"],
                               *_ports(entry["Protocol"], ports.get("From"), ports.get("To")), entry.get("CidrBlock") or entry.get("Ipv6CidrBlock")))
            found |= {(acl["NetworkAclId"], "of subnet", a["SubnetId"]) for a in acl["Associations"]}
    yield from _compare("network ACL", wanted, found, deployed.readable)


def subnets(deployed):
    wanted = {(deployed.ids[n], p["VpcId"], p["CidrBlock"]) for n, p in deployed.of("AWS::EC2::Subnet").items()}
    found = set()
    if wanted:
        listed = deployed.api("ec2").describe_subnets(SubnetIds=[i for i, _, _ in wanted])["Subnets"]
        found = {(s["SubnetId"], s["VpcId"], s["CidrBlock"]) for s in listed}
    yield from _compare("subnet", wanted, found, deployed.readable)
    for name in deployed.of("AWS::EC2::VPC"):
        inside = deployed.api("ec2").describe_subnets(Filters=[{"Name": "vpc-id", "Values": [deployed.ids[name]]}])["Subnets"]
        yield from (f"subnet {s['SubnetId']} is in {name} but not of this stack" for s in inside if s["SubnetId"] not in deployed.ids.values())


def resources(deployed):
    """The stack has exactly the template's resources, all complete."""
    wanted, found = deployed.live, {r["LogicalResourceId"] for r in deployed.resources}
    yield from (f"resource {n} is in the template but not in the stack" for n in sorted(wanted - found))
    yield from (f"resource {n} is in the stack but not in the template" for n in sorted(found - wanted))
    yield from (f"resource {r['LogicalResourceId']} is {r['ResourceStatus']}" for r in deployed.resources if r["ResourceStatus"] not in ("CREATE_COMPLETE", "UPDATE_COMPLETE"))


CHECKS = {"resources": resources, "security groups": security_groups, "routes": routes, "network ACLs": network_acls, "subnets": subnets}
