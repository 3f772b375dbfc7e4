//! The chart of a cluster's namespaces: what their pods may do and ask for, and that nothing but DNS is
//! admitted unless a service's own policy says so.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::resource::kubernetes::{
    Limits as GraphLimits, Namespace as GraphNamespace, Quota,
};
use archgen_core::resource::{Parameter, ResourceGraph};
use archgen_core::value::Value;
use serde_json::Value as Json;

use super::chart::{parameter, parameter_schema};
use super::node::{Entry, Node};
use super::outside::{Outside, dns_name, plausible_parameter};
use super::service;
use super::shape::{Definitions, Shape, Word, Words, document, object, or_null, values};
use super::text::{Count, Quantity};
use super::workload::namespace_of;

values! {
    /// What all of the chart shares.
    NamespacesGlobal {
        /// The environment, which everything is labelled with.
        environment: String,
    }

    /// The most that all pods of a namespace may ask for together; null for no limit.
    NamespaceQuota {
        /// CPU that is kept free for them.
        cpu: Option<Quantity>,
        /// Memory that is kept free for them.
        memory: Option<Quantity>,
        /// Memory that they may use.
        memory_limit: Option<Quantity>,
        /// How many of them.
        pods: Option<Count>,
        /// How many claims of volumes.
        volumes: Option<Count>,
    }

    /// What a container gets that asks for nothing, and the most that one may ask for.
    NamespaceLimits {
        /// CPU that is kept free for one that does not say.
        default_cpu: Option<Quantity>,
        /// Memory of one that does not say.
        default_memory: Option<Quantity>,
        /// The most CPU of one.
        max_cpu: Option<Quantity>,
        /// The most memory of one.
        max_memory: Option<Quantity>,
    }

    /// A namespace.
    NamespaceValues {
        /// The Pod Security Standard that its pods must keep: `restricted`, `baseline` or `privileged`.
        pod_security: Word<Standard>,
        /// Whether its pods are denied everything but DNS where no policy of their own admits it.
        default_deny: bool,
        /// The most that its pods may ask for together; null for no limit.
        quota: Option<NamespaceQuota>,
        /// What a container gets, and the most that it may ask for; null where Kubernetes does not care.
        limits: Option<NamespaceLimits>,
    }
}

/// The words of Pod Security Standards.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Standard;

impl Words for Standard {
    const ALL: &'static [&'static str] = &["restricted", "baseline", "privileged"];
}

/// The values of the chart in one environment.
pub(super) struct Namespaces {
    global: NamespacesGlobal,
    parameters: BTreeMap<String, Parameter>,
    /// The namespaces by their names in the cluster.
    pub namespaces: BTreeMap<String, NamespaceValues>,
}

impl Namespaces {
    /// The values of a graph: the namespaces of the cluster of this declaration.
    pub fn of(environment: &str, graph: &ResourceGraph, cluster: &str) -> Namespaces {
        let mut outside = Outside::alone(graph);
        let used: BTreeSet<String> =
            graph.workloads().map(|(_, it)| namespace_of(graph, it)).collect();
        let mut namespaces = BTreeMap::new();
        for (resource, it) in graph.namespaces().filter(|(_, it)| cluster_of(graph, it) == cluster)
        {
            let name =
                it.name.literal().cloned().unwrap_or_else(|| dns_name(&resource.declaration));
            let values = NamespaceValues {
                pod_security: Word::new(match it.pod_security.literal() {
                    Some(it) => it.as_str(),
                    None => "restricted",
                }),
                // Pods of public charts have policies of their own, or need none.
                default_deny: used.contains(&name),
                quota: quota(&mut outside, &it.quota),
                limits: limits(&mut outside, &it.limits),
            };
            namespaces.insert(name, values);
        }
        Namespaces {
            global: NamespacesGlobal { environment: environment.to_string() },
            parameters: outside.asked.parameters,
            namespaces,
        }
    }

