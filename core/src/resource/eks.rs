//! EKS clusters, their nodes, add-ons and who may use them.

use super::Ref;
use super::ec2::LaunchTemplate;
use super::iam::Role;
use super::network::{SecurityGroup, Subnet};
use crate::types::{Cidr, Count, Ipv4Cidr};
use crate::value::{Text, Value};

/// Who may assume the roles of pods by EKS Pod Identity; the pods' session tags come with it.
/// <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html>
pub const PODS: &str = "pods.eks.amazonaws.com";

/// The most characters of a cluster's name.
/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html>
pub const CLUSTER_NAME_LIMIT: usize = 100;

crate::words! {
    /// What of the control plane is logged.
    ControlPlaneLog: "logs of the control plane" {
        /// Requests to the Kubernetes API server.
        Api = "api",
        /// Who did what, and when.
        Audit = "audit",
        /// How IAM principals became users of Kubernetes.
        Authenticator = "authenticator",
        /// The loops that keep the cluster in its wanted state.
        ControllerManager = "controllerManager",
        /// Which pods are placed where.
        Scheduler = "scheduler",
    }
}

crate::words! {
    /// Software that EKS installs and keeps up to date.
    ClusterAddon: "add-ons" {
        /// Gives pods addresses of the VPC.
        VpcCni = "vpc-cni",
        /// The cluster's DNS.
        CoreDns = "coredns",
        /// The routes to Kubernetes services on each node.
        KubeProxy = "kube-proxy",
        /// Gives pods the credentials of IAM roles.
        PodIdentityAgent = "eks-pod-identity-agent",
        /// Volumes on Amazon EBS.
        EbsCsi = "aws-ebs-csi-driver",
        /// Volumes on Amazon EFS.
        EfsCsi = "aws-efs-csi-driver",
        /// CPU and memory of pods, which horizontal scaling reads.
        MetricsServer = "metrics-server",
        /// Finds nodes that are not healthy.
        NodeMonitoring = "eks-node-monitoring-agent",
    }
}

impl ClusterAddon {
    /// Whether it runs on every node by itself, and so does not wait for nodes: these come before them.
    pub const fn comes_before_nodes(self) -> bool {
        match self {
            ClusterAddon::VpcCni | ClusterAddon::KubeProxy | ClusterAddon::PodIdentityAgent => true,
            ClusterAddon::CoreDns
            | ClusterAddon::EbsCsi
            | ClusterAddon::EfsCsi
            | ClusterAddon::MetricsServer
            | ClusterAddon::NodeMonitoring => false,
        }
    }

    /// The service account whose pods need permissions in AWS, and AWS's policy with them.
    /// <https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html>
    pub const fn permissions(self) -> Option<(&'static str, &'static str)> {
        match self {
            ClusterAddon::EbsCsi => {
                Some(("ebs-csi-controller-sa", "service-role/AmazonEBSCSIDriverPolicy"))
            }
            ClusterAddon::EfsCsi => {
                Some(("efs-csi-controller-sa", "service-role/AmazonEFSCSIDriverPolicy"))
            }
            // The nodes' role has what the CNI needs: without it no node would become ready.
            ClusterAddon::VpcCni
            | ClusterAddon::CoreDns
            | ClusterAddon::KubeProxy
            | ClusterAddon::PodIdentityAgent
            | ClusterAddon::MetricsServer
            | ClusterAddon::NodeMonitoring => None,
        }
    }

    /// What it is told, as JSON; none where its defaults are right.
    pub const fn configuration(self) -> Option<&'static str> {
        match self {
            // Without it nothing enforces network policies.
            // <https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html>
            ClusterAddon::VpcCni => Some(r#"{"enableNetworkPolicy":"true"}"#),
            ClusterAddon::CoreDns
            | ClusterAddon::KubeProxy
            | ClusterAddon::PodIdentityAgent
            | ClusterAddon::EbsCsi
            | ClusterAddon::EfsCsi
            | ClusterAddon::MetricsServer
            | ClusterAddon::NodeMonitoring => None,
        }
    }
}

crate::words! {
    /// What a principal may do in a cluster: AWS's access policies.
    /// <https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html>
    ClusterAccess: "access policies" {
        /// Everything.
        ClusterAdmin = "AmazonEKSClusterAdminPolicy",
        /// Nearly everything, in every namespace.
        Admin = "AmazonEKSAdminPolicy",
        /// Reads and changes most things, in every namespace.
        Edit = "AmazonEKSEditPolicy",
        /// Reads most things, in every namespace, but no secrets.
        View = "AmazonEKSViewPolicy",
    }
}

/// Who can connect to the Kubernetes API.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiEndpoint {
    /// Whoever is in the VPC or leads there.
    Private,
    /// These addresses on the internet too.
    Public(Vec<Value<Cidr>>),
}

