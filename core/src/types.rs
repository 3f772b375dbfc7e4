//! The types of single values: CIDR blocks, ports, amounts, times. Newtypes, not strings.

use std::fmt;

use ipnet::{IpNet, Ipv4Net};

use crate::codes::Code;
use crate::declare::{Handle, Kind, Param};
use crate::diagnostic::Diagnostic;
use crate::field::{Field, FieldType, FieldValue, List, Reader};
use crate::node::{IntoNode, Node, NodeKind, Reference};
use crate::value::{Text, Value};

/// A single value that a `param!` can give when deploying.
pub trait Scalar: FieldType {}
/// A single value that is written as text.
pub trait FromText: Scalar {}
/// A single value that is written as a number.
pub trait FromNumber: Scalar {}

impl<T: Scalar> FieldValue<T> for Handle<Param> {}
impl<T: FromText> FieldValue<T> for str {}
impl<T: FromText> FieldValue<T> for String {}
impl FieldValue<bool> for bool {}
impl<T, V: FieldValue<T>> FieldValue<List<T>> for Vec<V> {}
impl<T, V: FieldValue<T>> FieldValue<List<T>> for [V] {}
impl<T, V: FieldValue<T>, const N: usize> FieldValue<List<T>> for [V; N] {}

macro_rules! numbers {
    ($($ty:ty)*) => { $(
        impl<T: FromNumber> FieldValue<T> for $ty {}
        impl<T: FromNumber> FieldValue<Bounds<T>> for std::ops::RangeInclusive<$ty> {}
        impl<T: FromNumber> FieldValue<Bounds<T>> for $ty {}
    )* };
}
numbers!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize f64);

/// The name of the `param!` that a value refers to, if it is one.
fn parameter(node: &Node) -> Option<String> {
    let reference = node.as_reference()?;
    (reference.kind == crate::declare::Kind::Param).then(|| reference.name.clone())
}

/// What is not of the right form: a parameter becomes one, anything else is reported.
fn otherwise<T: FieldType>(node: &Node, reader: &mut Reader<'_>) -> Value<T> {
    match parameter(node) {
        Some(name) => Value::Parameter(name),
        None if node.as_reference().is_some() => reader.wrong_reference(node, &T::expected()),
        None => reader.wrong(node, &T::expected()),
    }
}

impl Scalar for String {}
impl FromText for String {}
impl FieldType for String {
    fn expected() -> String {
        "text in quotes".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_text() {
            Some(it) => Value::Literal(it.to_string()),
            None => otherwise(node, reader),
        }
    }
}

impl Scalar for Text {}
impl FromText for Text {}
impl FieldType for Text {
    fn expected() -> String {
        "text, a parameter, or an attribute such as `database.endpoint`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if let Some(it) = node.as_text() {
            return Value::Literal(Text::literal(it));
        }
        if let Some(it) = node.as_integer() {
            return Value::Literal(Text::literal(it.to_string()));
        }
        if let Some(it) = node.as_bool() {
            return Value::Literal(Text::literal(it.to_string()));
        }
        if let Some(name) = parameter(node) {
            return Value::Literal(Text::parameter(name));
        }
        if let Some(("concat", parts)) = node.as_call() {
            let mut all = Text::default();
            for part in parts {
                match Text::read(part, reader) {
                    Value::Literal(it) => all = all.then(it),
                    Value::Parameter(name) => all = all.then(Text::parameter(name)),
                    Value::Unknown => all = all.then(Text::unknown()),
                }
            }
            return Value::Literal(all);
        }
        if let Some(reference) = node.as_reference() {
            let offered = reference.kind.members();
            return match &reference.member {
                // A key is named where a key is asked for, and means its ARN.
                None if reference.kind == Kind::KmsKey && reader.field().ends_with("kms_key") => {
                    let arn = Reference { member: Some("arn".to_string()), ..reference.clone() };
                    Value::Literal(Text(vec![crate::value::Part::Member(arn)]))
                }
                Some(member) if offered.contains(&member.as_str()) => {
                    Value::Literal(Text(vec![crate::value::Part::Member(reference.clone())]))
                }
                Some(_) | None => reader.wrong_reference(node, &Text::expected()),
            };
        }
        reader.wrong(node, &Text::expected())
    }
}

impl Scalar for bool {}
impl FieldType for bool {
    fn expected() -> String {
        "`true` or `false`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_bool() {
            Some(it) => Value::Literal(it),
            None => otherwise(node, reader),
        }
    }
}

/// A number without unit.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Number(pub f64);

impl Scalar for Number {}
impl FromNumber for Number {}
impl FieldType for Number {
    fn expected() -> String {
        "a number".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_number() {
            Some(it) => Value::Literal(Number(it)),
            None => otherwise(node, reader),
        }
    }
}

/// A whole number of things, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Count(pub u32);

