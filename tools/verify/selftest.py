"""The checks can fail: what is wrong is refused, by the checkers and by the local AWS API."""

import copy
import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import lint
import local_aws
import readback
import relation
from cloud import template as tpl

SAMPLE = Path(__file__).resolve().parent / "samples" / "every_type.yaml"
VALUES = {"Domain": "shop.example.com"}


def run(report):
    checkers(report)
    api = local_aws.clients(local_aws.start())("us-east-1")
    deployments(report, api)
    refusals(report, api)
    failing_stacks(report, api)
    relations(report, api)
    ways(report, api)


def sample():
    return tpl.load(SAMPLE.read_text())


def mutated(change):
    document = sample()
    change(document["Resources"], document)
    return document


BROKEN = {
    "an unknown property": (lambda r, d: r["Network"]["Properties"].update(CidrBlok="10.0.0.0/16"), {"cfn-lint", "cloudformation-validate"}),
    "a value outside its enumeration": (lambda r, d: r["Service"]["Properties"].update(LaunchType="FARGET"), {"cfn-lint", "cloudformation-validate"}),
    "a reference to nothing": (lambda r, d: r["PublicA"]["Properties"].update(VpcId={"Ref": "Nothing"}), {"cfn-lint", "cloudformation-validate"}),
    "a missing property": (lambda r, d: r["Http"]["Properties"].pop("DefaultActions"), {"cfn-lint", "cloudformation-validate"}),
    "a text for a number": (lambda r, d: r["Service"]["Properties"].update(DesiredCount="2"), {"cfn-lint"}),
    "a subnet outside its VPC": (lambda r, d: r["PublicA"]["Properties"].update(CidrBlock="192.168.0.0/24"), {"cfn-lint"}),
    "a store without policies": (lambda r, d: (r["Database"].pop("DeletionPolicy"), r["Database"].pop("UpdateReplacePolicy")), {"cfn-lint"}),
    "a resource without tags": (lambda r, d: r["Network"]["Properties"].pop("Tags"), {"cloudformation-validate"}),
    "a rule that is switched off": (lambda r, d: d.update(Metadata={"cfn-lint": {"config": {"ignore_checks": ["W2001"]}}}), {"ignores"}),
}


def checkers(report):
    with tempfile.TemporaryDirectory() as folder:
        files = {"": SAMPLE}
        for number, (what, (change, _)) in enumerate(BROKEN.items()):
            files[what] = Path(folder) / f"broken-{number}.json"
            files[what].write_text(json.dumps(mutated(change)))
        found = [f for f in lint.findings(files.values()) if lint.fails(f)]
        report.check("the good sample template is accepted", [f for f in found if f.file == str(SAMPLE)])
        for what, (_, wanted) in BROKEN.items():
            tools = {f.tool for f in found if f.file == str(files[what].resolve())}
            report.check(f"{what} is refused by {' and '.join(sorted(wanted))}", [f"not by {tool}" for tool in sorted(wanted - tools)])


def deploy(api, stack, document, kind="CREATE", values=VALUES, **more):
    """Status of the stack and the reasons of its failed events; for a change set without changes, its reason."""
    cloudformation = api("cloudformation")
    body = {"TemplateBody": json.dumps(document)} if "TemplateURL" not in more else {}
    parameters = [{"ParameterKey": k, "ParameterValue": v} for k, v in values.items() if k in document.get("Parameters", {})]
    arguments = body | {"Capabilities": ["CAPABILITY_NAMED_IAM"], "Parameters": parameters} | more
    made = cloudformation.create_change_set(StackName=stack, ChangeSetName=f"c{time.monotonic_ns()}", ChangeSetType=kind, **arguments)
    described = [page for page in _pages(cloudformation.describe_change_set, "NextToken", ChangeSetName=made["Id"])]
    if described[0]["Status"] == "FAILED":
        return described[0]["StatusReason"], [], {}
    changes = {c["ResourceChange"]["LogicalResourceId"]: (c["ResourceChange"]["Action"], c["ResourceChange"].get("Replacement")) for page in described for c in page["Changes"]}
    cloudformation.execute_change_set(ChangeSetName=made["Id"])
    while (state := cloudformation.describe_stacks(StackName=stack)["Stacks"][0])["StackStatus"].endswith("IN_PROGRESS"):
        time.sleep(0.05)
    events = [e for page in cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack) for e in page["StackEvents"]]
    failed = [(e["LogicalResourceId"], e.get("ResourceStatusReason", "")) for e in reversed(events) if e["ResourceStatus"].endswith("_FAILED")]
    return state["StackStatus"], failed, changes


