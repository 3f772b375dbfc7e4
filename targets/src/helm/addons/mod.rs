//! What is installed in a cluster beside the services: the values of public charts, a chart with the objects that
//! they are told by, and how all of it is installed.

use std::collections::BTreeSet;

use archgen_core::Checked;
use archgen_core::charts::ChartName;
use archgen_core::resource::ResourceGraph;
use archgen_core::resource::addons::Release;
use serde_json::Value as Json;

use super::node::{Entry, Node, scalar};
use crate::Files;

mod given;
mod monitoring;
mod objects;
mod observe;
mod public;
mod readme;
mod security;
#[cfg(test)]
mod tests;

use given::Asked;
use monitoring::Monitoring;
use objects::Objects;
use security::Security;

/// The folder of the values of public charts.
pub(super) const PUBLIC: &str = "addons";
/// The chart with the objects that add-ons are told by.
pub(super) const OBJECTS: &str = "cluster-addons";

/// The chart with rules, dashboards and what they need.
pub(super) const MONITORING: &str = "monitoring";
/// The chart with what pods are held to.
pub(super) const SECURITY: &str = "security";

/// The files of every chart that never change.
const COMMON: &[(&str, &str)] = &[
    (".helmignore", include_str!("templates/helmignore")),
    ("templates/_helpers.tpl", include_str!("templates/_helpers.tpl")),
];
const OBJECT_TEMPLATES: &[(&str, &str)] = &[
    ("templates/NOTES.txt", include_str!("templates/objects/NOTES.txt")),
    ("templates/issuers.yaml", include_str!("templates/objects/issuers.yaml")),
    ("templates/nodes.yaml", include_str!("templates/objects/nodes.yaml")),
    ("templates/secretstores.yaml", include_str!("templates/objects/secretstores.yaml")),
    ("templates/storageclass.yaml", include_str!("templates/objects/storageclass.yaml")),
];
const MONITORING_TEMPLATES: &[(&str, &str)] = &[
    ("dashboards/cluster.json", include_str!("templates/monitoring/cluster.json")),
    ("templates/NOTES.txt", include_str!("templates/monitoring/NOTES.txt")),
    ("templates/dashboards.yaml", include_str!("templates/monitoring/dashboards.yaml")),
    ("templates/monitors.yaml", include_str!("templates/monitoring/monitors.yaml")),
    ("templates/rules.yaml", include_str!("templates/monitoring/rules.yaml")),
    ("templates/secrets.yaml", include_str!("templates/monitoring/secrets.yaml")),
];
const SECURITY_TEMPLATES: &[(&str, &str)] = &[
    ("templates/NOTES.txt", include_str!("templates/security/NOTES.txt")),
    ("templates/_policies.tpl", include_str!("templates/security/_policies.tpl")),
    ("templates/policies.yaml", include_str!("templates/security/policies.yaml")),
];

/// A chart of our own.
struct Own {
    /// Its name, and its folder's.
    name: &'static str,
    /// What it is.
    description: &'static str,
    /// Its files that never change.
    templates: &'static [(&'static str, &'static str)],
    /// The schema of its values.
    schema: Json,
    /// Its values in each environment.
    values: Vec<Node>,
    /// What must be given, by the path of its value.
    asked: Vec<(String, Asked)>,
}

/// The charts of our own that there is something for, in the order of installation.
fn own_charts(places: &[Place<'_>]) -> Vec<Own> {
    let objects: Vec<Objects> = places.iter().map(|it| Objects::new(it.graph)).collect();
    let monitoring: Vec<Monitoring> = places.iter().map(|it| Monitoring::new(it.graph)).collect();
    let security: Vec<Security> = places.iter().map(|it| Security::new(it.graph)).collect();
    let mut all = Vec::new();
    if objects.iter().any(|it| !it.is_empty()) {
        all.push(Own {
            name: OBJECTS,
            description: "What the add-ons of the cluster are told by",
            templates: OBJECT_TEMPLATES,
            schema: objects::schema(OBJECTS),
            values: objects.iter().map(Objects::node).collect(),
            asked: objects.iter().flat_map(Objects::asked).collect(),
        });
    }
    if monitoring.iter().any(|it| !it.is_empty()) {
        all.push(Own {
            name: MONITORING,
            description: "Alerts, dashboards and what shows metrics",
            templates: MONITORING_TEMPLATES,
            schema: monitoring::schema(MONITORING),
            values: monitoring.iter().map(Monitoring::node).collect(),
            asked: monitoring.iter().flat_map(Monitoring::asked).collect(),
        });
    }
    if security.iter().any(|it| !it.is_empty()) {
        all.push(Own {
            name: SECURITY,
            description: "What pods are held to",
            templates: SECURITY_TEMPLATES,
            schema: security::schema(SECURITY),
            values: security.iter().map(Security::node).collect(),
            asked: Vec::new(),
        });
    }
    all
}

/// One environment of an architecture.
pub(super) struct Place<'a> {
    /// The architecture.
    pub architecture: &'a str,
    /// The environment's name, as CloudFormation's stack has it.
    pub environment: &'a str,
    /// Its short name, as the files have it.
    pub short: &'a str,
    /// Its resources.
    pub graph: &'a ResourceGraph,
}

