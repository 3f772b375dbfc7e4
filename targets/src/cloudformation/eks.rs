//! EKS clusters, node groups, add-ons, access entries and the roles of pods.

use archgen_core::resource::eks::{
    AccessEntry, Addon, ApiEndpoint, EksCluster, NodeGroup, PodIdentity,
};
use archgen_core::resource::{Attribute, Resource};
use archgen_core::value::Pseudo;

use super::expr::{Expr, Object};
use super::writer::{Writer, choose, pseudo, value};

impl Writer<'_> {
    pub(super) fn eks_cluster(&self, resource: &Resource, it: &EksCluster) -> Object {
        // Who may use the cluster is said by access entries; who creates it gets nothing by that.
        let access = Object::new()
            .with("AuthenticationMode", "API")
            .with("BootstrapClusterCreatorAdminPermissions", false);
        let encryption = it.kms_key.as_ref().map(|key| {
            let provider = Object::new().with("KeyArn", self.text(key));
            let resources = vec![Expr::from("secrets")];
            vec![Object::new().with("Provider", provider).with("Resources", resources).into()]
        });
        let types: Vec<Expr> =
            it.logs.iter().map(|it| Object::new().with("Type", it.as_str()).into()).collect();
        let logging = (!types.is_empty()).then(|| {
            Object::new().with("ClusterLogging", Object::new().with("EnabledTypes", types))
        });
        let (public, blocks) = match &it.endpoint {
            ApiEndpoint::Private => (false, Vec::new()),
            ApiEndpoint::Public(blocks) => (true, blocks.iter().map(value).collect()),
        };
        let network =
            Object::new().with("IpFamily", "ipv4").with("ServiceIpv4Cidr", value(&it.service_cidr));
        let place = Object::new()
            .with("EndpointPrivateAccess", true)
            .with("EndpointPublicAccess", public)
            .list("PublicAccessCidrs", blocks)
            .with("SecurityGroupIds", self.ids(it.given_groups()))
            .with("SubnetIds", self.ids(&it.subnets));
        let support = choose(&it.extended_support, "EXTENDED", "STANDARD");
        Object::new()
            .with("AccessConfig", access)
            .list("EncryptionConfig", encryption.unwrap_or_default())
            .with("KubernetesNetworkConfig", network)
            .maybe("Logging", logging)
            .with("Name", self.text(&it.name))
            .with("ResourcesVpcConfig", place)
            .with("RoleArn", self.arn(&it.role))
            .with("Tags", self.tags(resource))
            .with("UpgradePolicy", Object::new().with("SupportType", support))
            .with("Version", value(&it.version))
    }

    pub(super) fn node_group(&self, resource: &Resource, it: &NodeGroup) -> Object {
        let template = Object::new()
            .with("Id", self.id(&it.launch_template))
            .with("Version", self.attribute(it.launch_template.id(), Attribute::LatestVersion));
        let scaling = Object::new()
            .with("DesiredSize", value(&it.minimum))
            .with("MaxSize", value(&it.maximum))
            .with("MinSize", value(&it.minimum));
        let taints = it.taints.iter().map(|it| {
            Object::new()
                .with("Effect", it.effect.as_str())
                .with("Key", it.key.as_str())
                .with("Value", it.value.as_str())
                .into()
        });
        let labels = (!it.labels.is_empty()).then(|| self.text_object(&it.labels));
        Object::new()
            .with("AmiType", it.image())
            .with("CapacityType", it.capacity.as_str())
            .with("ClusterName", self.id(&it.cluster))
            .with("InstanceTypes", self.texts(&it.instance_types))
            .maybe("Labels", labels)
            .with("LaunchTemplate", template)
            .with("NodeRole", self.arn(&it.role))
            .with("ScalingConfig", scaling)
            .with("Subnets", self.ids(&it.subnets))
            .with("Tags", self.tag_object(resource))
            .list("Taints", taints.collect())
            .with("Version", value(&it.version))
    }

    pub(super) fn addon(&self, resource: &Resource, it: &Addon) -> Object {
        Object::new()
            .with("AddonName", it.addon.as_str())
            .with("ClusterName", self.id(&it.cluster))
            .maybe("ConfigurationValues", it.addon.configuration())
            // EKS starts every cluster with some of them that nobody manages.
            .with("ResolveConflicts", "OVERWRITE")
            .with("Tags", self.tags(resource))
    }

    pub(super) fn access_entry(&self, resource: &Resource, it: &AccessEntry) -> Object {
        let policies = it.policies.iter().map(|it| {
            let arn = Expr::concat([
                Expr::from("arn:"),
                pseudo(Pseudo::Partition),
                Expr::from(format!(":eks::aws:cluster-access-policy/{}", it.as_str())),
            ]);
            Object::new()
                .with("AccessScope", Object::new().with("Type", "cluster"))
                .with("PolicyArn", arn)
                .into()
        });
        Object::new()
            .list("AccessPolicies", policies.collect())
            .with("ClusterName", self.id(&it.cluster))
            .with("PrincipalArn", self.text(&it.principal))
            .with("Tags", self.tags(resource))
            .with("Type", it.kind.as_str())
    }

    pub(super) fn pod_identity(&self, resource: &Resource, it: &PodIdentity) -> Object {
        Object::new()
            .with("ClusterName", self.id(&it.cluster))
            .with("Namespace", value(&it.namespace))
            .with("RoleArn", self.arn(&it.role))
            .with("ServiceAccount", it.service_account.as_str())
            .with("Tags", self.tags(resource))
    }
}
