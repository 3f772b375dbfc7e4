//! What a values file may hold: each type gives both its values and its schema, so that neither can
//! drift from the other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use super::node::Node;

/// A type of values.
pub(super) trait Shape {
    /// Whether a values file must have it.
    const REQUIRED: bool = true;

    /// A value of it.
    fn node(&self) -> Node;

    /// What values it has, as a JSON schema.
    fn schema(all: &mut Definitions) -> Json;
}

/// The schemas of types that have names, and the names that references may have.
#[derive(Default)]
pub(super) struct Definitions {
    /// The schemas.
    pub all: BTreeMap<&'static str, Json>,
    /// What `parameters` has.
    pub parameters: BTreeSet<String>,
    /// What `stores` has.
    pub stores: BTreeSet<String>,
    /// What `networks` has.
    pub networks: BTreeSet<String>,
    /// What `services` has.
    pub services: BTreeSet<String>,
}

/// One of these names.
pub(super) fn one_of(names: &BTreeSet<String>) -> Json {
    // The list of an enumeration is never empty.
    if names.is_empty() {
        json!({ "type": "string", "not": {} })
    } else {
        json!({ "type": "string", "enum": names })
    }
}

impl Definitions {
    /// A reference to the schema with this name, made by `schema` when it is first asked for.
    pub fn named(
        &mut self,
        name: &'static str,
        schema: impl FnOnce(&mut Definitions) -> Json,
    ) -> Json {
        if !self.all.contains_key(name) {
            self.all.insert(name, Json::Null);
            let schema = schema(self);
            self.all.insert(name, schema);
        }
        json!({ "$ref": format!("#/definitions/{name}") })
    }
}

/// An object of exactly these entries: name, schema, whether it is required.
pub(super) fn object(entries: Vec<(String, Json, bool)>) -> Json {
    let required: Vec<&String> = entries.iter().filter(|it| it.2).map(|it| &it.0).collect();
    let mut all = json!({ "type": "object", "additionalProperties": false });
    if !required.is_empty() {
        all["required"] = json!(required);
    }
    all["properties"] =
        Json::Object(entries.iter().map(|it| (it.0.clone(), it.1.clone())).collect::<Map<_, _>>());
    all
}

/// A schema, or null, by which another environment takes a value away.
pub(super) fn or_null(schema: Json) -> Json {
    json!({ "anyOf": [schema, { "type": "null" }] })
}

/// `read_only` as `readOnly`.
pub(super) fn camel(text: &str) -> String {
    let name = archgen_core::resource::camel_case(text);
    let mut all = name.chars();
    all.next().map(|it| it.to_ascii_lowercase()).into_iter().chain(all).collect()
}

/// Types of values: their docs are the comments of the values file.
macro_rules! values {
    ($(
        $(#[doc = $what:literal])+
        $name:ident { $($(#[doc = $doc:literal])+ $field:ident: $type:ty,)+ }
    )+) => { $(
        $(#[doc = $what])+
        #[derive(Clone, Debug, PartialEq)]
        pub(super) struct $name { $($(#[doc = $doc])+ pub $field: $type,)+ }

        impl $crate::helm::shape::Shape for $name {
            fn node(&self) -> Node {
                Node::Map(vec![$(Entry::new(
                    $crate::helm::shape::camel(stringify!($field)),
                    concat!($($doc, "\n"),+),
                    self.$field.node(),
                )),+])
            }

            fn schema(all: &mut Definitions) -> Json {
                all.named(stringify!($name), |all| {
                    let mut schema = $crate::helm::shape::object(vec![$((
                        $crate::helm::shape::camel(stringify!($field)),
                        <$type>::schema(all),
                        <$type>::REQUIRED,
                    )),+]);
                    schema["description"] = concat!($($what),+).trim().into();
                    schema
                })
            }
        }
    )+ };
}
pub(super) use values;

impl Shape for bool {
    fn node(&self) -> Node {
        Node::Bool(*self)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "boolean" })
    }
}

impl<T: Shape> Shape for Option<T> {
    const REQUIRED: bool = false;

    fn node(&self) -> Node {
        self.as_ref().map_or(Node::Null, Shape::node)
    }

    fn schema(all: &mut Definitions) -> Json {
        or_null(T::schema(all))
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn node(&self) -> Node {
        // What the items have is said above the list.
        Node::List(self.iter().map(|it| it.node().without_comments()).collect())
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({ "type": "array", "items": T::schema(all) })
    }
}

/// Values by the name of an environment variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Variables<T>(pub BTreeMap<String, T>);

impl<T: Shape> Shape for Variables<T> {
    fn node(&self) -> Node {
        Node::alike(self.0.iter().map(|(key, it)| (key.clone(), it.node())))
    }

    fn schema(all: &mut Definitions) -> Json {
        // <https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/>
        json!({
            "type": "object",
            "propertyNames": { "pattern": "^[A-Za-z_.-][A-Za-z0-9_.-]*$" },
            "additionalProperties": or_null(T::schema(all)),
        })
    }
}

/// Values by names of labels: a name, perhaps behind a domain and `/`.
///
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set>
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Labels<T>(pub BTreeMap<String, T>);

impl<T: Shape> Shape for Labels<T> {
    fn node(&self) -> Node {
        Node::alike(self.0.iter().map(|(key, it)| (key.clone(), it.node())))
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({
            "type": "object",
            "propertyNames": { "pattern": "^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$" },
            "additionalProperties": or_null(T::schema(all)),
        })
    }
}

/// Values by names that Kubernetes takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Names<T>(pub BTreeMap<String, T>);

impl<T: Shape> Shape for Names<T> {
    fn node(&self) -> Node {
        Node::alike(self.0.iter().map(|(key, it)| (key.clone(), it.node())))
    }

    fn schema(all: &mut Definitions) -> Json {
        json!({
            "type": "object",
            "propertyNames": { "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$", "maxLength": 63 },
            "additionalProperties": or_null(T::schema(all)),
        })
    }
}

/// One of some words.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Word<W>(pub &'static str, std::marker::PhantomData<W>);

/// The words of a [`Word`].
pub(super) trait Words {
    /// All of them.
    const ALL: &'static [&'static str];
}

impl<W: Words> Word<W> {
    /// A word.
    pub fn new(word: &'static str) -> Word<W> {
        Word(word, std::marker::PhantomData)
    }
}

impl<W: Words> Shape for Word<W> {
    fn node(&self) -> Node {
        self.0.into()
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "enum": W::ALL })
    }
}

/// Text that is no reference.
impl Shape for String {
    fn node(&self) -> Node {
        Node::Text(self.clone())
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string" })
    }
}

/// A schema with its definitions.
pub(super) fn document(name: &str, mut schema: Json, definitions: Definitions) -> Json {
    schema["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    schema["title"] = format!("Values of {name}").into();
    schema["definitions"] = definitions
        .all
        .into_iter()
        .map(|(key, it)| (key.to_string(), it))
        .collect::<serde_json::Map<_, _>>()
        .into();
    schema
}
