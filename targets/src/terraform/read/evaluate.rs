//! Evaluates expressions. What cannot be known says why; what Terraform would refuse is told apart from
//! it, for `try` and `can`.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions>

use archgen_core::Loc;

use super::functions;
use super::loops::{enumerated, with};
use super::operators::{attribute_of, binary, index_of, negative};
use super::syntax::{Expr, ExprKind, Operator, Piece, Step};
use super::world::{Module, Names, World};
use crate::read::data::{Data, DataKind, Unknown};
use crate::read::text;

/// What marks a value that Terraform would refuse, where the source of others that are not known is.
const REFUSED: &str = "\u{0}";

/// A value that Terraform would refuse.
pub(super) fn refused(loc: Loc, why: impl Into<String>) -> Data {
    Data::from_source(loc, why, REFUSED.to_string())
}

/// Whether Terraform would refuse a value.
pub(super) fn is_refused(it: &Data) -> bool {
    matches!(&it.kind, DataKind::Unknown(Unknown { source: Some(it), .. }) if it == REFUSED)
}

/// A value without what Terraform would refuse: of two sides the other one is then meant.
pub(super) fn settled(it: Data) -> Data {
    let loc = it.loc;
    match it.kind {
        DataKind::Either(why, yes, no) => {
            let (yes, no) = (settled(*yes), settled(*no));
            match (is_refused(&yes), is_refused(&no)) {
                (true, false) => no,
                (false, true) => yes,
                _ => Data::either(loc, why, yes, no),
            }
        }
        DataKind::List(items) => {
            Data::new(loc, DataKind::List(items.into_iter().map(settled_in).collect()))
        }
        DataKind::Map(entries) => Data::new(
            loc,
            DataKind::Map(entries.into_iter().map(|it| (it.0, settled_in(it.1))).collect()),
        ),
        kind @ (DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Unknown(_)) => Data::new(loc, kind),
    }
}

fn settled_in(it: Data) -> Data {
    plain(settled(it))
}

/// A value that Terraform would refuse as one that is not known.
pub(super) fn plain(it: Data) -> Data {
    if is_refused(&it) { Data::unknown(it.loc, it.what()) } else { it }
}

/// What is made of a value, on both sides if it has two.
pub(super) fn over(it: Data, make: &mut dyn FnMut(Data) -> Data) -> Data {
    let loc = it.loc;
    let DataKind::Either(why, yes, no) = it.kind else { return make(it) };
    let (yes, no) = (over(*yes, make), over(*no, make));
    Data::either(loc, why, yes, no)
}

