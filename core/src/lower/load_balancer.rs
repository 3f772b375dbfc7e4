//! `alb!` and `certificate!`: the load balancer, its listeners, targets and rules.

use std::collections::BTreeMap;

use super::network::everywhere;
use super::route::{Pattern, Route, priorities};
use super::{Lower, attribute, endpoint, policies, slug};
use crate::architecture::Architecture;
use crate::declare::alb::{Clients, RoutedService, Scheme};
use crate::declare::{
    Alb, Certificate as CertificateDeclaration, Declaration, EcsService, Kind,
    Vpc as VpcDeclaration,
};
use crate::diagnostic::Sink;
use crate::field::{Field, Reader};
use crate::loc::Loc;
use crate::resource::ecs::Deployment;
use crate::resource::elb::ListenerAction;
use crate::resource::elb::{ListenerTls, TargetHealthCheck};
use crate::resource::network::{Direction, RulePeer, Traffic};
use crate::resource::{
    Attribute, Certificate, Listener, ListenerRule, LoadBalancer, Ref, ResourceId,
    SecurityGroupRule, TargetGroup,
};
use crate::service_fields::TargetCheck;
use crate::types::{Cidr, Port, Seconds};
use crate::value::{Text, Value};

/// How long a target that leaves may finish its requests.
const DEREGISTRATION_DELAY: Seconds = Seconds(30);

/// The load balancer resource of an `alb!`.
pub fn load_balancer_id(alb: &str) -> Ref<LoadBalancer> {
    Ref::new(ResourceId::new(&[alb, "load_balancer"]))
}

/// The listener that serves an `alb!`'s routes.
pub fn listener_id(alb: &Alb) -> Ref<Listener> {
    let listener = if alb.certificate.is_some() { "https" } else { "http" };
    Ref::new(ResourceId::new(&[&alb.meta.name, listener]))
}

/// The targets of a service behind an `alb!`.
pub fn target_group_id(alb: &str, service: &str) -> Ref<TargetGroup> {
    Ref::new(ResourceId::new(&[alb, service, "target_group"]))
}

/// The targets of the other version in a blue-green deployment.
pub fn alternate_target_group_id(alb: &str, service: &str) -> Ref<TargetGroup> {
    Ref::new(ResourceId::new(&[alb, service, "alternate_target_group"]))
}

/// The rule of a route.
pub fn rule_id(alb: &str, service: &str, pattern: &str) -> Ref<ListenerRule> {
    Ref::new(ResourceId::new(&[alb, service, &slug(pattern), "rule"]))
}

/// The rule of a tenant's route, if it is one: whoever serves the tenant, it is the same rule.
pub fn rule_of_tenant(
    architecture: &Architecture,
    alb: &Alb,
    pattern: &str,
) -> Option<Ref<ListenerRule>> {
    let tenant = architecture.tenant_of_route(&alb.meta.name, pattern)?;
    Some(Ref::new(ResourceId::new(&[&alb.meta.name, tenant, "rule"])))
}

/// The service that a route leads to, as a load balancer sees it.
pub struct Routed<'a> {
    /// Its name.
    pub name: &'a str,
    /// The name that descriptions are made from.
    identity: &'a str,
    /// The port it listens on.
    pub port: Option<&'a Field<Port>>,
    /// How the health of its targets is found out.
    health_check: Option<&'a Field<TargetCheck>>,
    /// Whether its deployments switch the weights of a rule.
    pub blue_green: bool,
    /// The declaration.
    pub declaration: &'a Declaration,
}

/// The service that a route leads to, if it is known.
pub fn routed<'a>(architecture: &'a Architecture, to: &Field<RoutedService>) -> Option<Routed<'a>> {
    let declaration = architecture.named(to.literal()?.name())?;
    if let Declaration::EcsService(it) = declaration {
        Some(Routed {
            name: &it.meta.name,
            identity: it.meta.identity(),
            port: it.port.as_ref(),
            health_check: it.health_check.as_ref(),
            blue_green: is_blue_green(it),
            declaration,
        })
    } else if let Declaration::K8sService(it) = declaration {
        Some(Routed {
            name: &it.meta.name,
            identity: it.meta.identity(),
            port: it.port.as_ref(),
            health_check: it.health_check.as_ref(),
            blue_green: false,
            declaration,
        })
    } else {
        None
    }
}

