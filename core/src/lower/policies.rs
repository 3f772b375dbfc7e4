//! Network policies: what the pods of a `k8s_service!` admit beside the groups of their nodes. Only what is
//! connected, and on the pods' own side only: whoever else stands on the nodes is not meant.
//!
//! Names are looked up by pods everywhere (the cluster's DNS), and the agent that hands them credentials
//! answers on their own node: neither is part of the network here.

use super::network::{either, endpoint_tier};
use super::{Lower, endpoint, slug};
use crate::declare::{Alb, Declaration, EksCluster, K8sService, Kind, Meta, Vpc as VpcDeclaration};
use crate::field::Field;
use crate::flow::Peer;
use crate::loc::Loc;
use crate::resource::kubernetes::{NetworkPolicy, NetworkPolicyRule, PolicyPeer};
use crate::resource::network::{Direction, EndpointService, Traffic};
use crate::resource::{Ref, ResourceId};
use crate::types::{Cidr, Ipv4Cidr};
use crate::value::Value;

/// SCTP, the one protocol beside TCP and UDP that network policies have.
const SCTP: u8 = 132;

/// The policy of a `k8s_service!`.
pub fn policy_id(service: &str) -> Ref<NetworkPolicy> {
    Ref::new(ResourceId::new(&[service, "network_policy"]))
}

/// The pods of a cluster that have no policy from here.
pub fn other_pods(cluster: &str) -> Ref<NetworkPolicy> {
    Ref::new(ResourceId::new(&[cluster, "pods"]))
}

/// The service whose pods a side is.
fn pods(peer: &Field<Peer>) -> Option<&str> {
    match peer.literal()? {
        Peer::Declaration(Kind::K8sService, name) => Some(name),
        Peer::Declaration(..) | Peer::Internet | Peer::Cidr(_) | Peer::Tier(_) | Peer::Itself => {
            None
        }
    }
}

/// Admits a connection on each side that is pods.
pub fn admit(
    meta: &Meta,
    loc: Loc,
    (from, to): (&Field<Peer>, &Field<Peer>),
    traffic: &Traffic,
    cx: &mut Lower<'_>,
) {
    for (own, other, direction) in [(from, to, Direction::Egress), (to, from, Direction::Ingress)] {
        let Some(service) = pods(own) else { continue };
        let Some(cluster) = cluster_of(service, cx) else { continue };
        let Some(peer) = policy_peer(other, cluster, cx) else { continue };
        rule(meta, loc, service, direction, peer, traffic, cx);
    }
}

/// Admits a load balancer, by the addresses of its subnets.
pub(super) fn admit_load_balancer(
    alb: &Alb,
    service: &K8sService,
    loc: Loc,
    traffic: &Traffic,
    cx: &mut Lower<'_>,
) {
    let declaration = Declaration::Alb(Box::new(alb.clone()));
    if let Some(peer) = network_of(&alb.meta.name, &declaration, cx) {
        rule(&alb.meta, loc, &service.meta.name, Direction::Ingress, peer, traffic, cx);
    }
}

fn rule(
    meta: &Meta,
    loc: Loc,
    service: &str,
    direction: Direction,
    peer: PolicyPeer,
    traffic: &Traffic,
    cx: &mut Lower<'_>,
) {
    match traffic {
        Traffic::All | Traffic::Tcp(_) | Traffic::Udp(_) | Traffic::Unknown => {}
        Traffic::Protocol(it) if *it == SCTP => {}
        // Network policies have no words for other protocols, so nothing of them is admitted.
        Traffic::Icmp { .. } | Traffic::Icmpv6 { .. } | Traffic::Protocol(_) => return,
    }
    let side = match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    };
    let other = match &peer {
        PolicyPeer::Network { name, .. } => slug(name),
        PolicyPeer::Internet => "internet".to_string(),
        PolicyPeer::Pods(it) => slug(it.id().as_str()),
    };
    let id = [service, "network_policy", side, &other, &slug(&traffic.to_string())];
    let it = Ref::new(ResourceId::new(&id));
    let policy = policy_id(service);
    let kind = NetworkPolicyRule { policy, direction, peer, traffic: traffic.clone() };
    cx.add_kubernetes(meta, loc, &it, kind);
}

fn cluster_of<'a>(service: &str, cx: &Lower<'a>) -> Option<&'a EksCluster> {
    cx.architecture.get::<K8sService>(service)?.cluster(cx.architecture)
}

