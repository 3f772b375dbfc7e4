//! VPCs and what routes and filters their traffic.

use std::fmt;

use super::cloudwatch::LogGroup;
use super::gateways::{EgressOnlyInternetGateway, PrefixList, TransitGateway, VpnGateway};
use super::iam::Role;
use super::{Ref, ResourceId};
use crate::types::{Cidr, Ipv4Cidr, Port};
use crate::value::{Text, Value};

/// A virtual private cloud.
#[derive(Clone, Debug, PartialEq)]
pub struct Vpc {
    /// Its primary IPv4 block.
    pub cidr: Value<Ipv4Cidr>,
}

/// A further IPv4 block of a VPC.
#[derive(Clone, Debug, PartialEq)]
pub struct VpcCidrBlock {
    /// The VPC.
    pub vpc: Ref<Vpc>,
    /// The block.
    pub cidr: Value<Ipv4Cidr>,
}

/// An IPv6 block of a VPC.
#[derive(Clone, Debug, PartialEq)]
pub struct VpcIpv6Block {
    /// The VPC.
    pub vpc: Ref<Vpc>,
    /// The block.
    pub block: Ipv6Block,
}

/// Where the IPv6 addresses of a VPC come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Ipv6Block {
    /// A /56 that Amazon chooses: it cannot be known before the VPC exists.
    Amazon,
    /// The team's own block.
    Given(Value<Cidr>),
}

/// The IPv6 block of a subnet, always a /64.
#[derive(Clone, Debug, PartialEq)]
pub enum SubnetIpv6 {
    /// The /64 with this number in the VPC's block from Amazon.
    Nth(u8),
    /// Written out.
    Given(Value<Cidr>),
}

/// A subnet, in one zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Subnet {
    /// Its VPC.
    pub vpc: Ref<Vpc>,
    /// Its IPv4 block.
    pub cidr: Value<Ipv4Cidr>,
    /// Its IPv6 block, if it has one.
    pub ipv6: Option<SubnetIpv6>,
    /// Its zone: 0 is the first zone of the Region in AWS's own order for the account;
    /// [`Subnet::UNKNOWN_ZONE`] in a template that does not say.
    pub zone: u8,
    /// The tier it belongs to; empty if it stands alone.
    pub tier: String,
}

impl Subnet {
    /// The zone of a subnet whose zone is not known.
    pub const UNKNOWN_ZONE: u8 = u8::MAX;
}

/// The door of a VPC to the internet.
#[derive(Clone, Debug, PartialEq)]
pub struct InternetGateway {}

/// Puts an internet gateway on a VPC.
#[derive(Clone, Debug, PartialEq)]
pub struct InternetGatewayAttachment {
    /// The VPC.
    pub vpc: Ref<Vpc>,
    /// The gateway.
    pub gateway: Ref<InternetGateway>,
}

/// A public IPv4 address.
#[derive(Clone, Debug, PartialEq)]
pub struct ElasticIp {}

/// Lets private subnets open connections to the internet, and nobody come back.
#[derive(Clone, Debug, PartialEq)]
pub struct NatGateway {
    /// The subnet it stands in, a public one if it has a public address.
    pub subnet: Ref<Subnet>,
    /// Its public address; a private NAT gateway has none.
    pub address: Option<Ref<ElasticIp>>,
}

/// A table of routes; every subnet uses one.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTable {
    /// Its VPC.
    pub vpc: Ref<Vpc>,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RouteTarget {
    /// To the internet and back.
    InternetGateway(Ref<InternetGateway>),
    /// To the internet, for connections opened from inside.
    NatGateway(Ref<NatGateway>),
    /// To a peered VPC.
    VpcPeering(Ref<VpcPeeringConnection>),
    /// To the internet over IPv6, for connections opened from inside.
    EgressOnlyInternetGateway(Ref<EgressOnlyInternetGateway>),
    /// To what is attached to a transit gateway.
    TransitGateway(Ref<TransitGateway>),
    /// To networks behind a VPN gateway.
    VpnGateway(Ref<VpnGateway>),
    /// To an appliance: a network interface, an instance or a Gateway Load Balancer endpoint.
    Appliance(ResourceId),
    /// Not known here.
    Unknown,
}

/// The addresses a route is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// A block.
    Cidr(Value<Cidr>),
    /// The blocks of a prefix list.
    PrefixList(Ref<PrefixList>),
}

/// One route of a table. Routes within the VPC are always there and not listed.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// The table.
    pub table: Ref<RouteTable>,
    /// The addresses it is for.
    pub destination: Destination,
    /// Where it leads.
    pub target: RouteTarget,
    /// Whether a VPN gateway put it there by itself.
    pub propagated: bool,
}

