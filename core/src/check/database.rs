//! Checks of `rds_postgres!`.
//!
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>

use super::findings::{
    bad_class, bad_name, bad_version, between, hyphenated, lacks, limit, written_version,
};
use super::windows::{self, Window};
use super::{Context, classes, or_loc, versions};
use crate::codes::Code;
use crate::declare::RdsPostgres;
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::lower::database::FORCE_SSL;
use crate::types::{Days, Storage};

/// The least and most that a gp3 volume of RDS for PostgreSQL holds, in GiB.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html>
const STORAGE: std::ops::RangeInclusive<u32> = 20..=65_536;

/// The intervals of Enhanced Monitoring, in seconds.
const MONITORING: &[u32] = &[1, 5, 10, 15, 30, 60];

/// The names that RDS keeps for itself in PostgreSQL.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.PostgreSQL.CommonDBATasks.Roles.html>
const RDS_NAMES: &[&str] = &[
    "admin",
    "rdsadmin",
    "rdsrepladmin",
    "rdstopmgr",
    "rdsproxyadmin",
    "rds_ad",
    "rds_iam",
    "rds_password",
    "rds_replication",
    "rds_reserved",
    "rds_superuser",
];

/// The reserved words of PostgreSQL.
/// <https://www.postgresql.org/docs/current/sql-keywords-appendix.html>
const POSTGRES_WORDS: &[&str] = &[
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "column",
    "constraint",
    "create",
    "current_catalog",
    "current_date",
    "current_role",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "from",
    "grant",
    "group",
    "having",
    "in",
    "initially",
    "intersect",
    "into",
    "lateral",
    "leading",
    "limit",
    "localtime",
    "localtimestamp",
    "none",
    "not",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "placing",
    "primary",
    "public",
    "references",
    "returning",
    "select",
    "session_user",
    "some",
    "symmetric",
    "system_user",
    "table",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "when",
    "where",
    "window",
    "with",
];

/// Checks a database.
pub fn check(database: &RdsPostgres, cx: &mut Context<'_>) {
    cx.needs_zones(
        database,
        &database.subnets,
        2,
        "a DB subnet group has subnets in at least two zones, with or without `multi_az`",
    );
    version(database, cx);
    class(database, cx);
    storage(database, cx);
    backups(database, cx);
    names(database, cx);
    settings(database, cx);
    monitoring(database, cx);
    let backup = Window { name: "backup_window", field: Some(&database.backup_window), least: 30 };
    let maintenance =
        Window { name: "maintenance_window", field: Some(&database.maintenance_window), least: 30 };
    windows::check(cx, &backup, &maintenance);
}

/// The version can be created, and is written out: the parameter group depends on it.
fn version(database: &RdsPostgres, cx: &mut Context<'_>) {
    let field = &database.version;
    let Some(version) = written_version(cx, field) else { return };
    if versions::POSTGRES.contains(&version.as_str()) {
        return;
    }
    let newest = versions::newest_like(version, versions::POSTGRES);
    let number = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
    let (message, note) = if number(version) {
        (
            format!("PostgreSQL `{version}` has no minor version"),
            "which one is installed would depend on the day of the deployment",
        )
    } else {
        (format!("RDS cannot create PostgreSQL `{version}`"), versions::SOURCE)
    };
    bad_version(cx, field.loc, message, note, format!("use `{newest}`"));
}

/// The class exists and runs the version.
fn class(database: &RdsPostgres, cx: &mut Context<'_>) {
    let field = &database.class;
    let Some(class) = field.literal() else { return };
    if let Some(help) = classes::problem(class, "db", classes::RDS) {
        let message = format!("RDS has no instance class `{class}` for PostgreSQL");
        bad_class(cx, field.loc, message, Some(help));
        return;
    }
    let Some(version) = database.version.literal() else {
        return;
    };
    let major: Option<u32> = versions::major(version).parse().ok();
    let old = classes::family(class).is_some_and(|it| classes::RDS_BEFORE_13.contains(&it));
    if old && major.is_some_and(|it| it >= 13) {
        bad_class(
            cx,
            field.loc,
            format!("`{class}` does not run PostgreSQL {version}"),
            Some("use a newer family, such as `db.t4g` or `db.m7g`".to_string()),
        );
    }
}

