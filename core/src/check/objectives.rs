//! Whether the architecture can keep what `objectives!` promises.
//!
//! Every figure here is an upper bound: what is not known counts as the best it could be, so only
//! what can certainly not be kept is reported.

use std::collections::{BTreeMap, BTreeSet};

use super::copies::{self, NewestCopy, time};
use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::ecs_cluster::ClusterCapacity;
use crate::declare::objectives::RegionFailure;
use crate::declare::{
    Alb, EcsService, Efs, Kind, Meta, Objectives, RdsPostgres, Redis, TenantPool,
};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::lower::cache;
use crate::types::Seconds;

/// Holds every promise against what the declarations can keep.
pub fn check(cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    for objectives in architecture.all::<Objectives>() {
        tiers(objectives, cx);
        recovery_points(objectives, cx);
        recovery_times(objectives, cx);
        availability(objectives, cx);
    }
}

/// The names of what the promise leaves out; none if that is not known.
fn left_out(objectives: &Objectives) -> Option<Vec<&str>> {
    let Some(field) = &objectives.may_lose else { return Some(Vec::new()) };
    field.literal()?.iter().map(|it| it.literal().map(|it| it.name.as_str())).collect()
}

/// The names of what tiers hold: each is held to its tier's promise only. None if that is not known.
fn in_tiers(objectives: &Objectives) -> Option<BTreeSet<&str>> {
    let Some(field) = &objectives.tiers else { return Some(BTreeSet::new()) };
    let mut all = BTreeSet::new();
    for tier in &field.literal()?.0 {
        for it in tier.field.literal()?.holds.literal()? {
            all.insert(it.literal()?.name.as_str());
        }
    }
    Some(all)
}

/// The recovery points of the whole and of its tiers.
fn recovery_points(objectives: &Objectives, cx: &mut Context<'_>) {
    let all = copies::newest(cx.architecture);
    if let Some(field) = &objectives.recovery_point
        && let (Some(left_out), Some(held)) = (left_out(objectives), in_tiers(objectives))
    {
        let without = |it: &NewestCopy| {
            let name = it.name.as_str();
            !left_out.contains(&name) && !held.contains(name)
        };
        let copies: Vec<NewestCopy> = all.iter().filter(|it| without(it)).cloned().collect();
        let loc = or_loc(field.loc, objectives.meta.field("recovery_point"));
        recovery_point("`recovery_point` is", field, loc, &copies, true, cx);
    }
    let tiers = objectives.tiers.as_ref().and_then(Field::literal);
    for named in tiers.into_iter().flat_map(|it| &it.0) {
        let Some(tier) = named.field.literal() else { continue };
        let Some(field) = &tier.recovery_point else { continue };
        let holds = tier.holds.literal().into_iter().flatten().filter_map(Field::literal);
        let mut held: Vec<NewestCopy> = Vec::new();
        for it in holds {
            held.extend(copies::held(it, cx.architecture));
            held.extend(all.iter().filter(|copy| copy.name == it.name).cloned());
        }
        let what = format!("the tier `{}` promises a `recovery_point` of", named.name);
        recovery_point(&what, field, or_loc(field.loc, named.loc), &held, false, cx);
    }
}

/// AG0801: a recovery point objective cannot be met.
fn recovery_point(
    what: &str,
    field: &Field<Seconds>,
    loc: Loc,
    copies: &[NewestCopy],
    whole: bool,
    cx: &mut Context<'_>,
) {
    let Some(Seconds(bound)) = field.literal() else { return };
    let failing: Vec<&NewestCopy> = copies.iter().filter(|it| it.is_older_than(*bound)).collect();
    if failing.is_empty() {
        return;
    }
    let ages: Option<Vec<u32>> = failing.iter().map(|it| it.age).collect();
    let worst = match ages.and_then(|it| it.into_iter().max()) {
        Some(age) => format!("up to {} of data may be lost", time(age)),
        None => "some data has no copy, or none whose age has a bound".to_string(),
    };
    let message = format!("{what} {}, and {worst}", time(*bound));
    let mut diagnostic = Diagnostic::new(Code::AG0801, loc, message);
    for it in &failing {
        diagnostic = diagnostic.note(format!("{} {}", it.what, it.why));
    }
    if whole {
        for it in cx.architecture.all::<Redis>().filter(|it| it.snapshots.is_none()) {
            diagnostic = diagnostic.note(format!(
                "cache `{}` has no snapshots and is taken for a cache, which may lose what it holds",
                it.meta.name
            ));
        }
    }
    let mut ways: Vec<String> = failing.iter().filter_map(|it| it.remedy(*bound)).collect();
    if ways.is_empty() {
        ways.push("keep newer copies of these".to_string());
    }
    let last = match whole {
        true => "promise a longer `recovery_point`, or name what can be filled again in `may_lose`",
        false => "or promise a longer `recovery_point`",
    };
    cx.push(diagnostic.help(format!("{}, {last}", ways.join("; "))));
}

