//! Helm: a chart with the ECS services of an architecture, and a tree of charts with what only exists on
//! Kubernetes: the namespaces, and each service.
//!
//! What ECS or Kubernetes is told of a service becomes values; the templates only lay them out. Who connects
//! to whom comes from the relation of the graph that was checked, or from the network policies in it. What
//! stands outside the cluster is asked for, with the names of the outputs that have it.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::resource::ResourceGraph;
use archgen_core::{Checked, Environment};
use serde_json::Value as Json;

use crate::Files;

mod addons;
mod chart;
mod connections;
mod ingress;
mod namespaces;
mod node;
mod outside;
#[cfg(test)]
mod piece_tests;
mod readme;
mod service;
mod shape;
mod tenants;
#[cfg(test)]
mod tests;
mod text;
mod values;
mod workload;

use chart::Chart;
use namespaces::Namespaces;
use node::{Node, scalar};
use outside::dns_name;
use tenants::Release;

/// The version of the chart. The chart is made anew each time, so it says nothing of its contents.
const VERSION: &str = "0.1.0";
/// The versions of Kubernetes that have all that the templates use: a `preStop` that sleeps came last.
///
/// <https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-implementations>
const KUBERNETES: &str = ">=1.30.0-0";

/// The files that are the same in every chart of services.
const TEMPLATES: &[(&str, &str)] = &[
    (".helmignore", include_str!("templates/helmignore")),
    ("templates/NOTES.txt", include_str!("templates/NOTES.txt")),
    ("templates/_helpers.tpl", include_str!("templates/_helpers.tpl")),
    ("templates/autoscalers.yaml", include_str!("templates/autoscalers.yaml")),
    ("templates/deployments.yaml", include_str!("templates/deployments.yaml")),
    ("templates/externalsecrets.yaml", include_str!("templates/externalsecrets.yaml")),
    ("templates/ingresses.yaml", include_str!("templates/ingresses.yaml")),
    ("templates/migrations.yaml", include_str!("templates/migrations.yaml")),
    ("templates/monitors.yaml", include_str!("templates/monitors.yaml")),
    ("templates/networkpolicies.yaml", include_str!("templates/networkpolicies.yaml")),
    ("templates/poddisruptionbudgets.yaml", include_str!("templates/poddisruptionbudgets.yaml")),
    ("templates/serviceaccounts.yaml", include_str!("templates/serviceaccounts.yaml")),
    ("templates/quotas.yaml", include_str!("templates/quotas.yaml")),
    ("templates/services.yaml", include_str!("templates/services.yaml")),
    ("templates/targetgroupbindings.yaml", include_str!("templates/targetgroupbindings.yaml")),
    ("templates/tests/connections.yaml", include_str!("templates/tests/connections.yaml")),
    ("templates/volumes.yaml", include_str!("templates/volumes.yaml")),
];

/// The files that are the same in every chart of namespaces.
const NAMESPACE_TEMPLATES: &[(&str, &str)] = &[
    (".helmignore", include_str!("templates/helmignore")),
    ("templates/NOTES.txt", include_str!("templates/namespaces/NOTES.txt")),
    ("templates/_helpers.tpl", include_str!("templates/_helpers.tpl")),
    ("templates/limits.yaml", include_str!("templates/namespaces/limits.yaml")),
    ("templates/namespaces.yaml", include_str!("templates/namespaces/namespaces.yaml")),
    ("templates/networkpolicies.yaml", include_str!("templates/namespaces/networkpolicies.yaml")),
    ("templates/quotas.yaml", include_str!("templates/namespaces/quotas.yaml")),
];

/// The name of an environment in the names of values files, as Helm's users have it.
fn short_name(environment: &str) -> &str {
    environment.parse::<Environment>().map_or(environment, |it| it.short())
}

/// The charts of an architecture: `all` is what was checked, in the order of its environments. There are none
/// without environments, and none without services and namespaces.
///
/// ECS services are one chart. What only exists on Kubernetes is a tree beside it: `namespaces/`, the
/// namespaces of the cluster, and `services/NAME/`, a chart for each service.
pub fn files(all: &[Checked]) -> Files {
    let Some(first) = all.first() else { return Files::new() };
    let graphs: Vec<(&str, &ResourceGraph)> =
        all.iter().map(|it| (it.environment().as_str(), it.graph())).collect();
    let mut files = write(first.name(), &graphs);
    let is_chart = !files.is_empty();
    files.extend(tree(first.name(), &graphs));
    files.extend(addons::files(all, is_chart));
    files
}

