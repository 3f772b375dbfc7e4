//! Checks of what stores files, objects, secrets and parameters: `efs!`, `s3_bucket!`, `secret!`, `param!`.

use super::findings::{bad_name, between, is_region, lacks, limit};
use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::param::ParamKind;
use crate::declare::s3_bucket::{Lifecycle, ReplicateTo, Tiering};
use crate::declare::{Efs, Param, S3Bucket, Secret};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::lower::storage::{loggers, made_up_name};
use crate::resource::s3::StorageClass;
use crate::suggest;
use crate::types::{Days, Seconds};
use crate::value::{Part, Text};

/// The days after which EFS moves files.
/// <https://docs.aws.amazon.com/efs/latest/ug/API_LifecyclePolicy.html>
const EFS_DAYS: &[u32] = &[1, 7, 14, 30, 60, 90, 180, 270, 365];

/// Checks a file system.
pub fn check_file_system(files: &Efs, cx: &mut Context<'_>) {
    if let Some(field) = &files.infrequent_access_after
        && let Some(days) = field.literal()
        && !EFS_DAYS.contains(&days.0)
    {
        let all: Vec<String> = EFS_DAYS.iter().map(|it| format!("`{it}days`")).collect();
        limit(
            cx,
            field.loc,
            format!("EFS cannot move files after {} days", days.0),
            format!("use one of {}", all.join(", ")),
        );
    }
    if let Some(path) = files.path.literal() {
        let levels = path.split('/').skip(1).filter(|it| !it.is_empty()).count();
        let forbidden = |it: char| "$#<>;`|&?{}^*\n".contains(it);
        if !path.starts_with('/')
            || path.contains("//")
            || path.len() > 100
            || levels > 4
            || path.chars().any(forbidden)
        {
            limit(
                cx,
                files.path.loc,
                format!("`path` cannot be `{path}`"),
                "write an absolute path of at most 4 folders and 100 characters, such as `/data`",
            );
        }
    }
    if let Some(field) = &files.replicate_to {
        region(cx, field, "replicate_to");
    }
}

/// The name of a Region, where it is known.
fn region(cx: &mut Context<'_>, field: &Field<Text>, name: &str) {
    let Some(text) = field.literal().and_then(Text::as_literal) else {
        return;
    };
    if !is_region(&text) {
        limit(
            cx,
            field.loc,
            format!("`{name}` expects a Region, found `{text}`"),
            "write its name, such as `us-west-2`",
        );
    }
}

/// Checks a bucket.
pub fn check_bucket(bucket: &S3Bucket, cx: &mut Context<'_>) {
    if let Some((field, name)) =
        bucket.bucket_name.as_ref().and_then(|it| Some((it, it.literal()?)))
        && let Some(why) = bucket_name(name)
    {
        bad_name(cx, field.loc, "a bucket", name, why, BUCKET_NAME_HELP);
    }
    for field in bucket.lifecycle.as_ref().and_then(Field::literal).into_iter().flatten() {
        if let Some(rule) = field.literal() {
            lifecycle(rule, cx);
        }
    }
    if let Some(it) = bucket.intelligent_tiering.as_ref().and_then(Field::literal) {
        tiering(it, cx);
    }
    if let Some(field) = &bucket.replication
        && let Some(it) = field.literal()
    {
        replication(bucket, it, or_loc(field.loc, bucket.meta.macro_loc), cx);
    }
    encrypted_logs(bucket, cx);
}

/// What S3 takes.
pub(super) const BUCKET_NAME_HELP: &str =
    "use 3 to 63 lower-case letters, digits and hyphens, unique in all of AWS";

/// Why S3 does not take a name.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
pub(super) fn bucket_name(name: &str) -> Option<&'static str> {
    let plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    if name.len() < 3 {
        Some("it is too short")
    } else if name.len() > 63 {
        Some("it is too long")
    } else if !name.chars().all(|it| plain(it) || it == '-' || it == '.') {
        Some("only lower-case letters, digits, hyphens and points may stand in it")
    } else if !name.starts_with(plain) || !name.ends_with(plain) {
        Some("it does not start and end with a letter or digit")
    } else if name.contains("..") {
        Some("it has two points in a row")
    } else if name.parse::<std::net::Ipv4Addr>().is_ok() {
        Some("it looks like an IP address")
    } else if ["xn--", "sthree-", "amzn-s3-demo-"].iter().any(|it| name.starts_with(it)) {
        Some("its beginning is reserved")
    } else if ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"]
        .iter()
        .any(|it| name.ends_with(it))
    {
        Some("its end is reserved")
    } else {
        None
    }
}

