//! Add-ons of clusters: versions of Kubernetes (AG0432), what they need (AG0433, AG0439, AG0440), their end (AG0434),
//! backups (AG0435, AG0438), node pools (AG0436), clusters with two of them (AG0437).

use super::ec2_families::FAMILIES;
use super::instances::is_graviton;
use super::{Context, or_loc};
use crate::charts::{self, ChartName};
use crate::codes::Code;
use crate::declare::cluster_addons::{BackupSchedule, NodePoolSpec, VeleroSpec, cron};
use crate::declare::{ClusterAddons, EksCluster, S3Bucket};
use crate::diagnostic::Diagnostic;
use crate::field::{DeclarationRef, Field, Named};
use crate::loc::Loc;
use crate::resource::eks::ClusterAddon;
use crate::resource::kubernetes::PodSecurity;
use crate::suggest;
use crate::types::{Days, Seconds};

/// Checks the add-ons of a cluster.
pub fn check(it: &ClusterAddons, cx: &mut Context<'_>) {
    check_alone(it, cx);
    if let Some(cluster) = cx.follow(&it.cluster) {
        check_versions(it, cluster, cx);
        check_agent(it, cluster, cx);
    }
    if let Some(karpenter) = it.karpenter.as_ref().and_then(Field::literal) {
        for pool in karpenter.node_pools.literal().iter().flat_map(|it| &it.0) {
            check_pool(pool, cx);
        }
    }
    if let Some(velero) = it.velero.as_ref().and_then(Field::literal) {
        check_backups(velero, cx);
    }
    if let Some(loki) = it.loki.as_ref().and_then(Field::literal) {
        check_bucket(&loki.bucket, &loki.retention, loki.retention.loc, "Loki keeps logs", cx);
    }
    check_ends(it, cx);
    check_others(it, cx);
    check_namespaces(it, cx);
}

/// AG0434: an add-on is past its end.
fn check_ends(it: &ClusterAddons, cx: &mut Context<'_>) {
    for (name, _) in it.charts() {
        let chart = name.chart();
        let Some((day, instead)) = chart.ended else { continue };
        cx.push(
            Diagnostic::new(
                Code::AG0434,
                it.meta.field(name.field()),
                format!("{} is past its end: since {day} nobody repairs it", chart.name),
            )
            .note(format!("{}, as of {}", chart.source, charts::AS_OF))
            .help(format!("write `{instead}: {{}}` in its place")),
        );
    }
}

/// AG0439: an add-on needs another that is not there.
fn alone(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0439, loc, message)
}

fn check_others(it: &ClusterAddons, cx: &mut Context<'_>) {
    for (given, name) in [(it.promtail.is_some(), "promtail"), (it.alloy.is_some(), "alloy")] {
        if given && it.loki.is_none() {
            cx.push(
                alone(it.meta.field(name), format!("`{name}` has no Loki to send logs to"))
                    .help("add `loki: { bucket: logs }`"),
            );
        }
    }
    if it.external_secrets.is_none() {
        for (what, field) in it.monitoring_secrets() {
            cx.push(
                alone(field.loc, format!("the secret for `{what}` does not come into the cluster"))
                    .note("the External Secrets Operator copies it there")
                    .help("add `external_secrets: {}`"),
            );
        }
    }
}

/// AG0440: a namespace refuses the pods of an add-on.
fn check_namespaces(it: &ClusterAddons, cx: &mut Context<'_>) {
    for (name, field) in it.charts() {
        let why = match name {
            ChartName::Prometheus => "its node exporter sees the network and the disks of nodes",
            ChartName::Promtail => "it reads the files that nodes write logs to",
            ChartName::LoadBalancerController
            | ChartName::ExternalSecrets
            | ChartName::CertManager
            | ChartName::Karpenter
            | ChartName::Velero
            | ChartName::Kyverno
            | ChartName::Loki
            | ChartName::Alloy => continue,
        };
        let Some(field) = field else { continue };
        let Some(namespace) = cx.follow(field) else { continue };
        let Some(level) = namespace.pod_security.literal() else { continue };
        if *level != PodSecurity::Privileged {
            cx.push(
                Diagnostic::new(
                    Code::AG0440,
                    field.loc,
                    format!(
                        "`{}` refuses pods of {}: its `pod_security` is {}",
                        namespace.meta.name,
                        name.chart().name,
                        level.word()
                    ),
                )
                .note(why)
                .help(format!("write `pod_security: Privileged` in `{}`", namespace.meta.name)),
            );
        }
    }
}

