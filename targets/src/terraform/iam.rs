//! Roles, instance profiles and policy documents.

use archgen_core::resource::Resource;
use archgen_core::resource::iam::{Condition, InstanceProfile, Principal, Role, Statement};

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::Writer;

/// The version of the language of policies.
const POLICY_VERSION: &str = "2012-10-17";

impl Writer<'_> {
    pub(super) fn role(&self, resource: &Resource, it: &Role, out: &mut Module) {
        let _ = (resource, it, out);
    }

    pub(super) fn instance_profile(
        &self,
        resource: &Resource,
        it: &InstanceProfile,
        out: &mut Module,
    ) {
        let _ = (resource, it, out);
    }

    /// A policy document.
    pub(super) fn policy(&self, statements: &[Statement]) -> Expr {
        document(statements.iter().map(|it| self.statement(it)).collect())
    }

    fn statement(&self, it: &Statement) -> Expr {
        let principal = it.principal.as_ref().map(|it| match it {
            Principal::Everyone => Expr::from("*"),
            Principal::Service(name) => Object::new().with("Service", *name).into(),
        });
        let actions: Vec<Expr> = it.actions.iter().map(|it| Expr::from(*it)).collect();
        let conditions = (!it.conditions.is_empty()).then(|| self.conditions(&it.conditions));
        Object::new()
            .with("Sid", it.sid)
            .with("Effect", if it.allow { "Allow" } else { "Deny" })
            .maybe("Principal", principal)
            .with("Action", actions)
            .with("Resource", self.texts(&it.resources))
            .maybe("Condition", conditions)
            .into()
    }

    /// Conditions by operator and key; several values of one key are alternatives.
    fn conditions(&self, conditions: &[Condition]) -> Object {
        let mut all = Object::new();
        let mut operators: Vec<&str> = Vec::new();
        for it in conditions {
            if operators.contains(&it.operator) {
                continue;
            }
            operators.push(it.operator);
            let mut keys = Object::new();
            for it in conditions.iter().filter(|other| other.operator == it.operator) {
                if keys.get(it.key).is_some() {
                    continue;
                }
                let same = conditions
                    .iter()
                    .filter(|other| other.operator == it.operator && other.key == it.key);
                let mut values: Vec<Expr> = same.map(|it| self.text(&it.value)).collect();
                let value = if values.len() == 1 { values.remove(0) } else { Expr::List(values) };
                keys = keys.with(it.key, value);
            }
            all = all.with(it.operator, keys);
        }
        all
    }
}

fn document(statements: Vec<Expr>) -> Expr {
    Object::new().with("Version", POLICY_VERSION).with("Statement", statements).into()
}
