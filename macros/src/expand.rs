//! From the tree of values to the Rust code that builds the same at run time.

use archgen_core::check::diagnose;
use archgen_core::declare::Kind;
use archgen_core::field::Word;
use archgen_core::{Architecture, Code, Diagnostic, Environment, Loc};
use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};

use crate::evaluate::{self, Name, Scope, classify, words_of};
use crate::parse::{self, Field, Value, ValueKind, is_punct, split_at_commas};
use crate::report::{Places, numbers};

/// What `#[architecture]` puts in front of the tokens of a macro: `@network [0, 2];`.
///
/// It means that the macro has been checked; the fields at the positions in brackets are wrong, and must
/// not be wrong again for rustc. Positions and not names: an editor that completes a name must find it
/// once.
#[derive(Default)]
pub struct Header {
    /// The name of the binding; none for statements.
    pub name: Option<Ident>,
    /// The positions of the fields that were reported.
    pub poisoned: Vec<usize>,
}

/// Reads the header, if there is one, and gives the rest.
fn header(tokens: Vec<TokenTree>) -> (Option<Header>, Vec<TokenTree>) {
    match tokens.as_slice() {
        [at, TokenTree::Ident(name), TokenTree::Group(poisoned), end, ..]
            if is_punct(at, '@') && is_punct(end, ';') =>
        {
            let name = (name != "__statement").then(|| name.clone());
            let poisoned = poisoned
                .stream()
                .into_iter()
                .filter_map(|it| match it {
                    TokenTree::Literal(it) => it.to_string().parse().ok(),
                    TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Ident(_) => None,
                })
                .collect();
            (Some(Header { name, poisoned }), tokens[4..].to_vec())
        }
        _ => (None, tokens),
    }
}

/// The fields of a macro: `name: value, …`, or `a => b, c: tcp(1)` for connections.
pub fn fields(kind: Kind, tokens: TokenStream, places: &mut Places) -> Vec<Field> {
    if kind.is_named() { parse::fields(tokens, places) } else { flow(tokens, places) }
}

/// Reads `a, b => c, internet: tcp(443)` into the fields `from` and `to`.
fn flow(tokens: TokenStream, places: &mut Places) -> Vec<Field> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let parts = split_at_commas(&tokens);
    let arrow_in = |part: &[TokenTree]| {
        part.windows(2).position(|it| is_punct(&it[0], '=') && is_punct(&it[1], '>'))
    };
    let split = parts.iter().position(|it| arrow_in(it).is_some());
    let Some((at, arrow)) = split.and_then(|at| Some((at, arrow_in(parts[at])?))) else {
        places.syntax_error(&tokens, "expected `from => to`");
        // Both fields are there, so that nobody misses them as well.
        return ["from", "to"].map(unreadable).into();
    };
    let synthetic = |name: &str, values: Vec<Value>, start: u32, places: &mut Places| {
        let loc = values.first().map_or(Loc::NONE, |it| it.loc);
        Field {
            token: TokenTree::Ident(Ident::new(name, Span::mixed_site())),
            name: name.to_string(),
            loc,
            value: Some(Value { kind: ValueKind::List(values), loc }),
            tokens: (start, places.next()),
        }
    };
    let start = places.next();
    let mut from: Vec<Value> = parts[..at].iter().map(|it| parse::value(it, places)).collect();
    from.push(parse::value(&parts[at][..arrow], places));
    let from = synthetic("from", from, start, places);
    let start = places.next();
    let mut to: Vec<Value> = Vec::new();
    for part in std::iter::once(&parts[at][arrow + 2..]).chain(parts[at + 1..].iter().copied()) {
        let target = flow_target(part, to.last(), places);
        to.push(target);
    }
    let to = synthetic("to", to, start, places);
    vec![from, to]
}

/// A field that could not be read.
fn unreadable(name: &str) -> Field {
    Field {
        token: TokenTree::Ident(Ident::new(name, Span::mixed_site())),
        name: name.to_string(),
        loc: Loc::NONE,
        value: None,
        tokens: (0, 0),
    }
}

