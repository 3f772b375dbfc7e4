"""Arguments of stateful resources whose change replaces them, from the pages of the provider's registry and the API."""

FORCES_REPLACEMENT = {
    "aws_db_instance": {"character_set_name", "db_name", "engine", "kms_key_id", "storage_encrypted", "timezone", "username", "availability_zone", "snapshot_identifier"},
    "aws_db_subnet_group": {"name"},
    "aws_db_parameter_group": {"name", "family", "description"},
    "aws_elasticache_replication_group": {"replication_group_id", "at_rest_encryption_enabled", "kms_key_id", "subnet_group_name", "security_group_names", "snapshot_arns",
                                          "snapshot_name", "data_tiering_enabled", "preferred_cache_cluster_azs", "port"},
    "aws_elasticache_subnet_group": {"name"},
    "aws_efs_file_system": {"creation_token", "encrypted", "kms_key_id", "performance_mode", "availability_zone_name"},
    "aws_efs_mount_target": {"file_system_id", "subnet_id", "ip_address"},
    "aws_efs_access_point": {"file_system_id", "posix_user", "root_directory"},
    "aws_s3_bucket": {"bucket", "bucket_prefix", "object_lock_enabled"},
    "aws_secretsmanager_secret": {"name", "name_prefix"},
    "aws_cloudwatch_log_group": {"name", "name_prefix", "log_group_class"},
}
# what holds data: a plan may not destroy or replace it
STATEFUL = {"aws_db_instance", "aws_rds_cluster", "aws_elasticache_replication_group", "aws_efs_file_system", "aws_s3_bucket", "aws_secretsmanager_secret",
            "aws_cloudwatch_log_group", "aws_dynamodb_table", "aws_kms_key"}


def replaces(kind, before, after):
    """Names of the arguments that make a change a replacement; what is not known yet is the same."""
    return sorted(name for name in FORCES_REPLACEMENT.get(kind, ()) if name in after and _differ(before.get(name), after[name]))


def _differ(before, after):
    from terraform import values
    return not values.unknown(after) and before != after
