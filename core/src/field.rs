//! Reading the fields of a declaration: from [`Node`]s to typed values, with a diagnostic for
//! everything that is wrong.
//!
//! The same readers run while compiling (on what the macros see) and at build time.

use std::marker::PhantomData;

use crate::codes::Code;
use crate::declare::{Declare, Kind};
use crate::diagnostic::{Diagnostic, Sink};
use crate::loc::Loc;
use crate::node::{Entry, IntoNode, Node};
use crate::suggest;
use crate::tags::Carriers;
pub use crate::value::Field;
use crate::value::Value;

/// A type that a field can have.
pub trait FieldType: Sized {
    /// What the author should write, for messages: "a CIDR block such as `\"10.0.0.0/16\"`".
    fn expected() -> String;

    /// The bare names that may stand anywhere in a value of this type.
    fn words(_words: &mut Vec<Word>) {}

    /// Reads a value; what is wrong is reported and becomes [`Value::Unknown`].
    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self>;

    /// Reads what one item of a list stands for: itself, or everything that it finds.
    fn read_item(node: &Node, reader: &mut Reader<'_>) -> Vec<Field<Self>> {
        vec![reader.read(node)]
    }
}

/// A bare name and the enum it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word {
    /// The name as written: `PerZone`.
    pub name: &'static str,
    /// The enum it is a variant of: `Nat`.
    pub of: &'static str,
}

/// What is known about a field of a declaration.
#[derive(Clone, Copy)]
pub struct FieldInfo {
    /// Its name.
    pub name: &'static str,
    /// Its documentation.
    pub docs: &'static str,
    /// Whether it must be given.
    pub required: bool,
    /// A value to show where it is missing.
    pub example: &'static str,
    /// The bare names its value may hold.
    pub words: fn(&mut Vec<Word>),
    /// What the author should write.
    pub expected: fn() -> String,
}

/// A Rust value that may be given for a field of type `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a value for a field of type `{T}`",
    label = "expected a value for `{T}`, found `{Self}`"
)]
pub trait FieldValue<T>: IntoNode {}

impl<T, V: FieldValue<T> + ?Sized> FieldValue<T> for &V {}

/// What a builder's setter takes: a value the macros read, or a Rust value with its place.
#[diagnostic::on_unimplemented(
    message = "not a value for a field of type `{T}`",
    label = "expected a value for `{T}`"
)]
pub trait IntoField<T> {
    /// The untyped value.
    fn into_node(self) -> Node;
}

impl<T> IntoField<T> for Node {
    fn into_node(self) -> Node {
        self
    }
}

/// A Rust value with its place.
pub struct At<V> {
    value: V,
    loc: Loc,
}

/// Gives a Rust value its place.
pub fn at<V>(value: V, loc: Loc) -> At<V> {
    At { value, loc }
}

impl<T, V: FieldValue<T>> IntoField<T> for At<V> {
    fn into_node(self) -> Node {
        self.value.node(self.loc)
    }
}

/// Reads the values of one declaration and collects what is wrong.
pub struct Reader<'a> {
    sink: &'a mut Sink,
    kind: Kind,
    field: &'static str,
    carriers: Option<&'a Carriers>,
}

impl<'a> Reader<'a> {
    /// A reader for a declaration.
    pub fn new(sink: &'a mut Sink, kind: Kind) -> Reader<'a> {
        Reader { sink, kind, field: "", carriers: None }
    }

    /// A reader for a declaration that may be about others by their tags.
    pub fn with_carriers(sink: &'a mut Sink, kind: Kind, carriers: &'a Carriers) -> Reader<'a> {
        Reader { sink, kind, field: "", carriers: Some(carriers) }
    }