    /// The values as they are written.
    pub fn node(&self) -> Node {
        Node::Map(vec![
            Entry::new("global", "What all of the chart shares.", self.global.node()),
            Entry::new(
                "parameters",
                "What is decided when the chart is installed. What is empty must be given.",
                Node::Map(self.parameters.iter().map(|(key, it)| parameter(key, it)).collect()),
            ),
            Entry::new(
                "namespaces",
                "The namespaces.",
                Node::alike(self.namespaces.iter().map(|(key, it)| (key.clone(), it.node()))),
            ),
        ])
    }
}

/// The declaration of a namespace's cluster.
pub(super) fn cluster_of<'a>(graph: &'a ResourceGraph, it: &'a GraphNamespace) -> &'a str {
    let id = it.cluster.id();
    graph.resources.get(id).map_or(id.as_str(), |it| it.declaration.as_str())
}

fn given<T, U>(it: &Option<Value<T>>, make: impl FnOnce(&Value<T>) -> U) -> Option<U> {
    it.as_ref().map(make)
}

fn quota(outside: &mut Outside<'_>, it: &Quota) -> Option<NamespaceQuota> {
    (!it.is_empty()).then(|| NamespaceQuota {
        cpu: given(&it.cpu, |it| service::cpu(outside, it)),
        memory: given(&it.memory, |it| service::memory(outside, it)),
        memory_limit: given(&it.memory_limit, |it| service::memory(outside, it)),
        pods: given(&it.pods, |it| outside.whole(it, |it| it.0.into())),
        volumes: given(&it.volumes, |it| outside.whole(it, |it| it.0.into())),
    })
}

fn limits(outside: &mut Outside<'_>, it: &GraphLimits) -> Option<NamespaceLimits> {
    (!it.is_empty()).then(|| NamespaceLimits {
        default_cpu: given(&it.default_cpu, |it| service::cpu(outside, it)),
        default_memory: given(&it.default_memory, |it| service::memory(outside, it)),
        max_cpu: given(&it.max_cpu, |it| service::cpu(outside, it)),
        max_memory: given(&it.max_memory, |it| service::memory(outside, it)),
    })
}

/// Values for what has no default, for `helm lint`.
pub(super) fn plausible(all: &[Namespaces]) -> Node {
    let mut parameters = BTreeMap::new();
    for (key, it) in all.iter().flat_map(|it| &it.parameters).filter(|it| it.1.default.is_none()) {
        parameters.insert(key, plausible_parameter(it));
    }
    if parameters.is_empty() {
        return Node::Map(Vec::new());
    }
    let entries = parameters.into_iter().map(|(key, it)| Entry::plain(key, it)).collect();
    Node::Map(vec![Entry::plain("parameters", Node::Map(entries))])
}

/// The schema of the values in every environment.
pub(super) fn schema(name: &str, all: &[Namespaces]) -> Json {
    let mut definitions = Definitions {
        parameters: all.iter().flat_map(|it| it.parameters.keys().cloned()).collect(),
        ..Definitions::default()
    };
    let d = &mut definitions;
    let namespace = NamespaceValues::schema(d);
    let everywhere = |has: &dyn Fn(&Namespaces) -> bool| all.iter().all(has);
    let names: BTreeSet<&String> = all.iter().flat_map(|it| it.namespaces.keys()).collect();
    let namespaces = names.into_iter().map(|name| {
        let required = everywhere(&|it| it.namespaces.contains_key(name));
        let schema = if required { namespace.clone() } else { or_null(namespace.clone()) };
        (name.clone(), schema, required)
    });
    let namespaces = object(namespaces.collect());
    let mut parameters: BTreeMap<&String, Json> = BTreeMap::new();
    for (key, it) in all.iter().flat_map(|it| &it.parameters) {
        parameters.entry(key).or_insert_with(|| parameter_schema(it));
    }
    let parameters = parameters.into_iter().map(|(key, schema)| {
        let required = everywhere(&|it| it.parameters.contains_key(key));
        (key.clone(), if required { schema } else { or_null(schema) }, required)
    });
    let parameters = object(parameters.collect());
    let schema = object(vec![
        ("global".to_string(), NamespacesGlobal::schema(d), true),
        ("parameters".to_string(), parameters, true),
        ("namespaces".to_string(), namespaces, true),
    ]);
    document(name, schema, definitions)
}