def _pages(call, token, **arguments):
    page = call(**arguments)
    yield page
    while page.get(token):
        page = call(**arguments, **{token: page[token]})
        yield page


def equal(wanted, found):
    return [] if wanted == found else [f"wanted {wanted}", f"found  {found}"]


def deployments(report, api):
    document = sample()
    report.check("a resource of every type can be made", equal(("CREATE_COMPLETE", []), deploy(api, "every", document)[:2]))
    deployed = readback.Deployment(api, "every", document)
    for what, check in readback.CHECKS.items():
        report.check(f"read back: {what}", check(deployed))
    api("s3").create_bucket(Bucket="large")
    large = document | {"Description": "x" * 1000, "Mappings": {"Filler": {f"Key{n}": {"Value": "x" * 900} for n in range(60)}}}
    api("s3").put_object(Bucket="large", Key="a/b.json", Body=json.dumps(large).encode())
    for url in (f"{api('s3').meta.endpoint_url}/large/a/b.json", "https://large.s3.us-east-1.amazonaws.com/a/b.json", "https://s3.us-east-1.amazonaws.com/large/a/b.json"):
        report.check(f"a template of {len(json.dumps(large))} bytes is taken from {url.split('//')[1].split(':')[0]}",
                     equal("The submitted information", deploy(api, "every", large, "UPDATE", TemplateURL=url)[0][:25]))
    report.check("nothing changed", equal("The submitted information didn't contain changes. Submit different information to create a change set.",
                                          deploy(api, "every", document, "UPDATE")[0]))
    status, failed, changes = deploy(api, "every", document, "UPDATE", VALUES | {"ImageTag": "1.28"})
    report.check("a new image tag replaces the task definition and changes the service",
                 equal(("UPDATE_COMPLETE", [], {"Task": ("Modify", "True"), "Service": ("Modify", "False")}), (status, failed, changes)))
    status, failed, changes = deploy(api, "every", document, "UPDATE", VALUES | {"ImageTag": "1.28", "WithTopic": "yes"})
    report.check("a condition adds a resource", equal(("UPDATE_COMPLETE", {"Topic": ("Add", None), "Alarm": ("Modify", "False")}), (status, changes)))
    status, failed, changes = deploy(api, "every", document, "UPDATE", VALUES | {"ImageTag": "1.28"})
    report.check("and removes it", equal(("UPDATE_COMPLETE", {"Topic": ("Remove", None), "Alarm": ("Modify", "False")}), (status, changes)))

    broken = copy.deepcopy(document)
    broken["Resources"]["FlowLogGroup"]["Properties"]["RetentionInDays"] = 7
    broken["Resources"]["Extra"] = {"Type": "AWS::EC2::Subnet", "DependsOn": "FlowLogGroup", "Properties": {"VpcId": {"Ref": "Network"}, "CidrBlock": "172.16.0.0/24"}}
    status, failed, _ = deploy(api, "every", broken, "UPDATE", VALUES | {"ImageTag": "1.28"})
    report.check("a failed update is rolled back", equal(("UPDATE_ROLLBACK_COMPLETE", ["Extra"]), (status, [name for name, _ in failed])))
    group = readback.Deployment(api, "every", document).ids["FlowLogGroup"]
    kept = api("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"][0]["retentionInDays"]
    report.check("and leaves things as they were", equal(30, kept))

    ec2 = api("ec2")
    ec2.authorize_security_group_ingress(GroupId=deployed.ids["DatabaseGroup"], IpPermissions=[{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    ec2.delete_route(RouteTableId=deployed.ids["PrivateTable"], DestinationCidrBlock="0.0.0.0/0")
    later = readback.Deployment(api, "every", document)
    report.check("a rule made behind the stack's back is seen", equal(1, len(list(readback.security_groups(later)))))
    report.check("a route that is gone is seen", equal(1, len(list(readback.routes(later)))))


def refusals(report, api):
    def refused(what, wanted, document=None, **more):
        try:
            found = str(deploy(api, "refused", document or {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}, **more))
        except api("cloudformation").exceptions.ClientError as error:
            found = str(error)
        report.check(f"refused at once: {what}", [] if wanted in found else [f"wanted {wanted}", f"found  {found}"])

    topic = {"Type": "AWS::SNS::Topic"}
    refused("a reference to nothing", "Unresolved resource dependencies [Nothing]", {"Resources": {"A": topic | {"DependsOn": "Nothing"}}})
    refused("a circle", "Circular dependency between resources: [", {"Resources": {"A": topic | {"DependsOn": "B"}, "B": topic | {"DependsOn": "A"}}})
    refused("a type that does not exist", "Unrecognized resource types: [AWS::EC2::Nope]", {"Resources": {"A": {"Type": "AWS::EC2::Nope"}}})
    refused("a parameter without a value", "Parameters: [Domain] must have values", sample(), values={})
    refused("a value that is not allowed", "must be one of AllowedValues", sample(), values=VALUES | {"WithTopic": "maybe"})
    refused("IAM without leave", "Requires capabilities : [CAPABILITY_IAM]", sample(), Capabilities=[])
    refused("a template that is too long", "less than or equal to 51200", TemplateBody=json.dumps({"Description": "x" * 60_000, "Resources": {"Topic": topic}}))
    refused("an update of a stack that is not there", "does not exist", kind="UPDATE")


FAILING = {
    "a subnet outside its VPC": ("Subnet", {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "192.168.0.0/24"}}}, "InvalidSubnet.Range"),
    "overlapping subnets": ("B", {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "A": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
        "B": {"Type": "AWS::EC2::Subnet", "DependsOn": "A", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.128/25"}}}, "InvalidSubnet.Conflict"),
    "a VPC that does not exist": ("Group", {"Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x", "VpcId": "vpc-0123456789abcdef0"}}}, "InvalidVpcID.NotFound"),
    "the same rule twice": ("Second", {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "x", "VpcId": {"Ref": "Vpc"}}},
        "First": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": {"GroupId": {"Ref": "Group"}, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/16"}},
        "Second": {"Type": "AWS::EC2::SecurityGroupIngress", "DependsOn": "First",
                   "Properties": {"GroupId": {"Ref": "Group"}, "IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": "10.0.0.0/16"}}}, "InvalidPermission.Duplicate"),
    "a log group that exists already": ("Logs", {"Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/taken"}}}, "ResourceAlreadyExistsException"),
    "a bucket that exists already": ("Files", {"Files": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "taken"}}}, "already exists"),
    "a replica of a database whose password RDS keeps": ("Replica", {
        "Database": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "DBInstanceClass": "db.t4g.medium", "AllocatedStorage": "20",
                                                                    "BackupRetentionPeriod": 1, "MasterUsername": "app_user", "ManageMasterUserPassword": True}},
        "Replica": {"Type": "AWS::RDS::DBInstance", "Properties": {"SourceDBInstanceIdentifier": {"Ref": "Database"}, "DBInstanceClass": "db.t4g.medium"}}}, "ManageMasterUserPassword"),
    "a password that the secret does not have": ("Database", {
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"GenerateSecretString": {"GenerateStringKey": "key", "SecretStringTemplate": "{}"}}},
        "Database": {"Type": "AWS::RDS::DBInstance", "Properties": {"Engine": "postgres", "DBInstanceClass": "db.t4g.medium", "AllocatedStorage": "20", "MasterUsername": "app_user",
                                                                    "MasterUserPassword": {"Fn::Sub": "{{resolve:secretsmanager:${Secret}:SecretString:password}}"}}}}, "JSONKey"),
    "an unknown property": ("Vpc", {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlok": "10.0.0.0/16"}}}, "extraneous key [CidrBlok] is not permitted"),
    "an attribute that does not exist": ("Topic", {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
                                                  "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": {"Fn::GetAtt": ["Vpc", "Nope"]}}}}, "does not support attribute type Nope"),
}


