//! Connections, permissions and written rules: the rules of security groups and network ACLs, and the
//! routes of peerings.

use super::network::{either, endpoints_group, everywhere};
use super::{Lower, endpoint, group_id, policies};
use crate::declare::{
    Allow, Connect, Kind, Meta, NetworkAcl as NetworkAclDeclaration,
    SecurityGroup as SecurityGroupDeclaration, Vpc as VpcDeclaration,
    VpcPeering as VpcPeeringDeclaration,
};
use crate::field::Field;
use crate::flow::{FlowTarget, Peer, RuleField};
use crate::loc::Loc;
use crate::resource::network::{
    Accepter, Destination, Direction, EndpointService, RouteTarget, RulePeer, Traffic,
};
use crate::resource::{
    NetworkAcl, NetworkAclAssociation, NetworkAclEntry, Ref, Route, RouteTable, SecurityGroup,
    SecurityGroupRule, VpcPeeringConnection,
};
use crate::types::{Cidr, Ipv4Cidr};
use crate::value::{Text, Value};

/// A side of a connection, as rules see it.
struct Side {
    /// How it is called in a rule's description.
    name: String,
    /// What a rule on the other side names.
    peers: Vec<RulePeer>,
    /// The group whose rules archgen writes.
    own: Option<Ref<SecurityGroup>>,
    /// What it listens for.
    listens: Vec<Traffic>,
    /// The VPC it stands in.
    vpc: Option<String>,
    /// Whether it is pods of a service, which share the group of their nodes.
    pods: bool,
}

/// Lowers `connect!` into the rules it needs.
pub fn lower_connect(it: &Connect, cx: &mut Lower<'_>) {
    lower_flow(&it.meta, &it.from, &it.to, cx);
}

/// Lowers `allow!` into its rules.
pub fn lower_allow(it: &Allow, cx: &mut Lower<'_>) {
    lower_flow(&it.meta, &it.from, &it.to, cx);
}

fn lower_flow(
    meta: &Meta,
    from: &Field<Vec<Field<Peer>>>,
    to: &Field<Vec<Field<FlowTarget>>>,
    cx: &mut Lower<'_>,
) {
    for source in from.literal().into_iter().flatten() {
        let Some(source_side) = side(source, None, cx) else { continue };
        for target in to.literal().into_iter().flatten().filter_map(Field::literal) {
            let from = source_side.vpc.as_deref();
            let Some(target_side) = side(&target.peer, from, cx) else { continue };
            let traffic: Vec<Traffic> = match &target.ports {
                Some(ports) => ports
                    .literal()
                    .into_iter()
                    .flat_map(|it| &it.0)
                    .filter_map(|it| it.literal().cloned())
                    .collect(),
                None => target_side.listens.clone(),
            };
            for traffic in traffic {
                rules(meta, target.peer.loc, &source_side, &target_side, &traffic, cx);
                let sides = (source, &target.peer);
                policies::admit(meta, target.peer.loc, sides, &traffic, cx);
            }
        }
    }
}

/// The rules on both sides, where archgen writes them.
fn rules(meta: &Meta, loc: Loc, from: &Side, to: &Side, traffic: &Traffic, cx: &mut Lower<'_>) {
    // The nodes of a cluster reach each other anyway: only policies decide between its pods.
    if (from.pods || to.pods) && from.own == to.own {
        return;
    }
    if let Some(group) = &from.own {
        for peer in &to.peers {
            let rule = SecurityGroupRule {
                group: group.clone(),
                direction: Direction::Egress,
                peer: peer.clone(),
                traffic: traffic.clone(),
                description: format!("To {}", cx.architecture.identity(&to.name)),
            };
            cx.rule(meta, loc, rule);
        }
    }
    if let Some(group) = &to.own {
        for peer in &from.peers {
            let rule = SecurityGroupRule {
                group: group.clone(),
                direction: Direction::Ingress,
                peer: peer.clone(),
                traffic: traffic.clone(),
                description: format!("From {}", cx.architecture.identity(&from.name)),
            };
            cx.rule(meta, loc, rule);
        }
    }
}

