//! What the readers of templates share: values that need not be known, the documents they stand in,
//! and how resources become the network part of a [`ResourceGraph`].

use archgen_core::Loc;
use archgen_core::resource::ResourceGraph;

pub(crate) mod cidr;
pub(crate) mod data;
pub(crate) mod document;
pub(crate) mod network;
pub(crate) mod place;
pub(crate) mod text;

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

/// A parameter of a template that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateParameter {
    /// Its name.
    pub name: String,
    /// Its type, such as `String` or `AWS::EC2::VPC::Id`; of a Terraform variable, as it is written.
    pub kind: String,
    /// The value it was read with: what was given, else its default; none if there is neither.
    pub value: Option<String>,
    /// Where it is declared.
    pub loc: Loc,
}

/// Something of a template that was not read, or not wholly: the graph says *unknown* there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unread {
    /// Its place.
    pub loc: Loc,
    /// The resource's logical ID, behind those of the nested stacks it is in, or its Terraform address;
    /// empty outside resources.
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