/// The days of a lifecycle rule.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html>
fn lifecycle(rule: &Lifecycle, cx: &mut Context<'_>) {
    for (name, field) in [
        ("expire_after", &rule.expire_after),
        ("expire_old_versions_after", &rule.expire_old_versions_after),
    ] {
        if let Some(field) = field
            && field.literal() == Some(&Days(0))
        {
            limit(cx, field.loc, format!("`{name}` cannot be 0 days"), "give 1 day or more");
        }
    }
    let Some(map) = rule.transitions.as_ref().and_then(Field::literal) else {
        return;
    };
    for entry in &map.0 {
        let Some(class) = StorageClass::ALL.iter().find(|it| it.word() == entry.name) else {
            let known: Vec<&str> = StorageClass::ALL.iter().map(|it| it.word()).collect();
            let help = suggest::did_you_mean(&entry.name, known).unwrap_or_default();
            limit(cx, entry.loc, format!("S3 has no storage class `{}`", entry.name), help);
            continue;
        };
        let Some(days) = entry.field.literal() else {
            continue;
        };
        if *class == StorageClass::InfrequentAccess && days.0 < 30 {
            limit(
                cx,
                entry.field.loc,
                format!("objects cannot move to `InfrequentAccess` after {} days", days.0),
                "give `30days` or more",
            );
        }
        if let Some(expiry) = &rule.expire_after
            && let Some(end) = expiry.literal()
            && end <= days
        {
            limit(
                cx,
                entry.field.loc,
                format!("objects move after {days}, and are deleted after {end}"),
                "give a transition before the deletion, or none",
            );
        }
    }
}

/// The days of Intelligent-Tiering's archives.
fn tiering(tiering: &Tiering, cx: &mut Context<'_>) {
    let mut within = |field: &Field<Days>, name: &str, least: u32| {
        if let Some(days) = field.literal()
            && !(least..=730).contains(&days.0)
        {
            limit(
                cx,
                field.loc,
                format!("`{name}` cannot be {} days", days.0),
                format!("give `{least}days` to `730days`"),
            );
        }
    };
    within(&tiering.archive_after, "archive_after", 90);
    let Some(deep) = &tiering.deep_archive_after else {
        return;
    };
    within(deep, "deep_archive_after", 180);
    if let (Some(first), Some(then)) = (tiering.archive_after.literal(), deep.literal())
        && then <= first
    {
        limit(
            cx,
            deep.loc,
            format!("objects are archived after {first}, and deeply after {then}"),
            "give a deep archive after the archive",
        );
    }
}

/// AG0509: replication of a bucket lacks what it needs.
fn replication_lacks(cx: &mut Context<'_>, loc: Loc, message: String, other: Loc, help: &str) {
    let mut diagnostic = Diagnostic::new(Code::AG0509, loc, message).help(help.to_string());
    if other.is_known() {
        diagnostic = diagnostic.label(other, "replication is asked for here");
    }
    cx.push(diagnostic);
}

/// What replication needs.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-requirements.html>
fn replication(bucket: &S3Bucket, to: &ReplicateTo, loc: Loc, cx: &mut Context<'_>) {
    let name = &bucket.meta.name;
    if bucket.versioning.literal() == Some(&false) {
        replication_lacks(
            cx,
            bucket.versioning.loc,
            format!("`{name}` cannot be replicated without versions"),
            loc,
            "leave `versioning` out, or say `versioning: true`",
        );
    }
    if let Some(field) = &to.within
        && let Some(time) = field.literal()
        && *time != Seconds(900)
    {
        replication_lacks(
            cx,
            field.loc,
            format!("S3 does not promise a copy within {}", time),
            Loc::NONE,
            "say `within: 15min`, the only time that Replication Time Control knows",
        );
    }
    if let Some(text) = to.bucket.literal().and_then(Text::as_literal)
        && !text.starts_with("arn:")
    {
        replication_lacks(
            cx,
            to.bucket.loc,
            format!("`bucket` expects the ARN of a bucket, found `{text}`"),
            Loc::NONE,
            "write `arn:aws:s3:::` and the name",
        );
    }
    if let Some(key) = &bucket.kms_key {
        replication_lacks(
            cx,
            key.loc,
            format!("`{name}` cannot be replicated with a KMS key of its own"),
            loc,
            "leave `kms_key` out: S3 copies objects under a KMS key only with a second key in the \
             other Region, which `s3_bucket!` cannot say yet",
        );
    }
    if bucket.bucket_name.is_none() {
        let architecture = cx.architecture;
        let stem = format!("{}-{}", architecture.name, architecture.environment.as_str());
        let known = made_up_name(&stem, name);
        // An account has 12 digits, and the longest name of a Region (`ap-southeast-1`) 14 letters.
        if known.len() + 12 + 1 + 14 > 63 {
            let help = "give `bucket_name`, at most 63 characters";
            let whole = format!("{known}ACCOUNT-REGION");
            bad_name(cx, bucket.meta.loc, "a bucket", &whole, "it is too long", help);
        }
    }
}

/// AG0506: a load balancer can write its logs only to a bucket with keys that S3 manages.
fn encrypted_logs(bucket: &S3Bucket, cx: &mut Context<'_>) {
    let Some(key) = &bucket.kms_key else { return };
    let Some(alb) = loggers(cx.architecture, &bucket.meta.name).first().copied() else {
        return;
    };
    let place = alb.access_logs.as_ref().map_or(Loc::NONE, |it| it.loc);
    lacks(
        cx,
        key.loc,
        format!(
            "`{}` cannot write its access logs to `{}`, which has a KMS key",
            alb.meta.name, bucket.meta.name
        ),
        Some((place, "its access logs go to the bucket".to_string())),
        "leave `kms_key` out: load balancers write only to buckets with keys that S3 manages",
    );
}

