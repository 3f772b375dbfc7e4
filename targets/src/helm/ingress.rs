//! A load balancer's values: the rules of its listeners, and how its controller is to make it.

use std::collections::BTreeSet;

use archgen_core::resource::elb::ListenerAction;
use archgen_core::resource::network::{Direction, RulePeer};
use archgen_core::resource::{
    Attribute, Listener, ListenerRule, LoadBalancer, Ref, Resource, SecurityGroupRule, Service,
    TargetGroup,
};
use archgen_core::value::Value;

use super::outside::Outside;
use super::shape::Word;
use super::text::{Block, Flag, Needed, Text};
use super::values::{AccessLogs, Ingress, Rule};

/// The values of a load balancer.
pub(super) fn ingress(
    outside: &mut Outside<'_>,
    resource: &Resource,
    it: &LoadBalancer,
) -> Ingress {
    let graph = outside.graph;
    let listeners: Vec<(Ref<Listener>, &Listener)> = graph
        .all::<Listener>()
        .filter(|(_, _, it)| it.load_balancer.id() == &resource.id)
        .map(|(id, _, it)| (id, it))
        .collect();
    let tls = listeners.iter().find_map(|(_, it)| it.tls.as_ref());
    // The rules and the default of the listener that serves; the other one sends clients there.
    let serving: Vec<&(Ref<Listener>, &Listener)> = listeners
        .iter()
        .filter(|(_, it)| it.default_action != ListenerAction::RedirectToHttps)
        .collect();
    let mut default_service =
        serving.iter().find_map(|(_, it)| forwards(outside, &it.default_action));
    let mut rules: Vec<&ListenerRule> = graph
        .all::<ListenerRule>()
        .map(|(_, _, it)| it)
        .filter(|rule| serving.iter().any(|(id, _)| *id == rule.listener))
        .collect();
    rules.sort_by_key(|it| it.priority.clone());
    let mut rules: Vec<Rule> = rules.into_iter().flat_map(|it| spelled(outside, it)).collect();
    // A last rule for everything is the default: ECS has it as a rule where it switches its targets.
    let everything = |it: &Rule| it.host == Text::default() && it.path == Text::literal("/*");
    if default_service.is_none() && rules.last().is_some_and(everything) {
        default_service = rules.pop().map(|it| it.service);
    }
    Ingress {
        class_name: "alb".to_string(),
        scheme: Word::new(if it.internet_facing { "internet-facing" } else { "internal" }),
        name: it.name.as_ref().map(|it| outside.text(it)).unwrap_or_default(),
        certificate_arn: tls.map(|it| Needed(outside.text(&it.certificate))),
        ssl_policy: tls.map(|it| outside.string(&it.policy)),
        inbound: inbound(outside, it),
        idle_timeout: outside.whole(&it.idle_timeout, |it| it.0.into()),
        deletion_protection: match &it.deletion_protection {
            Value::Literal(it) => Flag::Known(*it),
            Value::Parameter(name) => Flag::Parameter(outside.parameter(name)),
            Value::Unknown => Flag::Known(false),
        },
        access_logs: it.access_logs.as_ref().map(|(bucket, prefix)| AccessLogs {
            bucket: Needed(outside.text(&bucket.attribute(Attribute::Name))),
            prefix: Text::literal(prefix.clone()),
        }),
        rules,
        default_service,
    }
}

/// A rule of the graph for each pair of its hosts and paths.
fn spelled(outside: &mut Outside<'_>, it: &ListenerRule) -> Vec<Rule> {
    let Some(service) = forwards(outside, &it.action) else { return Vec::new() };
    to(outside, it, &service)
}

/// The same for requests to a service that is known.
pub(super) fn to(outside: &mut Outside<'_>, it: &ListenerRule, service: &str) -> Vec<Rule> {
    let everywhere = [Value::Literal(String::new())];
    let hosts = if it.hosts.is_empty() { &everywhere[..] } else { &it.hosts };
    let every = [Value::Literal("/*".to_string())];
    let paths = if it.paths.is_empty() { &every[..] } else { &it.paths };
    let mut all = Vec::new();
    for host in hosts {
        for path in paths {
            all.push(Rule {
                host: outside.string(host),
                path: outside.string(path),
                service: service.to_string(),
            });
        }
    }
    all
}

/// The service that requests are sent to.
fn forwards(outside: &Outside<'_>, action: &ListenerAction) -> Option<String> {
    let ListenerAction::Forward(targets) = action else { return None };
    let groups: BTreeSet<&Ref<TargetGroup>> = targets.iter().map(|it| &it.0).collect();
    let (_, resource, _) = outside
        .graph
        .all::<Service>()
        .find(|(_, _, it)| it.load_balancers.iter().any(|it| groups.contains(&it.target_group)))?;
    outside.services.get(resource.declaration.as_str()).cloned()
}

/// The addresses that the groups of a load balancer let in.
fn inbound(outside: &mut Outside<'_>, it: &LoadBalancer) -> Vec<Block> {
    let graph = outside.graph;
    let mut all = BTreeSet::new();
    for (_, _, rule) in graph.all::<SecurityGroupRule>() {
        if rule.direction == Direction::Ingress
            && it.groups.contains(&rule.group)
            && let RulePeer::Cidr(block) = &rule.peer
        {
            all.insert(block.map_ref(ToString::to_string));
        }
    }
    all.iter().map(|it| Block(outside.string(it))).collect()
}
