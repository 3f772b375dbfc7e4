//! Whether the architecture can keep what `objectives!` promises.
//!
//! Every figure here is an upper bound: what is not known counts as the best it could be, so only
//! what can certainly not be kept is reported.

use super::{Context, or_loc};
use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::ecs_cluster::ClusterCapacity;
use crate::declare::objectives::RegionFailure;
use crate::declare::{Alb, EcsService, Efs, Objectives, RdsPostgres, Redis, S3Bucket};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::lower::cache;
use crate::service_fields::VolumeKind;
use crate::types::Seconds;

/// RDS ships its log every five minutes: what a restore to a point in time may lack.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html>
const POINT_IN_TIME: u32 = 5 * 60;
/// What EFS replication is designed for, and what S3 Replication Time Control promises.
/// <https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html>,
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html>
const REPLICATED: u32 = 15 * 60;
/// The default backup plan of EFS, and the snapshots of ElastiCache, run once a day.
/// <https://docs.aws.amazon.com/efs/latest/ug/awsbackup.html>,
/// <https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html>
const DAILY: u32 = 24 * 60 * 60;

/// Holds every promise against what the declarations can keep.
pub fn check(cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    for objectives in architecture.all::<Objectives>() {
        recovery_point(objectives, cx);
        recovery_time(objectives, cx);
        availability(objectives, cx);
    }
}

/// `24 h`, `15 min`, `30 s`.
fn time(seconds: u32) -> String {
    match seconds {
        it if it > 0 && it.is_multiple_of(3600) => format!("{} h", it / 3600),
        it if it > 0 && it.is_multiple_of(60) => format!("{} min", it / 60),
        it => format!("{it} s"),
    }
}

/// How old the newest copy of a store may be; no time means there is no copy, or no bound.
struct Copy {
    name: String,
    what: String,
    why: String,
    age: Option<u32>,
}

/// What every store keeps, as far as it is known.
fn copies(architecture: &Architecture) -> Vec<Copy> {
    let mut all = Vec::new();
    for it in architecture.all::<RdsPostgres>() {
        let what = format!("database `{}`", it.meta.name);
        match it.backups.literal().map(|it| it.0) {
            Some(0) => all.push(Copy {
                name: it.meta.name.clone(),
                what,
                why: "has no backups".to_string(),
                age: None,
            }),
            Some(_) => all.push(Copy {
                name: it.meta.name.clone(),
                what,
                why: "can be restored to any moment up to 5 min ago".to_string(),
                age: Some(POINT_IN_TIME),
            }),
            None => {}
        }
    }
    for it in architecture.all::<Efs>() {
        let what = format!("file system `{}`", it.meta.name);
        if it.replicate_to.is_some() {
            let why = "is replicated, up to 15 min behind".to_string();
            all.push(Copy { name: it.meta.name.clone(), what, why, age: Some(REPLICATED) });
        } else if it.backups.literal() == Some(&true) {
            let why = "is backed up once a day".to_string();
            all.push(Copy { name: it.meta.name.clone(), what, why, age: Some(DAILY) });
        } else if it.backups.literal() == Some(&false) {
            all.push(Copy {
                name: it.meta.name.clone(),
                what,
                why: "has no backups".to_string(),
                age: None,
            });
        }
    }
    for it in architecture.all::<Redis>().filter(|it| it.snapshots.is_some()) {
        let what = format!("cache `{}`", it.meta.name);
        let why = "has a snapshot once a day".to_string();
        all.push(Copy { name: it.meta.name.clone(), what, why, age: Some(DAILY) });
    }
    for it in architecture.all::<EcsService>().filter(|it| has_host_volume(it)) {
        let what = format!("service `{}`", it.meta.name);
        let why = "stores files on its instance, and nothing copies them".to_string();
        all.push(Copy { name: it.meta.name.clone(), what, why, age: None });
    }
    for it in architecture.all::<S3Bucket>() {
        // A bucket loses nothing in its Region; a copy elsewhere is what can be behind.
        let Some(to) = it.replication.as_ref().and_then(Field::literal) else {
            continue;
        };
        let what = format!("bucket `{}`", it.meta.name);
        if to.within.is_some() {
            let why = "is replicated within 15 min".to_string();
            all.push(Copy { name: it.meta.name.clone(), what, why, age: Some(REPLICATED) });
        } else {
            let why = "is replicated without a bound; `within: 15min` gives one".to_string();
            all.push(Copy { name: it.meta.name.clone(), what, why, age: None });
        }
    }
    all
}

/// Whether a service stores files on its instance.
fn has_host_volume(service: &EcsService) -> bool {
    service
        .volumes
        .as_ref()
        .and_then(Field::literal)
        .into_iter()
        .flatten()
        .any(|it| it.literal().is_some_and(|it| it.source.literal() == Some(&VolumeKind::Host)))
}

