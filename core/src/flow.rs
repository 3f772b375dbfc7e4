//! Who reaches whom, and by what: the values of `connect!`, `security_group!` and `network_acl!`.

use crate::codes::Code;
use crate::declare::{Allow, Connect, Declaration, Deny, Kind};
use crate::diagnostic::Diagnostic;
use crate::field::{FieldType, List, Named, Reader, TierRef};
use crate::loc::Loc;
use crate::node::{Node, NodeKind};
use crate::resource::network::{PortRange, Traffic};
use crate::tags::{self, Selector, TagText};
use crate::types::{Cidr, Port};
use crate::value::{Field, Value};

/// The name of a declaration, and the tag by which it was found.
#[derive(Clone, PartialEq)]
pub struct PeerName {
    /// The name.
    pub name: String,
    /// The tag, at its value; none where the author wrote the name.
    pub tag: Option<Box<Named<TagText>>>,
}

impl std::ops::Deref for PeerName {
    type Target = String;

    fn deref(&self) -> &String {
        &self.name
    }
}

impl std::fmt::Debug for PeerName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.name.fmt(f)?;
        match &self.tag {
            Some(it) => write!(f, " tagged {it:?}"),
            None => Ok(()),
        }
    }
}

/// A side of a connection or rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// Every IPv4 address: `internet`.
    Internet,
    /// Addresses: `"10.9.0.0/16"`.
    Cidr(Cidr),
    /// A declaration: `backend`, or each that `tagged("team" => "payments")` finds.
    Declaration(Kind, PeerName),
    /// A tier of a VPC: `network.private`.
    Tier(TierRef),
    /// The group whose rule it is: `itself`.
    Itself,
}

impl Peer {
    /// How it is called in messages.
    pub fn describe(&self) -> String {
        match self {
            Peer::Internet => "the internet".to_string(),
            Peer::Cidr(it) => it.to_string(),
            Peer::Declaration(_, it) => format!("`{}`", it.name),
            Peer::Tier(it) => format!("`{}.{}`", it.vpc, it.tier),
            Peer::Itself => "itself".to_string(),
        }
    }

    /// The declaration and the tag by which it was found, if it was.
    pub fn found(&self) -> Option<(&str, &Named<TagText>)> {
        match self {
            Peer::Declaration(_, it) => Some((it.name.as_str(), it.tag.as_deref()?)),
            Peer::Internet | Peer::Cidr(_) | Peer::Tier(_) | Peer::Itself => None,
        }
    }

    /// Whether the two are one declaration, found by a tag on at least one side.
    fn is_found_again(&self, other: &Peer) -> bool {
        let (Peer::Declaration(_, a), Peer::Declaration(_, b)) = (self, other) else {
            return false;
        };
        a.name == b.name && (a.tag.is_some() || b.tag.is_some())
    }
}

/// What a peer of a list stands for: itself, or everything with the tag that it asks for.
fn read_peers(node: &Node, reader: &mut Reader<'_>) -> Vec<Field<Peer>> {
    let Some(carriers) = reader.carriers() else { return vec![reader.read(node)] };
    let Some(selector) = Selector::read(node, reader) else { return vec![reader.read(node)] };
    let unknown = Field::unknown(node.loc);
    let Some(selector) = selector.literal() else { return vec![unknown] };
    let (found, more) = carriers.select(node, selector, reader);
    let peer = |it: tags::Found| {
        let name = PeerName { name: it.name, tag: Some(Box::new(it.tag)) };
        Field::new(Peer::Declaration(it.kind, name), node.loc)
    };
    let mut all: Vec<Field<Peer>> = found.into_iter().map(peer).collect();
    if more {
        all.push(unknown);
    }
    all
}