/// `peer`, `peer: ports`, or further ports for the peer before.
fn flow_target(part: &[TokenTree], before: Option<&Value>, places: &mut Places) -> Value {
    let colon = (0..part.len()).find(|&at| {
        is_punct(&part[at], ':')
            && !part.get(at + 1).is_some_and(|it| is_punct(it, ':'))
            && !(at > 0 && is_punct(&part[at - 1], ':'))
    });
    let (peer, ports) = match (colon, part.first(), before) {
        (Some(colon), ..) => {
            let peer = parse::value(&part[..colon], places);
            (peer, parse::value(&part[colon + 1..], places))
        }
        (None, Some(TokenTree::Ident(first)), Some(before))
            if part.len() == 2 && ["tcp", "udp", "icmp", "icmpv6"].iter().any(|it| first == it) =>
        {
            let peer = match &before.kind {
                ValueKind::Pair(peer, _) => (**peer).clone(),
                _ => before.clone(),
            };
            (peer, parse::value(part, places))
        }
        _ => return parse::value(part, places),
    };
    let loc = peer.loc;
    Value { kind: ValueKind::Pair(Box::new(peer), Box::new(ports)), loc }
}

/// Expands a declaration macro.
pub fn declaration(kind: Kind, input: TokenStream) -> TokenStream {
    let (header, rest) = header(input.into_iter().collect());
    let mut places = Places::default();
    let fields = fields(kind, rest.into_iter().collect(), &mut places);
    let name_field = fields.iter().find(|it| it.name == "name");
    let mut errors = TokenStream::new();
    let poisoned = match &header {
        Some(header) => header.poisoned.clone(),
        None => {
            let found = standalone(kind, &fields, &mut places);
            errors = places.compile_errors(&found);
            poisoned_fields(&fields, &found)
        }
    };
    let name = match (&header, name_field) {
        (Some(Header { name: Some(it), .. }), _) => {
            let text = it.to_string();
            quote_spanned!(it.span()=> #text)
        }
        (_, Some(Field { value: Some(it), .. })) => rust_value(it),
        _ => quote!(""),
    };
    let name_loc = match (&header, name_field) {
        (Some(Header { name: Some(it), .. }), _) => places.loc_at(it.span()),
        (_, Some(it)) => it.value.as_ref().map_or(it.loc, |it| it.loc),
        _ => places.loc_at(Span::call_site()),
    };
    let mut macro_loc = places.loc_at(Span::call_site());
    macro_loc.len = kind.macro_name().len() as u32 + 1;
    let setters = fields
        .iter()
        .enumerate()
        .filter(|(_, it)| it.name != "name")
        .map(|(position, it)| setter(kind, it, poisoned.contains(&position)));
    let ty = format_ident!("{}", kind.type_name());
    let (name_numbers, macro_numbers) = (numbers(name_loc), numbers(macro_loc));
    let it = it();
    let place = place();
    let result = if kind == Kind::Vpc { tiers(&fields) } else { quote!(__handle) };
    // expands to: { let mut __it = Vpc::builder("network", …); __it.cidr(…); …; __it.done() }
    quote! {{
        #errors
        #[allow(unused_variables)]
        let #place = |line: u32, column: u32, len: u32| {
            ::archgen::__private::Loc::new(::core::file!(), line, column, len)
        };
        #[allow(unused_mut)]
        let mut #it = ::archgen::__private::declare::#ty::builder(#name, #place(#name_numbers));
        #(#setters)*
        let __handle = #it.done().placed(#place(#name_numbers), #place(#macro_numbers));
        #result
    }}
}

