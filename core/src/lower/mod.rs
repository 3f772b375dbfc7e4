//! From declarations to resources. Naming, wiring, derived groups, rules and roles are decided here,
//! once, for every target.

use std::collections::BTreeMap;

use crate::architecture::Architecture;
use crate::declare::{AsDeclaration, Declaration, Declare, Meta, Vpc as VpcDeclaration};
use crate::field::{DeclarationRef, Field, TierRef};
use crate::history;
use crate::loc::Loc;
use crate::resource::kubernetes::{KubernetesKind, KubernetesResource};
use crate::resource::network::{Direction, RulePeer};
use crate::resource::{
    Attribute, Output, Ref, Resource, ResourceGraph, ResourceId, ResourceKind, SecurityGroup,
    SecurityGroupRule, Subnet, Vpc,
};
use crate::tags;
use crate::value::{Part, Text, Value};

mod addons;
pub mod backup;
pub mod cache;
pub mod cloudfront;
mod cluster;
pub mod database;
pub mod dns;
pub mod ecr;
pub mod flows;
mod groups;
mod iam;
pub mod kms;
pub mod kubernetes;
mod load_balancer;
mod members;
pub mod metrics;
pub mod namespace;
pub mod network;
pub mod notify;
pub mod observability;
mod policies;
pub mod route;
mod rules;
mod service;
pub mod storage;
pub mod tenants;
pub mod web_acl;
pub mod workload;

#[cfg(test)]
mod compute_tests;
#[cfg(test)]
mod database_tests;
#[cfg(test)]
mod tenants_tests;

pub use addons::lower_cluster_addons;
pub use cluster::lower_cluster;
pub use groups::{Endpoint, endpoint};
pub use kubernetes::lower_eks_cluster;
pub use load_balancer::{Routed, is_blue_green, lower_certificate, lower_load_balancer, routed};
pub use namespace::lower_namespace;
pub use service::{lower_service, volume_name};
pub use workload::lower_k8s_service;

/// The state of a lowering.
pub struct Lower<'a> {
    /// What is being lowered.
    pub architecture: &'a Architecture,
    graph: ResourceGraph,
}

/// Lowers an architecture. Unknown values stay unknown; nothing is reported here.
pub fn lower(architecture: &Architecture) -> ResourceGraph {
    let mut cx = Lower {
        architecture,
        graph: ResourceGraph {
            tags: BTreeMap::from([
                (tags::ARCHITECTURE.to_string(), architecture.name.clone()),
                (tags::ENVIRONMENT.to_string(), architecture.environment.as_str().to_string()),
                (tags::MANAGED_BY.to_string(), "archgen".to_string()),
            ]),
            declaration_tags: architecture.declarations.iter().filter_map(tags_of).collect(),
            ..ResourceGraph::default()
        },
    };
    for declaration in &architecture.declarations {
        declaration.lower(&mut cx);
    }
    cx.order_starts();
    tenants::claim(&mut cx);
    let mut graph = cx.graph;
    history::trace(architecture, &mut graph);
    graph
}

/// The name and the known tags of a declaration; none if it has no tags.
fn tags_of(declaration: &Declaration) -> Option<(String, BTreeMap<String, String>)> {
    let meta = declaration.meta();
    let tags: BTreeMap<String, String> = meta
        .tags
        .as_ref()?
        .literal()?
        .0
        .iter()
        .filter_map(|it| Some((it.name.clone(), it.field.literal()?.0.clone())))
        .collect();
    (!tags.is_empty()).then(|| (meta.name.clone(), tags))
}

impl<'a> Lower<'a> {
    /// Adds the resource `parts[0].parts[1]…`, which comes from `meta`.
    pub fn add<K: Into<ResourceKind>>(&mut self, meta: &Meta, parts: &[&str], kind: K) -> Ref<K> {
        self.add_at(meta, meta.macro_loc, parts, kind)
    }