/// AG0504: storage is too small, too large, reversed, or grows by too little.
fn storage(database: &RdsPostgres, cx: &mut Context<'_>) {
    let Some(bounds) = database.storage.literal() else {
        return;
    };
    let mut wrong = |field: &Field<Storage>, message: String, help: String| {
        let loc = or_loc(field.loc, database.storage.loc);
        cx.push(Diagnostic::new(Code::AG0504, loc, message).help(help));
    };
    let mut sound = true;
    let ends = if bounds.first == bounds.last {
        vec![&bounds.first]
    } else {
        vec![&bounds.first, &bounds.last]
    };
    for field in ends {
        let Some(size) = field.literal().filter(|it| !STORAGE.contains(&it.0)) else {
            continue;
        };
        sound = false;
        wrong(
            field,
            format!("RDS has no gp3 storage of {}GB", size.0),
            format!("give `{}GB` to `{}GB`", STORAGE.start(), STORAGE.end()),
        );
    }
    let (Some(first), Some(last)) = (bounds.first.literal(), bounds.last.literal()) else {
        return;
    };
    if !sound || first == last {
        return;
    }
    if last < first {
        wrong(
            &bounds.last,
            format!("storage cannot grow from {first} to {last}"),
            format!("write `{last}..={first}`"),
        );
    } else if u64::from(last.0) * 10 < u64::from(first.0) * 11 {
        let least = (u64::from(first.0) * 11).div_ceil(10);
        wrong(
            &bounds.last,
            format!("storage cannot grow from {first} to {last} only"),
            format!("the most must be at least 10 percent above the start: `{least}GB`"),
        );
    }
}

/// Backups are kept for a time AWS takes, and are there where replicas need them.
fn backups(database: &RdsPostgres, cx: &mut Context<'_>) {
    if let Some(days) = database.backups.literal().filter(|it| it.0 > 35) {
        let message = format!("RDS cannot keep automatic backups for {} days", days.0);
        cx.retention(&database.backups, message, &[35]);
    }
    between(cx, &database.replicas, "replicas", 0, 15);
    if matches!(database.replicas.value, crate::value::Value::Parameter(_)) {
        limit(
            cx,
            database.replicas.loc,
            "`replicas` cannot be a parameter",
            "write the number out: every replica is a resource of its own",
        );
    }
    if database.replicas.literal().is_some_and(|it| it.0 > 0)
        && database.backups.literal() == Some(&Days(0))
    {
        replica_without_backups(database, cx);
    }
}

/// AG0507: a replica needs backups of its source.
fn replica_without_backups(database: &RdsPostgres, cx: &mut Context<'_>) {
    cx.push(
        Diagnostic::new(
            Code::AG0507,
            database.replicas.loc,
            format!("`{}` cannot have replicas without backups", database.meta.name),
        )
        .label(database.backups.loc, "backups are off here")
        .help("give `backups: 1day` or more: a replica starts from a backup of its source"),
    );
}

/// The physical name, the database and the first user.
fn names(database: &RdsPostgres, cx: &mut Context<'_>) {
    if let Some((field, name)) =
        database.identifier.as_ref().and_then(|it| Some((it, it.literal()?)))
        && let Some(why) = identifier(name, database)
    {
        let help = "use 1 to 63 lower-case letters, digits and single hyphens, a letter first";
        bad_name(cx, field.loc, "a database", name, why, help);
    }
    if let Some((field, name)) = database.database.as_ref().and_then(|it| Some((it, it.literal()?)))
    {
        let why = match sql_name(name) {
            Some(why) => Some(why),
            None if POSTGRES_WORDS.contains(&name.to_lowercase().as_str()) => {
                Some("it is a reserved word of PostgreSQL")
            }
            None => None,
        };
        if let Some(why) = why {
            let help = "use 1 to 63 letters, digits and `_`, a letter first";
            bad_name(cx, field.loc, "a database in PostgreSQL", name, why, help);
        }
    }
    let Some(user) = database.username.literal() else {
        return;
    };
    let loc = database.username.loc;
    if let Some(why) = sql_name(user) {
        let help = "use 1 to 63 letters, digits and `_`, a letter first";
        bad_name(cx, loc, "a user of PostgreSQL", user, why, help);
    } else {
        reserved_user(database, &user.to_lowercase(), cx);
    }
}

