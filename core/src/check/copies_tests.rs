//! Tests of how old newest copies are, of backup plans and tiers against promises.

use super::{NewestCopy, newest};
use crate::check::diagnose;
use crate::check::testing::architecture;
use crate::codes::Code;
use crate::declare::Kind;
use crate::diagnostic::Diagnostic;
use crate::environment::Environment;

const STORES: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24, database: /24 } }
efs files { subnets: network.private }
s3_bucket documents {}
redis cache { subnets: network.private, node: "cache.t4g.small" }
"#;

fn database(backups: &str) -> String {
    format!(
        r#"rds_postgres orders {{
    subnets: network.database, version: "16.6", class: "db.t4g.medium", storage: 100GB, multi_az: true,
    backups: {backups},
}}"#
    )
}

/// The findings about promises.
fn findings(source: &str) -> Vec<Diagnostic> {
    let source = format!("{STORES}{source}");
    let (_, found) = diagnose(&architecture(&source, Environment::Production));
    let codes = [Code::AG0801, Code::AG0802, Code::AG0806];
    found.into_iter().filter(|it| codes.contains(&it.code)).collect()
}

fn messages(source: &str) -> Vec<String> {
    findings(source).into_iter().map(|it| format!("{} {}", it.code, it.message)).collect()
}

fn age(source: &str, of: &str) -> Option<NewestCopy> {
    let source = format!("{STORES}{source}");
    newest(&architecture(&source, Environment::Production)).into_iter().find(|it| it.name == of)
}

/// Row F10 of the descriptions: copies every four hours do not keep a recovery point of one hour.
#[test]
fn copies_every_four_hours_do_not_keep_a_promise_of_one() {
    let found = findings(&format!(
        "{} backup_plan copies {{ stores: [orders], every: 4h, keep: 35days }}
         objectives promise {{ tiers: {{
             critical: {{ recovery_time: 4h, recovery_point: 1h, holds: [orders] }},
             standard: {{ recovery_time: 8h, recovery_point: 4h, holds: [documents] }},
         }} }}",
        database("0days")
    ));
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        found[0].message,
        "the tier `critical` promises a `recovery_point` of 1 h, and up to 4 h of data may be lost"
    );
    assert_eq!(
        found[0].notes,
        ["database `orders` is copied every 4 h by the backup plan `copies`"]
    );
    assert_eq!(
        found[0].help.as_deref(),
        Some(
            "give `orders` the field `backups: 7days`, by which it can be restored to 5 min ago, or let \
             `copies` copy it with `every: 1h`, or promise a longer `recovery_point`"
        )
    );
}

