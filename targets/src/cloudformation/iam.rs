//! Roles, instance profiles and policy documents.

use archgen_core::resource::Resource;
use archgen_core::resource::iam::{
    InstanceProfile, POLICY_VERSION, Principal, ROLE_POLICY, Role, Statement,
};
use archgen_core::value::Pseudo;

use super::expr::{Expr, Object};
use super::writer::{Writer, description, pseudo};

impl Writer<'_> {
    pub(super) fn role(&self, resource: &Resource, it: &Role) -> Object {
        let said = it.trust_statement();
        let trust: Expr = Object::new()
            .with("Effect", "Allow")
            .maybe("Principal", said.principal.as_ref().map(|it| self.principal(it)))
            .with("Action", trusted_actions(it))
            .maybe("Condition", (!said.conditions.is_empty()).then(|| self.conditions(&said)))
            .into();
        let managed = it.managed_policies.iter().map(|path| {
            Expr::concat([
                Expr::from("arn:"),
                pseudo(Pseudo::Partition),
                Expr::from(format!(":iam::aws:policy/{path}")),
            ])
        });
        let policy = (!it.statements.is_empty()).then(|| {
            let policy = Object::new()
                .with("PolicyName", ROLE_POLICY)
                .with("PolicyDocument", self.policy(&it.statements));
            vec![policy.into()]
        });
        Object::new()
            .with("AssumeRolePolicyDocument", document(vec![trust]))
            .with("Description", description(&it.description, 1000))
            .list("ManagedPolicyArns", managed.collect())
            .list("Policies", policy.unwrap_or_default())
            .with("Tags", self.tags(resource))
    }

    pub(super) fn instance_profile(&self, it: &InstanceProfile) -> Object {
        Object::new().with("Roles", vec![self.id(&it.role)])
    }

    /// A policy document.
    pub(super) fn policy(&self, statements: &[Statement]) -> Expr {
        document(statements.iter().map(|it| self.statement(it)).collect())
    }

    fn principal(&self, it: &Principal) -> Expr {
        match it {
            Principal::Everyone => Expr::from("*"),
            Principal::Service(name) => Object::new().with("Service", *name).into(),
            Principal::RegionalService(name) => {
                let start = Expr::from(format!("{name}."));
                let name =
                    Expr::concat([start, pseudo(Pseudo::Region), Expr::from(".amazonaws.com")]);
                Object::new().with("Service", name).into()
            }
            Principal::Arns(arns) => Object::new().with("AWS", self.texts(arns)).into(),
        }
    }

    fn statement(&self, it: &Statement) -> Expr {
        let principal = it.principal.as_ref().map(|it| self.principal(it));
        let actions: Vec<Expr> = it.actions.iter().map(|it| Expr::from(*it)).collect();
        let conditions = (!it.conditions.is_empty()).then(|| self.conditions(it));
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
    fn conditions(&self, it: &Statement) -> Object {
        it.conditions_by_operator().into_iter().fold(Object::new(), |all, group| {
            let keys = group.keys.into_iter().fold(Object::new(), |keys, (key, values)| {
                let mut values: Vec<Expr> = values.into_iter().map(|it| self.text(it)).collect();
                let value = if values.len() == 1 { values.remove(0) } else { Expr::List(values) };
                keys.with(key, value)
            });
            all.with(group.operator, keys)
        })
    }
}

/// What those who take a role must be allowed.
fn trusted_actions(role: &Role) -> Expr {
    match role.trusted_actions() {
        [one] => Expr::from(*one),
        many => Expr::List(many.iter().map(|it| Expr::from(*it)).collect()),
    }
}

fn document(statements: Vec<Expr>) -> Expr {
    Object::new().with("Version", POLICY_VERSION).with("Statement", statements).into()
}
