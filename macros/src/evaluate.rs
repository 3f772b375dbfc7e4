//! What the macros can see of a value, for one environment.
//!
//! Literals, earlier names, `match env` and `if env == …` are evaluated; everything else is unknown,
//! and stays unknown: nothing is guessed.

use archgen_core::declare::{Kind, RawDeclaration};
use archgen_core::field::Word;
use archgen_core::node::{Entry, Node, NodeKind, Reference};
use archgen_core::{Environment, Loc};
use proc_macro2::{TokenStream, TokenTree};
use syn::{BinOp, Expr, Lit, Pat, UnOp};

use crate::parse::{Field, Value, ValueKind, starts_upper, string};

/// Bare names in lower case that belong to the language.
const LANGUAGE_WORDS: &[&str] = &["internet", "itself", "all", "tcp", "udp", "icmp", "icmpv6"];

/// What a name is bound to.
#[derive(Clone)]
pub enum Binding {
    /// A declaration.
    Declaration(Kind, String),
    /// A value.
    Value(Node),
    /// Something that only runs at build time.
    Unknown,
}

/// The names that can be seen, and the environment.
#[derive(Clone)]
pub struct Scope {
    environment: Option<Environment>,
    environment_name: String,
    bindings: Vec<(String, Binding)>,
}

impl Scope {
    /// A scope in which nothing is known.
    pub fn empty() -> Scope {
        Scope { environment: None, environment_name: String::new(), bindings: Vec::new() }
    }

    /// The scope of a function whose parameter `name` is the environment.
    pub fn of(environment: Environment, name: &str) -> Scope {
        Scope {
            environment: Some(environment),
            environment_name: name.to_string(),
            bindings: Vec::new(),
        }
    }

    /// Binds a name.
    pub fn bind(&mut self, name: &str, binding: Binding) {
        self.bindings.push((name.to_string(), binding));
    }

    fn lookup(&self, name: &str) -> Option<&Binding> {
        self.bindings.iter().rev().find(|(it, _)| it == name).map(|(_, it)| it)
    }
}

