//! `archgen deploy`: a change set, a look at it, a confirmation, and the stack's events until the end; for each stack,
//! where there are several.
//!
//! Nothing is asked of AWS before everything that can be known without it is known to be right.

mod aws;
mod changeset;
mod confirm;
mod error;
mod events;
mod keep;
mod origin;
mod pace;
mod parameters;
mod plan;
mod progress;
mod several;
mod stack;
mod suspect;
mod upload;

use std::cell::Cell;
use std::process::ExitCode;
use std::time::Duration;

use archgen::core::history::MAIN_STACK;
use archgen::{Entry, cloudformation};
use tokio::time::Instant;

use self::aws::Aws;
use self::changeset::{ChangeSet, Outcome};
pub use self::error::Error;
use self::error::FirstFailure;
use self::events::Events;
use self::origin::{Origins, Place};
use self::parameters::Parameters;
use self::plan::Change;
use self::progress::Progress;
use self::several::Several;
use self::stack::{Stack, Way};
use crate::arguments::Deploy;
use crate::error::EXIT_FINDINGS;
use crate::output::{self, Paint};
use crate::{findings, lock, source};

/// One deployment: everything but AWS.
struct Deployment<'a> {
    stack: String,
    /// The JSON text.
    template: String,
    origins: Origins,
    /// The values given.
    parameters: Vec<(String, String)>,
    /// What the names of exports begin with.
    exports: String,
    /// Whether the stack goes on exporting what it exports: others may import it until they are deployed.
    keeps: Cell<bool>,
    /// Whether it does export something that the template does not.
    kept: Cell<bool>,
    endpoint_url: Option<&'a str>,
    bucket: Option<&'a str>,
    yes: bool,
    timeout: Duration,
    /// The text of a source file, when it is at hand.
    source: &'a dyn Fn(&str) -> Option<String>,
}

/// Checks the architecture and deploys it.
pub fn run(arguments: &Deploy, entries: &[Entry]) -> Result<ExitCode, crate::error::Error> {
    let selected = arguments.selection.resolve(entries)?;
    let environment = selected.one_environment("`deploy`")?;
    let mut lock = lock::read(&arguments.lock)?;
    let mut findings = findings::find(selected, &arguments.selection.set, &lock)?;
    let default_name = || stack::default_name(selected.entry.name, environment.as_str());
    let base = arguments.stack_name.clone().unwrap_or_else(default_name);
    let stacks = match findings.checked.first() {
        Some((_, checked)) if findings.errors() == 0 => {
            let stacks = cloudformation::stacks_named(checked, &base);
            findings.diagnostics.extend(stacks.problems().iter().cloned());
            Some(stacks)
        }
        Some(_) | None => None,
    };
    findings.print_to_stderr(selected.entry, "deployed");
    let (0, Some((_, checked)), Some(stacks)) =
        (findings.errors(), findings.checked.first(), stacks)
    else {
        return Ok(ExitCode::from(EXIT_FINDINGS));
    };
    let files = stacks.files(cloudformation::Format::Json);
    archgen::validate::emitted(checked, archgen::Target::CloudFormation, &files)
        .map_err(Box::new)?;
    let mut parameters = Vec::new();
    for it in stacks.iter() {
        parameters.push(Parameters::read(it.json())?);
    }
    // What is given is for all stacks: each takes what it has.
    parameters::verify_all(&parameters, &arguments.parameters)?;
    let source = |file: &str| source::text(selected.entry, file);
    let deployments = stacks.iter().zip(&parameters).map(|(it, parameters)| Deployment {
        stack: it.stack_name.clone(),
        template: it.json().to_owned(),
        origins: origin::origins(&it.template),
        parameters: parameters.of(&arguments.parameters),
        exports: format!("{base}:"),
        keeps: Cell::new(true),
        kept: Cell::new(false),
        endpoint_url: arguments.endpoint_url.as_deref(),
        bucket: arguments.bucket.as_deref(),
        yes: arguments.yes,
        timeout: arguments.timeout,
        source: &source,
    });
    let past = lock.history(checked.name(), environment);
    let several = Several {
        deployments: deployments.collect(),
        base: base.clone(),
        description: cloudformation::description(checked.name(), environment.as_str()),
        were_several: past.is_some_and(|it| it.resources.values().any(|it| it.stack != MAIN_STACK)),
    };
    lock::warn_of_renames(checked, &base);
    several.run()?;
    // What is deployed is kept, whether or not it was emitted first.
    lock.record(checked);
    lock::write(&arguments.lock, &lock)?;
    Ok(ExitCode::SUCCESS)
}

