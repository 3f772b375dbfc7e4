//! What a service needs before it runs: its image, its logs, its secrets, and the control plane of
//! clusters on EC2.
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/vpc-endpoints.html>

use crate::check::Context;
use crate::codes::Code;
use crate::declare::{EcsCluster, EcsService, EksCluster};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::network::hop::{Component, RouteOutcome};
use crate::network::side::{Where, service_name};
use crate::network::{Answer, Model, Question, Reach, Side, Wanted};
use crate::resource::network::EndpointService;
use crate::service_fields::Image;
use crate::value::{Part, Text};

/// Where an image comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Registry {
    /// A repository of Amazon ECR.
    Ecr,
    /// A registry on the internet, by name.
    Public(&'static str),
}

/// Something that a service needs.
struct Need {
    /// What it is called.
    name: String,
    /// The endpoint that leads there privately, if there is one.
    endpoint: Option<EndpointService>,
    /// Whether it is about the image.
    image: bool,
    /// Why it is not reached.
    reach: Reach,
}

/// Checks every service.
pub fn check(model: &Model, cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    for service in architecture.all::<EcsService>() {
        let Some(cluster) = cx.follow::<EcsCluster>(&service.cluster) else {
            continue;
        };
        if cluster.capacity.literal().is_none() {
            continue;
        }
        let (from, needs) = needs(service, cluster);
        let missing = missing(model, &from, needs);
        if !missing.is_empty() {
            let what = format!("service `{}`", service.meta.name);
            let image = missing.iter().any(|it| it.image);
            let loc = if image { service.image.loc } else { service.meta.loc };
            let loc = crate::check::or_loc(loc, service.meta.loc);
            cx.push(cannot_start(model, &what, loc, &missing));
        }
    }
    for cluster in architecture.all::<EksCluster>() {
        let (from, needs) = node_needs(cluster);
        let missing = missing(model, &from, needs);
        if !missing.is_empty() {
            let what = format!("a node of `{}`", cluster.meta.name);
            let loc = crate::check::or_loc(cluster.subnets.loc, cluster.meta.loc);
            cx.push(cannot_start(model, &what, loc, &missing));
        }
    }
}

/// What a node connects to before it is ready: the images of its own pods come from ECR, its name from EC2,
/// and pods with a role of their own get their credentials from EKS.
/// <https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html>
pub(in crate::check) fn node_needs(cluster: &EksCluster) -> (Side, Vec<(Side, bool)>) {
    let mut services = vec![
        EndpointService::Ec2,
        EndpointService::EcrApi,
        EndpointService::EcrDkr,
        EndpointService::S3,
    ];
    if cluster.known_addons().iter().any(|it| it.permissions().is_some()) {
        services.push(EndpointService::EksAuth);
    }
    let needs = services.into_iter().map(|it| (Side::Service(it), false)).collect();
    (Side::Endpoint(cluster.meta.name.clone()), needs)
}

/// What a service connects to before it runs: from what, and to what, with whether it is about the image.
pub(in crate::check) fn needs(
    service: &EcsService,
    cluster: &EcsCluster,
) -> (Side, Vec<(Side, bool)>) {
    // On EC2 the agent of the instance pulls images, sends logs and reads secrets; on Fargate all of
    // that leaves by the task's own interface.
    let instances = cluster.has_instances();
    let from = if instances { &cluster.meta.name } else { &service.meta.name };
    let from = Side::Endpoint(from.clone());
    let mut needs: Vec<(Side, bool)> = Vec::new();
    match service.image.literal().and_then(registry) {
        Some(Registry::Ecr) => {
            for it in [EndpointService::EcrApi, EndpointService::EcrDkr, EndpointService::S3] {
                needs.push((Side::Service(it), true));
            }
        }
        Some(Registry::Public(name)) => needs.push((Side::Host(name.to_string()), true)),
        None => {}
    }
    needs.push((Side::Service(EndpointService::Logs), false));
    let secrets = service.secrets.as_ref().and_then(Field::literal);
    if secrets.is_some_and(|it| !it.is_empty()) {
        needs.push((Side::Service(EndpointService::SecretsManager), false));
    }
    if instances {
        for it in [EndpointService::Ecs, EndpointService::EcsAgent, EndpointService::EcsTelemetry] {
            needs.push((Side::Service(it), false));
        }
    }
    (from, needs)
}

/// What is certainly not reached.
fn missing(model: &Model, from: &Side, needs: Vec<(Side, bool)>) -> Vec<Need> {
    let mut missing = Vec::new();
    for (to, image) in needs {
        let reach = model.reach(from, &to, &Wanted::tcp(443), Question::Works);
        if reach.answer != Answer::No {
            continue;
        }
        let (name, endpoint) = match &to {
            Side::Service(it) => (service_name(*it).to_string(), Some(*it)),
            Side::Host(name) => (name.clone(), None),
            Side::Endpoint(_)
            | Side::Group(_)
            | Side::Tier(_)
            | Side::Vpc(_)
            | Side::Internet
            | Side::Block(_) => continue,
        };
        missing.push(Need { name, endpoint, image, reach });
    }
    missing
}