/// What a bare name stands for.
pub enum Name {
    /// A variant of an enum that the field knows.
    Variant(&'static str),
    /// A word of the language, or one that is wrong.
    Word,
    /// A Rust name.
    Rust,
}

/// What a bare name stands for in a field with these words.
pub fn classify(name: &str, words: &[Word]) -> Name {
    if let Some(word) = words.iter().find(|it| it.name == name) {
        return Name::Variant(word.of);
    }
    let camel_case = name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.contains(|it: char| it.is_ascii_lowercase());
    if LANGUAGE_WORDS.contains(&name) || camel_case { Name::Word } else { Name::Rust }
}

/// The bare names that may stand in a field.
pub fn words_of(kind: Kind, field: &str) -> Vec<Word> {
    let mut words = Vec::new();
    if let Some(info) = kind.fields().iter().find(|it| it.name == field) {
        (info.words)(&mut words);
    }
    words
}

/// A declaration as far as it can be seen.
pub fn declaration(
    kind: Kind,
    name: &str,
    name_loc: Loc,
    macro_loc: Loc,
    fields: &[Field],
    scope: &Scope,
) -> RawDeclaration {
    let mut raw = RawDeclaration::new(kind, name.to_string(), name_loc);
    raw.macro_loc = macro_loc;
    for field in fields {
        // A name that is still being typed has been reported; it is not a wrong one yet.
        let half_typed =
            field.value.is_none() && !kind.fields().iter().any(|it| it.name == field.name);
        if field.name == "name" || half_typed {
            continue;
        }
        let node = match &field.value {
            Some(it) => value(it, &words_of(kind, &field.name), scope),
            None => Node::new(NodeKind::Invalid, field.loc),
        };
        raw.push(&field.name, field.loc, node);
    }
    raw
}

/// A value as far as it can be seen.
pub fn value(it: &Value, words: &[Word], scope: &Scope) -> Node {
    let child = |it: &Value| value(it, words, scope);
    let boxed = |it: &Value| Box::new(child(it));
    let kind = match &it.kind {
        ValueKind::Literal(token) => literal(token),
        ValueKind::Negative(number) => match number.to_string().parse::<i128>() {
            Ok(it) => NodeKind::Integer(-it),
            Err(_) => NodeKind::Unknown,
        },
        ValueKind::Quantity(number, unit) => NodeKind::Quantity(*number, unit.clone()),
        ValueKind::PrefixLength(length) => NodeKind::PrefixLength(*length),
        ValueKind::List(items) => NodeKind::List(items.iter().map(child).collect()),
        ValueKind::Record(fields) => NodeKind::Record(entries(fields, words, scope)),
        ValueKind::Pair(key, value) => NodeKind::Pair(boxed(key), boxed(value)),
        ValueKind::Range { start, end, inclusive } => NodeKind::Range {
            start: start.as_deref().map(boxed),
            end: end.as_deref().map(boxed),
            inclusive: *inclusive,
        },
        ValueKind::Name(name) => named(&name.to_string(), it.loc, words, scope),
        ValueKind::Member(name, member, _) => match scope.lookup(&name.to_string()) {
            Some(Binding::Declaration(kind, name)) => NodeKind::Reference(Reference {
                kind: *kind,
                name: name.clone(),
                member: Some(member.to_string()),
            }),
            Some(Binding::Value(_) | Binding::Unknown) | None => NodeKind::Unknown,
        },
        ValueKind::Call(name, arguments) => {
            NodeKind::Call(name.to_string(), arguments.iter().map(child).collect())
        }
        ValueKind::Tagged(tag, fields) => {
            NodeKind::Tagged(tag.to_string(), entries(fields, words, scope))
        }
        ValueKind::Compare(left, comparison, right) => {
            NodeKind::Compare(boxed(left), *comparison, boxed(right))
        }
        ValueKind::Match(scrutinee, arms) => return arm(it.loc, scrutinee, arms, words, scope),
        ValueKind::If(condition, then, otherwise) => match boolean_tokens(condition, scope) {
            Some(true) => return child(then),
            Some(false) => return child(otherwise),
            None => NodeKind::Unknown,
        },
        ValueKind::Rust(tokens) => match syn::parse2::<Expr>(tokens.clone()) {
            Ok(expression) => return expr(&expression, it.loc, words, scope),
            Err(_) => NodeKind::Unknown,
        },
        ValueKind::Broken => NodeKind::Invalid,
    };
    Node::new(kind, it.loc)
}

fn entries(fields: &[Field], words: &[Word], scope: &Scope) -> Vec<Entry> {
    fields
        .iter()
        .map(|field| Entry {
            name: field.name.clone(),
            loc: field.loc,
            value: match &field.value {
                Some(it) => value(it, words, scope),
                None => Node::new(NodeKind::Invalid, field.loc),
            },
        })
        .collect()
}

/// A bare name.
fn named(name: &str, loc: Loc, words: &[Word], scope: &Scope) -> NodeKind {
    match classify(name, words) {
        Name::Variant(_) => NodeKind::Word(name.to_string()),
        Name::Word if scope.lookup(name).is_none() => NodeKind::Word(name.to_string()),
        Name::Word | Name::Rust => match scope.lookup(name) {
            Some(Binding::Declaration(kind, name)) => {
                NodeKind::Reference(Reference { kind: *kind, name: name.clone(), member: None })
            }
            Some(Binding::Value(node)) => Node::new(node.kind.clone(), loc).kind,
            Some(Binding::Unknown) | None => NodeKind::Unknown,
        },
    }
}

/// `"text"`, `3`, `0.5`, `true`.
fn literal(token: &TokenTree) -> NodeKind {
    match token {
        TokenTree::Ident(it) => NodeKind::Bool(it == "true"),
        TokenTree::Literal(it) => {
            if let Some(text) = string(it) {
                return NodeKind::Text(text);
            }
            match syn::parse_str::<Lit>(&it.to_string()) {
                Ok(Lit::Int(it)) => it.base10_parse().map_or(NodeKind::Unknown, NodeKind::Integer),
                Ok(Lit::Float(it)) => it.base10_parse().map_or(NodeKind::Unknown, NodeKind::Float),
                Ok(_) | Err(_) => NodeKind::Unknown,
            }
        }
        TokenTree::Group(_) | TokenTree::Punct(_) => NodeKind::Unknown,
    }
}

/// The arm of a `match` that is taken.
fn arm(
    loc: Loc,
    scrutinee: &TokenStream,
    arms: &[(TokenStream, Value)],
    words: &[Word],
    scope: &Scope,
) -> Node {
    let unknown = Node::new(NodeKind::Unknown, loc);
    let Ok(scrutinee) = syn::parse2::<Expr>(scrutinee.clone()) else { return unknown };
    if !is_environment(&scrutinee, scope) {
        return unknown;
    }
    for (pattern, arm) in arms {
        match matches_environment(pattern, scope) {
            Some(true) => return value(arm, words, scope),
            Some(false) => {}
            None => return unknown,
        }
    }
    unknown
}

/// Whether an expression is the function's environment.
fn is_environment(expression: &Expr, scope: &Scope) -> bool {
    match expression {
        Expr::Path(it) => it.path.is_ident(&scope.environment_name),
        Expr::Paren(it) => is_environment(&it.expr, scope),
        _ => false,
    }
}

/// Whether the environment matches a pattern such as `Environment::Production | Environment::Staging`.
fn matches_environment(pattern: &TokenStream, scope: &Scope) -> Option<bool> {
    let parser = Pat::parse_multi_with_leading_vert;
    let pattern = syn::parse::Parser::parse2(parser, pattern.clone()).ok()?;
    pattern_matches(&pattern, scope.environment?)
}

fn pattern_matches(pattern: &Pat, environment: Environment) -> Option<bool> {
    match pattern {
        Pat::Wild(_) => Some(true),
        Pat::Path(it) => variant(&it.path).map(|it| it == environment),
        Pat::Ident(it) => {
            let name = it.ident.to_string();
            Environment::ALL.iter().find(|it| it.variant() == name).map(|it| *it == environment)
        }
        Pat::Or(it) => {
            let mut any = false;
            for case in &it.cases {
                any |= pattern_matches(case, environment)?;
            }
            Some(any)
        }
        Pat::Paren(it) => pattern_matches(&it.pat, environment),
        _ => None,
    }
}

/// The environment that a path such as `Environment::Production` names.
fn variant(path: &syn::Path) -> Option<Environment> {
    let last = path.segments.last()?.ident.to_string();
    Environment::ALL.iter().copied().find(|it| it.variant() == last)
}

/// The value of a condition.
pub fn boolean_tokens(tokens: &TokenStream, scope: &Scope) -> Option<bool> {
    boolean(&syn::parse2(tokens.clone()).ok()?, scope)
}

/// The value of a condition.
pub fn boolean(expression: &Expr, scope: &Scope) -> Option<bool> {
    match expression {
        Expr::Lit(it) => match &it.lit {
            Lit::Bool(it) => Some(it.value),
            _ => None,
        },
        Expr::Paren(it) => boolean(&it.expr, scope),
        Expr::Group(it) => boolean(&it.expr, scope),
        Expr::Unary(it) if matches!(it.op, UnOp::Not(_)) => boolean(&it.expr, scope).map(|it| !it),
        Expr::Path(it) => match scope.lookup(&it.path.get_ident()?.to_string())? {
            Binding::Value(Node { kind: NodeKind::Bool(it), .. }) => Some(*it),
            Binding::Value(_) | Binding::Declaration(..) | Binding::Unknown => None,
        },
        Expr::Binary(it) => match it.op {
            BinOp::And(_) => match (boolean(&it.left, scope), boolean(&it.right, scope)) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                (Some(true) | None, _) => None,
            },
            BinOp::Or(_) => match (boolean(&it.left, scope), boolean(&it.right, scope)) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                (Some(false) | None, _) => None,
            },
            BinOp::Eq(_) => is_variant(&it.left, &it.right, scope),
            BinOp::Ne(_) => is_variant(&it.left, &it.right, scope).map(|it| !it),
            _ => None,
        },
        Expr::Macro(it) if it.mac.path.is_ident("matches") => {
            let tokens: Vec<TokenTree> = it.mac.tokens.clone().into_iter().collect();
            let comma = tokens.iter().position(|it| crate::parse::is_punct(it, ','))?;
            let scrutinee: Expr = syn::parse2(crate::parse::collect(&tokens[..comma])).ok()?;
            if !is_environment(&scrutinee, scope) {
                return None;
            }
            matches_environment(&crate::parse::collect(&tokens[comma + 1..]), scope)
        }
        _ => None,
    }
}

