//! What a value is, or who knows it: an output of the stack or module, a parameter, or whoever installs.

use std::collections::BTreeMap;

use archgen_core::resource::{Attribute, EksCluster, Queue, Ref, ResourceGraph};
use archgen_core::value::{Part, Pseudo, Text, Value};

use crate::helm::node::Node;

/// Something that is not known before it is deployed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Asked {
    /// The variable of the shell that has it in the commands of the README.
    pub variable: String,
    /// What it is.
    pub what: String,
    /// The name of the output that has it.
    pub output: Option<String>,
    /// A value that looks like a real one.
    pub plausible: &'static str,
}

/// A text, or who knows it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Given {
    /// Known.
    Known(String),
    /// Not known.
    Asked(Asked),
}

impl Given {
    /// The Region.
    pub fn region() -> Given {
        Given::Asked(Asked {
            variable: "AWS_REGION".to_string(),
            what: "The Region, such as eu-west-1.".to_string(),
            output: None,
            plausible: "eu-west-1",
        })
    }

    /// A value as text.
    pub fn value(it: &Value<String>) -> Given {
        match it {
            Value::Literal(it) => Given::Known(it.clone()),
            Value::Parameter(name) => parameter(name, "example"),
            Value::Unknown => Given::Known(String::new()),
        }
    }

    /// A text of the graph.
    pub fn text(it: &Text, graph: &ResourceGraph, plausible: &'static str) -> Given {
        if let Some(known) = it.as_literal() {
            return Given::Known(known);
        }
        match it.0.as_slice() {
            [Part::Parameter(name)] => parameter(name, plausible),
            [Part::Pseudo(Pseudo::Region)] => Given::region(),
            [Part::Attribute(id, Attribute::Name | Attribute::Id)]
                if graph.get::<EksCluster>(&Ref::new(id.clone())).is_some() =>
            {
                let cluster = graph.get::<EksCluster>(&Ref::new(id.clone()));
                cluster.map_or_else(
                    || output(it, graph, plausible),
                    |cluster| Given::text(&cluster.name, graph, plausible),
                )
            }
            [Part::Attribute(id, Attribute::Name)]
                if graph.get::<Queue>(&Ref::new(id.clone())).is_some() =>
            {
                let queue = graph.get::<Queue>(&Ref::new(id.clone()));
                queue.map_or_else(
                    || output(it, graph, plausible),
                    |queue| Given::text(&queue.name, graph, plausible),
                )
            }
            _ => output(it, graph, plausible),
        }
    }

    /// As a values file has it: empty where it must be given.
    pub fn node(&self) -> Node {
        match self {
            Given::Known(it) => Node::Text(it.clone()),
            Given::Asked(_) => Node::Text(String::new()),
        }
    }

    /// A comment for it: what it is, and who knows it.
    pub fn comment(&self, what: &str) -> String {
        match self {
            Given::Known(_) => what.to_string(),
            Given::Asked(it) => match &it.output {
                Some(name) => format!(
                    "{what}\nGiven when it is installed: the output `{}` of the CloudFormation stack, `{}` of the Terraform module.",
                    archgen_core::resource::camel_case(name),
                    name.replace('.', "_"),
                ),
                None => format!("{what}\nGiven when it is installed."),
            },
        }
    }

    /// The text, for values that a chart is only told of.
    pub fn plausible(&self) -> String {
        match self {
            Given::Known(it) => it.clone(),
            Given::Asked(it) => it.plausible.to_string(),
        }
    }

    /// Who knows it, if it is not known.
    pub fn asked(&self) -> Option<&Asked> {
        match self {
            Given::Known(_) => None,
            Given::Asked(it) => Some(it),
        }
    }
}

/// What a parameter has.
fn parameter(name: &str, plausible: &'static str) -> Given {
    Given::Asked(Asked {
        variable: variable(name),
        what: format!("What the parameter `{name}` has."),
        output: None,
        plausible,
    })
}

/// What an output has, or whoever installs knows.
fn output(it: &Text, graph: &ResourceGraph, plausible: &'static str) -> Given {
    let found = graph.outputs.values().find(|output| output.value == *it);
    let (name, what) = match found {
        Some(it) => (Some(it.name.as_str().to_string()), format!("{}.", it.description)),
        None => (None, "It is known once it is deployed.".to_string()),
    };
    let called = name.clone().unwrap_or_else(|| it.to_string());
    Given::Asked(Asked { variable: variable(&called), what, output: name, plausible })
}

/// `backups.name` as `BACKUPS_NAME`.
fn variable(name: &str) -> String {
    let all: String = name
        .chars()
        .map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' })
        .collect();
    all.trim_matches('_').to_string()
}

/// What the commands of a README need, by the variables that have it.
pub(super) type Variables = BTreeMap<String, Asked>;
