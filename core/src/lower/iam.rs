//! Roles of services and instances: each may do what its declaration needs and nothing else.

use std::collections::BTreeSet;

use super::ecr::repository_of;
use super::{Lower, attribute};
use crate::declare::{
    Connect, EcsCluster, EcsService, K8sService, Kind, RdsPostgres, S3Bucket, Secret,
};
use crate::field::Field;
use crate::flow::Peer;
use crate::resource::eks::PODS;
use crate::resource::iam::{Condition, InstanceProfile, Role, Statement, Trust};
use crate::resource::{Attribute, LogGroup, Ref};
use crate::service_fields::{Image, SecretSource, VolumeKind};
use crate::value::{Part, Pseudo, Text};

/// Who takes the roles of tasks.
const TASKS: &str = "ecs-tasks.amazonaws.com";

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:` of the place of deployment.
pub(super) fn arn(service: &str) -> Text {
    Text::literal("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(format!(":{service}:"))
        .then(Text::pseudo(Pseudo::Region))
        .then(":")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(":")
}

/// The role that starts a service's tasks: pulls the image, writes logs, reads secrets.
///
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html>
pub fn execution_role(service: &EcsService, log_group: &Ref<LogGroup>, cx: &Lower<'_>) -> Role {
    let mut statements = pull(service, cx);
    let streams =
        arn("logs").then("log-group:").then(log_group.attribute(Attribute::Id)).then(":*");
    statements.push(Statement::allow(
        "WriteLogs",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        vec![streams],
    ));
    let mut sources = Sources::default();
    service.known_secrets().for_each(|it| sources.add(it, cx));
    statements.extend(sources.statements());
    Role {
        trust: Trust::Service(TASKS),
        description: format!("Starts the tasks of {} in {}", service.meta.identity(), cx.stem()),
        managed_policies: Vec::new(),
        statements,
    }
}

/// Pulling an image: nothing for public ones, the one repository for those in ECR.
fn pull(service: &EcsService, cx: &Lower<'_>) -> Vec<Statement> {
    let repository = match service.image.literal() {
        Some(Image::Ecr(it)) => {
            arn("ecr").then("repository/").then(repository_of(&it.repository, cx))
        }
        Some(Image::Name(it)) => match it.as_literal().as_deref().and_then(ecr_repository) {
            Some(it) => it,
            None => return Vec::new(),
        },
        None => return Vec::new(),
    };
    vec![
        // AWS lets this action name no resource.
        Statement::allow("LogInToEcr", &["ecr:GetAuthorizationToken"], vec![Text::literal("*")]),
        Statement::allow(
            "PullImage",
            &["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            vec![repository],
        ),
    ]
}

/// The ARN of the repository of `123456789012.dkr.ecr.eu-west-1.amazonaws.com/backend:1.2`.
fn ecr_repository(image: &str) -> Option<Text> {
    let (registry, rest) = image.split_once('/')?;
    let (account, host) = registry.split_once(".dkr.ecr.")?;
    let (region, _) = host.split_once('.')?;
    let repository = rest.split('@').next()?;
    let repository = match repository.rsplit_once(':') {
        Some((before, tag)) if !tag.contains('/') => before,
        Some(_) | None => repository,
    };
    let text = format!(":ecr:{region}:{account}:repository/{repository}");
    Some(Text::literal("arn:").then(Text::pseudo(Pseudo::Partition)).then(text))
}

/// The secrets that a role may read.
#[derive(Default)]
pub(super) struct Sources {
    pub(super) secrets: Vec<Text>,
    pub(super) parameters: Vec<Text>,
    pub(super) keys: Vec<Text>,
}

impl Sources {
    pub(super) fn add(&mut self, source: &SecretSource, cx: &Lower<'_>) {
        match source {
            SecretSource::Secret(it) => self.add_declared(&it.name, cx),
            SecretSource::Arn(it) => match it.0.first() {
                Some(Part::Member(of)) if of.kind == Kind::Secret => {
                    self.add_declared(&of.name, cx);
                }
                Some(Part::Member(of)) if of.kind == Kind::RdsPostgres => {
                    self.add_arn(cx.text(it));
                    let database = cx.architecture.get::<RdsPostgres>(&of.name);
                    if let Some(key) = database.and_then(|it| it.secret_kms_key.as_ref()) {
                        push(&mut self.keys, cx.field_text(key));
                    }
                }
                Some(_) | None => self.add_arn(cx.text(it)),
            },
            SecretSource::Unknown => {}
        }
    }

    fn add_declared(&mut self, name: &str, cx: &Lower<'_>) {
        push(&mut self.secrets, attribute(&[name, "secret"], Attribute::Arn));
        let secret = cx.architecture.get::<Secret>(name);
        if let Some(key) = secret.and_then(|it| it.kms_key.as_ref()) {
            push(&mut self.keys, cx.field_text(key));
        }
    }

    /// An ARN, perhaps followed by the key in it that a task definition may name.
    fn add_arn(&mut self, text: Text) {
        let text = without_json_key(text);
        let is_parameter = matches!(
            text.0.first(),
            Some(Part::Literal(it)) if it.split(':').nth(2) == Some("ssm")
        );
        push(if is_parameter { &mut self.parameters } else { &mut self.secrets }, text);
    }

    fn statements(self) -> Vec<Statement> {
        let mut all = Vec::new();
        if !self.secrets.is_empty() {
            all.push(Statement::allow(
                "ReadSecrets",
                &["secretsmanager:GetSecretValue"],
                self.secrets,
            ));
        }
        if !self.parameters.is_empty() {
            all.push(Statement::allow("ReadParameters", &["ssm:GetParameters"], self.parameters));
        }
        if !self.keys.is_empty() {
            all.push(Statement::allow("DecryptSecrets", &["kms:Decrypt"], self.keys));
        }
        all
    }
}

fn push(all: &mut Vec<Text>, text: Text) {
    if !all.contains(&text) {
        all.push(text);
    }
}

/// Cuts `:key:stage:version` off the ARN of a secret: policies name the secret itself.
fn without_json_key(mut text: Text) -> Text {
    let count = text.0.len();
    if let Some(Part::Literal(last)) = text.0.last_mut() {
        if count > 1 && last.starts_with(':') {
            text.0.pop();
        } else if count == 1 && last.contains(":secret:") {
            let arn: Vec<&str> = last.split(':').take(7).collect();
            *last = arn.join(":");
        }
    }
    text
}

/// The role of a service's program.
pub fn task_role(service: &EcsService, cx: &Lower<'_>) -> Role {
    let mut statements = Vec::new();
    if service.exec.literal() == Some(&true) {
        // AWS lets these actions name no resource.
        // <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html>
        statements.push(Statement::allow(
            "OpenShell",
            &[
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
            ],
            vec![Text::literal("*")],
        ));
    }
    statements.extend(mount(service));
    statements.extend(uses(Kind::EcsService, &service.meta.name, cx));
    Role {
        trust: Trust::Service(TASKS),
        description: format!("The program of {} in {}", service.meta.identity(), cx.stem()),
        managed_policies: Vec::new(),
        statements,
    }
}

/// The role of the pods of a service, if they use AWS.
///
/// <https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html>
pub fn pod_role(service: &K8sService, cx: &Lower<'_>) -> Option<Role> {
    let statements = uses(Kind::K8sService, &service.meta.name, cx);
    (!statements.is_empty()).then(|| Role {
        trust: Trust::Service(PODS),
        description: format!("The program of {} in {}", service.meta.identity(), cx.stem()),
        managed_policies: Vec::new(),
        statements,
    })
}

/// Using what a declaration is connected to.
fn uses(kind: Kind, name: &str, cx: &Lower<'_>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut sources = Sources::default();
    let mut buckets = BTreeSet::new();
    for peer in connected(cx, kind, name) {
        match peer {
            Peer::Declaration(Kind::S3Bucket, name) => {
                buckets.insert(name.as_str());
            }
            Peer::Declaration(Kind::Secret, name) => sources.add_declared(name, cx),
            Peer::Declaration(..)
            | Peer::Internet
            | Peer::Cidr(_)
            | Peer::Tier(_)
            | Peer::Itself => {}
        }
    }
    statements.extend(use_buckets(&buckets, cx));
    statements.extend(sources.statements());
    statements
}

/// Mounting file systems, each by its access point only.
///
/// <https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html>
fn mount(service: &EcsService) -> Vec<Statement> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    for volume in service.known_volumes() {
        if let Some(VolumeKind::Efs(it)) = volume.source.literal()
            && seen.insert(it.name.clone())
        {
            all.push(Statement {
                conditions: vec![Condition {
                    operator: "StringEquals",
                    key: "elasticfilesystem:AccessPointArn",
                    value: attribute(&[&it.name, "access_point"], Attribute::Arn),
                }],
                ..Statement::allow(
                    MOUNTS.get(all.len()).copied().unwrap_or("MountFileSystem"),
                    &["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
                    vec![attribute(&[&it.name, "file_system"], Attribute::Arn)],
                )
            });
        }
    }
    all
}

/// The names of the statements of a service's file systems: within a policy each must be another.
const MOUNTS: &[&str] = &[
    "MountFileSystem",
    "MountFileSystem2",
    "MountFileSystem3",
    "MountFileSystem4",
    "MountFileSystem5",
    "MountFileSystem6",
    "MountFileSystem7",
    "MountFileSystem8",
];

/// Whom `connect!` says that a service must reach.
fn connected<'a>(cx: &Lower<'a>, kind: Kind, service: &str) -> Vec<&'a Peer> {
    let mut all = Vec::new();
    for connect in cx.architecture.all::<Connect>() {
        let from = connect.from.literal().into_iter().flatten().filter_map(Field::literal);
        let is_from = from
            .into_iter()
            .any(|it| matches!(it, Peer::Declaration(of, name) if *of == kind && name.as_str() == service));
        if is_from {
            let to = connect.to.literal().into_iter().flatten().filter_map(Field::literal);
            all.extend(to.filter_map(|it| it.peer.literal()));
        }
    }
    all
}

/// Reading and writing objects.
fn use_buckets(buckets: &BTreeSet<&str>, cx: &Lower<'_>) -> Vec<Statement> {
    if buckets.is_empty() {
        return Vec::new();
    }
    let arns: Vec<Text> =
        buckets.iter().map(|it| attribute(&[it, "bucket"], Attribute::Arn)).collect();
    let objects = arns.iter().map(|it| it.clone().then("/*")).collect();
    let mut all = vec![
        Statement::allow("ListBuckets", &["s3:ListBucket"], arns),
        Statement::allow(
            "UseObjects",
            &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            objects,
        ),
    ];
    let mut keys = Vec::new();
    for bucket in buckets.iter().filter_map(|it| cx.architecture.get::<S3Bucket>(it)) {
        if let Some(key) = &bucket.kms_key {
            push(&mut keys, cx.field_text(key));
        }
    }
    if !keys.is_empty() {
        all.push(Statement::allow("UseBucketKeys", &["kms:Decrypt", "kms:GenerateDataKey"], keys));
    }
    all
}

/// The role by which ECS switches the weights of a rule in a blue-green deployment.
///
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html>
pub fn infrastructure_role(service: &EcsService, cx: &Lower<'_>) -> Role {
    Role {
        trust: Trust::Service("ecs.amazonaws.com"),
        description: format!(
            "Switches {} to a new version in {}",
            service.meta.identity(),
            cx.stem()
        ),
        managed_policies: vec!["AmazonECSInfrastructureRolePolicyForLoadBalancers"],
        statements: Vec::new(),
    }
}

/// The role of a cluster's EC2 instances, and what hands it to them.
pub fn instance_profile(cluster: &EcsCluster, cx: &mut Lower<'_>) -> Ref<InstanceProfile> {
    let name = cluster.meta.name.as_str();
    let role = Role {
        trust: Trust::Service("ec2.amazonaws.com"),
        description: format!("The instances of {} in {}", cluster.meta.identity(), cx.stem()),
        managed_policies: vec![
            "service-role/AmazonEC2ContainerServiceforEC2Role",
            "CloudWatchAgentServerPolicy",
            "AmazonSSMManagedInstanceCore",
        ],
        statements: Vec::new(),
    };
    let role = cx.add(&cluster.meta, &[name, "instance_role"], role);
    cx.add(&cluster.meta, &[name, "instance_profile"], InstanceProfile { role })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_of_an_ecr_image_is_its_arn() {
        let arn = |it: &str| ecr_repository(it).map(|it| it.to_string());
        assert_eq!(
            arn("123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/backend:1.2").as_deref(),
            Some("arn:${Partition}:ecr:eu-west-1:123456789012:repository/shop/backend")
        );
        assert_eq!(arn("public.ecr.aws/nginx/nginx:1.27"), None);
        assert_eq!(arn("redis:7"), None);
    }

    #[test]
    fn policies_name_the_secret_without_the_key_in_it() {
        let secret = attribute(&["database", "instance"], Attribute::ManagedSecretArn);
        assert_eq!(without_json_key(secret.clone().then(":password::")), secret);
        let arn = "arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-AbCdEf";
        assert_eq!(
            without_json_key(Text::literal(format!("{arn}:password::"))),
            Text::literal(arn)
        );
    }
}
