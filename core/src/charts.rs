//! The public Helm charts of add-ons: where they are, in which version, and which Kubernetes they run on. The one
//! table of them.

use crate::check::kubernetes_versions::{self as versions, Day};

/// A public chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chart {
    /// Its name, which releases of it have too.
    pub name: &'static str,
    /// Its repository: `https://…`, or `oci://…` with the chart's name in it.
    pub repository: &'static str,
    /// The version that is installed.
    pub version: &'static str,
    /// The namespace that it is usually installed into.
    pub namespace: &'static str,
    /// The service account of its pods that need permissions in AWS.
    pub service_account: &'static str,
    /// The first and the last minor version of Kubernetes that it is documented to run on; no last one where its
    /// documentation names none.
    pub kubernetes: (u32, Option<u32>),
    /// Where its documentation says so.
    pub source: &'static str,
    /// Since when its authors no longer repair it, and what takes its place.
    pub ended: Option<(Day, &'static str)>,
}

/// The day that the table was read at.
pub const AS_OF: Day = Day(2026, 8, 22);

/// What is installed on a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChartName {
    /// The AWS Load Balancer Controller.
    LoadBalancerController,
    /// The External Secrets Operator.
    ExternalSecrets,
    /// cert-manager.
    CertManager,
    /// Karpenter.
    Karpenter,
    /// Velero.
    Velero,
    /// Kyverno.
    Kyverno,
    /// Prometheus with its operator, Alertmanager and Grafana.
    Prometheus,
    /// Loki.
    Loki,
    /// Promtail.
    Promtail,
    /// Grafana Alloy.
    Alloy,
}

impl ChartName {
    /// Every chart, in the order of installation.
    pub const ALL: [ChartName; 10] = [
        ChartName::LoadBalancerController,
        ChartName::ExternalSecrets,
        ChartName::CertManager,
        ChartName::Karpenter,
        ChartName::Velero,
        ChartName::Kyverno,
        ChartName::Prometheus,
        ChartName::Loki,
        ChartName::Promtail,
        ChartName::Alloy,
    ];

