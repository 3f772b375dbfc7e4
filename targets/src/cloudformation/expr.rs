//! The values of a template: literals and CloudFormation's intrinsic functions, in long form.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

/// A value of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// Characters, taken as they are.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// Several values.
    List(Vec<Expr>),
    /// Values by name.
    Object(Object),
    /// `Ref` of a resource, a parameter or a pseudo parameter.
    Ref(String),
    /// `Fn::GetAtt`: an attribute of a resource.
    GetAtt(String, &'static str),
    /// `Fn::Sub`: text with references in it.
    Sub(Vec<SubPart>),
    /// `Fn::Join` without a delimiter, for text that `Fn::Sub` cannot hold.
    Join(Vec<Expr>),
    /// `Fn::Select` of the value at an index.
    Select(u8, Box<Expr>),
    /// `Fn::Cidr`: a block cut into so many blocks, each of 2 to the power of so many addresses.
    Cidr(Box<Expr>, u16, u8),
    /// `Fn::GetAZs` of the stack's own Region.
    GetAzs,
    /// `Fn::Base64`.
    Base64(Box<Expr>),
    /// `Fn::If` on whether a parameter is `true`.
    If {
        /// The parameter.
        parameter: String,
        /// The value if it is.
        yes: Box<Expr>,
        /// The value if it is not.
        no: Box<Expr>,
    },
    /// `Fn::Equals` of a parameter and a text, for conditions.
    Equals(String, &'static str),
    /// `Fn::ImportValue` of what another stack exports under this name.
    Import(String),
}

/// A part of an `Fn::Sub`.
#[derive(Clone, Debug, PartialEq)]
pub enum SubPart {
    /// Characters; `${` in them is escaped when written.
    Literal(String),
    /// `${Name}`.
    Ref(String),
    /// `${Name.Attribute}`.
    GetAtt(String, &'static str),
}

/// Values by name, written in this order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object(pub(super) Vec<(Cow<'static, str>, Expr)>);

impl Object {
    /// Nothing yet.
    pub fn new() -> Object {
        Object::default()
    }

    /// With another value.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<Expr>) -> Object {
        self.0.push((name.into(), value.into()));
        self
    }

    /// With another value, if there is one.
    #[must_use]
    pub fn maybe(self, name: &'static str, value: Option<impl Into<Expr>>) -> Object {
        match value {
            Some(it) => self.with(name, it),
            None => self,
        }
    }

    /// With another list, unless it is empty.
    #[must_use]
    pub fn list(self, name: &'static str, values: Vec<Expr>) -> Object {
        if values.is_empty() { self } else { self.with(name, values) }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Expr> {
        self.0.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    /// Names in alphabetical order, as AWS's own reference lists properties.
    #[must_use]
    pub fn sorted(mut self) -> Object {
        self.0.sort_by(|a, b| a.0.cmp(&b.0));
        self
    }
}

impl Expr {
    /// One text out of several values: a plain text where all are known, the value itself where
    /// there is one, else `Fn::Sub`, or `Fn::Join` where a value is more than a reference.
    pub fn concat(values: impl IntoIterator<Item = Expr>) -> Expr {
        let mut flat: Vec<Expr> = Vec::new();
        for value in values {
            match (flat.last_mut(), value) {
                (_, Expr::Text(text)) if text.is_empty() => {}
                (Some(Expr::Text(before)), Expr::Text(text)) => before.push_str(&text),
                (_, value) => flat.push(value),
            }
        }
        if flat.len() < 2 {
            return flat.pop().unwrap_or_else(|| Expr::Text(String::new()));
        }
        let parts: Option<Vec<Vec<SubPart>>> = flat.iter().map(Expr::as_sub_parts).collect();
        match parts {
            Some(parts) => Expr::Sub(parts.into_iter().flatten().collect()),
            None => Expr::Join(flat),
        }
    }

    /// The value as parts of an `Fn::Sub`, if it can be in one.
    fn as_sub_parts(&self) -> Option<Vec<SubPart>> {
        match self {
            Expr::Text(it) => can_be_escaped(it).then(|| vec![SubPart::Literal(it.clone())]),
            Expr::Integer(it) => Some(vec![SubPart::Literal(it.to_string())]),
            Expr::Ref(it) => Some(vec![SubPart::Ref(it.clone())]),
            Expr::GetAtt(it, attribute) => Some(vec![SubPart::GetAtt(it.clone(), attribute)]),
            Expr::Sub(parts) => Some(parts.clone()),
            Expr::Float(_)
            | Expr::Bool(_)
            | Expr::List(_)
            | Expr::Object(_)
            | Expr::Join(_)
            | Expr::Select(..)
            | Expr::Cidr(..)
            | Expr::GetAzs
            | Expr::Base64(_)
            | Expr::If { .. }
            | Expr::Equals(..)
            | Expr::Import(_) => None,
        }
    }

    /// Numbers and truth values as text, for properties that AWS defines as text.
    #[must_use]
    pub fn into_text(self) -> Expr {
        match self {
            Expr::Integer(it) => Expr::Text(it.to_string()),
            Expr::Float(it) => Expr::Text(it.to_string()),
            Expr::Bool(it) => Expr::Text(it.to_string()),
            Expr::Text(_)
            | Expr::List(_)
            | Expr::Object(_)
            | Expr::Ref(_)
            | Expr::GetAtt(..)
            | Expr::Sub(_)
            | Expr::Join(_)
            | Expr::Select(..)
            | Expr::Cidr(..)
            | Expr::GetAzs
            | Expr::Base64(_)
            | Expr::If { .. }
            | Expr::Equals(..)
            | Expr::Import(_) => self,
        }
    }

    /// A number, whole if it is.
    pub fn number(it: f64) -> Expr {
        if it.fract() == 0.0 && it.abs() < 9e15 {
            Expr::Integer(it as i64)
        } else {
            Expr::Float(it)
        }
    }

    /// Visits every resource, parameter and pseudo parameter the value refers to.
    pub fn references(&self, visit: &mut dyn FnMut(&str)) {
        self.links(&mut |name, _| visit(name));
    }

    /// Visits the same with the attribute that is asked for; none for `Ref`.
    pub fn links(&self, visit: &mut dyn FnMut(&str, Option<&'static str>)) {
        match self {
            Expr::Text(_)
            | Expr::Integer(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::GetAzs
            | Expr::Import(_) => {}
            Expr::List(items) | Expr::Join(items) => {
                items.iter().for_each(|it| it.links(visit));
            }
            Expr::Object(it) => it.0.iter().for_each(|(_, it)| it.links(visit)),
            Expr::Ref(name) | Expr::Equals(name, _) => visit(name, None),
            Expr::GetAtt(name, attribute) => visit(name, Some(attribute)),
            Expr::Sub(parts) => {
                for part in parts {
                    match part {
                        SubPart::Literal(_) => {}
                        SubPart::Ref(name) => visit(name, None),
                        SubPart::GetAtt(name, attribute) => visit(name, Some(attribute)),
                    }
                }
            }
            Expr::Select(_, it) | Expr::Cidr(it, ..) | Expr::Base64(it) => it.links(visit),
            Expr::If { parameter, yes, no } => {
                visit(parameter, None);
                yes.links(visit);
                no.links(visit);
            }
        }
    }

    /// Visits every parameter that an `Fn::If` asks about.
    pub fn conditions(&self, visit: &mut dyn FnMut(&str)) {
        match self {
            Expr::Text(_)
            | Expr::Integer(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::GetAzs
            | Expr::Ref(_)
            | Expr::GetAtt(..)
            | Expr::Sub(_)
            | Expr::Equals(..)
            | Expr::Import(_) => {}
            Expr::List(items) | Expr::Join(items) => {
                items.iter().for_each(|it| it.conditions(visit));
            }
            Expr::Object(it) => it.0.iter().for_each(|(_, it)| it.conditions(visit)),
            Expr::Select(_, it) | Expr::Cidr(it, ..) | Expr::Base64(it) => it.conditions(visit),
            Expr::If { parameter, yes, no } => {
                visit(parameter);
                yes.conditions(visit);
                no.conditions(visit);
            }
        }
    }

    /// The value as JSON inside a text, for properties that hold a JSON document as text.
    pub fn embedded_json(&self) -> Expr {
        let mut pieces = Vec::new();
        self.embed(&mut pieces);
        Expr::concat(pieces)
    }

    fn embed(&self, out: &mut Vec<Expr>) {
        let text = |it: &str| Expr::Text(it.to_string());
        match self {
            Expr::Text(it) => out.push(Expr::Text(json_string(it))),
            Expr::Integer(it) => out.push(Expr::Text(it.to_string())),
            Expr::Float(it) => out.push(Expr::Text(it.to_string())),
            Expr::Bool(it) => out.push(Expr::Text(it.to_string())),
            Expr::List(items) => {
                out.push(text("["));
                for (index, it) in items.iter().enumerate() {
                    if index > 0 {
                        out.push(text(","));
                    }
                    it.embed(out);
                }
                out.push(text("]"));
            }
            Expr::Object(it) => {
                out.push(text("{"));
                for (index, (name, it)) in it.0.iter().enumerate() {
                    if index > 0 {
                        out.push(text(","));
                    }
                    out.push(Expr::Text(json_string(name)));
                    out.push(text(":"));
                    it.embed(out);
                }
                out.push(text("}"));
            }
            Expr::Sub(parts) => {
                out.push(text("\""));
                for part in parts {
                    out.push(match part {
                        SubPart::Literal(it) => {
                            let quoted = json_string(it);
                            text(&quoted[1..quoted.len() - 1])
                        }
                        SubPart::Ref(it) => Expr::Ref(it.clone()),
                        SubPart::GetAtt(it, attribute) => Expr::GetAtt(it.clone(), attribute),
                    });
                }
                out.push(text("\""));
            }
            Expr::Ref(_)
            | Expr::GetAtt(..)
            | Expr::Join(_)
            | Expr::Select(..)
            | Expr::Cidr(..)
            | Expr::GetAzs
            | Expr::Base64(_)
            | Expr::If { .. }
            | Expr::Equals(..)
            | Expr::Import(_) => {
                // What CloudFormation puts in are identifiers and names: nothing JSON must escape.
                out.push(text("\""));
                out.push(self.clone());
                out.push(text("\""));
            }
        }
    }
}

/// The text as a JSON string, quotes included.
pub(super) fn json_string(text: &str) -> String {
    serde_json::to_string(text).expect("invariant: every text is a JSON string")
}

/// Whether `Fn::Sub` can hold the text: `${!name}` stands for `${name}`, and nothing stands for a
/// `${` that is never closed or names nothing.
fn can_be_escaped(text: &str) -> bool {
    text.split("${").skip(1).all(|it| it.find('}').is_some_and(|end| end > 0))
}

/// The name of the condition that a parameter is `true`.
pub fn condition_name(parameter: &str) -> String {
    format!("{parameter}IsTrue")
}

impl From<&str> for Expr {
    fn from(it: &str) -> Expr {
        Expr::Text(it.to_string())
    }
}

impl From<String> for Expr {
    fn from(it: String) -> Expr {
        Expr::Text(it)
    }
}

impl From<bool> for Expr {
    fn from(it: bool) -> Expr {
        Expr::Bool(it)
    }
}

impl From<u16> for Expr {
    fn from(it: u16) -> Expr {
        Expr::Integer(i64::from(it))
    }
}

impl From<u32> for Expr {
    fn from(it: u32) -> Expr {
        Expr::Integer(i64::from(it))
    }
}

impl From<i64> for Expr {
    fn from(it: i64) -> Expr {
        Expr::Integer(it)
    }
}

impl From<Vec<Expr>> for Expr {
    fn from(it: Vec<Expr>) -> Expr {
        Expr::List(it)
    }
}

impl From<Object> for Expr {
    fn from(it: Object) -> Expr {
        Expr::Object(it)
    }
}

impl Expr {
    /// An intrinsic function in long form: its name and its argument. None for plain values.
    pub(super) fn function(&self) -> Option<(&'static str, Expr)> {
        let list = |items: Vec<Expr>| Expr::List(items);
        match self {
            Expr::Text(_)
            | Expr::Integer(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::List(_)
            | Expr::Object(_) => None,
            Expr::Ref(name) => Some(("Ref", Expr::from(name.as_str()))),
            Expr::GetAtt(name, attribute) => {
                Some(("Fn::GetAtt", list(vec![Expr::from(name.as_str()), Expr::from(*attribute)])))
            }
            Expr::Sub(parts) => Some(("Fn::Sub", Expr::Text(sub_text(parts)))),
            Expr::Join(items) => {
                Some(("Fn::Join", list(vec![Expr::from(""), list(items.clone())])))
            }
            Expr::Select(index, of) => {
                let index = Expr::Integer(i64::from(*index));
                Some(("Fn::Select", list(vec![index, (**of).clone()])))
            }
            Expr::Cidr(block, count, bits) => {
                let numbers = [i64::from(*count), i64::from(*bits)].map(Expr::Integer);
                let arguments = std::iter::once((**block).clone()).chain(numbers).collect();
                Some(("Fn::Cidr", list(arguments)))
            }
            Expr::GetAzs => Some(("Fn::GetAZs", Expr::from(""))),
            Expr::Base64(it) => Some(("Fn::Base64", (**it).clone())),
            Expr::If { parameter, yes, no } => {
                let condition = Expr::Text(condition_name(parameter));
                Some(("Fn::If", list(vec![condition, (**yes).clone(), (**no).clone()])))
            }
            Expr::Equals(parameter, value) => {
                let parameter = Expr::Ref(parameter.clone());
                Some(("Fn::Equals", list(vec![parameter, Expr::from(*value)])))
            }
            Expr::Import(name) => Some(("Fn::ImportValue", Expr::from(name.as_str()))),
        }
    }
}

/// The text of an `Fn::Sub`.
fn sub_text(parts: &[SubPart]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            SubPart::Literal(it) => text.push_str(&it.replace("${", "${!")),
            SubPart::Ref(name) => {
                text.push_str("${");
                text.push_str(name);
                text.push('}');
            }
            SubPart::GetAtt(name, attribute) => {
                text.push_str("${");
                text.push_str(name);
                text.push('.');
                text.push_str(attribute);
                text.push('}');
            }
        }
    }
    text
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Expr::Text(it) => to.serialize_str(it),
            Expr::Integer(it) => to.serialize_i64(*it),
            Expr::Float(it) => to.serialize_f64(*it),
            Expr::Bool(it) => to.serialize_bool(*it),
            Expr::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for it in items {
                    list.serialize_element(it)?;
                }
                list.end()
            }
            Expr::Object(it) => {
                let mut map = to.serialize_map(Some(it.0.len()))?;
                for (name, value) in &it.0 {
                    map.serialize_entry(name.as_ref(), value)?;
                }
                map.end()
            }
            Expr::Ref(_)
            | Expr::GetAtt(..)
            | Expr::Sub(_)
            | Expr::Join(_)
            | Expr::Select(..)
            | Expr::Cidr(..)
            | Expr::GetAzs
            | Expr::Base64(_)
            | Expr::If { .. }
            | Expr::Equals(..)
            | Expr::Import(_) => {
                let (name, argument) =
                    self.function().expect("invariant: what is not a plain value is a function");
                let mut map = to.serialize_map(Some(1))?;
                map.serialize_entry(name, &argument)?;
                map.end()
            }
        }
    }
}
