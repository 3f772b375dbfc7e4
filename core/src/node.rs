//! The value of a field before its type is known: what the macros read from the source, and what
//! their expansion builds at run time. Both go through the same readers in [`crate::field`].

use crate::declare::Kind;
use crate::loc::Loc;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What was written.
    pub kind: NodeKind,
    /// Where.
    pub loc: Loc,
}

/// What was written.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// `"text"`.
    Text(String),
    /// `3`.
    Integer(i128),
    /// `0.5`.
    Float(f64),
    /// `true`.
    Bool(bool),
    /// `512MB`, `7days`, `70pct`: a number and its unit.
    Quantity(f64, String),
    /// `/24`.
    PrefixLength(u8),
    /// `[a, b]`.
    List(Vec<Node>),
    /// `{ name: value }`.
    Record(Vec<Entry>),
    /// `key => value`.
    Pair(Box<Node>, Box<Node>),
    /// `2..=10`; an end may be left out, `..` leaves the last one out.
    Range {
        /// The first.
        start: Option<Box<Node>>,
        /// The last.
        end: Option<Box<Node>>,
        /// Whether `end` itself belongs to it.
        inclusive: bool,
    },
    /// `PerZone`, `internet`: a bare name.
    Word(String),
    /// `tcp(80, 443)`.
    Call(String, Vec<Node>),
    /// `Ec2 { instance: "t3.large" }`.
    Tagged(String, Vec<Entry>),
    /// `Cpu > 70pct`.
    Compare(Box<Node>, Comparison, Box<Node>),
    /// Another declaration, or one of its tiers or attributes.
    Reference(Reference),
    /// Not known here: an expression that only runs at build time.
    Unknown,
    /// Wrong, and reported already.
    Invalid,
}

/// `name: value` in a record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// Where the name is.
    pub loc: Loc,
    /// The value.
    pub value: Node,
}

/// `>` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Comparison {
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
}

impl Comparison {
    /// The operator as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
        }
    }
}

/// A reference to a declaration, `network`, or into it, `network.private`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// What it refers to.
    pub kind: Kind,
    /// The declaration's name.
    pub name: String,
    /// The tier or attribute.
    pub member: Option<String>,
}

impl Node {
    /// A value with its place.
    pub fn new(kind: NodeKind, loc: Loc) -> Node {
        Node { kind, loc }
    }

    /// Whether nothing is known of it, or what is wrong has been reported.
    pub fn is_unknown(&self) -> bool {
        matches!(self.kind, NodeKind::Unknown | NodeKind::Invalid)
    }

    /// The characters of a text.
    pub fn as_text(&self) -> Option<&str> {
        if let NodeKind::Text(it) = &self.kind { Some(it) } else { None }
    }

    /// A whole number.
    pub fn as_integer(&self) -> Option<i128> {
        if let NodeKind::Integer(it) = self.kind { Some(it) } else { None }
    }

    /// A number without unit.
    pub fn as_number(&self) -> Option<f64> {
        match self.kind {
            NodeKind::Float(it) => Some(it),
            NodeKind::Integer(it) => Some(it as f64),
            NodeKind::Text(_)
            | NodeKind::Bool(_)
            | NodeKind::Quantity(..)
            | NodeKind::PrefixLength(_)
            | NodeKind::List(_)
            | NodeKind::Record(_)
            | NodeKind::Pair(..)
            | NodeKind::Range { .. }
            | NodeKind::Word(_)
            | NodeKind::Call(..)
            | NodeKind::Tagged(..)
            | NodeKind::Compare(..)
            | NodeKind::Reference(_)
            | NodeKind::Unknown
            | NodeKind::Invalid => None,
        }
    }

    /// `true` or `false`.
    pub fn as_bool(&self) -> Option<bool> {
        if let NodeKind::Bool(it) = self.kind { Some(it) } else { None }
    }

    /// A number with its unit.
    pub fn as_quantity(&self) -> Option<(f64, &str)> {
        if let NodeKind::Quantity(number, unit) = &self.kind { Some((*number, unit)) } else { None }
    }

    /// The length of `/24`.
    pub fn as_prefix_length(&self) -> Option<u8> {
        if let NodeKind::PrefixLength(it) = self.kind { Some(it) } else { None }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Node]> {
        if let NodeKind::List(it) = &self.kind { Some(it) } else { None }
    }

    /// The entries of a record.
    pub fn as_record(&self) -> Option<&[Entry]> {
        if let NodeKind::Record(it) = &self.kind { Some(it) } else { None }
    }

    /// The two sides of `key => value`.
    pub fn as_pair(&self) -> Option<(&Node, &Node)> {
        if let NodeKind::Pair(key, value) = &self.kind { Some((key, value)) } else { None }
    }

    /// A bare name.
    pub fn as_word(&self) -> Option<&str> {
        if let NodeKind::Word(it) = &self.kind { Some(it) } else { None }
    }

