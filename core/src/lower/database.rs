//! Lowers `rds_postgres!`: a database, its subnet and parameter group, replicas and monitoring role.

use super::{Lower, endpoint};
use crate::declare::{Declaration, RdsPostgres};
use crate::resource::iam::Trust;
use crate::resource::rds::Password;
use crate::resource::secrets::Secret;
use crate::resource::{
    Attribute, DbInstance, DbParameterGroup, DbSubnetGroup, Ref, Role, SecurityGroup,
};
use crate::types::{Count, Days, Seconds};
use crate::value::{Text, Value};

/// The setting that refuses connections without TLS; on by default from PostgreSQL 15.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html>
pub const FORCE_SSL: &str = "rds.force_ssl";

/// The groups on a declaration's interfaces, and the derived one added; empty where unknown.
pub(super) fn groups(cx: &mut Lower<'_>, declaration: &Declaration) -> Vec<Ref<SecurityGroup>> {
    let Some(endpoint) = endpoint(cx.architecture, declaration) else {
        return Vec::new();
    };
    cx.derive_group(declaration.meta(), &endpoint);
    endpoint.groups.literal().cloned().unwrap_or_default()
}

/// `postgres16` of `16.6`.
fn family(version: &str) -> Option<String> {
    let major = version.split('.').next()?;
    let known = !major.is_empty() && major.bytes().all(|it| it.is_ascii_digit());
    known.then(|| format!("postgres{major}"))
}

/// Lowers a database.
pub fn lower(database: &RdsPostgres, cx: &mut Lower<'_>) {
    let meta = &database.meta;
    let name = meta.name.as_str();
    let groups = groups(cx, &Declaration::RdsPostgres(Box::new(database.clone())));
    let subnets = cx.subnets(&database.subnets);
    let subnet_group = cx.add(
        meta,
        &[name, "subnet_group"],
        DbSubnetGroup { description: format!("Where {} may stand", meta.identity()), subnets },
    );
    let parameter_group = parameter_group(database, cx);
    let monitoring = monitoring(database, cx);
    let password = password(database, cx);
    let secret = match &password {
        Password::Managed { .. } => None,
        Password::Secret(it) => Some(it.attribute(Attribute::Arn)),
    };
    let instance = DbInstance {
        kms_key: database.kms_key.as_ref().map(|it| cx.field_text(it)),
        password: Some(password),
        identifier: database.identifier.as_ref().map(|it| cx.string_text(it)),
        engine_version: Some(database.version.value.clone()),
        class: database.class.value.clone(),
        database: database.database.as_ref().map(|it| it.value.clone()),
        username: Some(database.username.value.clone()),
        port: Some(database.port.value.clone()),
        replica_of: None,
        storage: Some(storage(database)),
        max_storage: max_storage(database),
        storage_type: "gp3",
        multi_az: database.multi_az.value.clone(),
        subnet_group: Some(subnet_group),
        groups,
        parameter_group,
        backup_retention: Some(database.backups.value.clone()),
        backup_window: Some(database.backup_window.value.clone()),
        maintenance_window: Some(database.maintenance_window.value.clone()),
        performance_insights: database.performance_insights.as_ref().map(|it| it.value.clone()),
        monitoring,
        auto_minor_version_upgrade: database.auto_minor_version_upgrade.value.clone(),
        deletion_protection: database.deletion_protection.value.clone(),
        log_exports: vec!["postgresql", "upgrade"],
    };
    let source = cx.add(meta, &[name, "instance"], instance.clone());
    replicas(database, &instance, &source, cx);
    cx.output(
        &[name, "endpoint"],
        format!("The host name of {name}"),
        source.attribute(Attribute::EndpointAddress),
    );
    cx.output(
        &[name, "secret"],
        format!("The ARN of the secret with the user name and password of {name}"),
        secret.unwrap_or_else(|| source.attribute(Attribute::ManagedSecretArn)),
    );
}