/// A side of a connection, which is opened from the VPC `from`; none if it is not known.
fn side(peer: &Field<Peer>, from: Option<&str>, cx: &Lower<'_>) -> Option<Side> {
    let literal = match &peer.value {
        Value::Literal(it) => it,
        Value::Parameter(name) => {
            return Some(Side {
                name: name.clone(),
                peers: vec![RulePeer::Cidr(Value::Parameter(name.clone()))],
                own: None,
                listens: Vec::new(),
                vpc: None,
                pods: false,
            });
        }
        Value::Unknown => return None,
    };
    if let Peer::Declaration(kind @ (Kind::S3Bucket | Kind::Secret), name) = literal {
        return Some(service_side(*kind, name, from, cx));
    }
    if let Peer::Declaration(kind, name) = literal
        && let Some(declaration) = cx.architecture.named(name)
        && let Some(endpoint) = endpoint(cx.architecture, declaration)
    {
        let groups = endpoint.groups.literal()?;
        return Some(Side {
            name: name.to_string(),
            peers: groups.first().cloned().map(RulePeer::Group).into_iter().collect(),
            own: if endpoint.derived { groups.first().cloned() } else { None },
            listens: endpoint.listens,
            vpc: endpoint.tier.literal().map(|it| it.vpc.clone()),
            pods: *kind == Kind::K8sService,
        });
    }
    Some(Side {
        name: literal.describe().replace('`', ""),
        peers: rule_peers(literal, None, cx),
        own: None,
        listens: Vec::new(),
        vpc: None,
        pods: false,
    })
}

/// S3 and Secrets Manager are reached over HTTPS: through the interface endpoint of the VPC that the
/// connection is opened from, if that has one, else by any way out.
fn service_side(kind: Kind, name: &str, from: Option<&str>, cx: &Lower<'_>) -> Side {
    let private = from
        .filter(|_| kind == Kind::Secret)
        .and_then(|it| cx.architecture.get::<VpcDeclaration>(it))
        .filter(|it| it.has_endpoint(EndpointService::SecretsManager) == Some(true));
    let peer = match private {
        Some(vpc) => RulePeer::Group(endpoints_group(&vpc.meta.name)),
        None => RulePeer::Cidr(Value::Literal(everywhere())),
    };
    Side {
        name: name.to_string(),
        peers: vec![peer],
        own: None,
        listens: vec![Traffic::tcp_port(443)],
        vpc: None,
        pods: false,
    }
}

/// What a rule names for a peer: addresses or a group.
fn rule_peers(peer: &Peer, own: Option<&Ref<SecurityGroup>>, cx: &Lower<'_>) -> Vec<RulePeer> {
    let blocks = |all: Vec<Field<Ipv4Cidr>>| {
        all.into_iter().map(|it| RulePeer::Cidr(it.value.map(|it| either(&it)))).collect()
    };
    match peer {
        Peer::Internet => vec![RulePeer::Cidr(Value::Literal(everywhere()))],
        Peer::Cidr(it) => vec![RulePeer::Cidr(Value::Literal(*it))],
        Peer::Itself => own.cloned().map(RulePeer::Group).into_iter().collect(),
        Peer::Tier(tier) => match cx.architecture.get::<VpcDeclaration>(&tier.vpc) {
            Some(vpc) => blocks(vpc.subnet_blocks(&tier.tier)),
            None => Vec::new(),
        },
        Peer::Declaration(Kind::Vpc, name) => match cx.architecture.get::<VpcDeclaration>(name) {
            Some(vpc) => blocks(vpc.blocks().into_iter().cloned().collect()),
            None => Vec::new(),
        },
        Peer::Declaration(Kind::SecurityGroup, name) => vec![RulePeer::Group(group_id(name))],
        Peer::Declaration(_, name) => {
            let endpoint = cx.architecture.named(name).and_then(|it| endpoint(cx.architecture, it));
            match endpoint.as_ref().and_then(|it| it.groups.literal()) {
                Some(groups) => groups.iter().cloned().map(RulePeer::Group).collect(),
                None => vec![RulePeer::Cidr(Value::Unknown)],
            }
        }
    }
}

/// Lowers a group and the rules that the team wrote.
pub fn lower_security_group(it: &SecurityGroupDeclaration, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let Some(vpc) = it.vpc.literal() else { return };
    let description = match it.description.as_ref().and_then(Field::literal) {
        Some(it) => it.clone(),
        None => format!("{} of {}", it.meta.identity(), cx.stem()),
    };
    let kind = SecurityGroup {
        vpc: cx.vpc(&vpc.name),
        description,
        group_name: it.group_name.as_ref().map(|it| cx.string_text(it)),
        default_egress: Value::Literal(it.egress.is_none()),
    };
    let group = cx.add(&it.meta, &[name, "security_group"], kind);
    for (direction, rules) in [(Direction::Ingress, &it.ingress), (Direction::Egress, &it.egress)] {
        let Some(rules) = rules else { continue };
        match rules.literal() {
            Some(list) => {
                for rule in list {
                    written_rule(&it.meta, &group, direction, rule, cx);
                }
            }
            None => unknown_rule(&it.meta, &group, direction, rules.loc, cx),
        }
    }
}