/// Whether a service's deployments switch the weights of a rule.
pub fn is_blue_green(service: &EcsService) -> bool {
    service.deployment.literal() == Some(&Deployment::BlueGreen)
}

/// The rule of a route, if it has one: a default route only where a deployment must switch it.
pub fn rule_of(
    architecture: &Architecture,
    alb: &Alb,
    route: &Route,
    service: &str,
    blue_green: bool,
) -> Option<Ref<ListenerRule>> {
    let pattern = route.literal()?.key.literal()?;
    if let Some(rule) = rule_of_tenant(architecture, alb, pattern) {
        return Some(rule);
    }
    let has_rule = match Pattern::parse(pattern).ok()? {
        Pattern::Default => blue_green,
        Pattern::Path(_) | Pattern::Host(_) | Pattern::HostAndPath(..) | Pattern::Header(..) => {
            true
        }
    };
    has_rule.then(|| rule_id(&alb.meta.name, service, pattern))
}

/// Lowers a certificate.
pub fn lower_certificate(it: &CertificateDeclaration, cx: &mut Lower<'_>) {
    let names = it.alternative_names.as_ref().and_then(|it| it.literal());
    let certificate = Certificate {
        domain: cx.field_text(&it.domain),
        alternative_names: names.into_iter().flatten().map(|it| cx.field_text(it)).collect(),
        hosted_zone: match &it.zone {
            Some(zone) => Some(super::dns::zone_text(zone)),
            None => it.hosted_zone.as_ref().map(|it| cx.field_text(it)),
        },
    };
    let name = it.meta.name.as_str();
    let certificate = cx.add(&it.meta, &[name, "certificate"], certificate);
    cx.output(
        &[name, "arn"],
        format!("The ARN of the certificate {name}"),
        certificate.attribute(Attribute::Arn),
    );
}

/// Lowers a load balancer.
pub fn lower_load_balancer(alb: &Alb, cx: &mut Lower<'_>) {
    let name = alb.meta.name.as_str();
    let Some(stand) = endpoint(cx.architecture, &Declaration::Alb(Box::new(alb.clone()))) else {
        return;
    };
    cx.derive_group(&alb.meta, &stand);
    let internet_facing = alb.scheme.literal() != Some(&Scheme::Internal);
    let subnets = cx.subnets(&alb.subnets);
    let logs = alb.access_logs.as_ref().and_then(|it| it.literal());
    let load_balancer = LoadBalancer {
        name: alb.load_balancer_name.as_ref().map(|it| cx.string_text(it)),
        internet_facing,
        subnets: subnets.clone(),
        groups: stand.all_groups(),
        idle_timeout: alb.idle_timeout.value.clone(),
        deletion_protection: alb.deletion_protection.value.clone(),
        access_logs: logs
            .map(|it| (Ref::new(ResourceId::new(&[&it.name, "bucket"])), name.to_string())),
    };
    let load_balancer = cx.add(&alb.meta, &[name, "load_balancer"], load_balancer);
    cx.depends_on_routes(load_balancer.id(), &subnets);
    if let Some(bucket) = logs {
        // Elastic Load Balancing tries to write when logging is turned on.
        let policy = ResourceId::new(&[&bucket.name, "bucket_policy"]);
        cx.depends_on(load_balancer.id(), &policy);
    }
    lower_clients(alb, &stand, cx);
    lower_listeners(alb, &load_balancer, cx);
    let priorities = priorities(cx.architecture, alb);
    let tenants = cx.architecture.tenant_routes(name);
    for route in alb.known_routes().chain(tenants) {
        lower_route(alb, &stand, route, &priorities, cx);
    }
    cx.output(
        &[name, "dns_name"],
        format!("The DNS name of the load balancer {name}"),
        load_balancer.attribute(Attribute::DnsName),
    );
}

