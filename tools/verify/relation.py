"""Who reaches whom, worked out from what is deployed, against what `archgen reach --all` says.

Everything is read back through the APIs of EC2, ELB, ECS, RDS and so on, and decided by brute force: every interface, in
every subnet it may stand in, at one address of each class that some rule, entry or route tells apart, sends one packet of
each class of protocol and port to every other. It shares nothing with archgen, neither code nor data.

The relation, one row (a JSON object on a line) per ordered pair of endpoints, family, way and maximal range of ports:

* it holds what *some* placement of the two can use, when answers come back to *some* port of the client's own;
* the endpoints are declarations, by the name their tag has, and `internet`; a row from an endpoint to itself exists only
  when something gets through, a pair and family for which nothing does has one row with `"reachable": "no"`;
* within a VPC and over peerings endpoints go by their private addresses; what they send to public addresses is `internet`;
* a chain through a load balancer has a row of its own: the load balancer as `via`, the *target's* port as `ports`.
"""

import json
import subprocess
from collections import namedtuple
from functools import cache
from ipaddress import ip_network

TCP, UDP, ICMP, ICMPV6 = 6, 17, 1, 58
NAMES = {TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPV6: "icmpv6"}
NUMBERS = {name: number for number, name in NAMES.items()}
TOP = 65535                                              # of ports; ICMP's types and codes are numbered type * 256 + code
LINUX, ANY = (32768, 60999), (1024, TOP)                 # the ports that clients open connections from
# requests and their answers: echo, timestamp, address mask, information; echo in ICMPv6
REPLIES = {(ICMP, 8): 0, (ICMP, 13): 14, (ICMP, 17): 18, (ICMP, 15): 16, (ICMPV6, 128): 129}
NOT_PUBLIC = [ip_network(n) for n in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3")]
GLOBAL = {"ipv4": ip_network("0.0.0.0/0"), "ipv6": ip_network("2000::/3")}
FAMILIES = {"ipv4": 4, "ipv6": 6}

# `groups` is None where no group filters; `public` and `ipv6` are None where the subnet decides; `subnet` and `vpc` are None on the internet
Interface = namedtuple("Interface", "name subnets groups public ipv6 client_ports")
Place = namedtuple("Place", "name vpc subnet address groups public client_ports")
Rule = namedtuple("Rule", "protocol low high network group")
Entry = namedtuple("Entry", "allow rule")
Listener = namedtuple("Listener", "balancer protocol port target target_port")


class NotModelled(Exception):
    """Something is deployed that this script does not know; silence would be wrong."""


def every(api, service, operation, key, **arguments):
    client = api(service)
    if not client.can_paginate(operation):
        return getattr(client, operation)(**arguments)[key]
    return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[key]]


def tag(tags):
    return next((t.get("Value", t.get("value")) for t in tags or [] if t.get("Key", t.get("key")) == "Name"), "")


def owner(tags, store=False):
    """The declaration that something is of; of a tenant's `POOL.TENANT`, and its stores by their own names: `POOL.TENANT.database`."""
    name = tag(tags)
    if not any(t.get("Key", t.get("key")) == "tenant" for t in tags or []):
        return declaration(name)
    return ".".join(name.split("/")[1:4 if store else 3])


def declaration(name):
    """`shop-production/api/service` belongs to `api`, an endpoint of the VPC `network` for ECR is `network.ecr_api`."""
    parts = name.split("/")
    if len(parts) > 3 and parts[2] == "endpoint":
        return f"{parts[1]}.{parts[3]}"
    return parts[1] if len(parts) > 1 else name


def span(protocol, low, high):
    """Numbers of ports, or of ICMP types and codes; EC2 gives a type and a code for ICMP, and -1 for all."""
    if protocol in (ICMP, ICMPV6):
        if low in (None, -1):
            return 0, TOP
        return (low * 256, low * 256 + 255) if high in (None, -1) else (low * 256 + high, low * 256 + high)
    if protocol not in (TCP, UDP) or low in (None, -1):
        return 0, TOP                                    # other protocols have no ports, whatever the rule says
    return low, high


def number(protocol):
    return NUMBERS.get(str(protocol).lower()) or int(protocol)