/// AG0437: two declarations install the add-ons of one cluster.
fn check_alone(it: &ClusterAddons, cx: &mut Context<'_>) {
    let Some(cluster) = it.cluster.literal() else { return };
    let all = cx.architecture.all::<ClusterAddons>();
    let same = |other: &&ClusterAddons| other.cluster.literal() == Some(cluster);
    let first = all.into_iter().find(same).filter(|first| first.meta.name != it.meta.name);
    if let Some(first) = first {
        cx.push(
            Diagnostic::new(
                Code::AG0437,
                it.cluster.loc,
                format!("`{}` has its add-ons from `{}` already", cluster.name, first.meta.name),
            )
            .label(first.cluster.loc, "it is given here first")
            .note("both would have the same service accounts and custom resource definitions")
            .help(format!("put all of them into `{}`", first.meta.name)),
        );
    }
}

/// AG0432: a chart does not run on the cluster's version of Kubernetes.
fn check_versions(it: &ClusterAddons, cluster: &EksCluster, cx: &mut Context<'_>) {
    let Some(version) = cluster.version.literal() else { return };
    for (name, _) in it.charts() {
        let chart = name.chart();
        if chart.runs_on(version) == Some(false) {
            cx.push(
                Diagnostic::new(
                    Code::AG0432,
                    it.meta.field(name.field()),
                    format!(
                        "the chart {} {} runs on Kubernetes {}, and `{}` has {version}",
                        chart.name,
                        chart.version,
                        chart.range(),
                        cluster.meta.name
                    ),
                )
                .label(cluster.version.loc, "the version of the cluster")
                .note(format!("{}, as of {}", chart.source, charts::AS_OF))
                .help(format!("give `{}` one of these versions", cluster.meta.name)),
            );
        }
    }
}

/// AG0433: an add-on needs something that the cluster does not have.
fn check_agent(it: &ClusterAddons, cluster: &EksCluster, cx: &mut Context<'_>) {
    let Some(addons) = cluster.addons.literal() else { return };
    // One that is not known may be any of them.
    let has =
        |wanted: ClusterAddon| addons.iter().any(|it| it.literal().is_none_or(|it| *it == wanted));
    for (name, _) in it.charts() {
        let volumes = matches!(name, ChartName::Prometheus | ChartName::Loki);
        let needed = [
            (needs_permissions(it, name), ClusterAddon::PodIdentityAgent, "permissions"),
            (volumes, ClusterAddon::EbsCsi, "volumes"),
        ];
        for (_, addon, what) in needed.into_iter().filter(|it| it.0 && !has(it.1)) {
            cx.push(
                Diagnostic::new(
                    Code::AG0433,
                    it.meta.field(name.field()),
                    format!(
                        "`{}` gets its {what} by `{}`, which `{}` does not have",
                        name.field(),
                        addon.word(),
                        cluster.meta.name
                    ),
                )
                .label(or_loc(cluster.addons.loc, cluster.meta.loc), "what the cluster has")
                .help(format!(
                    "add `{}` to `addons` of `{}`",
                    addon.word(),
                    cluster.meta.name
                )),
            );
        }
    }
}

/// Whether the pods of an add-on use AWS.
fn needs_permissions(it: &ClusterAddons, name: ChartName) -> bool {
    match name {
        ChartName::CertManager => it
            .cert_manager
            .as_ref()
            .and_then(Field::literal)
            .and_then(|it| it.zones.literal())
            .is_some_and(|it| !it.is_empty()),
        ChartName::LoadBalancerController
        | ChartName::ExternalSecrets
        | ChartName::Karpenter
        | ChartName::Velero
        | ChartName::Loki => true,
        ChartName::Kyverno | ChartName::Prometheus | ChartName::Promtail | ChartName::Alloy => {
            false
        }
    }
}

/// AG0436: a node pool cannot start nodes.
fn cannot_start(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0436, loc, message)
}