/// The chart of the ECS services.
fn write(architecture: &str, graphs: &[(&str, &ResourceGraph)]) -> Files {
    let name = dns_name(architecture);
    let releases: Vec<Vec<Release>> = graphs.iter().map(|it| Release::all(it.1)).collect();
    let is_split = releases.iter().any(|it| !it.is_empty());
    let (charts, tenants): (Vec<Chart>, Vec<Vec<Chart>>) = graphs
        .iter()
        .zip(&releases)
        .map(|((environment, graph), releases)| {
            let namespace = readme::namespace(&name, environment);
            let shared = is_split.then(|| values::Shared { namespace, release: name.clone() });
            Chart::of(environment, graph, releases, shared)
        })
        .unzip();
    if charts.iter().chain(tenants.iter().flatten()).all(|it| it.services.is_empty()) {
        return Files::new();
    }
    let environments: Vec<&str> = graphs.iter().map(|it| it.0).collect();
    // Those of a pool have the same names, so that there are few kinds of them.
    let mut kinds: BTreeMap<BTreeSet<String>, Chart> = BTreeMap::new();
    for (shared, all) in charts.iter().zip(&tenants) {
        for it in all {
            kinds.entry(it.names()).or_insert_with(|| it.over(shared));
        }
    }
    let with_tenants: Vec<Chart> = charts.iter().cloned().chain(kinds.into_values()).collect();
    let nodes: Vec<Node> = charts.iter().map(Chart::node).collect();
    let plausible = chart::plausible(&charts);
    let mut more = Vec::new();
    if let Some(it) = plausible.difference(&chart::plausible(&with_tenants)) {
        let about = "# The same for what only tenants have.\n\n";
        more.push(("ci/tenants.yaml".to_string(), format!("{about}{}", it.document())));
    }
    let mut by_name: BTreeMap<String, (&Release, tenants::Layers)> = BTreeMap::new();
    let everywhere =
        environments.iter().zip(&charts).zip(&nodes).zip(releases.iter().zip(&tenants));
    for (((environment, shared), node), (releases, charts)) in everywhere {
        for (release, it) in releases.iter().zip(charts) {
            let own = (short_name(environment), node, it.over(shared).node());
            by_name.entry(release.name()).or_insert_with(|| (release, Vec::new())).1.push(own);
        }
    }
    for (name, (release, all)) in &by_name {
        more.extend(tenants::files(name, release.pool, release.key, all));
    }
    let written = Written {
        folder: "",
        about: format!("The services of {name}"),
        templates: TEMPLATES,
        environments: &environments,
        plausible,
        schema: chart::schema(&name, &with_tenants),
        readme: readme::services(&name, &environments, &charts, is_split),
        annotations: Vec::new(),
        values: nodes,
        more,
        name,
    };
    written.files()
}

/// The charts of what only exists on Kubernetes.
fn tree(architecture: &str, graphs: &[(&str, &ResourceGraph)]) -> Files {
    let clusters: BTreeSet<&str> = graphs
        .iter()
        .flat_map(|(_, graph)| graph.namespaces().map(|(_, it)| namespaces::cluster_of(graph, it)))
        .collect();
    let mut files = Files::new();
    for cluster in &clusters {
        // Of several clusters each has its own.
        let name = match clusters.len() {
            1 => "namespaces".to_string(),
            _ => format!("namespaces-{}", dns_name(cluster)),
        };
        files.extend(namespace_chart(architecture, &name, cluster, graphs));
    }
    let services: BTreeSet<&str> = graphs
        .iter()
        .flat_map(|(_, graph)| graph.workloads().map(|(it, _)| it.declaration.as_str()))
        .collect();
    for service in services {
        files.extend(service_chart(service, graphs));
    }
    files
}

fn namespace_chart(
    architecture: &str,
    name: &str,
    cluster: &str,
    graphs: &[(&str, &ResourceGraph)],
) -> Files {
    let all: Vec<(&str, Namespaces)> = graphs
        .iter()
        .map(|(environment, graph)| (*environment, Namespaces::of(environment, graph, cluster)))
        .filter(|(_, it)| !it.namespaces.is_empty())
        .collect();
    let (environments, charts): (Vec<&str>, Vec<Namespaces>) = all.into_iter().unzip();
    let written = Written {
        folder: &format!("{name}/"),
        name: name.to_string(),
        about: format!("The namespaces of {cluster} of {architecture}"),
        templates: NAMESPACE_TEMPLATES,
        environments: &environments,
        values: charts.iter().map(Namespaces::node).collect(),
        plausible: namespaces::plausible(&charts),
        schema: namespaces::schema(name, &charts),
        readme: readme::namespaces(name, cluster, &environments),
        annotations: Vec::new(),
        more: Vec::new(),
    };
    written.files()
}

