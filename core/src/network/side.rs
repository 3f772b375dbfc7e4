//! The sides of a question, as places: a subnet or the world outside, with addresses and groups.

use ipnet::IpNet;

use super::address::Address;
use super::model::{
    Endpoint, Groups, Holds, Interface, LINUX_PORTS, Model, PeeredSide, ServiceWay, WIDE_PORTS,
    client_ports,
};
use super::span::{self, Family, Span};
use crate::resource::interfaces::InterfaceKind;
use crate::resource::network::EndpointService;
use crate::value::Value;

/// A side of a question.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The interfaces of a declaration.
    Endpoint(String),
    /// Whatever has the security group of this declaration.
    Group(String),
    /// The tier `network.private`.
    Tier(String),
    /// Every subnet of a VPC.
    Vpc(String),
    /// The internet.
    Internet,
    /// Addresses.
    Block(IpNet),
    /// An AWS service; only something that is connected to.
    Service(EndpointService),
    /// A host on the internet whose address is not known; only something that is connected to.
    Host(String),
}

impl Side {
    /// The family that a side says by itself.
    pub fn family(&self) -> Option<Family> {
        match self {
            Side::Block(it) => Some(if it.addr().is_ipv4() { Family::Ipv4 } else { Family::Ipv6 }),
            Side::Endpoint(_)
            | Side::Group(_)
            | Side::Tier(_)
            | Side::Vpc(_)
            | Side::Internet
            | Side::Service(_)
            | Side::Host(_) => None,
        }
    }
}

/// Where a place is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    /// In this subnet.
    Subnet(usize),
    /// In a subnet that is not known.
    UnknownSubnet,
    /// On the internet.
    Internet,
    /// In a VPC that somebody else runs, behind this peering.
    Peered(usize),
    /// At private addresses that nothing in the graph leads to.
    Nowhere,
    /// At public addresses that are not known: those of an AWS service, or of a host.
    Service(Option<EndpointService>),
    /// At the edge locations of CloudFront.
    CloudFront,
    /// The resolver that Amazon runs for this VPC, at the base of its first block plus two.
    Resolver(usize),
    /// Nowhere in the family that is asked about: it has no address of it.
    Unaddressed,
}

/// Interfaces that are alike, in one subnet or outside.
#[derive(Clone, Debug)]
pub struct Place {
    /// What it is called in messages.
    pub name: String,
    /// Where it is.
    pub position: Where,
    /// The family of its addresses.
    pub family: Family,
    /// The addresses it may have; none means not known.
    pub spans: Vec<Span>,
    /// The groups on it.
    pub groups: Groups,
    /// Whether it has a public address.
    pub public: Holds,
    /// The ports its connections come from.
    pub client_ports: (u16, u16),
}

impl Place {
    /// Its addresses, one of each class that the blocks tell apart.
    pub fn addresses(&self, blocks: &[Span]) -> Vec<Address> {
        let at_edge = self.position == Where::CloudFront && self.spans.is_empty();
        if at_edge || matches!(self.position, Where::Service(_)) {
            return vec![Address::SomePublic(self.family)];
        }
        if self.spans.is_empty() {
            return vec![Address::UnknownInside(self.family)];
        }
        span::classes(&self.spans, blocks).into_iter().map(Address::Within).collect()
    }
}

/// The ways in which a side can be read: the question holds if it holds for one of them.
pub type Readings = Vec<Vec<Place>>;

impl Model {
    /// The places of a side in a family; empty if nothing of it is known. An AWS service has none of
    /// its own: see [`Model::service_places`].
    pub fn places(&self, side: &Side, family: Family) -> Readings {
        let readings = match side {
            Side::Endpoint(name) => vec![self.endpoint_places(name, family)],
            Side::Group(name) => vec![self.group_places(name, family)],
            Side::Tier(name) => self.subnet_places(name, &self.tier(name), family),
            Side::Vpc(name) => match self.vpc(name) {
                Some(vpc) => {
                    let subnets: Vec<usize> =
                        (0..self.subnets.len()).filter(|it| self.subnets[*it].vpc == vpc).collect();
                    self.subnet_places(name, &subnets, family)
                }
                None => Vec::new(),
            },
            Side::Internet => vec![vec![self.internet_place(family)]],
            // Who writes a block that holds everything means the internet, or everything.
            Side::Block(net) if net.prefix_len() == 0 => {
                vec![vec![self.internet_place(family)], self.block_places(*net)]
            }
            Side::Block(net) => vec![self.block_places(*net)],
            Side::Host(name) => vec![vec![public_host(name, None, family)]],
            Side::Service(_) => Vec::new(),
        };
        readings.into_iter().filter(|it| !it.is_empty()).collect()
    }

