//! From the tokens of a macro to a tree of values.
//!
//! Parsing never fails as a whole: a broken field breaks only itself, and reading goes on behind the
//! next comma.

use archgen_core::Loc;
use archgen_core::node::Comparison;
use proc_macro2::{Delimiter, Group, Ident, Literal, Spacing, TokenStream, TokenTree};
use quote::ToTokens;

use crate::report::Places;

/// The names of calls that belong to the language rather than to Rust.
const CALLS: &[&str] = &[
    "tcp", "udp", "icmp", "icmpv6", "allow", "deny", "metric", "concat", "tagged", "Public",
    "Email", "Https",
];

/// A value as written.
#[derive(Clone)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where it is.
    pub loc: Loc,
}

/// What a value is.
#[derive(Clone)]
pub enum ValueKind {
    /// `"text"`, `3`, `0.5`, `true`, with the token itself.
    Literal(TokenTree),
    /// `-3`.
    Negative(Literal),
    /// `512MB`: the number and the unit.
    Quantity(f64, String),
    /// `/24`.
    PrefixLength(u8),
    /// `[a, b]`.
    List(Vec<Value>),
    /// `{ name: value }`.
    Record(Vec<Field>),
    /// `key => value`.
    Pair(Box<Value>, Box<Value>),
    /// `a..=b`.
    Range { start: Option<Box<Value>>, end: Option<Box<Value>>, inclusive: bool },
    /// `name`: a bare name or a Rust variable.
    Name(Ident),
    /// `name.member`.
    Member(Ident, Ident, TokenStream),
    /// `tcp(80)`.
    Call(Ident, Vec<Value>),
    /// `Ec2 { … }`.
    Tagged(Ident, Vec<Field>),
    /// `Cpu > 70pct`.
    Compare(Box<Value>, Comparison, Box<Value>),
    /// `match scrutinee { pattern => value }`.
    Match(TokenStream, Vec<(TokenStream, Value)>),
    /// `if condition { value } else { value }`.
    If(TokenStream, Box<Value>, Box<Value>),
    /// Any other Rust expression.
    Rust(TokenStream),
    /// Not readable, and reported.
    Broken,
}

/// `name: value`.
#[derive(Clone)]
pub struct Field {
    /// The name's token.
    pub token: TokenTree,
    /// The name.
    pub name: String,
    /// Where the name is.
    pub loc: Loc,
    /// The value; none where only the name has been typed so far.
    pub value: Option<Value>,
    /// The keys of the tokens in the value: from the first to before the second.
    pub tokens: (u32, u32),
}

/// Reads `name: value, …`.
pub fn fields(tokens: TokenStream, places: &mut Places) -> Vec<Field> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let tokens = without_stray_commas(tokens, "a field", places);
    let mut all = Vec::new();
    for mut part in split_at_commas(&tokens) {
        while let Some(at) = missing_comma(part) {
            let (first, rest) = part.split_at(at);
            all.extend(field(first, places));
            let message = format!("expected `,` before `{}`", rest[0]);
            places.syntax_error(&rest[..1], &message);
            part = rest;
        }
        all.extend(field(part, places));
    }
    all
}

/// Where a second `name:` starts in what should be one field.
fn missing_comma(part: &[TokenTree]) -> Option<usize> {
    let single_colon = |at: usize| {
        is_punct(&part[at], ':')
            && matches!(&part[at], TokenTree::Punct(it) if it.spacing() == Spacing::Alone)
            && !is_punct(&part[at - 1], ':')
    };
    (3..part.len().saturating_sub(1)).find(|&at| {
        // Behind punctuation or `mut` it can be Rust, such as the parameter of a closure.
        let ends_a_value = match &part[at - 1] {
            TokenTree::Ident(it) => it != "mut" && it != "ref",
            TokenTree::Literal(_) | TokenTree::Group(_) => true,
            TokenTree::Punct(_) => false,
        };
        ends_a_value && matches!(part[at], TokenTree::Ident(_)) && single_colon(at + 1)
    })
}

/// The tokens without commas that have nothing before them; each is reported.
fn without_stray_commas(
    tokens: Vec<TokenTree>,
    expected: &str,
    places: &mut Places,
) -> Vec<TokenTree> {
    let mut all: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let stray = is_punct(&token, ',') && all.last().is_none_or(|it| is_punct(it, ','));
        if stray {
            places.syntax_error(&[token], &format!("expected {expected}, found `,`"));
        } else {
            all.push(token);
        }
    }
    all
}