/// Checks a secret.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
pub fn check_secret(secret: &Secret, cx: &mut Context<'_>) {
    // PasswordLength goes to 4096; below 8 a value can be guessed.
    between(cx, &secret.generate, "generate", 8, 4096);
    if let Some((field, name)) =
        secret.secret_name.as_ref().and_then(|it| Some((it, it.literal()?)))
    {
        let allowed = |it: char| it.is_ascii_alphanumeric() || "/_+=.@-".contains(it);
        let why = if name.is_empty() {
            Some("it is empty")
        } else if name.len() > 512 {
            Some("it is too long")
        } else if !name.chars().all(allowed) {
            Some("only letters, digits and `/_+=.@-` may stand in it")
        } else {
            None
        };
        if let Some(why) = why {
            let help = "use 1 to 512 such characters, as in `shop/production/api-keys`";
            bad_name(cx, field.loc, "a secret", name, why, help);
        }
    }
    if let Some(field) = &secret.username
        && let Some(name) = field.literal()
    {
        let allowed = |it: char| it.is_ascii_alphanumeric() || "_-.@".contains(it);
        if name.is_empty() || name.len() > 63 || !name.chars().all(allowed) {
            let why = "1 to 63 letters, digits and `_-.@` may stand in it";
            bad_name(cx, field.loc, "a user", name, why, "use such characters, as in `app_reader`");
        }
    }
    secret_fields(secret, cx);
    for field in secret.replica_regions.as_ref().and_then(Field::literal).into_iter().flatten() {
        region(cx, field, "replica_regions");
    }
}

/// What is in a secret beside the user and the password.
fn secret_fields(secret: &Secret, cx: &mut Context<'_>) {
    let Some(fields) = &secret.fields else { return };
    if secret.username.is_none() {
        let message = "`secret!` with `fields` needs `username`";
        cx.push(
            Diagnostic::new(Code::AG0002, fields.loc, message)
                .help("add whose password it is, which they stand beside: `username: \"app\"`"),
        );
    }
    for it in fields.literal().iter().flat_map(|it| &it.0) {
        let allowed = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
        if ["username", "password"].contains(&it.name.as_str()) {
            bad_name(cx, it.loc, "a field", &it.name, "it is there already", "leave it out");
        } else if !it.name.chars().all(allowed) {
            let why = "letters, digits and `_-.` may stand in it";
            bad_name(cx, it.loc, "a field", &it.name, why, "use such characters, as in `host`");
        }
        // CloudFormation adds the password to a JSON text that the template holds as it is.
        let quoted = |it: &Part| match it {
            Part::Literal(it) => it.chars().any(|it| it.is_control() || "\"\\".contains(it)),
            Part::Member(_)
            | Part::Parameter(_)
            | Part::Attribute(..)
            | Part::Pseudo(_)
            | Part::Unknown => false,
        };
        if it.field.literal().is_some_and(|it| it.0.iter().any(quoted)) {
            limit(
                cx,
                it.field.loc,
                format!("`{}` holds a character that JSON has to quote", it.name),
                "leave out quotation marks, backslashes and line breaks",
            );
        }
    }
}

/// Checks a parameter: its value if none is given is one that it may have.
pub fn check_param(param: &Param, cx: &mut Context<'_>) {
    let Some(field) = &param.default else { return };
    let Some(default) = field.literal() else {
        return;
    };
    if let Some(allowed) = param.allowed.as_ref().and_then(Field::literal) {
        let values: Vec<&str> =
            allowed.iter().filter_map(|it| it.literal().map(String::as_str)).collect();
        if values.len() == allowed.len() && !values.contains(&default.as_str()) {
            let help = suggest::did_you_mean(default, values).unwrap_or_default();
            limit(
                cx,
                field.loc,
                format!("`default` is `{default}`, which `allowed` has not"),
                help,
            );
        }
    }
    let (sound, help) = match param.kind.literal() {
        Some(ParamKind::Number) => (default.parse::<f64>().is_ok(), "write a number in quotes"),
        Some(ParamKind::TopicArn) => {
            (default.is_empty() || default.starts_with("arn:"), "write an ARN")
        }
        Some(ParamKind::Cidr) => (
            default.parse::<ipnet::Ipv4Net>().is_ok_and(|it| it == it.trunc()),
            "write a CIDR block without host bits",
        ),
        Some(ParamKind::Text | ParamKind::HostedZoneId | ParamKind::VpcId) | None => (true, ""),
    };
    if !sound {
        let kind = param.kind.literal().map_or("", |it| it.word());
        limit(cx, field.loc, format!("`{default}` is no value for a `{kind}`"), help);
    }
}

#[cfg(test)]
#[path = "storage_tests.rs"]
mod tests;
