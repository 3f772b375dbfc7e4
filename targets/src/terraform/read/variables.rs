//! Input variables: what is given, their defaults, and what their types make of both.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/type-constraints>

use archgen_core::{Loc, suggest};

use super::syntax::{Expr, ExprKind};
use super::world::{Module, Names, World};
use super::{Error, hcl};
use crate::read::TemplateParameter;
use crate::read::data::{Data, DataKind, shortened};

impl World<'_> {
    /// The value of a variable of a module.
    pub(super) fn variable(&self, module: &Module, loc: Loc, name: &str) -> Data {
        let Some(declared) = module.it.variables.get(name) else {
            return super::evaluate::refused(loc, format!("there is no variable `{name}`"));
        };
        let what = format!("var.{name}");
        self.once(&module.variables, name.to_string(), loc, &what, || {
            let body = &declared.body;
            let kind = body.value("type");
            let given = match &module.caller {
                None => match self.options.parameters.get(name) {
                    Some(it) => Some(given(declared.loc, kind, it)),
                    None => module.it.assigned.get(name).map(literal),
                },
                Some((caller, call, names)) => {
                    let caller = self.module(*caller);
                    caller.and_then(|caller| {
                        let it = caller.it.modules.get(call)?.body.value(name)?;
                        Some(self.value(&caller, names, it))
                    })
                }
            };
            let nullable = body.value("nullable").is_none_or(|it| it.kind != ExprKind::Bool(false));
            let given = given.filter(|it| nullable || !it.is_absent());
            let defaults = module.caller.is_some() || self.options.defaults;
            let default = body.value("default").filter(|_| defaults);
            let value = match (given, default) {
                (Some(it), _) => it,
                (None, Some(it)) => self.value(module, &Names::new(), it),
                (None, None) => {
                    let why = format!("the variable `{name}` has no value");
                    return Data::from_source(loc, why, format!("{}var.{name}", module.prefix));
                }
            };
            match kind {
                Some(kind) => self.sized(self.converted(value, kind)),
                None => value,
            }
        })
    }

    /// A value as its type has it.
    fn converted(&self, value: Data, kind: &Expr) -> Data {
        let loc = value.loc;
        if !self.take(1) {
            return Data::unknown(loc, super::world::TOO_MUCH);
        }
        if let DataKind::Either(why, yes, no) = value.kind {
            let (yes, no) = (self.converted(*yes, kind), self.converted(*no, kind));
            return Data::either(loc, why, yes, no);
        }
        match &kind.kind {
            ExprKind::Name(name) | ExprKind::Text(name) => match (name.as_str(), &value.kind) {
                ("string", DataKind::Bool(_) | DataKind::Number(_)) => {
                    let text = value.as_text().unwrap_or_default().to_string();
                    Data::text(loc, text)
                }
                ("number", DataKind::Text(it)) if it.trim().parse::<f64>().is_ok() => {
                    Data::new(loc, DataKind::Number(it.trim().to_string()))
                }
                ("bool", DataKind::Text(_)) => match value.as_bool() {
                    Some(it) => Data::new(loc, DataKind::Bool(it)),
                    None => value,
                },
                _ => value,
            },
            ExprKind::Call(name, arguments, _) => match (name.as_str(), arguments.as_slice()) {
                ("list", [inner]) => self.each(value, inner),
                ("set", [inner]) => super::functions::as_set(loc, self.each(value, inner)),
                ("map", [inner]) => self.each(value, inner),
                ("optional", [inner, ..]) => self.converted(value, inner),
                ("object", [of]) => self.object(value, of),
                _ => value,
            },
            ExprKind::Null
            | ExprKind::Bool(_)
            | ExprKind::Number(_)
            | ExprKind::Template(_)
            | ExprKind::List(_)
            | ExprKind::Object(_)
            | ExprKind::Attribute(..)
            | ExprKind::Index(..)
            | ExprKind::Splat(..)
            | ExprKind::Not(_)
            | ExprKind::Negative(_)
            | ExprKind::Binary(..)
            | ExprKind::If(..)
            | ExprKind::For(_)
            | ExprKind::Wrong(_) => value,
        }
    }

    fn each(&self, value: Data, inner: &Expr) -> Data {
        let loc = value.loc;
        let kind = match value.kind {
            DataKind::List(items) => {
                DataKind::List(items.into_iter().map(|it| self.converted(it, inner)).collect())
            }
            DataKind::Map(entries) => DataKind::Map(
                entries.into_iter().map(|it| (it.0, self.converted(it.1, inner))).collect(),
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
            | DataKind::Either(..)
            | DataKind::Unknown(_)) => kind,
        };
        Data::new(loc, kind)
    }

    /// Attributes that may be left out have their defaults.
    fn object(&self, value: Data, of: &Expr) -> Data {
        let loc = value.loc;
        let (DataKind::Map(given), ExprKind::Object(wanted)) = (&value.kind, &of.kind) else {
            return value;
        };
        let mut all = Vec::new();
        for (name, kind) in wanted {
            let Some(name) = name.text() else { continue };
            let own = given.iter().find(|it| it.0 == name).map(|it| it.1.clone());
            let default = kind.called("optional").and_then(|it| it.get(1));
            let it = match (own.filter(|it| default.is_none() || !it.is_absent()), default) {
                (Some(it), _) => it,
                (None, Some(default)) => match self.module(0) {
                    Some(root) => self.value(&root, &Names::new(), default),
                    None => Data::new(loc, DataKind::Absent),
                },
                (None, None) => Data::new(loc, DataKind::Absent),
            };
            all.push((name.to_string(), self.converted(it, kind)));
        }
        Data::new(loc, DataKind::Map(all))
    }
}

