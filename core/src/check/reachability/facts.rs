//! What the graph does not say: which of its parts may be more than is known.

use crate::architecture::Architecture;
use crate::declare::vpc::{Nat, TierRoute};
use crate::declare::{Allow, Connect, NetworkAcl, SecurityGroup, Vpc};
use crate::field::{Field, List};
use crate::flow::{FlowTarget, Peer, Ports, RuleField};
use crate::lower;
use crate::network::Model;
use crate::resource::network::Direction;
use crate::resource::{ResourceGraph, ResourceId};
use crate::value::Value;

/// The network of an architecture, with what is not known marked.
pub fn model(architecture: &Architecture, graph: &ResourceGraph) -> Model {
    let mut model = Model::new(graph);
    for declaration in &architecture.declarations {
        if let Some(it) = lower::endpoint(architecture, declaration)
            && it.groups == Value::Unknown
        {
            model.unknown_groups(&it.name);
        }
    }
    for vpc in architecture.all::<Vpc>() {
        routes(vpc, &mut model);
    }
    for group in architecture.all::<SecurityGroup>() {
        written_rules(architecture, group, &mut model);
    }
    for acl in architecture.all::<NetworkAcl>() {
        if acl.subnets.literal().is_none() {
            model.unknown_acls();
        }
        for (direction, entries) in
            [(Direction::Ingress, &acl.ingress), (Direction::Egress, &acl.egress)]
        {
            let known = entries.literal().is_some_and(|list| {
                list.iter().all(|it| {
                    it.literal().and_then(|it| it.value.literal()).is_some_and(|it| {
                        is_known(architecture, &it.peer) && ports_known(&it.ports)
                    })
                })
            });
            if !known {
                model.unknown_entries(&acl.meta.name, direction);
            }
        }
    }
    let connections = architecture.all::<Connect>().map(|it| (&it.from, &it.to));
    let permissions = architecture.all::<Allow>().map(|it| (&it.from, &it.to));
    let flows_known =
        connections.chain(permissions).all(|(from, to)| flow_known(architecture, from, to));
    if architecture.open || !flows_known {
        derived_rules(&mut model);
    }
    if architecture.open {
        model.open = true;
        model.unknown_acls();
    }
    model
}

/// Routes that cannot be seen, or that are wrong and reported as such.
fn routes(vpc: &Vpc, model: &mut Model) {
    let name = &vpc.meta.name;
    let endpoints_known = match &vpc.endpoints {
        None => true,
        Some(it) => it.literal().is_some_and(|it| it.iter().all(|it| it.literal().is_some())),
    };
    if !endpoints_known && let Some(it) = model.vpc(name) {
        model.vpcs[it].unknown_services = true;
    }
    let no_gateways = match vpc.nat.literal() {
        Some(Nat::None) => false,
        Some(Nat::Single | Nat::PerZone) => vpc.nat_tier().is_none() || vpc.zone_count().is_none(),
        None => true,
    };
    for (tier, _) in vpc.tiers() {
        let unknown = match vpc.route_of(tier) {
            Value::Literal(TierRoute::NatGateway) => no_gateways,
            Value::Literal(TierRoute::InternetGateway | TierRoute::Isolated) => false,
            Value::Parameter(_) | Value::Unknown => true,
        };
        if unknown {
            model.unknown_routes(&format!("{name}.{tier}"));
        }
    }
}

/// Rules that the team wrote and that cannot be seen.
fn written_rules(architecture: &Architecture, group: &SecurityGroup, model: &mut Model) {
    let id = ResourceId::new(&[&group.meta.name, "security_group"]);
    let known = |rules: &Option<Field<List<RuleField>>>| match rules {
        None => true,
        Some(it) => it.literal().is_some_and(|list| {
            list.iter().all(|it| {
                it.literal()
                    .is_some_and(|it| is_known(architecture, &it.peer) && ports_known(&it.ports))
            })
        }),
    };
    for (direction, rules) in
        [(Direction::Ingress, &group.ingress), (Direction::Egress, &group.egress)]
    {
        if !known(rules) {
            model.unknown_rules(&id, direction);
        }
    }
}

/// Says that every group that archgen writes may have more rules.
fn derived_rules(model: &mut Model) {
    let derived: Vec<ResourceId> =
        model.groups.iter().filter(|it| !it.authored).map(|it| it.id.clone()).collect();
    for id in derived {
        model.unknown_rules(&id, Direction::Ingress);
        model.unknown_rules(&id, Direction::Egress);
    }
}

/// Whether everything about a connection is known that its rules are made of.
fn flow_known(
    architecture: &Architecture,
    from: &Field<List<Peer>>,
    to: &Field<List<FlowTarget>>,
) -> bool {
    let (Some(from), Some(to)) = (from.literal(), to.literal()) else {
        return false;
    };
    from.iter().all(|it| is_known(architecture, it))
        && to.iter().all(|it| {
            it.literal().is_some_and(|it| {
                is_known(architecture, &it.peer) && it.ports.as_ref().is_none_or(ports_known)
            })
        })
}

/// Whether it is known what rules name for a peer.
fn is_known(architecture: &Architecture, peer: &Field<Peer>) -> bool {
    match peer.literal() {
        None => false,
        Some(Peer::Tier(it)) => {
            architecture.get::<Vpc>(&it.vpc).is_some_and(|vpc| vpc.subnet_count(&it.tier).is_some())
        }
        Some(Peer::Declaration(_, name)) => match architecture.named(name) {
            Some(declaration) => lower::endpoint(architecture, declaration)
                .is_none_or(|it| it.groups != Value::Unknown),
            None => false,
        },
        Some(Peer::Internet | Peer::Cidr(_) | Peer::Itself) => true,
    }
}

fn ports_known(ports: &Field<Ports>) -> bool {
    ports.literal().is_some_and(|it| it.0.iter().all(|it| it.literal().is_some()))
}
