//! The body of an architecture with its declarations named and collected; the macros stay in place.

use proc_macro2::{Ident, Span};
use quote::quote;
use syn::{Block, Expr, ExprIf, Stmt};

use crate::architecture::{bound, kind_of};
use crate::expand::header_tokens;

/// The variable that collects the declarations.
pub fn builder() -> Ident {
    Ident::new("__architecture", Span::mixed_site())
}

/// Names the declarations of a block and adds them to the architecture.
pub fn block(block: &mut Block, poisoned: &[Vec<usize>], next: &mut usize, top: bool) {
    let builder = builder();
    let count = block.stmts.len();
    let mut all = Vec::new();
    for (position, statement) in std::mem::take(&mut block.stmts).into_iter().enumerate() {
        let tail = top && position + 1 == count;
        match statement {
            Stmt::Local(mut local) => {
                let name = bound(&local.pat).cloned();
                let mut added = None;
                if let (Some(name), Some(init)) = (name, &mut local.init)
                    && let Expr::Macro(it) = &mut *init.expr
                    && kind_of(&it.mac).is_some()
                {
                    head(&mut it.mac, Some(&name), poisoned, next);
                    added = Some(name);
                }
                all.push(Stmt::Local(local));
                if let Some(name) = added {
                    all.push(syn::parse_quote!(#builder.add(&#name);));
                }
            }
            Stmt::Macro(mut it) if kind_of(&it.mac).is_some() => {
                head(&mut it.mac, None, poisoned, next);
                let mac = &it.mac;
                all.push(syn::parse_quote!(#builder.add(#mac);));
            }
            Stmt::Expr(Expr::Macro(mut it), _) if kind_of(&it.mac).is_some() => {
                head(&mut it.mac, None, poisoned, next);
                all.push(syn::parse_quote!(#builder.add(#it);));
            }
            Stmt::Expr(Expr::If(mut it), semicolon) => {
                branches(&mut it, poisoned, next);
                all.push(Stmt::Expr(Expr::If(it), semicolon));
            }
            Stmt::Expr(mut it, None) if tail => {
                unseen(&mut it);
                // The value may use the builder itself, and may borrow from what it is made of.
                let last = Ident::new("__last", Span::mixed_site());
                all.push(syn::parse_quote!(match (#it) { #last => #builder.add(#last), };));
            }
            Stmt::Expr(mut it, semicolon) => {
                unseen(&mut it);
                all.push(Stmt::Expr(it, semicolon));
            }
            other => all.push(other),
        }
    }
    block.stmts = all;
}

/// The branches of an `if`, in the order in which they are written.
fn branches(it: &mut ExprIf, poisoned: &[Vec<usize>], next: &mut usize) {
    block(&mut it.then_branch, poisoned, next, false);
    match it.else_branch.as_mut().map(|(_, it)| &mut **it) {
        Some(Expr::Block(it)) => block(&mut it.block, poisoned, next, false),
        Some(Expr::If(it)) => branches(it, poisoned, next),
        Some(_) | None => {}
    }
}

/// Whether declarations may stand as statements in an expression.
pub fn may_hold_statements(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::ForLoop(_)
            | Expr::While(_)
            | Expr::Loop(_)
            | Expr::Match(_)
            | Expr::Block(_)
            | Expr::Unsafe(_)
    )
}

/// Adds what stands as a statement, or as the value, of loops, arms and blocks; it checks itself, because
/// its values cannot be seen.
fn unseen(expression: &mut Expr) {
    match expression {
        Expr::Macro(it) if kind_of(&it.mac).is_some() => {
            let builder = builder();
            let it = quote!(#it);
            *expression = syn::parse_quote!(#builder.add(#it));
        }
        Expr::If(it) => {
            unseen_block(&mut it.then_branch);
            if let Some((_, otherwise)) = &mut it.else_branch {
                unseen(otherwise);
            }
        }
        Expr::Match(it) => it.arms.iter_mut().for_each(|it| unseen(&mut it.body)),
        Expr::Block(it) => unseen_block(&mut it.block),
        Expr::Unsafe(it) => unseen_block(&mut it.block),
        Expr::ForLoop(it) => unseen_block(&mut it.body),
        Expr::While(it) => unseen_block(&mut it.body),
        Expr::Loop(it) => unseen_block(&mut it.body),
        _ => {}
    }
}

fn unseen_block(block: &mut Block) {
    let builder = builder();
    for statement in &mut block.stmts {
        match statement {
            Stmt::Macro(it) if kind_of(&it.mac).is_some() => {
                let mac = &it.mac;
                *statement = syn::parse_quote!(#builder.add(#mac););
            }
            Stmt::Expr(it, _) => unseen(it),
            Stmt::Local(_) | Stmt::Item(_) | Stmt::Macro(_) => {}
        }
    }
}

/// Puts the name and the reported fields in front of a macro's tokens.
fn head(mac: &mut syn::Macro, name: Option<&Ident>, poisoned: &[Vec<usize>], next: &mut usize) {
    let header = header_tokens(name, &poisoned[*next]);
    *next += 1;
    let tokens = &mac.tokens;
    mac.tokens = quote!(#header #tokens);
}
