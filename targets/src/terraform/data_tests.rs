//! The blocks of databases, caches, file systems, buckets, secrets, log groups, alarms and dashboards.

use archgen_core::resource::cloudwatch::{AlarmSource, Statistic};
use archgen_core::resource::rds::Password;
use archgen_core::resource::{
    Alarm, Bucket, DbInstance, DbParameterGroup, FileSystem, ReplicationGroup, ResourceGraph,
    ResourceId, ResourceKind, Secret, Typed,
};
use archgen_core::types::{Count, Days};
use archgen_core::value::Value;
use serde_json::{Value as Json, json};

use super::tests::{block, everything};
use super::write_graph;
use crate::Files;
use crate::testing::{self, metric};

/// The properties of a resource, to be changed.
trait Change: Typed {
    fn of(kind: &mut ResourceKind) -> Option<&mut Self>;
}

macro_rules! change {
    ($($name:ident)*) => { $(
        impl Change for $name {
            fn of(kind: &mut ResourceKind) -> Option<&mut Self> {
                if let ResourceKind::$name(it) = kind { Some(it) } else { None }
            }
        }
    )* };
}

change!(Alarm Bucket DbInstance DbParameterGroup FileSystem ReplicationGroup Secret);

fn changed<K: Change>(graph: &mut ResourceGraph, id: &str, change: impl FnOnce(&mut K)) {
    let resource = graph.resources.get_mut(&ResourceId::new(&[id])).expect("it is in the graph");
    change(K::of(&mut resource.kind).expect("it is of this type"));
}

/// The module after one change.
fn with<K: Change>(id: &str, change: impl FnOnce(&mut K)) -> Files {
    let mut graph = testing::everything();
    changed(&mut graph, id, change);
    write_graph("shop", "production", &graph).files()
}

fn parameter<T>(name: &str) -> Value<T> {
    Value::Parameter(name.to_string())
}

/// The arguments of a block by name.
fn arguments<const N: usize>(block: &Json, names: [&str; N]) -> [Json; N] {
    names.map(|it| block[it].clone())
}

#[test]
fn a_database_holds_no_password_and_leaves_a_snapshot() {
    let files = everything();
    let it = block(&files, "aws_db_instance", "database_instance");
    assert_eq!(it["password"], Json::Null);
    // RDS keeps none of a database with replicas; what is in the secret is read from there.
    assert_eq!(it["manage_master_user_password"], Json::Null);
    assert_eq!(
        it["password_wo"],
        json!(
            "${jsondecode(ephemeral.aws_secretsmanager_secret_version.database.secret_string)[\"password\"]}"
        )
    );
    assert_eq!(it["password_wo_version"], json!(1));
    let data: Json = serde_json::from_slice(&files["data.tf.json"]).expect("it is JSON");
    assert_eq!(
        data["ephemeral"]["aws_secretsmanager_secret_version"]["database"]["secret_id"],
        json!("${aws_secretsmanager_secret_version.database.secret_id}")
    );
    let files = with("database.instance", |it: &mut DbInstance| {
        it.password = Some(Password::Managed { kms_key: Some("key".into()) });
    });
    let managed = block(&files, "aws_db_instance", "database_instance");
    assert_eq!(managed["manage_master_user_password"], json!(true));
    assert_eq!(managed["master_user_secret_kms_key_id"], json!("key"));
    assert_eq!(managed["password_wo"], Json::Null);
    assert_eq!(it["final_snapshot_identifier"], json!("shop-production-database-instance-final"));
    assert_eq!(it["skip_final_snapshot"], json!(false));
    assert_eq!(it["apply_immediately"], json!(true));
    assert_eq!(it["storage_encrypted"], json!(true));
    let storage = arguments(&it, ["allocated_storage", "max_allocated_storage", "storage_type"]);
    assert_eq!(storage, [json!(100), json!(500), json!("gp3")]);
    assert_eq!(
        it["db_subnet_group_name"],
        json!("${aws_db_subnet_group.database_subnet_group.name}")
    );
}

#[test]
fn a_replica_names_its_source_and_nothing_that_it_has_from_there() {
    let it = block(&everything(), "aws_db_instance", "database_replica_1");
    assert_eq!(it["replicate_source_db"], json!("${aws_db_instance.database_instance.identifier}"));
    // The provider refuses the first three beside a source.
    let inherited = ["engine", "engine_version", "username", "manage_master_user_password"];
    assert_eq!(arguments(&it, inherited), [Json::Null, Json::Null, Json::Null, Json::Null]);
    assert_eq!(it["password_wo"], Json::Null);
    assert_eq!(it["skip_final_snapshot"], json!(true));
    assert_eq!(it["final_snapshot_identifier"], Json::Null);
    assert_eq!(it["lifecycle"]["prevent_destroy"], Json::Null);
}