/// Whom a rule of a policy names for a side, seen from a cluster.
fn policy_peer(peer: &Field<Peer>, cluster: &EksCluster, cx: &Lower<'_>) -> Option<PolicyPeer> {
    let network = |name: &str, blocks| PolicyPeer::Network { name: name.to_string(), blocks };
    let literal = match &peer.value {
        Value::Literal(it) => it,
        Value::Parameter(name) => {
            return Some(network(name, vec![Value::Parameter(name.clone())]));
        }
        Value::Unknown => return Some(network("unknown", vec![Value::Unknown])),
    };
    Some(match literal {
        Peer::Internet => PolicyPeer::Internet,
        Peer::Cidr(it) => network(&it.to_string(), vec![Value::Literal(*it)]),
        Peer::Tier(it) => {
            let vpc = cx.architecture.get::<VpcDeclaration>(&it.vpc)?;
            network(&format!("{}.{}", it.vpc, it.tier), blocks(vpc.subnet_blocks(&it.tier)))
        }
        Peer::Itself => return None,
        Peer::Declaration(kind, name) => match kind {
            Kind::K8sService if cluster_of(name, cx) == Some(cluster) => {
                PolicyPeer::Pods(policy_id(name))
            }
            Kind::EksCluster if name.as_str() == cluster.meta.name => {
                PolicyPeer::Pods(other_pods(name))
            }
            Kind::S3Bucket | Kind::Secret => aws_service(*kind, cluster, cx),
            Kind::Vpc => {
                let vpc = cx.architecture.get::<VpcDeclaration>(name)?;
                network(name, blocks(vpc.blocks().into_iter().cloned().collect()))
            }
            // Where what has a group stands is not said.
            Kind::SecurityGroup => network(name, vec![Value::Unknown]),
            Kind::Alb
            | Kind::EcsService
            | Kind::EcsCluster
            | Kind::EksCluster
            | Kind::K8sService
            | Kind::RdsPostgres
            | Kind::Redis
            | Kind::Efs => network_of(name, cx.architecture.named(name)?, cx)?,
            Kind::Param
            | Kind::Namespace
            | Kind::ClusterAddons
            | Kind::NetworkAcl
            | Kind::VpcPeering
            | Kind::Certificate
            | Kind::WebAcl
            | Kind::CloudFront
            | Kind::HostedZone
            | Kind::DnsRecord
            | Kind::KmsKey
            | Kind::BackupPlan
            | Kind::EcrRepository
            | Kind::SnsTopic
            | Kind::TenantPool
            | Kind::Budget
            | Kind::Alarm
            | Kind::Dashboard
            | Kind::Objectives
            | Kind::Terraform
            | Kind::Connect
            | Kind::Allow
            | Kind::Deny => return None,
        },
    })
}

fn blocks(all: Vec<Field<Ipv4Cidr>>) -> Vec<Value<Cidr>> {
    all.into_iter().map(|it| it.value.map(|it| either(&it))).collect()
}

/// The addresses of the subnets that a declaration stands in.
fn network_of(name: &str, declaration: &Declaration, cx: &Lower<'_>) -> Option<PolicyPeer> {
    let stand = endpoint(cx.architecture, declaration)?;
    let tier = stand.tier.literal()?;
    let vpc = cx.architecture.get::<VpcDeclaration>(&tier.vpc)?;
    Some(PolicyPeer::Network {
        name: name.to_string(),
        blocks: blocks(vpc.subnet_blocks(&tier.tier)),
    })
}

/// S3 is at public addresses; Secrets Manager is, too, unless the VPC has an endpoint of it.
fn aws_service(kind: Kind, cluster: &EksCluster, cx: &Lower<'_>) -> PolicyPeer {
    let vpc = cluster.subnets.literal().map(|it| it.vpc.as_str()).unwrap_or_default();
    let private = cx
        .architecture
        .get::<VpcDeclaration>(vpc)
        .filter(|_| kind == Kind::Secret)
        .filter(|it| it.has_endpoint(EndpointService::SecretsManager) == Some(true));
    match private.and_then(|it| Some((it, endpoint_tier(it)?))) {
        Some((vpc, tier)) => PolicyPeer::Network {
            name: format!("{}.endpoints", vpc.meta.name),
            blocks: blocks(vpc.subnet_blocks(&tier)),
        },
        None => PolicyPeer::Internet,
    }
}