/// The parts between commas; an empty last part is left out.
pub fn split_at_commas(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut parts: Vec<&[TokenTree]> = tokens.split(|it| is_punct(it, ',')).collect();
    if parts.last().is_some_and(|it| it.is_empty()) {
        parts.pop();
    }
    parts
}

/// Reads one `name: value`.
fn field(tokens: &[TokenTree], places: &mut Places) -> Option<Field> {
    let Some(first) = tokens.first() else {
        places.syntax_error_here("expected a field, found `,`");
        return None;
    };
    let name = match first {
        TokenTree::Ident(it) => it.to_string().trim_start_matches("r#").to_string(),
        TokenTree::Literal(it) => match string(it) {
            Some(it) => it,
            None => {
                places.syntax_error(tokens, "expected the name of a field");
                return None;
            }
        },
        TokenTree::Punct(_) | TokenTree::Group(_) => {
            places.syntax_error(tokens, "expected the name of a field");
            return None;
        }
    };
    let loc = places.loc(&tokens[..1]);
    let half_typed = |places: &mut Places| {
        let start = places.next();
        Some(Field {
            token: first.clone(),
            name: name.clone(),
            loc,
            value: None,
            tokens: (start, places.next()),
        })
    };
    match tokens.get(1) {
        Some(it) if is_punct(it, ':') && tokens.len() > 2 => {}
        Some(it) if is_punct(it, ':') => {
            places.syntax_error(&tokens[..1], &format!("`{name}:` has no value"));
            return half_typed(places);
        }
        Some(other) => {
            places.syntax_error(
                std::slice::from_ref(other),
                &format!("expected `:` and a value behind `{name}`"),
            );
            return half_typed(places);
        }
        None => {
            places.syntax_error(&tokens[..1], &format!("expected `:` and a value behind `{name}`"));
            return half_typed(places);
        }
    }
    let start = places.next();
    let value = value(&tokens[2..], places);
    Some(Field {
        token: first.clone(),
        name,
        loc,
        value: Some(value),
        tokens: (start, places.next()),
    })
}

/// Reads a value.
pub fn value(tokens: &[TokenTree], places: &mut Places) -> Value {
    let loc = places.loc(tokens);
    let kind = value_kind(tokens, places);
    Value { kind, loc }
}

fn value_kind(tokens: &[TokenTree], places: &mut Places) -> ValueKind {
    if let Some(at) = find(tokens, &['=', '>']) {
        if at == 0 || at + 2 >= tokens.len() {
            places.syntax_error(&tokens[at..at + 2], "a pair needs a value on both sides of `=>`");
            return ValueKind::Broken;
        }
        let key = value(&tokens[..at], places);
        return ValueKind::Pair(Box::new(key), Box::new(value(&tokens[at + 2..], places)));
    }
    match tokens {
        [] => {
            places.syntax_error_here("expected a value");
            ValueKind::Broken
        }
        [TokenTree::Literal(it)] => literal(it, tokens, places),
        [TokenTree::Ident(it)] if it == "true" || it == "false" => {
            ValueKind::Literal(tokens[0].clone())
        }
        [TokenTree::Ident(it)] => ValueKind::Name(it.clone()),
        [TokenTree::Punct(it), TokenTree::Literal(number)] if it.as_char() == '-' => {
            ValueKind::Negative(number.clone())
        }
        [slash, TokenTree::Literal(number)] if is_punct(slash, '/') => {
            match number.to_string().parse() {
                Ok(length) => ValueKind::PrefixLength(length),
                Err(_) => {
                    places.syntax_error(&tokens[1..], "expected a prefix length such as `/24`");
                    ValueKind::Broken
                }
            }
        }
        [TokenTree::Group(it)] if it.delimiter() == Delimiter::Bracket => {
            ValueKind::List(list(it, places))
        }
        [TokenTree::Group(it)] if it.delimiter() == Delimiter::Brace && !is_block(it) => {
            ValueKind::Record(fields(it.stream(), places))
        }
        [TokenTree::Group(it)] if it.delimiter() == Delimiter::Parenthesis => {
            let inner: Vec<TokenTree> = it.stream().into_iter().collect();
            value_kind(&inner, places)
        }
        [TokenTree::Ident(tag), TokenTree::Group(it)]
            if it.delimiter() == Delimiter::Brace && starts_upper(tag) =>
        {
            ValueKind::Tagged(tag.clone(), fields(it.stream(), places))
        }
        [TokenTree::Ident(name), TokenTree::Group(it)]
            if it.delimiter() == Delimiter::Parenthesis
                && CALLS.contains(&name.to_string().as_str()) =>
        {
            ValueKind::Call(name.clone(), list(it, places))
        }
        [TokenTree::Ident(name), dot, TokenTree::Ident(member)] if is_punct(dot, '.') => {
            ValueKind::Member(name.clone(), member.clone(), collect(tokens))
        }
        [TokenTree::Ident(it), ..] if it == "match" => match_value(tokens, places),
        [TokenTree::Ident(it), ..] if it == "if" => if_value(tokens, places),
        _ => compare(tokens, places)
            .or_else(|| range(tokens, places))
            .unwrap_or_else(|| rust(tokens, places)),
    }
}

