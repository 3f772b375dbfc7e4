//! What a network is made of, said in the same words for an architecture and for a template that was
//! read: a line for each block, route, entry, rule and association.

use archgen_core::network::TrafficSet;
use archgen_core::network::traffic::Admitted;
use archgen_core::resource::network::{
    Accepter, Destination, Direction, EndpointKind, InternetGatewayAttachment, Ipv6Block,
    RouteTarget, RulePeer, SubnetIpv6, Traffic,
};
use archgen_core::resource::{
    AutoScalingGroup, CacheSubnetGroup, DbInstance, DbSubnetGroup, EgressOnlyInternetGateway,
    EksCluster, LaunchTemplate, LoadBalancer, MountTarget, NatGateway, NetworkAcl,
    NetworkAclAssociation, NetworkAclEntry, NodeGroup, PrefixList, Ref, ReplicationGroup,
    ResourceGraph, ResourceId, Route, RouteTable, RouteTableAssociation, SecurityGroup,
    SecurityGroupRule, Service, Subnet, TransitGateway, TransitGatewayAssociation,
    TransitGatewayAttachment, TransitGatewayPropagation, TransitGatewayRoute,
    TransitGatewayRouteTable, Vpc, VpcCidrBlock, VpcEndpoint, VpcIpv6Block, VpcPeeringConnection,
    VpnGatewayAttachment,
};
use archgen_core::value::Value;

use super::Said;
use super::names::{Names, id, ids};

/// Every fact of a graph.
pub(super) fn of(graph: &ResourceGraph, names: &Names) -> Said {
    let mut facts = Facts { graph, names, said: Said::new() };
    facts.blocks();
    facts.routes();
    facts.filters();
    facts.gateways();
    facts.transit();
    facts.interfaces();
    facts.said
}

struct Facts<'a> {
    graph: &'a ResourceGraph,
    names: &'a Names,
    said: Said,
}

/// A value; one that is given when deploying is not known.
fn value<T: std::fmt::Display>(it: &Value<T>) -> String {
    it.literal().map_or_else(|| "not known".to_string(), ToString::to_string)
}