def failing_stacks(report, api):
    api("logs").create_log_group(logGroupName="/taken")
    api("s3").create_bucket(Bucket="taken")
    for number, (what, (culprit, resources, cause)) in enumerate(FAILING.items()):
        before = len(api("ec2").describe_vpcs()["Vpcs"])
        status, failed, _ = deploy(api, f"failing-{number}", {"Resources": resources})
        problems = equal(("ROLLBACK_COMPLETE", [culprit]), (status, [name for name, _ in failed]))
        problems += [f"the cause should say {cause}: {failed}"] if not any(cause in reason for _, reason in failed) else []
        problems += equal(before, len(api("ec2").describe_vpcs()["Vpcs"]))
        report.check(f"fails and is rolled back: {what}", problems)


def network(api):
    """A web server on the internet and a database behind network ACLs, made call by call."""
    ec2 = api("ec2")

    def named(kind, name):
        return {"TagSpecifications": [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": f"shop/{name}"}]}]}
    ids = {"vpc": ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]}
    for name, block in (("public", "10.9.0.0/24"), ("private", "10.9.1.0/24")):
        ids[name] = ec2.create_subnet(VpcId=ids["vpc"], CidrBlock=block)["Subnet"]["SubnetId"]
        ids[f"{name}-table"] = ec2.create_route_table(VpcId=ids["vpc"])["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=ids[f"{name}-table"], SubnetId=ids[name])
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=ids["vpc"])
    ec2.create_route(RouteTableId=ids["public-table"], DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)

    ids["acl"] = ec2.create_network_acl(VpcId=ids["vpc"])["NetworkAcl"]["NetworkAclId"]
    for outbound, low, high in ((False, 5000, 6000), (True, 1024, 65535)):
        ec2.create_network_acl_entry(NetworkAclId=ids["acl"], Egress=outbound, RuleNumber=100, Protocol="6", RuleAction="allow", CidrBlock="10.9.0.0/24", PortRange={"From": low, "To": high})
    current = next(a for acl in ec2.describe_network_acls()["NetworkAcls"] for a in acl["Associations"] if a["SubnetId"] == ids["private"])
    ec2.replace_network_acl_association(AssociationId=current["NetworkAclAssociationId"], NetworkAclId=ids["acl"])

    for name in ("web", "store", "spare"):
        ids[name] = ec2.create_security_group(GroupName=name, Description=name, VpcId=ids["vpc"])["GroupId"]
    ids["rule"] = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5433, "UserIdGroupPairs": [{"GroupId": ids["web"]}]}
    ec2.authorize_security_group_ingress(GroupId=ids["store"], IpPermissions=[ids["rule"]])
    ec2.authorize_security_group_ingress(GroupId=ids["web"], IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
    for name, subnet, public in (("web", "public", True), ("store", "private", False)):
        card = {"DeviceIndex": 0, "SubnetId": ids[subnet], "Groups": [ids[name]], "AssociatePublicIpAddress": public}
        made = ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1, NetworkInterfaces=[card], **named("instance", name))["Instances"][0]
        ids[f"{name}-card"] = made["NetworkInterfaces"][0]["NetworkInterfaceId"]
    return ids


