//! The stores of the graph.

use archgen_core::resource::iam::{Condition, Principal, Statement};
use archgen_core::resource::s3::{IntelligentTiering, LifecycleRule, Replication, StorageClass};
use archgen_core::resource::*;
use archgen_core::types::{Count, Days, Port, Seconds, Storage};
use archgen_core::value::{Pseudo, Text, Value};

use super::{Builder, Shared, role, string};

pub(super) fn data(it: &mut Builder, shared: &Shared) {
    let subnet_group = it.add(
        "database.subnet_group",
        DbSubnetGroup { description: "database".into(), subnets: shared.private.clone() },
    );
    let parameter_group = it.add(
        "database.parameter_group",
        DbParameterGroup {
            description: "database".into(),
            family: string("postgres16"),
            parameters: vec![("rds.force_ssl".into(), "1".into())],
        },
    );
    let role = it.add(
        "database.monitoring_role",
        Role {
            managed_policies: vec!["service-role/AmazonRDSEnhancedMonitoringRole"],
            ..role("monitoring.rds.amazonaws.com", Vec::new())
        },
    );
    let secret = it.add(
        "database.secret",
        Secret {
            name: None,
            description: "database".into(),
            username: Some(string("shop_admin")),
            fields: Vec::new(),
            generate: Value::Literal(Count(32)),
            kms_key: None,
            replica_regions: Vec::new(),
        },
    );
    let instance = DbInstance {
        kms_key: None,
        password: Some(rds::Password::Secret(secret)),
        identifier: None,
        engine_version: Some(string("16.10")),
        class: string("db.t4g.medium"),
        database: Some(string("shop")),
        username: Some(string("shop_admin")),
        port: Some(Value::Literal(Port(5432))),
        replica_of: None,
        storage: Some(Value::Literal(Storage(100))),
        max_storage: Some(Value::Literal(Storage(500))),
        storage_type: "gp3",
        multi_az: Value::Literal(true),
        subnet_group: Some(subnet_group),
        groups: vec![shared.store.clone()],
        parameter_group: parameter_group.clone(),
        backup_retention: Some(Value::Literal(Days(14))),
        backup_window: Some(string("03:00-04:00")),
        maintenance_window: Some(string("sun:05:00-sun:06:00")),
        performance_insights: Some(Value::Literal(Days(7))),
        monitoring: Some((Value::Literal(Seconds(60)), role)),
        auto_minor_version_upgrade: Value::Literal(true),
        deletion_protection: Value::Literal(true),
        log_exports: vec!["postgresql", "upgrade"],
    };
    let primary = it.add("database.instance", instance.clone());
    it.add(
        "database.replica_1",
        DbInstance {
            password: None,
            engine_version: None,
            database: None,
            username: None,
            port: None,
            replica_of: Some(primary),
            storage: None,
            max_storage: None,
            multi_az: Value::Literal(false),
            subnet_group: None,
            backup_retention: None,
            backup_window: None,
            monitoring: None,
            ..instance
        },
    );
    let cache_subnets = it.add(
        "cache.subnet_group",
        CacheSubnetGroup { description: "cache".into(), subnets: shared.private.clone() },
    );
    let cache_parameters = it.add(
        "cache.parameter_group",
        CacheParameterGroup {
            description: "cache".into(),
            family: string("redis7"),
            parameters: vec![("maxmemory-policy".into(), "allkeys-lru".into())],
        },
    );
    it.add(
        "cache.replication_group",
        ReplicationGroup {
            kms_key: None,
            identifier: None,
            description: "cache".into(),
            engine_version: string("7.1"),
            node_type: string("cache.t4g.small"),
            shards: Value::Literal(Count(1)),
            replicas: Value::Literal(Count(1)),
            cluster_mode: Value::Literal(false),
            automatic_failover: Value::Literal(true),
            multi_az: Value::Literal(true),
            encryption_at_rest: Value::Literal(true),
            encryption_in_transit: Value::Literal(true),
            subnet_group: cache_subnets,
            groups: vec![shared.store.clone()],
            parameter_group: cache_parameters,
            snapshot_retention: Some(Value::Literal(Days(7))),
            snapshot_window: Some(string("02:00-03:00")),
            maintenance_window: Some(string("sun:06:00-sun:07:00")),
        },
    );
    let files = it.add(
        "files.file_system",
        FileSystem {
            kms_key: None,
            backups: Value::Literal(true),
            infrequent_access_after: Some(Value::Literal(Days(30))),
            replicate_to: Some("eu-west-1".into()),
        },
    );
    it.add(
        "files.a.mount_target",
        MountTarget {
            file_system: files.clone(),
            subnet: shared.private[0].clone(),
            groups: vec![shared.store.clone()],
        },
    );
    it.add(
        "files.api.access_point",
        AccessPoint { file_system: files, path: string("/api"), user: Value::Literal(Count(1000)) },
    );
    buckets(it);
    it.add(
        "api_keys.secret",
        Secret {
            name: Some("shop/api-keys".into()),
            description: "keys of other services".into(),
            username: None,
            fields: Vec::new(),
            generate: Value::Literal(Count(32)),
            kms_key: None,
            replica_regions: vec!["eu-west-1".into()],
        },
    );
}

