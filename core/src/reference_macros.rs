//! Fields that name a declaration of one of several kinds.

/// An enum of references, one variant for each kind of declaration that may be named:
///
/// ```text
/// crate::one_of! {
///     /// Where a distribution gets its content.
///     Origin: "a load balancer or an S3 bucket" {
///         /// An `alb!`.
///         Alb(Alb),
///         /// An `s3_bucket!`.
///         Bucket(S3Bucket),
///     }
/// }
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! one_of {
    ($(#[$doc:meta])* $name:ident: $expected:literal {
        $($(#[$variant_doc:meta])* $variant:ident($kind:ident),)*
    }) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq)]
        pub enum $name {
            $($(#[$variant_doc])* $variant($crate::field::DeclarationRef<$crate::declare::$kind>),)*
        }

        impl $name {
            /// The name of the declaration.
            pub fn name(&self) -> &str {
                match self {
                    $($name::$variant(it) => &it.name,)*
                }
            }
        }

        impl ::std::fmt::Debug for $name {
            /// Prints the reference: a name says by itself of which kind it is.
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                match self {
                    $($name::$variant(it) => it.fmt(f),)*
                }
            }
        }

        impl $crate::field::FieldType for $name {
            fn expected() -> String {
                $expected.to_string()
            }

            fn read(
                node: &$crate::node::Node,
                reader: &mut $crate::field::Reader<'_>,
            ) -> $crate::value::Value<Self> {
                let Some(reference) = node.as_reference() else {
                    return reader.wrong(node, &Self::expected());
                };
                $(
                    if reference.kind == $crate::declare::Kind::$kind && reference.member.is_none() {
                        let it = $crate::field::DeclarationRef::new(reference.name.as_str());
                        return $crate::value::Value::Literal($name::$variant(it));
                    }
                )*
                reader.wrong_reference(node, &Self::expected())
            }
        }

        $(
            impl $crate::field::FieldValue<$name> for $crate::declare::Handle<$crate::declare::$kind> {}
        )*
    };
}

/// A reference that keeps only the kind and the name, for what treats all of its kinds alike:
///
/// ```text
/// crate::any_of! {
///     /// A declaration that has metrics.
///     Watched WatchedKind: "a service, a database or a cache" { EcsService RdsPostgres Redis }
/// }
/// ```
#[macro_export]
#[doc(hidden)]
macro_rules! any_of {
    ($(#[$doc:meta])* $name:ident $kinds:ident: $expected:literal { $($kind:ident)* }) => {
        #[doc = concat!("What a [`", stringify!($name), "`] can be: ", $expected, ".")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $kinds {
            $(#[doc = concat!("`", stringify!($kind), "`.")] $kind,)*
        }

        impl $kinds {
            /// The kind of declaration.
            pub const fn kind(self) -> $crate::declare::Kind {
                match self {
                    $($kinds::$kind => $crate::declare::Kind::$kind,)*
                }
            }
        }

        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name {
            /// Its kind.
            pub kind: $kinds,
            /// Its name.
            pub name: String,
        }

        impl $crate::field::FieldType for $name {
            fn expected() -> String {
                $expected.to_string()
            }

            fn read(
                node: &$crate::node::Node,
                reader: &mut $crate::field::Reader<'_>,
            ) -> $crate::value::Value<Self> {
                let Some(reference) = node.as_reference() else {
                    return reader.wrong(node, &Self::expected());
                };
                $(
                    if reference.kind == $crate::declare::Kind::$kind && reference.member.is_none() {
                        let (kind, name) = ($kinds::$kind, reference.name.clone());
                        return $crate::value::Value::Literal($name { kind, name });
                    }
                )*
                reader.wrong_reference(node, &Self::expected())
            }
        }

        $(
            impl $crate::field::FieldValue<$name> for $crate::declare::Handle<$crate::declare::$kind> {}
        )*
    };
}
