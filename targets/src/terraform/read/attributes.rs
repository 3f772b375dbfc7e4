//! Attributes of resources: the identifier under its names, and arguments that attributes repeat.

use archgen_core::Loc;

use super::world::World;
use crate::read::data::{Data, DataKind, Reference};

/// The types whose name, ARN or another attribute is what others refer to them by, besides `id`.
const IDENTITIES: &[(&str, &[&str])] = &[
    ("aws_alb", &["arn"]),
    ("aws_alb_listener", &["arn"]),
    ("aws_alb_target_group", &["arn"]),
    ("aws_autoscaling_group", &["name"]),
    ("aws_dax_subnet_group", &["name"]),
    ("aws_db_instance", &["identifier", "arn"]),
    ("aws_db_subnet_group", &["name"]),
    ("aws_dms_replication_subnet_group", &["replication_subnet_group_id"]),
    ("aws_docdb_cluster", &["cluster_identifier"]),
    ("aws_docdb_subnet_group", &["name"]),
    ("aws_ecs_task_definition", &["arn", "family", "arn_without_revision"]),
    ("aws_eip", &["allocation_id", "public_ip"]),
    ("aws_eks_cluster", &["name"]),
    ("aws_elasticache_replication_group", &["replication_group_id"]),
    ("aws_elasticache_subnet_group", &["name"]),
    ("aws_elb", &["name", "arn"]),
    ("aws_launch_configuration", &["name"]),
    ("aws_launch_template", &["name"]),
    ("aws_lambda_function", &["arn", "function_name"]),
    ("aws_lb", &["arn"]),
    ("aws_lb_listener", &["arn"]),
    ("aws_lb_target_group", &["arn"]),
    ("aws_memorydb_subnet_group", &["name"]),
    ("aws_neptune_cluster", &["cluster_identifier"]),
    ("aws_neptune_subnet_group", &["name"]),
    ("aws_rds_cluster", &["cluster_identifier"]),
    ("aws_redshift_subnet_group", &["name"]),
];

impl World<'_> {
    /// An attribute of a resource.
    pub(super) fn resource_attribute(&self, loc: Loc, of: &Reference, name: &str) -> Data {
        if let Some(attribute) = &of.attribute {
            // Further in: `vpc_config[0].cluster_security_group_id`.
            let attribute = match of.index {
                Some(at) => format!("{attribute}[{at}].{name}"),
                None => format!("{attribute}.{name}"),
            };
            let attribute = if attribute == "vpc_config[0].cluster_security_group_id" {
                "ClusterSecurityGroupId".to_string()
            } else {
                attribute
            };
            let it = Reference { attribute: Some(attribute), index: None, ..of.clone() };
            return Data::new(loc, DataKind::Reference(it));
        }
        let Some(instance) = self.registry.borrow().get(&of.resource).cloned() else {
            return Data::unknown(loc, format!("`{}` is not read", of.resource));
        };
        let kind = instance.block.0.as_str();
        let whole = |attribute: Option<&str>, index| {
            let it = Reference {
                resource: of.resource.clone(),
                attribute: attribute.map(str::to_string),
                index,
            };
            Data::new(loc, DataKind::Reference(it))
        };
        let named =
            IDENTITIES.iter().find(|it| it.0 == kind).is_some_and(|it| it.1.contains(&name));
        if name == "id" || named {
            return whole(None, None);
        }
        match (kind, name) {
            ("aws_vpc" | "aws_default_vpc", "default_security_group_id") => {
                return whole(Some("DefaultSecurityGroup"), None);
            }
            ("aws_vpc" | "aws_default_vpc", "default_network_acl_id") => {
                return whole(Some("DefaultNetworkAcl"), None);
            }
            ("aws_vpc" | "aws_default_vpc", "default_route_table_id" | "main_route_table_id") => {
                self.main_tables.borrow_mut().entry(of.resource.clone()).or_insert(loc);
                let resource = main_table(&of.resource);
                let it = Reference { resource, attribute: None, index: None };
                return Data::new(loc, DataKind::Reference(it));
            }
            ("aws_eks_cluster", "vpc_config") => return whole(Some("vpc_config"), None),
            _ => {}
        }
        let Some(module) = self.module(instance.module) else {
            return Data::unknown(loc, "its module is not read");
        };
        let Some(declared) = module.it.resources.get(&instance.block) else {
            return Data::unknown(loc, "it is not declared");
        };
        if declared.body.has(name) {
            let key = (of.resource.clone(), name.to_string());
            let what = format!("{}.{name}", of.resource);
            let value = self.once(&self.attributes, key, loc, &what, || {
                self.argument(&module, &instance.names, &declared.body, name)
            });
            if !value.is_absent() {
                return value;
            }
        }
        match (kind, name) {
            ("aws_vpc" | "aws_default_vpc", "ipv6_cidr_block") => {
                whole(Some("Ipv6CidrBlocks"), Some(0))
            }
            ("aws_vpc_ipv6_cidr_block_association", "ipv6_cidr_block") => {
                let vpc = self.resource_attribute(loc, of, "vpc_id");
                let Some(resource) = vpc.as_resource() else { return whole(Some(name), None) };
                let (resource, attribute) = (resource.to_string(), "Ipv6CidrBlocks".to_string());
                let it = Reference { resource, attribute: Some(attribute), index: Some(0) };
                Data::new(loc, DataKind::Reference(it))
            }
            _ => whole(Some(name), None),
        }
    }
}

/// The name of the route table that came with a VPC.
pub(super) fn main_table(vpc: &str) -> String {
    format!("{vpc}.MainRouteTable")
}
