//! Who reaches whom, and by what: the values of `connect!`, `security_group!` and `network_acl!`.

use crate::codes::Code;
use crate::declare::Kind;
use crate::diagnostic::Diagnostic;
use crate::field::{FieldType, Reader, TierRef};
use crate::loc::Loc;
use crate::node::{Node, NodeKind};
use crate::resource::network::{PortRange, Traffic};
use crate::types::{Cidr, Port};
use crate::value::{Field, Value};

/// A side of a connection or rule.
#[derive(Clone, Debug, PartialEq)]
pub enum Peer {
    /// Every IPv4 address: `internet`.
    Internet,
    /// Addresses: `"10.9.0.0/16"`.
    Cidr(Cidr),
    /// A declaration: `backend`.
    Declaration(Kind, String),
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
            Peer::Declaration(_, name) => format!("`{name}`"),
            Peer::Tier(it) => format!("`{}.{}`", it.vpc, it.tier),
            Peer::Itself => "itself".to_string(),
        }
    }
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
                    Value::Literal(Peer::Declaration(kind, it.name.clone()))
                }
                (Some(_) | None, _) => reader.wrong_reference(node, &Self::expected()),
            },
            None => reader.wrong(node, &Self::expected()),
        }
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
            | Kind::RdsPostgres
            | Kind::Redis
            | Kind::Efs
            | Kind::S3Bucket
            | Kind::Secret => true,
            Kind::Param
            | Kind::NetworkAcl
            | Kind::VpcPeering
            | Kind::Certificate
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
