//! What stands in subnets in a template that was read, where only its network part is known.
//!
//! A lowered architecture has none of these: its services, load balancers and stores are resources of
//! their own, and no target writes what stands here.

use super::network::{SecurityGroup, Subnet};
use super::{Ref, ResourceId};
use crate::loc::Loc;
use crate::types::Port;
use crate::value::Value;

/// What network interfaces belong to: it decides from which ports their connections come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InterfaceKind {
    /// Containers, which run Linux unless they say otherwise.
    Linux,
    /// Machines that run Windows.
    Windows,
    /// Machines whose system is not known.
    Instance,
    /// An Application or Classic Load Balancer.
    LoadBalancer,
    /// A Network Load Balancer.
    NetworkLoadBalancer,
    /// A Lambda function.
    Function,
    /// An interface VPC endpoint.
    VpcEndpoint,
    /// A store or another service that AWS runs.
    Managed,
    /// A CloudFront distribution: it stands in no VPC.
    CloudFront,
}

/// The network interfaces of one thing.
#[derive(Clone, Debug, PartialEq)]
pub struct Interfaces {
    /// The thing's name in messages: its logical ID.
    pub declaration: String,
    /// Where it was written.
    pub loc: Loc,
    /// The type, such as `AWS::EC2::Instance`.
    pub type_name: String,
    /// What it is.
    pub kind: InterfaceKind,
    /// Where it stands: in each of these subnets, or in any; none if that is not known.
    pub subnets: Option<Vec<Ref<Subnet>>>,
    /// The groups on its interfaces; none if they are not known, empty if no group filters.
    pub groups: Option<Vec<Ref<SecurityGroup>>>,
    /// Whether its interfaces have public IPv4 addresses.
    pub public: Value<bool>,
    /// Whether its interfaces have IPv6 addresses.
    pub ipv6: Value<bool>,
    /// The TCP ports it listens on, as far as it says so.
    pub ports: Vec<Value<Port>>,
    /// Whether it holds data.
    pub store: bool,
}

/// What a load balancer sends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Forwarding {
    /// The load balancer, by its name in [`super::ResourceGraph::interfaces`].
    pub load_balancer: ResourceId,
    /// The port it listens on.
    pub listener_port: Value<Port>,
    /// What it sends to, by its name in [`super::ResourceGraph::interfaces`].
    pub target: ResourceId,
    /// The port it sends to.
    pub target_port: Value<Port>,
    /// Whether targets see the client's address: a Network Load Balancer keeps it for targets by instance.
    pub keeps_client_address: Value<bool>,
    /// Where it was written.
    pub loc: Loc,
}
