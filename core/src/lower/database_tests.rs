//! Where the password of a database's first user is, and who may read it.

use super::lower;
use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::resource::rds::Password;
use crate::resource::{DbInstance, Ref, ResourceGraph, ResourceId, Role, Secret, Typed};
use crate::value::Text;

/// A database with further fields, and a service that is given its secret.
fn graph(more: &str) -> ResourceGraph {
    let source = format!(
        r#"
vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ private: /22, database: /24 }}, nat: Single }}
ecs_cluster cluster {{ subnets: network.private }}
kms_key data {{ description: "Data" }}
rds_postgres rows {{ subnets: network.database, version: "16.8", class: "db.t4g.medium", storage: 20GB, backups: 7days, {more} }}
ecs_service api {{ cluster: cluster, image: "api:1", cpu: 256, memory: 512MB, secrets: ["ROWS" => rows.secret] }}"#
    );
    lower(&architecture(&source, Environment::Production))
}

fn get<K: Typed + Clone>(graph: &ResourceGraph, id: &str) -> K {
    graph.get::<K>(&Ref::new(ResourceId::new(&[id]))).expect("it is there").clone()
}

/// What the role that starts the tasks may read and decrypt.
fn readable(graph: &ResourceGraph) -> Vec<String> {
    let role: Role = get(graph, "api.execution_role");
    let all =
        role.statements.iter().filter(|it| ["ReadSecrets", "DecryptSecrets"].contains(&it.sid));
    all.flat_map(|it| it.resources.iter().map(Text::to_string)).collect()
}

#[test]
fn rds_keeps_the_password_of_a_database_without_replicas() {
    let graph = graph("secret_kms_key: data");
    let key = "${data.kms_key.Arn}".to_string();
    let Some(Password::Managed { kms_key: Some(it) }) =
        get::<DbInstance>(&graph, "rows.instance").password
    else {
        panic!("RDS keeps it")
    };
    assert_eq!(it.to_string(), key);
    assert_eq!(readable(&graph), ["${rows.instance.ManagedSecretArn}".to_string(), key]);
    assert_eq!(graph.all::<Secret>().count(), 0);
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html>
#[test]
fn that_of_a_database_with_replicas_is_in_a_secret() {
    let graph = graph("replicas: 2, username: \"shop\", secret_kms_key: data.arn");
    let Some(Password::Secret(secret)) = get::<DbInstance>(&graph, "rows.instance").password else {
        panic!("it is in a secret")
    };
    assert_eq!(secret.id().as_str(), "rows.secret");
    let secret: Secret = get(&graph, "rows.secret");
    assert_eq!(
        secret.username.as_ref().and_then(|it| it.literal()).map(String::as_str),
        Some("shop")
    );
    let key = "${data.kms_key.Arn}".to_string();
    assert_eq!(secret.kms_key.map(|it| it.to_string()), Some(key.clone()));
    assert_eq!(readable(&graph), ["${rows.secret.Arn}".to_string(), key]);
    let told = graph.outputs.values().find(|it| it.name.as_str() == "rows.secret");
    assert_eq!(told.map(|it| it.value.to_string()).as_deref(), Some("${rows.secret.Arn}"));
    for number in 1..=2 {
        assert_eq!(get::<DbInstance>(&graph, &format!("rows.replica.{number}")).password, None);
    }
}
