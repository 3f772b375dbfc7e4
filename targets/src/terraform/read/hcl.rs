//! The native syntax, `*.tf`, and the templates in texts of the JSON syntax.
//!
//! <https://developer.hashicorp.com/terraform/language/syntax/configuration>

use std::ops::Range;

use archgen_core::Loc;
use hcl_edit::expr::{
    BinaryOperator, Expression, ForExpr, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::structure::{self, Structure};
use hcl_edit::template::{Directive, Element, StringTemplate, Strip, Template};
use hcl_edit::{Number, Span, parser};

use super::syntax::{Body, Dynamic, Entry, Expr, ExprKind, For, Operator, Part, Piece, Step};
use crate::read::document::Syntax;
use crate::read::place;

/// Says where things stand.
pub(super) struct Places<'t> {
    file: &'static str,
    text: &'t str,
    /// Where lines begin.
    lines: Vec<usize>,
    /// The one place of everything, for text that stands in another file's text.
    fixed: Option<Loc>,
}

impl Places<'_> {
    fn at(&self, span: Option<Range<usize>>) -> Loc {
        if let Some(it) = self.fixed {
            return it;
        }
        let Some(span) = span else { return Loc::NONE };
        let line = self.lines.partition_point(|it| *it <= span.start).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let characters = |from: usize, to: usize| {
            self.text
                .get(from..to)
                .map_or(0, |it| it.lines().next().map_or(0, |it| it.chars().count()))
        };
        let column = characters(start, span.start) + 1;
        place::loc(self.file, line, column, characters(span.start, span.end))
    }
}

/// Reads a file.
pub(super) fn parse(file: &'static str, text: &str) -> Result<Body, Syntax> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = std::iter::once(0)
        .chain(text.bytes().enumerate().filter(|it| it.1 == b'\n').map(|it| it.0 + 1))
        .collect();
    let places = Places { file, text, lines, fixed: None };
    match parser::parse_body(text) {
        Ok(it) => Ok(body(&places, &it)),
        Err(error) => {
            let at = error.location();
            let loc = place::loc(file, at.line(), at.column(), 1);
            Err(Syntax { loc, message: error.message().replace('\n', ", ") })
        }
    }
}

/// Reads a text of the JSON syntax: a template.
pub(super) fn template(loc: Loc, text: &str) -> Expr {
    if !text.contains("${") && !text.contains("%{") {
        return Expr::new(loc, ExprKind::Text(text.to_string()));
    }
    let places = Places { file: loc.file, text, lines: Vec::new(), fixed: Some(loc) };
    match parser::parse_template(text) {
        Ok(it) => whole(loc, pieces(&places, &it)),
        Err(error) => {
            let why = error.message().replace('\n', ", ");
            Expr::new(loc, ExprKind::Wrong(format!("the template cannot be read: {why}")))
        }
    }
}

/// Reads an expression, as variables of other types than text are given.
pub(super) fn expression(loc: Loc, text: &str) -> Result<Expr, String> {
    let places = Places { file: loc.file, text, lines: Vec::new(), fixed: Some(loc) };
    match parser::parse_expr(text.trim()) {
        Ok(it) => Ok(expr(&places, &it)),
        Err(error) => Err(error.message().replace('\n', ", ")),
    }
}

fn body(places: &Places<'_>, of: &structure::Body) -> Body {
    let mut entries = Vec::new();
    for it in of.iter() {
        match it {
            Structure::Attribute(it) => entries.push(Entry {
                name: it.key.as_str().to_string(),
                loc: places.at(it.key.span()),
                part: Part::Value(expr(places, &it.value)),
            }),
            Structure::Block(it) => {
                let labels: Vec<String> =
                    it.labels.iter().map(|it| it.as_str().to_string()).collect();
                let loc = places.at(it.ident.span());
                let name = it.ident.as_str().to_string();
                let inner = body(places, &it.body);
                match labels.as_slice() {
                    [of] if name == "dynamic" => {
                        let part = Part::Dynamic(Box::new(dynamic(inner)));
                        entries.push(Entry { name: of.clone(), loc, part });
                    }
                    _ => entries.push(Entry { name, loc, part: Part::Block(labels, inner) }),
                }
            }
        }
    }
    Body { entries }
}

/// What a `dynamic` block says.
pub(super) fn dynamic(of: Body) -> Dynamic {
    let mut it = Dynamic { over: None, iterator: None, content: Body::default() };
    for entry in of.entries {
        match (entry.name.as_str(), entry.part) {
            ("for_each", Part::Value(value)) => it.over = Some(value),
            ("iterator", Part::Value(value)) => {
                it.iterator = value.word().map(str::to_string);
            }
            ("content", Part::Block(_, content)) => it.content = content,
            _ => {}
        }
    }
    it
}

