//! Data stores.

use archgen_core::resource::rds::Password;
use archgen_core::resource::{ReplicationGroup, ResourceId, ResourceKind};
use archgen_core::types::Count;
use archgen_core::value::Value;

use super::{everything, graph, property, write_graph};
use crate::cloudformation::template::Retention;

/// The template after a change of the cache.
fn cache(change: impl FnOnce(&mut ReplicationGroup)) -> super::Template {
    let mut graph = graph::everything();
    let cache = graph
        .resources
        .values_mut()
        .find_map(|it| {
            if let ResourceKind::ReplicationGroup(it) = &mut it.kind { Some(it) } else { None }
        })
        .expect("there is a cache");
    change(cache);
    write_graph("shop", "production", &graph)
}

#[test]
fn a_cache_counts_nodes_whole_without_cluster_mode_and_by_shard_with_it() {
    let nodes = |it: &super::Template| {
        ["NumCacheClusters", "NumNodeGroups", "ReplicasPerNodeGroup", "ClusterMode"]
            .map(|name| property(it, "CacheReplicationGroup", name))
    };
    assert_eq!(nodes(&everything()), ["2", "missing", "missing", "missing"]);
    let single = cache(|it| it.replicas = Value::Literal(Count(0)));
    assert_eq!(nodes(&single), ["1", "missing", "missing", "missing"]);
    let cluster = cache(|it| {
        it.cluster_mode = Value::Literal(true);
        it.shards = Value::Literal(Count(3));
    });
    assert_eq!(nodes(&cluster), ["missing", "3", "1", "\"enabled\""]);
}

#[test]
fn a_cache_without_encryption_on_the_way_has_no_mode_of_it() {
    let plain = cache(|it| it.encryption_in_transit = Value::Literal(false));
    assert_eq!(property(&plain, "CacheReplicationGroup", "TransitEncryptionMode"), "missing");
    let mode = property(&everything(), "CacheReplicationGroup", "TransitEncryptionMode");
    assert_eq!(mode, "\"required\"");
}

#[test]
fn stores_outlive_their_stack() {
    let template = everything();
    let retention = |id: &str| template.resource(id).and_then(|it| it.retention);
    assert_eq!(retention("DatabaseInstance"), Some(Retention::Snapshot));
    assert_eq!(retention("DatabaseReplica1"), Some(Retention::Delete));
    assert_eq!(retention("CacheReplicationGroup"), Some(Retention::Snapshot));
    for id in ["AssetsBucket", "FilesFileSystem", "ApiKeysSecret"] {
        assert_eq!(retention(id), Some(Retention::Retain), "{id}");
    }
    assert_eq!(retention("ApiLogGroup"), Some(Retention::Delete));
    assert_eq!(retention("NetworkVpc"), None);
}

#[test]
fn a_replica_names_its_source_and_has_no_password() {
    let template = everything();
    assert_eq!(
        property(&template, "DatabaseReplica1", "SourceDBInstanceIdentifier"),
        r#"{"Ref":"DatabaseInstance"}"#
    );
    assert_eq!(property(&template, "DatabaseReplica1", "ManageMasterUserPassword"), "missing");
    assert_eq!(property(&template, "DatabaseReplica1", "MasterUserPassword"), "missing");
    // RDS keeps no password of a database with replicas.
    assert_eq!(property(&template, "DatabaseInstance", "ManageMasterUserPassword"), "missing");
    assert_eq!(
        property(&template, "DatabaseInstance", "MasterUserPassword"),
        r#"{"Fn::Sub":"{{resolve:secretsmanager:${DatabaseSecret}:SecretString:password}}"}"#
    );
}

#[test]
fn rds_keeps_a_password_under_a_key() {
    let mut graph = graph::everything();
    let database = graph.resources.get_mut(&ResourceId::new(&["database", "instance"]));
    let Some(ResourceKind::DbInstance(it)) = database.map(|it| &mut it.kind) else {
        panic!("there is a database")
    };
    it.password = Some(Password::Managed { kms_key: Some("key".into()) });
    let template = write_graph("shop", "production", &graph);
    assert_eq!(property(&template, "DatabaseInstance", "ManageMasterUserPassword"), "true");
    assert_eq!(
        property(&template, "DatabaseInstance", "MasterUserSecret"),
        r#"{"KmsKeyId":"key"}"#
    );
    assert_eq!(property(&template, "DatabaseInstance", "MasterUserPassword"), "missing");
}

#[test]
fn buckets_are_private_and_encrypted() {
    let template = everything();
    for id in ["AssetsBucket", "LogsBucket"] {
        assert!(!property(&template, id, "PublicAccessBlockConfiguration").contains("false"));
        assert!(property(&template, id, "BucketEncryption").contains("AES256"));
    }
    assert_eq!(property(&template, "LogsBucket", "VersioningConfiguration"), "missing");
}

#[test]
fn conditions_of_a_policy_are_grouped() {
    let template = everything();
    let policy = property(&template, "LogsBucketPolicy", "PolicyDocument");
    assert!(policy.contains(r#""Condition":{"Bool":{"aws:SecureTransport":"false"}}"#), "{policy}");
    assert!(policy.contains(r#"{"Fn::Sub":"${LogsBucket.Arn}/*"}"#), "{policy}");
}