    /// Adds a resource that comes from a place inside a declaration.
    pub fn add_at<K: Into<ResourceKind>>(
        &mut self,
        meta: &Meta,
        loc: Loc,
        parts: &[&str],
        kind: K,
    ) -> Ref<K> {
        let id = ResourceId::new(parts);
        let resource = Resource {
            id: id.clone(),
            declaration: meta.name.clone(),
            loc,
            depends_on: Vec::new(),
            key: None,
            kind: kind.into(),
        };
        self.graph.resources.entry(id.clone()).or_insert(resource);
        Ref::new(id)
    }

    /// Adds something that runs in a Kubernetes cluster.
    pub fn add_kubernetes<K: Into<KubernetesKind>>(
        &mut self,
        meta: &Meta,
        loc: Loc,
        it: &Ref<K>,
        kind: K,
    ) {
        let (id, kind) = (it.id().clone(), kind.into());
        let resource =
            KubernetesResource { id: id.clone(), declaration: meta.name.clone(), loc, kind };
        self.graph.kubernetes.entry(id).or_insert(resource);
    }

    /// Says that a declaration makes `resource` once for each zone or tenant, and this one for `key`, which
    /// is a part of its name.
    pub fn repeated(&mut self, resource: &ResourceId, key: &str) {
        if let Some(it) = self.graph.resources.get_mut(resource) {
            it.key = Some(key.to_string());
        }
    }

    /// Says that `resource` needs `other` to exist first, though no property refers to it.
    pub fn depends_on(&mut self, resource: &ResourceId, other: &ResourceId) {
        if let Some(it) = self.graph.resources.get_mut(resource)
            && !it.depends_on.contains(other)
        {
            it.depends_on.push(other.clone());
            it.depends_on.sort();
        }
    }

    /// Gives a single resource a tag that something else looks for.
    pub fn tag(&mut self, resource: ResourceId, key: &str, value: &str) {
        let tags = self.graph.resource_tags.entry(resource).or_default();
        tags.insert(key.to_string(), value.to_string());
    }

    /// Adds a value to be shown once deployed.
    pub fn output(&mut self, parts: &[&str], description: impl Into<String>, value: Text) {
        // A template has 200 outputs at most, and a pool may have more tenants.
        if self.is_tenants(parts) {
            return;
        }
        let name = ResourceId::new(parts);
        self.graph
            .outputs
            .insert(name.clone(), Output { name, description: description.into(), value });
    }

    /// Whether a declaration that a pool of tenants makes has the first of these names.
    fn is_tenants(&self, parts: &[&str]) -> bool {
        parts.first().is_some_and(|it| it.contains('.'))
    }

    /// Adds a value that is given when deploying.
    pub fn parameter(&mut self, parameter: crate::resource::Parameter) {
        self.graph.parameters.insert(parameter.name.clone(), parameter);
    }

    /// Says how Terraform is set up.
    pub fn terraform(&mut self, settings: crate::resource::terraform::TerraformSettings) {
        self.graph.terraform = Some(settings);
    }

    /// The properties of a resource that has been added.
    pub fn resource<K: crate::resource::Typed>(&self, reference: &Ref<K>) -> Option<&K> {
        self.graph.get(reference)
    }

