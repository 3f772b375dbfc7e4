//! `kms_key!`: the key with its policy, and its alias.

use super::Lower;
use super::kubernetes::principal;
use crate::declare::KmsKey as KmsKeyDeclaration;
use crate::declare::kms_key::KeyService;
use crate::field::Field;
use crate::resource::iam::{Condition, Principal, Statement};
use crate::resource::{Attribute, KmsAlias, KmsKey};
use crate::value::{Pseudo, Text};

/// What those do who encrypt and decrypt.
const USE: &[&str] =
    &["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"];
/// What those do who publish to an encrypted topic or queue.
/// <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>
const PUBLISH: &[&str] = &["kms:Decrypt", "kms:GenerateDataKey*"];

/// The name of a key's alias.
pub fn alias(key: &KmsKeyDeclaration, cx: &Lower<'_>) -> Text {
    let name = match &key.alias {
        Some(it) => cx.string_text(it),
        None => Text::literal(format!("{}-{}", cx.stem(), key.meta.identity().replace('_', "-"))),
    };
    Text::literal("alias/").then(name)
}

/// Lowers a key.
pub fn lower_key(it: &KmsKeyDeclaration, cx: &mut Lower<'_>) {
    let meta = &it.meta;
    let name = meta.name.as_str();
    let key = KmsKey {
        description: cx.field_text(&it.description),
        rotation: it.rotation.value.clone(),
        rotation_period: it.rotation_period.as_ref().map(|it| it.value.clone()),
        deletion_window: it.deletion_window.value.clone(),
        statements: statements(it, cx),
    };
    let key = cx.add(meta, &[name, "kms_key"], key);
    let alias = KmsAlias { name: alias(it, cx), key: key.clone() };
    cx.add(meta, &[name, "kms_alias"], alias);
    cx.output(&[name, "arn"], format!("The ARN of the key {name}"), key.attribute(Attribute::Arn));
    cx.output(
        &[name, "id"],
        format!("The identifier of the key {name}"),
        key.attribute(Attribute::Id),
    );
}

/// `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST` of the account of deployment; a global service has no Region.
fn arn(service: &str, regional: bool, rest: &str) -> Text {
    let start =
        Text::literal("arn:").then(Text::pseudo(Pseudo::Partition)).then(format!(":{service}:"));
    let start = if regional { start.then(Text::pseudo(Pseudo::Region)) } else { start };
    start.then(":").then(Text::pseudo(Pseudo::AccountId)).then(format!(":{rest}"))
}

/// The policy: the account's administrators decide by their own policies, services do what they are here for.
/// <https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html>
fn statements(it: &KmsKeyDeclaration, cx: &Lower<'_>) -> Vec<Statement> {
    let mut all = vec![Statement {
        principal: Some(Principal::Arns(vec![arn("iam", false, "root")])),
        ..Statement::allow("AllowPoliciesOfTheAccount", &["kms:*"], everything())
    }];
    let services = it.services.as_ref().and_then(Field::literal).into_iter().flatten();
    let mut services: Vec<KeyService> = services.filter_map(Field::literal).copied().collect();
    services.sort_unstable();
    services.dedup();
    all.extend(services.into_iter().map(service));
    all.extend(super::cloudfront::key_statement(&it.meta.name, cx));
    let users = it.users.as_ref().and_then(Field::literal).into_iter().flatten();
    let users: Vec<Text> = users.map(|it| principal(cx.field_text(it))).collect();
    if !users.is_empty() {
        all.push(Statement {
            principal: Some(Principal::Arns(users)),
            ..Statement::allow("AllowUsers", USE, everything())
        });
    }
    all
}

/// The key whose policy it is: the only resource of a key's policy.
fn everything() -> Vec<Text> {
    vec![Text::literal("*")]
}

fn only(operator: &'static str, key: &'static str, value: Text) -> Condition {
    Condition { operator, key, value }
}

