//! The macros of archgen: `#[architecture]`, and one macro for each declaration.
//!
//! Every macro here is one line over an ordinary function, which unit tests call:
//!
//! | Step | Module |
//! |---|---|
//! | tokens to a tree of values, never failing as a whole | `parse` |
//! | the tree to what `core` reads, for one environment | `evaluate` |
//! | the tree to Rust code that builds the same at run time | `expand` |
//! | a whole `#[architecture]` function | `architecture` |
//! | diagnostics at their tokens | `report` |
//!
//! No knowledge of fields or AWS lives here: names of fields, bare names and checks come from `core`.

// The enums of syn and proc_macro2 are not ours and grow; what a macro cannot see is unknown, not an error.
#![allow(clippy::wildcard_enum_match_arm, clippy::match_wildcard_for_single_variants)]

use proc_macro::TokenStream;

mod architecture;
mod evaluate;
mod expand;
mod options;
mod parse;
mod report;
mod rewrite;

#[cfg(test)]
mod tests;

/// Turns a function of declarations into an architecture; see `archgen::architecture`.
#[proc_macro_attribute]
pub fn architecture(attribute: TokenStream, item: TokenStream) -> TokenStream {
    architecture::expand(attribute.into(), item.into()).into()
}

/// Lets the command line fill a struct; see `archgen::Options`.
#[proc_macro_derive(Options)]
pub fn options(item: TokenStream) -> TokenStream {
    options::expand(item.into()).into()
}

macro_rules! declaration_macros {
    ($($module:ident $name:ident $title:literal;)*) => { $(
        #[doc = concat!("Declares: ", $title, ".")]
        #[proc_macro]
        pub fn $module(input: TokenStream) -> TokenStream {
            expand::declaration(archgen_core::declare::Kind::$name, input.into()).into()
        }
    )* };
}
archgen_core::for_each_declaration!(declaration_macros);
