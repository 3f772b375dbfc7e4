//! Lowers `tenant_pool!`: the tenants' log groups and alarms, the role that speaks for those who share tasks, the
//! dashboard, and whose every resource is. What tenants have besides are declarations ([`crate::tenants`]).

use std::collections::{BTreeMap, BTreeSet};

use super::load_balancer::{load_balancer_id, target_group_id};
use super::{Lower, attribute, iam};
use crate::declare::tenant_pool::TenantView;
use crate::declare::{EcsCluster, EcsService, TenantPool, Vpc};
use crate::node::Comparison;
use crate::resource::cloudwatch::{AlarmSource, Metric, Statistic, Widget};
use crate::resource::iam::{Condition, Role, Statement, Trust};
use crate::resource::tenancy::{Isolation, Quota, Tenancy, Tenant};
use crate::resource::{Alarm, Attribute, Dashboard, LogGroup, Ref, ResourceId};
use crate::tenant_fields::{ComputeIsolation, Sharing};
use crate::tenants::{KEY, has_stores, name_of, secret_prefix};
use crate::types::{Count, Number, Seconds};
use crate::value::{Text, Value};

/// The tag of a session that says for which tenant it is.
const SESSION_TAG: &str = "aws:RequestTag/tenant";
/// The variable of IAM's policies for the tenant of a session.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>
pub const SESSION_TENANT: &str = "${aws:PrincipalTag/tenant}";
/// The tag on everything that is a tenant's: costs can be told apart by it.
pub const TAG: &str = "tenant";
/// The most graphs of a dashboard.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html>
pub const MOST_WIDGETS: usize = 500;

/// Lowers what the pool makes itself.
pub fn lower_pool(pool: &TenantPool, cx: &mut Lower<'_>) {
    let Some(service) = cx.follow(&pool.service) else { return };
    let mut shares = Vec::new();
    let mut widgets = Vec::new();
    for (key, loc) in pool.keys() {
        let view = pool.tenant(&key, loc);
        let Some(isolation) = view.isolation_with(Some(service)) else { continue };
        if isolation.compute == ComputeIsolation::Pool {
            if isolation.logs == Sharing::PerTenant {
                lower_logs(pool, service, &key, &view, &isolation, cx);
            }
            if has_stores(&isolation) {
                shares.push(isolation);
            }
        }
        lower_alarms(pool, &key, &view, &isolation, cx);
        widgets.push(widget(pool, service, &key, &isolation, cx));
    }
    if !shares.is_empty() {
        lower_role(pool, service, &shares, cx);
    }
    if pool.dashboard.literal() == Some(&true) && !widgets.is_empty() {
        let name = Text::literal(format!("{}-{}", cx.stem(), pool.meta.identity()));
        cx.add(&pool.meta, &[&pool.meta.name, "dashboard"], Dashboard { name, widgets });
    }
}

/// `/tenants/shop-production/seats/acme`, where `key` may be a variable.
fn log_name(pool: &TenantPool, key: &str, cx: &Lower<'_>) -> String {
    format!("/tenants/{}/{}/{key}", cx.stem(), pool.meta.identity().replace('_', "-"))
}

/// Where the tasks that all share write what is about a tenant.
fn lower_logs(
    pool: &TenantPool,
    service: &EcsService,
    key: &str,
    view: &TenantView<'_>,
    isolation: &Isolation,
    cx: &mut Lower<'_>,
) {
    let cluster: Option<&EcsCluster> = cx.follow(&service.cluster);
    let retention = pool
        .log_retention
        .as_ref()
        .or(service.log_retention.as_ref())
        .or(cluster.map(|it| &it.log_retention));
    let group = LogGroup {
        name: Text::literal(log_name(pool, key, cx)),
        retention: retention.map_or(Value::Unknown, |it| it.value.clone()),
        kms_key: (isolation.keys == Sharing::PerTenant).then(|| key_arn(pool, key)),
    };
    cx.add_at(&pool.meta, view.loc, &[&pool.meta.name, key, "log_group"], group);
}

fn key_arn(pool: &TenantPool, key: &str) -> Text {
    attribute(&[&name_of(&pool.meta.name, key, Some(KEY)), "kms_key"], Attribute::Arn)
}