/// A change set that is wanted.
struct Ready {
    aws: Aws,
    change_set: ChangeSet,
    changes: Vec<Change>,
    /// The stack as it was.
    before: Stack,
}

impl Deployment<'_> {
    /// Refuses what can be known to be wrong without AWS.
    fn verify(&self) -> Result<Parameters, Error> {
        stack::verify_name(&self.stack)?;
        let parameters = Parameters::read(&self.template)?;
        parameters.verify(&self.parameters)?;
        upload::verify(&self.template, self.bucket)?;
        Ok(parameters)
    }

    /// Runs the deployment to its end, or to Ctrl-C.
    fn run(&self) -> Result<(), Error> {
        let parameters = self.verify()?;
        let runtime = runtime()?;
        let deadline = Instant::now() + self.timeout;
        let result = runtime.block_on(async {
            let prepared = self.prepare(&parameters, deadline);
            let Some(ready) = interruptible(&self.stack, false, prepared).await? else {
                return Ok(());
            };
            interruptible(&self.stack, true, self.execute(&ready, deadline)).await
        });
        // A question that nobody answered would keep the runtime waiting.
        runtime.shutdown_background();
        result
    }

    /// Everything up to the confirmation; `None` when there is nothing to do.
    async fn prepare(
        &self,
        parameters: &Parameters,
        deadline: Instant,
    ) -> Result<Option<Ready>, Error> {
        let aws = Aws::connect(self.endpoint_url).await?;
        let found = stack::describe(&aws, &self.stack).await?;
        let way = stack::way(&self.stack, found.as_ref())?;
        let before = match way {
            Way::Create { .. } => Stack::default(),
            Way::Update => found.unwrap_or_default(),
        };
        let kept = self.with_exports(&aws, &before).await?;
        self.kept.set(kept.is_some());
        let settings = match &kept {
            Some(it) => Parameters::read(it)?.settle(&self.parameters, &before.parameters)?,
            None => parameters.settle(&self.parameters, &before.parameters)?,
        };
        let template = kept.as_ref().unwrap_or(&self.template);
        let template = upload::source(&aws, &self.stack, template, self.bucket).await?;
        let made = changeset::create(&aws, &self.stack, way, &template, &settings).await?;
        let Some(change_set) = made else {
            self.say_no_changes();
            return Ok(None);
        };
        let changes = match changeset::wait(&aws, &change_set, deadline).await? {
            Some(Outcome::Ready(changes)) => changes,
            Some(Outcome::NoChanges) => {
                changeset::discard(&aws, &change_set, way).await;
                self.say_no_changes();
                return Ok(None);
            }
            Some(Outcome::Failed(reason)) => {
                changeset::discard(&aws, &change_set, way).await;
                return Err(Error::ChangeSet { stack: self.stack.clone(), reason });
            }
            None => {
                return Err(Error::Timeout { stack: self.stack.clone(), after: self.timeout });
            }
        };
        let paint = Paint::stdout();
        let word = match way {
            Way::Create { .. } => "new",
            Way::Update => "update",
        };
        say(&format!("stack {} ({word}, {})\n", paint.bold(&self.stack), aws.region));
        say(&plan::show(&changes, &self.origins, paint));
        if let Err(error) = self.confirm(&aws.region).await {
            changeset::discard(&aws, &change_set, way).await;
            return Err(error);
        }
        Ok(Some(Ready { aws, change_set, changes, before }))
    }

    /// The template with what the stack exports and the template does not; none if there is nothing.
    async fn with_exports(&self, aws: &Aws, before: &Stack) -> Result<Option<String>, Error> {
        let own = |it: &String| it.starts_with(&self.exports);
        if !self.keeps.get() || !before.exports.iter().any(own) {
            return Ok(None);
        }
        let old = stack::template(aws, &self.stack).await?;
        Ok(keep::with_exports(&self.template, &old, &self.exports))
    }

    fn say_no_changes(&self) {
        say(&format!("no changes: the stack `{}` is up to date\n", self.stack));
    }

    async fn confirm(&self, region: &str) -> Result<(), Error> {
        if self.yes {
            return Ok(());
        }
        if !confirm::can_ask() {
            return Err(Error::NoTerminal);
        }
        let question = format!("deploy these changes to the stack `{}` in {region}?", self.stack);
        if confirm::ask(&question).await? { Ok(()) } else { Err(Error::Declined) }
    }

    /// Executes the change set and follows the stack until it is at rest.
    async fn execute(&self, ready: &Ready, deadline: Instant) -> Result<(), Error> {
        let stack_id = &ready.change_set.stack_id;
        let mut events = Events::starting_now(&ready.aws, stack_id).await?;
        if let Err(error) = changeset::execute(&ready.aws, &ready.change_set).await {
            return Err(self.refused(&ready.aws, &mut events, stack_id, error).await);
        }
        let mut progress = Progress::new(ready.changes.len(), &self.origins);
        let end = events.follow(&mut progress, deadline).await;
        progress.finish();
        let Some(end) = end? else {
            return Err(Error::Timeout { stack: self.stack.clone(), after: self.timeout });
        };
        if !stack::is_success(&end.status) {
            return Err(self.failed(end, &events));
        }
        let paint = Paint::stdout();
        say(&format!(
            "{} stack {} is {}\n",
            paint.green("deployed"),
            paint.bold(&self.stack),
            end.status
        ));
        // After an update only what is new: the rest is known and did not change.
        for (name, value) in end.outputs.iter().filter(|it| !ready.before.outputs.contains(it)) {
            say(&format!("  {name} = {value}\n"));
        }
        Ok(())
    }

    /// The failure of a stack that is at rest, with the first resource that failed.
    fn failed(&self, end: Stack, events: &Events<'_>) -> Error {
        let first = events::first_failure(&events.since).map(|event| {
            self.first_failure(
                &event.logical_id,
                &event.resource_type,
                &event.status,
                event.reason.clone(),
            )
        });
        let of_events = || events.since.iter().rev().find(|it| it.is_stack && it.reason.is_some());
        let reason = end.reason.or_else(|| of_events().and_then(|it| it.reason.clone()));
        Error::Failed { stack: self.stack.clone(), status: end.status, reason, first }
    }

    fn first_failure(
        &self,
        logical_id: &str,
        kind: &str,
        status: &str,
        reason: Option<String>,
    ) -> Box<FirstFailure> {
        let origin = self.origins.get(logical_id);
        Box::new(FirstFailure {
            logical_id: logical_id.to_owned(),
            resource_type: kind.to_owned(),
            status: status.to_owned(),
            reason,
            origin: origin.map(|it| (it.declaration.clone(), Place::new(it, self.source))),
        })
    }

    /// What it means that the execution was refused: the stack may have failed all the same.
    async fn refused(
        &self,
        aws: &Aws,
        events: &mut Events<'_>,
        stack_id: &str,
        error: Error,
    ) -> Error {
        let Ok(Some(end)) = stack::describe(aws, stack_id).await else {
            return error;
        };
        if events.fresh().await.is_ok_and(|it| it.iter().any(|it| it.status.ends_with("_FAILED"))) {
            return self.failed(end, events);
        }
        let Error::Api { code: Some(code), source, .. } = &error else {
            return error;
        };
        if !suspect::is_of_a_resource(code) {
            return error;
        }
        let message = format!("{source} ({code})");
        let first = suspect::find(&self.template, &source.to_string())
            .map(|(id, kind)| self.first_failure(&id, &kind, "refused", Some(message.clone())));
        let reason = first.is_none().then_some(message);
        Error::Failed { stack: self.stack.clone(), status: end.status, reason, first }
    }
}

/// The runtime of one operation.
fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Error::Runtime { source })
}

/// The work on a stack, or the end of it by Ctrl-C.
async fn interruptible<T>(
    stack: &str,
    executing: bool,
    work: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    tokio::select! {
        result = work => result,
        Ok(()) = tokio::signal::ctrl_c() => Err(Error::Interrupted { stack: stack.to_owned(), executing }),
    }
}

/// Prints to standard output; a deployment that is under way does not stop because nobody reads.
fn say(text: &str) {
    let _ = output::stdout(text);
}
