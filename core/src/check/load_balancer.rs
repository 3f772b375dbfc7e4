//! Load balancers: routes (AG0405, AG0406), zones (AG0208), names (AG0107).

use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::alb::{RoutedService, Scheme};
use crate::declare::vpc::TierRoute;
use crate::declare::{Alb, Vpc};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::lower::route::{LAST_PRIORITY, Pattern, Route};
use crate::lower::{Routed, endpoint, routed, slug};

/// AG0406: a load balancer's routes or listeners are wrong.
fn wrong(loc: Loc, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0406, loc, message).help(help)
}

/// Checks a load balancer.
pub fn check(it: &Alb, cx: &mut Context<'_>) {
    let why = "Elastic Load Balancing puts an Application Load Balancer into at least two zones";
    cx.needs_zones(it, &it.subnets, 2, why);
    if let Some(name) = &it.load_balancer_name {
        cx.load_balancer_name(name);
    }
    check_scheme(it, cx);
    check_limits(it, cx);
    check_routes(it, cx);
    check_given_priorities(it, cx);
    check_priorities(it, cx);
}

/// Clients on the internet come in by the internet gateway.
fn check_scheme(it: &Alb, cx: &mut Context<'_>) {
    let (Some(Scheme::InternetFacing), Some(tier)) = (it.scheme.literal(), it.subnets.literal())
    else {
        return;
    };
    let Some(vpc) = cx.architecture.get::<Vpc>(&tier.vpc) else {
        return;
    };
    let is_private = match vpc.route_of(&tier.tier).literal() {
        Some(TierRoute::NatGateway | TierRoute::Isolated) => true,
        Some(TierRoute::InternetGateway) | None => false,
    };
    if is_private {
        cx.push(wrong(
            it.subnets.loc,
            format!(
                "`{}` is for clients on the internet, and `{}.{}` has no route to the internet \
                 gateway",
                it.meta.name, tier.vpc, tier.tier
            ),
            "put it into a public tier, or write `scheme: Internal`",
        ));
    }
}

/// <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html>
fn check_limits(it: &Alb, cx: &mut Context<'_>) {
    if let Some(timeout) = it.idle_timeout.literal()
        && !(1..=4000).contains(&timeout.0)
    {
        cx.push(wrong(
            it.idle_timeout.loc,
            format!("an idle timeout of {}s is not from 1s to 4000s", timeout.0),
            "give a time that AWS takes, such as `60s`",
        ));
    }
    if let Some(field) = &it.stickiness
        && let Some(time) = field.literal()
        && !(1..=604_800).contains(&time.0)
    {
        cx.push(wrong(
            field.loc,
            format!("a stickiness of {}s is not from 1s to 7 days", time.0),
            "give a time that AWS takes, such as `1h`",
        ));
    }
    if let Some(policy) = it.tls_policy.literal()
        && !policy.starts_with("ELBSecurityPolicy-")
    {
        cx.push(wrong(
            it.tls_policy.loc,
            format!("`{policy}` is no TLS policy of Elastic Load Balancing"),
            "write one of AWS's names, such as `ELBSecurityPolicy-TLS13-1-2-2021-06`",
        ));
    }
}

fn check_routes(it: &Alb, cx: &mut Context<'_>) {
    let Some(routes) = it.routes.literal() else {
        return;
    };
    if routes.is_empty() {
        cx.push(wrong(
            it.routes.loc,
            format!("`{}` has no routes", it.meta.name),
            "write `routes: [\"/\" => frontend]`",
        ));
    }
    // <https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html>
    if routes.len() > 100 {
        cx.push(wrong(
            it.meta.field("routes"),
            format!("`{}` has {} routes, and AWS allows 100 rules", it.meta.name, routes.len()),
            "use a second load balancer",
        ));
    }
    for (position, route) in routes.iter().enumerate() {
        let Some(pair) = route.literal() else {
            continue;
        };
        if let Some(text) = pair.key.literal() {
            match Pattern::parse(text) {
                Err(why) => cx.push(wrong(
                    pair.key.loc,
                    format!("the route `{text}` {why}"),
                    "write `\"/\"`, a path such as `\"/api/*\"`, or a host such as \
                     `\"admin.example.com\"`",
                )),
                Ok(pattern) => check_unique(it, &routes[..position], route, text, &pattern, cx),
            }
        }
        if let Some(service) = routed(cx.architecture, &pair.value) {
            check_target(it, &service, pair.value.loc, cx);
        }
    }
}