/// The findings about a macro outside `#[architecture]`: about its own literals only.
fn standalone(kind: Kind, fields: &[Field], places: &mut Places) -> Vec<Diagnostic> {
    // Resolved where the author's own tokens are: rustc then does not blame the macro's expansion.
    let here = Span::call_site();
    let here = fields.first().map_or(here, |it| here.resolved_at(it.token.span()));
    let mut macro_loc = places.loc_at(here);
    macro_loc.len = kind.macro_name().len() as u32 + 1;
    let name = fields.iter().find(|it| it.name == "name").and_then(|it| it.value.as_ref());
    let name = match name.map(|it| &it.kind) {
        Some(ValueKind::Literal(TokenTree::Literal(it))) => parse::string(it),
        _ => None,
    };
    let name = name.as_deref().unwrap_or("it");
    let raw = evaluate::declaration(kind, name, macro_loc, macro_loc, fields, &Scope::empty());
    let mut builder = Architecture::builder("it", Environment::Production);
    builder.open();
    builder.push(raw);
    let (_, mut found) = diagnose(&builder.done());
    found.extend(places.problems().iter().cloned());
    if kind.is_named() && !fields.iter().any(|it| it.name == "name") {
        found.push(
            Diagnostic::new(
                Code::AG0002,
                macro_loc,
                format!("`{}!` needs `name` outside an `#[architecture]`", kind.macro_name()),
            )
            .help("add `name: \"…\"`, or put it into an `#[architecture]` function as `let NAME = …;`"),
        );
    }
    archgen_core::diagnostic::sort(&mut found);
    found
}

/// The positions of the fields that errors are about.
pub fn poisoned_fields(fields: &[Field], found: &[Diagnostic]) -> Vec<usize> {
    fields
        .iter()
        .enumerate()
        .filter(|(_, field)| {
            found.iter().filter(|it| it.is_error()).any(|it| {
                let token = it.loc.token;
                token == field.loc.token || (field.tokens.0 <= token && token < field.tokens.1)
            })
        })
        .map(|(position, _)| position)
        .collect()
}

/// The variable that collects the fields.
fn it() -> Ident {
    Ident::new("__it", Span::mixed_site())
}

/// The function that gives a place.
fn place() -> Ident {
    Ident::new("__place", Span::mixed_site())
}

