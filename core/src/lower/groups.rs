//! How a declaration stands in the network: its tier, its security groups, what it listens for.

use crate::architecture::Architecture;
use crate::declare::{Declaration, EcsCluster, SecurityGroup as SecurityGroupDeclaration};
use crate::field::{DeclarationRef, Field, List, TierRef};
use crate::lower::group_id;
use crate::resource::network::Traffic;
use crate::resource::{Ref, SecurityGroup};
use crate::types::Port;
use crate::value::Value;

/// How a declaration stands in the network.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The declaration's name.
    pub name: String,
    /// The tier its interfaces stand in.
    pub tier: Field<TierRef>,
    /// The groups on its interfaces; unknown where a reference is.
    pub groups: Value<Vec<Ref<SecurityGroup>>>,
    /// Whether archgen makes its group and the rules in it.
    pub derived: bool,
    /// What it listens for.
    pub listens: Vec<Traffic>,
}

/// The groups that the team wrote, or the one that archgen derives.
fn groups(
    name: &str,
    authored: Option<&Field<List<DeclarationRef<SecurityGroupDeclaration>>>>,
) -> (Value<Vec<Ref<SecurityGroup>>>, bool) {
    let Some(field) = authored else {
        return (Value::Literal(vec![group_id(name)]), true);
    };
    let Some(list) = field.literal() else { return (Value::Unknown, false) };
    let mut all = Vec::new();
    for it in list {
        match it.literal() {
            Some(it) => all.push(group_id(&it.name)),
            None => return (Value::Unknown, false),
        }
    }
    (Value::Literal(all), false)
}

/// How `declaration` stands in the network, if it does.
pub fn endpoint(architecture: &Architecture, declaration: &Declaration) -> Option<Endpoint> {
    let (name, tier, authored, listens) = match declaration {
        Declaration::Alb(it) => {
            let mut listens = vec![Traffic::tcp_port(80)];
            if it.certificate.is_some() {
                listens.push(Traffic::tcp_port(443));
            }
            (&it.meta.name, it.subnets.clone(), it.security_groups.as_ref(), listens)
        }
        Declaration::EcsService(it) => {
            let tier = match &it.subnets {
                Some(tier) => tier.clone(),
                None => match architecture.follow::<EcsCluster>(&it.cluster) {
                    Some(cluster) => cluster.subnets.clone(),
                    None => Field::unknown(it.cluster.loc),
                },
            };
            let listens = it.port.iter().map(|it| Traffic::tcp(it.value.clone())).collect();
            (&it.meta.name, tier, it.security_groups.as_ref(), listens)
        }
        Declaration::EcsCluster(it) => {
            if !it.has_instances() {
                return None;
            }
            (&it.meta.name, it.subnets.clone(), None, Vec::new())
        }
        // Its pods listen on what they like.
        Declaration::EksCluster(it) => (&it.meta.name, it.subnets.clone(), None, Vec::new()),
        // Its pods stand where the nodes stand, and have their group.
        Declaration::K8sService(it) => {
            let tier = match it.cluster(architecture) {
                Some(cluster) => cluster.subnets.clone(),
                None => Field::unknown(it.namespace.loc),
            };
            let groups = match it.cluster(architecture) {
                Some(cluster) => Value::Literal(vec![group_id(&cluster.meta.name)]),
                None => Value::Unknown,
            };
            let listens = it.port.iter().map(|it| Traffic::tcp(it.value.clone())).collect();
            let name = it.meta.name.clone();
            return Some(Endpoint { name, tier, groups, derived: true, listens });
        }
        Declaration::RdsPostgres(it) => {
            let listens = vec![Traffic::tcp(it.port.value.clone())];
            (&it.meta.name, it.subnets.clone(), it.security_groups.as_ref(), listens)
        }
        Declaration::Redis(it) => {
            let listens = vec![Traffic::tcp(Value::Literal(Port(6379)))];
            (&it.meta.name, it.subnets.clone(), it.security_groups.as_ref(), listens)
        }
        Declaration::Efs(it) => {
            let listens = vec![Traffic::tcp_port(2049)];
            (&it.meta.name, it.subnets.clone(), it.security_groups.as_ref(), listens)
        }
        Declaration::Param(_)
        | Declaration::Namespace(_)
        | Declaration::ClusterAddons(_)
        | Declaration::Vpc(_)
        | Declaration::SecurityGroup(_)
        | Declaration::NetworkAcl(_)
        | Declaration::VpcPeering(_)
        | Declaration::Certificate(_)
        | Declaration::WebAcl(_)
        | Declaration::CloudFront(_)
        | Declaration::HostedZone(_)
        | Declaration::DnsRecord(_)
        | Declaration::KmsKey(_)
        | Declaration::S3Bucket(_)
        | Declaration::Secret(_)
        | Declaration::EcrRepository(_)
        | Declaration::BackupPlan(_)
        | Declaration::SnsTopic(_)
        | Declaration::TenantPool(_)
        | Declaration::Budget(_)
        | Declaration::Alarm(_)
        | Declaration::Dashboard(_)
        | Declaration::Objectives(_)
        | Declaration::Terraform(_)
        | Declaration::Connect(_)
        | Declaration::Allow(_)
        | Declaration::Deny(_) => return None,
    };
    let like = declaration.meta().tenant.as_ref().and_then(|it| it.like.as_ref());
    let group_of = like.filter(|it| it.group).map_or(name, |it| &it.service);
    let (groups, derived) = groups(group_of, authored);
    Some(Endpoint { name: name.to_string(), tier, groups, derived, listens })
}
