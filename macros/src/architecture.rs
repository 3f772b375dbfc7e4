//! `#[architecture]`: names the declarations of a function, collects them, and checks them for every
//! environment while compiling.

use archgen_core::check::{across, diagnose};
use archgen_core::declare::Kind;
use archgen_core::diagnostic::{merge_environments, sort};
use archgen_core::{Architecture, ArchitectureBuilder, Code, Diagnostic, Environment, Loc};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{Block, Expr, FnArg, ItemFn, Pat, Stmt};

use crate::evaluate::{self, Binding, Scope};
use crate::expand::{fields, in_editor, poisoned_fields};
use crate::parse::{self, Field, Value};
use crate::report::Places;
use crate::rewrite;

/// A statement of the function, as far as it matters here.
enum Item {
    /// `let name = vpc! { … };`, or a declaration as a statement.
    Declaration {
        kind: Kind,
        name: Option<(String, Loc)>,
        macro_loc: Loc,
        fields: Vec<Field>,
        /// The position among all declarations, for the second walk.
        index: usize,
    },
    /// `let name = value;`.
    Value(String, Value),
    /// A name whose value cannot be seen.
    Hidden(String),
    /// `if condition { … } else { … }`.
    If(Box<Expr>, Vec<Item>, Vec<Item>),
    /// Something that may add declarations which cannot be seen.
    MayAdd,
}

/// What the attribute says: `#[architecture(name = "…", environments = [Production])]`.
struct Settings {
    name: Option<String>,
    environments: Vec<Environment>,
}