def row(one, other, protocol="all", ports="all", via=None, family="ipv4"):
    return {"from": one, "to": other, "protocol": protocol, "ports": ports, "family": family, "reachable": "yes" if via else "no", "via": via or []}


# what gets through in it, by AWS's rules: `web` sends anything, but the network ACL lets in 5000 to 6000 only, and the group 5432 and 5433
EXPECTED = [
    row("web", "store", "tcp", "5432-5433", ["local"]),
    row("internet", "web", "tcp", "443", ["internet gateway"]),
    row("web", "internet", via=["internet gateway"]),
    row("web", "web", "tcp", "443", ["local"]),
    row("store", "web"), row("store", "internet"), row("internet", "store"),
]
BREAKS = {
    "a rule that was removed": ("web -> store", lambda ec2, ids: ec2.revoke_security_group_ingress(GroupId=ids["store"], IpPermissions=[ids["rule"]])),
    "a network ACL that blocks the answers": ("web -> store", lambda ec2, ids: ec2.replace_network_acl_entry(
        NetworkAclId=ids["acl"], Egress=True, RuleNumber=100, Protocol="6", RuleAction="allow", CidrBlock="10.9.0.0/24", PortRange={"From": 1024, "To": 32767})),
    "a route that is missing": ("internet -> web", lambda ec2, ids: ec2.delete_route(RouteTableId=ids["public-table"], DestinationCidrBlock="0.0.0.0/0")),
    "a group that is attached to nothing": ("web -> store", lambda ec2, ids: ec2.modify_network_interface_attribute(NetworkInterfaceId=ids["store-card"], Groups=[ids["spare"]])),
    "a rule that lets too much in": ("internet -> web", lambda ec2, ids: ec2.authorize_security_group_ingress(
        GroupId=ids["web"], IpPermissions=[{"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])),
}


def relations(report, api):
    """The relation is what was worked out by hand, and notices what is changed behind its back."""
    def compared(listed=None):
        found = relation.relation(relation.Network(api))
        said = json.dumps("".join(json.dumps(r) + "\n" for r in (EXPECTED if listed is None else listed)))
        return relation.compare(found, [sys.executable, "-c", f"print({said}, end='')"])
    for what, (wanted, change) in {"": ("", None), **BREAKS}.items():
        urllib.request.urlopen(urllib.request.Request(f"{api('ec2').meta.endpoint_url}/moto-api/reset", method="POST")).read()
        ids = network(api)
        if change is None:
            report.check("relation: as worked out by hand", compared())
            continue
        change(api("ec2"), ids)
        problems = compared()
        report.check(f"relation: {what} is noticed", [] if any(p.startswith(wanted) for p in problems) else [f"no difference for {wanted}", *problems])
    report.check("relation: a row that is missing is noticed", [] if compared(EXPECTED[1:]) else ["it is not"])
    report.check("relation: a command that fails is noticed", [] if relation.compare({}, [sys.executable, "-c", "raise SystemExit(2)"]) else ["it is not"])
    both = [row("a", "b", "tcp", "80", ["local"]), row("a", "b", "tcp", "81-90", ["local"]), row("a", "b", "icmp", "8", ["local"]), row("a", "b", "icmp", "9/0", ["local"])]
    again = relation.rows(relation.normalised(both)[0])
    report.check("relation: rows that touch are one", equal([("icmp", "8/0-9/0"), ("tcp", "80-90")], sorted((r["protocol"], r["ports"]) for r in again)))
    report.check("relation: written and read again it is the same", relation.differences(relation.normalised(again)[0], relation.normalised(both)[0]))


def two_networks(api):
    """Two peered VPCs: `a` and `quiet` (behind a NAT gateway in a's subnet) in the one, `b` in the other; IPv6 for `a`."""
    ec2, ids = api("ec2"), {}

    def named(kind, name):
        return {"TagSpecifications": [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": f"shop/{name}"}]}]}
    for n, block in (("a", "10.1.0.0/16"), ("b", "10.2.0.0/16")):
        ids[n] = ec2.create_vpc(CidrBlock=block, AmazonProvidedIpv6CidrBlock=n == "a")["Vpc"]["VpcId"]
        ids[f"{n}-group"] = ec2.create_security_group(GroupName=n, Description=n, VpcId=ids[n])["GroupId"]
    six = ec2.describe_vpcs(VpcIds=[ids["a"]])["Vpcs"][0]["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"].replace("/56", "/64")
    for n, vpc, block, more in (("a-subnet", "a", "10.1.0.0/24", {"Ipv6CidrBlock": six}), ("quiet-subnet", "a", "10.1.1.0/24", {}), ("b-subnet", "b", "10.2.0.0/24", {})):
        ids[n] = ec2.create_subnet(VpcId=ids[vpc], CidrBlock=block, **more)["Subnet"]["SubnetId"]
        ids[f"{n}-table"] = ec2.create_route_table(VpcId=ids[vpc])["RouteTable"]["RouteTableId"]
        ec2.associate_route_table(RouteTableId=ids[f"{n}-table"], SubnetId=ids[n])
    ec2.modify_subnet_attribute(SubnetId=ids["a-subnet"], AssignIpv6AddressOnCreation={"Value": True})
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=ids["a"])
    out = ec2.create_egress_only_internet_gateway(VpcId=ids["a"])["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"]
    nat = ec2.create_nat_gateway(SubnetId=ids["a-subnet"], AllocationId=ec2.allocate_address(Domain="vpc")["AllocationId"])["NatGateway"]["NatGatewayId"]
    peering = ec2.create_vpc_peering_connection(VpcId=ids["a"], PeerVpcId=ids["b"], **named("vpc-peering-connection", "link/peering"))["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    for table, destination, target in (("a-subnet", "0.0.0.0/0", {"GatewayId": gateway}), ("a-subnet", "::/0", {"EgressOnlyInternetGatewayId": out}), ("quiet-subnet", "0.0.0.0/0", {"NatGatewayId": nat}),
                                       ("a-subnet", "10.2.0.0/16", {"VpcPeeringConnectionId": peering}), ("b-subnet", "10.1.0.0/24", {"VpcPeeringConnectionId": peering})):
        ec2.create_route(RouteTableId=ids[f"{table}-table"], **{"DestinationIpv6CidrBlock" if ":" in destination else "DestinationCidrBlock": destination}, **target)
    for group, port, peer in (("b", 80, {"UserIdGroupPairs": [{"GroupId": ids["a-group"]}]}), ("a", 22, {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]})):
        ec2.authorize_security_group_ingress(GroupId=ids[f"{group}-group"], IpPermissions=[{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **peer}])
    acl = ec2.create_network_acl(VpcId=ids["a"])["NetworkAcl"]["NetworkAclId"]
    for count, (outbound, low, high, where) in enumerate(((False, 443, 443, "CidrBlock"), (False, 1024, 65535, "CidrBlock"), (True, 1, 65535, "CidrBlock"), (False, 1, 65535, "Ipv6CidrBlock"), (True, 1, 65535, "Ipv6CidrBlock"))):
        ec2.create_network_acl_entry(NetworkAclId=acl, Egress=outbound, RuleNumber=100 + count, Protocol="6", RuleAction="allow", PortRange={"From": low, "To": high},
                                     **{where: "::/0" if where.startswith("Ipv6") else "0.0.0.0/0"})
    current = next(a for x in ec2.describe_network_acls()["NetworkAcls"] for a in x["Associations"] if a["SubnetId"] == ids["a-subnet"])
    ec2.replace_network_acl_association(AssociationId=current["NetworkAclAssociationId"], NetworkAclId=acl)
    for n, group in (("a", "a"), ("quiet", "a"), ("b", "b")):
        card = {"DeviceIndex": 0, "SubnetId": ids[f"{n}-subnet"], "Groups": [ids[f"{group}-group"]]}
        ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1, NetworkInterfaces=[card], **named("instance", f"{n}/instance"))
    return ids | {"gateway": gateway}


def ways(report, api):
    """Peerings, NAT gateways and IPv6: what gets through, and nothing else."""
    def through():
        found = relation.rows(relation.relation(relation.Network(api)))
        return sorted(f"{r['from']} -> {r['to']} {r['family']} {r['protocol']} {r['ports']} by {r['via'][0]}" for r in found if r["reachable"] == "yes")
    urllib.request.urlopen(urllib.request.Request(f"{api('ec2').meta.endpoint_url}/moto-api/reset", method="POST")).read()
    ids = two_networks(api)
    # b's table knows a's subnet only, and the ACL of the NAT gateway's subnet lets in 443 and the ports of answers
    both = ["a -> a ipv6 tcp 22 by local", "a -> b ipv4 tcp 80 by peering link",
            "quiet -> internet ipv4 tcp 1024-65535 by nat gateway", "quiet -> internet ipv4 tcp 443 by nat gateway"]
    report.check("relation: peering, NAT gateway and egress-only gateway", equal(sorted([*both, "a -> internet ipv6 tcp 1-65535 by egress-only internet gateway"]), through()))
    api("ec2").delete_route(RouteTableId=ids["a-subnet-table"], DestinationIpv6CidrBlock="::/0")
    api("ec2").create_route(RouteTableId=ids["a-subnet-table"], DestinationIpv6CidrBlock="::/0", GatewayId=ids["gateway"])
    report.check("relation: IPv6 by the internet gateway goes both ways", equal(
        sorted([*both, "a -> internet ipv6 tcp 1-65535 by internet gateway", "internet -> a ipv6 tcp 22 by internet gateway"]), through()))