class Network:
    """What the API says is there."""

    def __init__(self, api, deployed=None):
        self.api = api
        self.vpcs, self.gateways, self.peerings = {}, {}, {}
        for v in every(api, "ec2", "describe_vpcs", "Vpcs"):
            blocks = [a["CidrBlock"] for a in v.get("CidrBlockAssociationSet", [])] or [v["CidrBlock"]]
            self.vpcs[v["VpcId"]] = [ip_network(b) for b in blocks + [a["Ipv6CidrBlock"] for a in v.get("Ipv6CidrBlockAssociationSet", [])]]
        for gateway in every(api, "ec2", "describe_internet_gateways", "InternetGateways"):
            self.gateways[gateway["InternetGatewayId"]] = {a["VpcId"] for a in gateway["Attachments"]}
        for gateway in every(api, "ec2", "describe_egress_only_internet_gateways", "EgressOnlyInternetGateways"):
            self.gateways[gateway["EgressOnlyInternetGatewayId"]] = {a["VpcId"] for a in gateway["Attachments"]}
        for p in every(api, "ec2", "describe_vpc_peering_connections", "VpcPeeringConnections"):
            if p["Status"]["Code"] == "active":
                self.peerings[p["VpcPeeringConnectionId"]] = (declaration(tag(p.get("Tags"))), p["RequesterVpcInfo"], p["AccepterVpcInfo"])
        self.nats = {n["NatGatewayId"]: n for n in every(api, "ec2", "describe_nat_gateways", "NatGateways") if n["State"] == "available"}
        self.lists = {}
        for l in every(api, "ec2", "describe_managed_prefix_lists", "PrefixLists"):
            own = l["OwnerId"] != "AWS"                  # those of AWS hold addresses of its services, which are no endpoints here
            self.lists[l["PrefixListId"]] = [ip_network(e["Cidr"]) for e in every(api, "ec2", "get_managed_prefix_list_entries", "Entries", PrefixListId=l["PrefixListId"])] if own else []
        self._subnets()
        self.groups = {g["GroupId"]: {True: self._rules(g["IpPermissionsEgress"]), False: self._rules(g["IpPermissions"])} for g in every(api, "ec2", "describe_security_groups", "SecurityGroups")}
        self.interfaces, self.listeners = [], []
        self._interfaces(deployed)
        self.networks = {n for blocks in self.vpcs.values() for n in blocks} | {n for s in self.subnets.values() for n in s["blocks"]} | set(NOT_PUBLIC)
        self.networks |= {n for t in self.tables.values() for n, _ in t} | {e.rule.network for a in self.acls.values() for es in a.values() for e in es}
        self.networks |= {r.network for g in self.groups.values() for rs in g.values() for r in rs if r.network}

    def _subnets(self):
        """Subnets with their route table and network ACL; the VPC's main table and default ACL where nothing is associated."""
        tables = every(self.api, "ec2", "describe_route_tables", "RouteTables")
        acls = every(self.api, "ec2", "describe_network_acls", "NetworkAcls")
        self.tables, self.acls, self.subnets = {t["RouteTableId"]: self._routes(t) for t in tables}, {}, {}
        for a in acls:
            self.acls[a["NetworkAclId"]] = entries = {True: [], False: []}
            for e in sorted(a["Entries"], key=lambda e: int(e["RuleNumber"])):
                protocol, ports, icmp = number(e["Protocol"]), e.get("PortRange", {}), e.get("IcmpTypeCode", {})
                low, high = span(protocol, icmp.get("Type", ports.get("From")), icmp.get("Code", ports.get("To")))
                entries[e["Egress"]].append(Entry(e["RuleAction"] == "allow", Rule(protocol, low, high, ip_network(e.get("CidrBlock") or e["Ipv6CidrBlock"], strict=False), None)))
            # AWS adds entry 101 for ::/0 to the default ACL of a VPC that gets an IPv6 block; the local API does not
            if a["IsDefault"] and any(b.version == 6 for b in self.vpcs[a["VpcId"]]):
                for found in entries.values():
                    found.append(Entry(True, Rule(-1, 0, TOP, ip_network("::/0"), None)))
        for s in every(self.api, "ec2", "describe_subnets", "Subnets"):
            mine = [t for t in tables if any(a.get("SubnetId") == s["SubnetId"] for a in t["Associations"])]
            main = [t for t in tables if t["VpcId"] == s["VpcId"] and any(a.get("Main") for a in t["Associations"])]
            acl = [a for a in acls if any(x["SubnetId"] == s["SubnetId"] for x in a["Associations"])] or [a for a in acls if a["VpcId"] == s["VpcId"] and a["IsDefault"]]
            v6 = [a["Ipv6CidrBlock"] for a in s.get("Ipv6CidrBlockAssociationSet", []) if "disassociat" not in str(a["Ipv6CidrBlockState"])]
            self.subnets[s["SubnetId"]] = {"vpc": s["VpcId"], "blocks": [ip_network(b) for b in [s["CidrBlock"], *v6]], "table": (mine or main)[0]["RouteTableId"],
                                           "acl": acl[0]["NetworkAclId"], "public": s.get("MapPublicIpOnLaunch", False), "ipv6": s.get("AssignIpv6AddressOnCreation", False)}

    def _routes(self, table):
        routes = [(block, "local") for block in self.vpcs[table["VpcId"]]]
        for r in table["Routes"]:
            target = next((r[k] for k in ("GatewayId", "NatGatewayId", "EgressOnlyInternetGatewayId", "VpcPeeringConnectionId", "TransitGatewayId", "NetworkInterfaceId", "InstanceId", "CarrierGatewayId") if r.get(k)), None)
            if target == "local":
                continue
            blocks = [r.get("DestinationCidrBlock") or r.get("DestinationIpv6CidrBlock")] if not r.get("DestinationPrefixListId") else self.lists.get(r["DestinationPrefixListId"], [])
            routes += [(ip_network(b, strict=False), "nowhere" if r.get("State") == "blackhole" else target) for b in blocks]
        return routes

    def _rules(self, permissions):
        found = []
        for p in permissions:
            protocol = number(p["IpProtocol"])
            low, high = span(protocol, p.get("FromPort"), p.get("ToPort"))
            blocks = [r["CidrIp"] for r in p.get("IpRanges", [])] + [r["CidrIpv6"] for r in p.get("Ipv6Ranges", [])]
            blocks += [n for l in p.get("PrefixListIds", []) for n in self.lists.get(l["PrefixListId"], [])]
            found += [Rule(protocol, low, high, ip_network(b, strict=False), None) for b in blocks]
            found += [Rule(protocol, low, high, None, g["GroupId"]) for g in p.get("UserIdGroupPairs", [])]
        return found

    def _interfaces(self, deployed):
        def add(name, subnets, groups, public=False, ipv6=None, ports=ANY):
            self.interfaces.append(Interface(name, tuple(subnets), None if groups is None else frozenset(groups), public, ipv6, ports))
        api, targets = self.api, {}
        for l in every(api, "elbv2", "describe_load_balancers", "LoadBalancers"):
            name = declaration(tag(api("elbv2").describe_tags(ResourceArns=[l["LoadBalancerArn"]])["TagDescriptions"][0]["Tags"]))
            groups = l.get("SecurityGroups") or (None if l["Type"] == "network" else [])
            add(name, [z["SubnetId"] for z in l["AvailabilityZones"]], groups, l["Scheme"] == "internet-facing", l.get("IpAddressType", "").startswith("dualstack"))
            for listener in every(api, "elbv2", "describe_listeners", "Listeners", LoadBalancerArn=l["LoadBalancerArn"]):
                rules = every(api, "elbv2", "describe_rules", "Rules", ListenerArn=listener["ListenerArn"])
                for action in [a for r in rules for a in r["Actions"]] + listener["DefaultActions"]:
                    arns = [g["TargetGroupArn"] for g in action.get("ForwardConfig", {}).get("TargetGroups", []) if g.get("Weight", 1)] or [a for a in [action.get("TargetGroupArn")] if a]
                    for arn in arns:
                        targets.setdefault(arn, set()).add((name, UDP if listener["Protocol"] == "UDP" else TCP, listener["Port"]))

        def forward(arn, name, port):
            for balancer, protocol, listens in targets.get(arn, ()):
                self.listeners.append(Listener(balancer, protocol, listens, name, port))
        for cluster in every(api, "ecs", "list_clusters", "clusterArns"):
            for arn in every(api, "ecs", "list_services", "serviceArns", cluster=cluster):
                s = api("ecs").describe_services(cluster=cluster, services=[arn], include=["TAGS"])["services"][0]
                name, network = owner(s.get("tags")), s.get("networkConfiguration", {}).get("awsvpcConfiguration")
                if network:                              # otherwise the tasks share the interfaces of their instances
                    add(name, network["subnets"], network.get("securityGroups", []), network.get("assignPublicIp") == "ENABLED", ports=LINUX)
                for balancer in s.get("loadBalancers", []):
                    forward(balancer["targetGroupArn"], name, balancer["containerPort"])
        for g in every(api, "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"):
            template = g.get("LaunchTemplate") or g["MixedInstancesPolicy"]["LaunchTemplate"]["LaunchTemplateSpecification"]
            data = api("ec2").describe_launch_template_versions(LaunchTemplateId=template["LaunchTemplateId"], Versions=[template.get("Version", "$Default")])["LaunchTemplateVersions"][0]["LaunchTemplateData"]
            cards, subnets = data.get("NetworkInterfaces", []), g["VPCZoneIdentifier"].split(",")
            public = cards[0].get("AssociatePublicIpAddress") if cards else None
            add(declaration(tag(g["Tags"])), subnets, data.get("SecurityGroupIds") or [i for c in cards for i in c.get("Groups", [])], public, ports=LINUX)
            for arn in g.get("TargetGroupARNs", []):
                forward(arn, declaration(tag(g["Tags"])), every(api, "elbv2", "describe_target_groups", "TargetGroups", TargetGroupArns=[arn])[0]["Port"])
        for i in [i for r in every(api, "ec2", "describe_instances", "Reservations") for i in r["Instances"] if i["State"]["Name"] == "running"]:
            if not any(t["Key"] == "aws:autoscaling:groupName" for t in i.get("Tags", [])):
                for card in i["NetworkInterfaces"]:
                    add(declaration(tag(i.get("Tags"))), [card["SubnetId"]], [g["GroupId"] for g in card["Groups"]], bool(i.get("PublicIpAddress")), True if card.get("Ipv6Addresses") else None, LINUX)
        own = {t["Value"]: g["GroupId"] for g in every(api, "ec2", "describe_security_groups", "SecurityGroups") for t in g.get("Tags", []) if t["Key"] == "Name"}
        for cluster in every(api, "eks", "list_clusters", "clusters"):
            c = api("eks").describe_cluster(name=cluster)["cluster"]
            network, name = c["resourcesVpcConfig"], declaration(c["tags"].get("Name", cluster))
            add(f"{name}.api", network["subnetIds"], [own[f"eks-cluster-sg-{cluster}"], *network.get("securityGroupIds", [])])
            for group in every(api, "eks", "list_nodegroups", "nodegroups", clusterName=cluster):
                n = api("eks").describe_nodegroup(clusterName=cluster, nodegroupName=group)["nodegroup"]
                data = api("ec2").describe_launch_template_versions(LaunchTemplateId=n["launchTemplate"]["id"], Versions=["$Latest"])["LaunchTemplateVersions"][0]["LaunchTemplateData"]
                groups = data.get("SecurityGroupIds") or [i for k in data.get("NetworkInterfaces", []) for i in k.get("Groups", [])] or [own[f"eks-cluster-sg-{cluster}"]]
                add(declaration(n["tags"].get("Name", group)), n["subnets"], groups, None, ports=LINUX)
        databases = {d["DBInstanceIdentifier"]: d for d in every(api, "rds", "describe_db_instances", "DBInstances")}
        for d in databases.values():                     # a replica without a subnet group stands in its source's
            source = databases.get(d.get("ReadReplicaSourceDBInstanceIdentifier", "").split(":")[-1], {})
            group = d.get("DBSubnetGroup") or source.get("DBSubnetGroup") or {"Subnets": []}
            add(owner(d["TagList"], store=True), [s["SubnetIdentifier"] for s in group["Subnets"]], [g["VpcSecurityGroupId"] for g in d["VpcSecurityGroups"]], d["PubliclyAccessible"])
        caches = {g["CacheSubnetGroupName"]: [s["SubnetIdentifier"] for s in g["Subnets"]] for g in every(api, "elasticache", "describe_cache_subnet_groups", "CacheSubnetGroups")}
        # the local API keeps no groups of caches: they are the template's, with the ids that are deployed
        for c in (deployed.of("AWS::ElastiCache::ReplicationGroup") | deployed.of("AWS::ElastiCache::ServerlessCache")).values() if deployed else ():
            add(declaration(tag(c.get("Tags"))), caches[c["CacheSubnetGroupName"]] if "CacheSubnetGroupName" in c else c["SubnetIds"], c.get("SecurityGroupIds", []))
        for f in every(api, "efs", "describe_file_systems", "FileSystems"):
            for m in every(api, "efs", "describe_mount_targets", "MountTargets", FileSystemId=f["FileSystemId"]):
                add(declaration(tag(f["Tags"])), [m["SubnetId"]], api("efs").describe_mount_target_security_groups(MountTargetId=m["MountTargetId"])["SecurityGroups"])
        for f in every(api, "lambda", "list_functions", "Functions"):
            if f.get("VpcConfig", {}).get("SubnetIds"):
                name = declaration(api("lambda").list_tags(Resource=f["FunctionArn"])["Tags"].get("Name", f["FunctionName"]))
                add(name, f["VpcConfig"]["SubnetIds"], f["VpcConfig"]["SecurityGroupIds"])
        for e in every(api, "ec2", "describe_vpc_endpoints", "VpcEndpoints"):
            if e["VpcEndpointType"] == "Interface":
                add(declaration(tag(e["Tags"])), e["SubnetIds"], [g["GroupId"] for g in e["Groups"]])

    def places(self, interface, family):
        """Where an interface may stand: each subnet, at one of each class of addresses. AWS keeps the first four and the last."""
        for subnet in interface.subnets:
            known = self.subnets[subnet]
            public = known["public"] if interface.public is None else interface.public
            if family == "ipv6":
                if not (known["ipv6"] if interface.ipv6 is None else interface.ipv6):
                    continue
                public = public or interface.client_ports == LINUX  # IPv6 addresses are global; internal load balancers and stores refuse what comes by a gateway
            for block in known["blocks"]:
                if block.version == FAMILIES[family]:
                    for address in self._classes(int(block[4]), int(block[-2]), family):
                        yield Place(interface.name, known["vpc"], subnet, address, interface.groups, public, interface.client_ports)

    def internet(self, family):
        whole = GLOBAL[family]
        inside = [b for blocks in self.vpcs.values() for b in blocks] + NOT_PUBLIC
        for address in self._classes(int(whole[0]), int(whole[-1]), family):
            if not any(within(address, block, family) for block in inside):
                yield Place("internet", None, None, address, None, True, ANY)

    def _classes(self, low, high, family):
        edges = {edge for n in self.networks if n.version == FAMILIES[family] for edge in (int(n[0]), int(n[-1]) + 1)}
        return sorted({low} | {e for e in edges if low < e <= high})


