//! An architecture as the command line sees it: name, environments, options, and how to build it.

use std::fmt;

use archgen_core::suggest;
use archgen_core::{Architecture, Environment};

/// An architecture that the command line can emit. `#[architecture]` makes one beside the function:
/// `pub fn prod_infra` comes with `pub const PROD_INFRA: Entry`.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Its name, such as `prod-infra`.
    pub name: &'static str,
    /// The first paragraph of the function's documentation.
    pub summary: &'static str,
    /// The environments it is for.
    pub environments: &'static [Environment],
    /// What `--set` can change.
    pub options: &'static [OptionInfo],
    /// The file it is written in, as rustc names it.
    pub source: &'static str,
    /// The folder of the crate it is written in.
    pub manifest_dir: &'static str,
    /// Builds it for an environment with these options.
    pub build: Build,
}

/// Builds an architecture for an environment, with options as `--set name=value` gives them.
pub type Build = fn(Environment, &[(String, String)]) -> Result<Architecture, OptionError>;

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An option of an architecture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// Its name, as in `--set name=value`.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
}

/// A plain struct that the command line fills: derive it, beside `Default`.
///
/// ```
/// use archgen::prelude::*;
///
/// #[derive(Default, Options)]
/// pub struct ShopOptions {
///     /// Keeps a standby of the database in another zone.
///     pub standby: bool,
/// }
///
/// let mut options = ShopOptions::default();
/// options.set("standby", "true").unwrap();
/// assert!(options.standby);
/// ```
pub trait Options: Default {
    /// The options with their documentation.
    const INFO: &'static [OptionInfo];

    /// Sets an option from text.
    ///
    /// # Errors
    ///
    /// There is no such option, or the text is not one of its values.
    fn set(&mut self, name: &str, value: &str) -> Result<(), OptionError>;
}

/// An option that is given wrongly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl OptionError {
    /// The value is not one that the option has.
    pub fn invalid(name: &str, value: &str, why: &str) -> OptionError {
        OptionError { message: format!("option `{name}` cannot be `{value}`: {why}"), help: None }
    }

    /// There is no such option.
    pub fn unknown(name: &str, known: &[OptionInfo]) -> OptionError {
        OptionError {
            message: format!("there is no option `{name}`"),
            help: suggest::did_you_mean(name, known.iter().map(|it| it.name))
                .or_else(|| Some("this architecture has no options".to_string())),
        }
    }
}

impl fmt::Display for OptionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for OptionError {}

/// Sets every given option.
///
/// # Errors
///
/// The first that cannot be set.
pub fn set_options(
    options: &mut impl Options,
    given: &[(String, String)],
) -> Result<(), OptionError> {
    given.iter().try_for_each(|(name, value)| options.set(name, value))
}

/// Refuses every option, for architectures without any.
///
/// # Errors
///
/// The first option that is given.
pub fn no_options(given: &[(String, String)]) -> Result<(), OptionError> {
    match given.first() {
        Some((name, _)) => Err(OptionError::unknown(name, &[])),
        None => Ok(()),
    }
}
