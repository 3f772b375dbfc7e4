//! Places of tokens, and diagnostics as `compile_error!` at them.

use archgen_core::{Code, Diagnostic, Loc};
use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// Gives every token that a finding may be about a key, and keeps its span.
#[derive(Default)]
pub struct Places {
    spans: Vec<(Span, Span)>,
    file: Option<&'static str>,
    problems: Vec<Diagnostic>,
}

impl Places {
    /// The key that the next token gets.
    pub fn next(&self) -> u32 {
        self.spans.len() as u32 + 1
    }

    /// The place of a run of tokens; of no tokens, that of what was looked at before.
    pub fn loc(&mut self, tokens: &[TokenTree]) -> Loc {
        let before = self.last();
        let start = tokens.first().map_or(before, TokenTree::span);
        let end = tokens.last().map_or(before, TokenTree::span);
        self.loc_of(start, end)
    }

    /// The last place that was given, or else the macro itself.
    fn last(&self) -> Span {
        self.spans.last().map_or_else(Span::call_site, |(_, it)| *it)
    }

    /// The place of one span.
    pub fn loc_at(&mut self, span: Span) -> Loc {
        self.loc_of(span, span)
    }

    fn loc_of(&mut self, start: Span, end: Span) -> Loc {
        self.spans.push((start, end));
        let file = *self.file.get_or_insert_with(|| Box::leak(start.file().into_boxed_str()));
        place(file, self.spans.len() as u32, start, end)
    }

    /// AG0001: the tokens cannot be read.
    pub fn syntax_error(&mut self, tokens: &[TokenTree], message: &str) {
        let loc = self.loc(tokens);
        self.problems.push(Diagnostic::new(Code::AG0001, loc, message));
    }

    /// AG0001 at a span.
    pub fn syntax_error_at(&mut self, span: Span, message: &str) {
        let loc = self.loc_at(span);
        self.problems.push(Diagnostic::new(Code::AG0001, loc, message));
    }

    /// AG0001 behind what was looked at before, or else at the macro itself.
    pub fn syntax_error_here(&mut self, message: &str) {
        self.syntax_error_at(self.last(), message);
    }

    /// What could not be read.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// One `compile_error!` for each error, at its token.
    pub fn compile_errors(&self, diagnostics: &[Diagnostic]) -> TokenStream {
        diagnostics
            .iter()
            .filter(|it| it.is_error())
            .map(|it| {
                let (start, end) = (it.loc.token as usize)
                    .checked_sub(1)
                    .and_then(|at| self.spans.get(at))
                    .copied()
                    .unwrap_or_else(|| (Span::call_site(), Span::call_site()));
                compile_error(start, end, &it.plain())
            })
            .collect()
    }
}

/// Line, column and length of the tokens between two spans.
fn place(file: &'static str, token: u32, start: Span, end: Span) -> Loc {
    let (first, last) = (start.start(), end.end());
    let len = if first.line == last.line { last.column.saturating_sub(first.column) } else { 1 };
    Loc {
        file,
        line: first.line as u32,
        column: first.column as u32 + 1,
        len: len.max(1) as u32,
        token,
    }
}

/// Line, column and length as numbers for the expansion: `(14, 38, 15)`.
pub fn numbers(loc: Loc) -> TokenStream {
    let (line, column, len) = (loc.line, loc.column, loc.len);
    let numbers = [line, column, len].map(Literal::u32_unsuffixed);
    let [line, column, len] = numbers;
    quote::quote!(#line, #column, #len)
}

/// `::core::compile_error! { "message" }`, from `start` to `end`.
pub fn compile_error(start: Span, end: Span, message: &str) -> TokenStream {
    let punct = |character, spacing| {
        let mut it = Punct::new(character, spacing);
        it.set_span(start);
        TokenTree::Punct(it)
    };
    let mut text = Literal::string(message);
    text.set_span(end);
    let mut body = Group::new(Delimiter::Brace, TokenStream::from(TokenTree::Literal(text)));
    body.set_span(end);
    [
        punct(':', Spacing::Joint),
        punct(':', Spacing::Alone),
        TokenTree::Ident(Ident::new("core", start)),
        punct(':', Spacing::Joint),
        punct(':', Spacing::Alone),
        TokenTree::Ident(Ident::new("compile_error", start)),
        punct('!', Spacing::Alone),
        TokenTree::Group(body),
    ]
    .into_iter()
    .collect()
}
