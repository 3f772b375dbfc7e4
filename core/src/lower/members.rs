//! What declarations offer each other, such as `database.endpoint`, as attributes of resources.

use super::{Lower, attribute};
use crate::declare::{EcsCluster, EcsService, K8sService, Kind, RdsPostgres};
use crate::node::Reference;
use crate::resource::Attribute;
use crate::value::Text;

/// The text of what a declaration offers.
pub fn text(cx: &Lower<'_>, reference: &Reference) -> Text {
    let name = reference.name.as_str();
    let member = reference.member.as_deref().unwrap_or_default();
    match (reference.kind, member) {
        (Kind::RdsPostgres, "endpoint") => {
            attribute(&[name, "instance"], Attribute::EndpointAddress)
        }
        (Kind::RdsPostgres, "port") => attribute(&[name, "instance"], Attribute::EndpointPort),
        (Kind::RdsPostgres, "secret") => {
            match cx.architecture.get::<RdsPostgres>(name).is_some_and(RdsPostgres::has_secret) {
                true => attribute(&[name, "secret"], Attribute::Arn),
                false => attribute(&[name, "instance"], Attribute::ManagedSecretArn),
            }
        }
        (Kind::RdsPostgres, "arn") => attribute(&[name, "instance"], Attribute::Arn),
        (Kind::Redis, "endpoint") => {
            attribute(&[name, "replication_group"], Attribute::EndpointAddress)
        }
        (Kind::Redis, "port") => attribute(&[name, "replication_group"], Attribute::EndpointPort),
        (Kind::Alb, "dns_name") => attribute(&[name, "load_balancer"], Attribute::DnsName),
        (Kind::Alb, "hosted_zone_id") => {
            attribute(&[name, "load_balancer"], Attribute::HostedZoneId)
        }
        (Kind::Alb, "arn") => attribute(&[name, "load_balancer"], Attribute::Arn),
        (Kind::Efs, "id") => attribute(&[name, "file_system"], Attribute::Id),
        (Kind::Efs, "arn") => attribute(&[name, "file_system"], Attribute::Arn),
        (Kind::S3Bucket, "name") => attribute(&[name, "bucket"], Attribute::Name),
        (Kind::S3Bucket, "arn") => attribute(&[name, "bucket"], Attribute::Arn),
        (Kind::CloudFront, "domain_name") => attribute(&[name, "distribution"], Attribute::DnsName),
        (Kind::CloudFront, "id") => attribute(&[name, "distribution"], Attribute::Id),
        (Kind::CloudFront, "arn") => super::cloudfront::distribution_arn(name),
        (Kind::WebAcl, "arn") => attribute(&[name, "web_acl"], Attribute::Arn),
        (Kind::KmsKey, "arn") => attribute(&[name, "kms_key"], Attribute::Arn),
        (Kind::KmsKey, "id") => attribute(&[name, "kms_key"], Attribute::Id),
        (Kind::HostedZone, "id") => attribute(&[name, "hosted_zone"], Attribute::Id),
        (Kind::HostedZone, "name_servers") => {
            attribute(&[name, "hosted_zone"], Attribute::NameServers)
        }
        (Kind::Secret, "arn") => attribute(&[name, "secret"], Attribute::Arn),
        (Kind::Certificate, "arn") => attribute(&[name, "certificate"], Attribute::Arn),
        (Kind::EcsCluster, "name") => attribute(&[name, "cluster"], Attribute::Name),
        (Kind::EcsCluster, "arn") => attribute(&[name, "cluster"], Attribute::Arn),
        (Kind::EksCluster, "name") => attribute(&[name, "cluster"], Attribute::Name),
        (Kind::EksCluster, "arn") => attribute(&[name, "cluster"], Attribute::Arn),
        (Kind::EksCluster, "endpoint") => attribute(&[name, "cluster"], Attribute::ApiUrl),
        (Kind::Namespace, "name") => super::namespace::namespace_name(cx, name),
        (Kind::K8sService, "name") => match cx.architecture.get::<K8sService>(name) {
            Some(it) => super::value_text(&it.known_name()),
            None => Text::unknown(),
        },
        (Kind::K8sService, "host") => pod_host(cx, name),
        (Kind::EcsService, "name") => attribute(&[name, "service"], Attribute::Name),
        (Kind::EcsService, "host") => host(cx, name),
        (Kind::SecurityGroup, "id") => attribute(&[name, "security_group"], Attribute::Id),
        (Kind::VpcPeering, "id") => attribute(&[name, "peering"], Attribute::Id),
        (Kind::Vpc, "id") => attribute(&[name, "vpc"], Attribute::Id),
        (Kind::EcrRepository, "uri") => attribute(&[name, "repository"], Attribute::RepositoryUri),
        (Kind::EcrRepository, "name") => attribute(&[name, "repository"], Attribute::Name),
        (Kind::EcrRepository, "arn") => attribute(&[name, "repository"], Attribute::Arn),
        (Kind::BackupPlan, "vault_arn") => attribute(&[name, "backup_vault"], Attribute::Arn),
        (Kind::BackupPlan, "vault_name") => attribute(&[name, "backup_vault"], Attribute::Name),
        (Kind::SnsTopic, "arn") => attribute(&[name, "topic"], Attribute::Arn),
        (Kind::SnsTopic, "name") => attribute(&[name, "topic"], Attribute::Name),
        (Kind::Budget, "name") => attribute(&[name, "budget"], Attribute::Name),
        (Kind::TenantPool, "role") => attribute(&[name, "tenant_role"], Attribute::Arn),
        (Kind::Alarm, "arn") => attribute(&[name, "alarm"], Attribute::Arn),
        _ => Text::unknown(),
    }
}

/// `auth-svc.shop.svc.cluster.local`: the name by which pods find a service of their cluster.
fn pod_host(cx: &Lower<'_>, name: &str) -> Text {
    let Some(service) = cx.architecture.get::<K8sService>(name) else { return Text::unknown() };
    let Some(namespace) = cx.follow(&service.namespace) else { return Text::unknown() };
    super::value_text(&service.known_name())
        .then(".")
        .then(super::value_text(&namespace.known_name()))
        .then(".svc.cluster.local")
}

/// `redis.prod-infra-production.local`: the name by which other services find a service.
fn host(cx: &Lower<'_>, name: &str) -> Text {
    let Some(service) = cx.architecture.get::<EcsService>(name) else { return Text::unknown() };
    let Some(cluster) = cx.architecture.follow::<EcsCluster>(&service.cluster) else {
        return Text::unknown();
    };
    let Some(namespace) = &cluster.namespace else { return Text::unknown() };
    service.discovery_text().then(".").then(cx.string_text(namespace))
}