/// AG0806: a tier says nothing, or holds what another holds.
fn tiers(objectives: &Objectives, cx: &mut Context<'_>) {
    let mut wrong = |loc: Loc, message: String, first: Option<Loc>, help: String| {
        let mut diagnostic = Diagnostic::new(Code::AG0806, loc, message).help(help);
        if let Some(first) = first.filter(|it| it.is_known()) {
            diagnostic = diagnostic.label(first, "it is held here first");
        }
        cx.push(diagnostic);
    };
    let mut held: BTreeMap<&str, (&str, Loc)> = BTreeMap::new();
    let tiers = objectives.tiers.as_ref().and_then(Field::literal);
    for named in tiers.into_iter().flat_map(|it| &it.0) {
        let Some(tier) = named.field.literal() else { continue };
        let name = named.name.as_str();
        if tier.recovery_time.is_none() && tier.recovery_point.is_none() {
            let help = "give it a `recovery_time`, a `recovery_point`, or both".to_string();
            wrong(named.loc, format!("the tier `{name}` promises nothing"), None, help);
        }
        let Some(holds) = tier.holds.literal() else { continue };
        if holds.is_empty() {
            let help = "name what it is for, or remove it".to_string();
            wrong(tier.holds.loc, format!("the tier `{name}` holds nothing"), None, help);
        }
        for field in holds {
            let Some(it) = field.literal() else { continue };
            if let Some((other, first)) = held.get(it.name.as_str()) {
                let message = if *other == name {
                    format!("the tier `{name}` holds `{}` twice", it.name)
                } else {
                    format!("the tiers `{other}` and `{name}` both hold `{}`", it.name)
                };
                wrong(field.loc, message, Some(*first), "keep one of them".to_string());
            } else {
                held.insert(&it.name, (name, field.loc));
            }
        }
    }
}

/// The recovery times of the whole and of its tiers.
fn recovery_times(objectives: &Objectives, cx: &mut Context<'_>) {
    let tiers = objectives.tiers.as_ref().and_then(Field::literal);
    let of_tiers = tiers.into_iter().flat_map(|it| &it.0).filter_map(|named| {
        let field = named.field.literal()?.recovery_time.as_ref()?;
        Some((format!("the `recovery_time` of the tier `{}`", named.name), field))
    });
    let whole = objectives.recovery_time.iter().map(|it| ("`recovery_time`".to_string(), it));
    // The shortest of them decides, and one finding is enough.
    let shortest = whole
        .chain(of_tiers)
        .filter_map(|(what, field)| Some((field.literal()?.0, what, field.loc)))
        .min_by_key(|it| it.0);
    if let Some((bound, what, loc)) = shortest {
        recovery_time(objectives, bound, &what, loc, cx);
    }
}

/// AG0802: a recovery time objective cannot be met.
fn recovery_time(
    objectives: &Objectives,
    bound: u32,
    what: &str,
    promised: Loc,
    cx: &mut Context<'_>,
) {
    if objectives.region_failure.literal() != Some(&RegionFailure::Manual) {
        return;
    }
    let promise = format!("{what} is {}", time(bound));
    let (loc, message, help) = match &objectives.manual_recovery_takes {
        None => (
            objectives.region_failure.loc,
            "nothing says how long recovery by hand takes".to_string(),
            "say it with `manual_recovery_takes: 20min`, measured in a drill".to_string(),
        ),
        Some(takes) => match takes.literal() {
            Some(Seconds(takes_time)) if *takes_time > bound => (
                takes.loc,
                format!("recovery by hand takes {}, and {promise}", time(*takes_time)),
                format!(
                    "promise `recovery_time: {}`, or let another Region take over by itself with \
                     `region_failure: Automatic`",
                    time(*takes_time).replace(' ', "")
                ),
            ),
            Some(_) | None => return,
        },
    };
    cx.push(Diagnostic::new(Code::AG0802, loc, message).label(promised, promise).help(help));
}