#[test]
fn settings_that_need_a_restart_wait_for_one() {
    let files = with("database.parameter_group", |it: &mut DbParameterGroup| {
        it.parameters.push(("max_connections".into(), "500".into()));
    });
    let it = block(&files, "aws_db_parameter_group", "database_parameter_group");
    assert_eq!(
        it["parameter"],
        json!([
            { "apply_method": "immediate", "name": "rds.force_ssl", "value": "1" },
            { "apply_method": "pending-reboot", "name": "max_connections", "value": "500" },
        ])
    );
    let lifecycle = json!({ "create_before_destroy": true, "ignore_changes": ["name_prefix"] });
    assert_eq!(it["lifecycle"], lifecycle);
    assert_eq!(it["name"], Json::Null);
    assert_eq!(it["name_prefix"], json!("shop-production-database-parameter-group-"));
}

#[test]
fn stores_are_not_destroyed_by_a_plan() {
    let files = everything();
    for (kind, name) in [
        ("aws_db_instance", "database_instance"),
        ("aws_elasticache_replication_group", "cache"),
        ("aws_efs_file_system", "files"),
        ("aws_s3_bucket", "assets"),
        ("aws_s3_bucket", "logs"),
        ("aws_secretsmanager_secret", "api_keys"),
    ] {
        let it = block(&files, kind, name);
        assert_eq!(it["lifecycle"]["prevent_destroy"], json!(true), "{kind}.{name}");
    }
    let logs = block(&files, "aws_cloudwatch_log_group", "api_log_group");
    assert_eq!(logs["lifecycle"], Json::Null);
}

#[test]
fn the_author_s_names_of_stores_are_kept() {
    let files = with("database.instance", |it: &mut DbInstance| {
        it.identifier = Some("orders".into());
    });
    let it = block(&files, "aws_db_instance", "database_instance");
    let names = arguments(&it, ["identifier", "final_snapshot_identifier"]);
    assert_eq!(names, [json!("orders"), json!("orders-final")]);
    let files = with("cache.replication_group", |it: &mut ReplicationGroup| {
        it.identifier = Some("sessions".into());
    });
    let it = block(&files, "aws_elasticache_replication_group", "cache");
    let names = arguments(&it, ["replication_group_id", "final_snapshot_identifier"]);
    assert_eq!(names, [json!("sessions"), json!("sessions-final")]);
}

#[test]
fn names_that_were_made_up_stay_when_a_declaration_is_renamed() {
    let files = everything();
    for (kind, name, argument) in [
        ("aws_db_instance", "database_instance", "identifier"),
        ("aws_db_instance", "database_replica_1", "identifier"),
        ("aws_db_subnet_group", "database_subnet_group", "name_prefix"),
        ("aws_db_parameter_group", "database_parameter_group", "name_prefix"),
        ("aws_elasticache_replication_group", "cache", "replication_group_id"),
        ("aws_elasticache_subnet_group", "cache_subnet_group", "name"),
        ("aws_s3_bucket", "logs", "bucket_prefix"),
    ] {
        let it = block(&files, kind, name);
        assert_eq!(it["lifecycle"]["ignore_changes"], json!([argument]), "{kind}.{name}");
        assert!(it[argument].as_str().is_some_and(|it| it.starts_with("shop-production-")), "{it}");
    }
    // The author's own names are not made up.
    let own = [("aws_s3_bucket", "assets"), ("aws_secretsmanager_secret", "api_keys")];
    for (kind, name) in own {
        let it = block(&files, kind, name);
        assert_eq!(it["lifecycle"]["ignore_changes"], Json::Null, "{kind}.{name}");
    }
}

#[test]
fn a_cache_counts_nodes_whole_without_cluster_mode_and_by_shard_with_it() {
    let names =
        ["num_cache_clusters", "num_node_groups", "replicas_per_node_group", "cluster_mode"];
    let it = block(&everything(), "aws_elasticache_replication_group", "cache");
    assert_eq!(arguments(&it, names), [json!(2), Json::Null, Json::Null, Json::Null]);
    let files = with("cache.replication_group", |it: &mut ReplicationGroup| {
        it.cluster_mode = Value::Literal(true);
        it.shards = Value::Literal(Count(3));
    });
    let it = block(&files, "aws_elasticache_replication_group", "cache");
    assert_eq!(arguments(&it, names), [Json::Null, json!(3), json!(1), json!("enabled")]);
    let files = with("cache.replication_group", |it: &mut ReplicationGroup| {
        it.replicas = parameter("tasks");
    });
    let it = block(&files, "aws_elasticache_replication_group", "cache");
    assert_eq!(
        arguments(&it, names),
        [Json::Null, json!(1), json!("${var.tasks}"), json!("disabled")]
    );
}

