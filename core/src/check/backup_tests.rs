//! Tests of the checks of `backup_plan!`.

use crate::check::testing::expect;
use crate::codes::Code;

const STORES: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24, database: /24 } }
rds_postgres orders {
    subnets: network.database, version: "16.6", class: "db.t4g.medium", storage: 100GB, multi_az: true,
    backups: 7days,
}
efs files { subnets: network.private }
s3_bucket documents {}
s3_bucket scratch { versioning: false }
redis cache { subnets: network.private, node: "cache.t4g.small" }
ecs_cluster cluster { subnets: network.private }
param hours {}
"#;

#[track_caller]
fn plan(fields: &str, expected: &[(Code, &str)]) {
    expect(&format!("{STORES}backup_plan copies {{ {fields} }}"), expected);
}

#[test]
fn plans_that_pass() {
    plan("stores: [orders, files, documents], every: 4h, keep: 35days", &[]);
    plan(
        r#"stores: [orders], every: 24h, at: "23:59", keep: 36500days, vault_name: "a-b_C",
           kms_key: "arn:aws:kms:eu-west-1:123456789012:key/1",
           copy_to: "arn:aws:backup:us-west-2:123456789012:backup-vault:copies""#,
        &[],
    );
}

#[test]
fn what_is_not_known_passes() {
    plan("stores: ?, every: ?, at: ?, keep: ?, copy_to: ?, kms_key: ?, vault_name: ?", &[]);
    plan("stores: [?, orders, ?], every: 1h, keep: 1day, copy_to: hours", &[]);
}

#[test]
fn what_can_be_copied() {
    let code = Code::AG0512;
    plan("stores: [], every: 4h, keep: 1day", &[(code, "[]")]);
    plan(
        "stores: [orders, cache, orders, scratch], every: 4h, keep: 1day",
        &[(code, "cache"), (code, "orders"), (code, "scratch")],
    );
    plan("stores: [cluster], every: 4h, keep: 1day", &[(Code::AG0103, "cluster")]);
}

#[test]
fn when_copies_are_made() {
    let code = Code::AG0513;
    for every in ["30min", "5h", "48h", "90min", "hours"] {
        plan(&format!("stores: [orders], every: {every}, keep: 1day"), &[(code, every)]);
    }
    for at in ["\"1:30\"", "\"24:00\"", "\"12:60\"", "\"noon\"", "hours"] {
        plan(&format!("stores: [orders], every: 4h, at: {at}, keep: 1day"), &[(code, at)]);
    }
}

#[test]
fn how_long_and_where_they_are_kept() {
    plan("stores: [orders], every: 4h, keep: 0days", &[(Code::AG0007, "0days")]);
    plan("stores: [orders], every: 4h, keep: 36501days", &[(Code::AG0007, "36501days")]);
    for to in [
        "\"us-west-2\"",
        "\"arn:aws:s3:::copies\"",
        "\"arn:aws:backup:us-west-2:1:backup-vault:x\"",
    ] {
        plan(
            &format!("stores: [orders], every: 4h, keep: 1day, copy_to: {to}"),
            &[(Code::AG0514, to)],
        );
    }
    plan(
        r#"stores: [orders], every: 4h, keep: 1day, vault_name: "my vault""#,
        &[(Code::AG0107, "\"my vault\"")],
    );
}
