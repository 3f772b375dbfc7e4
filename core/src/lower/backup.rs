//! Lowers `backup_plan!`: a vault, a plan, the role that copies, and what it copies.

use super::{Lower, attribute};
use crate::data_fields::{StoreKind, StoreRef};
use crate::declare::BackupPlan as BackupPlanDeclaration;
use crate::field::Field;
use crate::resource::backup::VAULT_NAME_LIMIT;
use crate::resource::iam::Trust;
use crate::resource::{Attribute, BackupPlan, BackupSelection, BackupVault, Role};
use crate::types::Seconds;
use crate::value::{Text, Value};

const HOUR: u32 = 60 * 60;

/// How many hours there may be between two copies: AWS Backup starts one an hour at most, and a schedule begins
/// anew every day.
pub const INTERVALS: &[u32] = &[1, 2, 3, 4, 6, 8, 12, 24];

/// How late AWS Backup lets a copy start where a plan says nothing, in minutes, and the least that a plan may
/// say. <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html>
const LATEST_START: u32 = 480;
const EARLIEST_END: u32 = 60;

/// The hours between two copies, if AWS Backup takes the time.
pub fn interval(every: &Field<Seconds>) -> Option<u32> {
    let Seconds(seconds) = every.literal()?;
    INTERVALS.iter().copied().find(|it| it * HOUR == *seconds)
}

/// The minute of the day of `"01:30"`.
pub fn minute_of_day(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |it: &str| -> Option<u32> {
        (it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit())).then(|| it.parse().ok())?
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// `cron(30 1/4 ? * * *)`: every four hours from half past one. The hours are those of the first day's first
/// copy or before it, so that no day has a longer gap than the interval.
fn schedule(hours: u32, first: u32) -> String {
    let (hour, minute) = (first / 60, first % 60);
    match hours {
        1 => format!("cron({minute} * ? * * *)"),
        24 => format!("cron({minute} {hour} ? * * *)"),
        _ => format!("cron({minute} {}/{hours} ? * * *)", hour % hours),
    }
}

/// The ARN of a store, if AWS Backup can copy it.
fn store(it: &StoreRef) -> Option<Text> {
    let part = match it.kind {
        StoreKind::RdsPostgres => "instance",
        StoreKind::Efs => "file_system",
        StoreKind::S3Bucket => "bucket",
        StoreKind::Redis | StoreKind::EksCluster => return None,
    };
    Some(attribute(&[&it.name, part], Attribute::Arn))
}

/// Lowers a plan.
pub fn lower(plan: &BackupPlanDeclaration, cx: &mut Lower<'_>) {
    let meta = &plan.meta;
    let name = meta.name.as_str();
    let made_up: String =
        format!("{}-{}", cx.stem(), meta.identity()).chars().take(VAULT_NAME_LIMIT).collect();
    let vault = BackupVault {
        name: match &plan.vault_name {
            Some(it) => cx.string_text(it),
            None => Text::literal(made_up.clone()),
        },
        kms_key: plan.kms_key.as_ref().map(|it| cx.field_text(it)),
    };
    let vault = cx.add(meta, &[name, "backup_vault"], vault);
    let hours = interval(&plan.every);
    let first = plan.at.literal().and_then(|it| minute_of_day(it));
    let resource = BackupPlan {
        name: Text::literal(made_up),
        vault: vault.clone(),
        schedule: match (hours, first) {
            (Some(hours), Some(first)) => Value::Literal(schedule(hours, first)),
            (Some(_) | None, Some(_) | None) => Value::Unknown,
        },
        start_window: match hours {
            Some(hours) => Value::Literal((hours * 60).clamp(EARLIEST_END, LATEST_START) as u16),
            None => Value::Unknown,
        },
        keep: plan.keep.value.clone(),
        copy_to: plan.copy_to.as_ref().map(|it| cx.field_text(it)),
    };
    let resource = cx.add(meta, &[name, "backup_plan"], resource);
    let stores: Vec<&StoreRef> =
        plan.stores.literal().into_iter().flatten().filter_map(Field::literal).collect();
    let role = cx.add(meta, &[name, "backup_role"], role(plan, &stores, cx));
    let selection = BackupSelection {
        plan: resource,
        role,
        stores: stores.into_iter().filter_map(store).collect(),
    };
    cx.add(meta, &[name, "backup_selection"], selection);
    cx.output(
        &[name, "vault"],
        format!("The name of the vault of {name}"),
        vault.attribute(Attribute::Name),
    );
}

/// The role that copies. Restoring needs more, which it does not have.
/// <https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html>
fn role(plan: &BackupPlanDeclaration, stores: &[&StoreRef], cx: &Lower<'_>) -> Role {
    let mut policies = vec!["service-role/AWSBackupServiceRolePolicyForBackup"];
    if stores.iter().any(|it| it.kind == StoreKind::S3Bucket) {
        policies.push("AWSBackupServiceRolePolicyForS3Backup");
    }
    Role {
        trust: Trust::Service("backup.amazonaws.com"),
        description: format!("Copies what {} names in {}", plan.meta.identity(), cx.stem()),
        managed_policies: policies,
        statements: Vec::new(),
    }
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod tests;
