//! Deploying an architecture of several stacks: each in its order with a change set of its own, then removing those
//! that hold nothing any more, then taking away what only these imported.

use std::time::Duration;

use archgen::cloudformation::stack_rank;
use tokio::time::Instant;

use super::aws::{self, Aws};
use super::origin::Origins;
use super::pace::Pace;
use super::plan::{self, Change, Kind};
use super::stack;
use super::{Deployment, Error, confirm, interruptible, runtime, say};
use crate::output::Paint;

/// The stacks of one architecture.
pub struct Several<'a> {
    /// In the order in which they are deployed.
    pub deployments: Vec<Deployment<'a>>,
    /// The name of the main one.
    pub base: String,
    /// What its template is described as; those of others go on with their names.
    pub description: String,
    /// Whether there were others when it was last emitted.
    pub were_several: bool,
}

impl Several<'_> {
    /// Deploys all of them. What fails ends it: those before it are deployed then.
    pub fn run(&self) -> Result<(), Error> {
        for it in &self.deployments {
            it.verify()?;
        }
        let count = self.deployments.len();
        for (at, it) in self.deployments.iter().enumerate() {
            if count > 1 {
                let name = Paint::stdout().bold(&it.stack);
                say(&format!("\nstack {} of {count}: {name}\n", at + 1));
            }
            it.run()?;
        }
        let keeps = || self.deployments.iter().filter(|it| it.kept.get());
        if count > 1 || self.were_several || keeps().next().is_some() {
            self.remove()?;
        }
        for it in self.deployments.iter().rev().filter(|it| it.kept.get()) {
            say(&format!(
                "\nnothing imports any more what the stack `{}` was asked to keep exporting\n",
                it.stack
            ));
            it.keeps.set(false);
            it.run()?;
        }
        Ok(())
    }

    /// Removes the stacks of the architecture that are not among those to be deployed, the latest first.
    fn remove(&self) -> Result<(), Error> {
        let Some(first) = self.deployments.first() else { return Ok(()) };
        let deadline = Instant::now() + first.timeout;
        let runtime = runtime()?;
        let result = runtime.block_on(interruptible(&self.base, true, async {
            let aws = Aws::connect(first.endpoint_url).await?;
            for it in self.left(&aws).await? {
                remove(&aws, &it, first.yes, first.timeout, deadline).await?;
            }
            Ok(())
        }));
        runtime.shutdown_background();
        result
    }

    /// The stacks that are there and hold nothing of the architecture any more.
    async fn left(&self, aws: &Aws) -> Result<Vec<String>, Error> {
        let mut all = stack::described(aws, |name, description| {
            name.strip_prefix(&format!("{}-", self.base)).is_some_and(|it| {
                description.strip_prefix(&self.description) == Some(&format!(": {it}"))
            })
        })
        .await?;
        all.retain(|it| !self.deployments.iter().any(|known| known.stack == *it));
        let after = self.base.len() + 1;
        all.sort_by(|one, other| stack_rank(&other[after..]).cmp(&stack_rank(&one[after..])));
        Ok(all)
    }
}

async fn remove(
    aws: &Aws,
    name: &str,
    yes: bool,
    timeout: Duration,
    deadline: Instant,
) -> Result<(), Error> {
    let paint = Paint::stdout();
    let changes: Vec<Change> = stack::resources(aws, name)
        .await?
        .into_iter()
        .map(|(logical_id, resource_type)| Change {
            kind: Kind::Remove,
            logical_id,
            resource_type,
            properties: Vec::new(),
            note: None,
        })
        .collect();
    say(&format!("\nstack {} (remove, {})\n", paint.bold(name), aws.region));
    say(&plan::show(&changes, &Origins::new(), paint));
    if !yes {
        if !confirm::can_ask() {
            return Err(Error::NoTerminal);
        }
        if !confirm::ask(&format!("remove the stack `{name}` in {}?", aws.region)).await? {
            return Err(Error::Declined);
        }
    }
    let before = stack::describe(aws, name).await?;
    let request = aws.cloudformation.delete_stack().stack_name(name);
    request.send().await.map_err(aws::failed("DeleteStack"))?;
    let mut pace = Pace::new();
    while let Some(now) = stack::describe(aws, name).await? {
        let canceled = now.reason.as_ref().is_some_and(|it| it.contains("Delete canceled"))
            && before.as_ref().is_none_or(|it| it.reason != now.reason);
        if now.status == "DELETE_FAILED" || canceled {
            let (status, reason) = (now.status, now.reason);
            return Err(Error::Failed { stack: name.to_owned(), status, reason, first: None });
        }
        if !pace.wait(deadline).await {
            return Err(Error::Timeout { stack: name.to_owned(), after: timeout });
        }
    }
    say(&format!("{} stack {}\n", paint.green("removed"), paint.bold(name)));
    Ok(())
}
