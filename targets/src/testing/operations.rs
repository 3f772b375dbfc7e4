//! Topics, budgets, copies and repositories of images of the graph.

use archgen_core::notify_fields::DeliveryProtocol;
use archgen_core::resource::budgets::SpendingFigure;
use archgen_core::resource::iam::{Principal, Statement};
use archgen_core::resource::*;
use archgen_core::types::{Count, Days, Number};
use archgen_core::value::{Text, Value};

use super::{Builder, string};

pub(super) fn operations(it: &mut Builder) {
    let topic = it.add(
        "alerts.topic",
        Topic { name: None, display_name: Some(string("Shop")), kms_key: None },
    );
    let arn = topic.attribute(Attribute::Arn);
    let statement = Statement {
        principal: Some(Principal::Service("budgets.amazonaws.com")),
        ..Statement::allow("Budgets", &["sns:Publish"], vec![arn.clone()])
    };
    it.add(
        "alerts.topic_policy",
        TopicPolicy { topic: topic.clone(), statements: vec![statement] },
    );
    let protocol = DeliveryProtocol::Email;
    let endpoint = "ops@example.com".into();
    it.add("alerts.mail.topic_subscription", TopicSubscription { topic, protocol, endpoint });
    it.add(
        "spending.budget",
        Budget {
            amount: Value::Literal(Number(5000.0)),
            alerts: vec![(SpendingFigure::Forecasted, Value::Literal(Number(80.0)))],
            topics: vec![arn],
            emails: vec!["finance@example.com".into()],
            tags: vec!["user:team$platform".into()],
        },
    );
    let vault = it.add(
        "copies.backup_vault",
        BackupVault { name: "shop-production-copies".into(), kms_key: None },
    );
    let plan = it.add(
        "copies.backup_plan",
        BackupPlan {
            name: "shop-production-copies".into(),
            vault,
            schedule: string("cron(30 1/4 * * ? *)"),
            start_window: Value::Literal(60),
            keep: Value::Literal(Days(35)),
            copy_to: None,
        },
    );
    let role = Ref::new(ResourceId::new(&["api.task_role"]));
    let stores = vec![Text::attribute(ResourceId::new(&["database.instance"]), Attribute::Arn)];
    it.add("copies.backup_selection", BackupSelection { plan, role, stores });
    it.add(
        "images.repository",
        Repository {
            name: "shop/api".into(),
            scan_on_push: Value::Literal(true),
            immutable: Value::Literal(true),
            keep: Some(Value::Literal(Count(50))),
            keep_untagged: Value::Literal(Days(14)),
            kms_key: None,
        },
    );
}