/// Says which table a subnet uses.
#[derive(Clone, Debug, PartialEq)]
pub struct RouteTableAssociation {
    /// The table.
    pub table: Ref<RouteTable>,
    /// The subnet.
    pub subnet: Ref<Subnet>,
}

/// A stateless filter at the edge of subnets; without entries it denies everything.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkAcl {
    /// Its VPC.
    pub vpc: Ref<Vpc>,
}

/// Which way traffic goes, seen from the group's interfaces or the ACL's subnets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards them.
    Ingress,
    /// Away from them.
    Egress,
}

/// One entry of a network ACL; the lowest number that matches decides.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkAclEntry {
    /// The ACL.
    pub acl: Ref<NetworkAcl>,
    /// Its number, 1 to 32766.
    pub number: Value<u16>,
    /// Its direction.
    pub direction: Direction,
    /// Whether it allows or denies.
    pub allow: bool,
    /// What it matches.
    pub traffic: Traffic,
    /// The addresses on the other side.
    pub cidr: Value<Cidr>,
}

/// Says which network ACL a subnet uses.
#[derive(Clone, Debug, PartialEq)]
pub struct NetworkAclAssociation {
    /// The ACL.
    pub acl: Ref<NetworkAcl>,
    /// The subnet.
    pub subnet: Ref<Subnet>,
}

crate::words! {
    /// An AWS service that a VPC endpoint leads to.
    EndpointService: "AWS services" {
        /// Amazon S3, by a gateway endpoint.
        S3 = "s3",
        /// Amazon DynamoDB, by a gateway endpoint.
        DynamoDb = "dynamodb",
        /// The API of Amazon ECR.
        EcrApi = "ecr.api",
        /// The image registry of Amazon ECR.
        EcrDkr = "ecr.dkr",
        /// CloudWatch Logs.
        Logs = "logs",
        /// CloudWatch metrics.
        Monitoring = "monitoring",
        /// AWS Secrets Manager.
        SecretsManager = "secretsmanager",
        /// AWS Systems Manager.
        Ssm = "ssm",
        /// The channel of Session Manager and of ECS Exec.
        SsmMessages = "ssmmessages",
        /// AWS Key Management Service.
        Kms = "kms",
        /// AWS Security Token Service.
        Sts = "sts",
        /// The control plane of Amazon ECS.
        Ecs = "ecs",
        /// The channel of the ECS agent.
        EcsAgent = "ecs-agent",
        /// The telemetry of the ECS agent.
        EcsTelemetry = "ecs-telemetry",
        /// Amazon EFS.
        Efs = "elasticfilesystem",
        /// Amazon EC2.
        Ec2 = "ec2",
        /// Credentials of pods.
        EksAuth = "eks-auth",
        /// The control planes of Amazon EKS.
        Eks = "eks",
        /// Elastic Load Balancing.
        ElasticLoadBalancing = "elasticloadbalancing",
        /// Amazon SQS.
        Sqs = "sqs",
        /// Amazon SNS.
        Sns = "sns",
    }
}

impl EndpointService {
    /// Whether it is reached by routes (a gateway endpoint) rather than by an interface.
    pub const fn is_gateway(self) -> bool {
        matches!(self, EndpointService::S3 | EndpointService::DynamoDb)
    }
}

/// How a VPC endpoint is reached.
#[derive(Clone, Debug, PartialEq)]
pub enum EndpointKind {
    /// By routes in these tables.
    Gateway {
        /// The tables.
        tables: Vec<Ref<RouteTable>>,
    },
    /// By an interface in each of these subnets; the service's own DNS name leads to it.
    Interface {
        /// The subnets.
        subnets: Vec<Ref<Subnet>>,
        /// The groups on its interfaces.
        groups: Vec<Ref<SecurityGroup>>,
    },
}

/// A private way to an AWS service.
#[derive(Clone, Debug, PartialEq)]
pub struct VpcEndpoint {
    /// Its VPC.
    pub vpc: Ref<Vpc>,
    /// The service.
    pub service: EndpointService,
    /// How it is reached.
    pub kind: EndpointKind,
}

/// Records the traffic of a VPC.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowLog {
    /// The VPC.
    pub vpc: Ref<Vpc>,
    /// Where the records go.
    pub log_group: Ref<LogGroup>,
    /// The role that may write them.
    pub role: Ref<Role>,
}

/// A private way between two VPCs.
#[derive(Clone, Debug, PartialEq)]
pub struct VpcPeeringConnection {
    /// The VPC that asks.
    pub requester: Ref<Vpc>,
    /// The VPC that is asked.
    pub accepter: Accepter,
}

