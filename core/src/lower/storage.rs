//! Lowers what stores files, objects, secrets and parameters: `efs!`, `s3_bucket!`, `secret!`, `param!`.

use super::Lower;
use super::database::groups;
use crate::declare::param::ParamKind;
use crate::declare::s3_bucket::Lifecycle;
use crate::declare::vpc::zone_letter;
use crate::declare::{Alb, Declaration, Efs, Param, S3Bucket, Secret};
use crate::resource::iam::{Condition, Principal, Statement, Trust};
use crate::resource::s3::{IntelligentTiering, LifecycleRule, Replication, StorageClass};
use crate::resource::{
    AccessPoint, Attribute, Bucket, BucketPolicy, FileSystem, MountTarget, Parameter, Ref, Role,
    Secret as SecretResource,
};
use crate::types::{Count, Days};
use crate::value::{Field, Pseudo, Text, Value};

/// How long old versions of objects are kept where the author says nothing.
pub const OLD_VERSIONS: Days = Days(90);
/// How long the parts of an upload that was never finished are kept.
pub const UNFINISHED_UPLOADS: Days = Days(7);

/// Lowers a file system: a mount target in every subnet and one folder for its services.
pub fn lower_file_system(files: &Efs, cx: &mut Lower<'_>) {
    let meta = &files.meta;
    let name = meta.name.as_str();
    let groups = groups(cx, &Declaration::Efs(Box::new(files.clone())));
    let file_system = cx.add(
        meta,
        &[name, "file_system"],
        FileSystem {
            kms_key: files.kms_key.as_ref().map(|it| cx.field_text(it)),
            backups: files.backups.value.clone(),
            infrequent_access_after: files
                .infrequent_access_after
                .as_ref()
                .map(|it| it.value.clone()),
            replicate_to: files.replicate_to.as_ref().map(|it| cx.field_text(it)),
        },
    );
    for (zone, subnet) in cx.subnets(&files.subnets).into_iter().enumerate() {
        let target =
            MountTarget { file_system: file_system.clone(), subnet, groups: groups.clone() };
        let letter = zone_letter(zone);
        let target = cx.add(meta, &[name, "mount_target", &letter], target);
        cx.repeated(target.id(), &letter);
    }
    let access_point = AccessPoint {
        file_system: file_system.clone(),
        path: files.path.value.clone(),
        user: files.user.value.clone(),
    };
    let access_point = cx.add(meta, &[name, "access_point"], access_point);
    cx.output(
        &[name, "access_point", "id"],
        format!("The identifier of the access point of {name}"),
        access_point.attribute(Attribute::Id),
    );
    cx.output(
        &[name, "id"],
        format!("The identifier of the file system {name}"),
        file_system.attribute(Attribute::Id),
    );
}

/// The physical name of a bucket. A replicated bucket must have one that is known beforehand: the
/// bucket refers to the role that copies, and the role to the bucket.
fn bucket_name(bucket: &S3Bucket, cx: &Lower<'_>) -> Option<Text> {
    if let Some(name) = &bucket.bucket_name {
        return Some(cx.string_text(name));
    }
    bucket.replication.as_ref()?;
    let known = made_up_name(&cx.stem(), bucket.meta.identity());
    Some(
        Text::literal(known)
            .then(Text::pseudo(Pseudo::AccountId))
            .then("-")
            .then(Text::pseudo(Pseudo::Region)),
    )
}

/// The known part of the name archgen makes up for a replicated bucket.
pub fn made_up_name(stem: &str, name: &str) -> String {
    format!("{stem}-{name}-").to_lowercase().replace('_', "-")
}