    /// Which declarations carry which tags, if the declaration may be about others by their tags.
    pub fn carriers(&self) -> Option<&'a Carriers> {
        self.carriers
    }

    /// The field that is being read.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The kind of declaration that is being read.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Adds a finding.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.sink.push(diagnostic);
    }

    /// AG0004: the value is of the wrong kind.
    pub fn wrong<T>(&mut self, node: &Node, expected: &str) -> Value<T> {
        if !node.is_unknown() {
            self.push(Diagnostic::new(
                Code::AG0004,
                node.loc,
                format!("`{}` expects {expected}, found {}", self.field, node.describe()),
            ));
        }
        Value::Unknown
    }

    /// AG0005: the bare name is none of those the field knows.
    pub fn unknown_word<T>(&mut self, loc: Loc, written: &str, known: &[&str]) -> Value<T> {
        self.push(
            Diagnostic::new(
                Code::AG0005,
                loc,
                format!("`{}` does not know `{written}`", self.field),
            )
            .maybe_help(suggest::did_you_mean(written, known.iter().copied())),
        );
        Value::Unknown
    }

    /// AG0007: the value is outside the limits AWS sets.
    pub fn limit<T>(&mut self, loc: Loc, message: impl Into<String>, help: &str) -> Value<T> {
        self.push(Diagnostic::new(Code::AG0007, loc, message).help(help));
        Value::Unknown
    }

    /// AG0103: the reference is to the wrong kind of declaration.
    pub fn wrong_reference<T>(&mut self, node: &Node, expected: &str) -> Value<T> {
        self.push(Diagnostic::new(
            Code::AG0103,
            node.loc,
            format!("`{}` expects {expected}, found {}", self.field, node.describe()),
        ));
        Value::Unknown
    }

    /// Reads a value of type `T` with its place.
    pub fn read<T: FieldType>(&mut self, node: &Node) -> Field<T> {
        Field { value: T::read(node, self), loc: node.loc }
    }
}

/// The fields of a declaration or of a record in it, taken out one by one.
pub struct Fields<'r, 's> {
    /// The reader of the declaration.
    pub reader: &'r mut Reader<'s>,
    entries: &'r [Entry],
    /// Where the whole is, for what is missing.
    pub loc: Loc,
    what: String,
}

impl<'r, 's> Fields<'r, 's> {
    /// Checks the names of the entries against those that are known.
    pub fn new(
        reader: &'r mut Reader<'s>,
        entries: &'r [Entry],
        loc: Loc,
        what: String,
        known: &[&'static str],
    ) -> Fields<'r, 's> {
        for (position, entry) in entries.iter().enumerate() {
            if !known.contains(&entry.name.as_str()) {
                reader.push(
                    Diagnostic::new(
                        Code::AG0003,
                        entry.loc,
                        format!("{what} has no field `{}`", entry.name),
                    )
                    .maybe_help(suggest::did_you_mean(&entry.name, known.iter().copied())),
                );
            } else if let Some(first) = entries[..position].iter().find(|it| it.name == entry.name)
            {
                reader.push(
                    Diagnostic::new(
                        Code::AG0006,
                        entry.loc,
                        format!("`{}` is given twice", entry.name),
                    )
                    .label(first.loc, "it is given here first")
                    .help("keep one of them"),
                );
            }
        }
        Fields { reader, entries, loc, what }
    }

    /// The value of a field, if it is given.
    pub fn optional<T: FieldType>(&mut self, name: &'static str) -> Option<Field<T>> {
        let entry = self.entries.iter().find(|it| it.name == name)?;
        let outer = self.reader.field;
        self.reader.field = name;
        let field = self.reader.read(&entry.value);
        self.reader.field = outer;
        Some(field)
    }

    /// The value of a field that must be given.
    pub fn required<T: FieldType>(&mut self, name: &'static str, example: &str) -> Field<T> {
        match self.optional(name) {
            Some(field) => field,
            None => {
                self.reader.push(
                    Diagnostic::new(
                        Code::AG0002,
                        self.loc,
                        format!("{} needs `{name}`", self.what),
                    )
                    .help(format!("add `{name}: {example}`: {}", T::expected())),
                );
                Field::unknown(self.loc)
            }
        }
    }
}

/// A reference to a declaration of kind `K`.
pub struct DeclarationRef<K> {
    /// The declaration's name.
    pub name: String,
    kind: PhantomData<fn() -> K>,
}

impl<K> DeclarationRef<K> {
    /// A reference by name.
    pub fn new(name: impl Into<String>) -> DeclarationRef<K> {
        DeclarationRef { name: name.into(), kind: PhantomData }
    }
}

impl<K> Clone for DeclarationRef<K> {
    fn clone(&self) -> Self {
        DeclarationRef::new(self.name.clone())
    }
}

impl<K> std::fmt::Debug for DeclarationRef<K> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "→{}", self.name)
    }
}

