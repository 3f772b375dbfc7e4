//! The stack itself: whether it exists, its state, its parameters and outputs.

use aws_sdk_cloudformation::error::ProvideErrorMetadata;

use super::Error;
use super::aws::{self, Aws};

/// A stack as AWS describes it.
#[derive(Debug, Default)]
pub struct Stack {
    pub status: String,
    pub reason: Option<String>,
    /// The names of its parameters.
    pub parameters: Vec<String>,
    pub outputs: Vec<(String, String)>,
    /// The names under which it exports some of them.
    pub exports: Vec<String>,
}

/// Describes a stack by name or ARN; `None` when it does not exist.
pub async fn describe(aws: &Aws, stack: &str) -> Result<Option<Stack>, Error> {
    let result = aws.cloudformation.describe_stacks().stack_name(stack).send().await;
    let output = match result {
        Ok(output) => output,
        Err(error) => {
            let absent = error.as_service_error().is_some_and(|it| {
                it.code() == Some("ValidationError")
                    && it.message().is_some_and(|it| it.contains("does not exist"))
            });
            return if absent { Ok(None) } else { Err(aws::failed("DescribeStacks")(error)) };
        }
    };
    let Some(stack) = output.stacks().first() else {
        return Ok(None);
    };
    let status = stack.stack_status().map(|it| it.as_str().to_owned()).unwrap_or_default();
    if status == "DELETE_COMPLETE" {
        return Ok(None);
    }
    let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
    Ok(Some(Stack {
        status,
        reason: stack.stack_status_reason().map(str::to_owned),
        parameters: stack.parameters().iter().map(|it| text(it.parameter_key())).collect(),
        outputs: stack
            .outputs()
            .iter()
            .map(|it| (text(it.output_key()), text(it.output_value())))
            .collect(),
        exports: stack
            .outputs()
            .iter()
            .filter_map(|it| it.export_name())
            .map(str::to_owned)
            .collect(),
    }))
}

/// The template that a stack was last deployed from.
pub async fn template(aws: &Aws, stack: &str) -> Result<String, Error> {
    let request = aws.cloudformation.get_template().stack_name(stack);
    let output = request.send().await.map_err(aws::failed("GetTemplate"))?;
    Ok(output.template_body().unwrap_or_default().to_owned())
}

/// The logical IDs and types of a stack's resources.
pub async fn resources(aws: &Aws, stack: &str) -> Result<Vec<(String, String)>, Error> {
    let mut all = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let request = aws.cloudformation.list_stack_resources().stack_name(stack);
        let page = request
            .set_next_token(token)
            .send()
            .await
            .map_err(aws::failed("ListStackResources"))?;
        let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
        let found = page.stack_resource_summaries().iter();
        all.extend(found.map(|it| (text(it.logical_resource_id()), text(it.resource_type()))));
        token = page.next_token().filter(|it| !it.is_empty()).map(str::to_owned);
        if token.is_none() {
            return Ok(all);
        }
    }
}

/// The names of the stacks of which name and description are wanted.
pub async fn described(
    aws: &Aws,
    wanted: impl Fn(&str, &str) -> bool,
) -> Result<Vec<String>, Error> {
    let mut all = Vec::new();
    let mut token: Option<String> = None;
    loop {
        let page = aws
            .cloudformation
            .list_stacks()
            .set_next_token(token)
            .send()
            .await
            .map_err(aws::failed("ListStacks"))?;
        for it in page.stack_summaries() {
            let (Some(name), Some(description)) = (it.stack_name(), it.template_description())
            else {
                continue;
            };
            // Those that are gone are listed for 90 days.
            let gone = it.stack_status().is_some_and(|it| it.as_str() == "DELETE_COMPLETE");
            if !gone && wanted(name, description) {
                all.push(name.to_owned());
            }
        }
        token = page.next_token().filter(|it| !it.is_empty()).map(str::to_owned);
        if token.is_none() {
            return Ok(all);
        }
    }
}

/// Whether a deployment makes the stack or changes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// There is no stack, or only the empty one of an earlier change set.
    Create {
        shell: bool,
    },
    Update,
}

/// The way to deploy onto this stack, or why there is none.
pub fn way(name: &str, stack: Option<&Stack>) -> Result<Way, Error> {
    let Some(stack) = stack else {
        return Ok(Way::Create { shell: false });
    };
    match stack.status.as_str() {
        "REVIEW_IN_PROGRESS" => Ok(Way::Create { shell: true }),
        "ROLLBACK_COMPLETE" | "ROLLBACK_FAILED" | "DELETE_FAILED" | "UPDATE_ROLLBACK_FAILED" => {
            refused(name, stack)
        }
        status if status.ends_with("_IN_PROGRESS") => refused(name, stack),
        _ => Ok(Way::Update),
    }
}

fn refused(name: &str, stack: &Stack) -> Result<Way, Error> {
    Err(Error::StackState { stack: name.to_owned(), status: stack.status.clone() })
}

/// Whether nothing goes on in the stack any more.
pub fn is_at_rest(status: &str) -> bool {
    !status.is_empty() && !status.ends_with("_IN_PROGRESS")
}

/// Whether the stack is what was asked for.
pub fn is_success(status: &str) -> bool {
    matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "IMPORT_COMPLETE")
}

/// Removes the empty stack that a change set made, if that is still all there is.
pub async fn remove_shell(aws: &Aws, stack: &str) {
    if let Ok(Some(found)) = describe(aws, stack).await
        && found.status == "REVIEW_IN_PROGRESS"
    {
        let _ = aws.cloudformation.delete_stack().stack_name(stack).send().await;
    }
}

/// The stack's default name: letters, digits and hyphens.
pub fn default_name(architecture: &str, environment: &str) -> String {
    archgen::cloudformation::stack_name(architecture, environment)
}

/// CloudFormation's rule for names of stacks.
pub fn verify_name(name: &str) -> Result<(), Error> {
    let begins = name.starts_with(|it: char| it.is_ascii_alphabetic());
    if begins && name.len() <= 128 && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '-')
    {
        return Ok(());
    }
    Err(Error::StackName { name: name.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_state(status: &str) -> Result<Way, Error> {
        way("s", Some(&Stack { status: status.to_owned(), ..Stack::default() }))
    }

    #[test]
    fn the_state_decides_the_way() {
        assert_eq!(way("s", None).ok(), Some(Way::Create { shell: false }));
        assert_eq!(in_state("REVIEW_IN_PROGRESS").ok(), Some(Way::Create { shell: true }));
        assert_eq!(in_state("UPDATE_ROLLBACK_COMPLETE").ok(), Some(Way::Update));
        for state in ["ROLLBACK_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"] {
            assert!(matches!(in_state(state), Err(Error::StackState { .. })), "{state}");
        }
    }

    #[test]
    fn only_whole_states_count_as_the_end() {
        assert!(is_at_rest("ROLLBACK_COMPLETE") && !is_success("ROLLBACK_COMPLETE"));
        assert!(!is_at_rest("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"));
        assert!(is_success("UPDATE_COMPLETE"));
    }

    #[test]
    fn names_of_stacks_are_valid() {
        assert_eq!(default_name("prod_infra", "staging"), "prod-infra-staging");
        assert!(verify_name("prod-infra-staging").is_ok());
        for name in ["", "1a", "a_b", &"a".repeat(129)] {
            assert!(verify_name(name).is_err(), "{name}");
        }
    }
}