/// `__it.cidr(place, value);`
fn setter(kind: Kind, field: &Field, poisoned: bool) -> TokenStream {
    let it = it();
    let place = place();
    let name = &field.token;
    let TokenTree::Ident(_) = name else { return TokenStream::new() };
    let Some(value) = &field.value else {
        // Completes a half-typed name in an editor; rustc has been told already.
        return if in_editor() { quote!(#it.#name;) } else { TokenStream::new() };
    };
    // What has been reported must not be reported again by rustc; editors still want to complete it.
    let words = words_of(kind, &field.name);
    if poisoned && !in_editor() {
        return uses(value, &words);
    }
    let loc = numbers(field.loc);
    let value = field_value(value, &words);
    quote!(#it.#name(#place(#loc), #value);)
}

/// Uses what a value uses, so that rustc does not call a variable unused whose field was reported.
fn uses(value: &Value, words: &[Word]) -> TokenStream {
    let of = |fields: &[Field]| -> TokenStream {
        fields.iter().filter_map(|it| it.value.as_ref()).map(|it| uses(it, words)).collect()
    };
    match &value.kind {
        ValueKind::Name(name) => match classify(&name.to_string(), words) {
            Name::Rust => quote!(let _ = &#name;),
            Name::Variant(_) | Name::Word => TokenStream::new(),
        },
        // The member itself may be what is wrong.
        ValueKind::Member(name, ..) => quote!(let _ = &#name;),
        ValueKind::Rust(tokens) => quote!(let _ = &(#tokens);),
        ValueKind::List(items) | ValueKind::Call(_, items) => {
            items.iter().map(|it| uses(it, words)).collect()
        }
        ValueKind::Record(fields) | ValueKind::Tagged(_, fields) => of(fields),
        ValueKind::Pair(a, b) | ValueKind::Compare(a, _, b) => {
            let (a, b) = (uses(a, words), uses(b, words));
            quote!(#a #b)
        }
        ValueKind::Range { start, end, .. } => {
            start.iter().chain(end).map(|it| uses(it, words)).collect()
        }
        ValueKind::Match(scrutinee, arms) => {
            let arms = arms.iter().map(|(pattern, value)| {
                let value = uses(value, words);
                quote!(#pattern => { #value })
            });
            quote!(match #scrutinee { #(#arms)* })
        }
        ValueKind::If(condition, then, otherwise) => {
            let (then, otherwise) = (uses(then, words), uses(otherwise, words));
            quote!(if #condition { #then } else { #otherwise })
        }
        ValueKind::Literal(_)
        | ValueKind::Negative(_)
        | ValueKind::Quantity(..)
        | ValueKind::PrefixLength(_)
        | ValueKind::Broken => TokenStream::new(),
    }
}

/// Whether an editor expands the macro rather than rustc.
///
/// The code an editor completes in need not compile; a `cfg` would say the same, but rustc warns about
/// one it does not know in the user's crate.
pub fn in_editor() -> bool {
    static IN_EDITOR: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *IN_EDITOR.get_or_init(|| {
        let program = std::env::current_exe().ok();
        let name = program.as_deref().and_then(std::path::Path::file_stem);
        name.is_some_and(|it| it.to_string_lossy().contains("rust-analyzer"))
    })
}

/// A value as the argument of a setter: Rust values keep their type.
fn field_value(value: &Value, words: &[Word]) -> TokenStream {
    match rust_tokens(value, words) {
        Some(tokens) => {
            let place = place();
            let loc = numbers(value.loc);
            quote!(::archgen::__private::at(&(#tokens), #place(#loc)))
        }
        None => node(value, words),
    }
}

/// The tokens of a value that is a Rust expression rather than one of the language.
fn rust_tokens(value: &Value, words: &[Word]) -> Option<TokenStream> {
    match &value.kind {
        ValueKind::Name(name) => match classify(&name.to_string(), words) {
            Name::Rust => Some(quote!(#name)),
            Name::Variant(of) => {
                let of = format_ident!("{of}");
                Some(quote!(::archgen::__private::words::#of::#name))
            }
            Name::Word => None,
        },
        ValueKind::Member(_, _, tokens) | ValueKind::Rust(tokens) => Some(tokens.clone()),
        ValueKind::Literal(_)
        | ValueKind::Negative(_)
        | ValueKind::Quantity(..)
        | ValueKind::PrefixLength(_)
        | ValueKind::List(_)
        | ValueKind::Record(_)
        | ValueKind::Pair(..)
        | ValueKind::Range { .. }
        | ValueKind::Call(..)
        | ValueKind::Tagged(..)
        | ValueKind::Compare(..)
        | ValueKind::Match(..)
        | ValueKind::If(..)
        | ValueKind::Broken => None,
    }
}

/// A value as an untyped node.
fn node(value: &Value, words: &[Word]) -> TokenStream {
    let place = place();
    let loc = numbers(value.loc);
    let loc = quote!(#place(#loc));
    let private = quote!(::archgen::__private);
    let list = |items: &[Value]| {
        let items = items.iter().map(|it| node(it, words));
        quote!(::std::vec![#(#items),*])
    };
    if let Some(tokens) = rust_tokens(value, words) {
        return quote!(#private::node(&(#tokens), #loc));
    }
    match &value.kind {
        ValueKind::Literal(token) => quote!(#private::node(&(#token), #loc)),
        ValueKind::Negative(number) => quote!(#private::node(&(-(#number)), #loc)),
        ValueKind::Quantity(number, unit) => {
            quote!(#private::quantity(#number, #unit, #loc))
        }
        ValueKind::PrefixLength(length) => quote!(#private::prefix_length(#length, #loc)),
        ValueKind::List(items) => {
            let items = list(items);
            quote!(#private::list(#items, #loc))
        }
        ValueKind::Record(fields) => {
            let entries = entries(fields, words);
            quote!(#private::record(#entries, #loc))
        }
        ValueKind::Pair(key, value) => {
            let (key, value) = (node(key, words), node(value, words));
            quote!(#private::pair(#key, #value, #loc))
        }
        ValueKind::Range { start, end, inclusive } => {
            let side = |it: &Option<Box<Value>>| match it {
                Some(it) => {
                    let it = node(it, words);
                    quote!(::core::option::Option::Some(#it))
                }
                None => quote!(::core::option::Option::None),
            };
            let (start, end) = (side(start), side(end));
            quote!(#private::range(#start, #end, #inclusive, #loc))
        }
        ValueKind::Name(name) => {
            let name = name.to_string();
            quote!(#private::word(#name, #loc))
        }
        ValueKind::Call(name, arguments) => {
            let name = name.to_string();
            let arguments = list(arguments);
            quote!(#private::call(#name, #arguments, #loc))
        }
        ValueKind::Tagged(tag, fields) => {
            let tag = tag.to_string();
            let entries = entries(fields, words);
            quote!(#private::tagged(#tag, #entries, #loc))
        }
        ValueKind::Compare(left, comparison, right) => {
            let comparison = format_ident!("{}", format!("{comparison:?}"));
            let (left, right) = (node(left, words), node(right, words));
            quote!(#private::compare(#left, #private::Comparison::#comparison, #right, #loc))
        }
        ValueKind::Match(scrutinee, arms) => {
            let arms = arms.iter().map(|(pattern, value)| {
                let value = node(value, words);
                quote!(#pattern => #value,)
            });
            quote!(match #scrutinee { #(#arms)* })
        }
        ValueKind::If(condition, then, otherwise) => {
            let (then, otherwise) = (node(then, words), node(otherwise, words));
            quote!(if #condition { #then } else { #otherwise })
        }
        ValueKind::Member(..) | ValueKind::Rust(_) | ValueKind::Broken => {
            quote!(#private::invalid(#loc))
        }
    }
}

/// The entries of a record.
fn entries(fields: &[Field], words: &[Word]) -> TokenStream {
    let place = place();
    let entries = fields.iter().filter_map(|field| {
        let (name, loc) = (&field.name, numbers(field.loc));
        let value = node(field.value.as_ref()?, words);
        Some(quote!(::archgen::__private::entry(#name, #place(#loc), #value)))
    });
    quote!(::std::vec![#(#entries),*])
}

/// The value of `name`, as plain Rust.
fn rust_value(value: &Value) -> TokenStream {
    match &value.kind {
        ValueKind::Literal(it) => quote!(#it),
        ValueKind::Name(it) => quote!(#it),
        ValueKind::Member(_, _, it) | ValueKind::Rust(it) => quote!((#it)),
        _ => quote!(""),
    }
}

/// `network.private` must be a field that rustc and editors know: a struct with the tiers' own names.
fn tiers(fields: &[Field]) -> TokenStream {
    let subnets = fields.iter().find(|it| it.name == "subnets").and_then(|it| it.value.as_ref());
    let mut names: Vec<&Ident> = Vec::new();
    if let Some(Value { kind: ValueKind::Record(tiers), .. }) = subnets {
        for tier in tiers {
            if let TokenTree::Ident(it) = &tier.token
                && !names.contains(&it)
                && it != "id"
            {
                names.push(it);
            }
        }
    }
    quote! {
        #[allow(non_camel_case_types, dead_code)]
        struct Tiers {
            #(pub #names: ::archgen::__private::declare::Tier,)*
            pub id: ::archgen::__private::declare::Member,
        }
        ::archgen::__private::declare::WithTiers::new(
            __handle,
            |__name| Tiers {
                #(#names: ::archgen::__private::declare::Tier::new(__name, ::core::stringify!(#names)),)*
                id: ::archgen::__private::declare::Member::new(
                    ::archgen::__private::declare::Kind::Vpc, __name, "id",
                ),
            },
        )
    }
}

/// What `#[architecture]` puts in front of a macro's tokens; see [`Header`].
pub fn header_tokens(name: Option<&Ident>, poisoned: &[usize]) -> TokenStream {
    let statement = Ident::new("__statement", Span::mixed_site());
    let name = name.unwrap_or(&statement);
    let poisoned = poisoned.iter().map(|it| proc_macro2::Literal::usize_unsuffixed(*it));
    let mut list = proc_macro2::Group::new(Delimiter::Bracket, quote!(#(#poisoned),*));
    list.set_span(Span::mixed_site());
    quote!(@ #name #list ;)
}
