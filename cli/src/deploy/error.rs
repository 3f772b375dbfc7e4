//! What can go wrong in a deployment, with the code and the help of each.

use std::time::Duration;

use super::origin::Place;
use crate::error::{EXIT_FINDINGS, EXIT_TOOL};
use crate::output::{self, Paint};

/// Any error below this one.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{} without a default {} no value: {}", output::count(names.len(), "parameter"), if names.len() == 1 { "has" } else { "have" }, output::list(names))]
    ParametersMissing { names: Vec<String> },
    #[error("the template has no parameter `{name}`")]
    UnknownParameter { name: String, similar: Option<String>, known: Vec<String> },
    #[error("the parameter `{name}` is given twice")]
    ParameterTwice { name: String },
    #[error("the parameter `{name}` does not allow the value `{value}`")]
    ParameterValue { name: String, value: String, allowed: Vec<String> },
    #[error("`{name}` is not a name for a stack")]
    StackName { name: String },
    #[error("the template is not what CloudFormation expects")]
    Template { source: serde_json::Error },
    #[error("the template has {bytes} bytes, and a request takes 51200")]
    NeedsBucket { bytes: usize },
    #[error("the template has {bytes} bytes, and CloudFormation takes 1000000")]
    TooLarge { bytes: usize },
    #[error("deploying needs a confirmation, and there is no terminal to ask on")]
    NoTerminal,
    #[error("not confirmed, so nothing was deployed")]
    Declined,
    #[error("cannot read the answer")]
    Prompt { source: std::io::Error },
    #[error("the stack `{stack}` is {status} and takes no deployment")]
    StackState { stack: String, status: String },
    #[error("no change set could be made for the stack `{stack}`: {reason}")]
    ChangeSet { stack: String, reason: String },
    #[error("the stack `{stack}` failed{}", first.as_ref().map(|it| format!(": {it}")).unwrap_or_default())]
    Failed {
        stack: String,
        status: String,
        reason: Option<String>,
        first: Option<Box<FirstFailure>>,
    },
    #[error("the stack `{stack}` was still busy after {}", minutes(*.after))]
    Timeout { stack: String, after: Duration },
    #[error("interrupted; {}", if *.executing { "the stack operation goes on without this command" } else { "nothing was deployed" })]
    Interrupted { stack: String, executing: bool },
    #[error("{operation} failed{}", code.as_ref().map(|it| format!(" ({it})")).unwrap_or_default())]
    Api { operation: &'static str, code: Option<String>, source: Cause },
    #[error("there are no AWS credentials")]
    Credentials { source: Cause },
    #[error("no AWS region is set")]
    NoRegion,
    #[error("cannot start the network runtime")]
    Runtime { source: std::io::Error },
}

/// The resource whose failure made the stack fail.
#[derive(Debug)]
pub struct FirstFailure {
    pub logical_id: String,
    pub resource_type: String,
    pub status: String,
    pub reason: Option<String>,
    /// The declaration it comes from (a rule has no name) and its source line.
    pub origin: Option<(String, Place)>,
}