#[test]
fn a_cache_without_encryption_on_the_way_has_no_mode_of_it() {
    let names = ["transit_encryption_enabled", "transit_encryption_mode"];
    let it = block(&everything(), "aws_elasticache_replication_group", "cache");
    assert_eq!(arguments(&it, names), [json!(true), json!("required")]);
    let encrypted = |value| {
        let files = with("cache.replication_group", |it: &mut ReplicationGroup| {
            it.encryption_in_transit = value;
        });
        arguments(&block(&files, "aws_elasticache_replication_group", "cache"), names)
    };
    assert_eq!(encrypted(Value::Literal(false)), [json!(false), Json::Null]);
    assert_eq!(
        encrypted(parameter("insights")),
        [json!("${var.insights}"), json!("${(var.insights ? \"required\" : null)}")]
    );
}

#[test]
fn the_name_of_a_cache_s_settings_says_their_family() {
    let it = block(&everything(), "aws_elasticache_parameter_group", "cache_parameter_group");
    assert_eq!(it["name"], json!("shop-production-cache-parameter-group-redis7"));
    assert_eq!(it["lifecycle"], json!({ "create_before_destroy": true }));
}

#[test]
fn a_file_system_has_its_settings_in_resources_of_their_own() {
    let files = everything();
    let it = block(&files, "aws_efs_file_system", "files");
    assert_eq!(it["encrypted"], json!(true));
    assert_eq!(it["lifecycle_policy"], json!({ "transition_to_ia": "AFTER_30_DAYS" }));
    let it = block(&files, "aws_efs_backup_policy", "files");
    assert_eq!(it["backup_policy"], json!({ "status": "ENABLED" }));
    let it = block(&files, "aws_efs_replication_configuration", "files");
    assert_eq!(it["destination"], json!({ "region": "eu-west-1" }));
    assert_eq!(it["source_file_system_id"], json!("${aws_efs_file_system.files.id}"));
    let it = block(&files, "aws_efs_access_point", "files_api");
    assert_eq!(it["posix_user"], json!({ "gid": 1000, "uid": 1000 }));
    assert_eq!(it["root_directory"]["creation_info"]["permissions"], json!("0750"));

    let files = with("files.file_system", |it: &mut FileSystem| {
        it.backups = parameter("insights");
        it.infrequent_access_after = Some(Value::Literal(Days(1)));
        it.replicate_to = None;
    });
    let it = block(&files, "aws_efs_file_system", "files");
    assert_eq!(it["lifecycle_policy"], json!({ "transition_to_ia": "AFTER_1_DAY" }));
    let it = block(&files, "aws_efs_backup_policy", "files");
    assert_eq!(
        it["backup_policy"]["status"],
        json!("${(var.insights ? \"ENABLED\" : \"DISABLED\")}")
    );
    assert_eq!(block(&files, "aws_efs_replication_configuration", "files"), Json::Null);
}

#[test]
fn mount_targets_are_repeated_by_zone() {
    let mut graph = testing::everything();
    let id = ResourceId::new(&["files.a.mount_target"]);
    let mut a = graph.resources.remove(&id).expect("it is in the graph");
    a.key = Some("a".to_string());
    let mut b = a.clone();
    b.id = ResourceId::new(&["files.b.mount_target"]);
    b.key = Some("b".to_string());
    graph.resources.extend([a, b].map(|it| (it.id.clone(), it)));
    let it =
        block(&write_graph("shop", "production", &graph).files(), "aws_efs_mount_target", "files");
    assert_eq!(it["for_each"], json!("${toset([\"a\", \"b\"])}"));
    assert_eq!(it["file_system_id"], json!("${aws_efs_file_system.files.id}"));
}