/// Where the first user's password is kept.
fn password(database: &RdsPostgres, cx: &mut Lower<'_>) -> Password {
    let kms_key = database.secret_kms_key.as_ref().map(|it| cx.field_text(it));
    if !database.has_secret() {
        return Password::Managed { kms_key };
    }
    let meta = &database.meta;
    let secret = Secret {
        name: None,
        description: Text::literal(format!("The first user of {}", meta.identity())),
        username: Some(database.username.value.clone()),
        fields: Vec::new(),
        generate: Value::Literal(Count(32)),
        kms_key,
        replica_regions: Vec::new(),
    };
    Password::Secret(cx.add(meta, &[&meta.name, "secret"], secret))
}

/// Storage at the start.
fn storage(database: &RdsPostgres) -> Value<crate::types::Storage> {
    match database.storage.literal() {
        Some(bounds) => bounds.first.value.clone(),
        None => Value::Unknown,
    }
}

/// The most that storage may grow to; none where it shall not grow.
fn max_storage(database: &RdsPostgres) -> Option<Value<crate::types::Storage>> {
    let bounds = database.storage.literal()?;
    (bounds.first.value != bounds.last.value).then(|| bounds.last.value.clone())
}

/// The engine's settings, by name.
fn parameter_group(database: &RdsPostgres, cx: &mut Lower<'_>) -> Ref<DbParameterGroup> {
    let name = database.meta.name.as_str();
    let force = match database.force_tls.literal() {
        Some(true) => Text::literal("1"),
        Some(false) => Text::literal("0"),
        None => Text::unknown(),
    };
    let mut parameters = vec![(FORCE_SSL.to_string(), force)];
    if let Some(map) = database.parameters.as_ref().and_then(|it| it.literal()) {
        for entry in map.0.iter().filter(|it| it.name != FORCE_SSL) {
            parameters.push((entry.name.clone(), cx.field_text(&entry.field)));
        }
    }
    parameters.sort();
    let family = match database.version.literal().and_then(|it| family(it)) {
        Some(it) => Value::Literal(it),
        None => Value::Unknown,
    };
    let group = DbParameterGroup {
        description: format!("Settings of {}", database.meta.identity()),
        family,
        parameters,
    };
    cx.add(&database.meta, &[name, "parameter_group"], group)
}

/// The role that RDS takes to send what Enhanced Monitoring measures.
fn monitoring(database: &RdsPostgres, cx: &mut Lower<'_>) -> Option<(Value<Seconds>, Ref<Role>)> {
    let interval = database.enhanced_monitoring.as_ref()?.value.clone();
    let name = database.meta.name.as_str();
    let role = Role {
        trust: Trust::Service("monitoring.rds.amazonaws.com"),
        description: format!(
            "Lets RDS send what Enhanced Monitoring measures of {}",
            database.meta.identity()
        ),
        managed_policies: vec!["service-role/AmazonRDSEnhancedMonitoringRole"],
        statements: Vec::new(),
    };
    Some((interval, cx.add(&database.meta, &[name, "monitoring_role"], role)))
}

/// The read replicas. Their number is their identity: taking one away removes the last.
fn replicas(
    database: &RdsPostgres,
    instance: &DbInstance,
    source: &Ref<DbInstance>,
    cx: &mut Lower<'_>,
) {
    let count = database.replicas.literal().map_or(0, |it| it.0.min(15));
    for number in 1..=count {
        let replica = DbInstance {
            // It has the key of what it copies.
            kms_key: None,
            password: None,
            identifier: instance.identifier.clone().map(|it| it.then(format!("-replica-{number}"))),
            engine_version: None,
            database: None,
            username: None,
            port: None,
            replica_of: Some(source.clone()),
            storage: None,
            multi_az: Value::Literal(false),
            // In the Region of its source a replica stands in the source's subnet group.
            subnet_group: None,
            backup_retention: None::<Value<Days>>,
            backup_window: None,
            ..instance.clone()
        };
        let number = number.to_string();
        let name = database.meta.name.as_str();
        let replica = cx.add(&database.meta, &[name, "replica", &number], replica);
        cx.output(
            &[name, "replica", &number, "endpoint"],
            format!("The host name of replica {number} of {name}, for reading"),
            replica.attribute(Attribute::EndpointAddress),
        );
    }
}
