//! EKS clusters, node groups, add-ons, access entries and the roles of pods.

use archgen_core::resource::eks::{
    AccessEntry, Addon, ApiEndpoint, EksCluster, NodeGroup, PodIdentity,
};
use archgen_core::resource::{Attribute, Resource};
use archgen_core::value::Pseudo;

use super::address::{Address, Key};
use super::expr::{Expr, Object};
use super::module::{Block, Module};
use super::writer::{Writer, choose, pseudo, value};

/// What a principal may do in a cluster.
const ACCESS_POLICY: &str = "aws_eks_access_policy_association";

/// The most characters of a prefix of a node group's name.
/// <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/eks_node_group>
const PREFIX_LIMIT: usize = 36;

impl Writer<'_> {
    pub(super) fn eks_cluster(&self, resource: &Resource, it: &EksCluster, out: &mut Module) {
        // Who may use the cluster is said by access entries; who creates it gets nothing by that.
        let access = Object::new()
            .with("authentication_mode", "API")
            .with("bootstrap_cluster_creator_admin_permissions", false);
        let encryption = it.kms_key.as_ref().map(|key| {
            Object::new()
                .with("provider", Object::new().with("key_arn", self.text(key)))
                .with("resources", vec![Expr::from("secrets")])
        });
        let (public, blocks) = match &it.endpoint {
            ApiEndpoint::Private => (false, Vec::new()),
            ApiEndpoint::Public(blocks) => (true, blocks.iter().map(value).collect()),
        };
        let network = Object::new()
            .with("ip_family", "ipv4")
            .with("service_ipv4_cidr", value(&it.service_cidr));
        let place = Object::new()
            .with("endpoint_private_access", true)
            .with("endpoint_public_access", public)
            .list("public_access_cidrs", blocks)
            .with("security_group_ids", self.ids(it.given_groups()))
            .with("subnet_ids", self.ids(&it.subnets));
        let support = choose(&it.extended_support, "EXTENDED", "STANDARD");
        let body = Object::new()
            .with("access_config", access)
            .list(
                "enabled_cluster_log_types",
                it.logs.iter().map(|it| Expr::from(it.as_str())).collect(),
            )
            .maybe("encryption_config", encryption)
            .with("kubernetes_network_config", network)
            .with("name", self.text(&it.name))
            .with("role_arn", self.arn(&it.role))
            .with("tags", self.tags(resource))
            .with("upgrade_policy", Object::new().with("support_type", support))
            .with("version", value(&it.version))
            .with("vpc_config", place);
        out.add(self.waits_for_permissions(self.block(resource, body), &[&it.role]));
    }

    pub(super) fn node_group(&self, resource: &Resource, it: &NodeGroup, out: &mut Module) {
        let template = Object::new()
            .with("id", self.id(&it.launch_template))
            .with("version", self.attribute(it.launch_template.id(), Attribute::LatestVersion));
        let scaling = Object::new()
            .with("desired_size", value(&it.minimum))
            .with("max_size", value(&it.maximum))
            .with("min_size", value(&it.minimum));
        let taints = it.taints.iter().map(|it| {
            Object::new()
                .with("effect", it.effect.as_str())
                .with("key", it.key.as_str())
                .with("value", it.value.as_str())
                .into()
        });
        let labels = it.labels.iter();
        let labels =
            labels.fold(Object::new(), |all, (name, it)| all.with(name.clone(), self.text(it)));
        // Most changes make a new group: its successor is there, and takes over the pods, before it goes.
        let prefix: String = it.name.replace('_', "-").chars().take(PREFIX_LIMIT).collect();
        let body = Object::new()
            .with("ami_type", it.image())
            .with("capacity_type", it.capacity.as_str())
            .with("cluster_name", self.id(&it.cluster))
            .with("instance_types", self.texts(&it.instance_types))
            .maybe("labels", (!it.labels.is_empty()).then_some(labels))
            .with("launch_template", template)
            .with("node_group_name_prefix", format!("{prefix}-"))
            .with("node_role_arn", self.arn(&it.role))
            .with("scaling_config", scaling)
            .with("subnet_ids", self.ids(&it.subnets))
            .with("tags", self.tags(resource))
            .list("taint", taints.collect())
            .with("version", value(&it.version));
        let mut block = self.waits_for_permissions(self.block(resource, body), &[&it.role]);
        block.lifecycle.create_before_destroy = true;
        // What scales the cluster sets it.
        block.lifecycle.ignore_changes.push("scaling_config[0].desired_size");
        out.add(block);
    }

    pub(super) fn addon(&self, resource: &Resource, it: &Addon, out: &mut Module) {
        let body = Object::new()
            .with("addon_name", it.addon.as_str())
            .with("cluster_name", self.id(&it.cluster))
            .maybe("configuration_values", it.addon.configuration())
            // EKS starts every cluster with some of them that nobody manages.
            .with("resolve_conflicts_on_create", "OVERWRITE")
            .with("resolve_conflicts_on_update", "OVERWRITE")
            .with("tags", self.tags(resource));
        out.add(self.block(resource, body));
    }

    pub(super) fn access_entry(&self, resource: &Resource, it: &AccessEntry, out: &mut Module) {
        let body = Object::new()
            .with("cluster_name", self.id(&it.cluster))
            .with("principal_arn", self.text(&it.principal))
            .with("tags", self.tags(resource))
            .with("type", it.kind.as_str());
        out.add(self.block(resource, body));
        let entry = self.address(&resource.id);
        for policy in &it.policies {
            let arn = Expr::concat([
                Expr::from("arn:"),
                pseudo(Pseudo::Partition),
                Expr::from(format!(":eks::aws:cluster-access-policy/{}", policy.as_str())),
            ]);
            let body = Object::new()
                .with("access_scope", Object::new().with("type", "cluster"))
                .with("cluster_name", self.id(&it.cluster))
                .with("policy_arn", arn)
                .with("principal_arn", entry.attribute("principal_arn"));
            let block = self.part(resource, ACCESS_POLICY, body);
            let key = Key::Literal(policy.as_str().to_string());
            out.add(Block { address: Address { key, ..block.address }, ..block });
        }
    }

    pub(super) fn pod_identity(&self, resource: &Resource, it: &PodIdentity, out: &mut Module) {
        let body = Object::new()
            .with("cluster_name", self.id(&it.cluster))
            .with("namespace", value(&it.namespace))
            .with("role_arn", self.arn(&it.role))
            .with("service_account", it.service_account.as_str())
            .with("tags", self.tags(resource));
        out.add(self.waits_for_permissions(self.block(resource, body), &[&it.role]));
    }
}