    /// The places of an endpoint.
    fn endpoint_places(&self, name: &str, family: Family) -> Vec<Place> {
        let Some(endpoint) = self.endpoint(name) else {
            return Vec::new();
        };
        endpoint.interfaces.iter().flat_map(|it| self.places_of(endpoint, it, family)).collect()
    }

    /// The places of interfaces that are alike.
    pub(super) fn places_of(
        &self,
        endpoint: &Endpoint,
        interface: &Interface,
        family: Family,
    ) -> Vec<Place> {
        let ports = client_ports(endpoint.kind);
        if endpoint.kind == InterfaceKind::CloudFront {
            // Its addresses in IPv6 are those that clients connect to; origins are asked over IPv4.
            let spans = match family {
                Family::Ipv4 => vec![Span::of_v4(span::cloudfront())],
                Family::Ipv6 => Vec::new(),
            };
            let name = format!("`{}`", endpoint.name);
            let place = outside(&name, Where::CloudFront, spans, ports);
            return vec![Place { family, public: Holds::Yes, ..place }];
        }
        self.interface_places(&endpoint.name, ports, interface, family)
    }

    fn interface_places(
        &self,
        name: &str,
        client_ports: (u16, u16),
        interface: &Interface,
        family: Family,
    ) -> Vec<Place> {
        let place = |position: Where, spans: Vec<Span>| Place {
            name: format!("`{name}`"),
            position,
            family,
            spans,
            groups: interface.groups.clone(),
            public: match family {
                Family::Ipv4 => interface.public,
                // Every IPv6 address of a VPC is one of the internet.
                Family::Ipv6 => Holds::Yes,
            },
            client_ports,
        };
        let addressed = match family {
            Family::Ipv4 => Holds::Yes,
            Family::Ipv6 => interface.ipv6,
        };
        if addressed == Holds::No {
            return vec![place(Where::Unaddressed, Vec::new())];
        }
        if interface.subnets.is_empty() {
            return vec![place(Where::UnknownSubnet, Vec::new())];
        }
        let subnets = interface.subnets.iter();
        subnets
            .map(|it| match (self.subnet_spans(*it, family), addressed) {
                (None, _) => place(Where::Unaddressed, Vec::new()),
                (Some(_), Holds::Maybe) => place(Where::UnknownSubnet, Vec::new()),
                (Some(spans), _) => place(Where::Subnet(*it), spans),
            })
            .collect()
    }

    /// Whatever has a group.
    fn group_places(&self, name: &str, family: Family) -> Vec<Place> {
        let Some(group) = self.groups.iter().position(|it| it.name == name) else {
            return Vec::new();
        };
        let mut places = Vec::new();
        for endpoint in &self.endpoints {
            for interface in &endpoint.interfaces {
                if interface.groups.has(group) {
                    places.extend(self.places_of(endpoint, interface, family));
                }
            }
        }
        places
    }

    /// Subnets: by their addresses, or as everything that stands in them.
    fn subnet_places(&self, name: &str, subnets: &[usize], family: Family) -> Readings {
        let by_address: Vec<Place> = subnets
            .iter()
            .map(|it| {
                let spans = self.subnet_spans(*it, family);
                Place {
                    name: format!("`{name}`"),
                    position: if spans.is_some() { Where::Subnet(*it) } else { Where::Unaddressed },
                    family,
                    spans: spans.unwrap_or_default(),
                    groups: Groups::NotAsked,
                    public: if family == Family::Ipv6 { Holds::Yes } else { Holds::No },
                    client_ports: LINUX_PORTS,
                }
            })
            .collect();
        vec![by_address, self.standing_in(subnets, family)]
    }

    /// Everything that stands in subnets.
    fn standing_in(&self, subnets: &[usize], family: Family) -> Vec<Place> {
        let mut places = Vec::new();
        for endpoint in &self.endpoints {
            for place in self.endpoint_places(&endpoint.name, family) {
                if matches!(place.position, Where::Subnet(it) if subnets.contains(&it)) {
                    places.push(place);
                }
            }
        }
        places
    }

