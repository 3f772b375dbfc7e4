//! Following a stack operation by the stack's events, and finding what failed first.

use std::collections::BTreeSet;

use aws_sdk_cloudformation::types::StackEvent;
use tokio::time::Instant;

use super::Error;
use super::aws::{self, Aws};
use super::pace::Pace;
use super::progress::Progress;
use super::stack::{self, Stack};

/// How often in a row a question to AWS may fail before we give up following.
const PATIENCE: usize = 5;
/// After how many questions without any event the state of the stack alone decides.
const SILENCE: usize = 20;

/// One event of the operation.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: String,
    pub logical_id: String,
    pub resource_type: String,
    pub status: String,
    pub reason: Option<String>,
    /// About the stack as a whole.
    pub is_stack: bool,
}

/// The events of one stack since a moment.
pub struct Events<'a> {
    aws: &'a Aws,
    stack_id: &'a str,
    seen: BTreeSet<String>,
    /// All that came since, in order.
    pub since: Vec<Event>,
}

impl<'a> Events<'a> {
    /// Remembers the events there are, so that only later ones count.
    pub async fn starting_now(aws: &'a Aws, stack_id: &'a str) -> Result<Events<'a>, Error> {
        let mut events = Events { aws, stack_id, seen: BTreeSet::new(), since: Vec::new() };
        events.fresh().await?;
        events.since.clear();
        Ok(events)
    }

    /// The events that came since the last call, oldest first.
    pub async fn fresh(&mut self) -> Result<Vec<Event>, Error> {
        let mut fresh = Vec::new();
        let mut token: Option<String> = None;
        loop {
            let request = self.aws.cloudformation.describe_stack_events().stack_name(self.stack_id);
            let page = request
                .set_next_token(token)
                .send()
                .await
                .map_err(aws::failed("DescribeStackEvents"))?;
            // AWS gives the newest first.
            let mut known = false;
            for event in page.stack_events() {
                let event = read(event, self.stack_id);
                if self.seen.contains(&event.id) {
                    known = true;
                } else {
                    fresh.push(event);
                }
            }
            token = page.next_token().filter(|it| !it.is_empty()).map(str::to_owned);
            if known || token.is_none() {
                break;
            }
        }
        fresh.reverse();
        self.seen.extend(fresh.iter().map(|it| it.id.clone()));
        self.since.extend(fresh.iter().cloned());
        Ok(fresh)
    }

    /// Shows events until the operation is over; `None` when the deadline came first.
    pub async fn follow(
        &mut self,
        progress: &mut Progress<'_>,
        deadline: Instant,
    ) -> Result<Option<Stack>, Error> {
        let mut pace = Pace::new();
        let (mut failures, mut silent) = (0, 0);
        loop {
            match self.fresh().await {
                Ok(fresh) => {
                    failures = 0;
                    silent = if fresh.is_empty() { silent + 1 } else { 0 };
                    if !fresh.is_empty() {
                        pace.hurry();
                    }
                    for event in &fresh {
                        progress.event(event);
                    }
                }
                Err(error) => {
                    failures += 1;
                    if failures == PATIENCE {
                        return Err(error);
                    }
                }
            }
            let last = self.since.iter().rev().find(|it| it.is_stack);
            if last.is_some_and(|it| stack::is_at_rest(&it.status)) || silent >= SILENCE {
                let described = stack::describe(self.aws, self.stack_id).await?.unwrap_or_default();
                if stack::is_at_rest(&described.status) {
                    return Ok(Some(described));
                }
            }
            if !pace.wait(deadline).await {
                return Ok(None);
            }
        }
    }
}

fn read(event: &StackEvent, stack_id: &str) -> Event {
    let text = |it: Option<&str>| it.unwrap_or_default().to_owned();
    Event {
        id: text(event.event_id()),
        logical_id: text(event.logical_resource_id()),
        resource_type: text(event.resource_type()),
        status: event.resource_status().map(|it| it.as_str().to_owned()).unwrap_or_default(),
        reason: event.resource_status_reason().filter(|it| !it.is_empty()).map(str::to_owned),
        is_stack: event.physical_resource_id() == Some(stack_id),
    }
}

/// The resource that failed first, passing over those that were only cancelled because of it.
pub fn first_failure(events: &[Event]) -> Option<&Event> {
    let cancelled = |it: &Event| {
        it.reason.as_ref().is_some_and(|it| {
            let it = it.to_lowercase();
            it.contains("resource creation cancelled")
                || it.contains("resource update cancelled")
                || it.contains("resource deletion cancelled")
        })
    };
    events.iter().find(|it| it.status.ends_with("_FAILED") && !it.is_stack && !cancelled(it))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(logical_id: &str, status: &str, reason: Option<&str>) -> Event {
        Event {
            id: format!("{logical_id}-{status}"),
            logical_id: logical_id.into(),
            resource_type: "AWS::SQS::Queue".into(),
            status: status.into(),
            reason: reason.map(str::to_owned),
            is_stack: logical_id == "stack",
        }
    }

    #[test]
    fn the_first_failure_is_neither_the_stack_nor_a_cancelled_resource() {
        let events = [
            event("A", "CREATE_IN_PROGRESS", None),
            event("B", "CREATE_FAILED", Some("Resource creation cancelled")),
            event("A", "CREATE_FAILED", Some("the queue exists")),
            event("C", "CREATE_FAILED", Some("Resource creation cancelled")),
            event("stack", "ROLLBACK_FAILED", None),
            event("D", "DELETE_FAILED", Some("it is in use")),
        ];
        assert_eq!(first_failure(&events).map(|it| it.logical_id.as_str()), Some("A"));
        assert!(first_failure(&events[..2]).is_none());
    }
}
