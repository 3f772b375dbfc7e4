//! Policy documents.

use archgen_core::isolation::facts::{Condition, Principal, Statement};

use super::{Reader, get, many};
use crate::read::data::Data;

impl Reader<'_> {
    /// The statements of a policy document.
    pub(super) fn document(&self, data: &Data) -> Vec<Statement> {
        let Some(statements) = get(data, "Statement") else { return Vec::new() };
        many(statements).into_iter().map(|it| self.statement(it)).collect()
    }

    pub(super) fn statement(&self, data: &Data) -> Statement {
        let list = |name: &str| -> Option<Vec<String>> {
            let all = get(data, name)?;
            Some(many(all).into_iter().map(|it| self.pattern(it)).collect())
        };
        let mut principals = Vec::new();
        match get(data, "Principal").map(|it| (it.as_text(), it)) {
            None => {}
            Some((Some("*"), _)) => principals.push(Principal::Everyone),
            Some((_, it)) => {
                for (kind, values) in it.as_map().into_iter().flatten() {
                    for value in many(values) {
                        let text = self.pattern(value);
                        principals.push(match kind.as_str() {
                            "AWS" if text == "*" => Principal::Everyone,
                            // An account's number stands for its root.
                            "AWS" if text.chars().all(|it| it.is_ascii_digit()) => {
                                Principal::Arn(format!("arn:aws:iam::{text}:root"))
                            }
                            "AWS" => Principal::Arn(text),
                            _ => Principal::Other(text),
                        });
                    }
                }
            }
        }
        if get(data, "NotPrincipal").is_some() {
            principals.push(Principal::Everyone);
        }
        let mut conditions = Vec::new();
        for (operator, keys) in get(data, "Condition").and_then(Data::as_map).into_iter().flatten()
        {
            for (key, values) in keys.as_map().into_iter().flatten() {
                conditions.push(Condition {
                    operator: operator.clone(),
                    key: key.clone(),
                    values: many(values).into_iter().map(|it| self.pattern(it)).collect(),
                });
            }
        }
        let not_actions = list("NotAction");
        let not_resources = list("NotResource");
        Statement {
            sid: get(data, "Sid").map(|it| self.text(it)).unwrap_or_default(),
            allow: get(data, "Effect").and_then(Data::as_text) != Some("Deny"),
            principals,
            not_actions: not_actions.is_some(),
            actions: not_actions.or_else(|| list("Action")).unwrap_or_default(),
            not_resources: not_resources.is_some(),
            resources: not_resources.or_else(|| list("Resource")).unwrap_or_default(),
            conditions,
        }
    }
}