/// Expands the attribute.
pub fn expand(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let mut function = match syn::parse2::<ItemFn>(item.clone()) {
        Ok(it) => it,
        // Editors repair half-typed input only if it comes back unchanged.
        Err(_) if in_editor() => return item,
        Err(error) => return unreadable(item, &error),
    };
    let mut places = Places::default();
    let settings = settings(attribute, &mut places);
    let name =
        settings.name.clone().unwrap_or_else(|| function.sig.ident.to_string().replace('_', "-"));
    let environment_name = environment_parameter(&function);
    let well_formed = signature(&mut function, &mut places);

    let mut declarations = 0;
    let items = items(&function.block, &mut declarations, &mut places, true);
    let function_loc = places.loc_at(function.sig.ident.span());
    let mut diagnostics = check(&name, &settings, &environment_name, &items, &places);
    // What is about the whole architecture is about the function.
    for it in diagnostics.iter_mut().filter(|it| it.loc == Loc::NONE) {
        it.loc = function_loc;
    }

    let mut poisoned: Vec<Vec<usize>> = vec![Vec::new(); declarations];
    collect_poisoned(&items, &diagnostics, &mut poisoned);
    let mut next = 0;
    rewrite::block(&mut function.block, &poisoned, &mut next, true);

    let errors = places.compile_errors(&diagnostics);
    let builder = rewrite::builder();
    let environment = match function.sig.inputs.first() {
        Some(_) => format_ident!("{environment_name}").to_token_stream(),
        None => quote!(::archgen::Environment::Production),
    };
    let statements = &function.block.stmts;
    function.block = syn::parse_quote!({
        let mut #builder = ::archgen::Architecture::builder(#name, #environment);
        #(#statements)*
        #builder.done()
    });
    let entry = if well_formed { entry(&function, &name, &settings) } else { TokenStream::new() };
    quote! {
        #function
        #entry
        const _: () = { #errors };
    }
}

/// A function that is no Rust, without its body: the macros in it would all miss their names. rustc mostly
/// has reported the same; should it not have, this does.
fn unreadable(item: TokenStream, error: &syn::Error) -> TokenStream {
    let mut places = Places::default();
    places.syntax_error_at(error.span(), &format!("the architecture cannot be read: {error}"));
    let errors = places.compile_errors(places.problems());
    let mut head: Vec<TokenTree> = item.clone().into_iter().collect();
    if head.pop().is_none() {
        return errors;
    }
    let head = parse::collect(&head);
    quote! {
        #[allow(unused_variables)]
        #head { ::core::panic!() }
        const _: () = { #errors };
    }
}

/// Reads what the attribute says.
fn settings(attribute: TokenStream, places: &mut Places) -> Settings {
    let mut settings = Settings { name: None, environments: Environment::USUAL.to_vec() };
    let parser =
        syn::punctuated::Punctuated::<syn::MetaNameValue, syn::Token![,]>::parse_terminated;
    let metas = match syn::parse::Parser::parse2(parser, attribute) {
        Ok(it) => it,
        Err(error) => {
            places.syntax_error_at(
                error.span(),
                "`#[architecture]` takes `name = \"…\"` and `environments = [Staging, Production]`",
            );
            return settings;
        }
    };
    for meta in metas {
        match &meta.value {
            Expr::Lit(it) if meta.path.is_ident("name") => {
                if let syn::Lit::Str(it) = &it.lit {
                    settings.name = Some(it.value());
                }
            }
            Expr::Array(list) if meta.path.is_ident("environments") => {
                settings.environments = list
                    .elems
                    .iter()
                    .filter_map(|it| {
                        let name = match it {
                            Expr::Path(it) => it.path.segments.last()?.ident.to_string(),
                            _ => String::new(),
                        };
                        let found = Environment::ALL.iter().find(|it| it.variant() == name);
                        if found.is_none() {
                            places.syntax_error_at(
                                it.span(),
                                "environments are `Development`, `Staging` and `Production`",
                            );
                        }
                        found.copied()
                    })
                    .collect();
            }
            _ => places.syntax_error_at(
                meta.path.span(),
                "`#[architecture]` takes `name = \"…\"` and `environments = [Staging, Production]`",
            ),
        }
    }
    settings.environments.sort();
    settings.environments.dedup();
    settings
}

/// The name of the function's first parameter.
fn environment_parameter(function: &ItemFn) -> String {
    match function.sig.inputs.first() {
        Some(FnArg::Typed(it)) => match &*it.pat {
            Pat::Ident(it) => it.ident.to_string(),
            _ => "env".to_string(),
        },
        Some(FnArg::Receiver(_)) | None => "env".to_string(),
    }
}

/// AG0001 for parameters and a result that an architecture does not have. What is wrong is made right, so
/// that rustc has nothing to add.
fn signature(function: &mut ItemFn, places: &mut Places) -> bool {
    let name = function.sig.ident.clone();
    let before = places.problems().len();
    let takes = format!("an architecture takes its environment: `fn {name}(env: Environment)`");
    match function.sig.inputs.first() {
        Some(FnArg::Typed(it)) if matches!(*it.pat, Pat::Ident(_)) => {}
        Some(other) => places.syntax_error_at(other.span(), &takes),
        None => places.syntax_error_at(name.span(), &takes),
    }
    if let Some(FnArg::Typed(it)) = function.sig.inputs.first_mut()
        && !matches!(*it.pat, Pat::Ident(_))
    {
        *it.pat = syn::parse_quote!(env);
    }
    if let Some(third) = function.sig.inputs.iter().nth(2) {
        let message = "an architecture takes its environment and a struct of its options, no more";
        places.syntax_error_at(third.span(), message);
    }
    if matches!(function.sig.output, syn::ReturnType::Default) {
        let message = format!("an architecture is a result: `fn {name}(…) -> Architecture`");
        places.syntax_error_at(name.span(), &message);
        function.sig.output = syn::parse_quote!(-> ::archgen::Architecture);
    }
    places.problems().len() == before
}

/// The kind of declaration that a macro makes.
pub fn kind_of(mac: &syn::Macro) -> Option<Kind> {
    Kind::from_macro_name(&mac.path.segments.last()?.ident.to_string())
}

/// The name that a simple pattern binds.
pub fn bound(pattern: &Pat) -> Option<&Ident> {
    match pattern {
        Pat::Ident(it) => Some(&it.ident),
        Pat::Type(it) => bound(&it.pat),
        _ => None,
    }
}

/// Whether what a simple pattern binds can be given another value later.
fn is_mutable(pattern: &Pat) -> bool {
    match pattern {
        Pat::Ident(it) => it.mutability.is_some(),
        Pat::Type(it) => is_mutable(&it.pat),
        _ => false,
    }
}

/// Every name in a pattern, and perhaps more.
fn names(pattern: TokenStream) -> impl Iterator<Item = String> {
    let names = pattern.into_iter().flat_map(|token| match token {
        TokenTree::Ident(it) => vec![it.to_string()],
        TokenTree::Group(it) => names(it.stream()).collect(),
        TokenTree::Punct(_) | TokenTree::Literal(_) => Vec::new(),
    });
    names.collect::<Vec<String>>().into_iter()
}

/// `if condition { … } else { … }` with what it declares.
fn if_item(it: &syn::ExprIf, next: &mut usize, places: &mut Places) -> Item {
    let then = items(&it.then_branch, next, places, false);
    let otherwise = match it.else_branch.as_ref().map(|(_, it)| &**it) {
        Some(Expr::Block(it)) => items(&it.block, next, places, false),
        Some(Expr::If(it)) => vec![if_item(it, next, places)],
        Some(_) | None => Vec::new(),
    };
    Item::If(it.cond.clone(), then, otherwise)
}

/// The statements of a block.
fn items(block: &Block, next: &mut usize, places: &mut Places, top: bool) -> Vec<Item> {
    let mut all = Vec::new();
    for (position, statement) in block.stmts.iter().enumerate() {
        let tail = top && position + 1 == block.stmts.len();
        match statement {
            Stmt::Local(local) => {
                let declares = local.init.as_ref().is_some_and(
                    |it| matches!(&*it.expr, Expr::Macro(it) if kind_of(&it.mac).is_some()),
                );
                let name = bound(&local.pat).filter(|_| declares || !is_mutable(&local.pat));
                let (Some(name), Some(init)) = (name, &local.init) else {
                    all.extend(names(local.pat.to_token_stream()).map(Item::Hidden));
                    continue;
                };
                match &*init.expr {
                    Expr::Macro(it) if kind_of(&it.mac).is_some() => {
                        let name = Some((name.to_string(), places.loc_at(name.span())));
                        all.extend(declaration(&it.mac, name, next, places));
                    }
                    other => {
                        let tokens: Vec<TokenTree> = other.to_token_stream().into_iter().collect();
                        // What is no value of the language here is simply hidden, not wrong.
                        let mut aside = Places::default();
                        let value = parse::value(&tokens, &mut aside);
                        all.push(if aside.problems().is_empty() {
                            Item::Value(name.to_string(), value)
                        } else {
                            Item::Hidden(name.to_string())
                        });
                    }
                }
            }
            Stmt::Macro(it) if kind_of(&it.mac).is_some() => {
                all.extend(declaration(&it.mac, None, next, places));
            }
            Stmt::Expr(Expr::Macro(it), _) if kind_of(&it.mac).is_some() => {
                all.extend(declaration(&it.mac, None, next, places));
            }
            Stmt::Expr(Expr::If(it), _) => all.push(if_item(it, next, places)),
            Stmt::Expr(it, _) if rewrite::may_hold_statements(it) => all.push(Item::MayAdd),
            Stmt::Expr(_, None) if tail => all.push(Item::MayAdd),
            Stmt::Expr(..) | Stmt::Item(_) | Stmt::Macro(_) => {}
        }
    }
    all
}

fn declaration(
    mac: &syn::Macro,
    name: Option<(String, Loc)>,
    next: &mut usize,
    places: &mut Places,
) -> Option<Item> {
    let kind = kind_of(mac)?;
    let mut macro_loc = places.loc_at(mac.path.span());
    macro_loc.len += 1;
    let index = *next;
    *next += 1;
    let fields = fields(kind, mac.tokens.clone(), places);
    Some(Item::Declaration { kind, name, macro_loc, fields, index })
}

/// Every finding, over all environments.
fn check(
    name: &str,
    settings: &Settings,
    environment_name: &str,
    items: &[Item],
    places: &Places,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut architectures = Vec::new();
    for environment in &settings.environments {
        let mut unnamed = Vec::new();
        let architecture = evaluate_all(name, *environment, environment_name, items, &mut unnamed);
        let (_, mut diagnostics) = diagnose(&architecture);
        diagnostics.extend(unnamed);
        found.push((*environment, diagnostics));
        architectures.push(architecture);
    }
    found.extend(across::check(&architectures).into_iter().map(|(two, it)| (two[0], vec![it])));
    let mut merged = merge_environments(found, &settings.environments);
    merged.extend(places.problems().iter().cloned());
    sort(&mut merged);
    merged
}

/// The architecture of one environment as far as it can be seen.
#[cfg(test)]
pub fn evaluate_function(function: &ItemFn, name: &str, environment: Environment) -> Architecture {
    let mut places = Places::default();
    let mut declarations = 0;
    let items = items(&function.block, &mut declarations, &mut places, true);
    evaluate_all(name, environment, &environment_parameter(function), &items, &mut Vec::new())
}

fn evaluate_all(
    name: &str,
    environment: Environment,
    environment_name: &str,
    items: &[Item],
    unnamed: &mut Vec<Diagnostic>,
) -> Architecture {
    let mut builder = Architecture::builder(name, environment);
    let mut scope = Scope::of(environment, environment_name);
    evaluate_items(items, &mut scope, &mut builder, unnamed);
    builder.done()
}

fn evaluate_items(
    items: &[Item],
    scope: &mut Scope,
    builder: &mut ArchitectureBuilder,
    unnamed: &mut Vec<Diagnostic>,
) {
    for item in items {
        match item {
            Item::Declaration { kind, name, macro_loc, fields, .. } => {
                let (name, loc) = match name {
                    Some((name, loc)) => (name.clone(), *loc),
                    None => statement_name(*kind, fields, *macro_loc, scope, builder, unnamed),
                };
                builder.push(evaluate::declaration(*kind, &name, loc, *macro_loc, fields, scope));
                if kind.is_named() {
                    scope.bind(&name.clone(), Binding::Declaration(*kind, name));
                }
            }
            Item::Value(name, value) => {
                let node = evaluate::value(value, &[], scope);
                scope.bind(name, Binding::Value(node));
            }
            Item::Hidden(name) => scope.bind(name, Binding::Unknown),
            Item::If(condition, then, otherwise) => {
                let mut inner = scope.clone();
                match evaluate::boolean(condition, scope) {
                    Some(true) => evaluate_items(then, &mut inner, builder, unnamed),
                    Some(false) => evaluate_items(otherwise, &mut inner, builder, unnamed),
                    None => builder.open(),
                }
            }
            Item::MayAdd => builder.open(),
        }
    }
}

/// The name of a declaration that is no `let`: its field `name`.
///
/// Where that is missing or cannot be seen, its place stands for it, so that its other fields are still
/// checked.
fn statement_name(
    kind: Kind,
    fields: &[Field],
    macro_loc: Loc,
    scope: &Scope,
    builder: &mut ArchitectureBuilder,
    unnamed: &mut Vec<Diagnostic>,
) -> (String, Loc) {
    if !kind.is_named() {
        return (String::new(), macro_loc);
    }
    let placeholder = format!("{kind}_{}_{}", macro_loc.line, macro_loc.column);
    let given = fields.iter().find(|it| it.name == "name").and_then(|it| it.value.as_ref());
    let Some(given) = given else {
        unnamed.push(
            Diagnostic::new(
                Code::AG0002,
                macro_loc,
                format!("`{}!` needs a name", kind.macro_name()),
            )
            .help(format!(
                "write `let NAME = {}! {{ … }};`, or give it `name: \"…\"`",
                kind.macro_name()
            )),
        );
        return (placeholder, macro_loc);
    };
    let node = evaluate::value(given, &[], scope);
    match node.as_text() {
        Some(it) => (it.to_string(), given.loc),
        None => {
            builder.open();
            (placeholder, given.loc)
        }
    }
}

/// The fields of every declaration that errors are about.
fn collect_poisoned(items: &[Item], diagnostics: &[Diagnostic], poisoned: &mut [Vec<usize>]) {
    for item in items {
        match item {
            Item::Declaration { fields, index, .. } => {
                poisoned[*index] = poisoned_fields(fields, diagnostics);
            }
            Item::If(_, then, otherwise) => {
                collect_poisoned(then, diagnostics, poisoned);
                collect_poisoned(otherwise, diagnostics, poisoned);
            }
            Item::Value(..) | Item::Hidden(_) | Item::MayAdd => {}
        }
    }
}

/// `pub const PROD_INFRA: Entry`: what the command line needs to know.
fn entry(function: &ItemFn, name: &str, settings: &Settings) -> TokenStream {
    let (visibility, ident) = (&function.vis, &function.sig.ident);
    let constant = format_ident!("{}", ident.to_string().to_uppercase(), span = ident.span());
    let summary = crate::options::docs(&function.attrs);
    let environments = settings.environments.iter().map(|it| {
        let variant = format_ident!("{}", it.variant());
        quote!(::archgen::Environment::#variant)
    });
    let (options, build) = match function.sig.inputs.iter().nth(1) {
        Some(FnArg::Typed(it)) => {
            let ty = &it.ty;
            (
                quote!(<#ty as ::archgen::Options>::INFO),
                quote!(|environment, given| {
                    let mut options = <#ty as ::core::default::Default>::default();
                    ::archgen::set_options(&mut options, given)?;
                    ::core::result::Result::Ok(#ident(environment, options))
                }),
            )
        }
        Some(FnArg::Receiver(_)) | None => (
            quote!(&[]),
            quote!(|environment, given| {
                ::archgen::no_options(given)?;
                ::core::result::Result::Ok(#ident(environment))
            }),
        ),
    };
    let doc = format!("The architecture `{name}`, for the command line.");
    quote! {
        #[doc = #doc]
        #visibility const #constant: ::archgen::Entry = ::archgen::Entry {
            name: #name,
            summary: #summary,
            environments: &[#(#environments),*],
            options: #options,
            source: ::core::file!(),
            manifest_dir: ::core::env!("CARGO_MANIFEST_DIR"),
            build: #build,
        };
    }
}