impl<K> PartialEq for DeclarationRef<K> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<K: Declare> FieldType for DeclarationRef<K> {
    fn expected() -> String {
        K::KIND.with_article()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_reference() {
            Some(it) if it.kind == K::KIND && it.member.is_none() => {
                Value::Literal(DeclarationRef::new(it.name.clone()))
            }
            Some(_) => reader.wrong_reference(node, &Self::expected()),
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

/// A tier of a VPC: `network.private`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TierRef {
    /// The VPC's name.
    pub vpc: String,
    /// The tier's name.
    pub tier: String,
}

impl FieldType for TierRef {
    fn expected() -> String {
        "a tier of a VPC such as `network.private`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some(reference) = node.as_reference() else {
            return reader.wrong(node, &Self::expected());
        };
        match &reference.member {
            Some(tier) if reference.kind == Kind::Vpc => {
                Value::Literal(TierRef { vpc: reference.name.clone(), tier: tier.clone() })
            }
            Some(_) | None => reader.wrong_reference(node, &Self::expected()),
        }
    }
}

/// A list of values.
pub type List<T> = Vec<Field<T>>;

impl<T: FieldType> FieldType for List<T> {
    fn expected() -> String {
        format!("a list `[…]`, each {}", T::expected())
    }

    fn words(words: &mut Vec<Word>) {
        T::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_list() {
            Some(items) => {
                Value::Literal(items.iter().flat_map(|it| T::read_item(it, reader)).collect())
            }
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

/// A record whose names the author chooses: `{ LOG_LEVEL: "INFO" }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<T>(pub Vec<Named<T>>);

/// One entry of a [`Map`].
#[derive(Clone)]
pub struct Named<T> {
    /// The name.
    pub name: String,
    /// Where the name is.
    pub loc: Loc,
    /// The value.
    pub field: Field<T>,
}

impl<T: std::fmt::Debug> std::fmt::Debug for Named<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ", self.name)?;
        self.field.fmt(f)
    }
}

impl<T: PartialEq> PartialEq for Named<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.field == other.field
    }
}

impl<T: FieldType> FieldType for Map<T> {
    fn expected() -> String {
        format!("a record `{{ name: value }}`, each value {}", T::expected())
    }

    fn words(words: &mut Vec<Word>) {
        T::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some(entries) = node.as_record() else {
            return reader.wrong(node, &Self::expected());
        };
        let mut named: Vec<Named<T>> = Vec::new();
        for entry in entries {
            if let Some(first) = named.iter().find(|it| it.name == entry.name) {
                let diagnostic = Diagnostic::new(
                    Code::AG0006,
                    entry.loc,
                    format!("`{}` is given twice", entry.name),
                )
                .label(first.loc, "it is given here first")
                .help("keep one of them");
                reader.push(diagnostic);
                continue;
            }
            let field = reader.read(&entry.value);
            named.push(Named { name: entry.name.clone(), loc: entry.loc, field });
        }
        Value::Literal(Map(named))
    }
}

/// `key => value`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair<K, V> {
    /// What stands before the arrow.
    pub key: Field<K>,
    /// What stands behind it.
    pub value: Field<V>,
}

impl<K: FieldType, V: FieldType> FieldType for Pair<K, V> {
    fn expected() -> String {
        format!("a pair of {} `=>` {}", K::expected(), V::expected())
    }

    fn words(words: &mut Vec<Word>) {
        K::words(words);
        V::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_pair() {
            Some((key, value)) => {
                Value::Literal(Pair { key: reader.read(key), value: reader.read(value) })
            }
            None => reader.wrong(node, &Self::expected()),
        }
    }
}