fn number(it: &Number) -> String {
    if let Some(it) = it.as_i64() {
        it.to_string()
    } else if let Some(it) = it.as_u64() {
        it.to_string()
    } else {
        it.as_f64().map_or_else(String::new, |it| it.to_string())
    }
}

fn expr(places: &Places<'_>, of: &Expression) -> Expr {
    let loc = places.at(of.span());
    let boxed = |it: &Expression| Box::new(expr(places, it));
    let kind = match of {
        Expression::Null(_) => ExprKind::Null,
        Expression::Bool(it) => ExprKind::Bool(*it.value()),
        Expression::Number(it) => ExprKind::Number(number(it.value())),
        Expression::String(it) => ExprKind::Text(it.value().clone()),
        Expression::Array(it) => ExprKind::List(it.iter().map(|it| expr(places, it)).collect()),
        Expression::Object(it) => ExprKind::Object(
            it.iter()
                .map(|(key, value)| (object_key(places, key), expr(places, value.expr())))
                .collect(),
        ),
        Expression::StringTemplate(it) => return whole(loc, quoted(places, it)),
        Expression::HeredocTemplate(it) => {
            let mut it = (**it).clone();
            it.dedent();
            return whole(loc, pieces(places, &it.template));
        }
        Expression::Parenthesis(it) => return expr(places, it.inner()),
        Expression::Variable(it) => ExprKind::Name(it.as_str().to_string()),
        Expression::Conditional(it) => {
            ExprKind::If(boxed(&it.cond_expr), boxed(&it.true_expr), boxed(&it.false_expr))
        }
        Expression::FuncCall(it) => {
            let mut name = String::new();
            for part in &it.name.namespace {
                name.push_str(part.as_str());
                name.push_str("::");
            }
            name.push_str(it.name.name.as_str());
            let arguments = it.args.iter().map(|it| expr(places, it)).collect();
            ExprKind::Call(name, arguments, it.args.expand_final())
        }
        Expression::Traversal(it) => return traversal(places, loc, it),
        Expression::UnaryOp(it) => match it.operator.value() {
            UnaryOperator::Not => ExprKind::Not(boxed(&it.expr)),
            UnaryOperator::Neg => ExprKind::Negative(boxed(&it.expr)),
        },
        Expression::BinaryOp(it) => ExprKind::Binary(
            operator(*it.operator.value()),
            boxed(&it.lhs_expr),
            boxed(&it.rhs_expr),
        ),
        Expression::ForExpr(it) => ExprKind::For(Box::new(for_expr(places, it))),
    };
    Expr::new(loc, kind)
}

fn object_key(places: &Places<'_>, key: &ObjectKey) -> Expr {
    match key {
        ObjectKey::Ident(it) => {
            Expr::new(places.at(it.span()), ExprKind::Text(it.as_str().to_string()))
        }
        // A name alone is itself, in parentheses it is what it refers to.
        ObjectKey::Expression(Expression::Variable(it)) => {
            Expr::new(places.at(it.span()), ExprKind::Text(it.as_str().to_string()))
        }
        ObjectKey::Expression(it) => expr(places, it),
    }
}

fn operator(it: BinaryOperator) -> Operator {
    match it {
        BinaryOperator::Eq => Operator::Equal,
        BinaryOperator::NotEq => Operator::NotEqual,
        BinaryOperator::LessEq => Operator::AtMost,
        BinaryOperator::GreaterEq => Operator::AtLeast,
        BinaryOperator::Less => Operator::Less,
        BinaryOperator::Greater => Operator::More,
        BinaryOperator::Plus => Operator::Plus,
        BinaryOperator::Minus => Operator::Minus,
        BinaryOperator::Mul => Operator::Times,
        BinaryOperator::Div => Operator::Over,
        BinaryOperator::Mod => Operator::Rest,
        BinaryOperator::And => Operator::And,
        BinaryOperator::Or => Operator::Or,
    }
}

fn for_expr(places: &Places<'_>, it: &ForExpr) -> For {
    For {
        key: it.intro.key_var.as_ref().map(|it| it.as_str().to_string()),
        value: it.intro.value_var.as_str().to_string(),
        over: expr(places, &it.intro.collection_expr),
        to_key: it.key_expr.as_ref().map(|it| expr(places, it)),
        to: expr(places, &it.value_expr),
        only: it.cond.as_ref().map(|it| expr(places, &it.expr)),
        grouped: it.grouping,
    }
}

