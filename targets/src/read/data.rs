//! What a value of a template evaluates to: known, symbolic, absent, or unknown with the reason.

use archgen_core::Loc;

/// An evaluated value with its place. Two are equal if they mean the same, wherever they stand.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    /// Where it was written.
    pub(crate) loc: Loc,
    /// What it is.
    pub(crate) kind: DataKind,
}

/// What an evaluated value is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum DataKind {
    /// Not given, or removed by `AWS::NoValue`.
    Absent,
    /// Truth.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// Text.
    Text(String),
    /// Text with parts that only AWS knows, two parts at least.
    Composed(Vec<Data>),
    /// Values in order.
    List(Vec<Data>),
    /// Values by name.
    Map(Vec<(String, Data)>),
    /// A resource, or an attribute of one.
    Reference(Reference),
    /// The zone with this number in what `Fn::GetAZs` gives for the stack's Region.
    Zone(u32),
    /// All zones of the stack's Region.
    Zones,
    /// A block cut out of another by `Fn::Cidr`.
    Part(Part),
    /// One or the other, by a condition that is not known; the text says which.
    Either(String, Box<Data>, Box<Data>),
    /// Not known.
    Unknown(Unknown),
}

/// A resource, or an attribute of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// The resource: its logical ID, behind those of the nested stacks it is in.
    pub(crate) resource: String,
    /// The attribute; none is the resource itself.
    pub(crate) attribute: Option<String>,
    /// Which element of the attribute, if it is a list.
    pub(crate) index: Option<u32>,
}

/// The block number `index` of `2^bits` addresses in a block that only AWS knows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// The whole block.
    pub(crate) of: Reference,
    /// The bits of each part that are left to hosts.
    pub(crate) bits: u8,
    /// Which part.
    pub(crate) index: u32,
}

/// Why something is not known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Unknown {
    /// The reason.
    pub(crate) why: String,
    /// What would give it: two values with the same source are the same, whatever they are.
    pub(crate) source: Option<String>,
}

impl PartialEq for Data {
    fn eq(&self, other: &Data) -> bool {
        self.kind == other.kind
    }
}

impl Data {
    pub(crate) fn new(loc: Loc, kind: DataKind) -> Data {
        Data { loc, kind }
    }

    pub(crate) fn text(loc: Loc, text: impl Into<String>) -> Data {
        Data::new(loc, DataKind::Text(text.into()))
    }

    pub(crate) fn unknown(loc: Loc, why: impl Into<String>) -> Data {
        Data::new(loc, DataKind::Unknown(Unknown { why: why.into(), source: None }))
    }

    /// What is not known, though what would give it is.
    pub(crate) fn from_source(loc: Loc, why: impl Into<String>, source: String) -> Data {
        Data::new(loc, DataKind::Unknown(Unknown { why: why.into(), source: Some(source) }))
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self.kind, DataKind::Absent)
    }

    /// A known single value as text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            DataKind::Bool(true) => Some("true"),
            DataKind::Bool(false) => Some("false"),
            DataKind::Number(it) | DataKind::Text(it) => Some(it),
            DataKind::Absent
            | DataKind::Composed(_)
            | DataKind::List(_)
            | DataKind::Map(_)
            | DataKind::Reference(_)
            | DataKind::Zone(_)
            | DataKind::Zones
            | DataKind::Part(_)
            | DataKind::Either(..)
            | DataKind::Unknown(_) => None,
        }
    }

    /// A known whole number, as a number or as text.
    pub(crate) fn as_integer(&self) -> Option<i64> {
        let text = self.as_text()?.trim();
        if let Ok(it) = text.parse() {
            return Some(it);
        }
        // JSON writers may say `22.0`.
        let number: f64 = text.parse().ok()?;
        (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
    }

    /// A known truth value, as one or as text.
    pub(crate) fn as_bool(&self) -> Option<bool> {
        match self.as_text()?.trim() {
            it if it.eq_ignore_ascii_case("true") => Some(true),
            it if it.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        }
    }

    /// One value or the other, by what is not known.
    pub(crate) fn either(loc: Loc, why: String, yes: Data, no: Data) -> Data {
        if yes == no {
            return yes;
        }
        Data::new(loc, DataKind::Either(why, Box::new(yes), Box::new(no)))
    }

    /// The value where it is there, and why it may not be.
    pub(crate) fn if_there(&self) -> (&Data, Option<&str>) {
        if let DataKind::Either(why, yes, no) = &self.kind {
            if no.is_absent() {
                return (yes, Some(why));
            }
            if yes.is_absent() {
                return (no, Some(why));
            }
        }
        (self, None)
    }

    /// The resource itself that it refers to.
    pub(crate) fn as_resource(&self) -> Option<&str> {
        if let DataKind::Reference(Reference { resource, attribute: None, index: None }) =
            &self.kind
        {
            Some(resource)
        } else {
            None
        }
    }

    /// The values by name; none if it is no map.
    pub(crate) fn as_map(&self) -> Option<&[(String, Data)]> {
        if let DataKind::Map(entries) = &self.kind { Some(entries) } else { None }
    }

    /// The values in order; none if it is no list.
    pub(crate) fn as_list(&self) -> Option<&[Data]> {
        if let DataKind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// How much room it takes, in values.
    pub(crate) fn size(&self) -> usize {
        1 + match &self.kind {
            DataKind::Absent
            | DataKind::Bool(_)
            | DataKind::Reference(_)
            | DataKind::Zone(_)
            | DataKind::Zones
            | DataKind::Part(_)
            | DataKind::Unknown(_) => 0,
            DataKind::Number(it) | DataKind::Text(it) => it.len() / 64,
            DataKind::Composed(items) | DataKind::List(items) => items.iter().map(Data::size).sum(),
            DataKind::Map(entries) => entries.iter().map(|it| it.1.size()).sum(),
            DataKind::Either(_, yes, no) => yes.size() + no.size(),
        }
    }

    /// What it is, or why it is not known, for messages.
    pub(crate) fn what(&self) -> String {
        match &self.kind {
            DataKind::Absent => "it is not given".to_string(),
            DataKind::Bool(it) => format!("`{it}`"),
            DataKind::Number(it) | DataKind::Text(it) => format!("`{}`", shortened(it)),
            DataKind::Composed(parts) => parts
                .iter()
                .find(|it| it.as_text().is_none())
                .map_or_else(|| "text".to_string(), Data::what),
            DataKind::List(_) => "a list".to_string(),
            DataKind::Map(_) => "a map".to_string(),
            DataKind::Reference(it) => it.to_string(),
            DataKind::Zone(it) => format!("zone {it} of the Region"),
            DataKind::Zones => "the zones of the Region".to_string(),
            DataKind::Part(it) => format!("a part of {}", it.of),
            DataKind::Either(why, ..) => why.clone(),
            DataKind::Unknown(it) => it.why.clone(),
        }
    }
}

impl std::fmt::Display for Reference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}", self.resource)?;
        if let Some(attribute) = &self.attribute {
            write!(f, ".{attribute}")?;
        }
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        f.write_str("`")
    }
}

/// Text for a message, not more of it than a line takes.
pub(crate) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST {
        text.to_string()
    } else {
        text.chars().take(MOST).chain(['…']).collect()
    }
}
