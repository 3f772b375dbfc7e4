//! What is said of how to install a chart.

use super::chart::{self, Chart};
use super::short_name;

/// What a cluster must have for a chart of services.
const NEEDS: &str = "\
- a network plugin that enforces network policies, such as the VPC CNI with `enableNetworkPolicy`
- the AWS Load Balancer Controller, where there are load balancers
- the External Secrets Operator with the stores that `secretStores` names, where there are secrets
- the EFS CSI driver, where there are folders on EFS
- an EKS Pod Identity association for each service that uses AWS: its service account has its name
- an adapter for the metrics in `autoscaling.external`, before `externalMetrics.enabled` is set
- the Prometheus Operator and kube-state-metrics, before `monitoring.enabled` is set
";

/// The table of what must be given.
fn asked(charts: &[Chart]) -> String {
    let rows: String = chart::asked(charts)
        .iter()
        .map(|(key, what)| format!("| `{key}` | {} |\n", what.replace('|', "\\|")))
        .collect();
    if rows.is_empty() {
        "Nothing has to be given.\n".to_string()
    } else {
        format!("| Value | What it is |\n|---|---|\n{rows}")
    }
}

/// The chart of the ECS services.
pub(super) fn services(name: &str, environments: &[&str], charts: &[Chart]) -> String {
    let about = format!(
        "The services of {name}, for Kubernetes. It is made from the same description as the CloudFormation \
         stack and the Terraform module; whatever is changed here is lost when it is made again."
    );
    let namespace = |it: &str| format!("{name}-{it}");
    let installs = |it: &str| format!("--namespace {} --create-namespace", namespace(it));
    page(name, &about, environments, charts, &installs, &namespace)
}

/// The chart of a service of a cluster.
pub(super) fn service(
    name: &str,
    namespace: &str,
    environments: &[&str],
    charts: &[Chart],
) -> String {
    let about = format!(
        "The service {name}. It is made from the same description as the CloudFormation stack and the \
         Terraform module; whatever is changed here is lost when it is made again. The namespace \
         `{namespace}` is made by the chart in `../../namespaces`, which comes first."
    );
    let installs = |_: &str| format!("--namespace {namespace}");
    page(name, &about, environments, charts, &installs, &|_| namespace.to_string())
}

fn page(
    name: &str,
    about: &str,
    environments: &[&str],
    charts: &[Chart],
    place: &dyn Fn(&str) -> String,
    namespace: &dyn Fn(&str) -> String,
) -> String {
    let first = environments.first().copied().unwrap_or_default();
    let last = environments.last().copied().unwrap_or_default();
    let installs: String = environments
        .iter()
        .map(|it| {
            let (short, place) = (short_name(it), place(it));
            format!(
                "helm upgrade --install {name} . {place} \\\n  -f values-{short}.yaml -f my-{short}.yaml\n"
            )
        })
        .collect();
    let (asked, short) = (asked(charts), short_name(last));
    format!(
        "# {name}\n\n\
         {about}\n\n\
         ## Install\n\n\
         ```sh\n{installs}```\n\n\
         `values.yaml` has the values of {first}, and `values-ENVIRONMENT.yaml` what is different there. \
         What is yours goes to a file of your own, `my-{short}.yaml` above:\n\n\
         {asked}\n\
         ## What the cluster must have\n\n\
         {NEEDS}\n\
         ## Check\n\n\
         ```sh\n\
         helm lint --strict . -f values-{short}.yaml -f ci/values.yaml\n\
         helm test {name} --namespace {}\n\
         ```\n",
        namespace(last),
    )
}

/// The chart of the namespaces of a cluster.
pub(super) fn namespaces(name: &str, cluster: &str, environments: &[&str]) -> String {
    let first = environments.first().copied().unwrap_or_default();
    let last = short_name(environments.last().copied().unwrap_or_default());
    let installs: String = environments
        .iter()
        .map(|it| {
            let short = short_name(it);
            format!(
                "helm upgrade --install {name} . --namespace kube-system -f values-{short}.yaml\n"
            )
        })
        .collect();
    format!(
        "# {name}\n\n\
         The namespaces of {cluster}: what their pods may do, what they may ask for, and that nothing is \
         admitted but questions to the cluster's DNS unless the policy of a service says so. It comes before \
         the charts of services. Namespaces stay when the release is taken away.\n\n\
         ## Install\n\n\
         ```sh\n{installs}```\n\n\
         `values.yaml` has the values of {first}, and `values-ENVIRONMENT.yaml` what is different there.\n\n\
         ## Check\n\n\
         ```sh\n\
         helm lint --strict . -f values-{last}.yaml -f ci/values.yaml\n\
         ```\n"
    )
}