fn buckets(it: &mut Builder) {
    let plain = Bucket {
        name: None,
        kms_key: None,
        versioning: Value::Literal(false),
        lifecycle: Vec::new(),
        intelligent_tiering: None,
        replication: None,
        access_logs: None,
    };
    let logs = it.add("logs.bucket", plain.clone());
    let policy = |bucket: &Ref<Bucket>| {
        let arn = || bucket.attribute(Attribute::Arn);
        let condition = |operator, key, value: Text| Condition { operator, key, value };
        let deliver = Statement {
            principal: Some(Principal::Service("logging.s3.amazonaws.com")),
            conditions: vec![condition(
                "StringEquals",
                "aws:SourceAccount",
                Text::pseudo(Pseudo::AccountId),
            )],
            ..Statement::allow("Deliver", &["s3:PutObject"], vec![arn().then("/*")])
        };
        let encrypted = Statement {
            allow: false,
            principal: Some(Principal::Everyone),
            conditions: vec![condition("Bool", "aws:SecureTransport", "false".into())],
            ..Statement::allow("EncryptedOnly", &["s3:*"], vec![arn(), arn().then("/*")])
        };
        BucketPolicy { bucket: bucket.clone(), statements: vec![deliver, encrypted] }
    };
    it.add("logs.bucket_policy", policy(&logs));
    let copy = Statement::allow(
        "Copy",
        &["s3:ReplicateObject", "s3:ReplicateDelete"],
        vec![Text::from("arn:").then(Text::pseudo(Pseudo::Partition)).then(":s3:::shop-copy/*")],
    );
    let role = it.add("assets.replication_role", role("s3.amazonaws.com", vec![copy]));
    it.add(
        "assets.bucket",
        Bucket {
            name: Some(Text::from("shop-assets-").then(Text::pseudo(Pseudo::AccountId))),
            versioning: Value::Literal(true),
            lifecycle: vec![LifecycleRule {
                id: "age".into(),
                prefix: string(""),
                transitions: vec![(StorageClass::IntelligentTiering, Value::Literal(Days(30)))],
                expire_after: Some(Value::Literal(Days(400))),
                expire_old_versions_after: Some(Value::Literal(Days(30))),
                abort_uploads_after: Days(7),
            }],
            intelligent_tiering: Some(IntelligentTiering {
                archive_after: Value::Literal(Days(90)),
                deep_archive_after: Some(Value::Literal(Days(180))),
            }),
            replication: Some(Replication {
                destination: Text::from("arn:")
                    .then(Text::pseudo(Pseudo::Partition))
                    .then(":s3:::shop-copy"),
                role,
                time_control: Some(Count(15)),
            }),
            access_logs: Some((logs, "assets/".into())),
            ..plain
        },
    );
}