impl std::fmt::Display for FirstFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` ({})", self.logical_id, self.resource_type)?;
        if let Some((declaration, _)) = &self.origin
            && !declaration.is_empty()
        {
            write!(f, " of `{declaration}`")?;
        }
        write!(f, " is {}", self.status)
    }
}

impl Error {
    /// The code `archgen explain` takes.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Error::ParametersMissing { .. } => Some("AG0920"),
            Error::UnknownParameter { .. }
            | Error::ParameterTwice { .. }
            | Error::ParameterValue { .. } => Some("AG0921"),
            Error::NoTerminal => Some("AG0922"),
            Error::NeedsBucket { .. } | Error::TooLarge { .. } => Some("AG0923"),
            Error::StackState { .. } | Error::StackName { .. } => Some("AG0924"),
            Error::ChangeSet { .. } => Some("AG0925"),
            Error::Failed { .. } => Some("AG0926"),
            Error::Timeout { .. } | Error::Interrupted { .. } => Some("AG0927"),
            Error::Api { .. } => Some("AG0928"),
            Error::Credentials { .. } | Error::NoRegion => Some("AG0929"),
            Error::Template { .. }
            | Error::Declined
            | Error::Prompt { .. }
            | Error::Runtime { .. } => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        match self {
            Error::ParametersMissing { names } => {
                let usage: Vec<String> = names.iter().map(|it| format!("--param {it}=…")).collect();
                Some(format!("pass `{}`", usage.join(" ")))
            }
            Error::UnknownParameter { similar: Some(similar), .. } => {
                Some(format!("did you mean `{similar}`?"))
            }
            Error::UnknownParameter { similar: None, known, .. } if known.is_empty() => {
                Some("it has no parameters".to_owned())
            }
            Error::UnknownParameter { similar: None, known, .. } => {
                Some(format!("it has {}", output::list(known)))
            }
            Error::ParameterTwice { .. } => {
                Some("pass `--param` once for each parameter".to_owned())
            }
            Error::ParameterValue { allowed, .. } => {
                Some(format!("it allows {}", output::list(allowed)))
            }
            Error::StackName { .. } => Some(
                "use at most 128 letters, digits and hyphens, and begin with a letter".to_owned(),
            ),
            Error::NeedsBucket { .. } => Some(
                "pass `--bucket` with the name of a bucket that the template may go through"
                    .to_owned(),
            ),
            Error::TooLarge { .. } => Some("split the architecture into several".to_owned()),
            Error::NoTerminal => Some("pass `--yes` to deploy without being asked".to_owned()),
            Error::StackState { stack, status } => Some(state_help(stack, status)),
            Error::Failed { stack, status, .. } if status == "ROLLBACK_COMPLETE" => {
                Some(format!("correct the declaration, then {}", delete_help(stack)))
            }
            Error::Timeout { stack, .. } | Error::Interrupted { stack, executing: true } => {
                Some(format!(
                    "follow it with `aws cloudformation describe-stack-events --stack-name {stack}`"
                ))
            }
            Error::Credentials { .. } => {
                Some("set `AWS_PROFILE`, or sign in with `aws sso login`".to_owned())
            }
            Error::NoRegion => Some("set `AWS_REGION`, or a profile with a region".to_owned()),
            Error::Template { .. }
            | Error::Declined
            | Error::Prompt { .. }
            | Error::ChangeSet { .. }
            | Error::Failed { .. }
            | Error::Interrupted { executing: false, .. }
            | Error::Api { .. }
            | Error::Runtime { .. } => None,
        }
    }

    /// 1 where AWS could not run the architecture, 2 where the command could not do its job.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::ChangeSet { .. } | Error::Failed { .. } => EXIT_FINDINGS,
            Error::ParametersMissing { .. }
            | Error::UnknownParameter { .. }
            | Error::ParameterTwice { .. }
            | Error::ParameterValue { .. }
            | Error::StackName { .. }
            | Error::Template { .. }
            | Error::NeedsBucket { .. }
            | Error::TooLarge { .. }
            | Error::NoTerminal
            | Error::Declined
            | Error::Prompt { .. }
            | Error::StackState { .. }
            | Error::Timeout { .. }
            | Error::Interrupted { .. }
            | Error::Api { .. }
            | Error::Credentials { .. }
            | Error::NoRegion
            | Error::Runtime { .. } => EXIT_TOOL,
        }
    }

    /// For a failed stack, the source line of the declaration and AWS's reason.
    pub fn excerpt(&self, paint: Paint) -> String {
        let Error::Failed { status, reason, first, .. } = self else {
            return String::new();
        };
        let mut text = String::new();
        if let Some((_, place)) = first.as_ref().and_then(|it| it.origin.as_ref()) {
            text += &place.excerpt(paint);
        }
        if let Some(cause) = first.as_ref().and_then(|it| it.reason.as_ref()) {
            text += &format!("  {} cause: {cause}\n", paint.blue("="));
        }
        let reason = reason.as_ref().map(|it| format!(": {it}")).unwrap_or_default();
        text + &format!("  {} note: the stack is {status}{reason}\n", paint.blue("="))
    }
}

fn state_help(stack: &str, status: &str) -> String {
    if status.ends_with("_IN_PROGRESS") {
        "wait until the operation that is going on has ended".to_owned()
    } else if status == "UPDATE_ROLLBACK_FAILED" {
        format!(
            "continue the rollback with `aws cloudformation continue-update-rollback --stack-name {stack}`"
        )
    } else {
        delete_help(stack)
    }
}

fn delete_help(stack: &str) -> String {
    format!(
        "delete the stack with `aws cloudformation delete-stack --stack-name {stack}` and deploy again"
    )
}

fn minutes(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds.is_multiple_of(60) {
        format!("{} min", seconds / 60)
    } else {
        format!("{seconds} s")
    }
}