/// The role by which tasks that all share speak for one tenant: a session of it, tagged with the tenant's key, may
/// use what is that tenant's, and nothing of another's.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>
fn lower_role(pool: &TenantPool, service: &EcsService, shares: &[Isolation], cx: &mut Lower<'_>) {
    let has = |what: fn(&Isolation) -> bool| shares.iter().any(what);
    let mut statements = Vec::new();
    if has(|it| it.secrets == Sharing::PerTenant || it.database.is_some()) {
        let prefix = secret_prefix(&cx.stem(), pool.meta.identity(), SESSION_TENANT);
        statements.push(Statement::allow(
            "ReadSecretsOfTheTenant",
            &["secretsmanager:GetSecretValue"],
            vec![iam::arn("secretsmanager").then("secret:").then(prefix).then("*")],
        ));
    }
    if has(|it| it.logs == Sharing::PerTenant) {
        let group = log_name(pool, SESSION_TENANT, cx);
        statements.push(Statement::allow(
            "WriteLogsOfTheTenant",
            &["logs:CreateLogStream", "logs:PutLogEvents"],
            vec![iam::arn("logs").then("log-group:").then(group).then(":*")],
        ));
    }
    if has(|it| it.keys == Sharing::PerTenant) {
        let tagged = Condition {
            operator: "StringEquals",
            key: "aws:ResourceTag/tenant",
            value: Text::literal(SESSION_TENANT),
        };
        statements.push(Statement {
            conditions: vec![tagged],
            ..Statement::allow(
                "DecryptWhatIsTheTenants",
                &["kms:Decrypt"],
                vec![iam::arn("kms").then("key/*")],
            )
        });
    }
    let name = pool.meta.name.as_str();
    let task_role = attribute(&[&service.meta.name, "task_role"], Attribute::Arn);
    let role = Role {
        trust: Trust::Sessions { roles: vec![task_role], tag: SESSION_TAG },
        description: format!("One tenant of {} in {}", pool.meta.identity(), cx.stem()),
        managed_policies: Vec::new(),
        statements,
    };
    let role = cx.add(&pool.meta, &[name, "tenant_role"], role);
    cx.output(
        &[name, "role"],
        format!("The ARN of the role whose sessions speak for a tenant of {name}"),
        role.attribute(Attribute::Arn),
    );
}

/// Where the requests of a tenant are counted: at its own targets, or by the tasks that all share, which send
/// `Requests` with the dimension `Tenant`.
fn requests(pool: &TenantPool, key: &str, isolation: &Isolation, cx: &Lower<'_>) -> Option<Metric> {
    match isolation.compute {
        ComputeIsolation::Bridge | ComputeIsolation::Silo => {
            at_own_targets(pool, key, isolation, "RequestCount")
        }
        ComputeIsolation::Pool => Some(Metric {
            namespace: Text::literal(format!("{}/{}", cx.stem(), pool.meta.identity())),
            name: Text::literal("Requests"),
            dimensions: vec![("Tenant".to_string(), Text::literal(key))],
            statistic: Statistic::Sum,
        }),
    }
}

/// A metric of the targets of a tenant's own service; none if it has none.
fn at_own_targets(
    pool: &TenantPool,
    key: &str,
    isolation: &Isolation,
    name: &str,
) -> Option<Metric> {
    if isolation.compute == ComputeIsolation::Pool || !isolation.routed {
        return None;
    }
    let alb = &pool.balancer.as_ref()?.literal()?.name;
    let service = name_of(&pool.meta.name, key, None);
    let full_name = Attribute::FullName;
    let statistic = if name == "UnHealthyHostCount" { Statistic::Maximum } else { Statistic::Sum };
    Some(Metric {
        namespace: Text::literal("AWS/ApplicationELB"),
        name: Text::literal(name),
        dimensions: vec![
            ("LoadBalancer".to_string(), load_balancer_id(alb).attribute(full_name)),
            ("TargetGroup".to_string(), target_group_id(alb, &service).attribute(full_name)),
        ],
        statistic,
    })
}

/// The alarms of a tenant: it goes beyond its quota of requests, or has tasks of its own that are not healthy.
fn lower_alarms(
    pool: &TenantPool,
    key: &str,
    view: &TenantView<'_>,
    isolation: &Isolation,
    cx: &mut Lower<'_>,
) {
    let topic = pool.notify.as_ref().and_then(|it| it.literal());
    let actions: Vec<Text> =
        topic.iter().map(|it| attribute(&[&it.name, "topic"], Attribute::Arn)).collect();
    let name = pool.meta.name.as_str();
    let physical = format!("{}-{}-{key}", cx.stem(), pool.meta.identity());
    let alarm = |name: String, description: String, metric, threshold| Alarm {
        name: Text::literal(name),
        description: Text::literal(description),
        source: AlarmSource::Metric(metric),
        comparison: Comparison::Greater,
        threshold,
        period: Value::Literal(Seconds(60)),
        periods: Value::Literal(Count(5)),
        datapoints: None,
        missing_is_breaching: false,
        actions: actions.clone(),
    };
    if let (Some(quota), Some(metric)) = (view.requests(), requests(pool, key, isolation, cx)) {
        let threshold = quota.value.map_ref(|it| Number(f64::from(it.0)));
        let text = format!("{key} of {} sends more requests than its quota", pool.meta.identity());
        let it = alarm(format!("{physical}-requests"), text, metric, threshold);
        cx.add_at(&pool.meta, quota.loc, &[name, key, "requests", "alarm"], it);
    }
    if let Some(metric) = at_own_targets(pool, key, isolation, "UnHealthyHostCount") {
        let text = format!("tasks of {key} of {} are not healthy", pool.meta.identity());
        let threshold = Value::Literal(Number(0.0));
        let it = alarm(format!("{physical}-unhealthy"), text, metric, threshold);
        cx.add_at(&pool.meta, view.loc, &[name, key, "unhealthy", "alarm"], it);
    }
}