fn written_rule(
    meta: &Meta,
    group: &Ref<SecurityGroup>,
    direction: Direction,
    rule: &Field<RuleField>,
    cx: &mut Lower<'_>,
) {
    let Some(it) = rule.literal() else {
        return unknown_rule(meta, group, direction, rule.loc, cx);
    };
    let (peers, name) = match &it.peer.value {
        Value::Literal(peer) => {
            (rule_peers(peer, Some(group), cx), peer.describe().replace('`', ""))
        }
        Value::Parameter(name) => {
            (vec![RulePeer::Cidr(Value::Parameter(name.clone()))], name.clone())
        }
        Value::Unknown => (vec![RulePeer::Cidr(Value::Unknown)], "unknown".to_string()),
    };
    let ports: Vec<Traffic> = match it.ports.literal() {
        Some(ports) => {
            ports.0.iter().map(|it| it.literal().cloned().unwrap_or(Traffic::Unknown)).collect()
        }
        None => vec![Traffic::Unknown],
    };
    let side = match direction {
        Direction::Ingress => "From",
        Direction::Egress => "To",
    };
    for peer in peers {
        for traffic in &ports {
            let rule = SecurityGroupRule {
                group: group.clone(),
                direction,
                peer: peer.clone(),
                traffic: traffic.clone(),
                description: format!("{side} {}", cx.architecture.identity(&name)),
            };
            cx.rule(meta, it.peer.loc, rule);
        }
    }
}

/// A rule that cannot be seen: it may allow anything.
fn unknown_rule(
    meta: &Meta,
    group: &Ref<SecurityGroup>,
    direction: Direction,
    loc: Loc,
    cx: &mut Lower<'_>,
) {
    let rule = SecurityGroupRule {
        group: group.clone(),
        direction,
        peer: RulePeer::Cidr(Value::Unknown),
        traffic: Traffic::Unknown,
        description: "unknown".to_string(),
    };
    cx.rule(meta, loc, rule);
}

/// Lowers a network ACL with its entries, on every subnet of its tier.
pub fn lower_network_acl(it: &NetworkAclDeclaration, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let Some(vpc) = cx.vpc_of(&it.subnets) else { return };
    let acl = cx.add(&it.meta, &[name, "network_acl"], NetworkAcl { vpc });
    for (position, subnet) in cx.subnets(&it.subnets).into_iter().enumerate() {
        let letter = crate::declare::vpc::zone_letter(position);
        let kind = NetworkAclAssociation { acl: acl.clone(), subnet };
        let parts = [name, &letter, "network_acl_association"];
        let association = cx.add(&it.meta, &parts, kind);
        cx.repeated(association.id(), &letter);
    }
    for (direction, entries) in [(Direction::Ingress, &it.ingress), (Direction::Egress, &it.egress)]
    {
        let Some(list) = entries.literal() else {
            unknown_entry(&it.meta, &acl, direction, entries.loc, cx);
            continue;
        };
        for entry in list {
            let Some(pair) = entry.literal() else {
                unknown_entry(&it.meta, &acl, direction, entry.loc, cx);
                continue;
            };
            let number = match &pair.key.value {
                Value::Literal(it) => match u16::try_from(it.0) {
                    Ok(number) => Value::Literal(number),
                    Err(_) => Value::Unknown,
                },
                Value::Parameter(_) | Value::Unknown => Value::Unknown,
            };
            let Some(rule) = pair.value.literal() else {
                unknown_entry(&it.meta, &acl, direction, entry.loc, cx);
                continue;
            };
            let cidrs: Vec<Value<Cidr>> = match &rule.peer.value {
                Value::Literal(peer) => rule_peers(peer, None, cx)
                    .into_iter()
                    .filter_map(|it| match it {
                        RulePeer::Cidr(it) => Some(it),
                        RulePeer::Group(_) | RulePeer::PrefixList(_) => None,
                    })
                    .collect(),
                Value::Parameter(name) => vec![Value::Parameter(name.clone())],
                Value::Unknown => vec![Value::Unknown],
            };
            let ports: Vec<Traffic> = match rule.ports.literal() {
                Some(it) => {
                    it.0.iter()
                        .map(|it| it.literal().cloned().unwrap_or(Traffic::Unknown))
                        .collect()
                }
                None => vec![Traffic::Unknown],
            };
            // An entry holds one block and one range; further ones get the numbers behind it.
            let mut offset = 0;
            for cidr in &cidrs {
                for traffic in &ports {
                    let number = number.map_ref(|it| it.saturating_add(offset));
                    offset += 1;
                    let kind = NetworkAclEntry {
                        acl: acl.clone(),
                        number,
                        direction,
                        allow: rule.allow,
                        traffic: traffic.clone(),
                        cidr: cidr.clone(),
                    };
                    entry_resource(&it.meta, entry.loc, kind, cx);
                }
            }
        }
    }
}