fn check_pool(pool: &Named<NodePoolSpec>, cx: &mut Context<'_>) {
    let Some(spec) = pool.field.literal() else { return };
    check_families(pool, spec, cx);
    if let Some(limits) = spec.limits.literal() {
        let nothing = [
            (limits.cpu.literal().is_some_and(|it| it.0 == 0), limits.cpu.loc, "processors"),
            (limits.memory.literal().is_some_and(|it| it.0 == 0), limits.memory.loc, "memory"),
        ];
        for (_, loc, what) in nothing.into_iter().filter(|it| it.0) {
            let message = format!("nodes of the pool `{}` may have no {what}", pool.name);
            cx.push(
                cannot_start(loc, message).help("give what all of its nodes may have together"),
            );
        }
        check_vcpus(pool, spec, limits.cpu.literal().map(|it| it.0), cx);
    }
    if let Some(capacity) = spec.capacity.literal()
        && capacity.is_empty()
    {
        let message = format!("the pool `{}` may pay for nothing", pool.name);
        cx.push(
            cannot_start(spec.capacity.loc, message)
                .help("write `[OnDemand]` or `[Spot, OnDemand]`"),
        );
    }
}

fn check_families(pool: &Named<NodePoolSpec>, spec: &NodePoolSpec, cx: &mut Context<'_>) {
    let Some(families) = spec.families.literal() else { return };
    if families.is_empty() {
        let message = format!("the pool `{}` has no families of instance types", pool.name);
        cx.push(cannot_start(spec.families.loc, message).help("write `[\"m6i\", \"m7i\"]`"));
    }
    for field in families {
        let Some(family) = field.literal() else { continue };
        if FAMILIES.contains(&family.as_str()) || is_newer(family) {
            continue;
        }
        let message = format!("EC2 has no family of instance types `{family}`");
        let near = suggest::nearest(family, FAMILIES.iter().copied());
        let help = match (family.split_once('.'), near) {
            (Some((family, _)), _) => format!("write the family without the size: `{family}`"),
            (None, Some(it)) => format!("did you mean `{it}`?"),
            (None, None) => "write families such as `m6i`, `c7g` or `r6a`".to_string(),
        };
        cx.push(cannot_start(field.loc, message).help(help));
    }
    let known: Vec<(&Field<String>, bool)> =
        families.iter().filter_map(|it| Some((it, is_graviton(it.literal()?)))).collect();
    if let Some((first, graviton)) = known.first()
        && let Some((other, _)) = known.iter().find(|it| it.1 != *graviton)
    {
        let names = |it: &Field<String>| it.literal().cloned().unwrap_or_default();
        cx.push(
            cannot_start(
                other.loc,
                format!(
                    "`{}` and `{}` have different instruction sets",
                    names(first),
                    names(other)
                ),
            )
            .note("an image for one of them does not start on the other")
            .help("make a pool for each"),
        );
    }
}

/// The letters and the generation of a family: `m6gd` is `m` of the 6th.
fn generation(family: &str) -> Option<(&str, u32)> {
    let at = family.find(|it: char| it.is_ascii_digit())?;
    let (letters, rest) = family.split_at(at);
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let plausible = rest.chars().all(|it| it.is_ascii_alphanumeric() || it == '-');
    plausible.then_some((letters, digits.parse().ok()?))
}

/// Whether a family may be one that came after the table.
fn is_newer(family: &str) -> bool {
    let Some((letters, number)) = generation(family) else { return false };
    let newest = FAMILIES.iter().filter_map(|it| generation(it)).filter(|it| it.0 == letters);
    newest.map(|it| it.1).max().is_some_and(|newest| number == newest + 1)
}

fn check_vcpus(
    pool: &Named<NodePoolSpec>,
    spec: &NodePoolSpec,
    limit: Option<u32>,
    cx: &mut Context<'_>,
) {
    let Some(bounds) = spec.vcpus.as_ref().and_then(Field::literal) else { return };
    let (first, last) = (bounds.first.literal(), bounds.last.literal());
    if let (Some(first), Some(last)) = (first, last)
        && last < first
    {
        let message = format!("a node cannot have from {} to {} processors", first.0, last.0);
        cx.push(cannot_start(bounds.first.loc, message).help("write the least first"));
    } else if let (Some(first), Some(limit)) = (first, limit)
        && first.0 > limit
        && limit > 0
    {
        cx.push(
            cannot_start(
                bounds.first.loc,
                format!(
                    "a node of the pool `{}` has {} processors at least, and all together may have {limit}",
                    pool.name, first.0
                ),
            )
            .help("raise `cpu` in `limits`"),
        );
    }
}

