//! Checks of `ecr_repository!`, and of services that run its images (AG0422).

use super::Context;
use super::findings::{bad_name, limit};
use crate::codes::Code;
use crate::declare::{EcrRepository, EcsService};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::service_fields::{Image, RepositoryName};
use crate::types::{Count, Days};

/// Why ECR does not take a name.
/// <https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html>
fn problem(name: &str) -> Option<&'static str> {
    let plain = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    if !(2..=256).contains(&name.len()) {
        return Some("it has not 2 to 256 characters");
    }
    if !name.bytes().all(|it| plain(it) || b"._-/".contains(&it)) {
        return Some("only lower-case letters, digits, `.`, `_`, `-` and `/` may stand in it");
    }
    for part in name.split('/') {
        if !part.bytes().next().is_some_and(plain) || !part.bytes().last().is_some_and(plain) {
            return Some("each part between `/` starts and ends with a letter or digit");
        }
        // Several hyphens in a row, or two underscores, may separate.
        let separators =
            part.split(|it: char| it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
        for it in separators {
            if it.len() > 1 && it != "__" && !it.bytes().all(|it| it == b'-') {
                return Some("it has several separators in a row");
            }
        }
    }
    None
}

/// Checks a repository.
pub fn check(repository: &EcrRepository, cx: &mut Context<'_>) {
    if let Some(field) = &repository.repository_name
        && let Some(name) = field.literal()
        && let Some(why) = problem(name)
    {
        bad_name(cx, field.loc, "a repository", name, why, "write one such as `shop/backend`");
    }
    if let Some(field) = &repository.keep
        && field.literal() == Some(&Count(0))
    {
        limit(
            cx,
            field.loc,
            "`keep` cannot be 0",
            "give the number of images to keep, or leave it out",
        );
    }
    if repository.keep_untagged.literal() == Some(&Days(0)) {
        let help = "give `1day` or more";
        limit(cx, repository.keep_untagged.loc, "`keep_untagged` cannot be 0 days", help);
    }
    for service in cx.architecture.all::<EcsService>() {
        used(repository, service, cx);
    }
}

/// AG0422: a service runs images of a repository that is made together with it.
fn used(repository: &EcrRepository, service: &EcsService, cx: &mut Context<'_>) {
    let name = &repository.meta.name;
    let Some(Image::Ecr(image)) = service.image.literal() else { return };
    let field: &Field<RepositoryName> = &image.repository;
    if field.literal() != Some(&RepositoryName::Declared(name.clone())) {
        return;
    }
    let user = &service.meta.name;
    cx.push(
        Diagnostic::new(
            Code::AG0422,
            field.loc,
            format!("`{user}` runs an image of `{name}`, which is made together with it and then empty"),
        )
        .note(
            "the first deployment waits for tasks that cannot start, and fails; later ones find the image",
        )
        .help(format!(
            "declare `{name}` in an architecture that is deployed before, and write its name here, or push \
             an image while the first deployment waits"
        )),
    );
}

#[cfg(test)]
#[path = "ecr_tests.rs"]
mod tests;