fn service_chart(declaration: &str, graphs: &[(&str, &ResourceGraph)]) -> Files {
    let mut environments = Vec::new();
    let mut charts = Vec::new();
    let mut names = Vec::new();
    for (environment, graph) in graphs {
        let found = graph.workloads().find(|(it, _)| it.declaration == declaration);
        let Some((resource, it)) = found else { continue };
        environments.push(*environment);
        charts.push(Chart::of_workload(environment, graph, resource, it));
        names.push((workload::name_of(resource, it), workload::namespace_of(graph, it)));
    }
    let Some((name, namespace)) = names.into_iter().next() else { return Files::new() };
    let written = Written {
        folder: &format!("services/{name}/"),
        about: format!("The service {name}"),
        templates: TEMPLATES,
        environments: &environments,
        values: charts.iter().map(Chart::node).collect(),
        plausible: chart::plausible(&charts),
        schema: chart::schema(&name, &charts),
        readme: readme::service(&name, &namespace, &environments, &charts),
        annotations: vec![
            ("archgen/declaration", declaration.to_string()),
            ("archgen/namespace", namespace),
        ],
        more: Vec::new(),
        name,
    };
    written.files()
}

/// What is to be written of a chart.
struct Written<'a> {
    /// The folder, empty or with `/` at its end.
    folder: &'a str,
    name: String,
    about: String,
    templates: &'a [(&'a str, &'a str)],
    environments: &'a [&'a str],
    /// The values in each environment.
    values: Vec<Node>,
    plausible: Node,
    schema: Json,
    readme: String,
    /// What tools are to know of it: the declaration and the namespace of a service.
    annotations: Vec<(&'static str, String)>,
    /// Other files: those of tenants.
    more: Vec<(String, String)>,
}

impl Written<'_> {
    fn files(self) -> Files {
        let (Some(values), Some(first)) = (self.values.first(), self.environments.first()) else {
            return Files::new();
        };
        let mut files = Files::new();
        let mut add = |path: &str, text: String| {
            files.insert(format!("{}{path}", self.folder), text.into_bytes());
        };
        for (path, text) in self.templates {
            add(path, text.to_string());
        }
        let name = &self.name;
        add("Chart.yaml", chart(name, &self.about, &self.annotations));
        add(
            "values.yaml",
            format!(
                "# {name}: the values of {first}, on which the other files are laid.\n\n{}",
                values.document()
            ),
        );
        for (environment, it) in self.environments.iter().zip(&self.values) {
            let text = match values.difference(it) {
                Some(difference) => format!(
                    "# {name}: what is different in {environment}.\n\n{}",
                    difference.document()
                ),
                None => format!(
                    "# {name}: nothing is different in {environment}; values.yaml has all of it.\n\n{{}}\n"
                ),
            };
            add(&format!("values-{}.yaml", short_name(environment)), text);
        }
        let plausible = if self.plausible.entries().is_empty() {
            "{}\n".to_string()
        } else {
            self.plausible.document()
        };
        add(
            "ci/values.yaml",
            format!(
                "# Values that look real, for what has no default, and everything switched on: for `helm lint`\n# and `helm template`. Never install with them.\n\n{plausible}"
            ),
        );
        add("values.schema.json", format!("{:#}\n", self.schema));
        add("README.md", self.readme);
        for (path, text) in self.more {
            add(&path, text);
        }
        files
    }
}

fn chart(name: &str, about: &str, annotations: &[(&str, String)]) -> String {
    let mut text = format!(
        "apiVersion: v2\nname: {}\ndescription: {about}\ntype: application\nversion: {VERSION}\nkubeVersion: {}\n",
        scalar(name),
        scalar(KUBERNETES),
    );
    if !annotations.is_empty() {
        text.push_str("annotations:\n");
    }
    for (key, value) in annotations {
        text.push_str(&format!("  {key}: {}\n", scalar(value)));
    }
    text
}
