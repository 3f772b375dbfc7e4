//! Tests of the lowering of `backup_plan!`.

use super::{minute_of_day, schedule};
use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::resource::{BackupPlan, BackupSelection, BackupVault, Role};
use crate::value::Value;

#[test]
fn schedules_begin_with_the_first_copy_of_a_day() {
    let from = |hours, at| schedule(hours, minute_of_day(at).expect("a time"));
    assert_eq!(from(4, "01:30"), "cron(30 1/4 ? * * *)");
    // Half past five is the second copy of the day, four hours after the first.
    assert_eq!(from(4, "05:30"), "cron(30 1/4 ? * * *)");
    assert_eq!(from(1, "23:05"), "cron(5 * ? * * *)");
    assert_eq!(from(24, "23:05"), "cron(5 23 ? * * *)");
    for wrong in ["", "1:30", "01:3", "24:00", "00:60", "+1:30"] {
        assert_eq!(minute_of_day(wrong), None, "{wrong}");
    }
}

#[test]
fn a_plan_has_a_vault_a_role_and_a_selection() {
    let source = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24 } }
efs files { subnets: network.private }
s3_bucket documents {}
backup_plan copies { stores: [files, documents], every: 12h, keep: 35days }
backup_plan open { stores: ?, every: ?, at: ?, keep: ? }
"#;
    let architecture = architecture(source, Environment::Production);
    let graph = crate::lower::lower(&architecture);
    let vaults: Vec<String> = graph.all::<BackupVault>().map(|it| it.2.name.to_string()).collect();
    assert_eq!(vaults, ["shop-production-copies", "shop-production-open"]);
    let plans: Vec<_> = graph
        .all::<BackupPlan>()
        .map(|(_, _, it)| (it.schedule.clone(), it.start_window.clone()))
        .collect();
    let daily = Value::Literal("cron(30 1/12 ? * * *)".to_string());
    assert_eq!(plans, [(daily, Value::Literal(480)), (Value::Unknown, Value::Unknown)]);
    let selection = graph.all::<BackupSelection>().next().map(|it| it.2.clone()).expect("one");
    let stores: Vec<String> = selection.stores.iter().map(ToString::to_string).collect();
    assert_eq!(stores, ["${files.file_system.Arn}", "${documents.bucket.Arn}"]);
    let role = graph.get::<Role>(&selection.role).expect("a role");
    assert_eq!(
        role.managed_policies,
        [
            "service-role/AWSBackupServiceRolePolicyForBackup",
            "AWSBackupServiceRolePolicyForS3Backup"
        ]
    );
}