impl<'a> Place<'a> {
    /// An environment that was checked.
    fn new(it: &'a Checked) -> Place<'a> {
        let environment = it.environment();
        Place {
            architecture: it.name(),
            environment: environment.as_str(),
            short: environment.short(),
            graph: it.graph(),
        }
    }

    /// The release of a chart.
    fn release(&self, chart: ChartName) -> Option<&'a Release> {
        self.graph.releases().map(|it| it.1).find(|it| it.settings.chart() == chart)
    }
}

/// The files of the add-ons, in a folder with the other charts of the architecture: none without add-ons. `whole` is
/// whether the folder itself is a chart, which has a README of its own.
pub(super) fn files(all: &[Checked], whole: bool) -> Files {
    let places: Vec<Place<'_>> = all.iter().map(Place::new).collect();
    written(&places, whole)
}

fn written(places: &[Place<'_>], whole: bool) -> Files {
    let charts: BTreeSet<ChartName> =
        places.iter().flat_map(|it| it.graph.releases()).map(|it| it.1.settings.chart()).collect();
    let mut files = Files::new();
    if charts.is_empty() {
        return files;
    }
    for chart in &charts {
        public_chart(*chart, places, &mut files);
    }
    let own = own_charts(places);
    for it in &own {
        own_chart(places, it, &mut files);
    }
    let name = if whole { "ADDONS.md" } else { "README.md" };
    let text = readme::write(places, &charts, &own);
    files.insert(name.to_string(), text.into_bytes());
    files
}

/// The values of a public chart: those of the first environment that has it, and what differs in others.
fn public_chart(name: ChartName, places: &[Place<'_>], files: &mut Files) {
    let chart = name.chart();
    let mut first: Option<(Node, &str)> = None;
    for place in places {
        let Some(release) = place.release(name) else { continue };
        let values = public::values(release, place.graph).node;
        let header = format!("# {} {} from {}", chart.name, chart.version, chart.repository);
        let (base, of) = first.get_or_insert_with(|| (values.clone(), place.short));
        let base = base.clone();
        files.entry(format!("{PUBLIC}/{}/values.yaml", chart.name)).or_insert_with(|| {
            let text = format!(
                "{header}: what it is told in {of}, on which the other files are laid.\n\n{}",
                base.document()
            );
            text.into_bytes()
        });
        files.insert(
            format!("{PUBLIC}/{}/values-{}.yaml", chart.name, place.short),
            difference(&header, &base, &values, place.short).into_bytes(),
        );
    }
}

/// What is different in an environment, as a values file.
fn difference(header: &str, base: &Node, values: &Node, environment: &str) -> String {
    match base.difference(values) {
        Some(it) => format!("{header}: what is different in {environment}.\n\n{}", it.document()),
        None => format!(
            "{header}: nothing is different in {environment}; values.yaml has all of it.\n\n{{}}\n"
        ),
    }
}

/// A chart of our own.
fn own_chart(places: &[Place<'_>], it: &Own, files: &mut Files) {
    let Some(first) = places.first() else { return };
    let mut add = |path: &str, text: String| {
        files.insert(format!("{}/{path}", it.name), text.into_bytes());
    };
    for (path, text) in COMMON.iter().chain(it.templates) {
        add(path, (*text).to_string());
    }
    add("Chart.yaml", chart_yaml(it.name, it.description));
    let base = it.values.first().cloned().unwrap_or(Node::Null);
    let header = format!("# {} of {}", it.name, first.architecture);
    add(
        "values.yaml",
        format!(
            "{header}: the values of {}, on which the other files are laid.\n\n{}",
            first.short,
            base.document()
        ),
    );
    for (place, values) in places.iter().zip(&it.values) {
        let text = difference(&header, &base, values, place.short);
        add(&format!("values-{}.yaml", place.short), text);
    }
    let asked: Vec<(String, Node)> = it
        .asked
        .iter()
        .map(|(path, it)| (path.clone(), Node::Text(it.plausible.to_string())))
        .collect();
    if !asked.is_empty() {
        add("ci/values.yaml", plausible(&asked));
    }
    add("values.schema.json", pretty(&it.schema));
}

fn pretty(it: &Json) -> String {
    format!("{it:#}\n")
}

/// Values that look real for what has no default.
fn plausible(asked: &[(String, Node)]) -> String {
    let mut all = Node::Map(Vec::new());
    for (path, value) in asked {
        let keys: Vec<&str> = path.split('.').collect();
        put(&mut all, &keys, value);
    }
    format!(
        "# Values that look real, for what has no default: for `helm lint` and `helm template`. Never install with \
         them.\n\n{}",
        all.document()
    )
}

/// Puts a value where a path leads.
fn put(to: &mut Node, keys: &[&str], value: &Node) {
    let Node::Map(entries) = to else { return };
    let Some((key, rest)) = keys.split_first() else { return };
    let at = entries.iter().position(|it| it.key == *key).unwrap_or_else(|| {
        entries.push(Entry::plain(*key, Node::Map(Vec::new())));
        entries.len() - 1
    });
    match rest {
        [] => entries[at].value = value.clone(),
        [_, ..] => put(&mut entries[at].value, rest, value),
    }
}

fn chart_yaml(name: &str, description: &str) -> String {
    format!(
        "apiVersion: v2\nname: {}\ndescription: {description}\ntype: application\nversion: {}\nkubeVersion: {}\n",
        scalar(name),
        super::VERSION,
        scalar(super::KUBERNETES),
    )
}
