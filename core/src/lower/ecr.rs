//! Lowers `ecr_repository!`, and the repositories of images.

use super::Lower;
use crate::declare::EcrRepository;
use crate::field::Field;
use crate::resource::{Attribute, Repository};
use crate::service_fields::RepositoryName;
use crate::value::{Text, Value};

/// The known name of a repository: images are pushed to it by people and pipelines, who should know it too.
/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html>
pub fn made_up_name(stem: &str, name: &str) -> String {
    // Letters and digits with single separators between them, as ECR takes it.
    let part = |text: &str| {
        let text: String = text
            .chars()
            .map(|it| if it.is_ascii_alphanumeric() { it.to_ascii_lowercase() } else { '-' })
            .collect();
        text.split('-').filter(|it| !it.is_empty()).collect::<Vec<_>>().join("-")
    };
    format!("{}/{}", part(stem), part(name))
}

fn physical_name(repository: &EcrRepository, cx: &Lower<'_>) -> Text {
    match &repository.repository_name {
        Some(it) => cx.string_text(it),
        None => Text::literal(made_up_name(&cx.stem(), repository.meta.identity())),
    }
}

/// The name of the repository of an image.
pub fn repository_of(field: &Field<RepositoryName>, cx: &Lower<'_>) -> Text {
    match &field.value {
        Value::Literal(RepositoryName::Declared(name)) => {
            match cx.architecture.get::<EcrRepository>(name) {
                Some(it) => physical_name(it, cx),
                None => Text::unknown(),
            }
        }
        Value::Literal(RepositoryName::Name(text)) => cx.text(text),
        Value::Parameter(name) => Text::parameter(name.clone()),
        Value::Unknown => Text::unknown(),
    }
}

/// Lowers a repository.
pub fn lower(repository: &EcrRepository, cx: &mut Lower<'_>) {
    let name = repository.meta.name.as_str();
    let resource = Repository {
        name: physical_name(repository, cx),
        scan_on_push: repository.scan_on_push.value.clone(),
        immutable: repository.immutable.value.clone(),
        keep: repository.keep.as_ref().map(|it| it.value.clone()),
        keep_untagged: repository.keep_untagged.value.clone(),
        kms_key: repository.kms_key.as_ref().map(|it| cx.field_text(it)),
    };
    let resource = cx.add(&repository.meta, &[name, "repository"], resource);
    cx.output(
        &[name, "uri"],
        format!("What images of {name} are pushed to"),
        resource.attribute(Attribute::RepositoryUri),
    );
    cx.output(
        &[name, "name"],
        format!("The name of the repository {name}"),
        resource.attribute(Attribute::Name),
    );
}

#[cfg(test)]
mod tests {
    use super::made_up_name;

    #[test]
    fn names_are_ones_that_ecr_takes() {
        assert_eq!(
            made_up_name("prod-infra-production", "auth_svc"),
            "prod-infra-production/auth-svc"
        );
        assert_eq!(made_up_name("Shop--staging", "_a__B_"), "shop-staging/a-b");
    }
}