/// The same without what tags would make a declaration say about itself: what is on both sides is apart.
pub(crate) fn apart(declaration: Declaration) -> Vec<Declaration> {
    match &declaration {
        Declaration::Connect(it) => match parts(&it.from, &it.to) {
            None => vec![declaration],
            Some(parts) => parts
                .into_iter()
                .map(|(from, to)| {
                    Declaration::Connect(Box::new(Connect { meta: it.meta.clone(), from, to }))
                })
                .collect(),
        },
        Declaration::Allow(it) => match parts(&it.from, &it.to) {
            None => vec![declaration],
            Some(parts) => parts
                .into_iter()
                .map(|(from, to)| {
                    Declaration::Allow(Box::new(Allow { meta: it.meta.clone(), from, to }))
                })
                .collect(),
        },
        Declaration::Deny(it) => match parts(&it.from, &it.to) {
            None => vec![declaration],
            Some(parts) => parts
                .into_iter()
                .map(|(from, to)| {
                    Declaration::Deny(Box::new(Deny { meta: it.meta.clone(), from, to }))
                })
                .collect(),
        },
        Declaration::Param(_)
        | Declaration::Vpc(_)
        | Declaration::SecurityGroup(_)
        | Declaration::NetworkAcl(_)
        | Declaration::VpcPeering(_)
        | Declaration::Certificate(_)
        | Declaration::WebAcl(_)
        | Declaration::CloudFront(_)
        | Declaration::HostedZone(_)
        | Declaration::DnsRecord(_)
        | Declaration::KmsKey(_)
        | Declaration::S3Bucket(_)
        | Declaration::Secret(_)
        | Declaration::Alb(_)
        | Declaration::EcsCluster(_)
        | Declaration::EksCluster(_)
        | Declaration::Namespace(_)
        | Declaration::ClusterAddons(_)
        | Declaration::K8sService(_)
        | Declaration::Efs(_)
        | Declaration::EcsService(_)
        | Declaration::RdsPostgres(_)
        | Declaration::Redis(_)
        | Declaration::EcrRepository(_)
        | Declaration::BackupPlan(_)
        | Declaration::SnsTopic(_)
        | Declaration::TenantPool(_)
        | Declaration::Budget(_)
        | Declaration::Alarm(_)
        | Declaration::Dashboard(_)
        | Declaration::Objectives(_)
        | Declaration::Terraform(_) => vec![declaration],
    }
}

/// The two sides of a connection.
type Sides = (Field<List<Peer>>, Field<List<FlowTarget>>);

/// The sides in parts, none of which has a declaration on both sides by its tags; none if the whole has
/// no such declaration.
fn parts(from: &Field<List<Peer>>, to: &Field<List<FlowTarget>>) -> Option<Vec<Sides>> {
    let (sources, targets) = (from.literal()?, to.literal()?);
    let again = |source: &Field<Peer>, target: &Field<FlowTarget>| {
        let target = target.literal().and_then(|it| it.peer.literal());
        source.literal().zip(target).is_some_and(|(a, b)| a.is_found_again(b))
    };
    let (alone, others): (Vec<_>, Vec<_>) =
        sources.iter().cloned().partition(|it| targets.iter().any(|target| again(it, target)));
    if alone.is_empty() {
        return None;
    }
    let mut all = Vec::new();
    if !others.is_empty() {
        all.push((Field::new(others, from.loc), to.clone()));
    }
    for source in alone {
        let targets: List<FlowTarget> =
            targets.iter().filter(|it| !again(&source, it)).cloned().collect();
        if !targets.is_empty() {
            all.push((Field::new(vec![source], from.loc), Field::new(targets, to.loc)));
        }
    }
    Some(all)
}

impl FieldType for Peer {
    fn expected() -> String {
        "a declaration, a tier such as `network.private`, `internet`, or a CIDR block".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if let Some(word) = node.as_word() {
            return match word {
                "internet" => Value::Literal(Peer::Internet),
                "itself" if reader.kind() == Kind::SecurityGroup => Value::Literal(Peer::Itself),
                _ => reader.unknown_word(node.loc, word, &["internet"]),
            };
        }
        if node.as_text().is_some() {
            return match Cidr::read(node, reader) {
                Value::Literal(it) if it.0.prefix_len() == 0 && it.0.addr().is_ipv4() => {
                    Value::Literal(Peer::Internet)
                }
                Value::Literal(it) => Value::Literal(Peer::Cidr(it)),
                Value::Parameter(name) => Value::Parameter(name),
                Value::Unknown => Value::Unknown,
            };
        }
        match node.as_reference() {
            Some(it) => match (&it.member, it.kind) {
                (Some(tier), Kind::Vpc) => {
                    Value::Literal(Peer::Tier(TierRef { vpc: it.name.clone(), tier: tier.clone() }))
                }
                (None, Kind::Param) => Value::Parameter(it.name.clone()),
                // Entries of a network ACL hold addresses: a group, or what stands behind one, has none.
                (None, kind)
                    if kind.can_be_peer()
                        && (reader.kind() != Kind::NetworkAcl || kind == Kind::Vpc) =>
                {
                    let name = PeerName { name: it.name.clone(), tag: None };
                    Value::Literal(Peer::Declaration(kind, name))
                }
                (Some(_) | None, _) => reader.wrong_reference(node, &Self::expected()),
            },
            None => reader.wrong(node, &Self::expected()),
        }
    }

