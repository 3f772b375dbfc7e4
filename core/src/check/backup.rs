//! Checks of `backup_plan!`: what AWS Backup can copy (AG0512), when (AG0513), and where to (AG0514).

use super::findings::limit;
use super::{Context, or_loc};
use crate::codes::Code;
use crate::data_fields::StoreKind;
use crate::declare::{BackupPlan, S3Bucket};
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::lower::backup::{INTERVALS, interval, minute_of_day};
use crate::types::{Days, Seconds};
use crate::value::{Text, Value};

/// <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html>
const LONGEST: u32 = 36_500;

/// Checks a plan.
pub fn check(plan: &BackupPlan, cx: &mut Context<'_>) {
    if let Some(field) = &plan.vault_name {
        cx.vault_name(field);
    }
    stores(plan, cx);
    times(plan, cx);
    if let Some(field) = &plan.copy_to
        && let Some(text) = field.literal().and_then(Text::as_literal)
        && !is_vault(&text)
    {
        no_vault(cx, field.loc, &text);
    }
    if let Some(Days(days)) = plan.keep.literal()
        && !(1..=LONGEST).contains(days)
    {
        limit(
            cx,
            plan.keep.loc,
            format!("`keep` cannot be {days} days"),
            format!("give `1day` to `{LONGEST}days`"),
        );
    }
}

/// `arn:aws:backup:us-west-2:123456789012:backup-vault:copies`.
fn is_vault(text: &str) -> bool {
    let parts: Vec<&str> = text.splitn(7, ':').collect();
    matches!(parts.as_slice(), ["arn", _, "backup", region, account, "backup-vault", name]
        if !region.is_empty() && account.len() == 12 && !name.is_empty())
}

/// AG0514: what copies are to go to is no vault.
fn no_vault(cx: &mut Context<'_>, loc: Loc, text: &str) {
    cx.push(
        Diagnostic::new(
            Code::AG0514,
            loc,
            format!("`copy_to` expects the ARN of a vault of AWS Backup, found `{text}`"),
        )
        .help("write one such as `arn:aws:backup:us-west-2:123456789012:backup-vault:copies`"),
    );
}

/// AG0512: AWS Backup cannot copy something.
fn not_copied(cx: &mut Context<'_>, loc: Loc, message: String, label: Option<Loc>, help: String) {
    let mut diagnostic = Diagnostic::new(Code::AG0512, loc, message).help(help);
    if let Some(loc) = label.filter(|it| it.is_known()) {
        diagnostic = diagnostic.label(loc, "it is said here");
    }
    cx.push(diagnostic);
}

/// What is copied, each once, and each by a service that AWS Backup works with.
/// <https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-feature-availability.html>
fn stores(plan: &BackupPlan, cx: &mut Context<'_>) {
    let Some(all) = plan.stores.literal() else { return };
    if all.is_empty() {
        let loc = or_loc(plan.stores.loc, plan.meta.macro_loc);
        let help = "name a database, file system or bucket".to_string();
        not_copied(cx, loc, format!("`{}` copies nothing", plan.meta.name), None, help);
    }
    for (position, field) in all.iter().enumerate() {
        let Some(it) = field.literal() else { continue };
        let name = it.name.as_str();
        if let Some(first) = all[..position].iter().find(|other| other.literal() == Some(it)) {
            let message = format!("`{name}` is copied twice");
            not_copied(cx, field.loc, message, Some(first.loc), "keep one of them".to_string());
        } else if it.kind == StoreKind::Redis {
            let message =
                format!("AWS Backup cannot copy the cache `{name}`: ElastiCache copies its own");
            let help = format!("give `{name}` the field `snapshots: 5days`, one snapshot a day");
            not_copied(cx, field.loc, message, None, help);
        } else if it.kind == StoreKind::EksCluster {
            let message = format!("a backup plan does not copy what runs in the cluster `{name}`");
            let help = "copy it by schedules of Velero, in the cluster".to_string();
            not_copied(cx, field.loc, message, None, help);
        } else if it.kind == StoreKind::S3Bucket
            && let Some(bucket) = cx.architecture.get::<S3Bucket>(name)
            && bucket.versioning.literal() == Some(&false)
        {
            let message =
                format!("AWS Backup cannot copy the bucket `{name}`: it keeps no versions");
            let help = format!("leave `versioning` of `{name}` out, or say `versioning: true`");
            not_copied(cx, field.loc, message, Some(bucket.versioning.loc), help);
        }
    }
}

/// AG0513: the times of a backup plan are not ones that AWS Backup takes.
fn bad_time(cx: &mut Context<'_>, loc: Loc, message: String, help: String) {
    cx.push(Diagnostic::new(Code::AG0513, loc, message).help(help));
}

/// How often, and when.
fn times(plan: &BackupPlan, cx: &mut Context<'_>) {
    let parameters = [
        ("every", matches!(plan.every.value, Value::Parameter(_)), plan.every.loc),
        ("at", matches!(plan.at.value, Value::Parameter(_)), plan.at.loc),
    ];
    for (name, _, loc) in parameters.iter().filter(|it| it.1) {
        let message = format!("`{name}` cannot be a parameter");
        bad_time(cx, *loc, message, "write it out: the schedule is made from it".to_string());
    }
    if let Some(Seconds(seconds)) = plan.every.literal()
        && interval(&plan.every).is_none()
    {
        let hours: Vec<String> = INTERVALS.iter().map(|it| format!("`{it}h`")).collect();
        let message = match *seconds {
            it if it < 3600 => {
                format!("AWS Backup does not copy every {}: once an hour at most", shown(it))
            }
            it => format!("`every` cannot be {}: a schedule begins anew every day", shown(it)),
        };
        bad_time(cx, plan.every.loc, message, format!("give {}", hours.join(", ")));
    }
    if let Some(text) = plan.at.literal()
        && minute_of_day(text).is_none()
    {
        let message = format!("`at` cannot be `{text}`");
        bad_time(
            cx,
            plan.at.loc,
            message,
            "write hours and minutes in UTC: `\"01:30\"`".to_string(),
        );
    }
}

/// `5 h`, `30 min`.
fn shown(seconds: u32) -> String {
    super::copies::time(seconds)
}

#[cfg(test)]
#[path = "backup_tests.rs"]
mod tests;
