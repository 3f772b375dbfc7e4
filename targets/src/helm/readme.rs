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

/// The namespace that the chart of the ECS services is meant for.
pub(super) fn namespace(name: &str, environment: &str) -> String {
    format!("{name}-{environment}")
}

/// The chart of the ECS services, and whether tenants have releases of their own.
pub(super) fn services(
    name: &str,
    environments: &[&str],
    charts: &[Chart],
    is_split: bool,
) -> String {
    let about = format!(
        "The services of {name}, for Kubernetes. It is made from the same description as the CloudFormation \
         stack and the Terraform module; whatever is changed here is lost when it is made again."
    );
    let namespace = |it: &str| namespace(name, it);
    let installs = |it: &str| format!("--namespace {} --create-namespace", namespace(it));
    let mut text = page(name, &about, environments, charts, &installs, &namespace);
    if is_split {
        let last = short_name(environments.last().copied().unwrap_or_default());
        text.push_str(&tenants(last));
    }
    text
}

/// How tenants are installed. It says nothing of a single one: a tenant more is a file more and nothing else.
fn tenants(environment: &str) -> String {
    format!(
        "\n## Tenants\n\n\
         Each tenant with tasks of its own is a release of this chart in a namespace of its own, by its file in \
         `tenants/`: its service, its quota, its policies. The name of the file is that of both:\n\n\
         ```sh\n\
         helm upgrade --install POOL-TENANT . --namespace POOL-TENANT --create-namespace \\\n  \
         --values values-{environment}.yaml --values tenants/POOL-TENANT.yaml --values my-{environment}.yaml\n\
         helm uninstall POOL-TENANT --namespace POOL-TENANT\n\
         ```\n\n\
         Where there is `tenants/POOL-TENANT.{environment}.yaml`, it comes after `tenants/POOL-TENANT.yaml`. What is \
         empty in a tenant's file must be given in one more; it says beside each value what it is. Environments that \
         share a cluster need other names of releases and namespaces: nothing but Helm is told them.\n\n\
         `shared` in the values says where the services of all tenants are. A tenant's release also has the policies \
         there by which its connections to them are let in, so that their own release never changes. The rules of \
         all Ingresses are at one load balancer, those of tenants before the others.\n\n\
         ```sh\n\
         helm lint --strict . -f values-{environment}.yaml -f tenants/POOL-TENANT.yaml -f ci/values.yaml -f ci/tenants.yaml\n\
         ```\n"
    )
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