/// A part without which the architecture does not work, and the share of time it works at best.
struct Component {
    what: String,
    percent: f64,
    why: &'static str,
    kind: Kind,
    name: String,
    /// The pool and the key of the tenant whose it is.
    tenant: Option<(String, String)>,
}

impl Component {
    fn new(noun: &str, kind: Kind, meta: &Meta, percent: f64, why: &'static str) -> Component {
        Component {
            what: format!("{noun} `{}`", meta.name),
            percent,
            why,
            kind,
            name: meta.name.clone(),
            tenant: meta.tenant.as_ref().map(|it| (it.pool.clone(), it.key.clone())),
        }
    }
}

/// Load balancers, and ECS over several zones: 99.99 %.
/// <https://aws.amazon.com/elasticloadbalancing/sla/>, <https://aws.amazon.com/compute/sla/>
const SEVERAL_ZONES: f64 = 99.99;
/// One instance, one task, one zone: 99.5 %, what AWS promises for a single EC2 instance and for a
/// database in a single zone. <https://aws.amazon.com/compute/sla/>, <https://aws.amazon.com/rds/sla/>
const SINGLE: f64 = 99.5;
/// A database with a standby in another zone. <https://aws.amazon.com/rds/sla/>
const MULTI_AZ_DATABASE: f64 = 99.95;

/// Every component with its figure at best.
fn components(cx: &Context<'_>) -> Vec<Component> {
    let architecture = cx.architecture;
    let mut all = Vec::new();
    for it in architecture.all::<Alb>() {
        all.push(Component::new("load balancer", Kind::Alb, &it.meta, SEVERAL_ZONES, ""));
    }
    for it in architecture.all::<EcsService>() {
        let (percent, why) = match single(it, cx) {
            Some(why) => (SINGLE, why),
            None => (SEVERAL_ZONES, ""),
        };
        all.push(Component::new("service", Kind::EcsService, &it.meta, percent, why));
    }
    for it in architecture.all::<RdsPostgres>() {
        let (percent, why) = match it.multi_az.literal() {
            Some(false) => (SINGLE, "it has no standby in another zone"),
            Some(true) | None => (MULTI_AZ_DATABASE, "a standby takes over within minutes"),
        };
        all.push(Component::new("database", Kind::RdsPostgres, &it.meta, percent, why));
    }
    for it in architecture.all::<Redis>() {
        let (percent, why) = match cache::multi_az(it).literal() {
            Some(false) => (SINGLE, "no replica in another zone takes over"),
            Some(true) | None => (SEVERAL_ZONES, ""),
        };
        all.push(Component::new("cache", Kind::Redis, &it.meta, percent, why));
    }
    for it in architecture.all::<Efs>() {
        all.push(Component::new("file system", Kind::Efs, &it.meta, SEVERAL_ZONES, ""));
    }
    all
}

/// Those in the way of one request. Tenants do not wait for one another, so it is one of the tenant for whom it is
/// the lowest figure: what it has for itself stands in for what others share.
fn in_series(cx: &Context<'_>) -> (Vec<Component>, Option<(String, String)>) {
    let (own, shared): (Vec<Component>, Vec<Component>) =
        components(cx).into_iter().partition(|it| it.tenant.is_some());
    let mut tenants: BTreeMap<(String, String), Vec<Component>> = BTreeMap::new();
    for it in own {
        let Some(tenant) = it.tenant.clone() else { continue };
        tenants.entry(tenant).or_default().push(it);
    }
    let pools: BTreeMap<&str, &TenantPool> =
        cx.architecture.all::<TenantPool>().map(|it| (it.meta.name.as_str(), it)).collect();
    let replaced = |pool: &str, by: &[Component], it: &Component| {
        let pool = pools.get(pool);
        let service = pool.and_then(|it| it.service.literal()).map(|it| &it.name);
        let database = pool.and_then(|it| it.database.as_ref()?.literal()).map(|it| &it.name);
        let shared = (it.kind == Kind::EcsService && service == Some(&it.name))
            || (it.kind == Kind::RdsPostgres && database == Some(&it.name));
        shared && by.iter().any(|own| own.kind == it.kind)
    };
    let share = |all: &mut dyn Iterator<Item = &Component>| -> f64 {
        all.map(|it| it.percent / 100.0).product()
    };
    let lowest = tenants
        .iter()
        .map(|(tenant, own)| {
            let stays = |it: &&Component| !replaced(&tenant.0, own, it);
            (share(&mut shared.iter().filter(stays).chain(own)), tenant.clone())
        })
        .min_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
    match lowest {
        Some((figure, tenant)) if figure < share(&mut shared.iter()) => {
            let own = tenants.remove(&tenant).unwrap_or_default();
            let mut all: Vec<Component> =
                shared.into_iter().filter(|it| !replaced(&tenant.0, &own, it)).collect();
            all.extend(own);
            (all, Some(tenant))
        }
        Some(_) | None => (shared, None),
    }
}

