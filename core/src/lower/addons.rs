//! `cluster_addons!`: the roles of the pods of add-ons, each of which may do what its add-on needs and nothing else.

use super::iam::{Sources, arn};
use super::{Lower, attribute};
use crate::charts::ChartName;
use crate::declare::cluster_addons::VeleroSpec;
use crate::declare::{ClusterAddons, EksCluster, K8sService, S3Bucket};
use crate::field::Field;
use crate::resource::eks::{PODS, PodIdentity};
use crate::resource::iam::{Condition, Role, Statement, Trust};
use crate::resource::{Attribute, EksCluster as Cluster, Ref, ResourceId};
use crate::service_fields::SecretSource;
use crate::value::{Pseudo, Text};

mod balancer;
mod karpenter;
mod releases;

/// Lowers the add-ons of a cluster.
pub fn lower_cluster_addons(it: &ClusterAddons, cx: &mut Lower<'_>) {
    let Some(declared) = cx.follow(&it.cluster) else { return };
    let cluster = Ref::new(ResourceId::new(&[&declared.meta.name, "cluster"]));
    if cx.resource::<Cluster>(&cluster).is_none() && !known_later(declared, cx) {
        return;
    }
    for (chart, _) in it.charts() {
        let statements = match chart {
            ChartName::LoadBalancerController => Some(balancer::statements()),
            ChartName::ExternalSecrets => Some(read_secrets(it, cx)),
            ChartName::CertManager => prove_domains(it, cx),
            ChartName::Karpenter => Some(karpenter::lower(it, declared, &cluster, cx)),
            ChartName::Velero => {
                it.velero.as_ref().and_then(Field::literal).map(|velero| back_up(velero, cx))
            }
            ChartName::Loki => it
                .loki
                .as_ref()
                .and_then(Field::literal)
                .map(|loki| keep(loki.bucket.literal().map(|it| it.name.as_str()), cx)),
            ChartName::Kyverno | ChartName::Prometheus | ChartName::Promtail | ChartName::Alloy => {
                None
            }
        };
        if let Some(statements) = statements {
            pods(it, chart, &cluster, statements, cx);
        }
        releases::add(it, declared, chart, &cluster, cx);
    }
}

/// Whether a cluster becomes a resource: without a VPC that is known it does not.
fn known_later(it: &EksCluster, cx: &Lower<'_>) -> bool {
    cx.vpc_of(&it.subnets).is_some()
}

/// Gives the pods of an add-on a role.
fn pods(
    it: &ClusterAddons,
    name: ChartName,
    cluster: &Ref<Cluster>,
    statements: Vec<Statement>,
    cx: &mut Lower<'_>,
) {
    let namespace = it.namespace(name, cx.architecture);
    let key = name.field();
    let chart = name.chart();
    let role = Role {
        trust: Trust::Service(PODS),
        description: format!(
            "The pods of {} of {} in {}",
            chart.name,
            it.meta.identity(),
            cx.stem()
        ),
        managed_policies: Vec::new(),
        statements,
    };
    let role = cx.add(&it.meta, &[&it.meta.name, key, "role"], role);
    let identity = PodIdentity {
        cluster: cluster.clone(),
        namespace,
        service_account: chart.service_account.to_string(),
        role,
    };
    cx.add(&it.meta, &[&it.meta.name, key, "pod_identity"], identity);
}

/// `arn:PARTITION:ec2:REGION:*:` of what Karpenter and Velero work on; `account` is empty for what AWS owns.
fn ec2(account: &str, what: &str) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(":ec2:")
        .then(Text::pseudo(Pseudo::Region))
        .then(format!(":{account}:{what}"))
}

fn everything() -> Vec<Text> {
    // AWS lets these actions name no resource.
    vec![Text::literal("*")]
}

fn when(operator: &'static str, key: &'static str, value: impl Into<Text>) -> Condition {
    Condition { operator, key, value: value.into() }
}

/// Reading the secrets that are listed.
///
/// <https://external-secrets.io/latest/provider/aws-secrets-manager/>
fn read_secrets(it: &ClusterAddons, cx: &Lower<'_>) -> Vec<Statement> {
    let mut sources = Sources::default();
    let spec = it.external_secrets.as_ref().and_then(Field::literal);
    let listed = spec.and_then(|it| it.secrets.literal()).into_iter().flatten();
    services_secrets(it, cx).into_iter().for_each(|it| sources.add(it, cx));
    let monitoring = it.monitoring_secrets().into_iter().map(|it| it.1);
    for source in listed.chain(monitoring).filter_map(Field::literal) {
        sources.add(&source.0, cx);
    }
    let mut all = Vec::new();
    if !sources.secrets.is_empty() {
        let actions = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"];
        all.push(Statement::allow("ReadSecrets", &actions, sources.secrets));
    }
    if !sources.parameters.is_empty() {
        let actions = ["ssm:GetParameter", "ssm:GetParameters"];
        all.push(Statement::allow("ReadParameters", &actions, sources.parameters));
    }
    if !sources.keys.is_empty() {
        all.push(Statement::allow("DecryptSecrets", &["kms:Decrypt"], sources.keys));
    }
    all
}