/// A value given as text: of a type that is not text, it is an expression.
/// <https://developer.hashicorp.com/terraform/language/values/variables#complex-typed-values>
fn given(loc: Loc, kind: Option<&Expr>, text: &str) -> Data {
    let simple = match kind.map(|it| &it.kind) {
        None => true,
        Some(ExprKind::Name(it) | ExprKind::Text(it)) => {
            matches!(it.as_str(), "string" | "number" | "bool" | "any")
        }
        Some(_) => false,
    };
    if simple {
        return Data::text(loc, text);
    }
    match hcl::expression(loc, text) {
        Ok(it) => literal(&it),
        Err(why) => Data::unknown(loc, format!("`{}` cannot be read: {why}", shortened(text))),
    }
}

/// The value of an expression that refers to nothing.
fn literal(it: &Expr) -> Data {
    let loc = it.loc;
    let kind = match &it.kind {
        ExprKind::Null => DataKind::Absent,
        ExprKind::Bool(it) => DataKind::Bool(*it),
        ExprKind::Number(it) => DataKind::Number(it.clone()),
        ExprKind::Text(it) => DataKind::Text(it.clone()),
        ExprKind::List(items) => DataKind::List(items.iter().map(literal).collect()),
        ExprKind::Object(entries) => DataKind::Map(
            entries
                .iter()
                .filter_map(|it| Some((literal(&it.0).as_text()?.to_string(), literal(&it.1))))
                .collect(),
        ),
        ExprKind::Template(_)
        | ExprKind::Name(_)
        | ExprKind::Attribute(..)
        | ExprKind::Index(..)
        | ExprKind::Splat(..)
        | ExprKind::Not(_)
        | ExprKind::Negative(_)
        | ExprKind::Binary(..)
        | ExprKind::If(..)
        | ExprKind::Call(..)
        | ExprKind::For(_)
        | ExprKind::Wrong(_) => {
            return Data::unknown(loc, "a value that is given refers to nothing");
        }
    };
    Data::new(loc, kind)
}

/// The variables with their values; what was given must be one of them.
pub(super) fn checked(world: &World<'_>) -> Result<Vec<TemplateParameter>, Error> {
    let Some(root) = world.module(0) else { return Ok(Vec::new()) };
    let declared = &root.it.variables;
    for name in world.options.parameters.keys() {
        if !declared.contains_key(name) {
            let help = suggest::did_you_mean(name, declared.keys().map(String::as_str))
                .unwrap_or_else(|| "it has no variables".to_string());
            return Err(Error::NoSuchParameter { name: name.clone(), help });
        }
    }
    let mut all = Vec::new();
    for (name, it) in declared {
        let kind = it.body.value("type").map_or_else(|| "any".to_string(), written);
        if let Some(value) = world.options.parameters.get(name) {
            let fits = match kind.as_str() {
                "number" => value.trim().parse::<f64>().is_ok(),
                "bool" => matches!(value.trim(), "true" | "false"),
                _ => true,
            };
            if !fits {
                return Err(Error::ParameterValue {
                    name: name.clone(),
                    value: shortened(value),
                    help: format!("it takes values of type `{kind}`"),
                });
            }
        }
        let default = || {
            let value = match root.it.assigned.get(name) {
                Some(it) => literal(it),
                None => world.value(&root, &Names::new(), it.body.value("default")?),
            };
            value.as_text().map(str::to_string)
        };
        let value = world.options.parameters.get(name).cloned().or_else(default);
        all.push(TemplateParameter { name: name.clone(), kind, value, loc: it.loc });
    }
    Ok(all)
}

/// A type as it is written.
fn written(it: &Expr) -> String {
    if let ExprKind::Call(name, arguments, _) = &it.kind {
        let arguments: Vec<String> = arguments.iter().map(written).collect();
        return format!("{name}({})", arguments.join(", "));
    }
    it.word().unwrap_or("…").to_string()
}