/// The names of what the promise leaves out; none if that is not known.
fn left_out(objectives: &Objectives) -> Option<Vec<&str>> {
    let Some(field) = &objectives.may_lose else { return Some(Vec::new()) };
    field.literal()?.iter().map(|it| it.literal().map(|it| it.name.as_str())).collect()
}

/// AG0801: a recovery point objective cannot be met.
fn recovery_point(objectives: &Objectives, cx: &mut Context<'_>) {
    let Some(field) = &objectives.recovery_point else {
        return;
    };
    let Some(Seconds(bound)) = field.literal() else {
        return;
    };
    let Some(left_out) = left_out(objectives) else { return };
    let failing: Vec<Copy> = copies(cx.architecture)
        .into_iter()
        .filter(|it| !left_out.contains(&it.name.as_str()))
        .filter(|it| it.age.is_none_or(|age| age > *bound))
        .collect();
    if failing.is_empty() {
        return;
    }
    let ages: Option<Vec<u32>> = failing.iter().map(|it| it.age).collect();
    let worst = match ages.and_then(|it| it.into_iter().max()) {
        Some(age) => format!("up to {} of data may be lost", time(age)),
        None => "some data has no copy, or none whose age has a bound".to_string(),
    };
    let mut diagnostic = Diagnostic::new(
        Code::AG0801,
        or_loc(field.loc, objectives.meta.field("recovery_point")),
        format!("`recovery_point` is {}, and {worst}", time(*bound)),
    );
    for it in &failing {
        diagnostic = diagnostic.note(format!("{} {}", it.what, it.why));
    }
    for it in cx.architecture.all::<Redis>().filter(|it| it.snapshots.is_none()) {
        diagnostic = diagnostic.note(format!(
            "cache `{}` has no snapshots and is taken for a cache, which may lose what it holds",
            it.meta.name
        ));
    }
    cx.push(diagnostic.help("keep newer copies of these, promise a longer `recovery_point`, or name what can be filled again in \
         `may_lose`"));
}

/// AG0802: a recovery time objective cannot be met.
fn recovery_time(objectives: &Objectives, cx: &mut Context<'_>) {
    let Some(field) = &objectives.recovery_time else {
        return;
    };
    let Some(Seconds(bound)) = field.literal() else {
        return;
    };
    if objectives.region_failure.literal() != Some(&RegionFailure::Manual) {
        return;
    }
    let promised = (field.loc, format!("`recovery_time` is {}", time(*bound)));
    let (loc, message, help) = match &objectives.manual_recovery_takes {
        None => (
            objectives.region_failure.loc,
            "nothing says how long recovery by hand takes".to_string(),
            "say it with `manual_recovery_takes: 20min`, measured in a drill".to_string(),
        ),
        Some(takes) => match takes.literal() {
            Some(Seconds(takes_time)) if takes_time > bound => (
                takes.loc,
                format!(
                    "recovery by hand takes {}, and `recovery_time` is {}",
                    time(*takes_time),
                    time(*bound)
                ),
                format!(
                    "promise `recovery_time: {}`, or let another Region take over by itself with \
                     `region_failure: Automatic`",
                    time(*takes_time).replace(' ', "")
                ),
            ),
            Some(_) | None => return,
        },
    };
    cx.push(Diagnostic::new(Code::AG0802, loc, message).label(promised.0, promised.1).help(help));
}

/// A part without which the architecture does not work, and the share of time it works at best.
struct Component {
    what: String,
    percent: f64,
    why: &'static str,
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
        all.push(Component {
            what: format!("load balancer `{}`", it.meta.name),
            percent: SEVERAL_ZONES,
            why: "",
        });
    }
    for it in architecture.all::<EcsService>() {
        let (percent, why) = match single(it, cx) {
            Some(why) => (SINGLE, why),
            None => (SEVERAL_ZONES, ""),
        };
        all.push(Component { what: format!("service `{}`", it.meta.name), percent, why });
    }
    for it in architecture.all::<RdsPostgres>() {
        let (percent, why) = match it.multi_az.literal() {
            Some(false) => (SINGLE, "it has no standby in another zone"),
            Some(true) | None => (MULTI_AZ_DATABASE, "a standby takes over within minutes"),
        };
        all.push(Component { what: format!("database `{}`", it.meta.name), percent, why });
    }
    for it in architecture.all::<Redis>() {
        let (percent, why) = match cache::multi_az(it).literal() {
            Some(false) => (SINGLE, "no replica in another zone takes over"),
            Some(true) | None => (SEVERAL_ZONES, ""),
        };
        all.push(Component { what: format!("cache `{}`", it.meta.name), percent, why });
    }
    for it in architecture.all::<Efs>() {
        all.push(Component {
            what: format!("file system `{}`", it.meta.name),
            percent: SEVERAL_ZONES,
            why: "",
        });
    }
    all
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
    let mut all = components(cx);
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