    /// The name and arguments of `tcp(80, 443)`.
    pub fn as_call(&self) -> Option<(&str, &[Node])> {
        if let NodeKind::Call(name, arguments) = &self.kind {
            Some((name, arguments))
        } else {
            None
        }
    }

    /// The name and entries of `Ec2 { … }`.
    pub fn as_tagged(&self) -> Option<(&str, &[Entry])> {
        if let NodeKind::Tagged(name, entries) = &self.kind { Some((name, entries)) } else { None }
    }

    /// The sides of `Cpu > 70pct`.
    pub fn as_compare(&self) -> Option<(&Node, Comparison, &Node)> {
        if let NodeKind::Compare(a, operator, b) = &self.kind {
            Some((a, *operator, b))
        } else {
            None
        }
    }

    /// A reference to a declaration.
    pub fn as_reference(&self) -> Option<&Reference> {
        if let NodeKind::Reference(it) = &self.kind { Some(it) } else { None }
    }

    /// What the value is, for messages.
    pub fn describe(&self) -> String {
        match &self.kind {
            NodeKind::Text(it) => format!("the text \"{it}\""),
            NodeKind::Integer(it) => format!("the number {it}"),
            NodeKind::Float(it) => format!("the number {it}"),
            NodeKind::Bool(it) => format!("`{it}`"),
            NodeKind::Quantity(number, unit) => format!("`{number}{unit}`"),
            NodeKind::PrefixLength(it) => format!("the prefix length /{it}"),
            NodeKind::List(_) => "a list".to_string(),
            NodeKind::Record(_) => "a record".to_string(),
            NodeKind::Pair(..) => "a pair `key => value`".to_string(),
            NodeKind::Range { .. } => "a range".to_string(),
            NodeKind::Word(it) => format!("`{it}`"),
            NodeKind::Call(it, _) => format!("`{it}(…)`"),
            NodeKind::Tagged(it, _) => format!("`{it} {{ … }}`"),
            NodeKind::Compare(..) => "a comparison".to_string(),
            NodeKind::Reference(it) => match &it.member {
                Some(member) => format!("`{}.{member}` of the {}", it.name, it.kind.title()),
                None => format!("the {} `{}`", it.kind.title(), it.name),
            },
            NodeKind::Unknown | NodeKind::Invalid => "an unknown value".to_string(),
        }
    }
}

/// A Rust value that can stand where a field's value is expected.
///
/// The macros call it for expressions that they do not write themselves: variables, calls, paths.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a field",
    note = "values are text, numbers, durations, sizes, lists and declarations"
)]
pub trait IntoNode {
    /// The value at `loc`.
    fn node(&self, loc: Loc) -> Node;
}

impl<T: IntoNode + ?Sized> IntoNode for &T {
    fn node(&self, loc: Loc) -> Node {
        (**self).node(loc)
    }
}

impl IntoNode for Node {
    fn node(&self, _loc: Loc) -> Node {
        self.clone()
    }
}

impl IntoNode for str {
    fn node(&self, loc: Loc) -> Node {
        Node::new(NodeKind::Text(self.to_string()), loc)
    }
}

impl IntoNode for String {
    fn node(&self, loc: Loc) -> Node {
        self.as_str().node(loc)
    }
}

impl IntoNode for bool {
    fn node(&self, loc: Loc) -> Node {
        Node::new(NodeKind::Bool(*self), loc)
    }
}

impl IntoNode for f64 {
    fn node(&self, loc: Loc) -> Node {
        Node::new(NodeKind::Float(*self), loc)
    }
}

macro_rules! integers_into_node {
    ($($ty:ty)*) => { $(
        impl IntoNode for $ty {
            fn node(&self, loc: Loc) -> Node {
                Node::new(NodeKind::Integer(*self as i128), loc)
            }
        }
    )* };
}
integers_into_node!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize i128);

impl<T: IntoNode> IntoNode for [T] {
    fn node(&self, loc: Loc) -> Node {
        Node::new(NodeKind::List(self.iter().map(|it| it.node(loc)).collect()), loc)
    }
}

impl<T: IntoNode, const N: usize> IntoNode for [T; N] {
    fn node(&self, loc: Loc) -> Node {
        self.as_slice().node(loc)
    }
}

impl<T: IntoNode> IntoNode for Vec<T> {
    fn node(&self, loc: Loc) -> Node {
        self.as_slice().node(loc)
    }
}

impl<T: IntoNode> IntoNode for std::ops::RangeInclusive<T> {
    fn node(&self, loc: Loc) -> Node {
        Node::new(
            NodeKind::Range {
                start: Some(Box::new(self.start().node(loc))),
                end: Some(Box::new(self.end().node(loc))),
                inclusive: true,
            },
            loc,
        )
    }
}
