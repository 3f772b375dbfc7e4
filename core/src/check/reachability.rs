//! Who can reach whom: connections that must work (AG0301, AG0310), connections that are denied
//! (AG0302), what services need to start (AG0304).
//!
//! A finding needs an answer that holds whatever is not known turns out to be.

use super::Context;
use crate::declare::{Allow, Connect, Deny, Kind};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::flow::{FlowTarget, Peer};
use crate::lower;
use crate::network::{Model, Side, Wanted};
use crate::resource::network::{EndpointService, Traffic};

mod connections;
mod denials;
mod facts;
pub(in crate::check) mod startup;

pub use facts::model;

#[cfg(test)]
mod tests;

/// Checks.
pub fn check(model: &Model, cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    for it in architecture.all::<Connect>() {
        connections::check(model, &it.from, &it.to, cx);
    }
    for it in architecture.all::<Allow>() {
        connections::check_ports(&it.to, cx);
    }
    for it in architecture.all::<Deny>() {
        denials::check(model, &it.from, &it.to, cx);
    }
    startup::check(model, cx);
}

/// A side as the engine knows it; none if it is not known, or not something with a place.
pub(in crate::check) fn side(peer: &Field<Peer>) -> Option<Side> {
    Some(match peer.literal()? {
        Peer::Internet => Side::Internet,
        Peer::Cidr(it) => Side::Block(it.0),
        Peer::Tier(it) => Side::Tier(format!("{}.{}", it.vpc, it.tier)),
        Peer::Itself => return None,
        Peer::Declaration(kind, name) => match kind {
            Kind::Vpc => Side::Vpc(name.to_string()),
            Kind::SecurityGroup => Side::Group(name.to_string()),
            Kind::S3Bucket => Side::Service(EndpointService::S3),
            Kind::Secret => Side::Service(EndpointService::SecretsManager),
            Kind::Alb
            | Kind::EcsService
            | Kind::EcsCluster
            | Kind::EksCluster
            | Kind::K8sService
            | Kind::RdsPostgres
            | Kind::Redis
            | Kind::Efs => Side::Endpoint(name.to_string()),
            Kind::Param
            | Kind::Namespace
            | Kind::ClusterAddons
            | Kind::NetworkAcl
            | Kind::VpcPeering
            | Kind::Certificate
            | Kind::EcrRepository
            | Kind::BackupPlan
            | Kind::SnsTopic
            | Kind::TenantPool
            | Kind::Budget
            | Kind::WebAcl
            | Kind::CloudFront
            | Kind::HostedZone
            | Kind::DnsRecord
            | Kind::KmsKey
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

/// What a side listens for by itself; none if that is not known.
fn listens(peer: &Peer, cx: &Context<'_>) -> Option<Vec<Traffic>> {
    match peer {
        Peer::Declaration(Kind::S3Bucket | Kind::Secret, _) => Some(vec![Traffic::tcp_port(443)]),
        Peer::Declaration(_, name) => {
            let declaration = cx.architecture.named(name)?;
            Some(match lower::endpoint(cx.architecture, declaration) {
                Some(it) => it.listens,
                None => Vec::new(),
            })
        }
        Peer::Internet | Peer::Cidr(_) | Peer::Tier(_) | Peer::Itself => Some(Vec::new()),
    }
}

/// The ports that are written for a side, or its own; none if they are not known.
pub(in crate::check) fn wanted(target: &FlowTarget, cx: &Context<'_>) -> Option<Vec<Wanted>> {
    let traffic: Vec<Traffic> = match &target.ports {
        Some(ports) => ports
            .literal()?
            .0
            .iter()
            .map(|it| it.literal().cloned().unwrap_or(Traffic::Unknown))
            .collect(),
        None => listens(target.peer.literal()?, cx)?,
    };
    Some(traffic.iter().map(Wanted::of).collect())
}

/// The name of a declaration's peer as it is called in messages, with its first letter as it is.
fn name(peer: &Field<Peer>) -> String {
    peer.literal().map(Peer::describe).unwrap_or_default()
}

/// Says of the sides that were found by a tag which tag that was.
fn by_tags(mut finding: Diagnostic, peers: &[&Field<Peer>]) -> Diagnostic {
    for (name, tag) in peers.iter().filter_map(|it| it.literal()?.found()) {
        let value = tag.field.literal().map(|it| format!(" = `{}`", it.0)).unwrap_or_default();
        let text = format!("`{name}` has the tag `{}`{value}", tag.name);
        finding =
            if tag.loc.is_known() { finding.label(tag.loc, text) } else { finding.note(text) };
    }
    finding
}
