//! Terraform's language as a tree, the same for its native and its JSON syntax.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions>

use archgen_core::Loc;

/// An expression with its place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Expr {
    /// Where it stands.
    pub(super) loc: Loc,
    /// What it is.
    pub(super) kind: ExprKind,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExprKind {
    /// Nothing given.
    Null,
    /// Truth.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// Text without parts to evaluate.
    Text(String),
    /// Text with parts to evaluate.
    Template(Vec<Piece>),
    /// Values in order.
    List(Vec<Expr>),
    /// Values by name; names are expressions too.
    Object(Vec<(Expr, Expr)>),
    /// The first word of a reference.
    Name(String),
    /// `of.name`.
    Attribute(Box<Expr>, String),
    /// `of[key]`.
    Index(Box<Expr>, Box<Expr>),
    /// `of[*]` with what is taken of each.
    Splat(Box<Expr>, Vec<Step>),
    /// `!of`.
    Not(Box<Expr>),
    /// `-of`.
    Negative(Box<Expr>),
    /// Two values and what is made of them.
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `condition ? yes : no`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// A function with its arguments; whether the last one is a list of further ones.
    Call(String, Vec<Expr>, bool),
    /// A list or map made out of another.
    For(Box<For>),
    /// What cannot be read, and why.
    Wrong(String),
}

/// What is taken of each element of a splat.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// `.name`.
    Attribute(String),
    /// `[key]`.
    Index(Expr),
}

/// A part of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Piece {
    /// Itself.
    Text(String),
    /// `${…}`.
    Value(Expr),
    /// `%{ if … }…%{ else }…%{ endif }`.
    If(Expr, Vec<Piece>, Vec<Piece>),
    /// `%{ for … }…%{ endfor }`.
    For {
        /// The name of the key, if it has one.
        key: Option<String>,
        /// The name of the value.
        value: String,
        /// What it goes over.
        over: Expr,
        /// What is made of each.
        each: Vec<Piece>,
    },
}

/// `[for …]` or `{for …}`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct For {
    /// The name of the key, if it has one.
    pub(super) key: Option<String>,
    /// The name of the value.
    pub(super) value: String,
    /// What it goes over.
    pub(super) over: Expr,
    /// The key of each; none makes a list.
    pub(super) to_key: Option<Expr>,
    /// The value of each.
    pub(super) to: Expr,
    /// Which ones.
    pub(super) only: Option<Expr>,
    /// Whether equal keys gather their values in lists.
    pub(super) grouped: bool,
}

/// What is made of two values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `<`
    Less,
    /// `>`
    More,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
    /// `%`
    Rest,
    /// `&&`
    And,
    /// `||`
    Or,
}

/// Arguments and blocks, in the order written.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Body {
    /// They.
    pub(super) entries: Vec<Entry>,
}

/// An argument or block.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// Its name.
    pub(super) name: String,
    /// Where the name stands.
    pub(super) loc: Loc,
    /// What it is.
    pub(super) part: Part,
}

/// What stands under a name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    /// A value. In JSON blocks are values too.
    Value(Expr),
    /// A block: its labels and what is in it.
    Block(Vec<String>, Body),
    /// Blocks made out of a value.
    Dynamic(Box<Dynamic>),
}

/// `dynamic "name" { … }`
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dynamic {
    /// What it goes over.
    pub(super) over: Option<Expr>,
    /// What an element is called in it; else it is the block's name.
    pub(super) iterator: Option<String>,
    /// What is in each block.
    pub(super) content: Body,
}

impl Expr {
    /// An expression.
    pub(super) fn new(loc: Loc, kind: ExprKind) -> Expr {
        Expr { loc, kind }
    }

    /// What a function of this name is called with.
    pub(super) fn called(&self, function: &str) -> Option<&[Expr]> {
        if let ExprKind::Call(name, arguments, false) = &self.kind
            && name == function
        {
            Some(arguments)
        } else {
            None
        }
    }

    /// A bare word, or one in quotes.
    pub(super) fn word(&self) -> Option<&str> {
        if let ExprKind::Name(it) | ExprKind::Text(it) = &self.kind { Some(it) } else { None }
    }

    /// Text without parts to evaluate.
    pub(super) fn text(&self) -> Option<&str> {
        if let ExprKind::Text(it) = &self.kind { Some(it) } else { None }
    }
}

impl Body {
    /// The value of an argument.
    pub(super) fn value(&self, name: &str) -> Option<&Expr> {
        self.entries
            .iter()
            .find(|it| it.name == name)
            .and_then(|it| if let Part::Value(value) = &it.part { Some(value) } else { None })
    }

    /// Whether anything stands under a name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|it| it.name == name)
    }

    /// How many expressions it holds, about.
    pub(super) fn count(&self) -> u64 {
        self.entries
            .iter()
            .map(|it| match &it.part {
                Part::Value(it) => count(it),
                Part::Block(_, it) => 1 + it.count(),
                Part::Dynamic(it) => 2 + it.content.count(),
            })
            .sum()
    }
}

fn count(it: &Expr) -> u64 {
    1 + match &it.kind {
        ExprKind::List(items) | ExprKind::Call(_, items, _) => items.iter().map(count).sum(),
        ExprKind::Object(entries) => entries.iter().map(|it| count(&it.1)).sum(),
        ExprKind::Null
        | ExprKind::Bool(_)
        | ExprKind::Number(_)
        | ExprKind::Text(_)
        | ExprKind::Template(_)
        | ExprKind::Name(_)
        | ExprKind::Attribute(..)
        | ExprKind::Index(..)
        | ExprKind::Splat(..)
        | ExprKind::Not(_)
        | ExprKind::Negative(_)
        | ExprKind::Binary(..)
        | ExprKind::If(..)
        | ExprKind::For(_)
        | ExprKind::Wrong(_) => 1,
    }
}