/// Row F10, its other half: Velero every six hours does not keep a recovery point of four.
#[test]
fn velero_keeps_what_its_most_frequent_whole_schedule_does() {
    let found = |schedules: &str| {
        findings(&format!(
            "eks_cluster platform {{ subnets: network.private, version: \"1.35\",
                 node_groups: {{ general: OnDemand {{ instances: [\"m6i.large\"], nodes: 2..=4 }} }} }}
             s3_bucket backups {{}}
             cluster_addons tools {{ cluster: platform, velero: {{ bucket: backups, schedules: {schedules} }} }}
             objectives promise {{ tiers: {{ standard: {{ recovery_point: 4h, holds: [platform] }} }} }}"
        ))
        .into_iter()
        .filter(|it| it.code == Code::AG0801)
        .collect::<Vec<_>>()
    };
    let late = found("{ whole: { every: 6h, keep: 30days } }");
    assert_eq!(late.len(), 1, "{late:?}");
    assert_eq!(late[0].notes, ["cluster `platform` is backed up every 6 h by Velero"]);
    assert_eq!(
        late[0].help.as_deref(),
        Some(
            "let Velero back up all of `platform` with `every: 4h`, or promise a longer `recovery_point`"
        )
    );
    assert_eq!(found("{ whole: { every: 4h, keep: 30days } }"), []);
    assert_eq!(found("?"), []);
}

#[test]
fn what_keeps_the_promise() {
    let tier =
        "objectives promise { tiers: { critical: { recovery_point: 1h, holds: [orders] } } }";
    let plan = |every: &str| {
        format!("backup_plan copies {{ stores: [orders, files], every: {every}, keep: 35days }}")
    };
    let with =
        |backups: &str, plan: String| messages(&format!("{} {plan} {tier}", database(backups)));
    assert_eq!(with("7days", String::new()), [""; 0]);
    assert_eq!(with("7days", plan("24h")), [""; 0]);
    assert_eq!(with("0days", plan("1h")), [""; 0]);
    assert_eq!(with("0days", plan("2h")).len(), 1);
    assert_eq!(
        with("0days", String::new()),
        [
            "AG0801 the tier `critical` promises a `recovery_point` of 1 h, and some data has no copy, or none \
          whose age has a bound"
        ]
    );
}

#[test]
fn what_is_not_known_keeps_it() {
    let tier =
        "objectives promise { tiers: { critical: { recovery_point: 1h, holds: [orders] } } }";
    for plan in [
        "backup_plan copies { stores: ?, every: 4h, keep: 35days }",
        "backup_plan copies { stores: [files, ?], every: 4h, keep: 35days }",
        "backup_plan copies { stores: [orders], every: ?, keep: 35days }",
    ] {
        assert_eq!(messages(&format!("{} {plan} {tier}", database("0days"))), [""; 0], "{plan}");
    }
    assert_eq!(messages(&format!("{} {tier}", database("?"))), [""; 0]);
    for tiers in [
        "?",
        "{ critical: ? }",
        "{ critical: { recovery_point: ?, holds: [orders] } }",
        "{ critical: { recovery_point: 1h, holds: ? } }",
        "{ critical: { recovery_point: 1h, holds: [?] } }",
    ] {
        let source = format!(
            "{} objectives promise {{ recovery_point: 1min, may_lose: [files], tiers: {tiers} }}",
            database("0days")
        );
        let tier_of_orders = messages(&source);
        // What a tier may hold is not held to the promise of the whole.
        let known = tiers.contains("holds: [orders]");
        assert_eq!(tier_of_orders, [""; 0], "{tiers} {known}");
    }
}

#[test]
fn plans_make_newer_copies_and_never_older_ones() {
    let plan = "backup_plan copies { stores: [orders, files], every: 6h, keep: 35days }
                backup_plan more { stores: [files], every: 2h, keep: 7days }";
    let source = format!("{} {plan}", database("7days"));
    assert_eq!(age(&source, "orders").and_then(|it| it.age), Some(300));
    let files = age(&source, "files").expect("a copy");
    assert_eq!((files.age, files.plan.as_deref()), (Some(7200), Some("more")));
    assert_eq!(age("", "files").and_then(|it| it.age), Some(86_400));
    assert_eq!(age("", "documents"), None);
    let bucket = r#"
s3_bucket copied { replication: { bucket: "arn:aws:s3:::x" } }
backup_plan copies { stores: [copied], every: 6h, keep: 35days }"#;
    assert_eq!(age(bucket, "copied").and_then(|it| it.age), Some(21_600));
}

#[test]
fn the_whole_is_held_to_its_own_promise_without_the_tiers() {
    let source = format!(
        "{} objectives promise {{
             recovery_point: 1h,
             tiers: {{ standard: {{ recovery_point: 24h, holds: [files] }} }},
         }}",
        database("7days")
    );
    assert_eq!(messages(&source), [""; 0]);
    assert_eq!(messages("objectives promise { recovery_point: 1h }").len(), 1);
}

#[test]
fn a_cache_that_a_tier_holds_may_lose_nothing() {
    let tier =
        "objectives promise { tiers: { critical: { recovery_point: 24h, holds: [cache] } } }";
    assert_eq!(messages(tier).len(), 1);
    let found = findings(tier);
    assert_eq!(found[0].notes, ["cache `cache` has no snapshots"]);
    assert_eq!(
        found[0].help.as_deref(),
        Some("give `cache` the field `snapshots: 1day`, or promise a longer `recovery_point`")
    );
}

#[test]
fn tiers_say_something_and_hold_their_own() {
    let found = messages(
        "objectives promise { tiers: {
             critical: { recovery_time: 1h, holds: [files, documents, files] },
             standard: { recovery_time: 2h, holds: [documents] },
             other: { holds: [cache] },
             none: { recovery_time: 1h, holds: [] },
         } }",
    );
    assert_eq!(
        found,
        [
            "AG0806 the tier `critical` holds `files` twice",
            "AG0806 the tiers `critical` and `standard` both hold `documents`",
            "AG0806 the tier `other` promises nothing",
            "AG0806 the tier `none` holds nothing",
        ]
    );
}

#[test]
fn the_shortest_recovery_time_decides() {
    let promise = |takes: &str| {
        messages(&format!(
            "objectives promise {{
                 recovery_time: 24h, region_failure: Manual, manual_recovery_takes: {takes},
                 tiers: {{ critical: {{ recovery_time: 4h, holds: [files] }} }},
             }}"
        ))
    };
    assert_eq!(promise("4h"), [""; 0]);
    assert_eq!(promise("?"), [""; 0]);
    assert_eq!(
        promise("5h"),
        [
            "AG0802 recovery by hand takes 5 h, and the `recovery_time` of the tier `critical` is 4 h"
        ]
    );
}

#[test]
fn what_would_keep_a_bound() {
    let copy = |kind, plan: Option<&str>| {
        let it = NewestCopy::new(kind, "it", "store", "is old", None);
        NewestCopy { plan: plan.map(str::to_string), ..it }
    };
    for (kind, bound, expected) in [
        (Kind::RdsPostgres, 60, None),
        (
            Kind::RdsPostgres,
            300,
            Some("give `it` the field `backups: 7days`, by which it can be restored to 5 min ago"),
        ),
        (Kind::Efs, 900, Some("give `it` the field `replicate_to`, 15 min behind")),
        (
            Kind::Efs,
            18_000,
            Some(
                "give `it` the field `replicate_to`, 15 min behind, or copy `it` by a `backup_plan!` with `every: 4h`",
            ),
        ),
        (Kind::Redis, 3600, None),
        (Kind::EcsService, 1, Some("let `it` store its files on an `efs!`")),
    ] {
        assert_eq!(copy(kind, None).remedy(bound).as_deref(), expected, "{kind:?} {bound}");
    }
}