fn check_backups(velero: &VeleroSpec, cx: &mut Context<'_>) {
    let Some(schedules) = velero.schedules.literal() else { return };
    if schedules.0.is_empty() {
        cx.push(
            cannot_keep(velero.schedules.loc, "nothing is backed up".to_string())
                .help("write `{ everything: { every: 6h, keep: 30days } }`"),
        );
    }
    for schedule in &schedules.0 {
        let Some(spec) = schedule.field.literal() else { continue };
        check_schedule(&schedule.name, spec, cx);
        let what = format!("`{}` keeps backups", schedule.name);
        let loc = or_loc(spec.keep.loc, spec.every.loc);
        check_bucket(&velero.bucket, &spec.keep, loc, &what, cx);
    }
}

/// AG0435: a backup schedule cannot be kept.
fn cannot_keep(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0435, loc, message)
}

fn check_schedule(name: &str, spec: &BackupSchedule, cx: &mut Context<'_>) {
    let Some(every) = spec.every.literal() else { return };
    if cron(*every).is_none() {
        cx.push(
            cannot_keep(spec.every.loc, format!("`{name}` cannot be made every {}", time(*every)))
                .note("cron says the minutes of an hour and the hours of a day, and starts again with each")
                .help("use a part of an hour or a day, such as `30min`, `4h` or `6h`, or `24h`"),
        );
        return;
    }
    if let Some(keep) = spec.keep.literal()
        && seconds(*keep) < u64::from(every.0)
    {
        cx.push(
            cannot_keep(
                or_loc(spec.keep.loc, spec.every.loc),
                format!(
                    "`{name}` is made every {} and kept for {} days, so at times there is none",
                    time(*every),
                    keep.0
                ),
            )
            .label(spec.every.loc, "when it is made")
            .help("keep each longer than until the next"),
        );
    }
}

/// AG0438: a bucket deletes what an add-on still keeps in it.
fn check_bucket(
    bucket: &Field<DeclarationRef<S3Bucket>>,
    keep: &Field<Days>,
    loc: Loc,
    what: &str,
    cx: &mut Context<'_>,
) {
    let Some(keep) = keep.literal().copied() else { return };
    let Some(declared) = cx.follow(bucket) else { return };
    if let Some((place, days)) = deletes_before(declared, keep) {
        cx.push(
            Diagnostic::new(
                Code::AG0438,
                or_loc(loc, bucket.loc),
                format!(
                    "the bucket `{}` deletes objects after {} days, and {what} for {} days",
                    declared.meta.name, days.0, keep.0
                ),
            )
            .label(place, "when objects are deleted")
            .help("keep for less, or keep objects for longer"),
        );
    }
}

/// When a bucket deletes all of its objects, if it is before so many days.
fn deletes_before(bucket: &S3Bucket, keep: Days) -> Option<(Loc, Days)> {
    let rules = bucket.lifecycle.as_ref().and_then(Field::literal)?;
    let rules = rules.iter().filter_map(Field::literal);
    let whole = rules.filter(|it| it.prefix.literal().is_some_and(String::is_empty));
    let ends = whole.filter_map(|it| it.expire_after.as_ref());
    ends.filter_map(|it| Some((it.loc, *it.literal()?))).find(|(_, days)| *days < keep)
}

fn seconds(days: Days) -> u64 {
    u64::from(days.0) * 24 * 3600
}

/// A time in the greatest unit that it is whole in.
fn time(it: Seconds) -> String {
    match it.0 {
        it if it % 3600 == 0 => format!("{} hours", it / 3600),
        it if it % 60 == 0 => format!("{} minutes", it / 60),
        it => format!("{it} seconds"),
    }
}

#[cfg(test)]
#[path = "addons_tests.rs"]
mod tests;
