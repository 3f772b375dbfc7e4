//! The parameters of a template: what is given, their defaults, and what their types make of both.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html>

use archgen_core::{Loc, suggest};

use super::ReadError;
use super::stack::{Stacks, section};
use crate::read::TemplateParameter;
use crate::read::data::{Data, DataKind, shortened};
use crate::read::document::{Entry, Node};

impl Stacks<'_> {
    /// The value of a parameter; none if the stack has no such parameter.
    pub(super) fn parameter(&self, stack: usize, loc: Loc, name: &str) -> Option<Data> {
        let declared = self.all[stack].template.get("Parameters")?.get(name)?;
        let kind = declared.get("Type").and_then(Node::text).unwrap_or("String");
        // Stacks side by side are given the same.
        let nested = self.all[stack].parent.is_some();
        let prefix = if nested { self.all[stack].prefix.as_str() } else { "" };
        let source = format!("{prefix}{name}");
        if kind.starts_with("AWS::SSM::Parameter::Value<") {
            let why = format!("the parameter `{name}` is read from Systems Manager when deploying");
            return Some(Data::from_source(loc, why, source));
        }
        let given = match &self.all[stack].parent {
            None => self.options.parameters.get(name).map(|it| self.plain_text(loc, it)),
            Some((parent, Some(given))) => {
                let written = match given.entries() {
                    // A function gives all of them at once: what it gives is not looked into.
                    Some([it]) if it.key.starts_with("Fn::") => Some(given),
                    Some(_) | None => given.get(name),
                };
                let value = written.map(|it| Data { loc, ..self.value(*parent, it) });
                let value = value.filter(|it| !it.is_absent());
                match value {
                    Some(it) if matches!(it.kind, DataKind::Map(_)) => {
                        Some(Data::unknown(loc, "what the nested stack is given is not read"))
                    }
                    it => it,
                }
            }
            Some((_, None)) => None,
        };
        let default = declared.get("Default").filter(|_| self.options.defaults);
        let value = match (given, default.and_then(Node::text)) {
            (Some(it), _) => it,
            (None, Some(it)) => self.plain_text(loc, it),
            (None, None) => {
                let why = match default {
                    Some(_) => format!("the default of the parameter `{name}` is no single value"),
                    None => format!("the parameter `{name}` has no value"),
                };
                return Some(Data::from_source(loc, why, source));
            }
        };
        Some(if is_list(kind) { as_list(loc, value) } else { value })
    }
}

fn is_list(kind: &str) -> bool {
    kind == "CommaDelimitedList" || kind.starts_with("List<")
}

/// Spaces around the values of a list do not count.
fn as_list(loc: Loc, value: Data) -> Data {
    if matches!(value.kind, DataKind::List(_)) {
        return value;
    }
    let mut all = crate::read::text::pieces(loc, value, ",");
    if let DataKind::List(items) = &mut all.kind {
        for it in items {
            if let DataKind::Text(text) = &mut it.kind {
                *text = text.trim().to_string();
            }
        }
    }
    all
}

/// The parameters of the template with their values; what was given must fit them.
pub(super) fn checked(stacks: &Stacks<'_>) -> Result<Vec<TemplateParameter>, ReadError> {
    let roots = stacks.all.iter().take(stacks.roots);
    let mut declared: Vec<&Entry> = Vec::new();
    for it in roots.flat_map(|it| section(&it.template, "Parameters")) {
        // Stacks side by side are given the same.
        if !declared.iter().any(|known| known.key == it.key) {
            declared.push(it);
        }
    }
    let given = &stacks.options.parameters;
    for name in given.keys() {
        if !declared.iter().any(|it| it.key == *name) {
            let help = suggest::did_you_mean(name, declared.iter().map(|it| it.key.as_str()))
                .unwrap_or_else(|| "it has no parameters".to_string());
            return Err(ReadError::NoSuchParameter { name: name.clone(), help });
        }
    }
    let mut all = Vec::new();
    for entry in declared {
        let kind = entry.value.get("Type").and_then(Node::text).unwrap_or("String").to_string();
        if let Some(value) = given.get(&entry.key) {
            fits(&entry.key, &entry.value, &kind, value)?;
        }
        let default = || entry.value.get("Default").and_then(Node::text).map(str::to_string);
        let value = given.get(&entry.key).cloned().or_else(default);
        all.push(TemplateParameter { name: entry.key.clone(), kind, value, loc: entry.loc });
    }
    Ok(all)
}

/// Whether a value that was given is one that the parameter takes.
fn fits(name: &str, declared: &Node, kind: &str, value: &str) -> Result<(), ReadError> {
    let wrong = |help: String| {
        let value = shortened(value);
        Err(ReadError::ParameterValue { name: name.to_string(), value, help })
    };
    let values: Vec<&str> =
        if is_list(kind) { value.split(',').map(str::trim).collect() } else { vec![value] };
    let allowed: Option<Vec<&str>> = declared
        .get("AllowedValues")
        .and_then(Node::items)
        .map(|all| all.iter().filter_map(Node::text).collect());
    for it in values {
        if let Some(allowed) = &allowed
            && !allowed.contains(&it)
        {
            let help = suggest::did_you_mean(it, allowed.iter().copied());
            return wrong(help.unwrap_or_else(|| "it allows no value".to_string()));
        }
        if matches!(kind, "Number" | "List<Number>") && it.trim().parse::<f64>().is_err() {
            return wrong("it takes numbers".to_string());
        }
    }
    Ok(())
}