/// What a service may do, for this account only.
fn service(it: KeyService) -> Statement {
    let account = || only("StringEquals", "aws:SourceAccount", Text::pseudo(Pseudo::AccountId));
    let (sid, principal, actions, conditions) = match it {
        // <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html>
        KeyService::CloudWatchLogs => (
            "AllowCloudWatchLogs",
            Principal::RegionalService(it.as_str()),
            USE,
            vec![only(
                "ArnLike",
                "kms:EncryptionContext:aws:logs:arn",
                arn("logs", true, "log-group:*"),
            )],
        ),
        // <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>
        KeyService::CloudWatchAlarms => (
            "AllowCloudWatchAlarms",
            Principal::Service(it.as_str()),
            PUBLISH,
            vec![account(), only("ArnLike", "aws:SourceArn", arn("cloudwatch", true, "alarm:*"))],
        ),
        KeyService::EventBridge => (
            "AllowEventBridge",
            Principal::Service(it.as_str()),
            PUBLISH,
            vec![account(), only("ArnLike", "aws:SourceArn", arn("events", true, "rule/*"))],
        ),
        // <https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html>
        KeyService::Budgets => (
            "AllowBudgets",
            Principal::Service(it.as_str()),
            PUBLISH,
            vec![account(), only("ArnLike", "aws:SourceArn", arn("budgets", false, "*"))],
        ),
    };
    Statement {
        principal: Some(principal),
        conditions,
        ..Statement::allow(sid, actions, everything())
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::architecture;
    use crate::environment::Environment;
    use crate::resource::iam::Principal;
    use crate::resource::{KmsAlias, KmsKey, Role};

    #[test]
    fn services_use_a_key_for_this_account_only() {
        let source = r#"kms_key data {
            description: "Data", services: [Budgets, CloudWatchLogs, CloudWatchLogs],
            users: ["role/analytics", "arn:aws:iam::123456789012:role/audit"],
        }"#;
        let graph = crate::lower::lower(&architecture(source, Environment::Production));
        let (_, _, key) = graph.all::<KmsKey>().next().expect("a key");
        let sids: Vec<&str> = key.statements.iter().map(|it| it.sid).collect();
        assert_eq!(
            sids,
            ["AllowPoliciesOfTheAccount", "AllowCloudWatchLogs", "AllowBudgets", "AllowUsers"]
        );
        for it in &key.statements {
            let by_service =
                matches!(it.principal, Some(Principal::Service(_) | Principal::RegionalService(_)));
            assert_eq!(by_service, !it.conditions.is_empty(), "{}", it.sid);
        }
        let (_, _, alias) = graph.all::<KmsAlias>().next().expect("an alias");
        assert_eq!(alias.name.to_string(), "alias/shop-production-data");
    }

    #[test]
    fn who_reads_what_a_key_encrypts_may_use_the_key() {
        let source = r#"
            kms_key data { description: "Data" }
            secret tokens { description: "Tokens", kms_key: data }
            s3_bucket documents { kms_key: data.arn }
            vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } }
            ecs_cluster cluster { subnets: network.private }
            ecs_service api { cluster: cluster, image: "api:1", cpu: 256, memory: 512MB, secrets: ["TOKENS" => tokens] }
            connect to_documents { from: [api], to: [documents] }
        "#;
        let architecture = architecture(source, Environment::Production);
        let graph = crate::lower::lower(&architecture);
        let decrypts = |part: &str| {
            graph.all::<Role>().filter(|(id, ..)| id.id().as_str().ends_with(part)).any(
                |(_, _, it)| {
                    it.statements.iter().any(|it| {
                        it.actions.contains(&"kms:Decrypt")
                            && it.resources.iter().any(|it| it.to_string() == "${data.kms_key.Arn}")
                    })
                },
            )
        };
        assert!(decrypts("execution_role") && decrypts("task_role"));
    }
}