impl Facts<'_> {
    fn say(&mut self, what: &str, about: &ResourceId, line: String) {
        let about = format!("{what} {}", self.names.resource(about));
        self.said.entry(about).or_default().push(line);
    }

    fn blocks(&mut self) {
        let graph = self.graph;
        for (it, _, vpc) in graph.all::<Vpc>() {
            self.say("VPC", it.id(), format!("has {}", value(&vpc.cidr)));
        }
        for (_, _, it) in graph.all::<VpcCidrBlock>() {
            self.say("VPC", it.vpc.id(), format!("also has {}", value(&it.cidr)));
        }
        for (_, _, it) in graph.all::<VpcIpv6Block>() {
            let block = match &it.block {
                Ipv6Block::Amazon => "an IPv6 block that Amazon chooses".to_string(),
                Ipv6Block::Given(it) => value(it),
            };
            self.say("VPC", it.vpc.id(), format!("also has {block}"));
        }
        for (name, _, it) in graph.all::<Subnet>() {
            let ipv6 = match &it.ipv6 {
                None => String::new(),
                Some(SubnetIpv6::Nth(number)) => format!(" and the IPv6 block number {number}"),
                Some(SubnetIpv6::Given(it)) => format!(" and {}", value(it)),
            };
            let line = format!("has {}{ipv6} of `{}`", value(&it.cidr), id(&it.vpc));
            self.say("subnet", name.id(), line);
        }
        for (name, _, it) in graph.all::<PrefixList>() {
            for block in &it.entries {
                self.say("prefix list", name.id(), format!("holds {}", value(block)));
            }
        }
    }

    fn routes(&mut self) {
        let graph = self.graph;
        for (name, _, it) in graph.all::<RouteTable>() {
            self.say("route table", name.id(), format!("is of `{}`", id(&it.vpc)));
        }
        for (_, _, it) in graph.all::<RouteTableAssociation>() {
            let line = format!("uses the route table `{}`", id(&it.table));
            self.say("subnet", it.subnet.id(), line);
        }
        for (_, _, it) in graph.all::<Route>() {
            let destination = match &it.destination {
                Destination::Cidr(it) => value(it),
                Destination::PrefixList(it) => format!("the prefix list `{}`", id(it)),
            };
            let target = match &it.target {
                RouteTarget::InternetGateway(it) => id(it),
                RouteTarget::NatGateway(it) => id(it),
                RouteTarget::VpcPeering(it) => id(it),
                RouteTarget::EgressOnlyInternetGateway(it) => id(it),
                RouteTarget::TransitGateway(it) => id(it),
                RouteTarget::VpnGateway(it) => id(it),
                RouteTarget::Appliance(it) => it.logical_id(),
                RouteTarget::Unknown => "not known".to_string(),
            };
            let propagated = if it.propagated { ", propagated" } else { "" };
            let line = format!("sends {destination} to `{target}`{propagated}");
            self.say("route table", it.table.id(), line);
        }
    }

    fn filters(&mut self) {
        let graph = self.graph;
        for (name, _, it) in graph.all::<NetworkAcl>() {
            self.say("network ACL", name.id(), format!("is of `{}`", id(&it.vpc)));
        }
        for (_, _, it) in graph.all::<NetworkAclAssociation>() {
            let line = format!("has the network ACL `{}`", id(&it.acl));
            self.say("subnet", it.subnet.id(), line);
        }
        for (_, _, it) in graph.all::<NetworkAclEntry>() {
            let verb = if it.allow { "allows" } else { "denies" };
            let line = format!(
                "{} {} {verb} {} {}",
                way(it.direction),
                value(&it.number),
                traffic(&it.traffic),
                value(&it.cidr)
            );
            self.say("network ACL", it.acl.id(), line);
        }
        for (name, _, it) in graph.all::<SecurityGroup>() {
            self.say("security group", name.id(), format!("is of `{}`", id(&it.vpc)));
            for line in self.own_rules(it) {
                self.say("security group", name.id(), line);
            }
        }
        for (_, _, it) in graph.all::<SecurityGroupRule>() {
            if self.goes_without_saying(it) {
                continue;
            }
            let peer = match &it.peer {
                RulePeer::Cidr(it) => value(it),
                RulePeer::PrefixList(it) => format!("the prefix list `{}`", id(it)),
                RulePeer::Group(it) => format!("`{}`", id(it)),
            };
            let line = format!("{} {} {peer}", way(it.direction), traffic(&it.traffic));
            self.say("security group", it.group.id(), line);
        }
    }

    /// The rules that AWS starts a group with, said as any others: Terraform removes them, and they are
    /// written for it.
    fn own_rules(&self, group: &SecurityGroup) -> Vec<String> {
        let all = |to: &str| format!("{} {} {to}", way(Direction::Egress), traffic(&Traffic::All));
        let ipv6 = || self.graph.all::<VpcIpv6Block>().any(|it| it.2.vpc == group.vpc);
        match group.default_egress {
            Value::Literal(false) => Vec::new(),
            Value::Literal(true) if ipv6() => vec![all("0.0.0.0/0"), all("::/0")],
            Value::Literal(true) => vec![all("0.0.0.0/0")],
            Value::Parameter(_) | Value::Unknown => vec!["may let everything out".to_string()],
        }
    }

    /// Rules that a template does not have or has besides: AWS's own rule allows all egress already, and
    /// where nothing goes out there is a rule that leads nowhere.
    fn goes_without_saying(&self, rule: &SecurityGroupRule) -> bool {
        if rule.direction == Direction::Ingress {
            return false;
        }
        let group = self.graph.get(&rule.group);
        let default = group.is_some_and(|it| it.default_egress == Value::Literal(true));
        let nowhere = matches!(
            &rule.peer,
            RulePeer::Cidr(Value::Literal(it)) if it.to_string() == NOWHERE
        );
        default || (nowhere && rule.traffic == Traffic::All)
    }

    fn gateways(&mut self) {
        let graph = self.graph;
        for (_, _, it) in graph.all::<InternetGatewayAttachment>() {
            let line = format!("has the internet gateway `{}`", id(&it.gateway));
            self.say("VPC", it.vpc.id(), line);
        }
        for (_, _, it) in graph.all::<VpnGatewayAttachment>() {
            let line = format!("has the VPN gateway `{}`", id(&it.gateway));
            self.say("VPC", it.vpc.id(), line);
        }
        for (name, _, it) in graph.all::<EgressOnlyInternetGateway>() {
            let line = format!("is of `{}`", id(&it.vpc));
            self.say("egress-only internet gateway", name.id(), line);
        }
        for (name, _, it) in graph.all::<NatGateway>() {
            let address = match &it.address {
                Some(it) => format!("has the address `{}`", id(it)),
                None => "is private".to_string(),
            };
            self.say("NAT gateway", name.id(), format!("stands in `{}`", id(&it.subnet)));
            self.say("NAT gateway", name.id(), address);
        }
        for (name, _, it) in graph.all::<VpcPeeringConnection>() {
            let other = match &it.accepter {
                Accepter::Vpc(it) => format!("`{}`", id(it)),
                Accepter::External { .. } => "a VPC of somebody else".to_string(),
            };
            let line = format!("joins `{}` and {other}", id(&it.requester));
            self.say("peering", name.id(), line);
        }
        for (name, _, it) in graph.all::<VpcEndpoint>() {
            let way = match &it.kind {
                EndpointKind::Gateway { tables } => format!("by routes in {}", ids(tables)),
                EndpointKind::Interface { subnets, groups } => {
                    format!("by interfaces in {} with the groups {}", ids(subnets), ids(groups))
                }
            };
            let line = format!("leads from `{}` to {} {way}", id(&it.vpc), it.service.as_str());
            self.say("VPC endpoint", name.id(), line);
        }
    }

    fn transit(&mut self) {
        let graph = self.graph;
        for (name, _, it) in graph.all::<TransitGateway>() {
            let line = format!(
                "associates by default: {}, propagates: {}, keeps group references: {}",
                value(&it.default_association),
                value(&it.default_propagation),
                value(&it.group_references)
            );
            self.say("transit gateway", name.id(), line);
        }
        for (name, _, it) in graph.all::<TransitGatewayAttachment>() {
            let line = format!(
                "joins `{}` to `{}` in {}; IPv6: {}",
                id(&it.vpc),
                id(&it.gateway),
                ids(&it.subnets),
                value(&it.ipv6)
            );
            self.say("transit gateway attachment", name.id(), line);
        }
        for (name, _, it) in graph.all::<TransitGatewayRouteTable>() {
            let line = format!("is of `{}`", id(&it.gateway));
            self.say("transit gateway route table", name.id(), line);
        }
        for (_, _, it) in graph.all::<TransitGatewayAssociation>() {
            let line = format!("serves `{}`", id(&it.attachment));
            self.say("transit gateway route table", it.table.id(), line);
        }
        for (_, _, it) in graph.all::<TransitGatewayPropagation>() {
            let line = format!("learns from `{}`", id(&it.attachment));
            self.say("transit gateway route table", it.table.id(), line);
        }
        for (_, _, it) in graph.all::<TransitGatewayRoute>() {
            let target = it.target.as_ref().map_or_else(|| "nowhere".to_string(), id);
            let line = format!("sends {} to {target}", value(&it.destination));
            self.say("transit gateway route table", it.table.id(), line);
        }
    }

    /// What stands in subnets. In an architecture those are resources of their own kinds; of a template
    /// only their interfaces are known.
    fn interfaces(&mut self) {
        let graph = self.graph;
        let mut all: Vec<(&ResourceId, Stands)> = Vec::new();
        for (_, resource, it) in graph.all::<Service>() {
            all.push((&resource.id, Stands::new(&it.subnets, &it.groups, it.public_ip)));
        }
        for (_, resource, it) in graph.all::<AutoScalingGroup>() {
            let template = graph.get::<LaunchTemplate>(&it.launch_template);
            let groups = template.map(|it| it.groups.as_slice()).unwrap_or_default();
            all.push((&resource.id, Stands::new(&it.subnets, groups, false)));
        }
        for (_, resource, it) in graph.all::<NodeGroup>() {
            let template = graph.get::<LaunchTemplate>(&it.launch_template);
            let groups = template.map(|it| it.groups.as_slice()).unwrap_or_default();
            all.push((&resource.id, Stands::new(&it.subnets, groups, false)));
        }
        for (_, resource, it) in graph.all::<EksCluster>() {
            all.push((&resource.id, Stands::new(&it.subnets, &it.groups, false)));
        }
        for (_, resource, it) in graph.all::<LoadBalancer>() {
            all.push((&resource.id, Stands::new(&it.subnets, &it.groups, it.internet_facing)));
        }
        for (_, resource, it) in graph.all::<DbInstance>() {
            // A replica without a subnet group stands in its source's.
            let source = it.replica_of.as_ref().and_then(|it| graph.get::<DbInstance>(it));
            let subnets = it
                .subnet_group
                .as_ref()
                .or(source.and_then(|it| it.subnet_group.as_ref()))
                .and_then(|it| graph.get::<DbSubnetGroup>(it))
                .map(|it| it.subnets.as_slice())
                .unwrap_or_default();
            all.push((&resource.id, Stands::new(subnets, &it.groups, false)));
        }
        for (_, resource, it) in graph.all::<ReplicationGroup>() {
            let group = graph.get::<CacheSubnetGroup>(&it.subnet_group);
            let subnets = group.map(|it| it.subnets.as_slice()).unwrap_or_default();
            all.push((&resource.id, Stands::new(subnets, &it.groups, false)));
        }
        for (_, resource, it) in graph.all::<MountTarget>() {
            let subnets = std::slice::from_ref(&it.subnet);
            all.push((&resource.id, Stands::new(subnets, &it.groups, false)));
        }
        for (_, resource, it) in graph.all::<VpcEndpoint>() {
            if let EndpointKind::Interface { subnets, groups } = &it.kind
                && !graph.interfaces.contains_key(&resource.id)
            {
                all.push((&resource.id, Stands::new(subnets, groups, false)));
            }
        }
        for (name, it) in &graph.interfaces {
            let unknown = || "not known".to_string();
            let public = it.public.literal().map_or_else(unknown, ToString::to_string);
            let subnets = it.subnets.as_deref().map_or_else(unknown, ids);
            let groups = it.groups.as_deref().map_or_else(unknown, ids);
            all.push((name, Stands { subnets, groups, public }));
        }
        for (name, it) in all {
            self.say("interfaces", name, format!("stand in {}", it.subnets));
            self.say("interfaces", name, format!("have the groups {}", it.groups));
            self.say("interfaces", name, format!("have public addresses: {}", it.public));
        }
    }
}

/// Interfaces that are alike.
struct Stands {
    subnets: String,
    groups: String,
    public: String,
}

impl Stands {
    fn new(subnets: &[Ref<Subnet>], groups: &[Ref<SecurityGroup>], public: bool) -> Stands {
        Stands { subnets: ids(subnets), groups: ids(groups), public: public.to_string() }
    }
}

/// Where the rule leads that a group without egress has in a template.
const NOWHERE: &str = "127.0.0.1/32";

fn way(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "in:",
        Direction::Egress => "out:",
    }
}

/// Traffic by what it holds: the same is the same, however it is written.
fn traffic(it: &Traffic) -> String {
    let Admitted { certain, possible } = Admitted::of(it);
    if certain == possible {
        return certain.to_string();
    }
    if possible == TrafficSet::all() {
        "not known".to_string()
    } else {
        format!("part of {possible}")
    }
}
