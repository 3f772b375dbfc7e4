//! What EC2 takes, decided once for every target: how traffic is numbered and named, which characters a
//! description may hold, and which rules of a security group are not written.

use std::borrow::Cow;

use archgen_core::resource::network::{Direction, PortRange, Traffic};
use archgen_core::resource::{ResourceGraph, SecurityGroupRule};
use archgen_core::value::Value;

/// Traffic as EC2 names it.
pub(crate) struct Spelled<'a> {
    /// The protocol in a rule of a security group: `tcp`, `-1` for all of them, or its number.
    pub name: Cow<'static, str>,
    /// The protocol in an entry of a network ACL: its IANA number, -1 for all of them.
    pub number: i64,
    /// What more there is to say.
    pub ports: Ports<'a>,
}

/// What a protocol counts its packets by.
pub(crate) enum Ports<'a> {
    /// Nothing.
    None,
    /// Ports.
    Range(&'a Value<PortRange>),
    /// Type and code of ICMP; -1 is all of them, and all types have all codes.
    Icmp(i64, i64),
}

/// Traffic as EC2 names it.
pub(crate) fn spelled(traffic: &Traffic) -> Spelled<'_> {
    let icmp = |kind: Option<u8>, code: Option<u8>| {
        let number = |it: Option<u8>| it.map_or(-1, i64::from);
        Ports::Icmp(number(kind), number(kind.and(code)))
    };
    let (name, number, ports) = match traffic {
        Traffic::All => ("-1".into(), -1, Ports::None),
        Traffic::Tcp(it) => ("tcp".into(), 6, Ports::Range(it)),
        Traffic::Udp(it) => ("udp".into(), 17, Ports::Range(it)),
        Traffic::Icmp { kind, code } => ("icmp".into(), 1, icmp(*kind, *code)),
        Traffic::Icmpv6 { kind, code } => ("icmpv6".into(), 58, icmp(*kind, *code)),
        Traffic::Protocol(it) => (it.to_string().into(), i64::from(*it), Ports::None),
        Traffic::Unknown => panic!("invariant: a checked architecture has no unknown traffic"),
    };
    Spelled { name, number, ports }
}

/// A description in the characters that EC2 takes, 255 at most.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
pub(crate) fn description(text: &str) -> String {
    let allowed = |it: char| it.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(it);
    text.chars().map(|it| if allowed(it) { it } else { '-' }).take(255).collect()
}

/// Whether a rule is not written because its group keeps the rule that AWS starts it with: that one
/// allows it already, and in CloudFormation any other egress rule would remove it.
pub(crate) fn is_implied(rule: &SecurityGroupRule, graph: &ResourceGraph) -> bool {
    rule.direction == Direction::Egress
        && graph.get(&rule.group).is_some_and(|it| it.default_egress == Value::Literal(true))
}