/// Lets clients connect: everybody, or the addresses of the VPC.
fn lower_clients(alb: &Alb, stand: &super::Endpoint, cx: &mut Lower<'_>) {
    if alb.scheme.literal() == Some(&Scheme::InternetFacing)
        && alb.open_to.literal() == Some(&Clients::CloudFront)
    {
        lower_cloudfront(alb, stand, cx);
        return;
    }
    let clients: Vec<Value<Cidr>> = match &alb.scheme.value {
        Value::Literal(Scheme::InternetFacing) if alb.open_to.literal().is_none() => {
            vec![Value::Unknown]
        }
        Value::Literal(Scheme::InternetFacing) => vec![Value::Literal(everywhere())],
        Value::Literal(Scheme::Internal) => {
            let vpc = alb.subnets.literal().map(|it| it.vpc.as_str()).unwrap_or_default();
            let vpc = cx.architecture.get::<VpcDeclaration>(vpc);
            let blocks = vpc.map(VpcDeclaration::blocks).unwrap_or_default();
            blocks.iter().map(|it| it.value.map_ref(|it| Cidr(ipnet::IpNet::V4(it.0)))).collect()
        }
        Value::Parameter(_) | Value::Unknown => vec![Value::Unknown],
    };
    for client in clients {
        for traffic in stand.listens.clone() {
            let why = format!("clients of {}", alb.meta.identity());
            cx.allow_from(&alb.meta, alb.scheme.loc, client.clone(), stand, traffic, &why);
        }
    }
}

/// Lets the edge locations of CloudFront connect, by the list that AWS keeps of their addresses: on the port that a
/// distribution asks.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/LocationsOfEdgeServers.html#managed-prefix-list>
fn lower_cloudfront(alb: &Alb, stand: &super::Endpoint, cx: &mut Lower<'_>) {
    let Some(group) = stand.group().filter(|_| stand.derived).cloned() else { return };
    let peer = cx.cloudfront_addresses(&alb.meta);
    let Some(traffic) = stand.listens.last().cloned() else { return };
    let rule = SecurityGroupRule {
        group,
        direction: Direction::Ingress,
        peer: RulePeer::PrefixList(peer),
        traffic,
        description: format!("CloudFront to {}", alb.meta.identity()),
    };
    cx.rule(&alb.meta, alb.open_to.loc, rule);
}

fn lower_listeners(alb: &Alb, load_balancer: &Ref<LoadBalancer>, cx: &mut Lower<'_>) {
    let name = alb.meta.name.as_str();
    let serve = default_action(alb, cx);
    let (plain, tls) = match &alb.certificate {
        Some(certificate) => {
            let arn = match &certificate.value {
                Value::Literal(it) => attribute(&[&it.name, "certificate"], Attribute::Arn),
                Value::Parameter(name) => Text::parameter(name.clone()),
                Value::Unknown => Text::unknown(),
            };
            let tls = ListenerTls { policy: alb.tls_policy.value.clone(), certificate: arn };
            (ListenerAction::RedirectToHttps, Some(tls))
        }
        None => (serve.clone(), None),
    };
    let http = Listener {
        load_balancer: load_balancer.clone(),
        port: 80,
        tls: None,
        default_action: plain,
    };
    cx.add(&alb.meta, &[name, "http"], http);
    if tls.is_some() {
        let https = Listener {
            load_balancer: load_balancer.clone(),
            port: 443,
            tls,
            default_action: serve,
        };
        cx.add(&alb.meta, &[name, "https"], https);
    }
}

/// What happens to requests that no rule takes.
fn default_action(alb: &Alb, cx: &Lower<'_>) -> ListenerAction {
    for route in alb.known_routes().filter_map(|it| it.literal()) {
        let is_default = route.key.literal().is_some_and(|it| it == "/");
        if let (true, Some(service)) = (is_default, routed(cx.architecture, &route.value))
            && !service.blue_green
        {
            let targets = target_group_id(&alb.meta.name, service.name);
            return ListenerAction::Forward(vec![(targets, 1)]);
        }
    }
    ListenerAction::FixedResponse { status: 404 }
}

