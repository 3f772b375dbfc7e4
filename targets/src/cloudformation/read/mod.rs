//! Reads the network part of any CloudFormation template, JSON or YAML, into a
//! [`ResourceGraph`](archgen_core::resource::ResourceGraph).
//!
//! Nothing is guessed: what cannot be resolved is unknown in the graph and listed in
//! [`Reading::unread`]. Nothing panics, whatever the text is, and nothing here does I/O: nested
//! templates come through [`Options::load`].
//!
//! | Step | Module |
//! |---|---|
//! | text to a tree of values with places | `crate::read::document` |
//! | the template and those nested in it | `stack` |
//! | parameters, conditions, intrinsic functions | `parameters`, `conditions`, `evaluate`, `attributes`, `text`, `cidr` |
//! | resources to the graph | `items`, `crate::read::network` |
//! | roles, secrets, rules and what else keeps tenants apart | `tenancy` |

use std::collections::BTreeMap;
use std::path::Path;

use archgen_core::Loc;

use crate::read::document::Syntax;
use crate::read::network;
pub use crate::read::{Reading, TemplateParameter, Unread};

mod attributes;
mod cidr;
mod conditions;
mod evaluate;
mod items;
mod parameters;
mod stack;
mod tenancy;
mod text;

pub use tenancy::{Tenants, tenants};

#[cfg(test)]
mod tests;

/// A template to read.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Where it is: places name it, and the paths of nested templates start from its folder.
    pub path: &'a Path,
    /// Its text.
    pub text: &'a str,
}

/// What a template cannot say about itself.
pub struct Options<'a> {
    /// Values for its parameters; those not here have their defaults.
    pub parameters: BTreeMap<String, String>,
    /// Whether parameters have their defaults; otherwise those without a value are not known.
    pub defaults: bool,
    /// The Region it is for, if that is known.
    pub region: Option<String>,
    /// The account it is for, if that is known.
    pub account_id: Option<String>,
    /// Gives the text of a nested template, or says why there is none.
    pub load: &'a dyn Fn(&Path) -> Result<String, String>,
}

impl Default for Options<'_> {
    /// No parameters, no Region, no account, and no nested templates.
    fn default() -> Self {
        Options {
            parameters: BTreeMap::new(),
            defaults: true,
            region: None,
            account_id: None,
            load: &|_| Err("nested templates are not read here".to_string()),
        }
    }
}

/// Why a template cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The text is neither JSON nor YAML, or not one document.
    #[error("{loc}: {message}")]
    Syntax {
        /// Where.
        loc: Loc,
        /// What is wrong.
        message: String,
    },
    /// The document is no template.
    #[error("{loc}: {message}")]
    NotATemplate {
        /// Where.
        loc: Loc,
        /// What is wrong.
        message: String,
    },
    /// A value was given for a parameter that the template does not have.
    #[error("the template has no parameter `{name}`: {help}")]
    NoSuchParameter {
        /// The parameter.
        name: String,
        /// What may have been meant.
        help: String,
    },
    /// A value was given that the parameter does not take.
    #[error("the parameter `{name}` does not take `{value}`: {help}")]
    ParameterValue {
        /// The parameter.
        name: String,
        /// The value.
        value: String,
        /// What it takes.
        help: String,
    },
}

impl From<Syntax> for ReadError {
    fn from(it: Syntax) -> ReadError {
        ReadError::Syntax { loc: it.loc, message: it.message }
    }
}

/// Reads a template.
///
/// ```
/// use std::path::Path;
///
/// use archgen_targets::cloudformation::read::{Options, Source, read};
///
/// let text = r#"
/// Parameters:
///   Office: {Type: String}
/// Resources:
///   Network:
///     Type: AWS::EC2::VPC
///     Properties: {CidrBlock: 10.0.0.0/16}
///   Group:
///     Type: AWS::EC2::SecurityGroup
///     Properties:
///       GroupDescription: the office
///       VpcId: !Ref Network
///       SecurityGroupIngress:
///         - {IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref Office}
/// "#;
/// let source = Source { path: Path::new("template.yaml"), text };
/// let reading = read(&source, &Options::default())?;
/// assert_eq!(reading.graph.resources.len(), 3);
/// assert_eq!(
///     reading.unread[0].to_string(),
///     "template.yaml:14:65: `Group`: `CidrIp` is not read: the parameter `Office` has no value"
/// );
/// # Ok::<(), archgen_targets::cloudformation::read::ReadError>(())
/// ```
///
/// # Errors
///
/// The text is no template, or a parameter that was given is not one of it.
pub fn read(source: &Source<'_>, options: &Options<'_>) -> Result<Reading, ReadError> {
    read_all(std::slice::from_ref(source), options)
}

/// Reads the templates of stacks that are deployed side by side as one: what one exports is what another
/// imports, and a parameter has the same value wherever it is.
///
/// A resource is called by its logical ID; where two templates have the same, by the template's too: `edge.Network`.
///
/// # Errors
///
/// As [`read`].
pub fn read_all(sources: &[Source<'_>], options: &Options<'_>) -> Result<Reading, ReadError> {
    let mut notes = network::Notes::new();
    let stacks = stack::Stacks::read(sources, options, &mut notes)?;
    let parameters = parameters::checked(&stacks)?;
    items::transforms(&stacks, &mut notes);
    let items = items::items(&stacks);
    let (graph, unread) = network::graph(&stacks, &items, notes);
    Ok(Reading { graph, unread, parameters })
}