    fn read_item(node: &Node, reader: &mut Reader<'_>) -> Vec<Field<Self>> {
        read_peers(node, reader)
    }
}

impl Kind {
    /// Whether a declaration of this kind can be a side of a connection.
    pub fn can_be_peer(self) -> bool {
        match self {
            Kind::Vpc
            | Kind::SecurityGroup
            | Kind::Alb
            | Kind::EcsService
            | Kind::EcsCluster
            | Kind::EksCluster
            | Kind::K8sService
            | Kind::RdsPostgres
            | Kind::Redis
            | Kind::Efs
            | Kind::S3Bucket
            | Kind::Secret => true,
            Kind::Param
            | Kind::Namespace
            | Kind::ClusterAddons
            | Kind::NetworkAcl
            | Kind::VpcPeering
            | Kind::Certificate
            | Kind::EcrRepository
            | Kind::BackupPlan
            | Kind::SnsTopic
            | Kind::TenantPool
            | Kind::Budget
            | Kind::WebAcl
            | Kind::CloudFront
            | Kind::HostedZone
            | Kind::DnsRecord
            | Kind::KmsKey
            | Kind::Alarm
            | Kind::Dashboard
            | Kind::Objectives
            | Kind::Terraform
            | Kind::Connect
            | Kind::Allow
            | Kind::Deny => false,
        }
    }
}

/// The words and calls that say what may pass: `all`, `tcp(80, 443)`, `udp(53)`, `icmp(8)`.
const PROTOCOLS: &[&str] = &["all", "tcp", "udp", "icmp", "icmpv6"];

/// What may pass: one entry for each range of ports.
#[derive(Clone, Debug, PartialEq)]
pub struct Ports(pub Vec<Field<Traffic>>);

impl FieldType for Ports {
    fn expected() -> String {
        "ports such as `tcp(443)`, `tcp(8000..=8080)`, `udp(53)`, `icmp(8)` or `all`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if let Some(word) = node.as_word() {
            return match word {
                "all" => Value::Literal(Ports(vec![Field::new(Traffic::All, node.loc)])),
                "tcp" => Value::Literal(Ports(vec![Field::new(
                    Traffic::Tcp(Value::Literal(PortRange::ALL)),
                    node.loc,
                )])),
                "udp" => Value::Literal(Ports(vec![Field::new(
                    Traffic::Udp(Value::Literal(PortRange::ALL)),
                    node.loc,
                )])),
                "icmp" => Value::Literal(Ports(vec![Field::new(
                    Traffic::Icmp { kind: None, code: None },
                    node.loc,
                )])),
                "icmpv6" => Value::Literal(Ports(vec![Field::new(
                    Traffic::Icmpv6 { kind: None, code: None },
                    node.loc,
                )])),
                _ => reader.unknown_word(node.loc, word, PROTOCOLS),
            };
        }
        let Some((name, arguments)) = node.as_call() else {
            return reader.wrong(node, &Self::expected());
        };
        let mut all = Vec::new();
        match name {
            "tcp" | "udp" => {
                if arguments.is_empty() {
                    reader.push(empty_range(node.loc, format!("`{name}()` names no port")));
                    return Value::Unknown;
                }
                for argument in arguments {
                    let range = read_range(argument, reader);
                    let traffic =
                        if name == "tcp" { Traffic::Tcp(range) } else { Traffic::Udp(range) };
                    all.push(Field::new(traffic, argument.loc));
                }
            }
            "icmp" | "icmpv6" => {
                let number = |it: Option<&Node>| {
                    it.and_then(Node::as_integer).and_then(|it| u8::try_from(it).ok())
                };
                let kind = number(arguments.first());
                let code = number(arguments.get(1));
                if arguments.len() > 2 || (kind.is_none() && !arguments.is_empty()) {
                    return reader.wrong(node, "an ICMP type and code from 0 to 255");
                }
                let traffic = if name == "icmp" {
                    Traffic::Icmp { kind, code }
                } else {
                    Traffic::Icmpv6 { kind, code }
                };
                all.push(Field::new(traffic, node.loc));
            }
            _ => return reader.unknown_word(node.loc, name, PROTOCOLS),
        }
        Value::Literal(Ports(all))
    }
}