/// Lowers a bucket and its policy.
pub fn lower_bucket(bucket: &S3Bucket, cx: &mut Lower<'_>) {
    let meta = &bucket.meta;
    let name = meta.name.as_str();
    let physical = bucket_name(bucket, cx);
    let replication = replication(bucket, physical.as_ref(), cx);
    let tiering = bucket.intelligent_tiering.as_ref().and_then(Field::literal);
    let resource = Bucket {
        name: physical,
        kms_key: bucket.kms_key.as_ref().map(|it| cx.field_text(it)),
        versioning: bucket.versioning.value.clone(),
        lifecycle: lifecycle(bucket),
        intelligent_tiering: tiering.map(|it| IntelligentTiering {
            archive_after: it.archive_after.value.clone(),
            deep_archive_after: it.deep_archive_after.as_ref().map(|it| it.value.clone()),
        }),
        replication,
        access_logs: None,
    };
    let resource = cx.add(meta, &[name, "bucket"], resource);
    let policy =
        BucketPolicy { bucket: resource.clone(), statements: statements(bucket, &resource, cx) };
    cx.add(meta, &[name, "bucket_policy"], policy);
    cx.output(
        &[name, "name"],
        format!("The name of the bucket {name}"),
        resource.attribute(Attribute::Name),
    );
}

/// The author's rules, and one that ends old versions and unfinished uploads if no rule does.
fn lifecycle(bucket: &S3Bucket) -> Vec<LifecycleRule> {
    let authored: &[Field<Lifecycle>] =
        bucket.lifecycle.as_ref().and_then(Field::literal).map_or(&[], |it| it.as_slice());
    let mut rules = Vec::new();
    let mut ends_old_versions = false;
    for (position, rule) in authored.iter().enumerate() {
        let Some(rule) = rule.literal() else { continue };
        let prefix = rule.prefix.value.clone();
        let everything = prefix.literal().is_some_and(String::is_empty);
        ends_old_versions |= everything && rule.expire_old_versions_after.is_some();
        let mut transitions: Vec<(StorageClass, Value<Days>)> = Vec::new();
        if let Some(map) = rule.transitions.as_ref().and_then(Field::literal) {
            for entry in &map.0 {
                if let Some(class) = StorageClass::ALL.iter().find(|it| it.word() == entry.name) {
                    transitions.push((*class, entry.field.value.clone()));
                }
            }
        }
        transitions.sort();
        rules.push(LifecycleRule {
            id: match prefix.literal() {
                Some(it) if !it.is_empty() => super::slug(it.trim_matches('/')),
                Some(_) => "everything".to_string(),
                None => format!("rule{position}"),
            },
            prefix,
            transitions,
            expire_after: rule.expire_after.as_ref().map(|it| it.value.clone()),
            expire_old_versions_after: rule
                .expire_old_versions_after
                .as_ref()
                .map(|it| it.value.clone()),
            abort_uploads_after: UNFINISHED_UPLOADS,
        });
    }
    let versioned = bucket.versioning.literal() != Some(&false);
    rules.push(LifecycleRule {
        id: "defaults".to_string(),
        prefix: Value::Literal(String::new()),
        transitions: Vec::new(),
        expire_after: None,
        expire_old_versions_after: (versioned && !ends_old_versions)
            .then_some(Value::Literal(OLD_VERSIONS)),
        abort_uploads_after: UNFINISHED_UPLOADS,
    });
    rules
}

/// The copy to another bucket, and the role that may do no more than that.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html>
fn replication(
    bucket: &S3Bucket,
    physical: Option<&Text>,
    cx: &mut Lower<'_>,
) -> Option<Replication> {
    let field = bucket.replication.as_ref()?.literal()?;
    let name = bucket.meta.name.as_str();
    let destination = cx.field_text(&field.bucket);
    let source = Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(":s3:::")
        .then(physical.cloned().unwrap_or_else(Text::unknown));
    let role = Role {
        trust: Trust::Service("s3.amazonaws.com"),
        description: format!("Lets S3 copy the objects of {}", bucket.meta.identity()),
        managed_policies: Vec::new(),
        statements: vec![
            Statement::allow(
                "ReadReplicationConfiguration",
                &["s3:GetReplicationConfiguration", "s3:ListBucket"],
                vec![source.clone()],
            ),
            Statement::allow(
                "ReadObjects",
                &[
                    "s3:GetObjectVersionAcl",
                    "s3:GetObjectVersionForReplication",
                    "s3:GetObjectVersionTagging",
                ],
                vec![source.then("/*")],
            ),
            Statement::allow(
                "WriteReplicas",
                &["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
                vec![destination.clone().then("/*")],
            ),
        ],
    };
    let role = cx.add(&bucket.meta, &[name, "replication_role"], role);
    // Replication Time Control knows one time only: 15 minutes.
    let time_control = field.within.is_some().then_some(Count(15));
    Some(Replication { destination, role, time_control })
}

/// The load balancers whose access logs go to a bucket.
pub fn loggers<'a>(
    architecture: &'a crate::architecture::Architecture,
    bucket: &str,
) -> Vec<&'a Alb> {
    architecture
        .all::<Alb>()
        .filter(|it| {
            it.access_logs.as_ref().and_then(Field::literal).is_some_and(|it| it.name == bucket)
        })
        .collect()
}