/// A Kubernetes control plane.
#[derive(Clone, Debug, PartialEq)]
pub struct EksCluster {
    /// Its physical name.
    pub name: Text,
    /// The minor version of Kubernetes.
    pub version: Value<String>,
    /// The role by which it works in the account.
    pub role: Ref<Role>,
    /// Where its interfaces stand.
    pub subnets: Vec<Ref<Subnet>>,
    /// The groups on its interfaces: the first is the one that EKS makes for it, the others are given.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// Who can connect to the Kubernetes API.
    pub endpoint: ApiEndpoint,
    /// The addresses of Kubernetes services.
    pub service_cidr: Value<Ipv4Cidr>,
    /// What is logged.
    pub logs: Vec<ControlPlaneLog>,
    /// The ARN of the key that encrypts Kubernetes secrets, beside EKS's own.
    pub kms_key: Option<Text>,
    /// Whether it goes into extended support, which costs more, instead of being upgraded by EKS.
    pub extended_support: Value<bool>,
}

impl EksCluster {
    /// The group that EKS makes for it.
    pub fn own_group(&self) -> Option<&Ref<SecurityGroup>> {
        self.groups.first()
    }

    /// The groups that are given to it.
    pub fn given_groups(&self) -> &[Ref<SecurityGroup>] {
        self.groups.get(1..).unwrap_or_default()
    }
}

/// What a node group pays for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeCapacity {
    /// Instances that stay.
    OnDemand,
    /// Spare capacity, taken back with two minutes' notice.
    Spot,
}

impl NodeCapacity {
    /// The word that AWS uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            NodeCapacity::OnDemand => "ON_DEMAND",
            NodeCapacity::Spot => "SPOT",
        }
    }
}

/// What a taint does to pods that do not tolerate it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaintEffect {
    /// None are placed on the node.
    NoSchedule,
    /// None are placed there if there is room elsewhere.
    PreferNoSchedule,
    /// None are placed there, and those that run are stopped.
    NoExecute,
}

impl TaintEffect {
    /// Every effect.
    pub const ALL: [TaintEffect; 3] =
        [TaintEffect::NoSchedule, TaintEffect::PreferNoSchedule, TaintEffect::NoExecute];

    /// The word that Kubernetes uses.
    pub const fn kubernetes(self) -> &'static str {
        match self {
            TaintEffect::NoSchedule => "NoSchedule",
            TaintEffect::PreferNoSchedule => "PreferNoSchedule",
            TaintEffect::NoExecute => "NoExecute",
        }
    }

    /// The word that AWS uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            TaintEffect::NoSchedule => "NO_SCHEDULE",
            TaintEffect::PreferNoSchedule => "PREFER_NO_SCHEDULE",
            TaintEffect::NoExecute => "NO_EXECUTE",
        }
    }
}

/// Keeps pods off nodes unless they tolerate it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Taint {
    /// Its key.
    pub key: String,
    /// Its value, perhaps empty.
    pub value: String,
    /// What it does.
    pub effect: TaintEffect,
}

/// EC2 instances that EKS starts, drains and replaces.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeGroup {
    /// The cluster.
    pub cluster: Ref<EksCluster>,
    /// The name that the team gave it, which its physical name starts with.
    pub name: String,
    /// The minor version of Kubernetes on its nodes.
    pub version: Value<String>,
    /// The role of its nodes.
    pub role: Ref<Role>,
    /// How its nodes are started.
    pub launch_template: Ref<LaunchTemplate>,
    /// Where they run.
    pub subnets: Vec<Ref<Subnet>>,
    /// The instance types, the preferred ones first.
    pub instance_types: Vec<Text>,
    /// Whether they have Graviton processors.
    pub graviton: bool,
    /// What is paid for.
    pub capacity: NodeCapacity,
    /// The least number of nodes.
    pub minimum: Value<Count>,
    /// The greatest number of nodes.
    pub maximum: Value<Count>,
    /// Labels of the nodes.
    pub labels: Vec<(String, Text)>,
    /// Taints of the nodes.
    pub taints: Vec<Taint>,
}

impl NodeGroup {
    /// The image that EKS starts nodes from.
    pub const fn image(&self) -> &'static str {
        if self.graviton { "AL2023_ARM_64_STANDARD" } else { "AL2023_x86_64_STANDARD" }
    }
}

/// An add-on on a cluster, in the version that EKS installs by default.
#[derive(Clone, Debug, PartialEq)]
pub struct Addon {
    /// The cluster.
    pub cluster: Ref<EksCluster>,
    /// What it is.
    pub addon: ClusterAddon,
}

/// Who uses a cluster.
/// <https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AccessKind {
    /// People and programs.
    Standard,
    /// Nodes that nobody but themselves joins to the cluster.
    Nodes,
}

impl AccessKind {
    /// The word that AWS uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            AccessKind::Standard => "STANDARD",
            AccessKind::Nodes => "EC2_LINUX",
        }
    }
}

/// An IAM principal that may use a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct AccessEntry {
    /// The cluster.
    pub cluster: Ref<EksCluster>,
    /// The ARN of the principal.
    pub principal: Text,
    /// Who it is.
    pub kind: AccessKind,
    /// What it may do.
    pub policies: Vec<ClusterAccess>,
}

/// Gives the pods of a service account a role.
#[derive(Clone, Debug, PartialEq)]
pub struct PodIdentity {
    /// The cluster.
    pub cluster: Ref<EksCluster>,
    /// The namespace.
    pub namespace: Value<String>,
    /// The service account.
    pub service_account: String,
    /// The role.
    pub role: Ref<Role>,
}
