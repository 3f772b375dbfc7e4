//! The macros that make enums of bare names, nested records and declarations: one description of each
//! field gives its type, its setter, its reader and its documentation.

/// An enum whose variants authors write as bare names.
#[macro_export]
#[doc(hidden)]
macro_rules! words {
    ($(#[$meta:meta])* $name:ident: $expected:literal { $($(#[$variant_meta:meta])* $variant:ident = $spelled:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_meta])* $variant,)+ }

        impl $name {
            /// Every variant.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The bare name that authors write.
            pub const fn word(self) -> &'static str {
                match self { $($name::$variant => stringify!($variant),)+ }
            }

            /// The word that AWS uses.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$variant => $spelled,)+ }
            }
        }

        impl $crate::field::FieldType for $name {
            fn expected() -> String {
                let all: Vec<String> = Self::ALL.iter().map(|it| format!("`{}`", it.word())).collect();
                format!("{}: {}", $expected, all.join(", "))
            }

            fn words(words: &mut Vec<$crate::field::Word>) {
                words.extend(Self::ALL.iter().map(|it| $crate::field::Word { name: it.word(), of: stringify!($name) }));
            }

            fn read(node: &$crate::node::Node, reader: &mut $crate::field::Reader<'_>) -> $crate::value::Value<Self> {
                let Some(word) = node.as_word() else {
                    return reader.wrong(node, &Self::expected());
                };
                match Self::ALL.iter().find(|it| it.word() == word) {
                    Some(it) => $crate::value::Value::Literal(*it),
                    None => {
                        let known: Vec<&str> = Self::ALL.iter().map(|it| it.word()).collect();
                        reader.unknown_word(node.loc, word, &known)
                    }
                }
            }
        }

        impl $crate::node::IntoNode for $name {
            fn node(&self, loc: $crate::loc::Loc) -> $crate::node::Node {
                $crate::node::Node::new($crate::node::NodeKind::Word(self.word().to_string()), loc)
            }
        }

        impl $crate::field::FieldValue<$name> for $name {}

        impl ::core::str::FromStr for $name {
            type Err = String;

            /// Its bare name, in any case: for options of the command line.
            fn from_str(text: &str) -> Result<$name, String> {
                let found = Self::ALL.iter().find(|it| it.word().eq_ignore_ascii_case(text));
                found.copied().ok_or_else(|| {
                    let all: Vec<String> = Self::ALL.iter().map(|it| format!("`{}`", it.word())).collect();
                    format!("write one of {}", all.join(", "))
                })
            }
        }
    };
}

/// The type of a field: `required` and `default` ones are always there.
#[macro_export]
#[doc(hidden)]
macro_rules! field_type {
    (required $ty:ty) => { $crate::value::Field<$ty> };
    (default $ty:ty) => { $crate::value::Field<$ty> };
    (optional $ty:ty) => { Option<$crate::value::Field<$ty>> };
}

/// Takes a field out of [`Fields`].
#[macro_export]
#[doc(hidden)]
macro_rules! read_field {
    (required $fields:ident $field:ident $example:expr) => {
        $fields.required(stringify!($field), $example)
    };
    (default $fields:ident $field:ident $default:expr) => {
        match $fields.optional(stringify!($field)) {
            Some(it) => it,
            None => $crate::value::Field::supplied($default),
        }
    };
    (optional $fields:ident $field:ident) => {
        $fields.optional(stringify!($field))
    };
}

/// The example of a field, if it is required.
#[macro_export]
#[doc(hidden)]
macro_rules! field_example {
    (required $example:expr) => {
        $example
    };
    (default $default:expr) => {
        ""
    };
    (optional) => {
        ""
    };
}

/// A record nested in a declaration: `{ path: "/health", interval: 30s }`.
#[macro_export]
#[doc(hidden)]
macro_rules! record {
    ($(#[$meta:meta])* $name:ident: $what:literal { $($(#[doc = $doc:literal])* $mode:ident $field:ident: $ty:ty $(= $extra:expr)?;)* }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            $($(#[doc = $doc])* pub $field: $crate::field_type!($mode $ty),)*
        }

        impl $name {
            /// Reads the record's entries.
            pub fn read_entries(
                entries: &[$crate::node::Entry],
                loc: $crate::loc::Loc,
                reader: &mut $crate::field::Reader<'_>,
            ) -> $name {
                let known = [$(stringify!($field)),*];
                #[allow(unused_mut)]
                let mut fields = $crate::field::Fields::new(reader, entries, loc, format!("`{}`", $what), &known);
                $name { $($field: $crate::read_field!($mode fields $field $($extra)?),)* }
            }
        }

        impl $crate::field::FieldType for $name {
            fn expected() -> String {
                let known: &[&str] = &[$(stringify!($field)),*];
                format!("a record with {}", known.join(", "))
            }

            fn words(words: &mut Vec<$crate::field::Word>) {
                $(<$ty as $crate::field::FieldType>::words(words);)*
                let _ = words;
            }

            fn read(node: &$crate::node::Node, reader: &mut $crate::field::Reader<'_>) -> $crate::value::Value<Self> {
                match node.as_record() {
                    Some(entries) => $crate::value::Value::Literal($name::read_entries(entries, node.loc, reader)),
                    None => reader.wrong(node, &Self::expected()),
                }
            }
        }
    };
}

