//! Reads the network part of any CloudFormation template, JSON or YAML, into a [`ResourceGraph`].
//!
//! Nothing is guessed: what cannot be resolved is unknown in the graph and listed in
//! [`Reading::unread`]. Nothing panics, whatever the text is, and nothing here does I/O: nested
//! templates come through [`Options::load`].
//!
//! | Step | Module |
//! |---|---|
//! | text to a tree of values with places | `document` |
//! | the template and those nested in it | `stack` |
//! | parameters, conditions, intrinsic functions | `parameters`, `conditions`, `evaluate`, `attributes`, `text`, `cidr` |
//! | resources to the graph | `network` |

use std::collections::BTreeMap;
use std::path::Path;

use archgen_core::Loc;
use archgen_core::resource::ResourceGraph;

mod attributes;
mod cidr;
mod conditions;
mod data;
mod document;
mod evaluate;
mod network;
mod parameters;
mod place;
mod stack;
mod text;

pub use parameters::TemplateParameter;

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

/// What a template says of the network.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The network part.
    pub graph: ResourceGraph,
    /// What was not read, in the order of the template.
    pub unread: Vec<Unread>,
    /// The parameters with the values it was read with.
    pub parameters: Vec<TemplateParameter>,
}

/// Something of a template that was not read, or not wholly: the graph says *unknown* there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Its place.
    pub loc: Loc,
    /// The resource's logical ID, behind those of the nested stacks it is in; empty outside resources.
    pub logical_id: String,
    /// What it is: a type or a property.
    pub what: String,
    /// Why it was not read.
    pub why: String,
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: ", self.loc)?;
        if !self.logical_id.is_empty() {
            write!(f, "`{}`: ", self.logical_id)?;
        }
        write!(f, "`{}` is not read: {}", self.what, self.why)
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
    let mut notes = stack::Notes::new();
    let stacks = stack::Stacks::read(source.path, source.text, options, &mut notes)?;
    let parameters = parameters::checked(&stacks)?;
    let (graph, unread) = network::graph(&stacks, notes);
    Ok(Reading { graph, unread, parameters })
}
