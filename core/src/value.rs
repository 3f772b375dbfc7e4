//! Values that may be known now, only when deploying, or not at all; and text made of such parts.

use std::fmt;

use crate::loc::Loc;
use crate::node::Reference;
use crate::resource::{Attribute, ResourceId};

/// A value of a field or property.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Value<T> {
    /// Known.
    Literal(T),
    /// Given when deploying: the named `param!`.
    Parameter(String),
    /// Not known here: the macros could not see it, or it was wrong and has been reported.
    Unknown,
}

impl<T> Value<T> {
    /// The value, if it is known.
    pub fn literal(&self) -> Option<&T> {
        match self {
            Value::Literal(it) => Some(it),
            Value::Parameter(_) | Value::Unknown => None,
        }
    }

    /// The same value in another type.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Value<U> {
        match self {
            Value::Literal(it) => Value::Literal(f(it)),
            Value::Parameter(name) => Value::Parameter(name),
            Value::Unknown => Value::Unknown,
        }
    }

    /// The same value in another type, by reference.
    pub fn map_ref<U>(&self, f: impl FnOnce(&T) -> U) -> Value<U> {
        match self {
            Value::Literal(it) => Value::Literal(f(it)),
            Value::Parameter(name) => Value::Parameter(name.clone()),
            Value::Unknown => Value::Unknown,
        }
    }
}

impl<T> From<T> for Value<T> {
    fn from(it: T) -> Value<T> {
        Value::Literal(it)
    }
}

/// A field of a declaration as the author wrote it: the value and its place.
#[derive(Clone)]
pub struct Field<T> {
    /// The value.
    pub value: Value<T>,
    /// Where it was written; [`Loc::NONE`] when archgen supplied it.
    pub loc: Loc,
}

impl<T> Field<T> {
    /// A field with a known value.
    pub fn new(value: T, loc: Loc) -> Field<T> {
        Field { value: Value::Literal(value), loc }
    }

    /// A value that archgen supplies.
    pub fn supplied(value: T) -> Field<T> {
        Field::new(value, Loc::NONE)
    }

    /// A field whose value is not known.
    pub fn unknown(loc: Loc) -> Field<T> {
        Field { value: Value::Unknown, loc }
    }

    /// The value, if it is known.
    pub fn literal(&self) -> Option<&T> {
        self.value.literal()
    }
}

impl<T: fmt::Debug> fmt::Debug for Field<T> {
    /// Prints the value only: the place is not part of the model.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Value::Literal(it) => it.fmt(f),
            Value::Parameter(name) => write!(f, "${{{name}}}"),
            Value::Unknown => f.write_str("?"),
        }
    }
}

impl<T: PartialEq> PartialEq for Field<T> {
    /// Two fields are equal when their values are: the place is not part of the model.
    fn eq(&self, other: &Field<T>) -> bool {
        self.value == other.value
    }
}

/// A part of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// Known characters.
    Literal(String),
    /// The value of a `param!`.
    Parameter(String),
    /// An attribute of a resource, known once it exists.
    Attribute(ResourceId, Attribute),
    /// A fact about where the architecture is deployed.
    Pseudo(Pseudo),
    /// What a declaration offers, such as `database.endpoint`; lowering turns it into an attribute.
    Member(Reference),
    /// Not known here.
    Unknown,
}

/// What is known about the place of deployment without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pseudo {
    /// The Region, such as `us-east-1`.
    Region,
    /// The twelve digits of the AWS account.
    AccountId,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    Partition,
    /// `amazonaws.com` or the partition's own.
    UrlSuffix,
}

/// Text that may hold attributes of resources and parameters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Text(pub Vec<Part>);

impl Text {
    /// Known text.
    pub fn literal(text: impl Into<String>) -> Text {
        Text(vec![Part::Literal(text.into())])
    }

    /// The value of a parameter.
    pub fn parameter(name: impl Into<String>) -> Text {
        Text(vec![Part::Parameter(name.into())])
    }

    /// An attribute of a resource.
    pub fn attribute(resource: ResourceId, attribute: Attribute) -> Text {
        Text(vec![Part::Attribute(resource, attribute)])
    }

    /// Text that is not known here.
    pub fn unknown() -> Text {
        Text(vec![Part::Unknown])
    }

    /// A fact about the place of deployment.
    pub fn pseudo(pseudo: Pseudo) -> Text {
        Text(vec![Part::Pseudo(pseudo)])
    }

    /// This text followed by another.
    #[must_use]
    pub fn then(mut self, other: impl Into<Text>) -> Text {
        for part in other.into().0 {
            match (self.0.last_mut(), part) {
                (Some(Part::Literal(before)), Part::Literal(text)) => before.push_str(&text),
                (_, part) => self.0.push(part),
            }
        }
        self
    }

    /// The whole text, if every part is known.
    pub fn as_literal(&self) -> Option<String> {
        let mut all = String::new();
        for part in &self.0 {
            match part {
                Part::Literal(text) => all.push_str(text),
                Part::Parameter(_)
                | Part::Attribute(..)
                | Part::Pseudo(_)
                | Part::Member(_)
                | Part::Unknown => return None,
            }
        }
        Some(all)
    }

    /// Whether a part of it is not known here.
    pub fn has_unknown(&self) -> bool {
        self.0.contains(&Part::Unknown)
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Text {
        Text::literal(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Text {
        Text::literal(text)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.0 {
            match part {
                Part::Literal(text) => f.write_str(text)?,
                Part::Parameter(name) => write!(f, "${{{name}}}")?,
                Part::Attribute(resource, attribute) => write!(f, "${{{resource}.{attribute:?}}}")?,
                Part::Pseudo(it) => write!(f, "${{{it:?}}}")?,
                Part::Member(it) => {
                    write!(f, "${{{}.{}}}", it.name, it.member.as_deref().unwrap_or_default())?
                }
                Part::Unknown => f.write_str("${?}")?,
            }
        }
        Ok(())
    }
}