/// Why RDS does not take an identifier, or that of the last replica, which is made from it.
fn identifier(name: &str, database: &RdsPostgres) -> Option<&'static str> {
    let replicas = database.replicas.literal().map_or(0, |it| it.0);
    let last = format!("{name}-replica-{replicas}");
    match hyphenated(name, 63) {
        Some(why) => Some(why),
        None if replicas > 0 && last.len() > 63 => {
            Some("with `-replica-` and a number it is too long")
        }
        None => None,
    }
}

/// Why `name` is not a name that RDS takes in PostgreSQL.
fn sql_name(name: &str) -> Option<&'static str> {
    if name.is_empty() {
        Some("it is empty")
    } else if name.len() > 63 {
        Some("it is too long")
    } else if !name.starts_with(|it: char| it.is_ascii_alphabetic()) {
        Some("it does not start with a letter")
    } else if !name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_') {
        Some("only letters, digits and `_` may stand in it")
    } else {
        None
    }
}

/// AG0502: a user name is reserved.
fn reserved_user(database: &RdsPostgres, user: &str, cx: &mut Context<'_>) {
    let by = if RDS_NAMES.contains(&user) {
        "RDS"
    } else if POSTGRES_WORDS.contains(&user) || user.starts_with("pg_") {
        "PostgreSQL"
    } else {
        return;
    };
    cx.push(
        Diagnostic::new(
            Code::AG0502,
            database.username.loc,
            format!("the user name `{user}` is reserved by {by}"),
        )
        .help("use `postgres`, or a name of your own such as `app_owner`"),
    );
}

/// The names of the engine's settings.
fn settings(database: &RdsPostgres, cx: &mut Context<'_>) {
    let Some(map) = database.parameters.as_ref().and_then(Field::literal) else {
        return;
    };
    let allowed =
        |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_' || it == '.';
    for entry in &map.0 {
        if entry.name == FORCE_SSL || entry.name == FORCE_SSL.replace('.', "_") {
            limit(
                cx,
                entry.loc,
                format!("`{FORCE_SSL}` is not given in `parameters`"),
                "use `force_tls: true` or `force_tls: false`",
            );
        } else if !entry.name.chars().all(allowed) {
            limit(
                cx,
                entry.loc,
                format!("PostgreSQL has no setting `{}`", entry.name),
                "its settings have names such as `log_min_duration_statement`",
            );
        }
    }
}

/// Performance Insights, Enhanced Monitoring, and TLS that cannot be left to a parameter.
fn monitoring(database: &RdsPostgres, cx: &mut Context<'_>) {
    if let Some(field) = &database.performance_insights
        && let Some(days) = field.literal()
        && !insights(days.0)
    {
        let month = (days.0 / 31).clamp(1, 23) * 31;
        let near: &[u32] = match days.0 {
            0..=6 => &[7],
            8..=30 => &[7, 31],
            714..=u32::MAX => &[713, 731],
            _ => &[month, month + 31],
        };
        let message = format!("Performance Insights cannot keep its data for {} days", days.0);
        cx.retention(field, message, near);
    }
    if let Some(field) = &database.enhanced_monitoring
        && let Some(seconds) = field.literal()
        && !MONITORING.contains(&seconds.0)
    {
        limit(
            cx,
            field.loc,
            format!("Enhanced Monitoring cannot measure every {} seconds", seconds.0),
            "use `1s`, `5s`, `10s`, `15s`, `30s` or `60s`",
        );
    }
    if matches!(database.force_tls.value, crate::value::Value::Parameter(_)) {
        lacks(
            cx,
            database.force_tls.loc,
            "`force_tls` cannot be a parameter",
            None,
            "write `true` or `false`: it becomes a setting of the engine",
        );
    }
}

/// Whether Performance Insights takes this number of days: 7, whole months of 31, or 731.
fn insights(days: u32) -> bool {
    days == 7 || days == 731 || (days > 0 && days <= 23 * 31 && days.is_multiple_of(31))
}

#[cfg(test)]
#[path = "database_tests.rs"]
mod tests;
