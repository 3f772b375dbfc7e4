//! Checks of `tenant_pool!`: its keys (AG0611), how many there are (AG0612), what single tenants differ in (AG0613),
//! promises that cannot be kept (AG0614), and quotas beyond what there is (AG0615).

use std::collections::BTreeMap;

use super::Context;
use crate::codes::Code;
use crate::declare::tenant_pool::{KEY_LIMIT, PLACEHOLDER, TenantView, is_key};
use crate::declare::{Alb, EcsService, RdsPostgres, TenantPool};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::lower::route::Pattern;
use crate::lower::tenants::MOST_WIDGETS;
use crate::resource::tenancy::Isolation;
use crate::service_fields::VolumeKind;
use crate::suggest;
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation, Sharing, TenantList};

/// Checks a pool.
pub fn check(pool: &TenantPool, cx: &mut Context<'_>) {
    check_keys(pool, cx);
    check_count(pool, cx);
    check_overrides(pool, cx);
    check_routing(pool, cx);
    check_promises(pool, cx);
    check_quotas(pool, cx);
    check_dashboard(pool, cx);
}

/// AG0611: keys that cannot be, or are there twice.
fn check_keys(pool: &TenantPool, cx: &mut Context<'_>) {
    let Some(TenantList::Named(all)) = pool.tenants.literal() else { return };
    let mut seen: BTreeMap<&str, Loc> = BTreeMap::new();
    for field in all {
        let Some(key) = field.literal() else { continue };
        if !is_key(key) {
            let message = format!("`{key}` cannot be the key of a tenant");
            cx.push(Diagnostic::new(Code::AG0611, field.loc, message).help(format!(
                "write up to {KEY_LIMIT} lower-case letters, digits and single hyphens, a letter first: names of \
                 resources and hosts are made from it"
            )));
        } else if let Some(first) = seen.insert(key, field.loc) {
            let message = format!("the tenant `{key}` is there twice");
            cx.push(
                Diagnostic::new(Code::AG0611, field.loc, message)
                    .label(first, "it is there first")
                    .help("keep one of them"),
            );
        }
    }
    if all.is_empty() {
        let message = format!("`{}` has no tenants", pool.meta.name);
        cx.push(
            Diagnostic::new(Code::AG0611, pool.tenants.loc, message)
                .help("name one, or leave the pool out"),
        );
    }
}

/// AG0612: more tenants than there may be, at the first that is too many.
fn check_count(pool: &TenantPool, cx: &mut Context<'_>) {
    let (Some(list), Some(most)) = (pool.tenants.literal(), pool.at_most.literal()) else { return };
    let count = list.len();
    if count <= most.0 as usize {
        return;
    }
    let loc = match list {
        TenantList::Named(all) => all.get(most.0 as usize).map_or(pool.tenants.loc, |it| it.loc),
        TenantList::Numbered(_) => pool.tenants.loc,
    };
    let message = format!("`{}` has {count} tenants, and {most} at most", pool.meta.name);
    cx.push(
        Diagnostic::new(Code::AG0612, super::or_loc(loc, pool.meta.macro_loc), message)
            .label(pool.at_most.loc, format!("{most} at most"))
            .help(
                "raise `at_most`, once `archgen isolation` shows that there is room for more, or begin another \
                 pool",
            ),
    );
}

/// AG0613: what a tenant differs in that is none.
fn check_overrides(pool: &TenantPool, cx: &mut Context<'_>) {
    let Some(list) = pool.tenants.literal() else { return };
    let is_known = match list {
        TenantList::Named(all) => all.iter().all(|it| it.literal().is_some()),
        TenantList::Numbered(_) => true,
    };
    if !is_known {
        return;
    }
    let keys = list.keys(pool.tenants.loc);
    for (name, loc, _) in pool.known_overrides() {
        if keys.iter().all(|(key, _)| key != name) {
            let message = format!("`{}` has no tenant `{name}`", pool.meta.name);
            let (label, similar) = match list {
                TenantList::Named(_) => {
                    let known = keys.iter().map(|(key, _)| key.as_str());
                    ("its tenants".to_string(), suggest::did_you_mean(name, known))
                }
                TenantList::Numbered(_) => {
                    let key =
                        |it: Option<&(String, Loc)>| it.map_or("", |it| it.0.as_str()).to_string();
                    let (first, last) = (key(keys.first()), key(keys.last()));
                    (format!("its tenants are `{first}` to `{last}`"), None)
                }
            };
            cx.push(
                Diagnostic::new(Code::AG0613, loc, message)
                    .label(pool.tenants.loc, label)
                    .maybe_help(similar),
            );
        }
    }
}