impl Scalar for Count {}
impl FromNumber for Count {}
impl FieldType for Count {
    fn expected() -> String {
        "a whole number".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_integer() {
            Some(it) => match u32::try_from(it) {
                Ok(it) => Value::Literal(Count(it)),
                Err(_) => reader.limit(
                    node.loc,
                    format!("`{}` cannot be {it}", reader.field()),
                    "give a number from 0 up",
                ),
            },
            None => otherwise(node, reader),
        }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A TCP or UDP port, 1 to 65535.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(pub u16);

impl Port {
    /// AG0305: a port is not between 1 and 65535.
    pub fn from_integer(it: i128, node: &Node, reader: &mut Reader<'_>) -> Option<Port> {
        match u16::try_from(it) {
            Ok(port) if port > 0 => Some(Port(port)),
            Ok(_) | Err(_) => {
                reader.push(
                    Diagnostic::new(
                        Code::AG0305,
                        node.loc,
                        format!("port {it} is not between 1 and 65535"),
                    )
                    .help("TCP and UDP ports have 16 bits, and port 0 cannot be connected to"),
                );
                None
            }
        }
    }
}

impl Scalar for Port {}
impl FromNumber for Port {}
impl FieldType for Port {
    fn expected() -> String {
        "a port from 1 to 65535".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_integer() {
            Some(it) => match Port::from_integer(it, node, reader) {
                Some(port) => Value::Literal(port),
                None => Value::Unknown,
            },
            None => otherwise(node, reader),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A number of units as the author wrote it, in the smallest of the given units.
fn quantity<T: FieldType>(
    node: &Node,
    reader: &mut Reader<'_>,
    units: &[(&str, f64)],
    make: impl FnOnce(u32) -> T,
) -> Value<T> {
    let Some((number, unit)) = node.as_quantity() else {
        return otherwise(node, reader);
    };
    let Some((_, factor)) = units.iter().find(|(name, _)| *name == unit) else {
        let known: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
        reader.push(
            Diagnostic::new(
                Code::AG0004,
                node.loc,
                format!("`{}` is not measured in `{unit}`", reader.field()),
            )
            .help(format!("its units are {}", known.join(", "))),
        );
        return Value::Unknown;
    };
    let amount = number * factor;
    if amount.fract() != 0.0 || amount < 0.0 || amount > f64::from(u32::MAX) {
        let smallest = units.first().map_or("", |(name, _)| *name);
        return reader.limit(
            node.loc,
            format!("`{}` cannot be {number}{unit}", reader.field()),
            &format!("give a whole number of `{smallest}`"),
        );
    }
    Value::Literal(make(amount as u32))
}

macro_rules! amounts {
    ($($(#[$meta:meta])* $name:ident $expected:literal [$($unit:literal = $factor:literal),+] $printed:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl Scalar for $name {}
        impl FieldType for $name {
            fn expected() -> String {
                $expected.to_string()
            }

            fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
                quantity(node, reader, &[$(($unit, $factor)),+], $name)
            }
        }

        impl IntoNode for $name {
            fn node(&self, loc: crate::loc::Loc) -> Node {
                Node::new(NodeKind::Quantity(f64::from(self.0), $printed.to_string()), loc)
            }
        }

        impl FieldValue<$name> for $name {}

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}{}", self.0, $printed)
            }
        }
    )* };
}

amounts! {
    /// Memory in MiB, as ECS counts it.
    Memory "an amount of memory such as `512MB` or `2GB`" ["MB" = 1.0, "MiB" = 1.0, "GB" = 1024.0, "GiB" = 1024.0] "MB";
    /// Storage in GiB, as RDS and EBS count it.
    Storage "an amount of storage such as `100GB` (AWS counts in GiB; for a terabyte say `1000GB` or `1024GB`)" ["GB" = 1.0, "GiB" = 1.0, "TiB" = 1024.0] "GB";
    /// A time in seconds.
    Seconds "a time such as `30s` or `5min`" ["s" = 1.0, "sec" = 1.0, "min" = 60.0, "h" = 3600.0] "s";
    /// A time in days.
    Days "a number of days such as `7days`" ["days" = 1.0, "day" = 1.0, "weeks" = 7.0, "years" = 365.0] "days";
}

/// A share in percent.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Percent(pub f64);

impl Scalar for Percent {}
impl FieldType for Percent {
    fn expected() -> String {
        "a percentage such as `70pct`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_quantity() {
            Some((it, "pct")) if (0.0..=100.0).contains(&it) => Value::Literal(Percent(it)),
            Some((it, "pct")) => reader.limit(
                node.loc,
                format!("`{}` cannot be {it} percent", reader.field()),
                "give a percentage from `0pct` to `100pct`",
            ),
            Some(_) | None => otherwise(node, reader),
        }
    }
}

/// CPU in units of which 1024 are one vCPU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CpuUnits(pub u32);

impl Scalar for CpuUnits {}
impl FromNumber for CpuUnits {}
impl FieldType for CpuUnits {
    fn expected() -> String {
        "CPU units such as `256`, or `2vCPU`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_integer() {
            Some(_) => match Count::read(node, reader) {
                Value::Literal(it) => Value::Literal(CpuUnits(it.0)),
                Value::Parameter(name) => Value::Parameter(name),
                Value::Unknown => Value::Unknown,
            },
            None => quantity(node, reader, &[("vCPU", 1024.0)], CpuUnits),
        }
    }
}