/// `env == Environment::Production`, either way round.
fn is_variant(left: &Expr, right: &Expr, scope: &Scope) -> Option<bool> {
    let (environment, other) =
        if is_environment(left, scope) { (left, right) } else { (right, left) };
    if !is_environment(environment, scope) {
        return None;
    }
    let Expr::Path(path) = other else { return None };
    Some(variant(&path.path)? == scope.environment?)
}

/// A Rust expression.
fn expr(expression: &Expr, loc: Loc, words: &[Word], scope: &Scope) -> Node {
    let unknown = Node::new(NodeKind::Unknown, loc);
    match expression {
        Expr::Paren(it) => expr(&it.expr, loc, words, scope),
        Expr::Reference(it) => expr(&it.expr, loc, words, scope),
        Expr::Path(it) => {
            let segments: Vec<_> = it.path.segments.iter().map(|it| &it.ident).collect();
            match segments.as_slice() {
                [name] => Node::new(named(&name.to_string(), loc, words, scope), loc),
                [.., of, variant]
                    if starts_upper(variant)
                        && words.iter().any(|it| *of == it.of && *variant == it.name) =>
                {
                    Node::new(NodeKind::Word(variant.to_string()), loc)
                }
                _ => unknown,
            }
        }
        Expr::MethodCall(it)
            if it.args.is_empty()
                && ["to_string", "clone", "into"].contains(&it.method.to_string().as_str()) =>
        {
            expr(&it.receiver, loc, words, scope)
        }
        Expr::Lit(it) => match &it.lit {
            Lit::Str(text) => Node::new(NodeKind::Text(text.value()), loc),
            Lit::Bool(it) => Node::new(NodeKind::Bool(it.value), loc),
            Lit::Int(it) => match it.base10_parse() {
                Ok(it) => Node::new(NodeKind::Integer(it), loc),
                Err(_) => unknown,
            },
            _ => unknown,
        },
        Expr::Macro(it) if it.mac.path.is_ident("format") => {
            match formatted(&it.mac.tokens, scope) {
                Some(text) => Node::new(NodeKind::Text(text), loc),
                None => unknown,
            }
        }
        Expr::Binary(_) | Expr::Unary(_) | Expr::Macro(_) => match boolean(expression, scope) {
            Some(it) => Node::new(NodeKind::Bool(it), loc),
            None => unknown,
        },
        _ => unknown,
    }
}

/// `format!("kinexus-{env}")`: text with names that can be seen, and nothing else.
fn formatted(tokens: &TokenStream, scope: &Scope) -> Option<String> {
    let pattern = syn::parse2::<syn::LitStr>(tokens.clone()).ok()?.value();
    let mut text = String::new();
    let mut rest = pattern.as_str();
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..];
        if brace.starts_with("{{") || brace.starts_with("}}") {
            text.push_str(&brace[..1]);
            rest = &brace[2..];
            continue;
        }
        let end = brace.strip_prefix('{')?.find('}')?;
        let name = &brace[1..=end];
        if name == scope.environment_name {
            text.push_str(scope.environment?.as_str());
        } else {
            match scope.lookup(name)? {
                Binding::Value(node) => match (node.as_text(), node.as_integer()) {
                    (Some(it), _) => text.push_str(it),
                    (None, Some(it)) => text.push_str(&it.to_string()),
                    (None, None) => return None,
                },
                Binding::Declaration(..) | Binding::Unknown => return None,
            }
        }
        rest = &brace[end + 2..];
    }
    text.push_str(rest);
    Some(text)
}
