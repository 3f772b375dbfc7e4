//! What a target cannot say, or says with a loss: one table, and what of it concerns an architecture.
//!
//! What is in no row, a target says in full.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::declare::Kind;
use archgen_core::resource::kubernetes::KubernetesKind;
use archgen_core::resource::{Parameter, Resource, ResourceGraph};
use archgen_core::{Checked, Code, Diagnostic, Loc};

use crate::{Target, cloudformation, terraform};

mod helm;
mod infrastructure;
#[cfg(test)]
mod tests;

/// How much of something a target can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Support {
    /// All of it.
    Full,
    /// It says it, and what is deployed behaves differently in one case.
    Partial,
    /// Nothing.
    None,
}

impl Support {
    /// `full`, `partial` or `none`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Support::Full => "full",
            Support::Partial => "partial",
            Support::None => "none",
        }
    }
}

/// What a row of the table is about in an architecture.
enum Concern {
    /// No declaration says such a thing.
    Nothing,
    /// The whole architecture.
    Everything,
    /// What runs in its Kubernetes clusters.
    Kubernetes,
    /// Some of its resources.
    Resources(fn(&Resource) -> bool),
    /// Some of its parameters.
    Parameters(fn(&Parameter) -> bool),
    /// What was renamed.
    Renames,
}

/// One thing that a target cannot say, or says with a loss.
pub struct Capability {
    /// The target.
    pub target: Target,
    /// The declarations that say it; empty for the architecture as a whole, and for what no declaration
    /// says.
    pub declarations: &'static [Kind],
    /// What is said: a field, or what follows from the declaration.
    pub subject: &'static str,
    /// How much of it the target can say.
    pub support: Support,
    /// What is missing, in the style of diagnostics.
    pub why: &'static str,
    /// What to do instead.
    pub alternative: &'static str,
    /// Where that is written.
    pub source: &'static str,
    /// Whether a target that is written for an architecture with it says so: the author said what is lost.
    pub is_reported: bool,
    concern: Concern,
}

/// Everything that a target cannot say, or says with a loss.
pub fn table() -> impl Iterator<Item = &'static Capability> {
    infrastructure::TABLE.iter().chain(helm::TABLE)
}

impl Capability {
    /// What of an architecture it is about: the declarations by name, with their places. None if it is not
    /// about it; empty if it is about the architecture as a whole.
    pub fn concerns(&self, graph: &ResourceGraph) -> Option<BTreeMap<String, Loc>> {
        let found: BTreeMap<String, Loc> = match self.concern {
            Concern::Nothing => return None,
            Concern::Everything => return Some(BTreeMap::new()),
            Concern::Kubernetes => graph
                .kubernetes
                .values()
                .filter(|it| match it.kind {
                    KubernetesKind::Namespace(_)
                    | KubernetesKind::Workload(_)
                    | KubernetesKind::Release(_) => true,
                    // They come with what is connected.
                    KubernetesKind::NetworkPolicy(_) | KubernetesKind::NetworkPolicyRule(_) => {
                        false
                    }
                })
                .map(|it| (it.declaration.clone(), it.loc))
                .collect(),
            Concern::Resources(is_about) => {
                let all = graph.resources.values().filter(|it| is_about(it));
                all.map(|it| (it.declaration.clone(), it.loc)).collect()
            }
            Concern::Parameters(is_about) => {
                let all = graph.parameters.values().filter(|it| is_about(it));
                all.map(|it| (it.name.clone(), it.loc)).collect()
            }
            Concern::Renames => {
                let all = graph.moved.iter().filter_map(|it| graph.resources.get(&it.resource));
                all.map(|it| (it.declaration.clone(), it.loc)).collect()
            }
        };
        (!found.is_empty()).then_some(found)
    }

    /// What is printed where the target is written for an architecture that it is about.
    fn diagnostic(&self, concerned: &BTreeMap<String, Loc>) -> Option<Diagnostic> {
        let code = match self.support {
            Support::Full => return None,
            Support::Partial => Code::AG0703,
            Support::None => Code::AG0702,
        };
        let mut places: Vec<(&str, Loc)> =
            concerned.iter().map(|(name, loc)| (name.as_str(), *loc)).collect();
        places.sort_by_key(|it| (it.1, it.0));
        let names: Vec<String> = places.iter().map(|it| format!("`{}`", it.0)).collect();
        let loc = places.first().map_or(Loc::NONE, |it| it.1);
        let message = format!("{} ({}): {}", self.subject, names.join(", "), self.why);
        let diagnostic = Diagnostic::new(code, loc, message);
        let others = places.iter().skip(1).filter(|it| it.1.is_known());
        let diagnostic =
            others.fold(diagnostic, |all, (name, loc)| all.label(*loc, format!("`{name}`, too")));
        Some(diagnostic.help(self.alternative))
    }
}

/// The declarations of which a target says everything.
pub fn full(target: Target) -> Vec<Kind> {
    let limited: BTreeSet<Kind> =
        table().filter(|it| it.target == target).flat_map(|it| it.declarations).copied().collect();
    Kind::ALL.iter().copied().filter(|it| !limited.contains(it)).collect()
}

/// What is to be said where a target is written: what it cannot say of an architecture, and what it says
/// with a loss.
pub fn report(checked: &Checked, target: Target) -> Vec<Diagnostic> {
    let mut found =
        report_graph(checked.name(), checked.environment().as_str(), checked.graph(), target);
    if target == Target::CloudFormation {
        found.extend(cloudformation::stacks(checked).problems().iter().cloned());
        archgen_core::diagnostic::sort(&mut found);
    }
    found
}

fn report_graph(
    name: &str,
    environment: &str,
    graph: &ResourceGraph,
    target: Target,
) -> Vec<Diagnostic> {
    let mut found = match target {
        Target::CloudFormation | Target::Helm => Vec::new(),
        Target::Terraform => bad_names(name, environment, graph),
    };
    for it in table().filter(|it| it.target == target && it.is_reported) {
        if let Some(concerned) = it.concerns(graph) {
            found.extend(it.diagnostic(&concerned));
        }
    }
    archgen_core::diagnostic::sort(&mut found);
    found
}

/// AG0701: the names that Terraform's provider has to be given, and that the service does not take.
fn bad_names(name: &str, environment: &str, graph: &ResourceGraph) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (resource, name, limit) in terraform::made_up_names(name, environment, graph) {
        let length = name.chars().count();
        let why = if length > limit {
            format!("has {length} characters, and the service takes {limit}")
        } else if !name.starts_with(|it: char| it.is_ascii_alphabetic()) {
            "does not start with a letter".to_string()
        } else {
            continue;
        };
        let declaration = &resource.declaration;
        let message = format!("the name `{name}` that Terraform has to give `{declaration}` {why}");
        found.push(
            Diagnostic::new(Code::AG0701, resource.loc, message).help("give it an `identifier`"),
        );
    }
    found
}

/// How many resources of each type a target writes for an architecture; a chart's objects are not counted,
/// as its values decide which there are.
pub fn types(checked: &Checked, target: Target) -> BTreeMap<String, usize> {
    match target {
        Target::CloudFormation => {
            let mut types = BTreeMap::new();
            for (_, kind, ..) in cloudformation::template(checked).resources() {
                *types.entry(kind.to_string()).or_insert(0) += 1;
            }
            types
        }
        Target::Helm => BTreeMap::new(),
        Target::Terraform => {
            terraform::types(checked.name(), checked.environment().as_str(), checked.graph())
        }
    }
}
