//! The change set: making it, waiting for it, reading what it would do, executing or deleting it.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{Capability, ChangeSetType, Parameter, ResourceChange};
use tokio::time::Instant;

use super::Error;
use super::aws::{self, Aws};
use super::pace::Pace;
use super::parameters::Setting;
use super::plan::{Change, Kind};
use super::stack::Way;
use super::upload::Source;

/// A change set that AWS has accepted.
pub struct ChangeSet {
    pub id: String,
    pub stack_id: String,
}

/// What became of it.
pub enum Outcome {
    Ready(Vec<Change>),
    /// The stack is as the template says already.
    NoChanges,
    Failed(String),
}

/// Asks for a change set; `None` when it is clear at once that nothing would change.
pub async fn create(
    aws: &Aws,
    stack: &str,
    way: Way,
    source: &Source,
    settings: &BTreeMap<String, Setting>,
) -> Result<Option<ChangeSet>, Error> {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let kind = match way {
        Way::Create { .. } => ChangeSetType::Create,
        Way::Update => ChangeSetType::Update,
    };
    let request = aws
        .cloudformation
        .create_change_set()
        .stack_name(stack)
        .change_set_name(format!("archgen-{seconds}-{}", std::process::id()))
        .change_set_type(kind)
        .capabilities(Capability::CapabilityNamedIam)
        .set_parameters(Some(settings.iter().map(parameter).collect()));
    let request = match source {
        Source::Body(text) => request.template_body(text),
        Source::Url(url) => request.template_url(url),
    };
    let output = match request.send().await {
        Ok(output) => output,
        Err(error) if error.message().is_some_and(says_no_changes) => return Ok(None),
        Err(error) => return Err(aws::failed("CreateChangeSet")(error)),
    };
    Ok(Some(ChangeSet {
        id: output.id().unwrap_or_default().to_owned(),
        stack_id: output.stack_id().unwrap_or(stack).to_owned(),
    }))
}

fn parameter((name, setting): (&String, &Setting)) -> Parameter {
    let parameter = Parameter::builder().parameter_key(name);
    match setting {
        Setting::Value(value) => parameter.parameter_value(value).build(),
        Setting::Previous => parameter.use_previous_value(true).build(),
    }
}

/// Waits until AWS knows what would change.
pub async fn wait(
    aws: &Aws,
    change_set: &ChangeSet,
    deadline: Instant,
) -> Result<Option<Outcome>, Error> {
    let mut pace = Pace::new();
    loop {
        let page = describe(aws, change_set, None).await?;
        match page.status().map(|it| it.as_str()) {
            Some("CREATE_COMPLETE") => {
                return changes(aws, change_set, page).await.map(|it| Some(Outcome::Ready(it)));
            }
            Some("FAILED") => {
                let reason = page.status_reason().unwrap_or("AWS gave no reason").to_owned();
                return Ok(Some(if says_no_changes(&reason) {
                    Outcome::NoChanges
                } else {
                    Outcome::Failed(reason)
                }));
            }
            Some(_) | None => {}
        }
        if !pace.wait(deadline).await {
            return Ok(None);
        }
    }
}

fn says_no_changes(reason: &str) -> bool {
    reason.contains("didn't contain changes") || reason.contains("No updates are to be performed")
}

async fn describe(
    aws: &Aws,
    change_set: &ChangeSet,
    token: Option<String>,
) -> Result<DescribeChangeSetOutput, Error> {
    aws.cloudformation
        .describe_change_set()
        .change_set_name(&change_set.id)
        .stack_name(&change_set.stack_id)
        .set_next_token(token)
        .send()
        .await
        .map_err(aws::failed("DescribeChangeSet"))
}

/// The changes of all pages.
async fn changes(
    aws: &Aws,
    change_set: &ChangeSet,
    first: DescribeChangeSetOutput,
) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    let mut page = first;
    loop {
        changes.extend(page.changes().iter().filter_map(|it| it.resource_change()).map(read));
        match page.next_token() {
            Some(token) if !token.is_empty() => {
                page = describe(aws, change_set, Some(token.to_owned())).await?
            }
            Some(_) | None => return Ok(changes),
        }
    }
}

fn read(change: &ResourceChange) -> Change {
    let replacement = change.replacement().map(|it| it.as_str());
    let (kind, note) = match (change.action().map(|it| it.as_str()), replacement) {
        (Some("Add"), _) => (Kind::Add, None),
        (Some("Import"), _) => (Kind::Add, Some("imported")),
        (Some("Remove"), _) => (Kind::Remove, None),
        (_, Some("True")) => (Kind::Replace, None),
        (_, Some("Conditional")) => (Kind::Replace, Some("perhaps")),
        (Some("Dynamic"), _) => (Kind::Change, Some("depends on other resources")),
        _ => (Kind::Change, None),
    };
    let mut properties: Vec<String> = change
        .details()
        .iter()
        .filter_map(|it| it.target())
        .filter_map(|it| it.name().or_else(|| it.attribute().map(|it| it.as_str())))
        .map(str::to_owned)
        .collect();
    properties.sort_unstable();
    properties.dedup();
    Change {
        kind,
        logical_id: change.logical_resource_id().unwrap_or_default().to_owned(),
        resource_type: change.resource_type().unwrap_or_default().to_owned(),
        properties,
        note,
    }
}

/// Starts the stack operation.
pub async fn execute(aws: &Aws, change_set: &ChangeSet) -> Result<(), Error> {
    aws.cloudformation
        .execute_change_set()
        .change_set_name(&change_set.id)
        .stack_name(&change_set.stack_id)
        .send()
        .await
        .map(|_| ())
        .map_err(aws::failed("ExecuteChangeSet"))
}

/// Deletes a change set that is not wanted, and the empty stack if one was made for it.
pub async fn discard(aws: &Aws, change_set: &ChangeSet, way: Way) {
    let request = aws.cloudformation.delete_change_set().change_set_name(&change_set.id);
    let _ = request.stack_name(&change_set.stack_id).send().await;
    match way {
        Way::Create { shell: false } => super::stack::remove_shell(aws, &change_set.stack_id).await,
        Way::Create { shell: true } | Way::Update => {}
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudformation::types::{
        ChangeAction, Replacement, ResourceChangeDetail, ResourceTargetDefinition,
    };

    use super::*;

    #[test]
    fn both_texts_of_an_empty_change_set_are_known() {
        assert!(says_no_changes(
            "The submitted information didn't contain changes. Submit different information to create a change set."
        ));
        assert!(says_no_changes("No updates are to be performed."));
        assert!(!says_no_changes("Transform failed"));
    }

    #[test]
    fn replacement_is_told_from_change() {
        let target = ResourceTargetDefinition::builder().name("CidrBlock").build();
        let detail = ResourceChangeDetail::builder().target(target).build();
        let change = ResourceChange::builder()
            .action(ChangeAction::Modify)
            .details(detail.clone())
            .details(detail)
            .logical_resource_id("Network");
        let replaced = read(&change.clone().replacement(Replacement::True).build());
        assert_eq!(
            (replaced.kind, replaced.properties),
            (Kind::Replace, vec!["CidrBlock".to_owned()])
        );
        let perhaps = read(&change.clone().replacement(Replacement::Conditional).build());
        assert_eq!((perhaps.kind, perhaps.note), (Kind::Replace, Some("perhaps")));
        assert_eq!(
            read(&change.clone().replacement(Replacement::False).build()).kind,
            Kind::Change
        );
        // some APIs leave the field out
        assert_eq!(read(&change.build()).kind, Kind::Change);
    }
}