fn unknown_entry(
    meta: &Meta,
    acl: &Ref<NetworkAcl>,
    direction: Direction,
    loc: Loc,
    cx: &mut Lower<'_>,
) {
    let kind = NetworkAclEntry {
        acl: acl.clone(),
        number: Value::Unknown,
        direction,
        allow: true,
        traffic: Traffic::Unknown,
        cidr: Value::Unknown,
    };
    entry_resource(meta, loc, kind, cx);
}

fn entry_resource(meta: &Meta, loc: Loc, kind: NetworkAclEntry, cx: &mut Lower<'_>) {
    let direction = match kind.direction {
        Direction::Ingress => "ingress",
        Direction::Egress => "egress",
    };
    let number = match &kind.number {
        Value::Literal(it) => it.to_string(),
        Value::Parameter(_) | Value::Unknown => "unknown".to_string(),
    };
    let name = meta.name.clone();
    cx.add_at(meta, loc, &[&name, direction, &number, "entry"], kind);
}

/// Lowers a peering with routes on both sides.
pub fn lower_vpc_peering(it: &VpcPeeringDeclaration, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let Some(requester) = cx.follow(&it.requester) else { return };
    let accepter = it.accepter.as_ref().and_then(|it| cx.follow(it));
    let external = it.external.as_ref().and_then(Field::literal);
    let other = match (accepter, external) {
        (Some(it), _) => Accepter::Vpc(cx.vpc(&it.meta.name)),
        (None, Some(external)) => Accepter::External {
            vpc: cx.field_text(&external.vpc),
            account: external.account.as_ref().map(|it| cx.field_text(it)),
            role: external.role.as_ref().map(|it| cx.field_text(it)),
            region: external.region.as_ref().map(|it| cx.field_text(it)),
            cidr: external
                .cidrs
                .literal()
                .and_then(|it| it.first())
                .map_or(Value::Unknown, |it| it.value.clone()),
        },
        (None, None) => return,
    };
    let kind = VpcPeeringConnection { requester: cx.vpc(&requester.meta.name), accepter: other };
    let peering = cx.add(&it.meta, &[name, "peering"], kind);
    let far: Vec<Field<Ipv4Cidr>> = match (accepter, external) {
        (Some(it), _) => it.blocks().into_iter().cloned().collect(),
        (None, Some(it)) => it.cidrs.literal().cloned().unwrap_or_default(),
        (None, None) => Vec::new(),
    };
    peering_routes(&it.meta, requester, &far, &peering, cx);
    if let Some(accepter) = accepter {
        let near: Vec<Field<Ipv4Cidr>> = requester.blocks().into_iter().cloned().collect();
        peering_routes(&it.meta, accepter, &near, &peering, cx);
    }
    cx.output(
        &[name, "id"],
        format!("The peering `{name}`"),
        Text::attribute(peering.id().clone(), crate::resource::Attribute::Id),
    );
}

/// A route to the other side in every table of a VPC.
fn peering_routes(
    meta: &Meta,
    vpc: &VpcDeclaration,
    blocks: &[Field<Ipv4Cidr>],
    peering: &Ref<VpcPeeringConnection>,
    cx: &mut Lower<'_>,
) {
    let tables = cx.tables_of(&vpc.meta.name);
    for table in tables {
        for block in blocks {
            let part = match block.literal() {
                Some(it) => super::slug(&it.to_string()),
                None => "unknown".to_string(),
            };
            let owner = table.id().as_str().trim_end_matches(".route_table").replace('.', "_");
            let kind = Route {
                table: Ref::<RouteTable>::new(table.id().clone()),
                destination: Destination::Cidr(block.value.clone().map(|it| either(&it))),
                target: RouteTarget::VpcPeering(peering.clone()),
                propagated: false,
            };
            let name = meta.name.clone();
            cx.add(meta, &[&name, &owner, &part, "route"], kind);
        }
    }
}
