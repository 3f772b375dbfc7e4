//! `eks_cluster!`: a Kubernetes cluster on Amazon EKS, with the nodes that run its pods.

use crate::check::{Context, kubernetes as checks};
use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::ClusterAddons;
use crate::diagnostic::Diagnostic;
use crate::field::{FieldType, FieldValue, List, Map, Pair, Reader, TierRef, Word};
use crate::lower::{Lower, lower_eks_cluster};
use crate::node::Node;
use crate::resource::eks::{ClusterAccess, ClusterAddon, ControlPlaneLog, NodeCapacity, Taint};
use crate::resource::eks::TaintEffect;
use crate::types::{Bounds, Cidr, Count, Days, Ipv4Cidr, Storage};
use crate::value::{Field, Text, Value};

crate::record! {
    /// The nodes of a group.
    NodeGroupSpec: "a node group" {
        /// The instance types, all of one instruction set; EKS takes the first that it gets.
        required instances: List<String> = "[\"m6i.large\", \"m6i.xlarge\"]";
        /// How many nodes: `2..=6`. EKS starts with the least; what scales the cluster takes it from there.
        required nodes: Bounds<Count> = "2..=6";
        /// The size of each node's encrypted root volume.
        default disk: Storage = Storage(50);
        /// Labels of the nodes, which pods select them by: `{ workload: "batch" }`.
        optional labels: Map<Text>;
        /// Taints, which keep pods off unless they tolerate them: `["dedicated=batch:NoSchedule"]`.
        optional taints: List<Taint>;
    }
}

/// A group of nodes and what is paid for them.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeGroupField {
    /// Instances that stay, or spare capacity.
    pub capacity: NodeCapacity,
    /// The nodes.
    pub spec: NodeGroupSpec,
}

/// The tags of node groups.
const CAPACITIES: &[&str] = &["OnDemand", "Spot"];

impl FieldType for NodeGroupField {
    fn expected() -> String {
        "`OnDemand { instances: [\"m6i.large\"], nodes: 2..=6 }` or `Spot { … }`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some((tag, entries)) = node.as_tagged() else {
            return reader.wrong(node, &Self::expected());
        };
        let capacity = match tag {
            "OnDemand" => NodeCapacity::OnDemand,
            "Spot" => NodeCapacity::Spot,
            _ => return reader.unknown_word(node.loc, tag, CAPACITIES),
        };
        let spec = NodeGroupSpec::read_entries(entries, node.loc, reader);
        Value::Literal(NodeGroupField { capacity, spec })
    }
}

impl FieldType for Taint {
    fn expected() -> String {
        "a taint such as `\"dedicated=batch:NoSchedule\"`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some(text) = node.as_text() else {
            return reader.wrong(node, &Self::expected());
        };
        match taint(text) {
            Some(it) => Value::Literal(it),
            None => reader.limit(
                node.loc,
                format!("`{text}` is not a taint"),
                "write `key=value:Effect` or `key:Effect`, key and value of 63 characters at most, with \
                 the effect NoSchedule, PreferNoSchedule or NoExecute",
            ),
        }
    }
}

impl FieldValue<Taint> for str {}
impl FieldValue<Taint> for String {}

/// The taint that `key=value:Effect` says.
fn taint(text: &str) -> Option<Taint> {
    let (pair, effect) = text.rsplit_once(':')?;
    let effect = TaintEffect::ALL.into_iter().find(|it| it.kubernetes() == effect)?;
    let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
    let fits = !key.is_empty() && key.len() <= 63 && value.len() <= 63;
    fits.then(|| Taint { key: key.to_string(), value: value.to_string(), effect })
}

/// Who can connect to the Kubernetes API.
#[derive(Clone, Debug, PartialEq)]
pub enum ClusterEndpoint {
    /// Whoever is in the VPC or leads there.
    Private,
    /// These addresses on the internet too.
    Public(List<Cidr>),
}

impl FieldType for ClusterEndpoint {
    fn expected() -> String {
        "`Private` or `Public(\"203.0.113.0/24\")`".to_string()
    }

    fn words(words: &mut Vec<Word>) {
        EndpointAccess::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match (node.as_call(), node.as_word()) {
            (Some(("Public", blocks)), _) if !blocks.is_empty() => {
                let blocks = blocks.iter().map(|it| reader.read(it)).collect();
                Value::Literal(ClusterEndpoint::Public(blocks))
            }
            (Some(("Public", _)), _) | (None, Some("Public")) => {
                reader.push(
                    Diagnostic::new(Code::AG0004, node.loc, "`Public` names no addresses")
                        .help("say who may connect: `Public(\"203.0.113.0/24\")`"),
                );
                Value::Unknown
            }
            (None, Some("Private")) => Value::Literal(ClusterEndpoint::Private),
            (Some((word, _)), _) | (None, Some(word)) => {
                reader.unknown_word(node.loc, word, &["Private", "Public"])
            }
            (None, None) => reader.wrong(node, &Self::expected()),
        }
    }
}

