//! The values of a module: literals and Terraform expressions, as its JSON syntax holds them.
//!
//! Text is a template there: `${…}` holds an expression, and a `${` or `%{` of the text itself is written
//! `$${` or `%%{`. <https://developer.hashicorp.com/terraform/language/syntax/json>

use std::borrow::Cow;
use std::fmt::Write;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::address::{Address, Key};

/// A value of a module.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    /// Characters, taken as they are.
    Text(String),
    /// Characters where Terraform knows no template, taken as they are: descriptions, defaults of
    /// variables, backends.
    Plain(String),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Float(f64),
    /// `true` or `false`.
    Bool(bool),
    /// Nothing: as if the argument were left out.
    Null,
    /// Several values.
    List(Vec<Expr>),
    /// Values by name.
    Object(Object),
    /// An attribute of a resource: `aws_subnet.network_private["a"].id`.
    Attribute(Address, Cow<'static, str>),
    /// A resource itself, where Terraform takes no expression: `depends_on`, `moved`.
    Static(Address),
    /// What has a name of its own: `var.image_tag`, `local.backend_containers`, `each.key`,
    /// `data.aws_partition.current.partition`.
    Name(Cow<'static, str>),
    /// An element of a list or map.
    Index(Box<Expr>, Box<Expr>),
    /// A function's result.
    Call(&'static str, Vec<Expr>),
    /// Whether two values compare like this: `length(self.names) >= 3`.
    Compare(Box<Expr>, &'static str, Box<Expr>),
    /// One value or another: `condition ? yes : no`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// One text out of several values.
    Concat(Vec<Expr>),
    /// A value, called `it`, of each element of a list or map: `[for it in list : it.name if condition]`.
    For(Box<For>),
}

/// A list made of another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct For {
    /// The list, set or map.
    pub over: Expr,
    /// What each element becomes.
    pub value: Expr,
    /// Which elements are taken; all if not said.
    pub condition: Option<Expr>,
}

/// Values by name, written in this order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object(pub(super) Vec<(Cow<'static, str>, Expr)>);

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

    /// With all values of another.
    #[must_use]
    pub fn and(mut self, other: Object) -> Object {
        self.0.extend(other.0);
        self
    }

    /// Whether it holds nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Expr> {
        self.0.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    /// Names in alphabetical order, as the provider's reference lists arguments; `for_each` before them.
    #[must_use]
    pub fn sorted(mut self) -> Object {
        self.0.sort_by(|a, b| (a.0 != "for_each", &a.0).cmp(&(b.0 != "for_each", &b.0)));
        self
    }
}

impl Expr {
    /// Characters where Terraform knows no template.
    pub fn plain(text: &str) -> Expr {
        Expr::Plain(text.to_string())
    }

    /// One text out of several values.
    pub fn concat(values: impl IntoIterator<Item = Expr>) -> Expr {
        let mut flat: Vec<Expr> = Vec::new();
        for value in values {
            let pieces = if let Expr::Concat(it) = value { it } else { vec![value] };
            for piece in pieces {
                match (flat.last_mut(), piece) {
                    (_, Expr::Text(it)) if it.is_empty() => {}
                    (Some(Expr::Text(before)), Expr::Text(it)) => before.push_str(&it),
                    (_, it) => flat.push(it),
                }
            }
        }
        match flat.len() {
            0 => Expr::from(""),
            1 => flat.remove(0),
            _ => Expr::Concat(flat),
        }
    }

    /// A function's result.
    pub fn call(name: &'static str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
        Expr::Call(name, arguments.into_iter().collect())
    }

    /// A list of what each element, called `it`, of another list becomes.
    pub fn each(over: Expr, value: Expr, condition: Option<Expr>) -> Expr {
        Expr::For(Box::new(For { over, value, condition }))
    }

    /// An element of a list.
    #[must_use]
    pub fn at(self, index: usize) -> Expr {
        Expr::Index(Box::new(self), Box::new(Expr::Integer(index as i64)))
    }

    /// A number, whole if it is.
    pub fn number(it: f64) -> Expr {
        if it.fract() == 0.0 && it.abs() < 9e15 {
            Expr::Integer(it as i64)
        } else {
            Expr::Float(it)
        }
    }

    /// A value as the provider takes it where it takes text though AWS means a number.
    #[must_use]
    pub fn into_text(self) -> Expr {
        match self {
            Expr::Integer(it) => Expr::Text(it.to_string()),
            Expr::Float(it) => Expr::Text(it.to_string()),
            Expr::Bool(it) => Expr::Text(it.to_string()),
            Expr::Text(_)
            | Expr::Plain(_)
            | Expr::Null
            | Expr::List(_)
            | Expr::Object(_)
            | Expr::Attribute(..)
            | Expr::Static(_)
            | Expr::Name(_)
            | Expr::Index(..)
            | Expr::Call(..)
            | Expr::Compare(..)
            | Expr::If(..)
            | Expr::Concat(_)
            | Expr::For(_) => self,
        }
    }

    /// Visits the value and everything in it.
    pub fn visit(&self, visit: &mut dyn FnMut(&Expr)) {
        visit(self);
        match self {
            Expr::Text(_)
            | Expr::Plain(_)
            | Expr::Integer(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Attribute(..)
            | Expr::Static(_)
            | Expr::Name(_) => {}
            Expr::List(items) | Expr::Call(_, items) | Expr::Concat(items) => {
                items.iter().for_each(|it| it.visit(visit));
            }
            Expr::Object(it) => it.0.iter().for_each(|(_, it)| it.visit(visit)),
            Expr::Index(of, at) | Expr::Compare(of, _, at) => {
                of.visit(visit);
                at.visit(visit);
            }
            Expr::If(condition, yes, no) => {
                condition.visit(visit);
                yes.visit(visit);
                no.visit(visit);
            }
            Expr::For(it) => {
                it.over.visit(visit);
                it.value.visit(visit);
                it.condition.iter().for_each(|it| it.visit(visit));
            }
        }
    }

    /// The value with every address in it replaced.
    #[must_use]
    pub fn map_addresses(&self, map: &dyn Fn(&Address) -> Address) -> Expr {
        let all = |items: &[Expr]| items.iter().map(|it| it.map_addresses(map)).collect();
        let boxed = |it: &Expr| Box::new(it.map_addresses(map));
        match self {
            Expr::Text(_)
            | Expr::Plain(_)
            | Expr::Integer(_)
            | Expr::Float(_)
            | Expr::Bool(_)
            | Expr::Null
            | Expr::Name(_) => self.clone(),
            Expr::Attribute(it, name) => Expr::Attribute(map(it), name.clone()),
            Expr::Static(it) => Expr::Static(map(it)),
            Expr::List(items) => Expr::List(all(items)),
            Expr::Call(name, items) => Expr::Call(name, all(items)),
            Expr::Concat(items) => Expr::Concat(all(items)),
            Expr::Object(it) => Expr::Object(Object(
                it.0.iter().map(|(name, it)| (name.clone(), it.map_addresses(map))).collect(),
            )),
            Expr::Index(of, at) => Expr::Index(boxed(of), boxed(at)),
            Expr::Compare(a, how, b) => Expr::Compare(boxed(a), how, boxed(b)),
            Expr::If(condition, yes, no) => Expr::If(boxed(condition), boxed(yes), boxed(no)),
            Expr::For(it) => Expr::For(Box::new(For {
                over: it.over.map_addresses(map),
                value: it.value.map_addresses(map),
                condition: it.condition.as_ref().map(|it| it.map_addresses(map)),
            })),
        }
    }

    /// The value as part of an expression.
    pub fn code(&self) -> String {
        let list = |items: &[Expr]| items.iter().map(Expr::code).collect::<Vec<_>>().join(", ");
        match self {
            Expr::Text(it) | Expr::Plain(it) => quoted(&escaped(it)),
            Expr::Integer(it) => it.to_string(),
            Expr::Float(it) => it.to_string(),
            Expr::Bool(it) => it.to_string(),
            Expr::Null => "null".to_string(),
            Expr::List(items) => format!("[{}]", list(items)),
            Expr::Object(it) => {
                let all = it.0.iter();
                let all =
                    all.map(|(name, it)| format!("{} = {}", quoted(&escaped(name)), it.code()));
                format!("{{ {} }}", all.collect::<Vec<_>>().join(", "))
            }
            Expr::Attribute(it, name) => format!("{it}.{name}"),
            Expr::Static(it) => it.to_string(),
            Expr::Name(it) => it.to_string(),
            Expr::Index(of, at) => format!("{}[{}]", of.code(), at.code()),
            Expr::Compare(a, how, b) => format!("{} {how} {}", a.code(), b.code()),
            Expr::Call(name, arguments) => format!("{name}({})", list(arguments)),
            Expr::If(condition, yes, no) => {
                format!("({} ? {} : {})", condition.code(), yes.code(), no.code())
            }
            Expr::For(it) => {
                let condition = it.condition.as_ref().map(|it| format!(" if {}", it.code()));
                let condition = condition.unwrap_or_default();
                format!("[for it in {} : {}{condition}]", it.over.code(), it.value.code())
            }
            Expr::Concat(items) => {
                let mut text = String::new();
                for it in items {
                    if let Expr::Text(it) = it {
                        let it = quoted(&escaped(it));
                        text.push_str(&it[1..it.len() - 1]);
                    } else {
                        let _ = write!(text, "${{{}}}", it.code());
                    }
                }
                format!("\"{text}\"")
            }
        }
    }
}

/// Text in which no template starts.
pub(super) fn escaped(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// Text as a quoted string of an expression.
fn quoted(text: &str) -> String {
    let mut all = String::from("\"");
    for it in text.chars() {
        match it {
            '"' => all.push_str("\\\""),
            '\\' => all.push_str("\\\\"),
            '\n' => all.push_str("\\n"),
            '\r' => all.push_str("\\r"),
            '\t' => all.push_str("\\t"),
            it => all.push(it),
        }
    }
    all.push('"');
    all
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

impl From<Address> for Expr {
    fn from(it: Address) -> Expr {
        Expr::Static(it)
    }
}

impl Address {
    /// An attribute of the resource.
    pub fn attribute(&self, name: impl Into<Cow<'static, str>>) -> Expr {
        Expr::Attribute(self.clone(), name.into())
    }

    /// The same address, seen from a block that is repeated with this key.
    #[must_use]
    pub(super) fn seen_from(&self, key: &str) -> Address {
        match &self.key {
            Key::Literal(it) if it == key => Address { key: Key::Each, ..self.clone() },
            Key::None | Key::Each | Key::Literal(_) => self.clone(),
        }
    }
}

impl Serialize for Expr {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Expr::Text(it) => to.serialize_str(&escaped(it)),
            Expr::Plain(it) => to.serialize_str(it),
            Expr::Integer(it) => to.serialize_i64(*it),
            Expr::Float(it) => to.serialize_f64(*it),
            Expr::Bool(it) => to.serialize_bool(*it),
            Expr::Null => to.serialize_unit(),
            Expr::List(items) => {
                let mut list = to.serialize_seq(Some(items.len()))?;
                for it in items {
                    list.serialize_element(it)?;
                }
                list.end()
            }
            Expr::Object(it) => it.serialize(to),
            Expr::Static(it) => to.serialize_str(&it.to_string()),
            Expr::Concat(items) => {
                let mut text = String::new();
                for it in items {
                    if let Expr::Text(it) = it {
                        text.push_str(&escaped(it));
                    } else {
                        let _ = write!(text, "${{{}}}", it.code());
                    }
                }
                to.serialize_str(&text)
            }
            Expr::Attribute(..)
            | Expr::Name(_)
            | Expr::Index(..)
            | Expr::Call(..)
            | Expr::Compare(..)
            | Expr::If(..)
            | Expr::For(_) => to.serialize_str(&format!("${{{}}}", self.code())),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(&escaped(name), value)?;
        }
        map.end()
    }
}
