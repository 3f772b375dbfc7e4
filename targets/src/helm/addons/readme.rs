//! How everything is installed: the order, the exact commands, and where what they need comes from.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use archgen_core::charts::{self, ChartName};
use archgen_core::resource::camel_case;

use super::given::{Asked, Given, Variables};
use super::{OBJECTS, Own, PUBLIC, Place, public};
use crate::cloudformation::stack_name;

/// The README of the charts of a cluster.
pub(super) fn write(places: &[Place<'_>], charts: &BTreeSet<ChartName>, own: &[Own]) -> String {
    let Some(last) = places.last() else { return String::new() };
    let name = last.architecture;
    let mut all = format!(
        "# What {name} runs in its cluster\n\n\
         Made from the same description as the CloudFormation stack and the Terraform module; whatever is changed \
         here is lost when it is made again. Helm 3.14 or newer, and kubectl, are needed.\n\n\
         | Folder | What it is |\n|---|---|\n\
         | `{PUBLIC}/` | what public charts are told: `values.yaml`, and what differs in each environment |\n"
    );
    if has_namespaces(places) {
        all.push_str("| `namespaces/` | a chart: the namespaces, with what their pods may do and ask for |\n");
    }
    for it in own {
        let _ = writeln!(all, "| `{}/` | a chart: {} |", it.name, it.description.to_lowercase());
    }
    if has_services(places) {
        all.push_str("| `services/` | a chart for each service |\n");
    }
    all.push_str(
        "\n## Public charts\n\n| Chart | Version | Namespace | Kubernetes |\n|---|---|---|---|\n",
    );
    for it in charts {
        let chart = it.chart();
        let _ = writeln!(
            all,
            "| [{}]({}) | {} | `{}` | {} |",
            chart.name,
            chart.source,
            chart.version,
            namespace(*it, places),
            chart.range()
        );
    }
    let _ = writeln!(all, "\nAs of {}.\n", charts::AS_OF);
    all.push_str(&before(places, charts, own));
    all.push_str(&install(places, charts, own));
    all
}

/// The namespace of a chart, in the last environment that has it.
fn namespace(chart: ChartName, places: &[Place<'_>]) -> String {
    let last = places.iter().rev().find_map(|it| it.release(chart));
    last.map(|it| Given::value(&it.namespace).plausible()).unwrap_or_default()
}

/// What the commands need, in every environment.
fn variables(places: &[Place<'_>], charts: &BTreeSet<ChartName>, own: &[Own]) -> Variables {
    let mut all = Variables::new();
    let mut add = |it: Asked| {
        all.insert(it.variable.clone(), it);
    };
    for place in places {
        for chart in charts {
            let Some(release) = place.release(*chart) else { continue };
            public::values(release, place.graph).asked.into_iter().for_each(|it| add(it.1));
        }
    }
    own.iter().flat_map(|it| it.asked.clone()).for_each(|it| add(it.1));
    all
}

/// What is needed first: the cluster, and what the commands are given.
fn before(places: &[Place<'_>], charts: &BTreeSet<ChartName>, own: &[Own]) -> String {
    let mut all = "## Before\n\nDeploy the stack or the module first: it makes the cluster, and the roles that the \
                   pods of add-ons get by EKS Pod Identity. Of these, the lines of one environment:\n\n```sh\n"
        .to_string();
    for place in places {
        let Some((_, release)) = place.graph.releases().next() else { continue };
        let name = release.cluster.attribute(archgen_core::resource::Attribute::Name);
        let _ = writeln!(
            all,
            "export ENVIRONMENT={} STACK={} CLUSTER={}",
            place.short,
            stack_name(place.architecture, place.environment),
            Given::text(&name, place.graph, "example").plausible(),
        );
    }
    all.push_str("```\n\n```sh\n");
    let variables = variables(places, charts, own);
    for (variable, it) in variables.iter().filter(|it| it.1.output.is_none()) {
        let _ = writeln!(all, "export {variable}={}    # {}", it.plausible, it.what);
    }
    let region =
        if variables.contains_key("AWS_REGION") { " --region \"$AWS_REGION\"" } else { "" };
    let _ = writeln!(all, "aws eks update-kubeconfig --name \"$CLUSTER\"{region}");
    all.push_str("```\n\n");
    let outputs: Vec<(&String, &String)> =
        variables.iter().filter_map(|(name, it)| Some((name, it.output.as_ref()?))).collect();
    if outputs.is_empty() {
        return all;
    }
    all.push_str("What is known once it is deployed, from the outputs of the stack:\n\n```sh\n");
    for (variable, output) in &outputs {
        let key = camel_case(output);
        let _ = writeln!(
            all,
            "export {variable}=$(aws cloudformation describe-stacks --stack-name \"$STACK\" --output text \\\n  \
             --query \"Stacks[0].Outputs[?OutputKey=='{key}'].OutputValue\")"
        );
    }
    all.push_str("```\n\nor of the module:\n\n```sh\n");
    for (variable, output) in &outputs {
        let _ = writeln!(
            all,
            "export {variable}=$(terraform output -raw {})",
            output.replace('.', "_")
        );
    }
    all.push_str("```\n\n");
    all
}

fn has_namespaces(places: &[Place<'_>]) -> bool {
    places.iter().any(|it| it.graph.namespaces().next().is_some())
}

fn has_services(places: &[Place<'_>]) -> bool {
    places.iter().any(|it| it.graph.workloads().next().is_some())
}

/// A command that gives what must be given.
fn command(start: String, asked: &BTreeSet<(String, String)>) -> String {
    let mut all = start;
    for (path, variable) in asked {
        let _ = write!(all, " \\\n  --set-string \"{path}=${variable}\"");
    }
    all.push('\n');
    all
}

fn install(places: &[Place<'_>], charts: &BTreeSet<ChartName>, own: &[Own]) -> String {
    let mut all =
        "## Install\n\nIn this order, from this folder; each waits until it works.\n\n```sh\n"
            .to_string();
    // What watches and holds others is last: it needs what the objects are.
    let (first, last): (Vec<ChartName>, Vec<ChartName>) =
        charts.iter().partition(|it| **it <= ChartName::Kyverno);
    if has_namespaces(places) {
        all.push_str(
            "helm upgrade --install namespaces ./namespaces --namespace kube-system \\\n  \
             -f namespaces/values.yaml -f namespaces/values-$ENVIRONMENT.yaml\n",
        );
    }
    let mut own = own.iter().peekable();
    first.iter().for_each(|it| all.push_str(&public_command(*it, places)));
    own.next_if(|it| it.name == OBJECTS)
        .into_iter()
        .for_each(|it| all.push_str(&own_command(it, places)));
    last.iter().for_each(|it| all.push_str(&public_command(*it, places)));
    own.for_each(|it| all.push_str(&own_command(it, places)));
    all.push_str("```\n");
    if has_services(places) {
        all.push_str("\nThen the services: each folder in `services/` has a README.\n");
    }
    all
}

/// Installs a public chart.
fn public_command(name: ChartName, places: &[Place<'_>]) -> String {
    let chart = name.chart();
    let asked: BTreeSet<(String, String)> = places
        .iter()
        .filter_map(|it| Some(public::values(it.release(name)?, it.graph).asked))
        .flatten()
        .map(|(path, it)| (path, it.variable))
        .collect();
    let from = if chart.repository.starts_with("oci://") {
        chart.repository.to_string()
    } else {
        format!("{} --repo {}", chart.name, chart.repository)
    };
    let folder = format!("{PUBLIC}/{}", chart.name);
    // Alertmanager and Grafana wait for secrets that come with the chart `monitoring`.
    let wait = if name == ChartName::Prometheus { "" } else { " --wait" };
    let start = format!(
        "helm upgrade --install {} {from} --version {} \\\n  --namespace {} --create-namespace{wait} \\\n  \
         -f {folder}/values.yaml -f {folder}/values-$ENVIRONMENT.yaml",
        chart.name,
        chart.version,
        namespace(name, places),
    );
    command(start, &asked)
}

/// Installs a chart of our own.
fn own_command(it: &Own, places: &[Place<'_>]) -> String {
    let asked = it.asked.iter().map(|(path, it)| (path.clone(), it.variable.clone())).collect();
    let name = it.name;
    let namespace = if name == super::MONITORING {
        namespace(ChartName::Prometheus, places)
    } else {
        "kube-system".to_string()
    };
    let start = format!(
        "helm upgrade --install {name} ./{name} --namespace {namespace} \\\n  \
         -f {name}/values.yaml -f {name}/values-$ENVIRONMENT.yaml"
    );
    command(start, &asked)
}
