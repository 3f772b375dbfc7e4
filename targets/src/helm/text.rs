//! Text and numbers of values files, which may name what is decided elsewhere: a parameter, something
//! outside the cluster, another service, a fact about the AWS account.

use serde_json::{Value as Json, json};

use super::node::{Entry, Node};
use super::shape::{Definitions, Shape, one_of};

/// A part of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Known characters.
    Literal(String),
    /// What `parameters` has under this name.
    Parameter(String),
    /// What `stores` has under these names.
    Store(String, String),
    /// The host name of a service of the chart.
    Service(String),
    /// What `aws` has under this name.
    Aws(&'static str),
}

impl Piece {
    fn node(&self) -> Node {
        let one = |key: &str, it: &str| Node::Inline(vec![Entry::plain(key, it.into())]);
        match self {
            Piece::Literal(it) => it.as_str().into(),
            Piece::Parameter(it) => one("parameter", it),
            Piece::Store(store, attribute) => Node::Inline(vec![
                Entry::plain("store", store.as_str().into()),
                Entry::plain("attribute", attribute.as_str().into()),
            ]),
            Piece::Service(it) => one("service", it),
            Piece::Aws(it) => one("aws", it),
        }
    }
}

/// The facts about the account, by their names in `aws`.
pub(super) const AWS: [&str; 4] = ["accountId", "region", "partition", "urlSuffix"];

fn piece(all: &mut Definitions) -> Json {
    let one = |key: &str, schema: Json| json!({ "type": "object", "additionalProperties": false, "required": [key], "properties": { key: schema } });
    all.named("Reference", |all| {
        json!({
            "description": "Something that is decided elsewhere",
            "anyOf": [
                one("parameter", one_of(&all.parameters)),
                one("service", one_of(&all.services)),
                one("aws", json!({ "enum": AWS })),
                {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["store", "attribute"],
                    "properties": {
                        "store": one_of(&all.stores),
                        "attribute": { "type": "string", "minLength": 1 },
                    },
                },
            ],
        })
    })
}

/// A reference to a parameter. It is in a list because Helm replaces lists: of two maps it would make one
/// that has the entries of both, and then it would be no reference.
fn given(parameter: &str) -> Node {
    Node::List(vec![Piece::Parameter(parameter.to_string()).node()])
}

/// A list of one reference.
fn just_one(all: &mut Definitions) -> Json {
    json!({ "type": "array", "minItems": 1, "maxItems": 1, "items": piece(all) })
}

/// A text: known, or the list of its pieces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text(pub Vec<Piece>);

impl Text {
    /// Known text.
    pub fn literal(text: impl Into<String>) -> Text {
        Text(vec![Piece::Literal(text.into())])
    }
}

impl Shape for Text {
    fn node(&self) -> Node {
        match self.0.as_slice() {
            [] => "".into(),
            [Piece::Literal(it)] => it.as_str().into(),
            all => Node::List(all.iter().map(Piece::node).collect()),
        }
    }

    fn schema(all: &mut Definitions) -> Json {
        let piece = piece(all);
        all.named("Text", |_| {
            json!({
                "description": "Text, or a list of texts and references, which are put together",
                "anyOf": [
                    { "type": "string" },
                    { "type": "array", "minItems": 1, "items": { "anyOf": [{ "type": "string" }, piece] } },
                ],
            })
        })
    }
}

/// Text that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Needed(pub Text);

impl Shape for Needed {
    fn node(&self) -> Node {
        self.0.node()
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({ "allOf": [Text::schema(all), { "minLength": 1 }] })
    }
}

/// An amount of CPU or memory.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Quantity(pub Text);

impl Shape for Quantity {
    fn node(&self) -> Node {
        self.0.node()
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({ "allOf": [Text::schema(all), { "pattern": "^[0-9]+(\\.[0-9]+)?(m|Ki|Mi|Gi|Ti)?$" }] })
    }
}

/// A block of addresses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Block(pub Text);

impl Shape for Block {
    fn node(&self) -> Node {
        self.0.node()
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({ "allOf": [Text::schema(all), { "pattern": "^[0-9a-fA-F.:]+/[0-9]{1,3}$" }] })
    }
}

/// A whole number between two others, or a parameter that holds one.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Whole<const FIRST: i64, const LAST: i64> {
    /// Known.
    Number(i64),
    /// What `parameters` has under this name.
    Parameter(String),
}

impl<const FIRST: i64, const LAST: i64> Whole<FIRST, LAST> {
    /// The number next to `it` that there is.
    pub fn number(it: i64) -> Whole<FIRST, LAST> {
        Whole::Number(it.clamp(FIRST, LAST))
    }
}

impl<const FIRST: i64, const LAST: i64> Shape for Whole<FIRST, LAST> {
    fn node(&self) -> Node {
        match self {
            Whole::Number(it) => Node::Integer(*it),
            Whole::Parameter(it) => given(it),
        }
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "integer", "minimum": FIRST, "maximum": LAST }, just_one(all)] })
    }
}

/// Whether something holds, or a parameter that says so.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Flag {
    /// Known.
    Known(bool),
    /// What `parameters` has under this name.
    Parameter(String),
}

impl Shape for Flag {
    fn node(&self) -> Node {
        match self {
            Flag::Known(it) => Node::Bool(*it),
            Flag::Parameter(it) => given(it),
        }
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({ "anyOf": [{ "type": "boolean" }, just_one(all)] })
    }
}

/// A port.
pub(super) type Port = Whole<1, 65535>;
/// A time in seconds.
pub(super) type Seconds = Whole<0, 86400>;
/// A number of things.
pub(super) type Count = Whole<0, 100_000>;
