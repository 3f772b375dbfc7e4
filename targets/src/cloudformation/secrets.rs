//! Secrets. CloudFormation makes up their values; none is in a template.

use archgen_core::resource::Resource;
use archgen_core::resource::secrets::Secret;

use super::expr::{Expr, Object};
use super::writer::{Writer, value};

impl Writer<'_> {
    pub(super) fn secret(&self, resource: &Resource, it: &Secret) -> Object {
        let user = it.username.as_ref();
        let template = user.map(|it| {
            // A user's name has no character that JSON would have to quote (AG0502).
            Expr::concat([Expr::from(r#"{"username":""#), value(it), Expr::from(r#""}"#)])
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
