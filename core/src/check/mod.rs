//! The checks. What passes them becomes a [`Checked`], the only thing a target accepts.
//!
//! Unknown values are skipped, never guessed.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::{AsDeclaration, Declare, Kind};
use crate::diagnostic::{Diagnostic, Sink};
use crate::environment::Environment;
use crate::field::{DeclarationRef, Field, TierRef};
use crate::history::{self, History, PastDeclaration};
use crate::loc::Loc;
use crate::lower;
use crate::resource::{ResourceGraph, ResourceId};
use crate::types::Days;

pub mod across;
pub mod addons;
pub mod backup;
pub mod cache;
pub mod certificate;
pub mod classes;
pub mod cloudfront;
pub mod cluster;
pub mod copies;
pub mod database;
pub mod dns;
pub mod ec2_families;
pub mod ecr;
pub mod fargate;
pub mod findings;
pub mod graph;
pub mod identity;
pub mod identity_tenants;
pub mod instances;
pub mod isolation;
pub mod kms;
pub mod kubernetes;
pub mod kubernetes_versions;
pub mod load_balancer;
pub mod names;
pub mod namespace;
pub mod network;
pub mod notify;
pub mod objectives;
pub mod observability;
pub mod peering;
pub mod physical_names;
pub mod pod_addresses;
pub mod pod_policies;
pub mod reachability;
pub mod scaling;
pub mod security;
pub mod service;
pub mod storage;
pub mod tenants;
pub mod terraform;
pub mod versions;
pub mod vpc;
pub mod web_acl;
pub mod windows;
pub mod workload;

#[cfg(test)]
mod compute_tests;
#[cfg(test)]
mod kubernetes_tests;
#[cfg(test)]
mod tenants_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
pub(crate) mod testing_fields;

/// What the checks of a declaration see.
pub struct Context<'a> {
    /// The whole architecture.
    pub architecture: &'a Architecture,
    sink: &'a mut Sink,
}

impl<'a> Context<'a> {
    /// A context that pushes into `sink`.
    pub fn new(architecture: &'a Architecture, sink: &'a mut Sink) -> Context<'a> {
        Context { architecture, sink }
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// The declaration behind a reference.
    pub fn follow<K: AsDeclaration>(&self, reference: &Field<DeclarationRef<K>>) -> Option<&'a K> {
        self.architecture.follow(reference)
    }

    /// The number of zones that a tier spans, if it is known.
    pub fn zones_of(&self, tier: &Field<TierRef>) -> Option<usize> {
        let tier = tier.literal()?;
        self.architecture.get::<crate::declare::Vpc>(&tier.vpc)?.subnet_count(&tier.tier)
    }

    /// AG0208: a tier spans fewer zones than its user needs.
    pub fn needs_zones<K: Declare>(
        &mut self,
        user: &K,
        tier: &Field<TierRef>,
        needed: usize,
        why: &str,
    ) {
        let (Some(zones), Some(it)) = (self.zones_of(tier), tier.literal()) else { return };
        if zones < needed {
            let diagnostic = Diagnostic::new(
                Code::AG0208,
                tier.loc,
                format!(
                    "{} needs {needed} zones, and `{}.{}` spans {zones}",
                    lower::describe(user),
                    it.vpc,
                    it.tier
                ),
            )
            .note(why.to_string())
            .help(format!("give `{}` at least `zones: {needed}`", it.vpc));
            self.push(diagnostic);
        }
    }

    /// AG0501: AWS does not take this retention period for logs.
    pub fn log_retention(&mut self, days: &Field<Days>) {
        let Some(given) = days.literal() else { return };
        if LOG_RETENTION_DAYS.contains(&given.0) {
            return;
        }
        let next = LOG_RETENTION_DAYS.iter().find(|it| **it > given.0);
        let before = LOG_RETENTION_DAYS.iter().rev().find(|it| **it < given.0);
        let near: Vec<u32> = before.into_iter().chain(next).copied().collect();
        self.retention(
            days,
            format!("CloudWatch Logs cannot keep records for {} days", given.0),
            &near,
        );
    }

    /// AG0501: AWS does not take this retention period; `near` are the ones next to it.
    fn retention(&mut self, days: &Field<Days>, message: String, near: &[u32]) {
        let near: Vec<String> = near.iter().map(|it| format!("`{it}days`")).collect();
        self.push(
            Diagnostic::new(Code::AG0501, days.loc, message)
                .help(format!("use {}", near.join(" or "))),
        );
    }
}