fn traversal(places: &Places<'_>, loc: Loc, of: &Traversal) -> Expr {
    let mut all = expr(places, &of.expr);
    let mut steps = of.operators.iter().map(|it| it.value()).peekable();
    while let Some(step) = steps.next() {
        let kind = match step {
            TraversalOperator::GetAttr(it) => {
                ExprKind::Attribute(Box::new(all), it.as_str().to_string())
            }
            TraversalOperator::Index(it) => {
                ExprKind::Index(Box::new(all), Box::new(expr(places, it)))
            }
            TraversalOperator::LegacyIndex(it) => {
                let index = Expr::new(loc, ExprKind::Number(it.value().to_string()));
                ExprKind::Index(Box::new(all), Box::new(index))
            }
            TraversalOperator::AttrSplat(_) => {
                // What follows in brackets is of the whole: `of.*.id[0]`.
                let mut each = Vec::new();
                while let Some(TraversalOperator::GetAttr(it)) = steps.peek() {
                    each.push(Step::Attribute(it.as_str().to_string()));
                    steps.next();
                }
                ExprKind::Splat(Box::new(all), each)
            }
            TraversalOperator::FullSplat(_) => {
                let mut each = Vec::new();
                for it in steps.by_ref() {
                    each.push(match it {
                        TraversalOperator::GetAttr(it) => Step::Attribute(it.as_str().to_string()),
                        TraversalOperator::Index(it) => Step::Index(expr(places, it)),
                        TraversalOperator::LegacyIndex(it) => {
                            let number = ExprKind::Number(it.value().to_string());
                            Step::Index(Expr::new(loc, number))
                        }
                        TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                            let why = "splats in splats are not read".to_string();
                            return Expr::new(loc, ExprKind::Wrong(why));
                        }
                    });
                }
                ExprKind::Splat(Box::new(all), each)
            }
        };
        all = Expr::new(loc, kind);
    }
    all
}

/// Text: itself if it has no parts, the part itself if it is nothing else.
fn whole(loc: Loc, mut pieces: Vec<Piece>) -> Expr {
    match pieces.as_mut_slice() {
        [] => Expr::new(loc, ExprKind::Text(String::new())),
        [Piece::Text(it)] => Expr::new(loc, ExprKind::Text(std::mem::take(it))),
        _ => match pieces.as_slice() {
            [Piece::Value(it)] => it.clone(),
            _ => Expr::new(loc, ExprKind::Template(pieces)),
        },
    }
}

fn quoted(places: &Places<'_>, of: &StringTemplate) -> Vec<Piece> {
    pieces(places, of)
}

fn pieces(places: &Places<'_>, of: &Template) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    // Whether the space after the last part goes.
    let mut trim = false;
    for it in of.iter() {
        match it {
            Element::Literal(it) => {
                let text = if trim { it.trim_start() } else { it.as_str() };
                trim = false;
                if let Some(Piece::Text(before)) = all.last_mut() {
                    before.push_str(text);
                } else if !text.is_empty() {
                    all.push(Piece::Text(text.to_string()));
                }
            }
            Element::Interpolation(it) => {
                strip_before(&mut all, it.strip);
                trim = it.strip.strip_end();
                all.push(Piece::Value(expr(places, &it.expr)));
            }
            Element::Directive(it) => {
                let (piece, first, last) = match &**it {
                    Directive::If(it) => {
                        let otherwise = it.else_expr.as_ref();
                        let yes_end = otherwise.map_or(it.endif_expr.strip, |it| it.strip);
                        let yes = inner(places, &it.if_expr.template, it.if_expr.strip, yes_end);
                        let no = otherwise.map_or_else(Vec::new, |no| {
                            inner(places, &no.template, no.strip, it.endif_expr.strip)
                        });
                        let condition = expr(places, &it.if_expr.cond_expr);
                        (Piece::If(condition, yes, no), it.if_expr.strip, it.endif_expr.strip)
                    }
                    Directive::For(it) => {
                        let (head, end) = (&it.for_expr, it.endfor_expr.strip);
                        let piece = Piece::For {
                            key: head.key_var.as_ref().map(|it| it.as_str().to_string()),
                            value: head.value_var.as_str().to_string(),
                            over: expr(places, &head.collection_expr),
                            each: inner(places, &head.template, head.strip, end),
                        };
                        (piece, head.strip, end)
                    }
                };
                strip_before(&mut all, first);
                trim = last.strip_end();
                all.push(piece);
            }
        }
    }
    all
}

fn strip_before(all: &mut [Piece], strip: Strip) {
    if strip.strip_start()
        && let Some(Piece::Text(it)) = all.last_mut()
    {
        it.truncate(it.trim_end().len());
    }
}

/// What stands between two directives.
fn inner(places: &Places<'_>, of: &Template, before: Strip, after: Strip) -> Vec<Piece> {
    let mut all = pieces(places, of);
    if before.strip_end()
        && let Some(Piece::Text(it)) = all.first_mut()
    {
        *it = it.trim_start().to_string();
    }
    strip_before(&mut all, after);
    all
}