/// A declaration: its struct, its setter-only builder, and what is known of its fields.
///
/// Every declaration has the fields `tags` and `renamed_from`, in its [`Meta`](crate::declare::Meta),
/// unless it says that it is `bare`; one that is `untagged` has `renamed_from` only.
#[macro_export]
#[doc(hidden)]
macro_rules! declaration {
    // Makes no resource.
    ($(#[$meta:meta])* bare $name:ident $($rest:tt)*) => {
        $crate::declaration! { @with [] $(#[$meta])* $name $($rest)* }
    };
    // Makes resources that carry no tags.
    ($(#[$meta:meta])* untagged $name:ident $($rest:tt)*) => {
        $crate::declaration! {
            @with [
                /// The name that it had before: `"api"`. What it makes is then kept under its new name, by
                /// `archgen.lock`; leave it there until every environment has been deployed.
                renamed_from: $crate::history::FormerName;
            ]
            $(#[$meta])* $name $($rest)*
        }
    };
    (@with [$($(#[doc = $common_doc:literal])* $common:ident: $common_ty:ty;)*]
     $(#[$meta:meta])* $name:ident $builder:ident {
        $($(#[doc = $doc:literal])* $mode:ident $field:ident: $ty:ty $(= $extra:expr)?;)*
    } members $members:ident { $($(#[doc = $member_doc:literal])* $member:ident;)* }) => {
        #[doc = concat!("What other declarations can use of a [`", stringify!($name), "`].")]
        pub struct $members { $($(#[doc = $member_doc])* pub $member: $crate::declare::Member,)* }

        impl $crate::declare::MemberSet for $members {
            const NAMES: &'static [&'static str] = &[$(stringify!($member)),*];

            fn of(name: &str) -> Self {
                let _ = name;
                $members { $($member: $crate::declare::Member::new($crate::declare::Kind::$name, name, stringify!($member)),)* }
            }
        }

        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// The declaration's name and place.
            pub meta: $crate::declare::Meta,
            $($(#[doc = $doc])* pub $field: $crate::field_type!($mode $ty),)*
        }

        #[doc = concat!("Collects the fields of a [`", stringify!($name), "`].")]
        pub struct $builder {
            raw: $crate::declare::RawDeclaration,
        }

        impl $builder {
            $(
                $(#[doc = $doc])*
                pub fn $field(&mut self, name: $crate::loc::Loc, value: impl $crate::field::IntoField<$ty>) {
                    self.raw.push(stringify!($field), name, value.into_node());
                }
            )*

            $(
                $(#[doc = $common_doc])*
                pub fn $common(&mut self, name: $crate::loc::Loc, value: impl $crate::field::IntoField<$common_ty>) {
                    self.raw.push(stringify!($common), name, value.into_node());
                }
            )*

            /// The declaration, to be used and added to an architecture.
            pub fn done(self) -> $crate::declare::Handle<$name> {
                $crate::declare::Handle::new(self.raw)
            }
        }

        impl $name {
            /// A builder for the declaration `name`.
            pub fn builder(name: impl Into<String>, loc: $crate::loc::Loc) -> $builder {
                $builder { raw: $crate::declare::RawDeclaration::new($crate::declare::Kind::$name, name.into(), loc) }
            }
        }

        impl $crate::declare::Declare for $name {
            const KIND: $crate::declare::Kind = $crate::declare::Kind::$name;
            type Members = $members;
            const FIELDS: &'static [$crate::field::FieldInfo] = &[$(
                $crate::field::FieldInfo {
                    name: stringify!($field),
                    docs: concat!($($doc, "\n"),*),
                    required: $crate::field_is_required!($mode),
                    example: $crate::field_example!($mode $($extra)?),
                    words: <$ty as $crate::field::FieldType>::words,
                    expected: <$ty as $crate::field::FieldType>::expected,
                },
            )* $(
                $crate::field::FieldInfo {
                    name: stringify!($common),
                    docs: concat!($($common_doc, "\n"),*),
                    required: false,
                    example: "",
                    words: <$common_ty as $crate::field::FieldType>::words,
                    expected: <$common_ty as $crate::field::FieldType>::expected,
                },
            )*];

            fn read(raw: &$crate::declare::RawDeclaration, reader: &mut $crate::field::Reader<'_>) -> Self {
                let known = [$(stringify!($field),)* $(stringify!($common),)*];
                let what = format!("`{}!`", $crate::declare::Kind::$name.macro_name());
                let mut fields = $crate::field::Fields::new(reader, &raw.fields, raw.macro_loc, what, &known);
                #[allow(unused_mut)]
                let mut meta = raw.meta();
                $(meta.$common = fields.optional(stringify!($common));)*
                $name {
                    meta,
                    $($field: $crate::read_field!($mode fields $field $($extra)?),)*
                }
            }

            fn meta(&self) -> &$crate::declare::Meta {
                &self.meta
            }
        }
    };
    ($(#[$meta:meta])* $name:ident $builder:ident $($rest:tt)*) => {
        $crate::declaration! {
            @with [
                /// Tags on everything it makes: `{ team: "payments", "data-class": "restricted" }`.
                /// `deny!`, `connect!` and `allow!` find it by them.
                tags: $crate::tags::Tags;
                /// The name that it had before: `"api"`. What it makes is then kept under its new name, by
                /// `archgen.lock`; leave it there until every environment has been deployed.
                renamed_from: $crate::history::FormerName;
            ]
            $(#[$meta])* $name $builder $($rest)*
        }
    };
}

/// Whether a field must be given.
#[macro_export]
#[doc(hidden)]
macro_rules! field_is_required {
    (required) => {
        true
    };
    (default) => {
        false
    };
    (optional) => {
        false
    };
}
