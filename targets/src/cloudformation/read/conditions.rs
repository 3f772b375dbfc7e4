//! Conditions: three-valued, since a condition may rest on what is not known.

use super::evaluate::{DEEPEST, Truth};
use super::stack::Stacks;
use crate::read::data::{Data, DataKind, Unknown};
use crate::read::document::Node;

impl Stacks<'_> {
    /// A condition by its name.
    pub(super) fn condition(&self, stack: usize, name: &str) -> Truth {
        let known = self.all[stack].conditions.borrow().get(name).cloned();
        match known {
            Some(Some(it)) => return it,
            Some(None) => return Truth::Unknown(format!("the condition `{name}` rests on itself")),
            None => {}
        }
        if self.depth.get() > DEEPEST {
            return Truth::Unknown("conditions are nested too deeply".to_string());
        }
        let Some(node) = self.all[stack].template.get("Conditions").and_then(|it| it.get(name))
        else {
            return Truth::Unknown(format!("there is no condition `{name}`"));
        };
        self.all[stack].conditions.borrow_mut().insert(name.to_string(), None);
        self.depth.set(self.depth.get() + 1);
        let truth = self.truth(stack, node);
        self.depth.set(self.depth.get() - 1);
        let answer = match truth {
            // Of conditions that rest on others, the first that cannot be answered says why.
            Truth::Unknown(why) if why.starts_with("the condition `") => Truth::Unknown(why),
            Truth::Unknown(why) => {
                Truth::Unknown(format!("the condition `{name}` is not known: {why}"))
            }
            it @ (Truth::Yes | Truth::No) => it,
        };
        self.all[stack].conditions.borrow_mut().insert(name.to_string(), Some(answer.clone()));
        answer
    }

    fn truth(&self, stack: usize, node: &Node) -> Truth {
        let Some([entry]) = node.entries() else {
            return Truth::Unknown(format!("a condition is a function, not {}", node.what()));
        };
        match entry.key.as_str() {
            "Condition" => match entry.value.text() {
                Some(name) => self.condition(stack, name),
                None => Truth::Unknown("`Condition` expects a name".to_string()),
            },
            name => self.truth_of(stack, name, &entry.value),
        }
    }

    /// A function that gives truth.
    pub(super) fn truth_of(&self, stack: usize, name: &str, argument: &Node) -> Truth {
        if self.depth.get() > DEEPEST || !self.take(1) {
            return Truth::Unknown("conditions are nested too deeply".to_string());
        }
        self.depth.set(self.depth.get() + 1);
        let it = self.truth_within(stack, name, argument);
        self.depth.set(self.depth.get() - 1);
        it
    }

    fn truth_within(&self, stack: usize, name: &str, argument: &Node) -> Truth {
        let Some(items) = argument.items() else {
            return Truth::Unknown(format!("`{name}` expects a list"));
        };
        match (name, items) {
            ("Fn::Equals", [a, b]) => equal(&self.value(stack, a), &self.value(stack, b)),
            ("Fn::Not", [it]) => self.truth(stack, it).not(),
            ("Fn::And", items) if !items.is_empty() => {
                Truth::all(items.iter().map(|it| self.truth(stack, it)))
            }
            ("Fn::Or", items) if !items.is_empty() => {
                Truth::all(items.iter().map(|it| self.truth(stack, it).not())).not()
            }
            ("Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or", _) => {
                Truth::Unknown(format!("`{name}` has {} arguments", items.len()))
            }
            _ => Truth::Unknown(format!("`{name}` is not read in conditions")),
        }
    }
}

/// Whether two values are the same text, or lists of it. Letters count with their case.
fn equal(a: &Data, b: &Data) -> Truth {
    if let (Some(a), Some(b)) = (a.as_text(), b.as_text()) {
        return if a == b { Truth::Yes } else { Truth::No };
    }
    match (&a.kind, &b.kind) {
        (DataKind::List(a), DataKind::List(b)) => {
            if a.iter().chain(b).any(|it| matches!(it.kind, DataKind::Either(..))) {
                return Truth::Unknown("elements depend on conditions".to_string());
            }
            if a.len() != b.len() {
                return Truth::No;
            }
            Truth::all(a.iter().zip(b).map(|(a, b)| equal(a, b)))
        }
        // Whatever it is, it is the same thing.
        (DataKind::Unknown(Unknown { source: Some(a), .. }), DataKind::Unknown(b))
            if b.source.as_ref() == Some(a) =>
        {
            Truth::Yes
        }
        (DataKind::Reference(a), DataKind::Reference(b)) if a == b => Truth::Yes,
        _ => {
            let unknown = if a.as_text().is_none() { a } else { b };
            Truth::Unknown(unknown.what())
        }
    }
}