/// What others may do: nobody anything without TLS, load balancers write their access logs.
/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html>
fn statements(bucket: &S3Bucket, resource: &Ref<Bucket>, cx: &Lower<'_>) -> Vec<Statement> {
    let arn = resource.attribute(Attribute::Arn);
    let mut all = vec![Statement {
        sid: "DenyInsecureTransport",
        allow: false,
        principal: Some(Principal::Everyone),
        actions: vec!["s3:*"],
        resources: vec![arn.clone(), arn.clone().then("/*")],
        conditions: vec![Condition {
            operator: "Bool",
            key: "aws:SecureTransport",
            value: Text::literal("false"),
        }],
    }];
    all.extend(super::cloudfront::bucket_statement(&bucket.meta.name, &arn, cx));
    let loggers = loggers(cx.architecture, &bucket.meta.name);
    if loggers.is_empty() {
        return all;
    }
    let resources = loggers
        .iter()
        .map(|alb| {
            arn.clone()
                .then(format!("/{}/AWSLogs/", alb.meta.identity()))
                .then(Text::pseudo(Pseudo::AccountId))
                .then("/*")
        })
        .collect();
    all.push(Statement {
        sid: "AllowLoadBalancerLogs",
        allow: true,
        principal: Some(Principal::Service("logdelivery.elasticloadbalancing.amazonaws.com")),
        actions: vec!["s3:PutObject"],
        resources,
        // Only for load balancers of this account and Region: no other account can use the service
        // to write here.
        conditions: vec![Condition {
            operator: "ArnLike",
            key: "aws:SourceArn",
            value: Text::literal("arn:")
                .then(Text::pseudo(Pseudo::Partition))
                .then(":elasticloadbalancing:")
                .then(Text::pseudo(Pseudo::Region))
                .then(":")
                .then(Text::pseudo(Pseudo::AccountId))
                .then(":loadbalancer/*"),
        }],
    });
    all
}

/// Lowers a secret.
pub fn lower_secret(secret: &Secret, cx: &mut Lower<'_>) {
    let replica_regions = secret.replica_regions.as_ref().and_then(Field::literal);
    let fields = secret.fields.as_ref().and_then(Field::literal);
    let fields = fields.iter().flat_map(|it| &it.0);
    let resource = SecretResource {
        name: secret.secret_name.as_ref().map(|it| cx.string_text(it)),
        description: cx.field_text(&secret.description),
        username: secret.username.as_ref().map(|it| it.value.clone()),
        fields: fields.map(|it| (it.name.clone(), cx.field_text(&it.field))).collect(),
        generate: secret.generate.value.clone(),
        kms_key: secret.kms_key.as_ref().map(|it| cx.field_text(it)),
        replica_regions: replica_regions
            .into_iter()
            .flatten()
            .map(|it| cx.field_text(it))
            .collect(),
    };
    let name = secret.meta.name.as_str();
    let resource = cx.add(&secret.meta, &[name, "secret"], resource);
    cx.output(
        &[name, "arn"],
        format!("The ARN of the secret {name}"),
        resource.attribute(Attribute::Arn),
    );
}

/// Lowers a parameter.
pub fn lower_param(param: &Param, cx: &mut Lower<'_>) {
    let literal = |it: &Option<Field<String>>| it.as_ref().and_then(Field::literal).cloned();
    let allowed = param.allowed.as_ref().and_then(Field::literal);
    cx.parameter(Parameter {
        name: param.meta.name.clone(),
        description: literal(&param.description),
        kind: param.kind.literal().copied().unwrap_or(ParamKind::Text),
        default: literal(&param.default),
        allowed: allowed.into_iter().flatten().filter_map(|it| it.literal().cloned()).collect(),
        loc: param.meta.macro_loc,
    });
}