    /// The field of `cluster_addons!` that asks for it.
    pub const fn field(self) -> &'static str {
        match self {
            ChartName::LoadBalancerController => "load_balancer_controller",
            ChartName::ExternalSecrets => "external_secrets",
            ChartName::CertManager => "cert_manager",
            ChartName::Karpenter => "karpenter",
            ChartName::Velero => "velero",
            ChartName::Kyverno => "kyverno",
            ChartName::Prometheus => "prometheus",
            ChartName::Loki => "loki",
            ChartName::Promtail => "promtail",
            ChartName::Alloy => "alloy",
        }
    }

    /// What is known of it.
    pub const fn chart(self) -> Chart {
        match self {
            ChartName::LoadBalancerController => Chart {
                name: "aws-load-balancer-controller",
                repository: "https://aws.github.io/eks-charts",
                version: "3.5.0",
                namespace: "kube-system",
                service_account: "aws-load-balancer-controller",
                kubernetes: (22, None),
                source: "https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/deploy/installation/",
                ended: None,
            },
            ChartName::ExternalSecrets => Chart {
                name: "external-secrets",
                repository: "https://charts.external-secrets.io",
                version: "2.9.0",
                namespace: "external-secrets",
                service_account: "external-secrets",
                // It is tested with the newest only; the chart refuses what is older than this.
                kubernetes: (19, None),
                source: "https://external-secrets.io/latest/introduction/stability-support/",
                ended: None,
            },
            ChartName::CertManager => Chart {
                name: "cert-manager",
                repository: "https://charts.jetstack.io",
                version: "v1.21.1",
                namespace: "cert-manager",
                service_account: "cert-manager",
                kubernetes: (33, Some(36)),
                source: "https://cert-manager.io/docs/releases/",
                ended: None,
            },
            ChartName::Karpenter => Chart {
                name: "karpenter",
                repository: "oci://public.ecr.aws/karpenter/karpenter",
                version: "1.14.1",
                namespace: "karpenter",
                service_account: "karpenter",
                kubernetes: (30, Some(36)),
                source: "https://karpenter.sh/docs/upgrading/compatibility/",
                ended: None,
            },
            ChartName::Velero => Chart {
                name: "velero",
                repository: "https://vmware-tanzu.github.io/helm-charts",
                version: "12.1.0",
                namespace: "velero",
                service_account: "velero-server",
                kubernetes: (18, None),
                source: "https://github.com/vmware-tanzu/velero#velero-compatibility-matrix",
                ended: None,
            },
            ChartName::Kyverno => Chart {
                name: "kyverno",
                repository: "https://kyverno.github.io/kyverno",
                version: "3.9.0",
                namespace: "kyverno",
                service_account: "kyverno-admission-controller",
                kubernetes: (33, Some(35)),
                source: "https://kyverno.io/docs/installation/",
                ended: None,
            },
            ChartName::Prometheus => Chart {
                name: "kube-prometheus-stack",
                repository: "https://prometheus-community.github.io/helm-charts",
                version: "88.5.3",
                namespace: "monitoring",
                service_account: "kube-prometheus-stack-prometheus",
                kubernetes: (25, None),
                source: "https://github.com/prometheus-community/helm-charts/tree/main/charts/kube-prometheus-stack",
                ended: None,
            },
            // Moved there from grafana/loki in March 2026.
            ChartName::Loki => Chart {
                name: "loki",
                repository: "https://grafana-community.github.io/helm-charts",
                version: "18.11.0",
                namespace: "monitoring",
                service_account: "loki",
                kubernetes: (25, None),
                source: "https://github.com/grafana-community/helm-charts/tree/main/charts/loki",
                ended: None,
            },
            ChartName::Promtail => Chart {
                name: "promtail",
                repository: "https://grafana.github.io/helm-charts",
                version: "6.17.1",
                namespace: "monitoring",
                service_account: "promtail",
                kubernetes: (19, None),
                source: "https://grafana.com/docs/loki/latest/send-data/promtail/",
                ended: Some((Day(2026, 3, 2), "alloy")),
            },
            ChartName::Alloy => Chart {
                name: "alloy",
                repository: "https://grafana.github.io/helm-charts",
                version: "1.11.1",
                namespace: "monitoring",
                service_account: "alloy",
                kubernetes: (23, None),
                source: "https://grafana.com/docs/alloy/latest/set-up/install/kubernetes/",
                ended: None,
            },
        }
    }
}

impl Chart {
    /// Whether it is documented to run on a version of Kubernetes such as `1.34`; none if that is no version.
    pub fn runs_on(&self, version: &str) -> Option<bool> {
        let minor = versions::minor(version)?;
        let (first, last) = self.kubernetes;
        Some(minor >= first && last.is_none_or(|last| minor <= last))
    }

    /// The versions of Kubernetes that it runs on, for messages.
    pub fn range(&self) -> String {
        match self.kubernetes {
            (first, Some(last)) => format!("1.{first} to 1.{last}"),
            (first, None) => format!("1.{first} and newer"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_chart_is_whole() {
        for it in ChartName::ALL {
            let chart = it.chart();
            assert!(
                chart.repository.starts_with("https://") || chart.repository.starts_with("oci://")
            );
            assert!(chart.version.split('.').count() == 3, "{}", chart.version);
            assert!(chart.kubernetes.1.is_none_or(|last| last >= chart.kubernetes.0));
        }
    }

    #[test]
    fn versions_of_kubernetes_are_inside_or_outside() {
        let chart = ChartName::CertManager.chart();
        assert_eq!(chart.runs_on("1.34"), Some(true));
        assert_eq!(chart.runs_on("1.32"), Some(false));
        assert_eq!(chart.runs_on("1.37"), Some(false));
        assert_eq!(chart.runs_on("latest"), None);
        assert_eq!(ChartName::Velero.chart().runs_on("1.40"), Some(true));
        assert_eq!(chart.range(), "1.33 to 1.36");
    }
}