/// Adds the targets and the rule of a route, and lets the load balancer connect to them.
fn lower_route(
    alb: &Alb,
    stand: &super::Endpoint,
    route: &Route,
    priorities: &BTreeMap<String, Value<u16>>,
    cx: &mut Lower<'_>,
) {
    let Some(pair) = route.literal() else { return };
    let Some(service) = routed(cx.architecture, &pair.value) else {
        return;
    };
    let (Some(vpc), Some(port)) = (cx.vpc_of(&alb.subnets), service.port) else {
        return;
    };
    let (name, to) = (alb.meta.name.as_str(), service.name);
    let loc = pair.value.loc;

    let group = TargetGroup {
        vpc,
        port: port.value.clone(),
        https: false,
        health_check: health_check(service.health_check),
        stickiness: alb.stickiness.as_ref().map(|it| it.value.clone()),
        deregistration_delay: Value::Literal(DEREGISTRATION_DELAY),
    };
    let targets = cx.add_at(&alb.meta, loc, &[name, to, "target_group"], group.clone());
    let action = if service.blue_green {
        let alternate = [name, to, "alternate_target_group"];
        let alternate = cx.add_at(&alb.meta, loc, &alternate, group);
        ListenerAction::Forward(vec![(targets, 100), (alternate, 0)])
    } else {
        ListenerAction::Forward(vec![(targets, 1)])
    };
    lower_rule(alb, route, &service, (action, priorities), cx);

    if let Some(peer) = endpoint(cx.architecture, service.declaration) {
        let traffic = Traffic::tcp(port.value.clone());
        let why = format!("{} to {}", alb.meta.identity(), service.identity);
        cx.allow_flow(&alb.meta, loc, stand, &peer, traffic.clone(), &why);
        if let Declaration::K8sService(pods) = service.declaration {
            policies::admit_load_balancer(alb, pods, loc, &traffic, cx);
            // The cluster's controller fills them, and is told which they are.
            cx.output(
                &[name, to, "target_group_arn"],
                format!("The targets of the load balancer {name} that are pods of {to}"),
                target_group_id(name, to).attribute(Attribute::Arn),
            );
        }
    }
}

fn lower_rule(
    alb: &Alb,
    route: &Route,
    service: &Routed<'_>,
    (action, priorities): (ListenerAction, &BTreeMap<String, Value<u16>>),
    cx: &mut Lower<'_>,
) {
    let id = rule_of(cx.architecture, alb, route, service.name, service.blue_green);
    let (Some(id), Some(pair)) = (id, route.literal()) else {
        return;
    };
    let Some(text) = pair.key.literal() else {
        return;
    };
    let Ok(pattern) = Pattern::parse(text) else {
        return;
    };
    let priority = priorities.get(text).cloned().unwrap_or(Value::Unknown);
    let paths = match &pattern {
        Pattern::Default => vec![Value::Literal("/*".to_string())],
        Pattern::Path(_) | Pattern::Host(_) | Pattern::HostAndPath(..) | Pattern::Header(..) => {
            pattern.path().iter().map(|it| Value::Literal(it.to_string())).collect()
        }
    };
    let rule = ListenerRule {
        listener: listener_id(alb),
        priority,
        hosts: pattern.host().iter().map(|it| Value::Literal(it.to_string())).collect(),
        paths,
        headers: pattern
            .header()
            .into_iter()
            .map(|(name, value)| (name.to_string(), vec![Value::Literal(value.to_string())]))
            .collect(),
        action,
    };
    cx.add_at(&alb.meta, route.loc, &[id.id().as_str()], rule);
}

/// How the health of a service's targets is found out: as it says, or AWS's usual way.
pub(super) fn health_check(given: Option<&Field<TargetCheck>>) -> TargetHealthCheck {
    let check = match given {
        Some(field) => match field.literal() {
            Some(it) => it.clone(),
            None => return unknown_health_check(),
        },
        None => default_target_check(),
    };
    TargetHealthCheck {
        path: check.path.value,
        interval: check.interval.value,
        timeout: check.timeout.value,
        healthy_threshold: check.healthy.value,
        unhealthy_threshold: check.unhealthy.value,
        matcher: check.matcher.value,
    }
}

/// What `health_check` is when it is left out.
pub fn default_target_check() -> TargetCheck {
    let mut sink = Sink::new();
    TargetCheck::read_entries(&[], Loc::NONE, &mut Reader::new(&mut sink, Kind::EcsService))
}

fn unknown_health_check() -> TargetHealthCheck {
    TargetHealthCheck {
        path: Value::Unknown,
        interval: Value::Unknown,
        timeout: Value::Unknown,
        healthy_threshold: Value::Unknown,
        unhealthy_threshold: Value::Unknown,
        matcher: Value::Unknown,
    }
}