def within(address, network, family):
    return network is not None and network.version == FAMILIES[family] and int(network[0]) <= address <= int(network[-1])


class Question:
    """One family's packets over a network. Sets of packets are sets of (protocol, first, last) classes."""

    def __init__(self, network, family):
        self.network, self.family = network, family
        rules = [r for g in network.groups.values() for rs in g.values() for r in rs] + [e.rule for a in network.acls.values() for es in a.values() for e in es]
        edges = {edge for r in rules for edge in (r.low, r.high + 1)} | {e for low, high in (LINUX, ANY) for e in (low, high + 1)}
        edges |= {p for listener in network.listeners for port in (listener.port, listener.target_port) for p in (port, port + 1)} | {0}
        icmp = edges | {t * 256 + code for request in (*REPLIES, *((p, r) for (p, _), r in REPLIES.items())) for t in request[1:] for code in (0, 1, 256)}
        ours, theirs = (ICMP, ICMPV6) if family == "ipv4" else (ICMPV6, ICMP)
        self.packets = set()
        for protocol in set(range(256)) - {theirs}:
            cuts = sorted(e for e in (icmp if protocol == ours else edges if protocol in (TCP, UDP) else {0}) if 0 <= e <= TOP)
            self.packets |= {(protocol, low, following - 1) for low, following in zip(cuts, [*cuts[1:], TOP + 1])}
        self.group_admits, self.acl_admits = cache(self._group_admits), cache(self._acl_admits)

    def _matching(self, rule):
        return {p for p in self.packets if rule.protocol in (-1, p[0]) and rule.low <= p[1] and p[2] <= rule.high}

    def _group_admits(self, groups, outbound, address, peers):
        """A union over all rules of all groups; a rule for a group matches the private addresses of interfaces that have it."""
        found = set()
        for rule in [r for g in groups for r in self.network.groups[g][outbound]]:
            if rule.group in peers if rule.group else within(address, rule.network, self.family):
                found |= self._matching(rule)
        return frozenset(found)

    def _acl_admits(self, acl, outbound, address):
        """The first entry that matches decides."""
        left, found = set(self.packets), set()
        for entry in self.network.acls[acl][outbound]:
            if within(address, entry.rule.network, self.family):
                matching = left & self._matching(entry.rule)
                left -= matching
                found |= matching if entry.allow else set()
        return frozenset(found)

    def groups(self, place, outbound, other, near):
        if place.groups is None:
            return self.packets
        return self.group_admits(place.groups, outbound, other.address, other.groups if near and other.groups else frozenset())

    def acl(self, subnet, outbound, address):
        return self.acl_admits(self.network.subnets[subnet]["acl"], outbound, address)

    def route(self, subnet, address):
        """The target of the longest prefix; of equals a static route counts before a propagated one, which is not modelled."""
        matching = [(n.prefixlen, target) for n, target in self.network.tables[self.network.subnets[subnet]["table"]] if within(address, n, self.family)]
        return max(matching, key=lambda m: m[0], default=(0, "nowhere"))[1]

    def answered(self, forward, back, client_ports):
        """The packets whose answers may come back: to any port the client may have chosen, as the reply to a request, or as the same protocol."""
        low, high = client_ports
        connected = {p[0] for p in back if p[0] in (TCP, UDP) and low <= p[1] and p[2] <= high}
        found = set()
        for p in forward:
            reply = REPLIES.get((p[0], p[1] // 256)) if p[1] // 256 == p[2] // 256 else None
            if p[0] in (TCP, UDP):
                fits = p[0] in connected
            elif reply is not None:                      # a request has code 0, and so has its answer
                fits = (p[0], reply * 256, reply * 256) in back
            else:
                fits = p[0] in (ICMP, ICMPV6) or p in back  # errors and announcements have no answer
            found |= {p} if fits else set()
        return found

    def way(self, a, b):
        """How packets from a to b travel and their answers return: (name, subnet of the NAT gateway), or None."""
        if a.vpc is None:                                # into a VPC: to a public address, and the answers must leave by the same door
            door = self.route(b.subnet, a.address)
            return ("internet gateway", None) if b.public and door.startswith("igw-") and b.vpc in self.network.gateways.get(door, ()) else None
        target = self.route(a.subnet, b.address)
        if target == "local":
            return ("local", None) if a.vpc == b.vpc else None
        if target.startswith("pcx-") and target in self.network.peerings:
            name, one, two = self.network.peerings[target]
            if b.vpc and {a.vpc, b.vpc} == {one["VpcId"], two["VpcId"]} and self.route(b.subnet, a.address) == target:
                return f"peering {name}", None
        elif target.startswith("igw-"):
            return ("internet gateway", None) if b.vpc is None and a.public and a.vpc in self.network.gateways.get(target, ()) else None
        elif target.startswith("eigw-"):
            return ("egress-only internet gateway", None) if b.vpc is None and a.vpc in self.network.gateways.get(target, ()) else None
        elif target.startswith("nat-"):
            nat = self.network.nats.get(target)
            if nat and b.vpc is None and nat.get("ConnectivityType", "public") == "public" and nat["SubnetId"] != a.subnet and self.family == "ipv4":
                door = self.route(nat["SubnetId"], b.address)
                return ("nat gateway", nat["SubnetId"]) if door.startswith("igw-") and nat["VpcId"] in self.network.gateways.get(door, ()) else None
        elif not target.startswith("vpce-") and target != "nowhere":
            raise NotModelled(f"a route leads to {target}")
        return None

    def flow(self, a, b):
        """What gets from a to b with its answers, and by which way."""
        way = self.way(a, b)
        if way is None:
            return None, frozenset()
        (name, nat), forward, back = way, set(self.packets), set(self.packets)
        near = not self._other_region(a, b)              # rules for groups count within a Region only
        if a.vpc:
            forward &= self.groups(a, True, b, near)
        if b.vpc:
            forward &= self.groups(b, False, a, near)
        if nat:
            forward &= {p for p in self.packets if p[0] in (TCP, UDP, ICMP)}
            forward &= self.acl(nat, False, a.address) & self.acl(nat, True, b.address)
            forward = self.answered(forward, self.acl(nat, False, b.address), ANY)
            back &= self.acl(nat, True, a.address)
        if a.subnet != b.subnet:                         # a network ACL filters what enters or leaves a subnet, not what stays in it
            if a.vpc:
                forward &= self.acl(a.subnet, True, b.address)
                back &= self.acl(a.subnet, False, b.address)
            if b.vpc:
                forward &= self.acl(b.subnet, False, a.address)
                back &= self.acl(b.subnet, True, a.address)
        return name, self.answered(forward, back, a.client_ports)

    def _other_region(self, a, b):
        return any({one["VpcId"], two["VpcId"]} == {a.vpc, b.vpc} and one.get("Region") != two.get("Region") for _, one, two in self.network.peerings.values())


def relation(network):
    """{(from, to, family, via): {(protocol, first, last)}}; a pair for which nothing gets through has the via `()` and nothing."""
    names = sorted({i.name for i in network.interfaces}) + ["internet"]
    found = {}
    for family in FAMILIES:
        if not any(block.version == FAMILIES[family] for blocks in network.vpcs.values() for block in blocks):
            continue                                     # nothing has an address of the family
        question = Question(network, family)
        places = {name: [p for i in network.interfaces if i.name == name for p in network.places(i, family)] for name in names}
        places["internet"] = list(network.internet(family))
        direct = {}
        for one in names:
            for other in names:
                if one == other == "internet":
                    continue
                for a in places[one]:
                    for b in places[other]:
                        via, packets = question.flow(a, b)
                        if packets:
                            found.setdefault((one, other, family, (via,)), set()).update(packets)
                            direct.setdefault((one, other), set()).update(packets)
        for l in network.listeners:
            for one in names:
                into, onward = direct.get((one, l.balancer), ()), direct.get((l.balancer, l.target), ())
                if one not in (l.balancer, l.target) and (l.protocol, l.port, l.port) in into and (l.protocol, l.target_port, l.target_port) in onward:
                    found.setdefault((one, l.target, family, (l.balancer,)), set()).add((l.protocol, l.target_port, l.target_port))
        for one in names:
            for other in names:
                if one != other and not any(key[:3] == (one, other, family) for key in found):
                    found[one, other, family, ()] = set()
    return {key: merged(packets) for key, packets in found.items()}


def merged(packets):
    """Maximal ranges of ports."""
    joined = []
    for protocol, low, high in sorted(packets):
        if joined and joined[-1][0] == protocol and joined[-1][2] >= low - 1:
            joined[-1] = (protocol, joined[-1][1], max(high, joined[-1][2]))
        else:
            joined.append((protocol, low, high))
    return frozenset(joined)


def everything(family):
    return frozenset((p, 0, TOP) for p in range(256) if p != (ICMPV6 if family == "ipv4" else ICMP))


def rows(found):
    """The relation as `archgen reach --all --format json` prints it."""
    listed = []
    for (one, other, family, via), packets in found.items():
        words = {("all", "all")} if not packets or packets == everything(family) else {(NAMES.get(p, str(p)), ports(p, low, high)) for p, low, high in packets}
        listed += [{"from": one, "to": other, "protocol": p, "ports": w, "family": family, "reachable": "yes" if packets else "no", "via": list(via)} for p, w in words]
    return sorted(listed, key=lambda r: json.dumps(r))


def ports(protocol, low, high):
    if (low, high) == (0, TOP):
        return "all"
    if protocol not in (ICMP, ICMPV6):
        return str(low) if low == high else f"{low}-{high}"
    first, last = (low // 256, low % 256), (high // 256, high % 256)
    if first[0] == last[0] and (first[1], last[1]) == (0, 255):
        return str(first[0])
    return f"{first[0]}/{first[1]}" if first == last else f"{first[0]}/{first[1]}-{last[0]}/{last[1]}"


def read_ports(protocol, text):
    if text == "all":
        return 0, TOP
    if protocol not in (ICMP, ICMPV6):
        low, _, high = text.partition("-")
        return int(low), int(high or low)
    ends = []
    for text, code in zip(text.split("-") * (2 - text.count("-")), (0, 255)):
        kind, _, given = text.replace(".", "/").partition("/")
        ends.append(int(kind) * 256 + int(given or code))
    return tuple(ends)


def normalised(listed):
    """Rows as a relation, and what is wrong with them."""
    found, problems = {}, []
    for row in listed:
        family, via = row["family"], row["via"]
        via = [word.replace("NAT", "nat") for word in via]
        if "nat gateway" in via:                         # which stands behind an internet gateway
            via = ["nat gateway"]
        key = (row["from"], row["to"], family, tuple(via) if row["reachable"] != "no" else ())
        if row["reachable"] not in ("yes", "no"):
            problems.append(f"nothing that is deployed is unknown, but: {json.dumps(row)}")
        if row["reachable"] == "no" and row["from"] == row["to"]:
            continue
        packets = found.setdefault(key, set())
        if row["reachable"] == "yes":
            protocols = range(256) if row["protocol"] == "all" else [number(row["protocol"])]
            said = {(p, *read_ports(p, row["ports"])) for p in protocols}
            packets |= said & everything(family) if row["protocol"] == "all" else said
    return {key: merged(packets) for key, packets in found.items()}, problems


def distributions(document):
    """The declarations of a template's CloudFront distributions: they stand in no VPC, and are not deployed here."""
    found = set()
    for resource in document["Resources"].values():
        if resource["Type"] == "AWS::CloudFront::Distribution":
            tags = {tag["Key"]: tag["Value"] for tag in resource["Properties"]["Tags"]}
            found.add(tags["Name"].split("/")[1])
    return found


def within_vpcs(listed, outside):
    """Rows without those of distributions, or by them."""
    kept = [row for row in listed if not outside & {row["from"], row["to"], *row["via"]}]
    pairs = {(row["from"], row["to"], row["family"]) for row in kept}
    for row in listed:
        pair = (row["from"], row["to"], row["family"])
        if not outside & {row["from"], row["to"]} and pair not in pairs:   # by distributions only
            pairs.add(pair)
            kept.append(row | {"reachable": "no", "protocol": "all", "ports": "all", "via": []})
    return kept


def differences(deployed, said):
    """What differs between two relations, each with its side, for people."""
    def words(key, packets):
        if packets is None:
            return "has no such row"
        return ", ".join(f"{r['protocol']} {r['ports']}" for r in rows({key: packets})) if packets else "nothing gets through"
    problems = []
    for key in sorted(set(deployed) | set(said)):
        mine, theirs = deployed.get(key), said.get(key)
        if mine != theirs:
            one, other, family, via = key
            problems += [f"{one} -> {other}, {family}{', by ' + ', '.join(via) if via else ''}", f"    deployed: {words(key, mine)}", f"    archgen:  {words(key, theirs)}"]
    return problems


def compare(found, command, environment=None, outside=frozenset()):
    """Problems between a relation and the rows that a command prints."""
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        return [f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}"]
    try:
        listed = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        said, problems = normalised(within_vpcs(listed, outside) if outside else listed)
    except (ValueError, KeyError, TypeError) as error:
        return [f"{' '.join(command)} printed what is no row: {error}"]
    return problems + differences(found, said)