/// The periods that CloudWatch Logs takes, in days.
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
pub const LOG_RETENTION_DAYS: &[u32] = &[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

/// An architecture that passed every check, with its resources.
///
/// Only [`fn@check`] makes one:
///
/// ```compile_fail
/// let checked = archgen_core::Checked { name: String::new() };
/// ```
#[derive(Clone, Debug)]
pub struct Checked {
    name: String,
    environment: Environment,
    graph: ResourceGraph,
    declarations: BTreeMap<String, PastDeclaration>,
    diagnostics: Vec<Diagnostic>,
    worked_out: Arc<OnceLock<Arc<dyn Any + Send + Sync>>>,
}

impl Checked {
    /// The architecture's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The environment.
    pub fn environment(&self) -> Environment {
        self.environment
    }

    /// The resources.
    pub fn graph(&self) -> &ResourceGraph {
        &self.graph
    }

    /// What is to be known when it is emitted again. `addresses` are those of the Terraform blocks, `stacks`
    /// the CloudFormation stacks; what is not there is in the main one.
    pub fn history(
        &self,
        addresses: &BTreeMap<ResourceId, Vec<String>>,
        stacks: &BTreeMap<ResourceId, String>,
    ) -> History {
        History {
            declarations: self.declarations.clone(),
            resources: history::resources(&self.graph, addresses, stacks),
        }
    }

    /// What a target works out of it, once: there is one place, for the first type that is asked for. Any other is
    /// worked out every time.
    pub fn once<T: Any + Send + Sync>(&self, work_out: impl Fn() -> T) -> Arc<T> {
        let first = Arc::clone(self.worked_out.get_or_init(|| Arc::new(work_out())));
        first.downcast().unwrap_or_else(|_| Arc::new(work_out()))
    }

    /// The warnings.
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

/// Checks an architecture: every finding, or what a target accepts.
///
/// # Errors
///
/// Every finding, warnings included, if one of them is an error.
pub fn check(architecture: &Architecture) -> Result<Checked, Vec<Diagnostic>> {
    let (graph, diagnostics) = diagnose(architecture);
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(diagnostics);
    }
    Ok(Checked {
        name: architecture.name.clone(),
        environment: architecture.environment,
        graph,
        declarations: history::declarations(architecture),
        diagnostics,
        worked_out: Arc::default(),
    })
}

/// Every finding about an architecture, some of whose values may be unknown, and its resources.
pub fn diagnose(architecture: &Architecture) -> (ResourceGraph, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    for problem in architecture.problems() {
        sink.push(problem.clone());
    }
    let mut cx = Context::new(architecture, &mut sink);
    names::check(&mut cx);
    identity::check(&mut cx);
    for declaration in &architecture.declarations {
        declaration.check(&mut cx);
    }
    objectives::check(&mut cx);
    let graph = lower::lower(architecture);
    graph::check(&graph, &mut cx);
    let model = reachability::model(architecture, &graph);
    reachability::check(&model, &mut cx);
    network::check(&graph, &model, &mut cx);
    isolation::check(&graph, &model, &mut cx);
    (graph, sink.into_diagnostics())
}

/// The kinds of declarations that hold data.
pub fn is_store(kind: Kind) -> bool {
    matches!(kind, Kind::RdsPostgres | Kind::Redis | Kind::Efs)
}

/// A place, or the other if it is not known.
pub fn or_loc(loc: Loc, other: Loc) -> Loc {
    if loc.is_known() { loc } else { other }
}