/// Why all tasks of a service can be lost at once, if they can.
fn single(service: &EcsService, cx: &Context<'_>) -> Option<&'static str> {
    let tasks = service.tasks.literal().and_then(|it| it.first.literal());
    if tasks.is_some_and(|it| it.0 < 2) {
        return Some("it may run as a single task");
    }
    let cluster = cx.follow(&service.cluster);
    let tier = service.subnets.as_ref().or(cluster.map(|it| &it.subnets))?;
    if cx.zones_of(tier) == Some(1) {
        return Some("its tasks stand in one zone");
    }
    if let Some(ClusterCapacity::Ec2(capacity)) = cluster.and_then(|it| it.capacity.literal())
        && let Some(bounds) = capacity.instances.literal()
        && bounds.first.literal().is_some_and(|it| it.0 < 2)
    {
        return Some("its cluster may run on a single instance");
    }
    None
}

/// AG0803: an availability objective cannot be met.
///
/// The parts are in series: the whole works while all of them do, so the shares multiply. A bucket
/// does not count, since requests seldom wait for it, nor do NAT gateways and endpoints.
fn availability(objectives: &Objectives, cx: &mut Context<'_>) {
    let Some(field) = &objectives.availability else {
        return;
    };
    let Some(promised) = field.literal() else {
        return;
    };
    let (mut all, tenant) = in_series(cx);
    let whole: f64 = all.iter().map(|it| it.percent / 100.0).product::<f64>() * 100.0;
    // Far below what a double can tell apart, so equal figures never fail by rounding.
    if whole + 1e-9 >= promised.0 {
        return;
    }
    all.sort_by(|a, b| a.percent.total_cmp(&b.percent).then_with(|| a.what.cmp(&b.what)));
    let mut diagnostic = Diagnostic::new(
        Code::AG0803,
        or_loc(field.loc, objectives.meta.field("availability")),
        format!(
            "`availability` is {} percent, and its {} components in series reach {whole:.2} percent",
            promised.0,
            all.len()
        ),
    );
    let lowest: Vec<&Component> = all.iter().filter(|it| it.percent < SEVERAL_ZONES).collect();
    for it in &lowest {
        diagnostic =
            diagnostic.note(format!("{} reaches {} percent: {}", it.what, it.percent, it.why));
    }
    let rest = all.len() - lowest.len();
    if rest > 0 {
        diagnostic =
            diagnostic.note(format!("each of the other {rest} reaches {SEVERAL_ZONES} percent"));
    }
    if let Some((pool, key)) = tenant {
        diagnostic =
            diagnostic.note(format!("these are in the way of requests of `{key}` of `{pool}`"));
    }
    diagnostic = diagnostic.note(
        "the figures are those of AWS's service level agreements: https://aws.amazon.com/legal/service-level-agreements/",
    );
    let single = all.iter().any(|it| it.percent <= SINGLE);
    let help = if single {
        "run at least two tasks over two zones, and databases and caches with a standby".to_string()
    } else {
        format!(
            "promise at most `{:.2}pct`, or use fewer components",
            (whole * 100.0).floor() / 100.0
        )
    };
    cx.push(diagnostic.help(help));
}

#[cfg(test)]
#[path = "objectives_tests.rs"]
mod tests;