    /// The addresses of a subnet: none at all if it has none of the family, an empty list if they are
    /// not known.
    fn subnet_spans(&self, subnet: usize, family: Family) -> Option<Vec<Span>> {
        let subnet = &self.subnets[subnet];
        match family {
            Family::Ipv4 => Some(
                subnet.block.literal().map(|it| Span::of_v4(*it).usable()).into_iter().collect(),
            ),
            Family::Ipv6 => {
                let block = subnet.ipv6.as_ref()?;
                Some(
                    block.literal().map(|it| Span::of((*it).into()).usable()).into_iter().collect(),
                )
            }
        }
    }

    /// A block, split by where its addresses are.
    fn block_places(&self, net: IpNet) -> Vec<Place> {
        let block = Span::of(net);
        let name = net.to_string();
        let mut places = Vec::new();
        let mut unknown = self.open;
        let mut inside = Vec::new();
        for (index, vpc) in self.vpcs.iter().enumerate() {
            for value in vpc.all_blocks() {
                match value {
                    Value::Literal(it) => inside.push(Span::of(it)),
                    Value::Parameter(_) | Value::Unknown => unknown = true,
                }
            }
            if let Some(both) = self.resolver(index).and_then(|it| block.intersect(&it)) {
                places.push(outside(&name, Where::Resolver(index), vec![both], LINUX_PORTS));
            }
        }
        let resolvers: Vec<Span> =
            (0..self.vpcs.len()).filter_map(|it| self.resolver(it)).collect();
        for index in 0..self.subnets.len() {
            match self.subnet_spans(index, block.family()).as_deref() {
                Some([span]) => {
                    if let Some(both) = block.intersect(span) {
                        let spans = both.subtract(&resolvers);
                        if !spans.is_empty() {
                            let position = Where::Subnet(index);
                            places.push(outside(&name, position, spans, LINUX_PORTS));
                        }
                    }
                }
                Some(_) => unknown = true,
                None => {}
            }
        }
        let mut rest = block.subtract(&inside);
        for (index, peering) in self.peerings.iter().enumerate() {
            let PeeredSide::External(blocks) = &peering.accepter else {
                continue;
            };
            for cidr in blocks {
                let Some(cidr) = cidr.literal() else {
                    unknown = true;
                    continue;
                };
                let peered = Span::of(*cidr);
                let both: Vec<Span> = rest.iter().filter_map(|it| it.intersect(&peered)).collect();
                if !both.is_empty() {
                    rest = rest.iter().flat_map(|it| it.subtract(&[peered])).collect();
                    places.push(outside(&name, Where::Peered(index), both, LINUX_PORTS));
                }
            }
        }
        let (mut public, mut private) = (Vec::new(), Vec::new());
        for (on_internet, not) in rest.iter().map(span::split_public) {
            public.extend(on_internet);
            private.extend(not);
        }
        if !public.is_empty() {
            places.push(outside(&name, Where::Internet, public, WIDE_PORTS));
        }
        // Who writes a block that holds the whole internet does not mean every private network too.
        if !private.is_empty() && net.prefix_len() > 0 {
            let position = if unknown { Where::UnknownSubnet } else { Where::Nowhere };
            places.push(outside(&name, position, private, LINUX_PORTS));
        }
        places
    }

    /// The internet: without the addresses of the VPCs themselves.
    fn internet_place(&self, family: Family) -> Place {
        let own: Vec<Span> = self
            .vpcs
            .iter()
            .flat_map(|it| it.all_blocks())
            .filter_map(|it| it.literal().map(|it| Span::of(*it)))
            .collect();
        let spans = span::internet(family).iter().flat_map(|it| it.subtract(&own)).collect();
        Place { family, ..outside("the internet", Where::Internet, spans, WIDE_PORTS) }
    }

    /// Addresses of a VPC that somebody else runs, behind a peering.
    pub(super) fn peered_place(&self, peering: usize, spans: Vec<Span>) -> Place {
        outside(&self.peerings[peering].name, Where::Peered(peering), spans, LINUX_PORTS)
    }

    /// The address of the resolver that Amazon runs for a VPC: the base of its first block plus two.
    /// <https://docs.aws.amazon.com/vpc/latest/userguide/AmazonDNS-concepts.html>
    pub(super) fn resolver(&self, vpc: usize) -> Option<Span> {
        let block = Span::of_v4(*self.vpcs[vpc].blocks.first()?.literal()?);
        Some(Span { v6: false, first: block.first + 2, last: block.first + 2 })
    }