/// The other side of a peering.
#[derive(Clone, Debug, PartialEq)]
pub enum Accepter {
    /// A VPC of this architecture.
    Vpc(Ref<Vpc>),
    /// A VPC that somebody else runs.
    External {
        /// Its identifier.
        vpc: Text,
        /// Its account, if another.
        account: Option<Text>,
        /// The role in that account that accepts.
        role: Option<Text>,
        /// Its Region, if another.
        region: Option<Text>,
        /// Its IPv4 block.
        cidr: Value<Ipv4Cidr>,
    },
}

/// A stateful filter on network interfaces. Rules only allow.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityGroup {
    /// Its VPC.
    pub vpc: Ref<Vpc>,
    /// What it is for.
    pub description: String,
    /// Its physical name, if the author gave one.
    pub group_name: Option<Text>,
    /// Whether it keeps the rule AWS starts it with: every connection out is allowed.
    pub default_egress: Value<bool>,
}

/// Who a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RulePeer {
    /// Addresses.
    Cidr(Value<Cidr>),
    /// The blocks of a prefix list.
    PrefixList(Ref<PrefixList>),
    /// The private addresses of interfaces with this group.
    Group(Ref<SecurityGroup>),
}

/// One rule of a security group.
#[derive(Clone, Debug, PartialEq)]
pub struct SecurityGroupRule {
    /// The group.
    pub group: Ref<SecurityGroup>,
    /// Its direction.
    pub direction: Direction,
    /// The other side.
    pub peer: RulePeer,
    /// What it allows.
    pub traffic: Traffic,
    /// What it is for.
    pub description: String,
}

/// Ports from `first` to `last`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    /// The first.
    pub first: u16,
    /// The last; it belongs to the range.
    pub last: u16,
}

impl PortRange {
    /// Every port.
    pub const ALL: PortRange = PortRange { first: 0, last: 65535 };

    /// One port.
    pub const fn one(port: Port) -> PortRange {
        PortRange { first: port.0, last: port.0 }
    }

    /// Whether all of `other` lies in it.
    pub const fn contains(&self, other: &PortRange) -> bool {
        self.first <= other.first && other.last <= self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// What a rule matches.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Traffic {
    /// Every protocol and port.
    All,
    /// TCP to these ports.
    Tcp(Value<PortRange>),
    /// UDP to these ports.
    Udp(Value<PortRange>),
    /// ICMP of this type and code; none means all.
    Icmp {
        /// The type.
        kind: Option<u8>,
        /// The code.
        code: Option<u8>,
    },
    /// ICMPv6 of this type and code; none means all.
    Icmpv6 {
        /// The type.
        kind: Option<u8>,
        /// The code.
        code: Option<u8>,
    },
    /// Another protocol, by its IANA number. It has no ports.
    Protocol(u8),
    /// Not known here.
    Unknown,
}

impl Traffic {
    /// TCP to one port.
    pub fn tcp(port: Value<Port>) -> Traffic {
        Traffic::Tcp(port.map(PortRange::one))
    }

    /// TCP to one known port.
    pub const fn tcp_port(port: u16) -> Traffic {
        Traffic::Tcp(Value::Literal(PortRange { first: port, last: port }))
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ports = |f: &mut fmt::Formatter<'_>, name: &str, ports: &Value<PortRange>| match ports {
            Value::Literal(it) if *it == PortRange::ALL => f.write_str(name),
            Value::Literal(it) => write!(f, "{name}/{it}"),
            Value::Parameter(it) => write!(f, "{name}/${{{it}}}"),
            Value::Unknown => write!(f, "{name}/?"),
        };
        let icmp = |f: &mut fmt::Formatter<'_>,
                    name: &str,
                    kind: &Option<u8>,
                    code: &Option<u8>| match (kind, code) {
            (Some(kind), Some(code)) => write!(f, "{name}/{kind}.{code}"),
            (Some(kind), None) => write!(f, "{name}/{kind}"),
            (None, _) => f.write_str(name),
        };
        match self {
            Traffic::All => f.write_str("all traffic"),
            Traffic::Tcp(it) => ports(f, "tcp", it),
            Traffic::Udp(it) => ports(f, "udp", it),
            Traffic::Icmp { kind, code } => icmp(f, "icmp", kind, code),
            Traffic::Icmpv6 { kind, code } => icmp(f, "icmpv6", kind, code),
            Traffic::Protocol(it) => write!(f, "protocol {it}"),
            Traffic::Unknown => f.write_str("unknown traffic"),
        }
    }
}