/// AG0306: a port range is empty or reversed.
fn empty_range(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0306, loc, message)
        .help("write a port, or the first and the last as `8000..=8080`")
}

/// Reads a port or a range of ports.
fn read_range(node: &Node, reader: &mut Reader<'_>) -> Value<PortRange> {
    let NodeKind::Range { start, end, inclusive } = &node.kind else {
        return match Port::read(node, reader) {
            Value::Literal(it) => Value::Literal(PortRange::one(it)),
            Value::Parameter(name) => Value::Parameter(name),
            Value::Unknown => Value::Unknown,
        };
    };
    let (Some(start), Some(end)) = (start, end) else {
        reader.push(empty_range(node.loc, "a port range needs both ends".to_string()));
        return Value::Unknown;
    };
    let (Some(first), Some(last)) = (start.as_integer(), end.as_integer()) else {
        return if start.is_unknown() || end.is_unknown() {
            Value::Unknown
        } else {
            reader.wrong(node, "whole numbers as the ends of a port range")
        };
    };
    let last = if *inclusive { last } else { last - 1 };
    // Both ends are looked at, so that two mistakes are two findings.
    let first_port = Port::from_integer(first, start, reader);
    if first > last {
        reader.push(empty_range(node.loc, format!("the port range {first} to {last} is empty")));
        return Value::Unknown;
    }
    let last_port = Port::from_integer(last, end, reader);
    match (first_port, last_port) {
        (Some(first), Some(last)) => Value::Literal(PortRange { first: first.0, last: last.0 }),
        (Some(_) | None, _) => Value::Unknown,
    }
}

/// `peer` or `peer => ports`: who is connected to, and by what.
#[derive(Clone, Debug, PartialEq)]
pub struct FlowTarget {
    /// Who.
    pub peer: Field<Peer>,
    /// By what; left out, the peer's own port.
    pub ports: Option<Field<Ports>>,
}

impl FieldType for FlowTarget {
    fn expected() -> String {
        "who is connected to, with ports where it has none of its own: `internet: tcp(443)`"
            .to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        Value::Literal(match node.as_pair() {
            Some((peer, ports)) => {
                FlowTarget { peer: reader.read(peer), ports: Some(reader.read(ports)) }
            }
            None => FlowTarget { peer: reader.read(node), ports: None },
        })
    }

    fn read_item(node: &Node, reader: &mut Reader<'_>) -> Vec<Field<Self>> {
        let (peers, ports) = match node.as_pair() {
            Some((peer, ports)) => (read_peers(peer, reader), Some(reader.read(ports))),
            None => (read_peers(node, reader), None),
        };
        let target = |peer| Field::new(FlowTarget { peer, ports: ports.clone() }, node.loc);
        peers.into_iter().map(target).collect()
    }
}

/// `peer => ports`: a rule of a security group.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleField {
    /// The other side.
    pub peer: Field<Peer>,
    /// What may pass.
    pub ports: Field<Ports>,
}

impl FieldType for RuleField {
    fn expected() -> String {
        "a rule such as `internet => tcp(80, 443)`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_pair() {
            Some((peer, ports)) => {
                Value::Literal(RuleField { peer: reader.read(peer), ports: reader.read(ports) })
            }
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

/// `allow(peer, ports)` or `deny(peer, ports)`: what an entry of a network ACL does.
#[derive(Clone, Debug, PartialEq)]
pub struct AclRule {
    /// Whether it allows.
    pub allow: bool,
    /// The addresses on the other side.
    pub peer: Field<Peer>,
    /// What it matches.
    pub ports: Field<Ports>,
}

impl FieldType for AclRule {
    fn expected() -> String {
        "`allow(peer, ports)` or `deny(peer, ports)`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_call() {
            Some((name @ ("allow" | "deny"), [peer, ports])) => Value::Literal(AclRule {
                allow: name == "allow",
                peer: reader.read(peer),
                ports: reader.read(ports),
            }),
            Some((name, _)) if name != "allow" && name != "deny" => {
                reader.unknown_word(node.loc, name, &["allow", "deny"])
            }
            Some(_) | None => reader.wrong(node, &Self::expected()),
        }
    }
}