    /// The places at which something in a VPC finds an AWS service. An interface endpoint owns the
    /// service's DNS name in the whole VPC, so that nothing else is tried.
    pub fn service_places(&self, service: EndpointService, from: &Place) -> Vec<Place> {
        let Where::Subnet(subnet) = from.position else {
            return Vec::new();
        };
        let vpc = self.subnets[subnet].vpc;
        for it in &self.services {
            if it.service == service
                && it.vpc == Some(vpc)
                && let ServiceWay::Interface(interface) = &it.way
            {
                let name = service.word();
                let mut places = self.interface_places(name, WIDE_PORTS, interface, from.family);
                for place in &mut places {
                    place.name = format!("endpoint `{name}` of `{}`", self.vpcs[vpc].name);
                }
                return places;
            }
        }
        if self.vpcs[vpc].unknown_services {
            return Vec::new();
        }
        vec![public_host(service_name(service), Some(service), from.family)]
    }

    /// The names of the endpoints that a side holds.
    pub fn endpoints_of(&self, side: &Side) -> Vec<String> {
        let subnets = match side {
            Side::Endpoint(name) => return vec![name.clone()],
            Side::Group(name) => {
                let Some(group) = self.groups.iter().position(|it| it.name == *name) else {
                    return Vec::new();
                };
                let has = |it: &Interface| it.groups.has(group);
                return self
                    .endpoints
                    .iter()
                    .filter(|it| it.interfaces.iter().any(has))
                    .map(|it| it.name.clone())
                    .collect();
            }
            Side::Tier(name) => self.tier(name),
            Side::Vpc(name) => {
                let vpc = self.vpc(name);
                (0..self.subnets.len()).filter(|it| Some(self.subnets[*it].vpc) == vpc).collect()
            }
            Side::Internet | Side::Block(_) | Side::Service(_) | Side::Host(_) => Vec::new(),
        };
        let stands = |it: &Interface| it.subnets.iter().any(|it| subnets.contains(it));
        self.endpoints
            .iter()
            .filter(|it| it.interfaces.iter().any(stands))
            .map(|it| it.name.clone())
            .collect()
    }
}

/// A host at public addresses that are not known.
fn public_host(name: &str, service: Option<EndpointService>, family: Family) -> Place {
    let place = outside(name, Where::Service(service), Vec::new(), WIDE_PORTS);
    Place { family, public: Holds::Yes, ..place }
}

/// A place that only its addresses tell.
fn outside(name: &str, position: Where, spans: Vec<Span>, client_ports: (u16, u16)) -> Place {
    let family = spans.first().map_or(Family::Ipv4, Span::family);
    Place {
        name: name.to_string(),
        position,
        family,
        spans,
        groups: Groups::NotAsked,
        public: if family == Family::Ipv6 { Holds::Yes } else { Holds::No },
        client_ports,
    }
}

/// The name of an AWS service in messages.
pub const fn service_name(service: EndpointService) -> &'static str {
    match service {
        EndpointService::S3 => "Amazon S3",
        EndpointService::DynamoDb => "Amazon DynamoDB",
        EndpointService::EcrApi => "the API of Amazon ECR",
        EndpointService::EcrDkr => "the registry of Amazon ECR",
        EndpointService::Logs => "CloudWatch Logs",
        EndpointService::Monitoring => "CloudWatch",
        EndpointService::SecretsManager => "Secrets Manager",
        EndpointService::Ssm => "Systems Manager",
        EndpointService::SsmMessages => "Session Manager",
        EndpointService::Kms => "AWS KMS",
        EndpointService::Sts => "AWS STS",
        EndpointService::Ecs => "Amazon ECS",
        EndpointService::EcsAgent => "the ECS agent's channel",
        EndpointService::EcsTelemetry => "the ECS agent's telemetry",
        EndpointService::Efs => "Amazon EFS",
        EndpointService::Sqs => "Amazon SQS",
        EndpointService::Sns => "Amazon SNS",
        EndpointService::Ec2 => "Amazon EC2",
        EndpointService::EksAuth => "the credentials of EKS Pod Identity",
        EndpointService::Eks => "Amazon EKS",
        EndpointService::ElasticLoadBalancing => "Elastic Load Balancing",
    }
}
