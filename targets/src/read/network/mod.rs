//! The resources of a template as the network part of a [`ResourceGraph`].
//!
//! Types and properties have CloudFormation's names, which are AWS's own: a reader of another language
//! gives its resources under them, and says what its own words are ([`Source::word`]).
//!
//! What the template refers to but does not hold (a VPC given as a parameter) stands in the graph
//! under the name of what would give it, with nothing known of it, so that what shares it still does.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use archgen_core::Loc;
use archgen_core::resource::interfaces::InterfaceKind;
use archgen_core::resource::network::{Ipv6Block, SecurityGroup, Subnet, Vpc};
use archgen_core::resource::{Interfaces, Ref, Resource, ResourceGraph, ResourceId, ResourceKind};
use archgen_core::types::Port;
use archgen_core::value::Value;

use super::Unread;
use super::data::{Data, DataKind};
use super::document::Node;

mod acls;
mod balancers;
mod elsewhere;
mod endpoints;
mod gateways;
mod groups;
mod instances;
mod managed;
mod places;
mod routes;
mod services;
mod unread;
mod values;
mod vpc;

/// What could not be read of the template itself: where, of what, what, and why.
pub(crate) type Notes = Vec<(Loc, String, String, String)>;

/// Where the properties of resources come from.
pub(crate) trait Source {
    /// A property of a resource, evaluated.
    fn property(&self, of: &Item<'_>, name: &str) -> Data;

    /// Whether the text says anything under a property's name.
    fn has(&self, of: &Item<'_>, name: &str) -> bool;

    /// What the language calls a property, if it is not the property's name.
    fn word(&self, of: &Item<'_>, name: &str) -> Option<String>;

    /// The resource that looks after what came with a VPC: of `vpc.DefaultSecurityGroup`.
    fn adopted(&self, of: &str) -> Option<String>;
}

/// A resource that exists, or may.
pub(crate) struct Item<'a> {
    /// Its name in the graph.
    pub(crate) name: String,
    /// What the template calls it.
    pub(crate) shown: String,
    /// Its type, as CloudFormation names it.
    pub(crate) kind: String,
    /// Its type, as the template names it.
    pub(crate) type_name: String,
    /// Where it is declared.
    pub(crate) loc: Loc,
    /// Why it is not known whether it exists.
    pub(crate) maybe: Option<String>,
    /// Whether it stands for resources that are not read.
    pub(crate) opaque: bool,
    /// The number of its stack, and its properties as they are written, if they have the names that are
    /// read here: what is not asked for is listed.
    pub(crate) written: Option<(usize, Option<&'a Node>)>,
}

impl Item<'_> {
    fn name(&self) -> &str {
        &self.name
    }

    fn kind(&self) -> &str {
        &self.kind
    }

    fn loc(&self) -> Loc {
        self.loc
    }
}

/// What is known of a subnet besides what the graph holds.
struct SubnetFacts {
    vpc: Ref<Vpc>,
    /// Whether instances get public addresses.
    public: Value<bool>,
    /// Whether interfaces get IPv6 addresses.
    ipv6: Value<bool>,
}

/// Reads resources into a graph.
struct Reader<'a> {
    source: &'a dyn Source,
    items: &'a BTreeMap<String, Item<'a>>,
    graph: ResourceGraph,
    unread: BTreeSet<Unread>,
    /// The properties that were asked for.
    used: BTreeMap<String, BTreeSet<&'static str>>,
    subnets: BTreeMap<String, SubnetFacts>,
    /// Whether subnets count zones by `Fn::GetAZs`, once somebody asked.
    zones_numbered: OnceCell<bool>,
    /// The IPv6 blocks of VPCs.
    ipv6_blocks: BTreeMap<String, Vec<Ipv6Block>>,
    /// What routes cannot lead to with certainty, though it is in the graph or could be.
    uncertain: BTreeSet<String>,
    /// Groups with egress rules that are resources of their own.
    separate_egress: BTreeSet<String>,
    /// What has a public address of its own; unknown if it may.
    elastic: BTreeMap<String, Value<bool>>,
    /// What registers itself, by target group or Classic Load Balancer, once somebody asked.
    registered: Option<BTreeMap<String, Vec<balancers::Registered>>>,
    /// The ports of listeners by load balancer, once somebody asked.
    listener_ports: Option<BTreeMap<String, Vec<Value<Port>>>>,
    /// What load balancers send on, as far as it is in the graph.
    forwarded: BTreeSet<String>,
}

/// A value that names a resource.
enum Named {
    /// One of the template.
    Item(String),
    /// One that the template does not hold: what would give it.
    Outside(String),
    /// Not known which.
    Unknown,
}

/// The graph of a template, and what of it was not read.
pub(crate) fn graph<'a>(
    source: &'a dyn Source,
    items: &'a BTreeMap<String, Item<'a>>,
    notes: Notes,
) -> (ResourceGraph, Vec<Unread>) {
    let mut reader = Reader {
        source,
        items,
        graph: ResourceGraph::default(),
        unread: BTreeSet::new(),
        used: BTreeMap::new(),
        subnets: BTreeMap::new(),
        zones_numbered: OnceCell::new(),
        ipv6_blocks: BTreeMap::new(),
        uncertain: BTreeSet::new(),
        separate_egress: BTreeSet::new(),
        elastic: BTreeMap::new(),
        registered: None,
        listener_ports: None,
        forwarded: BTreeSet::new(),
    };
    for (loc, logical_id, what, why) in notes {
        reader.unread.insert(Unread { loc, logical_id, what, why });
    }
    reader.all();
    let mut unread: Vec<Unread> = reader.unread.into_iter().collect();
    unread.sort();
    (reader.graph, unread)
}