fn cannot(loc: Loc, message: String, help: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::AG0614, loc, message).help(help.into())
}

/// AG0614: requests that cannot be told apart.
fn check_routing(pool: &TenantPool, cx: &mut Context<'_>) {
    let name = &pool.meta.name;
    match (&pool.route_by, &pool.balancer) {
        (Some(by), None) => {
            cx.push(cannot(
                by.loc,
                format!("`{name}` has `route_by` and no load balancer"),
                "add `balancer`",
            ));
        }
        (None, Some(balancer)) => {
            cx.push(cannot(
                balancer.loc,
                format!("`{name}` has a load balancer that cannot tell its tenants apart"),
                format!("add `route_by: \"{PLACEHOLDER}.example.com\"`"),
            ));
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    if let Some(by) = &pool.route_by
        && let Some(text) = by.literal()
    {
        if text.contains(PLACEHOLDER) {
            if let Err(why) = Pattern::parse(&text.replace(PLACEHOLDER, "tenant")) {
                cx.push(cannot(
                    by.loc,
                    format!("`{text}` {why}"),
                    format!(
                        "write a host such as `\"{PLACEHOLDER}.example.com\"`, a path such as \
                         `\"/t/{PLACEHOLDER}/*\"`, or a header such as `\"X-Tenant: {PLACEHOLDER}\"`"
                    ),
                ));
            }
        } else {
            cx.push(cannot(
                by.loc,
                format!("`{text}` is the same for every tenant"),
                format!("write `{PLACEHOLDER}` where the key of the tenant stands"),
            ));
        }
    }
    let alb: Option<&Alb> = pool.balancer.as_ref().and_then(|it| cx.follow(it));
    let service: Option<&EcsService> = cx.follow(&pool.service);
    let (Some(alb), Some(service)) = (alb, service) else { return };
    let routes: Vec<_> = alb.known_routes().collect();
    let leads = |it: &&&crate::lower::route::Route| {
        it.literal()
            .is_none_or(|it| it.value.literal().is_none_or(|it| it.name() == service.meta.name))
    };
    let is_shared = pool
        .keys()
        .iter()
        .any(|(key, loc)| pool.tenant(key, *loc).compute() == Some(ComputeIsolation::Pool));
    if is_shared && alb.routes.literal().is_some() && !routes.iter().any(|it| leads(&it)) {
        cx.push(
            cannot(
                pool.meta.field("balancer"),
                format!(
                    "`{}` has no route to `{}`, which tenants of `{name}` share",
                    alb.meta.name, service.meta.name
                ),
                format!(
                    "add `\"/\" => {}` to the routes of `{}`",
                    service.meta.name, alb.meta.name
                ),
            )
            .label(alb.routes.loc, "the routes"),
        );
    }
    for (key, loc) in pool.keys() {
        let Some(text) = pool.pattern(&key) else { continue };
        let Some(same) = routes
            .iter()
            .find_map(|it| it.literal().map(|it| &it.key).filter(|it| it.literal() == Some(&text)))
        else {
            continue;
        };
        cx.push(
            cannot(
                loc,
                format!("the requests of `{key}`, `{text}`, have a route of their own"),
                "remove the route, or give the tenant another key",
            )
            .label(same.loc, "the route is here"),
        );
    }
}

/// AG0614: promises that what tenants are made of cannot keep.
fn check_promises(pool: &TenantPool, cx: &mut Context<'_>) {
    let service: Option<&EcsService> = cx.follow(&pool.service);
    // One finding for each thing that cannot be, at the first tenant that has it.
    let mut said = Vec::new();
    for (key, loc) in pool.keys() {
        let view = pool.tenant(&key, loc);
        let Some(isolation) = view.isolation() else { continue };
        for (what, diagnostic) in promises(pool, &key, &isolation, service) {
            if !said.contains(&what) {
                said.push(what);
                cx.push(diagnostic.label(loc, format!("`{key}` is the first such tenant")));
            }
        }
    }
}

fn promises(
    pool: &TenantPool,
    key: &str,
    isolation: &Isolation,
    service: Option<&EcsService>,
) -> Vec<(&'static str, Diagnostic)> {
    let mut all = Vec::new();
    let place = |field: &str| {
        let own = pool.known_overrides().find(|(name, _, _)| *name == key);
        let own = own.and_then(|(_, _, it)| it.literal());
        let isolation = pool.isolation.literal();
        let loc = match field {
            "network" => own
                .and_then(|it| it.network.as_ref())
                .or(isolation.map(|it| &it.network))
                .map(|it| it.loc),
            _ => own
                .and_then(|it| it.compute.as_ref())
                .or(isolation.map(|it| &it.compute))
                .map(|it| it.loc),
        };
        super::or_loc(loc.unwrap_or(Loc::NONE), pool.meta.field("isolation"))
    };
    let name = &pool.meta.name;
    if isolation.network == Sharing::PerTenant && isolation.compute != ComputeIsolation::Silo {
        let why = match isolation.compute {
            ComputeIsolation::Pool => "share tasks",
            ComputeIsolation::Bridge | ComputeIsolation::Silo => "share a security group",
        };
        all.push((
            "network",
            cannot(
                place("network"),
                format!("tenants of `{name}` {why}, and cannot be apart in the network"),
                "write `compute: Silo`, or `network: Shared`",
            )
            .label(place("compute"), format!("`compute` is `{}`", isolation.compute.word())),
        ));
    }
    if isolation.compute == ComputeIsolation::Bridge
        && isolation.database == Some(DatabaseIsolation::Instance)
    {
        all.push((
            "database",
            cannot(
                place("compute"),
                format!(
                    "tenants of `{name}` share a security group, by which each would reach the others' databases"
                ),
                "write `compute: Silo`, or `database: Database`",
            ),
        ));
    }
    let Some(service) = service else { return all };
    if isolation.compute == ComputeIsolation::Pool {
        return all;
    }
    let file_system =
        service.known_volumes().find(|it| matches!(it.source.literal(), Some(VolumeKind::Efs(_))));
    if let Some(volume) = file_system {
        all.push((
            "volumes",
            cannot(
                place("compute"),
                format!(
                    "`{}` has a file system, which tenants with tasks of their own would share",
                    service.meta.name
                ),
                "write `compute: Pool`, or keep their files in a bucket",
            )
            .label(volume.source.loc, "the file system"),
        ));
    }
    if isolation.routed && service.port.is_none() {
        all.push((
            "port",
            cannot(
                place("compute"),
                format!("`{}` has no port that requests of tenants could go to", service.meta.name),
                "add `port` to the service",
            ),
        ));
    }
    all
}

/// Whether a pool promises what it cannot keep, which has been said: nothing more is proved of it.
pub(super) fn cannot_keep(pool: &TenantPool, cx: &Context<'_>) -> bool {
    let service: Option<&EcsService> = cx.follow(&pool.service);
    pool.keys().iter().any(|(key, loc)| {
        let isolation = pool.tenant(key, *loc).isolation();
        isolation.is_some_and(|it| !promises(pool, key, &it, service).is_empty())
    })
}

/// The sum of what tenants of one kind may use, with the first that goes beyond what there is.
struct Sum {
    total: u64,
    beyond: Option<(usize, Loc)>,
}

fn sum<'a, T: 'a>(
    tenants: &[(String, TenantView<'a>)],
    limit: u64,
    of: impl Fn(&TenantView<'a>) -> Option<&'a Field<T>>,
    amount: impl Fn(&T) -> u64,
) -> Sum {
    let mut sum = Sum { total: 0, beyond: None };
    for (position, (_, view)) in tenants.iter().enumerate() {
        let Some(field) = of(view) else { continue };
        let Some(it) = field.literal() else { continue };
        sum.total += amount(it);
        if sum.total > limit && sum.beyond.is_none() {
            sum.beyond = Some((position, super::or_loc(field.loc, view.loc)));
        }
    }
    sum
}

/// AG0615: the quotas of tenants that share something are more than there is of it.
fn check_quotas(pool: &TenantPool, cx: &mut Context<'_>) {
    let all: Vec<(String, TenantView<'_>)> = pool
        .keys()
        .into_iter()
        .map(|(key, loc)| {
            let view = pool.tenant(&key, loc);
            (key, view)
        })
        .collect();
    let sharing: Vec<(String, TenantView<'_>)> = all
        .iter()
        .filter(|(_, it)| it.compute() == Some(ComputeIsolation::Pool))
        .cloned()
        .collect();
    if let Some(service) = cx.follow::<EcsService>(&pool.service) {
        let tasks = service.tasks.literal().and_then(|it| it.last.literal());
        let (cpu, memory) = (service.cpu.literal(), service.memory.literal());
        if let (Some(tasks), Some(cpu)) = (tasks, cpu) {
            let limit = u64::from(tasks.0) * u64::from(cpu.0);
            let sum = sum(&sharing, limit, TenantView::cpu, |it| u64::from(it.0));
            let place = (service.cpu.loc, format!("{tasks} tasks of {} have {limit}", cpu.0));
            beyond(pool, &sharing, &sum, ("tasks", "CPU units"), limit, place, cx);
        }
        if let (Some(tasks), Some(memory)) = (tasks, memory) {
            let limit = u64::from(tasks.0) * u64::from(memory.0);
            let sum = sum(&sharing, limit, TenantView::memory, |it| u64::from(it.0));
            let place = (service.memory.loc, format!("{tasks} tasks of {memory} have {limit}MB"));
            beyond(pool, &sharing, &sum, ("tasks", "MB of memory"), limit, place, cx);
        }
    }
    let rows: Vec<(String, TenantView<'_>)> =
        all.into_iter().filter(|(_, it)| !it.has_instance()).collect();
    let database: Option<&RdsPostgres> = pool.database.as_ref().and_then(|it| cx.follow(it));
    if let Some(database) = database
        && let Some(storage) = database.storage.literal().and_then(|it| it.last.literal())
    {
        let limit = u64::from(storage.0);
        let sum = sum(&rows, limit, TenantView::storage, |it| u64::from(it.0));
        let place = (database.storage.loc, format!("it grows to {storage}"));
        beyond(pool, &rows, &sum, ("a database", "GB of storage"), limit, place, cx);
    }
}

fn beyond(
    pool: &TenantPool,
    tenants: &[(String, TenantView<'_>)],
    sum: &Sum,
    (shared, what): (&str, &str),
    limit: u64,
    place: (Loc, String),
    cx: &mut Context<'_>,
) {
    let Some((position, loc)) = sum.beyond else { return };
    let key = tenants.get(position).map_or("", |(key, _)| key.as_str());
    let message = format!(
        "the {} tenants of `{}` that share {shared} may use {} {what}, and there are {limit}",
        tenants.len(),
        pool.meta.name,
        sum.total
    );
    cx.push(
        Diagnostic::new(Code::AG0615, super::or_loc(loc, pool.meta.macro_loc), message)
            .label(place.0, place.1)
            .note(match position {
                0 => format!("there is not enough for `{key}`, the first of them"),
                1 => format!("there is enough for the first of them, and not for `{key}`"),
                _ => {
                    format!("there is enough for the first {position} of them, and not for `{key}`")
                }
            })
            .help("lower the quotas, give it more, or give tenants their own"),
    );
}

/// AG0615: more rows than a dashboard has.
fn check_dashboard(pool: &TenantPool, cx: &mut Context<'_>) {
    let count = pool.keys().len();
    if pool.dashboard.literal() != Some(&true) || count <= MOST_WIDGETS {
        return;
    }
    let message = format!(
        "the dashboard of `{}` would have {count} graphs, and CloudWatch takes {MOST_WIDGETS}",
        pool.meta.name
    );
    let loc = super::or_loc(pool.dashboard.loc, pool.meta.macro_loc);
    cx.push(Diagnostic::new(Code::AG0615, loc, message).help("write `dashboard: false`"));
}
