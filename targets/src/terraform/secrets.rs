//! Secrets. AWS makes up their values, which pass by: no state and no plan holds one.

use archgen_core::resource::secrets::Secret;
use archgen_core::resource::{Attribute, Resource};
use archgen_core::value::{Part, Text};

use super::address::Address;
use super::expr::{Expr, Object};
use super::module::{Block, Mode, Module};
use super::writer::{Writer, value};

/// A version of a secret, and how others name what is read of one.
pub(super) const VERSION: &str = "aws_secretsmanager_secret_version";
pub(super) const READ_VERSION: &str = "ephemeral.aws_secretsmanager_secret_version";

/// What makes up the value of a secret.
const PASSWORD: &str = "aws_secretsmanager_random_password";
/// The same as others name it.
const MADE_UP_BY: &str = "ephemeral.aws_secretsmanager_random_password";

/// The label of the version with that value.
const MADE_UP: &str = "MADEUP";

impl Writer<'_> {
    pub(super) fn secret(&self, resource: &Resource, it: &Secret, out: &mut Module) {
        let name = match &it.name {
            Some(name) => Object::new().with("name", self.text(name)),
            // A deleted secret keeps its name for weeks.
            None => Object::new().with("name_prefix", self.name_prefix(resource)),
        };
        let replicas = it.replica_regions.iter();
        let replicas = replicas.map(|it| Object::new().with("region", self.text(it)).into());
        let body = name
            .with("description", self.text(&it.description))
            .maybe("kms_key_id", self.optional_text(it.kms_key.as_ref()))
            .list("replica", replicas.collect())
            .with("tags", self.tags(resource));
        let secret = self.store(resource, body);
        let secret = match &it.name {
            Some(_) => secret,
            None => Self::named_once(secret, "name_prefix"),
        };
        let id = secret.address.attribute("id");
        out.add(secret);

        let body = Object::new()
            .with("exclude_punctuation", true)
            .with("password_length", value(&it.generate));
        let password = self.part(resource, PASSWORD, body);
        // Seen from a block that is repeated with the same keys it is that of the key.
        let made_up = Address::of(resource, MADE_UP_BY).attribute("random_password");
        out.add(Block { mode: Mode::Ephemeral, ..password });

        // Written once: a later version is the owner's. Secrets Manager deletes versions without labels, and
        // Terraform would write what is gone again, over the owner's value: this one keeps a label of its
        // own, while the other goes to the version in use.
        // <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
        let body = Object::new()
            .with("secret_id", id)
            .with("secret_string_wo", self.value_of(it, made_up))
            .with("secret_string_wo_version", 1_u32)
            .with("version_stages", vec!["AWSCURRENT".into(), MADE_UP.into()]);
        let mut version = self.part(resource, VERSION, body);
        version.lifecycle.ignore_changes.push("version_stages");
        out.add(version);
    }

    /// What the secret holds: what was made up, or a JSON text with the user and that.
    fn value_of(&self, it: &Secret, made_up: Expr) -> Expr {
        match &it.username {
            None => made_up,
            Some(user) => {
                let all = Object::new().with("username", value(user));
                // All fields are text, as a template has them; a port is a number to the provider.
                let text = |it: &Text| {
                    let port = matches!(&it.0[..], [Part::Attribute(_, Attribute::EndpointPort)]);
                    let text = self.text(it);
                    if port { Expr::call("tostring", [text]) } else { text }
                };
                let all =
                    it.fields.iter().fold(all, |all, (name, it)| all.with(name.clone(), text(it)));
                Expr::call("jsonencode", [all.with("password", made_up).into()])
            }
        }
    }
}