impl<'a> Reader<'a> {
    /// Reads everything, what others rest on first.
    fn all(&mut self) {
        let items = self.items;
        let passes: [fn(&mut Self, &Item<'a>); 6] =
            [Self::foundations, Self::floors, Self::walls, Self::ways, Self::tenants, Self::doors];
        for pass in passes {
            for item in items.values() {
                pass(self, item);
            }
        }
        self.outside_defaults();
        for item in items.values() {
            self.leftovers(item);
        }
    }

    /// VPCs and gateways.
    fn foundations(&mut self, item: &Item<'a>) {
        let Some(kind) = item.kind().strip_prefix("AWS::EC2::") else { return };
        match kind {
            "VPC" => self.vpc(item),
            "VPCCidrBlock" => self.vpc_cidr_block(item),
            "InternetGateway" => self.internet_gateway(item),
            "EgressOnlyInternetGateway" => self.egress_only_internet_gateway(item),
            "VPNGateway" => self.vpn_gateway(item),
            "TransitGateway" => self.transit_gateway(item),
            "PrefixList" => self.prefix_list(item),
            "VPNConnection" => self.vpn_connection(item),
            "SecurityGroupEgress" => self.separate_egress(item),
            _ => {}
        }
    }

    /// What stands on them.
    fn floors(&mut self, item: &Item<'a>) {
        match item.kind() {
            "AWS::EC2::Subnet" => self.subnet(item),
            "AWS::EC2::NatGateway" => self.nat_gateway(item),
            _ => {}
        }
    }

    /// What belongs to them: attachments, tables, filters.
    fn walls(&mut self, item: &Item<'a>) {
        let Some(kind) = item.kind().strip_prefix("AWS::EC2::") else { return };
        match kind {
            "SubnetCidrBlock" => self.subnet_cidr_block(item),
            "VPCGatewayAttachment" => self.gateway_attachment(item),
            "EIP" => self.elastic_ip(item),
            "EIPAssociation" => self.elastic_ip_association(item),
            "RouteTable" => self.route_table(item),
            "NetworkAcl" => self.network_acl(item),
            "SecurityGroup" => self.security_group(item),
            "VPCPeeringConnection" => self.peering(item),
            "TransitGatewayAttachment" | "TransitGatewayVpcAttachment" => {
                self.transit_gateway_attachment(item);
            }
            "TransitGatewayRouteTable" => self.transit_gateway_route_table(item),
            _ => {}
        }
    }

    /// Routes, entries, rules and associations.
    fn ways(&mut self, item: &Item<'a>) {
        let Some(kind) = item.kind().strip_prefix("AWS::EC2::") else { return };
        match kind {
            "Route" => self.route(item),
            "SubnetRouteTableAssociation" => self.route_table_association(item),
            "NetworkAclEntry" => self.network_acl_entry(item),
            "SubnetNetworkAclAssociation" => self.network_acl_association(item),
            "SecurityGroupIngress" | "SecurityGroupEgress" => self.security_group_rule(item),
            "TransitGatewayRouteTableAssociation" => self.transit_gateway_association(item),
            "TransitGatewayRouteTablePropagation" => self.transit_gateway_propagation(item),
            "TransitGatewayRoute" => self.transit_gateway_route(item),
            "VPNGatewayRoutePropagation" => self.vpn_gateway_route_propagation(item),
            "VPCEndpoint" => self.vpc_endpoint(item),
            _ => {}
        }
    }

    /// What stands in subnets.
    fn tenants(&mut self, item: &Item<'a>) {
        match item.kind() {
            "AWS::CloudFormation::Stack" => self.unread_stack(item),
            "AWS::EC2::NetworkInterface" => self.network_interface(item),
            "AWS::EC2::Instance" => self.instance(item),
            "AWS::AutoScaling::AutoScalingGroup" => self.auto_scaling_group(item),
            "AWS::ECS::Service" => self.ecs_service(item),
            "AWS::Lambda::Function" => self.function(item),
            "AWS::EKS::Cluster" => self.eks_cluster(item),
            "AWS::EKS::Nodegroup" => self.eks_nodegroup(item),
            "AWS::ElasticLoadBalancingV2::LoadBalancer" => self.load_balancer(item),
            "AWS::ElasticLoadBalancing::LoadBalancer" => self.classic_load_balancer(item),
            _ => self.managed(item),
        }
    }

    /// What load balancers send on, and attachments of interfaces.
    fn doors(&mut self, item: &Item<'a>) {
        match item.kind() {
            "AWS::ElasticLoadBalancingV2::Listener" => self.listener(item),
            "AWS::ElasticLoadBalancingV2::ListenerRule" => self.listener_rule(item),
            "AWS::ElasticLoadBalancing::LoadBalancer" => self.classic_listeners(item),
            "AWS::EC2::NetworkInterfaceAttachment" => self.network_interface_attachment(item),
            _ => {}
        }
    }

    /// A property, evaluated; it counts as read.
    fn get(&mut self, item: &Item<'a>, name: &'static str) -> Data {
        if let Some(used) = self.used.get_mut(item.name()) {
            used.insert(name);
        } else {
            self.used.insert(item.name().to_string(), BTreeSet::from([name]));
        }
        self.source.property(item, name)
    }

    /// A property within properties.
    fn get_in(&mut self, item: &Item<'a>, path: &[&'static str]) -> Data {
        let Some((first, rest)) = path.split_first() else {
            return Data::new(item.loc(), DataKind::Absent);
        };
        let mut it = self.get(item, first);
        for name in rest {
            it = within(it, name);
        }
        it
    }

    /// Lists something as not read.
    fn note(&mut self, loc: Loc, item: &Item<'a>, what: &str, why: impl Into<String>) {
        let loc = if loc.is_known() { loc } else { item.loc() };
        self.unread.insert(Unread {
            loc,
            logical_id: item.shown.clone(),
            what: self.source.word(item, what).unwrap_or_else(|| what.to_string()),
            why: self.worded(item, why.into()),
        });
    }

    /// A reason in the words of the template's language.
    fn worded(&self, item: &Item<'a>, why: String) -> String {
        if item.written.is_some() {
            return why;
        }
        let parts = why.split('`').enumerate().map(|(at, it)| {
            let word = if at % 2 == 1 { self.source.word(item, it) } else { None };
            word.unwrap_or_else(|| it.to_string())
        });
        parts.collect::<Vec<_>>().join("`")
    }

    /// Adds a resource under the name of the item.
    fn add<K: Into<ResourceKind>>(&mut self, item: &Item<'a>, kind: K) -> Ref<K> {
        self.add_as(item.name(), item.name(), item.loc(), kind)
    }

    fn add_as<K: Into<ResourceKind>>(
        &mut self,
        id: &str,
        declaration: &str,
        loc: Loc,
        kind: K,
    ) -> Ref<K> {
        let id = ResourceId::new(&[id]);
        let resource = Resource {
            id: id.clone(),
            declaration: declaration.to_string(),
            loc,
            depends_on: Vec::new(),
            key: None,
            kind: kind.into(),
        };
        self.graph.resources.insert(id.clone(), resource);
        Ref::new(id)
    }

    /// Says that an item may not exist; its own statements are treated so by who reads them.
    fn note_maybe(&mut self, item: &Item<'a>) {
        if let Some(why) = &item.maybe {
            self.note(item.loc(), item, "Condition", format!("it may not exist: {why}"));
        }
    }

    /// Adds what stands in subnets.
    fn stand(&mut self, item: &Item<'a>, id: &str, it: Standing) {
        let id = ResourceId::new(&[id]);
        let interfaces = Interfaces {
            declaration: item.name().to_string(),
            loc: item.loc(),
            type_name: item.type_name.clone(),
            kind: it.kind,
            subnets: it.subnets,
            groups: it.groups,
            public: it.public,
            ipv6: it.ipv6,
            ports: it.ports,
            store: it.store,
        };
        self.graph.interfaces.insert(id, interfaces);
    }
}

/// What stands in subnets, before it has a name.
struct Standing {
    kind: InterfaceKind,
    subnets: Option<Vec<Ref<Subnet>>>,
    groups: Option<Vec<Ref<SecurityGroup>>>,
    public: Value<bool>,
    ipv6: Value<bool>,
    ports: Vec<Value<Port>>,
    store: bool,
}

/// The value of a name in a value: absent if it is not there, unknown if that cannot be seen.
fn within(of: Data, name: &str) -> Data {
    let loc = of.loc;
    if let DataKind::Map(entries) = of.kind {
        return entries
            .into_iter()
            .find(|it| it.0 == name)
            .map_or_else(|| Data::new(loc, DataKind::Absent), |it| it.1);
    }
    if let DataKind::Either(why, yes, no) = of.kind {
        let (yes, no) = (within(*yes, name), within(*no, name));
        return Data::either(loc, why, yes, no);
    }
    if matches!(of.kind, DataKind::Absent | DataKind::Unknown(_)) {
        of
    } else {
        Data::unknown(loc, format!("a map is expected, not {}", of.what()))
    }
}

/// An element of a list, with why it is not known whether it is there.
pub(crate) type Element = (Data, Option<String>);

/// A list's elements. Those that both sides of a condition have are certain.
fn elements(data: &Data) -> Vec<Element> {
    if data.is_absent() {
        Vec::new()
    } else if let DataKind::List(items) = &data.kind {
        items.iter().flat_map(choices).collect()
    } else if let DataKind::Either(why, yes, no) = &data.kind {
        of_either(why, &elements(yes), &elements(no))
    } else {
        vec![(data.clone(), None)]
    }
}

/// The elements of one list or the other: certain are those that both have for certain.
pub(crate) fn of_either(why: &str, yes: &[Element], no: &[Element]) -> Vec<Element> {
    let certain = |it: &Element, other: &[Element]| it.1.is_none() && other.contains(it);
    let maybe = |it: &Element| (it.0.clone(), Some(why.to_string()));
    let both = yes.iter().map(|it| if certain(it, no) { it.clone() } else { maybe(it) });
    both.chain(no.iter().filter(|it| !certain(it, yes)).map(maybe)).collect()
}

/// What a single value may be, with why it is not known which.
fn choices(data: &Data) -> Vec<Element> {
    if data.is_absent() {
        Vec::new()
    } else if let DataKind::Either(why, yes, no) = &data.kind {
        let sides = choices(yes).into_iter().chain(choices(no));
        sides.map(|it| (it.0, Some(why.clone()))).collect()
    } else {
        vec![(data.clone(), None)]
    }
}