/// The row of a tenant in the dashboard.
fn widget(
    pool: &TenantPool,
    service: &EcsService,
    key: &str,
    isolation: &Isolation,
    cx: &Lower<'_>,
) -> Widget {
    let mut metrics: Vec<Metric> = requests(pool, key, isolation, cx).into_iter().collect();
    if isolation.compute != ComputeIsolation::Pool
        && let Some(cluster) = service.cluster.literal()
    {
        let own = name_of(&pool.meta.name, key, None);
        for name in ["CPUUtilization", "MemoryUtilization"] {
            metrics.push(Metric {
                namespace: Text::literal("AWS/ECS"),
                name: Text::literal(name),
                dimensions: vec![
                    (
                        "ClusterName".to_string(),
                        attribute(&[&cluster.name, "cluster"], Attribute::Name),
                    ),
                    ("ServiceName".to_string(), attribute(&[&own, "service"], Attribute::Name)),
                ],
                statistic: Statistic::Average,
            });
        }
    }
    Widget { title: key.to_string(), metrics }
}

/// What a tenant may use, as far as it is known.
fn quota(it: &TenantView<'_>) -> Quota {
    Quota {
        cpu: it.cpu().and_then(|it| it.literal()).map(|it| it.0),
        memory: it.memory().and_then(|it| it.literal()).map(|it| it.0),
        storage: it.storage().and_then(|it| it.literal()).map(|it| it.0),
        connections: it.connections().and_then(|it| it.literal()).map(|it| it.0),
    }
}

/// Writes down whose every resource is: by its name, which has the pool's name and the tenant's key.
pub fn claim(cx: &mut Lower<'_>) {
    let architecture = cx.architecture;
    let mut tenancies: BTreeMap<String, Tenancy> = BTreeMap::new();
    for pool in architecture.all::<TenantPool>() {
        let service: Option<&EcsService> = cx.follow(&pool.service);
        let mut tenants = BTreeMap::new();
        for (key, loc) in pool.keys() {
            let view = pool.tenant(&key, loc);
            let Some(isolation) = view.isolation_with(service) else { continue };
            let quota = quota(&view);
            tenants.insert(key, Tenant { loc, isolation, quota, resources: BTreeSet::new() });
        }
        let tenancy = Tenancy {
            name: pool.meta.name.clone(),
            loc: pool.meta.macro_loc,
            at_most: pool.at_most.literal().map_or(u64::MAX, |it| u64::from(it.0)),
            shared_service: service
                .map(|it| Ref::new(ResourceId::new(&[&it.meta.name, "service"]))),
            database: pool
                .database
                .as_ref()
                .and_then(|it| it.literal())
                .map(|it| Ref::new(ResourceId::new(&[&it.name, "instance"]))),
            tenants,
        };
        tenancies.insert(pool.meta.name.clone(), tenancy);
    }
    if tenancies.is_empty() {
        return;
    }
    let networks: BTreeSet<&str> =
        architecture.all::<Vpc>().map(|it| it.meta.name.as_str()).collect();
    for (id, resource) in &mut cx.graph.resources {
        // A tier of a network and one of its zones may be called like a pool and a tenant.
        if networks.contains(resource.declaration.as_str()) {
            continue;
        }
        let parts: Vec<&str> = id.as_str().split('.').collect();
        let owner = parts
            .windows(2)
            .find(|it| tenancies.get(it[0]).is_some_and(|pool| pool.tenants.contains_key(it[1])));
        let Some([pool, key]) = owner else { continue };
        let tenants = tenancies.get_mut(*pool).map(|it| &mut it.tenants);
        let Some(tenant) = tenants.and_then(|it| it.get_mut(*key)) else { continue };
        resource.key = Some(key.to_string());
        tenant.resources.insert(id.clone());
        let tags = cx.graph.resource_tags.entry(id.clone()).or_default();
        tags.insert(TAG.to_string(), key.to_string());
    }
    cx.graph.tenancies = tenancies;
}
