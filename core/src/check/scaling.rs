//! Scaling: a range of tasks and what moves the number within it belong together (AG0404).

use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::{EcsService, Meta};
use crate::diagnostic::Diagnostic;
use crate::field::{Field, List};
use crate::loc::Loc;
use crate::lower::route::{all_routes_known, routes_to};
use crate::resource::ecs::Deployment;
use crate::service_fields::{ScaleMetric, ScaleOn, ScaleSource};
use crate::types::{Bounds, Count};

/// AG0404: a scaling policy lacks what it needs.
fn lacks(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0404, loc, message)
}

/// What is scaled.
pub struct Scaled<'a> {
    /// The service.
    pub meta: &'a Meta,
    /// The field that says how many.
    pub field: &'a str,
    /// What there are many of.
    pub what: &'a str,
    /// How many.
    pub count: &'a Field<Bounds<Count>>,
    /// What scaling follows.
    pub scale_on: Option<&'a Field<List<ScaleOn>>>,
    /// Whether deployments move the traffic to another target group.
    pub blue_green: bool,
}

impl<'a> From<&'a EcsService> for Scaled<'a> {
    fn from(it: &'a EcsService) -> Scaled<'a> {
        Scaled {
            meta: &it.meta,
            field: "tasks",
            what: "tasks",
            count: &it.tasks,
            scale_on: it.scale_on.as_ref(),
            blue_green: it.deployment.literal() == Some(&Deployment::BlueGreen),
        }
    }
}

/// Checks a service's scaling.
pub fn check(it: &Scaled<'_>, cx: &mut Context<'_>) {
    check_range(it, cx);
    let Some(policies) = it.scale_on.and_then(Field::literal) else {
        return;
    };
    for (position, field) in policies.iter().enumerate() {
        let Some(policy) = field.literal() else {
            continue;
        };
        let same = policies[..position]
            .iter()
            .find(|it| it.literal().is_some_and(|it| it.source == policy.source));
        if let Some(first) = same {
            cx.push(
                lacks(field.loc, format!("`{}` scales on this metric twice", it.meta.name))
                    .label(first.loc, "it does so here first")
                    .help("keep the smaller value"),
            );
        }
        if let ScaleSource::Known(metric) = &policy.source {
            check_known(it, *metric, policy, field.loc, cx);
        }
    }
}

/// Whether a range of tasks has policies, and policies a range.
fn check_range(it: &Scaled<'_>, cx: &mut Context<'_>) {
    let Some(bounds) = it.count.literal() else {
        return;
    };
    let (Some(first), Some(last)) = (bounds.first.literal(), bounds.last.literal()) else {
        return;
    };
    let policies = it.scale_on.map(|it| it.value.literal().map(Vec::len));
    match policies {
        None | Some(Some(0)) if first < last => cx.push(
            lacks(
                it.count.loc,
                format!(
                    "a range of {} needs `scale_on`, or `{}` stays at {first}",
                    it.what, it.meta.name
                ),
            )
            .help(format!("add `scale_on: [Cpu > 70pct]`, or give one number of {}", it.what)),
        ),
        Some(Some(1..)) if first == last => cx.push(
            lacks(
                it.meta.field("scale_on"),
                format!("`{}` always has {first} {}, so nothing can scale", it.meta.name, it.what),
            )
            .label(
                or_loc(it.count.loc, it.meta.loc),
                format!("the number of {} is given here", it.what),
            )
            .help(format!(
                "give a range: `{}: {first}..={}`",
                it.field,
                first.0.max(1) * 2
            )),
        ),
        None | Some(_) => {}
    }
}

fn check_known(
    it: &Scaled<'_>,
    metric: ScaleMetric,
    policy: &ScaleOn,
    loc: Loc,
    cx: &mut Context<'_>,
) {
    if let Some(value) = policy.value.literal()
        && value.0 <= 0.0
    {
        cx.push(
            lacks(policy.value.loc, format!("`{}` cannot be kept to {}", metric.word(), value.0))
                .help("give a value above 0"),
        );
    }
    let needs_load_balancer = match metric {
        ScaleMetric::Cpu | ScaleMetric::Memory => false,
        ScaleMetric::RequestsPerTarget | ScaleMetric::ResponseTime => true,
    };
    if !needs_load_balancer {
        return;
    }
    let word = metric.word();
    if it.blue_green {
        cx.push(
            lacks(loc, format!("`{word}` cannot be followed through blue-green deployments"))
                .note(
                    "the metric belongs to one target group, and each deployment moves the traffic \
                     to the other",
                )
                .help("scale on `Cpu` or `Memory`, or write `deployment: Rolling`"),
        );
    } else if routes_to(cx.architecture, &it.meta.name).is_empty()
        && all_routes_known(cx.architecture)
    {
        cx.push(
            lacks(
                loc,
                format!("`{word}` needs a load balancer, and none routes to `{}`", it.meta.name),
            )
            .help("add a route to an `alb!`, or scale on `Cpu` or `Memory`"),
        );
    }
}
