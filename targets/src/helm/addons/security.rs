//! The chart `security`: what Kyverno holds pods to.

use archgen_core::resource::ResourceGraph;
use archgen_core::resource::addons::Settings;
use serde_json::{Value as Json, json};

use crate::helm::node::{Entry, Node};
use crate::helm::shape::document;
use crate::helm::shape::{Definitions, Shape, object};

/// The values of the chart in one environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Security {
    policies: Vec<String>,
    registries: Vec<String>,
    action: &'static str,
    exempt: Vec<String>,
}

impl Security {
    /// The policies of a graph.
    pub fn new(graph: &ResourceGraph) -> Security {
        let found = graph.releases().find_map(|(_, it)| {
            if let Settings::Kyverno(it) = &it.settings { Some(it) } else { None }
        });
        let Some(it) = found else { return Security { action: "Audit", ..Security::default() } };
        Security {
            policies: it.policies.iter().map(|it| (*it).to_string()).collect(),
            registries: it.registries.iter().filter_map(|it| it.as_literal()).collect(),
            action: it.action,
            exempt: it.exempt.clone(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.policies.is_empty() && self.registries.is_empty()
    }

    /// The values as they are written.
    pub fn node(&self) -> Node {
        Node::Map(vec![
            Entry::new("policies", "What pods are held to.", self.policies.node()),
            Entry::new(
                "registries",
                "What images start with; empty for anything.",
                self.registries.node(),
            ),
            Entry::new(
                "action",
                "What happens to pods that are not so: they are refused (Deny) or reported (Audit).",
                self.action.into(),
            ),
            Entry::new("exempt", "Namespaces whose pods are left alone.", self.exempt.node()),
        ])
    }
}

/// The schema of the chart's values.
pub(super) fn schema(name: &str) -> Json {
    use archgen_core::declare::cluster_addons::{PodPolicy, PolicyAction};
    let top = |name: &str, schema: Json| (name.to_string(), schema, true);
    let policies: Vec<&str> = PodPolicy::ALL.iter().map(|it| it.as_str()).collect();
    let actions: Vec<&str> = PolicyAction::ALL.iter().map(|it| it.as_str()).collect();
    let texts = json!({ "type": "array", "items": { "type": "string", "minLength": 1 } });
    let schema = object(vec![
        top(
            "policies",
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "string", "enum": policies } }),
        ),
        top("registries", texts.clone()),
        top("action", json!({ "type": "string", "enum": actions })),
        top("exempt", texts),
    ]);
    document(name, schema, Definitions::default())
}
