//! Helm: a chart with the services of an architecture, for all its environments.
//!
//! What ECS is told of a service becomes values; the templates only lay them out. Who connects to whom
//! comes from the relation of the graph that was checked. What stands outside the cluster is asked for,
//! with the names of the outputs that have it.

use archgen_core::Checked;

use crate::Files;

mod addons;
mod chart;
mod connections;
mod ingress;
mod node;
mod outside;
#[cfg(test)]
mod piece_tests;
mod service;
mod shape;
#[cfg(test)]
mod tests;
mod text;
mod values;

use chart::Chart;
use node::{Node, scalar};
use outside::dns_name;

/// The version of the chart. The chart is made anew each time, so it says nothing of its contents.
const VERSION: &str = "0.1.0";
/// The versions of Kubernetes that have all that the templates use: a `preStop` that sleeps came last.
///
/// <https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/#hook-handler-implementations>
const KUBERNETES: &str = ">=1.30.0-0";

/// The files that are the same in every chart.
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
    ("templates/services.yaml", include_str!("templates/services.yaml")),
    ("templates/tests/connections.yaml", include_str!("templates/tests/connections.yaml")),
    ("templates/volumes.yaml", include_str!("templates/volumes.yaml")),
];

/// The chart of an architecture: `all` is what was checked, in the order of its environments. There is
/// none without environments, and none without services.
pub fn files(all: &[Checked]) -> Files {
    let Some(first) = all.first() else { return Files::new() };
    let environments: Vec<&str> = all.iter().map(|it| it.environment().as_str()).collect();
    let charts: Vec<Chart> = all.iter().map(Chart::new).collect();
    let mut files = write(first.name(), &environments, &charts);
    let has_services = !files.is_empty();
    files.extend(addons::files(all, has_services));
    files
}

fn write(architecture: &str, environments: &[&str], charts: &[Chart]) -> Files {
    if charts.iter().all(|it| it.services.is_empty()) {
        return Files::new();
    }
    let name = dns_name(architecture);
    let mut files: Files =
        TEMPLATES.iter().map(|(path, text)| (path.to_string(), text.as_bytes().to_vec())).collect();
    let mut add = |path: String, text: String| {
        files.insert(path, text.into_bytes());
    };
    add("Chart.yaml".to_string(), chart(&name));
    let values: Vec<Node> = charts.iter().map(Chart::node).collect();
    let first = environments[0];
    add(
        "values.yaml".to_string(),
        format!(
            "# {architecture}: the values of {first}, on which the other files are laid.\n\n{}",
            values[0].document()
        ),
    );
    for (environment, it) in environments.iter().zip(&values) {
        let text = match values[0].difference(it) {
            Some(difference) => format!(
                "# {architecture}: what is different in {environment}.\n\n{}",
                difference.document()
            ),
            None => format!(
                "# {architecture}: nothing is different in {environment}; values.yaml has all of it.\n\n{{}}\n"
            ),
        };
        add(format!("values-{environment}.yaml"), text);
    }
    add(
        "ci/values.yaml".to_string(),
        format!(
            "# Values that look real, for what has no default, and everything switched on: for `helm lint`\n# and `helm template`. Never install with them.\n\n{}",
            chart::plausible(charts).document()
        ),
    );
    let schema = chart::schema(&name, charts);
    add("values.schema.json".to_string(), format!("{schema:#}\n"));
    add("README.md".to_string(), readme(&name, environments, charts));
    files
}

fn chart(name: &str) -> String {
    format!(
        "apiVersion: v2\nname: {}\ndescription: The services of {name}\ntype: application\nversion: {VERSION}\nkubeVersion: {}\n",
        scalar(name),
        scalar(KUBERNETES),
    )
}

fn readme(name: &str, environments: &[&str], charts: &[Chart]) -> String {
    let last = environments.last().copied().unwrap_or_default();
    let rows: String = chart::asked(charts)
        .iter()
        .map(|(key, what)| format!("| `{key}` | {} |\n", what.replace('|', "\\|")))
        .collect();
    let asked = if rows.is_empty() {
        "Nothing has to be given.\n".to_string()
    } else {
        format!("| Value | What it is |\n|---|---|\n{rows}")
    };
    let installs: String = environments
        .iter()
        .map(|it| {
            format!(
                "helm upgrade --install {name} . --namespace {name}-{it} --create-namespace \\\n  -f values-{it}.yaml -f my-{it}.yaml\n"
            )
        })
        .collect();
    format!(
        "# {name}\n\n\
         The services of {name}, for Kubernetes. It is made from the same description as the CloudFormation \
         stack and the Terraform module; whatever is changed here is lost when it is made again.\n\n\
         ## Install\n\n\
         ```sh\n{installs}```\n\n\
         `values.yaml` has the values of {first}, and `values-ENVIRONMENT.yaml` what is different there. \
         What is yours goes to a file of your own, `my-{last}.yaml` above:\n\n\
         {asked}\n\
         ## What the cluster must have\n\n\
         - a network plugin that enforces network policies, such as the VPC CNI with `enableNetworkPolicy`\n\
         - the AWS Load Balancer Controller, where there are load balancers\n\
         - the External Secrets Operator with the stores that `secretStores` names, where there are secrets\n\
         - the EFS CSI driver, where there are folders on EFS\n\
         - an EKS Pod Identity association for each service that uses AWS: its service account has its name\n\
         - an adapter for the metrics in `autoscaling.external`, before `externalMetrics.enabled` is set\n\
         - the Prometheus Operator and kube-state-metrics, before `monitoring.enabled` is set\n\n\
         ## Check\n\n\
         ```sh\n\
         helm lint --strict . -f values-{last}.yaml -f ci/values.yaml\n\
         helm test {name} --namespace {name}-{last}\n\
         ```\n",
        first = environments[0],
    )
}