/// `2..=10`, or a single value that is both ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounds<T> {
    /// The least.
    pub first: Field<T>,
    /// The most.
    pub last: Field<T>,
}

impl<T: FieldType> FieldType for Bounds<T> {
    fn expected() -> String {
        format!("{} or a range of them such as `2..=10`", T::expected())
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let NodeKind::Range { start, end, inclusive } = &node.kind else {
            let one = Field { value: T::read(node, reader), loc: node.loc };
            let other = Field { value: T::read(node, reader), loc: node.loc };
            return Value::Literal(Bounds { first: one, last: other });
        };
        match (start, end) {
            (Some(start), Some(end)) if *inclusive => {
                Value::Literal(Bounds { first: reader.read(start), last: reader.read(end) })
            }
            _ => {
                reader.push(
                    Diagnostic::new(
                        Code::AG0004,
                        node.loc,
                        format!("`{}` expects both ends of its range", reader.field()),
                    )
                    .help("write the least and the most as `2..=10`; the most belongs to it"),
                );
                Value::Unknown
            }
        }
    }
}

/// A CIDR block, IPv4 or IPv6, without host bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(pub IpNet);

/// An IPv4 CIDR block without host bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ipv4Cidr(pub Ipv4Net);

/// AG0201: the text is not a CIDR block, or has host bits set.
fn read_cidr(text: &str, node: &Node, reader: &mut Reader<'_>) -> Option<IpNet> {
    let malformed = |why: String| {
        Diagnostic::new(Code::AG0201, node.loc, format!("`{text}` is not a CIDR block: {why}"))
            .help("write an address and a prefix length, such as `10.0.0.0/16`")
    };
    let Some((address, length)) = text.split_once('/') else {
        reader.push(malformed("it has no prefix length".to_string()));
        return None;
    };
    let address: std::net::IpAddr = match address.parse() {
        Ok(it) => it,
        Err(_) => {
            reader.push(malformed(format!("`{address}` is not an IP address")));
            return None;
        }
    };
    let longest = if address.is_ipv4() { 32 } else { 128 };
    let net = match length.parse::<u8>() {
        Ok(length) if length <= longest => IpNet::new(address, length).ok(),
        Ok(_) | Err(_) => None,
    };
    let Some(net) = net else {
        reader.push(malformed(format!("`/{length}` is not a prefix length from /0 to /{longest}")));
        return None;
    };
    if net != net.trunc() {
        reader.push(
            Diagnostic::new(Code::AG0201, node.loc, format!("`{text}` has host bits set"))
                .note(format!(
                    "AWS would store {}, and every later plan would show a difference",
                    net.trunc()
                ))
                .help(format!("write `{}`", net.trunc())),
        );
        return None;
    }
    Some(net)
}

impl Scalar for Cidr {}
impl FromText for Cidr {}
impl FieldType for Cidr {
    fn expected() -> String {
        "a CIDR block such as `\"10.0.0.0/16\"`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_text() {
            Some(text) => match read_cidr(text, node, reader) {
                Some(net) => Value::Literal(Cidr(net)),
                None => Value::Unknown,
            },
            None => otherwise(node, reader),
        }
    }
}

impl Scalar for Ipv4Cidr {}
impl FromText for Ipv4Cidr {}
impl FieldType for Ipv4Cidr {
    fn expected() -> String {
        "an IPv4 CIDR block such as `\"10.0.0.0/16\"`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some(text) = node.as_text() else {
            return otherwise(node, reader);
        };
        match read_cidr(text, node, reader) {
            Some(IpNet::V4(net)) => Value::Literal(Ipv4Cidr(net)),
            Some(IpNet::V6(_)) => reader.wrong(node, &Self::expected()),
            None => Value::Unknown,
        }
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Ipv4Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Ipv4Cidr {
    /// Whether the two blocks share an address.
    pub fn overlaps(&self, other: &Ipv4Cidr) -> bool {
        self.0.contains(&other.0) || other.0.contains(&self.0)
    }

    /// Whether the whole of `other` lies in this block.
    pub fn contains(&self, other: &Ipv4Cidr) -> bool {
        self.0.contains(&other.0)
    }

    /// The number of addresses, those that AWS reserves included.
    pub fn addresses(&self) -> u64 {
        1u64 << (32 - self.0.prefix_len())
    }
}

impl<T: Clone> Bounds<T> {
    /// Both ends the same.
    pub fn one(value: T) -> Bounds<T> {
        Bounds { first: Field::supplied(value.clone()), last: Field::supplied(value) }
    }
}