/// The items of `[…]` or `(…)`.
fn list(group: &Group, places: &mut Places) -> Vec<Value> {
    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
    let inner = without_stray_commas(inner, "a value", places);
    split_at_commas(&inner).into_iter().map(|it| value(it, places)).collect()
}

/// `512MB`, `"text"`, `3`, `0.5`.
fn literal(it: &Literal, tokens: &[TokenTree], places: &mut Places) -> ValueKind {
    let text = it.to_string();
    if !text.starts_with(|it: char| it.is_ascii_digit()) {
        return if string(it).is_some() {
            ValueKind::Literal(TokenTree::Literal(it.clone()))
        } else {
            rust(tokens, places)
        };
    }
    if text.starts_with("0x") || text.starts_with("0b") || text.starts_with("0o") {
        return ValueKind::Literal(TokenTree::Literal(it.clone()));
    }
    let digits: String =
        text.chars().take_while(|it| it.is_ascii_digit() || *it == '.' || *it == '_').collect();
    let unit = text[digits.len()..].to_string();
    let rust_suffix = ["u8", "u16", "u32", "u64", "usize", "i8", "i16", "i32", "i64", "f64"];
    if unit.is_empty() || rust_suffix.contains(&unit.as_str()) {
        return ValueKind::Literal(TokenTree::Literal(it.clone()));
    }
    match digits.replace('_', "").parse() {
        Ok(number) => ValueKind::Quantity(number, unit),
        Err(_) => {
            places.syntax_error(tokens, "expected a number and a unit such as `512MB`");
            ValueKind::Broken
        }
    }
}

/// `Cpu > 70pct`: only behind a bare name or a call of the language.
fn compare(tokens: &[TokenTree], places: &mut Places) -> Option<ValueKind> {
    let left = match tokens {
        [TokenTree::Ident(name), rest @ ..] if starts_upper(name) && !rest.is_empty() => 1,
        [TokenTree::Ident(name), TokenTree::Group(_), ..]
            if CALLS.contains(&name.to_string().as_str()) =>
        {
            2
        }
        _ => return None,
    };
    let greater = match tokens.get(left)? {
        TokenTree::Punct(it) if it.as_char() == '>' => true,
        TokenTree::Punct(it) if it.as_char() == '<' => false,
        _ => return None,
    };
    let equal = tokens.get(left + 1).is_some_and(|it| is_punct(it, '='));
    let comparison = match (greater, equal) {
        (true, false) => Comparison::Greater,
        (true, true) => Comparison::GreaterOrEqual,
        (false, false) => Comparison::Less,
        (false, true) => Comparison::LessOrEqual,
    };
    let right = &tokens[left + 1 + usize::from(equal)..];
    let left = value(&tokens[..left], places);
    Some(ValueKind::Compare(Box::new(left), comparison, Box::new(value(right, places))))
}

/// `2..=10`.
fn range(tokens: &[TokenTree], places: &mut Places) -> Option<ValueKind> {
    let at = find(tokens, &['.', '.'])?;
    let inclusive = tokens.get(at + 2).is_some_and(|it| is_punct(it, '='));
    let (before, behind) = (&tokens[..at], &tokens[at + 2 + usize::from(inclusive)..]);
    let mut side = |it: &[TokenTree]| (!it.is_empty()).then(|| Box::new(value(it, places)));
    let start = side(before);
    let end = side(behind);
    Some(ValueKind::Range { start, end, inclusive })
}