    /// The declaration behind a reference.
    pub fn follow<K: AsDeclaration>(&self, reference: &Field<DeclarationRef<K>>) -> Option<&'a K> {
        self.architecture.follow(reference)
    }

    /// `prod-infra-production`: the stem of physical names.
    pub fn stem(&self) -> String {
        format!("{}-{}", self.architecture.name, self.architecture.environment.as_str())
    }

    /// The VPC resource of the VPC declaration `name`.
    pub fn vpc(&self, name: &str) -> Ref<Vpc> {
        Ref::new(ResourceId::new(&[name, "vpc"]))
    }

    /// The VPC of a tier.
    pub fn vpc_of(&self, tier: &Field<TierRef>) -> Option<Ref<Vpc>> {
        Some(self.vpc(&tier.literal()?.vpc))
    }

    /// The subnets of a tier, in the order of their zones; none if the tier is not known.
    pub fn subnets(&self, tier: &Field<TierRef>) -> Vec<Ref<Subnet>> {
        let Some(tier) = tier.literal() else { return Vec::new() };
        let Some(vpc) = self.architecture.get::<VpcDeclaration>(&tier.vpc) else {
            return Vec::new();
        };
        vpc.subnet_ids(&tier.tier).into_iter().map(Ref::new).collect()
    }

    /// The route tables of a VPC.
    pub fn tables_of(&self, vpc: &str) -> Vec<Ref<crate::resource::RouteTable>> {
        let vpc = self.vpc(vpc);
        self.graph
            .all::<crate::resource::RouteTable>()
            .filter(|(_, _, it)| it.vpc == vpc)
            .map(|(reference, _, _)| reference)
            .collect()
    }

    /// Text with everything that declarations offer turned into attributes of resources.
    pub fn text(&self, text: &Text) -> Text {
        let mut all = Text::default();
        for part in &text.0 {
            let part = match part {
                Part::Member(reference) => members::text(self, reference),
                Part::Literal(_)
                | Part::Parameter(_)
                | Part::Attribute(..)
                | Part::Pseudo(_)
                | Part::Unknown => Text(vec![part.clone()]),
            };
            all = all.then(part);
        }
        all
    }

    /// The text of a field.
    pub fn field_text(&self, field: &Field<Text>) -> Text {
        match &field.value {
            Value::Literal(it) => self.text(it),
            Value::Parameter(name) => Text::parameter(name.clone()),
            Value::Unknown => Text::unknown(),
        }
    }

    /// The text of a plain field.
    pub fn string_text(&self, field: &Field<String>) -> Text {
        value_text(&field.value)
    }

    /// Adds a rule to a security group.
    pub fn rule(&mut self, meta: &Meta, loc: Loc, rule: SecurityGroupRule) {
        let direction = match rule.direction {
            Direction::Ingress => "ingress",
            Direction::Egress => "egress",
        };
        let peer = match &rule.peer {
            RulePeer::Cidr(Value::Literal(it)) if it.0.prefix_len() == 0 => {
                if it.0.addr().is_ipv4() {
                    "internet".to_string()
                } else {
                    "internet_v6".to_string()
                }
            }
            RulePeer::Cidr(Value::Literal(it)) => slug(&it.to_string()),
            RulePeer::Cidr(Value::Parameter(it)) => it.clone(),
            RulePeer::Cidr(Value::Unknown) => "unknown".to_string(),
            RulePeer::PrefixList(it) => slug(it.id().as_str()),
            RulePeer::Group(it) => owner(it.id()),
        };
        let group = owner(rule.group.id());
        let traffic = slug(&rule.traffic.to_string());
        self.add_at(meta, loc, &[&group, direction, &peer, &traffic], rule);
    }
}

/// The declaration part of a security group's name: `backend` of `backend.security_group`.
fn owner(id: &ResourceId) -> String {
    id.as_str().trim_end_matches(".security_group").to_string()
}

/// Letters and digits joined by `_`.
pub fn slug(text: &str) -> String {
    text.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' }).collect()
}

/// A plain value as text.
pub fn value_text(value: &Value<String>) -> Text {
    match value {
        Value::Literal(it) => Text::literal(it.clone()),
        Value::Parameter(name) => Text::parameter(name.clone()),
        Value::Unknown => Text::unknown(),
    }
}

/// The derived security group of the declaration `name`.
pub fn group_id(name: &str) -> Ref<SecurityGroup> {
    Ref::new(ResourceId::new(&[name, "security_group"]))
}

/// The attribute of the resource `parts[0].parts[1]…`, as text.
pub fn attribute(parts: &[&str], attribute: Attribute) -> Text {
    Text::attribute(ResourceId::new(parts), attribute)
}

/// The kind and name of a declaration, for messages.
pub fn describe<K: Declare>(declaration: &K) -> String {
    format!("{} `{}`", K::KIND.title(), declaration.meta().name)
}
