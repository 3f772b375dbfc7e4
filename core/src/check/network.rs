//! What can be said of a network by itself, whether it was lowered from declarations or read from a
//! template: quotas, exposure, groups and rules without use, entries and routes that do nothing or that
//! AWS refuses, network ACLs that drop answers.
//!
//! | Concern | Module |
//! |---|---|
//! | quotas with their use | [`quota`] |
//! | data stores on the internet | `stores` |
//! | administrative and database ports open to everybody | `ports` |
//! | groups: of other VPCs, without use | `groups` |
//! | rules of groups without use | `rules` |
//! | entries of network ACLs that never decide | `entries` |
//! | network ACLs that drop answers, path MTU messages, what load balancers send | `answers` |
//! | routes | `routes` |
//! | blocks of VPCs and subnets of a template that was read | `vpcs` |
//! | endpoints of AWS services, control planes of EKS | `endpoints` |
//!
//! A finding needs facts that hold whatever is not known turns out to be.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::architecture::Architecture;
use crate::declare::SecurityGroup as SecurityGroupDeclaration;
use crate::diagnostic::{Diagnostic, Sink};
use crate::environment::Environment;
use crate::loc::Loc;
use crate::network::Model;
use crate::network::model::Groups;
use crate::network::standing::{Standing, standing};
use crate::resource::network::Direction;
use crate::resource::{Ref, Resource, ResourceGraph, ResourceId, RouteTable, Vpc};
use parts::Parts;

mod answers;
mod endpoints;
mod entries;
mod groups;
mod parts;
mod ports;
pub mod quota;
mod routes;
mod rules;
mod stores;
mod vpcs;

#[cfg(test)]
mod testing;

/// Checks the network of an architecture.
pub fn check(graph: &ResourceGraph, model: &Model, cx: &mut Context<'_>) {
    let scope = Scope::declared(graph, model, cx.architecture);
    let exposed = stores::check_declared(&scope, cx);
    both(&scope, &exposed, cx);
    rules::check_declared(&scope, cx);
}

/// Every check of a network that was read from a template.
pub fn check_read(graph: &ResourceGraph) -> Vec<Diagnostic> {
    check_model(graph, &Model::new(graph))
}

/// The same with the graph's model, for who has made it already.
pub fn check_model(graph: &ResourceGraph, model: &Model) -> Vec<Diagnostic> {
    let architecture = Architecture::builder("template", Environment::Production).done();
    let mut sink = Sink::new();
    let mut cx = Context::new(&architecture, &mut sink);
    let scope = Scope::read(graph, model);
    vpcs::check(&scope, &mut cx);
    let exposed = stores::check_read(&scope, &mut cx);
    both(&scope, &exposed, &mut cx);
    rules::check_read(&scope, &mut cx);
    entries::numbers(&scope, &mut cx);
    sink.into_diagnostics()
}

/// What is checked wherever the graph comes from.
fn both(scope: &Scope<'_>, exposed: &BTreeSet<ResourceId>, cx: &mut Context<'_>) {
    quota::check(scope, cx);
    groups::check(scope, cx);
    ports::check(scope, exposed, cx);
    entries::check(scope, cx);
    answers::check(scope, cx);
    routes::check(scope, cx);
    endpoints::check(scope, cx);
}

/// A network with what several checks look up in it.
struct Scope<'a> {
    graph: &'a ResourceGraph,
    model: &'a Model,
    parts: Parts<'a>,
    /// Whether it was read from a template, in which the team wrote everything.
    read: bool,
    /// Whether there may be more declarations than are known here.
    open: bool,
    /// Everything that has interfaces.
    standing: Vec<Standing<'a>>,
    /// The groups whose rules the team wrote, by the name of the declaration.
    written: BTreeSet<&'a str>,
}

impl<'a> Scope<'a> {
    fn declared(
        graph: &'a ResourceGraph,
        model: &'a Model,
        architecture: &'a Architecture,
    ) -> Scope<'a> {
        let written = architecture.all::<SecurityGroupDeclaration>();
        Scope {
            graph,
            model,
            parts: Parts::of(graph),
            read: false,
            open: architecture.open,
            standing: standing(graph),
            written: written.map(|it| it.meta.name.as_str()).collect(),
        }
    }

    fn read(graph: &'a ResourceGraph, model: &'a Model) -> Scope<'a> {
        Scope {
            graph,
            model,
            parts: Parts::of(graph),
            read: true,
            open: false,
            standing: standing(graph),
            written: BTreeSet::new(),
        }
    }

    /// Whether the team wrote a rule or a group itself.
    fn is_written(&self, resource: &Resource) -> bool {
        self.read || self.written.contains(resource.declaration.as_str())
    }

    /// The name of a resource in messages.
    fn name_of(&self, id: &'a ResourceId) -> &'a str {
        self.graph.resources.get(id).map_or(id.as_str(), |it| it.declaration.as_str())
    }

    /// Whether the groups on something are not known, so that any group may be used.
    fn unknown_groups(&self) -> bool {
        self.model
            .endpoints
            .iter()
            .any(|it| it.interfaces.iter().any(|it| it.groups == Groups::Unknown))
    }

    /// The name of a route table in messages.
    fn table_name(&self, table: &'a Ref<RouteTable>) -> String {
        if self.read {
            format!("`{}`", self.name_of(table.id()))
        } else {
            format!("`{}`", table.id().as_str().trim_end_matches(".route_table"))
        }
    }

    /// The VPCs by name in the graph.
    fn vpcs(&self) -> BTreeMap<&'a ResourceId, &'a Vpc> {
        self.parts.all::<Vpc>().map(|(it, vpc)| (&it.id, vpc)).collect()
    }
}

/// `ingress` or `egress`.
const fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    }
}

/// `a`, `b` and `c`, each in backticks; the rest is counted.
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let all: Vec<String> = names.into_iter().map(|it| format!("`{it}`")).collect();
    match all.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if first.len() < 5 => format!("{} and {last}", first.join(", ")),
        [a, b, c, rest @ ..] => format!("{a}, {b}, {c} and {} others", rest.len()),
        [_, _] => all.join(" and "),
    }
}

/// Adds a second place, if it is known and not the finding's own.
fn labelled(diagnostic: Diagnostic, loc: Loc, text: impl Into<String>) -> Diagnostic {
    if loc.is_known() && loc != diagnostic.loc { diagnostic.label(loc, text) } else { diagnostic }
}