/// `match env { Environment::Production => 2..=10, _ => 1 }`, with values of the language in the arms.
fn match_value(tokens: &[TokenTree], places: &mut Places) -> ValueKind {
    let Some((TokenTree::Group(body), scrutinee)) = tokens[1..].split_last() else {
        return rust(tokens, places);
    };
    let inner: Vec<TokenTree> = body.stream().into_iter().collect();
    let mut arms = Vec::new();
    let mut rest = inner.as_slice();
    while !rest.is_empty() {
        let Some(arrow) = find(rest, &['=', '>']) else { return rust(tokens, places) };
        let pattern = collect(&rest[..arrow]);
        let behind = &rest[arrow + 2..];
        // An arm ends at its comma; a block ends it without one.
        let end = match behind.first() {
            Some(TokenTree::Group(it)) if it.delimiter() == Delimiter::Brace => 1,
            _ => behind.iter().position(|it| is_punct(it, ',')).unwrap_or(behind.len()),
        };
        let arm = value(&behind[..end], places);
        arms.push((pattern, arm));
        rest = &behind[end..];
        if rest.first().is_some_and(|it| is_punct(it, ',')) {
            rest = &rest[1..];
        }
    }
    ValueKind::Match(collect(scrutinee), arms)
}

/// `if condition { value } else { value }`, with values of the language in the branches.
fn if_value(tokens: &[TokenTree], places: &mut Places) -> ValueKind {
    let is_brace =
        |it: &TokenTree| matches!(it, TokenTree::Group(it) if it.delimiter() == Delimiter::Brace);
    let Some(at) = tokens.iter().position(is_brace) else { return rust(tokens, places) };
    let (condition, then) = (&tokens[1..at], &tokens[at]);
    let behind = &tokens[at + 1..];
    let (Some(TokenTree::Ident(keyword)), TokenTree::Group(then)) = (behind.first(), then) else {
        return rust(tokens, places);
    };
    if keyword != "else" {
        return rust(tokens, places);
    }
    let inner: Vec<TokenTree> = then.stream().into_iter().collect();
    let then = value(&inner, places);
    let otherwise = match &behind[1..] {
        [TokenTree::Group(it)] => {
            let inner: Vec<TokenTree> = it.stream().into_iter().collect();
            value(&inner, places)
        }
        chain => value(chain, places),
    };
    ValueKind::If(collect(condition), Box::new(then), Box::new(otherwise))
}

/// Any other expression; it must at least be one.
fn rust(tokens: &[TokenTree], places: &mut Places) -> ValueKind {
    let stream = collect(tokens);
    match syn::parse2::<syn::Expr>(stream.clone()) {
        Ok(_) => ValueKind::Rust(stream),
        Err(error) => {
            places.syntax_error_at(error.span(), &format!("expected a value: {error}"));
            ValueKind::Broken
        }
    }
}

/// Whether `{ … }` is a Rust block rather than a record.
fn is_block(group: &Group) -> bool {
    group.stream().into_iter().any(|it| is_punct(&it, ';'))
}

/// The position of punctuation such as `=>` outside every bracket.
fn find(tokens: &[TokenTree], wanted: &[char]) -> Option<usize> {
    (0..tokens.len()).find(|&at| {
        wanted.iter().enumerate().all(|(offset, character)| match tokens.get(at + offset) {
            Some(TokenTree::Punct(it)) => {
                it.as_char() == *character
                    && (offset + 1 == wanted.len() || it.spacing() == Spacing::Joint)
            }
            _ => false,
        })
    })
}

/// Whether a token is this punctuation.
pub fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(it) if it.as_char() == character)
}

/// Whether a name starts with a capital.
pub fn starts_upper(name: &Ident) -> bool {
    name.to_string().starts_with(|it: char| it.is_ascii_uppercase())
}

/// The characters of a string literal.
pub fn string(literal: &Literal) -> Option<String> {
    let parsed: syn::LitStr = syn::parse2(literal.to_token_stream()).ok()?;
    Some(parsed.value())
}

/// Tokens as a stream.
pub fn collect(tokens: &[TokenTree]) -> TokenStream {
    tokens.iter().cloned().collect()
}