#[test]
fn buckets_are_private_encrypted_and_owned() {
    let files = everything();
    for name in ["assets", "logs"] {
        let it = block(&files, "aws_s3_bucket_public_access_block", name);
        let blocked = [
            "block_public_acls",
            "block_public_policy",
            "ignore_public_acls",
            "restrict_public_buckets",
        ];
        assert!(arguments(&it, blocked).iter().all(|it| it == &json!(true)), "{it}");
        let it = block(&files, "aws_s3_bucket_server_side_encryption_configuration", name);
        let by_default = &it["rule"]["apply_server_side_encryption_by_default"];
        assert_eq!(by_default["sse_algorithm"], json!("AES256"));
        let it = block(&files, "aws_s3_bucket_ownership_controls", name);
        assert_eq!(it["rule"], json!({ "object_ownership": "BucketOwnerEnforced" }));
    }
    let files = with("logs.bucket", |it: &mut Bucket| {
        it.kms_key = Some("key".into());
    });
    let it = block(&files, "aws_s3_bucket_server_side_encryption_configuration", "logs");
    assert_eq!(
        it["rule"],
        json!({
            "apply_server_side_encryption_by_default":
                { "kms_master_key_id": "key", "sse_algorithm": "aws:kms" },
            "bucket_key_enabled": true,
        })
    );
}

#[test]
fn settings_of_a_bucket_come_in_the_order_that_s3_needs() {
    let files = everything();
    let after = |kind, name| block(&files, kind, name)["depends_on"].clone();
    assert_eq!(
        after("aws_s3_bucket_replication_configuration", "assets"),
        json!(["aws_s3_bucket_versioning.assets"])
    );
    assert_eq!(
        after("aws_s3_bucket_lifecycle_configuration", "assets"),
        json!(["aws_s3_bucket_versioning.assets"])
    );
    assert_eq!(
        after("aws_s3_bucket_policy", "logs"),
        json!(["aws_s3_bucket_public_access_block.logs"])
    );
}

#[test]
fn a_bucket_without_versions_never_had_a_status() {
    let files = everything();
    assert_eq!(block(&files, "aws_s3_bucket_versioning", "logs"), Json::Null);
    let it = block(&files, "aws_s3_bucket_versioning", "assets");
    assert_eq!(it["versioning_configuration"], json!({ "status": "Enabled" }));
    let files = with("logs.bucket", |it: &mut Bucket| {
        it.versioning = parameter("insights");
    });
    let it = block(&files, "aws_s3_bucket_versioning", "logs");
    let status = &it["versioning_configuration"]["status"];
    assert_eq!(status, &json!("${(var.insights ? \"Enabled\" : \"Suspended\")}"));
}

#[test]
fn what_a_bucket_does_with_objects() {
    let files = everything();
    let it = block(&files, "aws_s3_bucket_lifecycle_configuration", "assets");
    assert_eq!(
        it["rule"],
        json!([{
            "abort_incomplete_multipart_upload": { "days_after_initiation": 7 },
            "expiration": { "days": 400 },
            "filter": { "prefix": "" },
            "id": "age",
            "noncurrent_version_expiration": { "noncurrent_days": 30 },
            "status": "Enabled",
            "transition": [{ "days": 30, "storage_class": "INTELLIGENT_TIERING" }],
        }])
    );
    let it = block(&files, "aws_s3_bucket_intelligent_tiering_configuration", "assets");
    assert_eq!(it["tiering"][1], json!({ "access_tier": "DEEP_ARCHIVE_ACCESS", "days": 180 }));
    let it = block(&files, "aws_s3_bucket_logging", "assets");
    assert_eq!(it["target_bucket"], json!("${aws_s3_bucket.logs.bucket}"));
    assert_eq!(it["target_prefix"], json!("assets/"));
    let it = block(&files, "aws_s3_bucket_replication_configuration", "assets");
    assert_eq!(it["rule"]["destination"]["replication_time"]["time"], json!({ "minutes": 15 }));
    let it = block(&files, "aws_s3_bucket_policy", "logs");
    assert_eq!(it["policy"], json!("${jsonencode(local.logs_bucket_policy)}"));
}

#[test]
fn buckets_without_a_name_start_with_that_of_the_architecture() {
    let it = block(&everything(), "aws_s3_bucket", "logs");
    assert_eq!(it["bucket_prefix"], json!("shop-production-logs-"));
    let long = super::write_graph("a".repeat(40).as_str(), "production", &testing::everything());
    let it = block(&long.files(), "aws_s3_bucket", "logs");
    assert_eq!(it["bucket_prefix"], json!(format!("{}-", "a".repeat(36))));
}