/// The secrets of the services on the cluster.
fn services_secrets<'a>(it: &ClusterAddons, cx: &Lower<'a>) -> Vec<&'a SecretSource> {
    let Some(cluster) = it.cluster.literal() else { return Vec::new() };
    let services = cx.architecture.all::<K8sService>();
    let here = services
        .into_iter()
        .filter(|it| it.cluster(cx.architecture).is_some_and(|it| it.meta.name == cluster.name));
    let secrets = here.filter_map(|it| it.secrets.as_ref()?.literal()).flatten();
    secrets.filter_map(|it| it.literal().map(|it| &it.source)).collect()
}

/// Proving who owns the domains of hosted zones: none without zones.
///
/// <https://cert-manager.io/docs/configuration/acme/dns01/route53/>
fn prove_domains(it: &ClusterAddons, cx: &Lower<'_>) -> Option<Vec<Statement>> {
    let spec = it.cert_manager.as_ref()?.literal()?;
    let start = || Text::literal("arn:").then(Text::pseudo(Pseudo::Partition)).then(":route53:::");
    let zones = spec.zones.literal()?;
    let zones: Vec<Text> =
        zones.iter().map(|it| start().then("hostedzone/").then(cx.field_text(it))).collect();
    if zones.is_empty() {
        return None;
    }
    Some(vec![
        Statement::allow("SeeChanges", &["route53:GetChange"], vec![start().then("change/*")]),
        Statement {
            conditions: vec![when(
                "ForAllValues:StringEquals",
                "route53:ChangeResourceRecordSetsRecordTypes",
                "TXT",
            )],
            ..Statement::allow("ProveDomains", &["route53:ChangeResourceRecordSets"], zones.clone())
        },
        Statement::allow("SeeRecords", &["route53:ListResourceRecordSets"], zones),
    ])
}

/// Writing backups into a bucket, and making and restoring snapshots of volumes.
///
/// <https://github.com/vmware-tanzu/velero-plugin-for-aws#set-permissions-for-velero>
fn back_up(it: &VeleroSpec, cx: &Lower<'_>) -> Vec<Statement> {
    let mut all = vec![
        Statement::allow(
            "SeeVolumes",
            &["ec2:DescribeSnapshots", "ec2:DescribeVolumes"],
            everything(),
        ),
        Statement::allow(
            "MakeSnapshots",
            &["ec2:CreateSnapshot"],
            vec![ec2("*", "volume/*"), ec2("", "snapshot/*")],
        ),
        Statement::allow(
            "RestoreVolumes",
            &["ec2:CreateVolume"],
            vec![ec2("*", "volume/*"), ec2("", "snapshot/*")],
        ),
        Statement {
            conditions: vec![
                when("StringEquals", "ec2:CreateAction", "CreateSnapshot"),
                when("StringEquals", "ec2:CreateAction", "CreateVolume"),
            ],
            ..Statement::allow(
                "TagWhatItMakes",
                &["ec2:CreateTags"],
                vec![ec2("*", "volume/*"), ec2("", "snapshot/*")],
            )
        },
        // Velero tags every snapshot with the backup that it belongs to.
        Statement {
            conditions: vec![when("StringLike", "aws:ResourceTag/velero.io/backup", "*")],
            ..Statement::allow("EndSnapshots", &["ec2:DeleteSnapshot"], vec![ec2("", "snapshot/*")])
        },
    ];
    all.extend(keep(it.bucket.literal().map(|it| it.name.as_str()), cx));
    all
}

/// Keeping objects in a bucket, with its key.
fn keep(bucket: Option<&str>, cx: &Lower<'_>) -> Vec<Statement> {
    let Some(bucket) = bucket else { return Vec::new() };
    let arn = attribute(&[bucket, "bucket"], Attribute::Arn);
    let mut all = keep_objects(&arn).to_vec();
    all.extend(use_key(cx.architecture.get::<S3Bucket>(bucket), cx));
    all
}

/// Keeping objects in a bucket, with uploads in parts.
fn keep_objects(bucket: &Text) -> [Statement; 2] {
    [
        Statement::allow("ListObjects", &["s3:ListBucket"], vec![bucket.clone()]),
        Statement::allow(
            "KeepObjects",
            &[
                "s3:AbortMultipartUpload",
                "s3:DeleteObject",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject",
                "s3:PutObjectTagging",
            ],
            vec![bucket.clone().then("/*")],
        ),
    ]
}

/// Using the key of a bucket, if it has one of its own.
fn use_key(bucket: Option<&S3Bucket>, cx: &Lower<'_>) -> Option<Statement> {
    let key = bucket?.kms_key.as_ref()?;
    let actions = ["kms:Decrypt", "kms:GenerateDataKey"];
    Some(Statement::allow("UseBucketKey", &actions, vec![cx.field_text(key)]))
}

/// `arn:PARTITION:iam::ACCOUNT:` of the account of deployment.
fn iam(what: &str) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(":iam::")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(format!(":{what}"))
}

/// The ARN of a cluster.
fn cluster_arn(cluster: &Ref<Cluster>) -> Text {
    arn("eks").then("cluster/").then(cluster.attribute(Attribute::Name))
}

#[cfg(test)]
mod tests;