impl World<'_> {
    /// The value of an expression in a module, with more names if it stands where there are some.
    pub(super) fn value(&self, module: &Module, names: &Names, of: &Expr) -> Data {
        self.deeper(of.loc, || self.value_within(module, names, of))
    }

    fn value_within(&self, module: &Module, names: &Names, of: &Expr) -> Data {
        let loc = of.loc;
        let value = |it: &Expr| self.value(module, names, it);
        match &of.kind {
            ExprKind::Null => Data::new(loc, DataKind::Absent),
            ExprKind::Bool(it) => Data::new(loc, DataKind::Bool(*it)),
            ExprKind::Number(it) => Data::new(loc, DataKind::Number(it.clone())),
            ExprKind::Text(it) => {
                if self.take(it.len() / 16) {
                    Data::text(loc, it)
                } else {
                    Data::unknown(loc, super::world::TOO_MUCH)
                }
            }
            ExprKind::Template(pieces) => self.template(module, names, loc, pieces),
            ExprKind::List(items) => {
                Data::new(loc, DataKind::List(items.iter().map(value).collect()))
            }
            ExprKind::Object(entries) => {
                let mut all: Vec<(String, Data)> = Vec::new();
                for (key, it) in entries {
                    let key = value(key);
                    let Some(key) = key.as_text().map(str::to_string) else {
                        return Data::unknown(loc, format!("a name is not known: {}", key.what()));
                    };
                    let it = value(it);
                    all.retain(|it| it.0 != key);
                    all.push((key, it));
                }
                Data::new(loc, DataKind::Map(all))
            }
            ExprKind::Name(_) | ExprKind::Attribute(..) | ExprKind::Index(..) => {
                self.chain(module, names, of)
            }
            ExprKind::Splat(it, steps) => {
                let it = value(it);
                self.splat(module, names, loc, it, steps)
            }
            ExprKind::Not(it) => over(value(it), &mut |it| match it.as_bool() {
                Some(it) => Data::new(loc, DataKind::Bool(!it)),
                None => Data::unknown(loc, it.what()),
            }),
            ExprKind::Negative(it) => over(value(it), &mut |it| negative(loc, &it)),
            ExprKind::Binary(operator, one, other) => {
                let one = value(one);
                // `a && b` is false for a false `a`, whatever `b` is.
                match (operator, one.as_bool()) {
                    (Operator::And, Some(false)) | (Operator::Or, Some(true)) => {
                        return Data { loc, ..one };
                    }
                    _ => {}
                }
                let other = value(other);
                self.sized(over(one, &mut |one| {
                    over(other.clone(), &mut |other| binary(loc, *operator, &one, &other))
                }))
            }
            ExprKind::If(condition, yes, no) => {
                let condition = value(condition);
                self.choose(loc, condition, &mut |it| value(if it { yes } else { no }))
            }
            ExprKind::Call(name, arguments, expanded) => {
                self.call_function(module, names, loc, name, arguments, *expanded)
            }
            ExprKind::For(it) => self.made(module, names, loc, it),
            ExprKind::Wrong(why) => Data::unknown(loc, why.clone()),
        }
    }

    fn choose(&self, loc: Loc, condition: Data, make: &mut dyn FnMut(bool) -> Data) -> Data {
        let it = if let DataKind::Either(why, yes, no) = condition.kind {
            let (yes, no) = (self.choose(loc, *yes, make), self.choose(loc, *no, make));
            Data::either(loc, why, yes, no)
        } else if is_refused(&condition) {
            condition
        } else if let Some(it) = condition.as_bool() {
            make(it)
        } else {
            let (yes, no) = (make(true), make(false));
            Data::either(loc, condition.what(), yes, no)
        };
        self.sized(it)
    }

    fn call_function(
        &self,
        module: &Module,
        names: &Names,
        loc: Loc,
        name: &str,
        arguments: &[Expr],
        expanded: bool,
    ) -> Data {
        match name {
            "try" => return self.attempt(module, names, loc, arguments),
            "can" => {
                let Some(it) = arguments.first() else { return refused(loc, "`can` of nothing") };
                let it = self.value(module, names, it);
                return over(it, &mut |it| Data::new(loc, DataKind::Bool(!is_refused(&it))));
            }
            _ => {}
        }
        let mut given: Vec<Data> =
            arguments.iter().map(|it| self.value(module, names, it)).collect();
        if expanded && let Some(last) = given.pop() {
            let Some(items) = last.as_list() else { return Data::unknown(loc, last.what()) };
            given.extend_from_slice(items);
        }
        let take = |it: usize| self.take(it);
        self.sized(functions::call(&take, loc, name, given))
    }

    /// The first of these that Terraform does not refuse.
    fn attempt(&self, module: &Module, names: &Names, loc: Loc, all: &[Expr]) -> Data {
        let Some((first, rest)) = all.split_first() else {
            return refused(loc, "`try` has nothing left to try");
        };
        let it = self.value(module, names, first);
        let it = over(it, &mut |it| {
            if is_refused(&it) { self.attempt(module, names, loc, rest) } else { it }
        });
        self.sized(it)
    }

    fn template(&self, module: &Module, names: &Names, loc: Loc, pieces: &[Piece]) -> Data {
        let mut all = Vec::new();
        for it in pieces {
            all.push(match it {
                Piece::Text(it) => Data::text(loc, it),
                Piece::Value(it) => self.value(module, names, it),
                Piece::If(condition, yes, no) => {
                    let condition = self.value(module, names, condition);
                    self.choose(loc, condition, &mut |it| {
                        self.template(module, names, loc, if it { yes } else { no })
                    })
                }
                Piece::For { key, value, over, each } => {
                    let of = self.value(module, names, over);
                    let Some(elements) = enumerated(&of) else {
                        return Data::unknown(loc, of.what());
                    };
                    let mut parts = Vec::new();
                    for (at, it) in elements {
                        if !self.take(1) {
                            return Data::unknown(loc, super::world::TOO_MUCH);
                        }
                        let inner = with(names, key.as_deref(), at, value, it);
                        parts.push(self.template(module, &inner, loc, each));
                    }
                    self.composed(loc, parts)
                }
            });
        }
        self.composed(loc, all)
    }

    /// Text out of parts; where one of them is one of two, so is the text.
    fn composed(&self, loc: Loc, mut parts: Vec<Data>) -> Data {
        if let Some(it) = parts.iter().find(|it| is_refused(it)) {
            return it.clone();
        }
        if let Some(at) = parts.iter().position(|it| matches!(it.kind, DataKind::Either(..))) {
            let it = parts[at].clone();
            if !self.take(parts.len()) {
                return Data::unknown(loc, super::world::TOO_MUCH);
            }
            return over(it, &mut |it| {
                parts[at] = it;
                self.composed(loc, parts.clone())
            });
        }
        text::composed(&|it| self.take(it), loc, parts)
    }

    fn splat(&self, module: &Module, names: &Names, loc: Loc, of: Data, steps: &[Step]) -> Data {
        let it = over(of, &mut |of| {
            let items = match of.kind {
                DataKind::List(items) => items,
                DataKind::Absent => Vec::new(),
                DataKind::Unknown(it) => {
                    let source = it.source.map(|it| {
                        let mut all = format!("{it}[*]");
                        for step in steps {
                            match step {
                                Step::Attribute(name) => all.push_str(&format!(".{name}")),
                                Step::Index(_) => all.push_str("[?]"),
                            }
                        }
                        all
                    });
                    return Data::new(loc, DataKind::Unknown(Unknown { why: it.why, source }));
                }
                DataKind::Zones => return Data::new(loc, DataKind::Zones),
                // What is no list is one of itself.
                kind @ (DataKind::Bool(_)
                | DataKind::Number(_)
                | DataKind::Text(_)
                | DataKind::Composed(_)
                | DataKind::Map(_)
                | DataKind::Reference(_)
                | DataKind::Zone(_)
                | DataKind::Part(_)
                | DataKind::Either(..)) => vec![Data::new(of.loc, kind)],
            };
            let mut all = Vec::new();
            for item in items {
                // One that may not be there stays so.
                let made = over(item, &mut |mut it| {
                    if it.is_absent() {
                        return it;
                    }
                    for step in steps {
                        it = match step {
                            Step::Attribute(name) => self.attribute(loc, it, name),
                            Step::Index(key) => {
                                let key = self.value(module, names, key);
                                self.index(loc, it, key)
                            }
                        };
                    }
                    it
                });
                all.push(made);
            }
            Data::new(loc, DataKind::List(all))
        });
        self.sized(it)
    }

    /// `of.name`, whatever `of` may be.
    pub(super) fn attribute(&self, loc: Loc, of: Data, name: &str) -> Data {
        over(of, &mut |of| {
            if let DataKind::Reference(it) = &of.kind {
                return self.resource_attribute(loc, it, name);
            }
            attribute_of(loc, of, name)
        })
    }

    /// `of[key]`, whatever they may be.
    pub(super) fn index(&self, loc: Loc, of: Data, key: Data) -> Data {
        over(of, &mut |of| {
            over(key.clone(), &mut |key| {
                if let (DataKind::Reference(it), Some(name)) = (&of.kind, key.as_text())
                    && key.as_integer().is_none()
                {
                    return self.resource_attribute(loc, it, name);
                }
                index_of(loc, &of, &key)
            })
        })
    }
}