/// No two routes match the same, and no two rules get the same name.
fn check_unique(
    it: &Alb,
    before: &[Route],
    route: &Route,
    text: &str,
    pattern: &Pattern,
    cx: &mut Context<'_>,
) {
    let Some(pair) = route.literal() else { return };
    for first in before.iter().filter_map(Field::literal) {
        let Some(other) = first.key.literal() else {
            continue;
        };
        if Pattern::parse(other).as_ref() == Ok(pattern) {
            cx.push(
                wrong(
                    pair.key.loc,
                    format!("`{}` routes `{text}` twice", it.meta.name),
                    "keep one of the routes",
                )
                .label(first.key.loc, "the first route is here"),
            );
            return;
        }
        let same_service = first.value.literal().is_some() && first.value == pair.value;
        if same_service && slug(other) == slug(text) {
            cx.push(
                wrong(
                    pair.key.loc,
                    format!("the rules of `{other}` and `{text}` would have the same name"),
                    "let one of them lead to another service, or use one pattern for both",
                )
                .label(first.key.loc, "the other route is here"),
            );
            return;
        }
    }
}

/// What a route leads to must listen, in the same VPC.
fn check_target(it: &Alb, service: &Routed<'_>, loc: Loc, cx: &mut Context<'_>) {
    if service.port.is_none() {
        cx.push(
            wrong(
                loc,
                format!("`{}` has no port to send requests to", service.name),
                "add `port` to the service",
            )
            .label(service.declaration.meta().loc, "the service is declared here"),
        );
    }
    let Some(stand) = endpoint(cx.architecture, service.declaration) else {
        return;
    };
    if let (Some(own), Some(other)) = (it.subnets.literal(), stand.tier.literal())
        && own.vpc != other.vpc
    {
        cx.push(wrong(
            loc,
            format!(
                "`{}` stands in `{}`, and `{}` in `{}`",
                service.name, other.vpc, it.meta.name, own.vpc
            ),
            "put both into the same VPC",
        ));
    }
}

/// Priorities that the author gave: of routes that exist, in AWS's range.
fn check_given_priorities(it: &Alb, cx: &mut Context<'_>) {
    let Some(routes) = it.routes.literal() else {
        return;
    };
    let is_known =
        routes.iter().all(|it| it.literal().is_some_and(|it| it.key.literal().is_some()));
    let list = it.priorities.as_ref().and_then(Field::literal);
    for pair in list.into_iter().flatten().filter_map(Field::literal) {
        if let Some(priority) = pair.value.literal()
            && !(1..=u32::from(LAST_PRIORITY)).contains(&priority.0)
        {
            cx.push(wrong(
                pair.value.loc,
                format!("a priority of {priority} is not from 1 to {LAST_PRIORITY}"),
                "give another number; the smallest that matches decides",
            ));
        }
        let Some(pattern) = pair.key.literal() else {
            continue;
        };
        let default = routes.iter().filter_map(Field::literal).find(|it| {
            it.key.literal().is_some_and(|it| it == "/") && it.value.literal().is_some()
        });
        if let Some(default) = default
            && pattern == "/"
            && routed(cx.architecture, &default.value).is_some()
            && !is_switched(&default.value, cx)
        {
            cx.push(wrong(
                pair.key.loc,
                format!("`{}` has no rule for `/`, which always comes last", it.meta.name),
                "leave the priority out",
            ));
        }
        let has_route =
            routes.iter().filter_map(Field::literal).any(|it| it.key.literal() == Some(pattern));
        if is_known && !has_route {
            cx.push(wrong(
                pair.key.loc,
                format!("`{}` has no route `{pattern}` to give a priority to", it.meta.name),
                "write the pattern as it stands in `routes`",
            ));
        }
    }
}

/// AG0405: two routes get the same priority.
fn check_priorities(it: &Alb, cx: &mut Context<'_>) {
    let mut seen: Vec<(u32, &str, Loc)> = Vec::new();
    for pair in it.known_routes().filter_map(Field::literal) {
        let Some(text) = pair.key.literal() else {
            continue;
        };
        let Ok(pattern) = Pattern::parse(text) else {
            continue;
        };
        if pattern == Pattern::Default && !is_switched(&pair.value, cx) {
            continue;
        }
        let (priority, loc) = match it.given_priority(text) {
            Some(given) => match given.literal() {
                Some(it) => (it.0, or_loc(given.loc, pair.key.loc)),
                None => continue,
            },
            None => (u32::from(pattern.priority()), pair.key.loc),
        };
        match seen.iter().find(|(it, other, _)| *it == priority && other != text) {
            Some((_, other, first)) => cx.push(
                Diagnostic::new(
                    Code::AG0405,
                    loc,
                    format!("the routes `{other}` and `{text}` both get the priority {priority}"),
                )
                .label(*first, format!("`{other}` is here"))
                .help(format!(
                    "give one of them another: `priorities: [\"{text}\" => {}]`",
                    if priority > 1 { priority - 1 } else { priority + 1 }
                )),
            ),
            None => seen.push((priority, text, loc)),
        }
    }
}

/// Whether a default route has a rule, because a deployment must switch it.
fn is_switched(service: &Field<RoutedService>, cx: &Context<'_>) -> bool {
    routed(cx.architecture, service).is_some_and(|it| it.blue_green)
}
