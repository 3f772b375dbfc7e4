//! Roles and what they may do.

use super::Ref;
use crate::value::Text;

/// The version of the language of policies.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
pub const POLICY_VERSION: &str = "2012-10-17";

/// The name of a role's own policy.
pub const ROLE_POLICY: &str = "permissions";

/// A role that an AWS service takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Role {
    /// Who takes it.
    pub trust: Trust,
    /// What it is for.
    pub description: String,
    /// AWS's own policies by their path in the partition, such as `service-role/AmazonEC2ContainerServiceforEC2Role`.
    pub managed_policies: Vec<&'static str>,
    /// What it may do.
    pub statements: Vec<Statement>,
}

/// Who takes a role.
#[derive(Clone, Debug, PartialEq)]
pub enum Trust {
    /// An AWS service, such as `ecs-tasks.amazonaws.com`.
    Service(&'static str),
    /// The roles with these ARNs, for sessions with a tag. In one account this suffices: theirs need not allow it.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user.html>
    Sessions {
        /// The ARNs.
        roles: Vec<Text>,
        /// The key by which conditions ask for the tag, such as `aws:RequestTag/tenant`.
        tag: &'static str,
    },
}

impl Role {
    /// What those who take it must be allowed: pods and services bring tags for their sessions.
    pub fn trusted_actions(&self) -> &'static [&'static str] {
        match &self.trust {
            Trust::Service(service) if *service != super::eks::PODS => &["sts:AssumeRole"],
            Trust::Service(_) | Trust::Sessions { .. } => &["sts:AssumeRole", "sts:TagSession"],
        }
    }

    /// The statement of its trust policy; it is about the role itself.
    pub fn trust_statement(&self) -> Statement {
        let (principal, conditions) = match &self.trust {
            Trust::Service(service) => (Principal::Service(service), Vec::new()),
            Trust::Sessions { roles, tag } => {
                let key = *tag;
                let tagged = Condition { operator: "StringLike", key, value: Text::literal("?*") };
                (Principal::Arns(roles.clone()), vec![tagged])
            }
        };
        Statement {
            principal: Some(principal),
            conditions,
            ..Statement::allow("Trust", self.trusted_actions(), Vec::new())
        }
    }
}

/// Lets EC2 instances take a role.
#[derive(Clone, Debug, PartialEq)]
pub struct InstanceProfile {
    /// The role.
    pub role: Ref<Role>,
}

/// One statement of a policy; every statement here allows unless it says otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// What it is for, in letters and digits.
    pub sid: &'static str,
    /// Whether it allows or denies.
    pub allow: bool,
    /// Who it is about, in policies of resources.
    pub principal: Option<Principal>,
    /// The actions.
    pub actions: Vec<&'static str>,
    /// The resources.
    pub resources: Vec<Text>,
    /// When it holds.
    pub conditions: Vec<Condition>,
}

impl Statement {
    /// Allows `actions` on `resources`.
    pub fn allow(sid: &'static str, actions: &[&'static str], resources: Vec<Text>) -> Statement {
        Statement {
            sid,
            allow: true,
            principal: None,
            actions: actions.to_vec(),
            resources,
            conditions: Vec::new(),
        }
    }
}

/// The conditions of a statement with one operator.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionGroup<'a> {
    /// The operator.
    pub operator: &'static str,
    /// The values by key; several values of one key are alternatives.
    pub keys: Vec<(&'static str, Vec<&'a Text>)>,
}

impl Statement {
    /// Its conditions as policy documents hold them: by operator, then by key.
    pub fn conditions_by_operator(&self) -> Vec<ConditionGroup<'_>> {
        let mut all: Vec<ConditionGroup<'_>> = Vec::new();
        for it in &self.conditions {
            let at = all.iter().position(|other| other.operator == it.operator);
            let at = at.unwrap_or_else(|| {
                all.push(ConditionGroup { operator: it.operator, keys: Vec::new() });
                all.len() - 1
            });
            let keys = &mut all[at].keys;
            match keys.iter_mut().find(|(key, _)| *key == it.key) {
                Some((_, values)) => values.push(&it.value),
                None => keys.push((it.key, vec![&it.value])),
            }
        }
        all
    }
}

/// Who a policy of a resource is about.
#[derive(Clone, Debug, PartialEq)]
pub enum Principal {
    /// Everybody.
    Everyone,
    /// An AWS service.
    Service(&'static str),
    /// An AWS service that has a principal in each Region: `logs` is `logs.REGION.amazonaws.com`.
    RegionalService(&'static str),
    /// Accounts, roles and users, by their ARNs.
    Arns(Vec<Text>),
}

/// A condition of a statement: `StringEquals` on `aws:SourceAccount`, say.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// The operator.
    pub operator: &'static str,
    /// The key.
    pub key: &'static str,
    /// The value.
    pub value: Text,
}
