"""Handlers of the EC2 API: networks, security groups, launch templates."""

import json

from .resources import Handler, Made, changed, handles, ints, pick


def tagged(kind, properties):
    tags = properties.get("Tags", [])
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


class Ec2(Handler):
    def update(self, context, made, old, new):
        if changed(old, new, "Tags"):
            api = context.api("ec2")
            if old.get("Tags"):
                api.delete_tags(Resources=[made.id], Tags=old["Tags"])
            if new.get("Tags"):
                api.create_tags(Resources=[made.id], Tags=new["Tags"])
        return Made(made.id, **made.attributes)


@handles("AWS::EC2::VPC")
class Vpc(Ec2):
    def create(self, context, properties):
        api = context.api("ec2")
        vpc = api.create_vpc(**pick(properties, "CidrBlock", "InstanceTenancy"), **tagged("vpc", properties))["Vpc"]["VpcId"]
        self._dns(api, vpc, properties)
        where = [{"Name": "vpc-id", "Values": [vpc]}]
        group = api.describe_security_groups(Filters=where)["SecurityGroups"][0]["GroupId"]
        acl = api.describe_network_acls(Filters=where)["NetworkAcls"][0]["NetworkAclId"]
        return Made(vpc, VpcId=vpc, CidrBlock=properties["CidrBlock"], DefaultSecurityGroup=group, DefaultNetworkAcl=acl)

    @staticmethod
    def _dns(api, vpc, properties):
        for name in ("EnableDnsSupport", "EnableDnsHostnames"):
            if name in properties:
                api.modify_vpc_attribute(VpcId=vpc, **{name: {"Value": str(properties[name]).lower() == "true"}})

    def update(self, context, made, old, new):
        self._dns(context.api("ec2"), made.id, new)
        return super().update(context, made, old, new)

    def delete(self, context, made, properties):
        context.api("ec2").delete_vpc(VpcId=made.id)


@handles("AWS::EC2::VPCCidrBlock")
class VpcCidrBlock(Handler):
    def create(self, context, properties):
        answer = context.api("ec2").associate_vpc_cidr_block(**pick(properties, "VpcId", "CidrBlock", "AmazonProvidedIpv6CidrBlock"))
        block = answer.get("CidrBlockAssociation") or answer["Ipv6CidrBlockAssociation"]
        return Made(block["AssociationId"], Id=block["AssociationId"])

    def delete(self, context, made, properties):
        context.api("ec2").disassociate_vpc_cidr_block(AssociationId=made.id)


@handles("AWS::EC2::Subnet")
class Subnet(Ec2):
    def create(self, context, properties):
        api = context.api("ec2")
        subnet = api.create_subnet(**pick(properties, "VpcId", "CidrBlock", "AvailabilityZone", "Ipv6CidrBlock"), **tagged("subnet", properties))["Subnet"]
        self._public(api, subnet["SubnetId"], properties)
        acls = api.describe_network_acls(Filters=[{"Name": "association.subnet-id", "Values": [subnet["SubnetId"]]}])["NetworkAcls"]
        association = next((a["NetworkAclAssociationId"] for acl in acls for a in acl["Associations"] if a["SubnetId"] == subnet["SubnetId"]), "")
        return Made(subnet["SubnetId"], SubnetId=subnet["SubnetId"], AvailabilityZone=subnet["AvailabilityZone"], VpcId=subnet["VpcId"],
                    CidrBlock=subnet["CidrBlock"], NetworkAclAssociationId=association)

    @staticmethod
    def _public(api, subnet, properties):
        if "MapPublicIpOnLaunch" in properties:
            api.modify_subnet_attribute(SubnetId=subnet, MapPublicIpOnLaunch={"Value": str(properties["MapPublicIpOnLaunch"]).lower() == "true"})

    def update(self, context, made, old, new):
        self._public(context.api("ec2"), made.id, new)
        return super().update(context, made, old, new)

    def delete(self, context, made, properties):
        context.api("ec2").delete_subnet(SubnetId=made.id)


@handles("AWS::EC2::InternetGateway")
class InternetGateway(Ec2):
    def create(self, context, properties):
        gateway = context.api("ec2").create_internet_gateway(**tagged("internet-gateway", properties))["InternetGateway"]["InternetGatewayId"]
        return Made(gateway, InternetGatewayId=gateway)

    def delete(self, context, made, properties):
        context.api("ec2").delete_internet_gateway(InternetGatewayId=made.id)


