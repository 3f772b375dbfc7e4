//! Reads the network part of any Terraform module, native (`*.tf`) or JSON (`*.tf.json`) syntax, into a
//! [`ResourceGraph`](archgen_core::resource::ResourceGraph).
//!
//! Nothing is guessed: what cannot be resolved is unknown in the graph and listed in
//! [`Reading::unread`]. Nothing panics, whatever the text is, and nothing here does I/O: modules that are
//! called by local path come through [`Options::load`].
//!
//! | Step | Module |
//! |---|---|
//! | text to a tree of expressions with places | `syntax`, `hcl`, `json` |
//! | what a folder declares, and the modules it calls | `source`, `world` |
//! | `count` and `for_each` | `instances` |
//! | expressions, functions, references, blocks | `evaluate`, `loops`, `operators`, `functions`, `references`, `variables`, `attributes`, `body` |
//! | the provider's resources in the words the network is read by | `translate` |
//! | resources to the graph | `crate::read::network` |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use archgen_core::Loc;
use archgen_core::resource::ResourceId;

use crate::read::document::Syntax;
use crate::read::network;
pub use crate::read::{Reading, TemplateParameter, Unread};

mod attributes;
mod body;
mod evaluate;
mod functions;
mod hcl;
mod instances;
mod json;
mod loops;
mod operators;
mod references;
mod source;
mod syntax;
mod translate;
mod variables;
mod world;

#[cfg(test)]
mod tests;

/// A file of a module's folder.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Where it is: places name it, and the paths of called modules start from its folder. Files that
    /// Terraform does not read by itself are left out: it reads `*.tf`, `*.tf.json`, `terraform.tfvars`,
    /// `*.auto.tfvars`, and these two in JSON.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
}

/// The files of a folder with their paths.
pub type FolderFiles = Vec<(PathBuf, String)>;

/// What a module cannot say about itself.
pub struct Options<'a> {
    /// Values for its variables, as Terraform takes them on its command line; those not here have what
    /// `*.tfvars` files give them, or their defaults.
    pub parameters: BTreeMap<String, String>,
    /// Whether variables have their defaults; otherwise those without a value are not known.
    pub defaults: bool,
    /// The Region it is for, if that is known; else the provider's block may say it.
    pub region: Option<String>,
    /// The account it is for, if that is known.
    pub account_id: Option<String>,
    /// Gives the files of the folder of a called module, or says why there are none.
    pub load: &'a dyn Fn(&Path) -> Result<FolderFiles, String>,
    /// The names that resources have in the graph by their addresses; others have their addresses.
    pub names: BTreeMap<String, ResourceId>,
}

impl Default for Options<'_> {
    /// No parameters, no Region, no account, and no called modules.
    fn default() -> Self {
        Options {
            parameters: BTreeMap::new(),
            defaults: true,
            region: None,
            account_id: None,
            load: &|_| Err("called modules are not read here".to_string()),
            names: BTreeMap::new(),
        }
    }
}

/// Why a module cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A file is not in Terraform's language.
    #[error("{loc}: {message}")]
    Syntax {
        /// Where.
        loc: Loc,
        /// What is wrong.
        message: String,
    },
    /// A value was given for a variable that the module does not have.
    #[error("the module has no variable `{name}`: {help}")]
    NoSuchParameter {
        /// The variable.
        name: String,
        /// What may have been meant.
        help: String,
    },
    /// A value was given that the variable does not take.
    #[error("the variable `{name}` does not take `{value}`: {help}")]
    ParameterValue {
        /// The variable.
        name: String,
        /// The value.
        value: String,
        /// What it takes.
        help: String,
    },
}

impl From<Syntax> for Error {
    fn from(it: Syntax) -> Error {
        Error::Syntax { loc: it.loc, message: it.message }
    }
}

/// Reads a module: the files of its folder.
///
/// ```
/// use std::path::Path;
///
/// use archgen_targets::terraform::read::{Options, Source, read};
///
/// let text = r#"
/// variable "office" { type = string }
/// resource "aws_vpc" "network" { cidr_block = "10.0.0.0/16" }
/// resource "aws_subnet" "private" {
///   count      = 2
///   vpc_id     = aws_vpc.network.id
///   cidr_block = cidrsubnet(aws_vpc.network.cidr_block, 8, count.index)
/// }
/// resource "aws_security_group" "web" { vpc_id = aws_vpc.network.id }
/// resource "aws_vpc_security_group_ingress_rule" "office" {
///   security_group_id = aws_security_group.web.id
///   ip_protocol       = "tcp"
///   from_port         = 443
///   to_port           = 443
///   cidr_ipv4         = var.office
/// }
/// "#;
/// let source = Source { path: Path::new("main.tf"), text };
/// let reading = read(&[source], &Options::default())?;
/// assert_eq!(reading.graph.resources.len(), 5);
/// assert_eq!(
///     reading.unread[0].to_string(),
///     "main.tf:15:23: `aws_vpc_security_group_ingress_rule.office`: `cidr_ipv4` is not read: \
///      the variable `office` has no value"
/// );
/// # Ok::<(), archgen_targets::terraform::read::Error>(())
/// ```
///
/// # Errors
///
/// A file is not in Terraform's language, or a parameter that was given is not one of the module's.
pub fn read(files: &[Source<'_>], options: &Options<'_>) -> Result<Reading, Error> {
    let world = world::World::read(files, options)?;
    let parameters = variables::checked(&world)?;
    world.everything();
    let translated = translate::translate(&world);
    let notes = world.notes.take();
    let items = translated.items();
    let (graph, unread) = network::graph(&translated, &items, notes);
    Ok(Reading { graph, unread, parameters })
}