/// The registry of an image; none if it is not known.
/// <https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html>
fn registry(image: &Image) -> Option<Registry> {
    match image {
        Image::Ecr(_) => Some(Registry::Ecr),
        Image::Name(text) => {
            let start = start(text)?;
            // The first part of a name is a registry if it looks like a host.
            let (host, _) = start.split_once('/').unwrap_or(("", ""));
            Some(if host.contains(".dkr.ecr.") {
                Registry::Ecr
            } else if host == "public.ecr.aws" {
                Registry::Public("the public gallery of Amazon ECR")
            } else if host.contains('.') || host.contains(':') || host == "localhost" {
                if host == "docker.io" {
                    Registry::Public("Docker Hub")
                } else {
                    Registry::Public("its registry")
                }
            } else {
                Registry::Public("Docker Hub")
            })
        }
    }
}

/// The known start of an image's name, if it is enough to tell the registry.
fn start(text: &Text) -> Option<String> {
    match text.0.as_slice() {
        [Part::Literal(it)] => Some(it.clone()),
        [Part::Literal(it), ..] if it.contains('/') || it.contains(':') => Some(it.clone()),
        // `123456789012.dkr.ecr.us-east-1.amazonaws.com/…` with the account as a part of its own.
        [Part::Pseudo(_), Part::Literal(it), ..] if it.starts_with(".dkr.ecr.") => {
            Some(format!("account{it}{}", if it.contains('/') { "" } else { "region/" }))
        }
        _ => None,
    }
}

/// AG0304: a service or node cannot reach what it needs to start.
fn cannot_start(model: &Model, what: &str, loc: Loc, missing: &[Need]) -> Diagnostic {
    let names: Vec<&str> = missing.iter().map(|it| it.name.as_str()).collect();
    let listed = match names.as_slice() {
        [one] => (*one).to_string(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
        [] => String::new(),
    };
    let message = format!("{what} cannot start: it cannot reach {listed}");
    let mut diagnostic = Diagnostic::new(Code::AG0304, loc, message);
    let wanted = Wanted::tcp(443);
    let mut fixes: Vec<String> = Vec::new();
    let mut notes: Vec<String> = Vec::new();
    let mut no_way: Vec<&Need> = Vec::new();
    let mut vpc = None;
    for need in missing {
        let Some(path) = &need.reach.path else {
            continue;
        };
        let note = format!("path: {}", model.path_text(path, &wanted, Question::Works));
        // The same obstacle for several needs is said once.
        let same = note.replace(&need.name, "it");
        if !notes.contains(&same) {
            notes.push(same);
            diagnostic = diagnostic.note(note);
        }
        let routing =
            path.blocking(&wanted, Question::Works).iter().any(|it| match &it.component {
                Component::Route { outcome, .. } => {
                    matches!(outcome, RouteOutcome::Missing | RouteOutcome::Dead(_))
                }
                Component::PublicAddress(_) => true,
                Component::Egress
                | Component::Ingress
                | Component::PolicyEgress
                | Component::PolicyIngress
                | Component::Acl { .. }
                | Component::NatProtocols
                | Component::Addressed(..)
                | Component::Resolver
                | Component::Unknown(_) => false,
            });
        if routing {
            no_way.push(need);
            if let Where::Subnet(it) = path.from.position {
                vpc = Some((&model.vpcs[model.subnets[it].vpc].name, &model.subnets[it].tier));
            }
        } else if let Some(fix) = model.fix(path, &wanted, Question::Works)
            && !fixes.contains(&fix)
        {
            fixes.push(fix);
        }
    }
    if let (Some((vpc, tier)), false) = (vpc, no_way.is_empty()) {
        let endpoints: Vec<&str> =
            no_way.iter().filter_map(|it| it.endpoint).map(EndpointService::word).collect();
        let mut fix = format!("give `{vpc}` NAT gateways (`nat: PerZone`) that `{tier}` routes to");
        if !endpoints.is_empty() {
            fix.push_str(&format!(", or endpoints (`endpoints: [{}]`)", endpoints.join(", ")));
        }
        if no_way.iter().any(|it| it.endpoint.is_none()) && !endpoints.is_empty() {
            fix.push_str(" and an image in ECR");
        }
        fixes.insert(0, fix);
    }
    diagnostic.maybe_help((!fixes.is_empty()).then(|| fixes.join("; and ")))
}