@handles("AWS::EC2::VPCGatewayAttachment")
class VpcGatewayAttachment(Handler):
    def create(self, context, properties):
        context.api("ec2").attach_internet_gateway(**pick(properties, "InternetGatewayId", "VpcId"))
        return Made(f"IGW|{properties['VpcId']}", AttachmentType="IGW")

    def delete(self, context, made, properties):
        context.api("ec2").detach_internet_gateway(**pick(properties, "InternetGatewayId", "VpcId"))


@handles("AWS::EC2::EIP")
class Eip(Ec2):
    def create(self, context, properties):
        address = context.api("ec2").allocate_address(Domain=properties.get("Domain", "vpc"), **tagged("elastic-ip", properties))
        return Made(address["PublicIp"], AllocationId=address["AllocationId"], PublicIp=address["PublicIp"])

    def update(self, context, made, old, new):
        super().update(context, Made(made.attributes["AllocationId"]), old, new)
        return made

    def delete(self, context, made, properties):
        context.api("ec2").release_address(AllocationId=made.attributes["AllocationId"])


@handles("AWS::EC2::NatGateway")
class NatGateway(Ec2):
    def create(self, context, properties):
        gateway = context.api("ec2").create_nat_gateway(**pick(properties, "SubnetId", "AllocationId", "ConnectivityType"), **tagged("natgateway", properties))
        return Made(gateway["NatGateway"]["NatGatewayId"], NatGatewayId=gateway["NatGateway"]["NatGatewayId"])

    def delete(self, context, made, properties):
        context.api("ec2").delete_nat_gateway(NatGatewayId=made.id)


@handles("AWS::EC2::RouteTable")
class RouteTable(Ec2):
    def create(self, context, properties):
        table = context.api("ec2").create_route_table(VpcId=properties["VpcId"], **tagged("route-table", properties))["RouteTable"]["RouteTableId"]
        return Made(table, RouteTableId=table)

    def delete(self, context, made, properties):
        context.api("ec2").delete_route_table(RouteTableId=made.id)


