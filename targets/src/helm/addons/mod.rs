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
mod objects;
mod public;
mod readme;
#[cfg(test)]
mod tests;

use objects::Objects;

/// The folder of the values of public charts.
pub(super) const PUBLIC: &str = "addons";
/// The chart with the objects that add-ons are told by.
pub(super) const OBJECTS: &str = "cluster-addons";

/// The files of the chart `cluster-addons` that never change.
const TEMPLATES: &[(&str, &str)] = &[
    (".helmignore", include_str!("templates/helmignore")),
    ("templates/NOTES.txt", include_str!("templates/NOTES.txt")),
    ("templates/_helpers.tpl", include_str!("templates/_helpers.tpl")),
    ("templates/issuers.yaml", include_str!("templates/issuers.yaml")),
    ("templates/nodes.yaml", include_str!("templates/nodes.yaml")),
    ("templates/secretstores.yaml", include_str!("templates/secretstores.yaml")),
];

/// One environment of an architecture.
pub(super) struct Place<'a> {
    /// The architecture.
    pub architecture: &'a str,
    /// The environment's name, as CloudFormation's stack has it.
    pub environment: &'a str,
    /// Its short name, as the files have it.
    pub short: &'static str,
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
    let objects: Vec<Objects> = places.iter().map(|it| Objects::new(it.graph)).collect();
    if objects.iter().any(|it| !it.is_empty()) {
        objects_chart(places, &objects, &mut files);
    }
    let name = if whole { "ADDONS.md" } else { "README.md" };
    let text = readme::write(places, &charts, &objects);
    files.insert(name.to_string(), text.into_bytes());
    files
}

/// The values of a public chart: those of the first environment that has it, and what differs in others.
fn public_chart(name: ChartName, places: &[Place<'_>], files: &mut Files) {
    let chart = name.chart();
    let mut first: Option<(Node, &'static str)> = None;
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

/// The chart `cluster-addons`.
fn objects_chart(places: &[Place<'_>], objects: &[Objects], files: &mut Files) {
    let Some(first) = places.first() else { return };
    let mut add = |path: &str, text: String| {
        files.insert(format!("{OBJECTS}/{path}"), text.into_bytes());
    };
    for (path, text) in TEMPLATES {
        add(path, (*text).to_string());
    }
    add("Chart.yaml", chart_yaml(OBJECTS, "What the add-ons of the cluster are told by"));
    let values: Vec<Node> = objects.iter().map(Objects::node).collect();
    let base = values.first().cloned().unwrap_or(Node::Null);
    let header = format!("# {OBJECTS} of {}", first.architecture);
    add(
        "values.yaml",
        format!(
            "{header}: the values of {}, on which the other files are laid.\n\n{}",
            first.short,
            base.document()
        ),
    );
    for (place, it) in places.iter().zip(&values) {
        add(&format!("values-{}.yaml", place.short), difference(&header, &base, it, place.short));
    }
    let asked = objects.iter().flat_map(Objects::asked);
    let asked: Vec<(String, Node)> =
        asked.map(|(path, it)| (path, Node::Text(it.plausible.to_string()))).collect();
    add("ci/values.yaml", plausible(&asked));
    add("values.schema.json", pretty(&objects::schema(OBJECTS)));
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
