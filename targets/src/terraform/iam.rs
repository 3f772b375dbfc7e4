//! Roles, instance profiles and policy documents.

use archgen_core::resource::iam::{
    InstanceProfile, POLICY_VERSION, Principal, ROLE_POLICY, Role, Statement,
};
use archgen_core::resource::{Ref, Resource};
use archgen_core::value::Pseudo;

use super::address::{Address, Key, identifier};
use super::expr::{Expr, Object};
use super::module::{Block, Module};
use super::writer::{Writer, description, pseudo};

/// The policy of a role itself. Inline in the role it is deprecated.
const OWN_POLICY: &str = "aws_iam_role_policy";
/// AWS's policies on a role.
const AWS_POLICY: &str = "aws_iam_role_policy_attachment";

/// The address of a role's use of a policy of AWS: one of several by the policy, or where the role itself is one of
/// several, by the role's key.
fn attachment(resource: &Resource, policy: &str) -> Address {
    let whole = Address::of(resource, AWS_POLICY);
    match whole.key {
        Key::None | Key::Each => Address { key: Key::Literal(policy.to_string()), ..whole },
        Key::Literal(_) => {
            let last = policy.rsplit('/').next().unwrap_or(policy);
            Address { name: identifier(&format!("{}_{last}", whole.name)), ..whole }
        }
    }
}

impl Writer<'_> {
    pub(super) fn role(&self, resource: &Resource, it: &Role, out: &mut Module) {
        let said = it.trust_statement();
        let trust: Expr = Object::new()
            .with("Effect", "Allow")
            .maybe("Principal", said.principal.as_ref().map(|it| self.principal(it)))
            .with("Action", trusted_actions(it))
            .maybe("Condition", (!said.conditions.is_empty()).then(|| self.conditions(&said)))
            .into();
        let trust = self.document(out, resource, "trust", document(vec![trust]));
        let role = Object::new()
            .with("assume_role_policy", trust)
            .with("description", description(&it.description, 1000))
            .with("tags", self.tags(resource));
        out.add(self.block(resource, role));
        let name = self.address(&resource.id).attribute("name");
        if !it.statements.is_empty() {
            let policy = self.policy(&it.statements);
            let policy = self.document(out, resource, "permissions", policy);
            let policy = Object::new()
                .with("name", ROLE_POLICY)
                .with("policy", policy)
                .with("role", name.clone());
            out.add(self.part(resource, OWN_POLICY, policy));
        }
        for policy in &it.managed_policies {
            let arn = Expr::concat([
                Expr::from("arn:"),
                pseudo(Pseudo::Partition),
                Expr::from(format!(":iam::aws:policy/{policy}")),
            ]);
            let body = Object::new().with("policy_arn", arn).with("role", name.clone());
            let block = self.part(resource, AWS_POLICY, body);
            out.add(Block { address: attachment(resource, policy), ..block });
        }
    }

    pub(super) fn instance_profile(
        &self,
        resource: &Resource,
        it: &InstanceProfile,
        out: &mut Module,
    ) {
        let body = Object::new().with("role", self.id(&it.role)).with("tags", self.tags(resource));
        out.add(self.waits_for_permissions(self.block(resource, body), &[&it.role]));
    }

    /// A block that uses roles: what a role may do are resources of their own here, and must be there
    /// before somebody takes the role, and as long.
    pub(super) fn waits_for_permissions(&self, mut block: Block, roles: &[&Ref<Role>]) -> Block {
        for reference in roles {
            let role = self.get(reference);
            let resource = self.resource(reference.id());
            if !role.statements.is_empty() {
                block.depends_on.insert(Address::of(resource, OWN_POLICY));
            }
            let attachments = role.managed_policies.iter();
            // Waiting for one of several that differ in their key is waiting for all.
            block.depends_on.extend(
                attachments
                    .map(|it| attachment(resource, it))
                    .map(|it| Address { key: Address::of(resource, AWS_POLICY).key, ..it }),
            );
        }
        block
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
