//! Secrets. CloudFormation makes up their values; none is in a template.

use archgen_core::resource::Resource;
use archgen_core::resource::secrets::Secret;

use super::expr::{Expr, Object};
use super::writer::{Writer, value};

impl Writer<'_> {
    pub(super) fn secret(&self, resource: &Resource, it: &Secret) -> Object {
        let user = it.username.as_ref();
        let template = user.map(|user| {
            // Neither a user's name nor a field has a character that JSON would have to quote.
            let mut parts = vec![Expr::from(r#"{"username":""#), value(user)];
            for (name, text) in &it.fields {
                parts.extend([Expr::from(format!(r#"","{name}":""#)), self.text(text)]);
            }
            parts.push(Expr::from(r#""}"#));
            Expr::concat(parts)
        });
        let generate = Object::new()
            .with("ExcludePunctuation", true)
            .maybe("GenerateStringKey", user.map(|_| "password"))
            .with("PasswordLength", value(&it.generate))
            .maybe("SecretStringTemplate", template);
        let replicas = it.replica_regions.iter();
        let replicas: Vec<Expr> =
            replicas.map(|it| Object::new().with("Region", self.text(it)).into()).collect();
        Object::new()
            .with("Description", self.text(&it.description))
            .with("GenerateSecretString", generate)
            .maybe("KmsKeyId", self.optional_text(it.kms_key.as_ref()))
            .maybe("Name", self.optional_text(it.name.as_ref()))
            .list("ReplicaRegions", replicas)
            .with("Tags", self.tags(resource))
    }
}
