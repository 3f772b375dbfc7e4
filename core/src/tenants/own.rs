//! What a tenant has for itself in place of what is shared: in names, texts, variables and secrets.

use std::collections::BTreeSet;

use super::{DATABASE, LOGIN, TENANT_VARIABLE, name_of};
use crate::declare::{EcsService, Kind};
use crate::field::{DeclarationRef, Field, List, Map, Named};
use crate::loc::Loc;
use crate::node::Reference;
use crate::service_fields::{SecretField, SecretSource};
use crate::tenant_fields::DatabaseIsolation;
use crate::value::{Part, Text};

/// What a tenant has for itself, by the names of what it would use otherwise.
#[derive(Default)]
pub(super) struct Own<'a> {
    pub(super) pool: &'a str,
    pub(super) key: &'a str,
    /// What the physical names of its secrets start with.
    pub(super) prefix: String,
    pub(super) secrets: BTreeSet<String>,
    pub(super) database: Option<(String, DatabaseIsolation)>,
    pub(super) key_arn: Option<Text>,
}

impl Own<'_> {
    /// The name of what stands for a declaration.
    pub(super) fn instead_of(&self, kind: Kind, name: &str) -> Option<String> {
        if kind == Kind::Secret && self.secrets.contains(name) {
            return Some(name_of(self.pool, self.key, Some(name)));
        }
        let (database, how) = self.database.as_ref()?;
        let is_own =
            kind == Kind::RdsPostgres && name == database && *how == DatabaseIsolation::Instance;
        is_own.then(|| name_of(self.pool, self.key, Some(DATABASE)))
    }

    /// A text with the tenant's own things in it.
    fn text(&self, text: &Text) -> Text {
        let part = |it: &Part| match it {
            Part::Member(reference) => Part::Member(self.reference(reference)),
            Part::Literal(_)
            | Part::Parameter(_)
            | Part::Attribute(..)
            | Part::Pseudo(_)
            | Part::Unknown => it.clone(),
        };
        Text(text.0.iter().map(part).collect())
    }

    fn reference(&self, it: &Reference) -> Reference {
        let shared = self.database.as_ref().filter(|_| it.kind == Kind::RdsPostgres);
        if let Some((database, DatabaseIsolation::Schema | DatabaseIsolation::Database)) = shared
            && it.name == *database
            && it.member.as_deref() == Some("secret")
        {
            // The master user's credentials are nobody's.
            return Reference {
                kind: Kind::Secret,
                name: name_of(self.pool, self.key, Some(LOGIN)),
                member: Some("arn".to_string()),
            };
        }
        match self.instead_of(it.kind, &it.name) {
            Some(name) => Reference { name, ..it.clone() },
            None => it.clone(),
        }
    }
}

/// The variables of a tenant's service: its own things where shared ones stood.
pub(super) fn environment(
    like: &EcsService,
    key: &str,
    own: &Own<'_>,
    loc: Loc,
) -> Field<Map<Text>> {
    let tenant = Named {
        name: TENANT_VARIABLE.to_string(),
        loc,
        field: Field::new(Text::literal(key), loc),
    };
    let Some(given) = &like.environment else { return Field::new(Map(vec![tenant]), loc) };
    let value = given.value.map_ref(|map| {
        let own = map.0.iter().filter(|it| it.name != TENANT_VARIABLE).map(|it| {
            let value = it.field.value.map_ref(|it| own.text(it));
            Named { field: Field { value, loc: it.field.loc }, ..it.clone() }
        });
        Map(own.chain([tenant]).collect())
    });
    Field { value, loc: given.loc }
}

/// The secrets of a tenant's service.
pub(super) fn secrets(given: &Field<List<SecretField>>, own: &Own<'_>) -> Field<List<SecretField>> {
    let source = |it: &SecretSource| match it {
        SecretSource::Secret(it) => {
            let name = own.instead_of(Kind::Secret, &it.name);
            SecretSource::Secret(DeclarationRef::new(name.unwrap_or_else(|| it.name.clone())))
        }
        SecretSource::Arn(it) => SecretSource::Arn(own.text(it)),
        SecretSource::Unknown => SecretSource::Unknown,
    };
    let value = given.value.map_ref(|list| {
        let each = list.iter().map(|field| {
            let value = field.value.map_ref(|it| {
                // A bare secret becomes the variable of its own name, not of the tenant's one.
                let variable = it
                    .variable
                    .clone()
                    .or_else(|| Some(Field::new(it.variable_name()?, field.loc)));
                SecretField { variable, source: source(&it.source) }
            });
            Field { value, loc: field.loc }
        });
        each.collect()
    });
    Field { value, loc: given.loc }
}