crate::words! {
    /// The bare name of [`ClusterEndpoint`].
    EndpointAccess: "who can connect" {
        /// Whoever is in the VPC or leads there.
        Private = "private",
    }
}

impl FieldValue<ClusterEndpoint> for EndpointAccess {}

/// The addresses of Kubernetes services where the team says nothing: one of the two blocks of which EKS would
/// choose one itself.
/// <https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html>
pub const SERVICE_CIDR: [u8; 4] = [172, 20, 0, 0];

fn service_cidr() -> Ipv4Cidr {
    Ipv4Cidr(ipnet::Ipv4Net::new_assert(SERVICE_CIDR.into(), 16))
}

fn supplied<T>(all: &[T]) -> List<T>
where
    T: Copy,
{
    all.iter().copied().map(Field::supplied).collect()
}

crate::declaration! {
    /// A Kubernetes cluster.
    EksCluster EksClusterBuilder {
        /// The tier that its control plane has interfaces in and its nodes and pods stand in, over at least
        /// two zones. Pods have addresses of the VPC.
        required subnets: TierRef = "network.private";
        /// The minor version of Kubernetes, such as `1.34`.
        required version: String = "\"1.34\"";
        /// Who can connect to the Kubernetes API: `Private` is whoever is in the VPC,
        /// `Public("203.0.113.0/24")` these addresses too.
        default endpoint: ClusterEndpoint = ClusterEndpoint::Private;
        /// What of the control plane is logged.
        default logs: List<ControlPlaneLog> = supplied(&[
            ControlPlaneLog::Api, ControlPlaneLog::Audit, ControlPlaneLog::Authenticator,
        ]);
        /// How long these logs are kept.
        default log_retention: Days = Days(90);
        /// The addresses of Kubernetes services, from /12 to /24, outside the VPC and its peers. They are
        /// never seen outside the cluster, and cannot be changed.
        default service_cidr: Ipv4Cidr = service_cidr();
        /// The groups of nodes: `{ general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } }`.
        required node_groups: Map<NodeGroupField> =
            "{ general: OnDemand { instances: [\"m6i.large\"], nodes: 2..=6 } }";
        /// What EKS installs and keeps up to date.
        default addons: List<ClusterAddon> = supplied(&[
            ClusterAddon::VpcCni, ClusterAddon::CoreDns, ClusterAddon::KubeProxy,
            ClusterAddon::PodIdentityAgent,
        ]);
        /// Who may use it: `["role/platform" => ClusterAdmin]`, a role or user of the account of deployment, or
        /// a whole ARN. Who creates the cluster gets no access by that.
        optional access: List<Pair<Text, ClusterAccess>>;
        /// The ARN of the key that encrypts Kubernetes secrets, beside EKS's own; it cannot be changed.
        optional kms_key: Text;
        /// Whether it may go into extended support, which costs more, instead of being upgraded by EKS when
        /// the standard support of its version ends.
        default extended_support: bool = false;
        /// Its physical name in AWS: 1 to 100 letters, digits, `-` and `_`; it cannot be changed.
        optional cluster_name: String;
    } members EksClusterMembers {
        /// The name.
        name;
        /// The Amazon Resource Name.
        arn;
        /// The URL of the Kubernetes API.
        endpoint;
    }
}

impl EksCluster {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        lower_eks_cluster(self, cx);
    }

    /// What is installed on it.
    pub fn cluster_addons<'a>(
        &self,
        architecture: &'a Architecture,
    ) -> impl Iterator<Item = &'a ClusterAddons> {
        let is_own = |it: &&ClusterAddons| {
            it.cluster.literal().is_some_and(|to| to.name == self.meta.name)
        };
        architecture.all::<ClusterAddons>().filter(is_own)
    }

    /// Its node groups with their names, as far as they are known.
    pub fn known_groups(&self) -> impl Iterator<Item = (&str, &Field<NodeGroupField>)> {
        let groups = self.node_groups.literal().into_iter().flat_map(|it| &it.0);
        groups.map(|it| (it.name.as_str(), &it.field))
    }

    /// Its add-ons, each once, as far as they are known.
    pub fn known_addons(&self) -> Vec<ClusterAddon> {
        let all = self.addons.literal().into_iter().flatten().filter_map(Field::literal);
        let mut addons: Vec<ClusterAddon> = all.copied().collect();
        addons.sort_unstable();
        addons.dedup();
        addons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taints_are_written_as_kubectl_writes_them() {
        let it = taint("dedicated=batch:NoSchedule").expect("a taint");
        assert_eq!((it.key.as_str(), it.value.as_str()), ("dedicated", "batch"));
        assert_eq!(it.effect.as_str(), "NO_SCHEDULE");
        assert_eq!(taint("spot:PreferNoSchedule").expect("a taint").value, "");
        for wrong in ["spot", "spot:Never", ":NoExecute", "=x:NoExecute"] {
            assert_eq!(taint(wrong), None, "{wrong}");
        }
    }
}