#[test]
fn the_value_of_a_secret_is_in_no_state() {
    let files = everything();
    let it = block(&files, "aws_secretsmanager_secret", "api_keys");
    assert_eq!(it["name"], json!("shop/api-keys"));
    assert_eq!(it["replica"], json!([{ "region": "eu-west-1" }]));
    let it = block(&files, "aws_secretsmanager_secret_version", "api_keys");
    assert_eq!(it["secret_string"], Json::Null);
    assert_eq!(
        it["secret_string_wo"],
        json!("${ephemeral.aws_secretsmanager_random_password.api_keys.random_password}")
    );
    assert_eq!(it["secret_string_wo_version"], json!(1));
    assert_eq!(it["version_stages"], json!(["AWSCURRENT", "MADEUP"]));
    assert_eq!(it["lifecycle"], json!({ "ignore_changes": ["version_stages"] }));
    let data: Json = serde_json::from_slice(&files["data.tf.json"]).expect("it is JSON");
    assert_eq!(
        data["ephemeral"]["aws_secretsmanager_random_password"]["api_keys"],
        json!({ "exclude_punctuation": true, "password_length": 32 })
    );
    let files = with("api_keys.secret", |it: &mut Secret| it.name = None);
    let it = block(&files, "aws_secretsmanager_secret", "api_keys");
    assert_eq!(
        arguments(&it, ["name", "name_prefix"]),
        [Json::Null, json!("shop-production-api-keys-")]
    );
}

/// The first alarm of the graph that is about one metric.
fn alarm() -> (String, String) {
    let graph = testing::everything();
    let mut alarms = graph.all::<Alarm>();
    let (_, resource, _) =
        alarms.find(|it| matches!(it.2.source, AlarmSource::Metric(_))).expect("there is an alarm");
    (resource.id.as_str().to_string(), super::address::name(resource))
}

#[test]
fn alarms_are_about_a_metric_or_a_share() {
    let (id, name) = alarm();
    let source = |source: AlarmSource| {
        let files = with(&id, |it: &mut Alarm| it.source = source);
        block(&files, "aws_cloudwatch_metric_alarm", &name)
    };
    let it = source(AlarmSource::Metric(metric(Statistic::Average)));
    let names = ["metric_name", "namespace", "statistic", "extended_statistic"];
    let expected =
        [json!("TargetResponseTime"), json!("AWS/ApplicationELB"), json!("Average"), Json::Null];
    assert_eq!(arguments(&it, names), expected);
    assert_eq!(it["dimensions"], json!({ "LoadBalancer": "${aws_lb.edge.arn_suffix}" }));
    let it = source(AlarmSource::Metric(metric(Statistic::P99)));
    assert_eq!(arguments(&it, ["statistic", "extended_statistic"]), [Json::Null, json!("p99")]);
    let it = source(AlarmSource::PercentOf {
        part: metric(Statistic::Sum),
        whole: metric(Statistic::Sum),
        label: "errors".into(),
    });
    assert_eq!(arguments(&it, ["metric_name", "period"]), [Json::Null, Json::Null]);
    assert_eq!(it["metric_query"][0]["id"], json!("part"));
    assert_eq!(it["metric_query"][0]["metric"]["stat"], json!("Sum"));
    assert_eq!(it["metric_query"][2]["expression"], json!(crate::spelling::SHARE));
    assert_eq!(it["metric_query"][2]["return_data"], json!(true));
}

#[test]
fn what_parameters_give_is_a_module_too() {
    let mut graph = testing::everything();
    changed(&mut graph, "database.instance", |it: &mut DbInstance| {
        it.class = parameter("image_tag");
        it.multi_az = parameter("insights");
        it.storage = Some(parameter("tasks"));
        it.deletion_protection = parameter("insights");
    });
    changed(&mut graph, "cache.replication_group", |it: &mut ReplicationGroup| {
        it.replicas = parameter("tasks");
        it.encryption_in_transit = parameter("insights");
        it.node_type = parameter("image_tag");
    });
    changed(&mut graph, "files.file_system", |it: &mut FileSystem| {
        it.backups = parameter("insights");
        it.infrequent_access_after = Some(parameter("tasks"));
    });
    changed(&mut graph, "assets.bucket", |it: &mut Bucket| {
        it.versioning = parameter("insights");
    });
    changed(&mut graph, "api_keys.secret", |it: &mut Secret| {
        it.generate = parameter("tasks");
    });
    let files = write_graph("shop", "production", &graph).files();
    let it = block(&files, "aws_efs_file_system", "files");
    let policy = json!({ "transition_to_ia": "AFTER_${var.tasks}_DAYS" });
    assert_eq!(it["lifecycle_policy"], policy);
    if let Ok(folder) = std::env::var("ARCHGEN_WRITE_PARAMETERS_MODULE") {
        for (path, text) in &files {
            std::fs::write(format!("{folder}/{path}"), text).expect("can be written");
        }
    }
}