@handles("AWS::EC2::Route")
class Route(Handler):
    TARGETS = ("GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "EgressOnlyInternetGatewayId", "NetworkInterfaceId", "InstanceId")

    def create(self, context, properties):
        where = pick(properties, "DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId")
        context.api("ec2").create_route(RouteTableId=properties["RouteTableId"], **where, **pick(properties, *self.TARGETS))
        [destination] = where.values()
        return Made(f"{properties['RouteTableId']}|{destination}", CidrBlock=destination)

    def update(self, context, made, old, new):
        context.api("ec2").replace_route(**pick(new, "RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock", *self.TARGETS))
        return made

    def delete(self, context, made, properties):
        context.api("ec2").delete_route(**pick(properties, "RouteTableId", "DestinationCidrBlock", "DestinationIpv6CidrBlock"))


@handles("AWS::EC2::SubnetRouteTableAssociation")
class SubnetRouteTableAssociation(Handler):
    def create(self, context, properties):
        association = context.api("ec2").associate_route_table(**pick(properties, "RouteTableId", "SubnetId"))["AssociationId"]
        return Made(association, Id=association)

    def update(self, context, made, old, new):
        return Made(context.api("ec2").replace_route_table_association(AssociationId=made.id, RouteTableId=new["RouteTableId"])["NewAssociationId"])

    def delete(self, context, made, properties):
        context.api("ec2").disassociate_route_table(AssociationId=made.id)


@handles("AWS::EC2::VPCEndpoint")
class VpcEndpoint(Ec2):
    def create(self, context, properties):
        arguments = pick(properties, "VpcId", "ServiceName", "VpcEndpointType", "SubnetIds", "SecurityGroupIds", "RouteTableIds", "PrivateDnsEnabled")
        if "PolicyDocument" in properties:
            arguments["PolicyDocument"] = json.dumps(properties["PolicyDocument"])
        endpoint = context.api("ec2").create_vpc_endpoint(**arguments, **tagged("vpc-endpoint", properties))["VpcEndpoint"]["VpcEndpointId"]
        return Made(endpoint, Id=endpoint)

    def update(self, context, made, old, new):
        def delta(name):
            return [x for x in new.get(name, []) if x not in old.get(name, [])], [x for x in old.get(name, []) if x not in new.get(name, [])]
        arguments = {}
        for name, word in (("RouteTableIds", "RouteTableIds"), ("SubnetIds", "SubnetIds"), ("SecurityGroupIds", "SecurityGroupIds")):
            add, remove = delta(name)
            arguments |= ({f"Add{word}": add} if add else {}) | ({f"Remove{word}": remove} if remove else {})
        if arguments:
            context.api("ec2").modify_vpc_endpoint(VpcEndpointId=made.id, **arguments)
        return super().update(context, made, old, new)

    def delete(self, context, made, properties):
        context.api("ec2").delete_vpc_endpoints(VpcEndpointIds=[made.id])


@handles("AWS::EC2::FlowLog")
class FlowLog(Ec2):
    def create(self, context, properties):
        log = context.api("ec2").create_flow_logs(
            ResourceIds=[properties["ResourceId"]], **pick(properties, "ResourceType", "TrafficType", "LogGroupName", "LogDestination", "LogDestinationType",
                                                           "DeliverLogsPermissionArn", "LogFormat", "MaxAggregationInterval"), **tagged("vpc-flow-log", properties))
        if log.get("Unsuccessful"):
            raise RuntimeError(log["Unsuccessful"][0]["Error"]["Message"])
        return Made(log["FlowLogIds"][0], Id=log["FlowLogIds"][0])

    def delete(self, context, made, properties):
        context.api("ec2").delete_flow_logs(FlowLogIds=[made.id])


@handles("AWS::EC2::NetworkAcl")
class NetworkAcl(Ec2):
    def create(self, context, properties):
        acl = context.api("ec2").create_network_acl(VpcId=properties["VpcId"], **tagged("network-acl", properties))["NetworkAcl"]["NetworkAclId"]
        return Made(acl, Id=acl)

    def delete(self, context, made, properties):
        context.api("ec2").delete_network_acl(NetworkAclId=made.id)


@handles("AWS::EC2::NetworkAclEntry")
class NetworkAclEntry(Handler):
    @staticmethod
    def _arguments(properties):
        entry = pick(properties, "NetworkAclId", "RuleAction", "CidrBlock", "Ipv6CidrBlock", "RuleNumber", "PortRange", IcmpTypeCode="Icmp")
        for key in ("PortRange", "IcmpTypeCode"):
            if key in entry:
                entry[key] = {k: int(v) for k, v in entry[key].items()}
        return ints(entry, "RuleNumber") | {"Protocol": str(properties["Protocol"]), "Egress": str(properties.get("Egress", False)).lower() == "true"}

    def create(self, context, properties):
        context.api("ec2").create_network_acl_entry(**self._arguments(properties))
        return Made(context.name())

    def update(self, context, made, old, new):
        context.api("ec2").replace_network_acl_entry(**self._arguments(new))
        return made

    def delete(self, context, made, properties):
        arguments = self._arguments(properties)
        context.api("ec2").delete_network_acl_entry(**pick(arguments, "NetworkAclId", "RuleNumber", "Egress"))


@handles("AWS::EC2::SubnetNetworkAclAssociation")
class SubnetNetworkAclAssociation(Handler):
    @staticmethod
    def _replace(context, subnet, acl):
        api = context.api("ec2")
        where = [{"Name": "association.subnet-id", "Values": [subnet]}]
        current = [a for x in api.describe_network_acls(Filters=where)["NetworkAcls"] for a in x["Associations"] if a["SubnetId"] == subnet]
        return api.replace_network_acl_association(AssociationId=current[0]["NetworkAclAssociationId"], NetworkAclId=acl)["NewAssociationId"]

    def create(self, context, properties):
        association = self._replace(context, properties["SubnetId"], properties["NetworkAclId"])
        return Made(association, AssociationId=association)

    def delete(self, context, made, properties):
        api = context.api("ec2")
        vpc = api.describe_subnets(SubnetIds=[properties["SubnetId"]])["Subnets"][0]["VpcId"]
        acls = api.describe_network_acls(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["NetworkAcls"]
        self._replace(context, properties["SubnetId"], next(a["NetworkAclId"] for a in acls if a["IsDefault"]))


@handles("AWS::EC2::VPCPeeringConnection")
class VpcPeeringConnection(Ec2):
    def create(self, context, properties):
        api = context.api("ec2")
        peering = api.create_vpc_peering_connection(**pick(properties, "VpcId", "PeerVpcId", "PeerOwnerId", "PeerRegion"),
                                                    **tagged("vpc-peering-connection", properties))["VpcPeeringConnection"]["VpcPeeringConnectionId"]
        if properties.get("PeerRegion", context.region) == context.region and properties.get("PeerOwnerId", context.account) == context.account:
            api.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
        return Made(peering, Id=peering)

    def delete(self, context, made, properties):
        context.api("ec2").delete_vpc_peering_connection(VpcPeeringConnectionId=made.id)


def permission(rule, outbound):
    """One rule of a template as the API's IpPermission."""
    entry = {"IpProtocol": str(rule["IpProtocol"])} | ints(pick(rule, "FromPort", "ToPort"), "FromPort", "ToPort")
    about = pick(rule, "Description")
    group = rule.get("DestinationSecurityGroupId" if outbound else "SourceSecurityGroupId")
    prefix = rule.get("DestinationPrefixListId" if outbound else "SourcePrefixListId")
    if "CidrIp" in rule:
        entry["IpRanges"] = [{"CidrIp": rule["CidrIp"]} | about]
    elif "CidrIpv6" in rule:
        entry["Ipv6Ranges"] = [{"CidrIpv6": rule["CidrIpv6"]} | about]
    elif group:
        entry["UserIdGroupPairs"] = [{"GroupId": group} | about]
    elif prefix:
        entry["PrefixListIds"] = [{"PrefixListId": prefix} | about]
    return [entry]


ALLOW_ALL = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0"}


def authorize(context, group, rule, outbound):
    api = context.api("ec2")
    (api.authorize_security_group_egress if outbound else api.authorize_security_group_ingress)(GroupId=group, IpPermissions=permission(rule, outbound))


def revoke(context, group, rule, outbound):
    api = context.api("ec2")
    (api.revoke_security_group_egress if outbound else api.revoke_security_group_ingress)(GroupId=group, IpPermissions=permission(rule, outbound))


@handles("AWS::EC2::SecurityGroup")
class SecurityGroup(Ec2):
    """A new group lets everything out. Rules in SecurityGroupEgress take the place of that; separate egress resources do not."""

    LISTS = (("SecurityGroupIngress", False), ("SecurityGroupEgress", True))

    def create(self, context, properties):
        if "VpcId" in properties:                        # moto takes any id here
            context.api("ec2").describe_vpcs(VpcIds=[properties["VpcId"]])
        group = context.api("ec2").create_security_group(GroupName=properties.get("GroupName") or context.name(255), Description=properties["GroupDescription"],
                                                         **pick(properties, "VpcId"), **tagged("security-group", properties))["GroupId"]
        try:
            self._change(context, group, {}, properties)
        except Exception:
            context.api("ec2").delete_security_group(GroupId=group)
            raise
        return Made(group, GroupId=group, Id=group, **pick(properties, "VpcId"))

    def _change(self, context, group, old, new):
        for key, outbound in self.LISTS:
            before, after = old.get(key) or [], new.get(key) or []
            if outbound:
                before, after = before or [ALLOW_ALL], after or [ALLOW_ALL]
            for rule in before:
                if rule not in after:
                    revoke(context, group, rule, outbound)
            for rule in after:
                if rule not in before:
                    authorize(context, group, rule, outbound)

    def update(self, context, made, old, new):
        self._change(context, made.id, old, new)
        return super().update(context, made, old, new)

    def delete(self, context, made, properties):
        context.api("ec2").delete_security_group(GroupId=made.id)


class SecurityGroupRule(Handler):
    outbound = False

    def create(self, context, properties):
        authorize(context, properties["GroupId"], properties, self.outbound)
        return Made(f"sgr-{context.name()}", Id=f"sgr-{context.name()}")

    def delete(self, context, made, properties):
        revoke(context, properties["GroupId"], properties, self.outbound)


@handles("AWS::EC2::SecurityGroupIngress")
class SecurityGroupIngress(SecurityGroupRule):
    outbound = False


@handles("AWS::EC2::SecurityGroupEgress")
class SecurityGroupEgress(SecurityGroupRule):
    outbound = True


@handles("AWS::EC2::LaunchTemplate")
class LaunchTemplate(Handler):
    def create(self, context, properties):
        template = context.api("ec2").create_launch_template(LaunchTemplateName=properties.get("LaunchTemplateName") or context.name(128),
                                                             LaunchTemplateData=self._data(properties))["LaunchTemplate"]
        return self._made(template["LaunchTemplateId"], 1)

    @staticmethod
    def _data(properties):
        return properties["LaunchTemplateData"]

    @staticmethod
    def _made(template, version):
        return Made(template, LaunchTemplateId=template, DefaultVersionNumber="1", LatestVersionNumber=str(version))

    def update(self, context, made, old, new):
        version = context.api("ec2").create_launch_template_version(LaunchTemplateId=made.id, LaunchTemplateData=self._data(new))
        return self._made(made.id, version["LaunchTemplateVersion"]["VersionNumber"])

    def delete(self, context, made, properties):
        context.api("ec2").delete_launch_template(LaunchTemplateId=made.id)
