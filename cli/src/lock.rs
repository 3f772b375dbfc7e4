//! `archgen.lock` for the subcommands: reading it, writing it, forgetting parts of it, and saying what a
//! rename needs.

use std::collections::BTreeSet;
use std::path::Path;

use archgen::lock::{Lock, LockError};
use archgen::{Checked, Environment, cloudformation};

use crate::arguments::{Forget, LockArguments, LockCommand};
use crate::error::Error;
use crate::output::{self, Paint, similar};

/// The lock, empty where none is wanted.
pub fn read(arguments: &LockArguments) -> Result<Lock, Error> {
    if arguments.no_lock { Ok(Lock::default()) } else { read_file(&arguments.lock) }
}

/// Writes the lock, if one is wanted and it changes.
pub fn write(arguments: &LockArguments, lock: &Lock) -> Result<(), Error> {
    if arguments.no_lock { Ok(()) } else { write_file(&arguments.lock, lock) }
}

fn read_file(path: &Path) -> Result<Lock, Error> {
    Lock::read(path).map_err(failed(path))
}

fn write_file(path: &Path, lock: &Lock) -> Result<(), Error> {
    if lock.write(path).map_err(failed(path))? {
        output::stdout(&format!("{} {}\n", Paint::stdout().green("wrote"), path.display()))?;
    }
    Ok(())
}

fn failed(path: &Path) -> impl FnOnce(LockError) -> Error {
    let path = path.to_path_buf();
    move |source| Error::Lock { path, source }
}

/// `archgen lock`.
pub fn run(command: &LockCommand) -> Result<(), Error> {
    match command {
        LockCommand::Forget(arguments) => forget(arguments),
    }
}

fn forget(arguments: &Forget) -> Result<(), Error> {
    let mut lock = read_file(&arguments.lock)?;
    let wanted = |name: &str, environment: Environment| {
        arguments.architecture.as_deref().is_none_or(|it| it == name)
            && arguments.environment.as_deref().is_none_or(|it| it == environment.as_str())
    };
    let mut architectures: Vec<String> = Vec::new();
    let mut known: Vec<String> = Vec::new();
    for (name, _, history) in lock.entries().filter(|it| wanted(it.0, it.1)) {
        architectures.push(name.to_owned());
        known.extend(history.declarations.keys().cloned());
    }
    architectures.dedup();
    known.sort();
    known.dedup();
    if architectures.len() > 1 {
        return Err(Error::NameNeeded { known: architectures });
    }
    let only = arguments.environment.as_deref();
    let only = only.and_then(|it| Environment::ALL.iter().copied().find(|at| at.as_str() == it));
    let mut told = String::new();
    for declaration in &arguments.declarations {
        let environments = match architectures.first() {
            Some(it) => lock.forget(it, only, declaration),
            None => Vec::new(),
        };
        if environments.is_empty() {
            return Err(Error::NotInLock {
                path: arguments.lock.clone(),
                declaration: declaration.clone(),
                similar: similar(declaration, known.iter().map(String::as_str)).map(str::to_owned),
                known,
            });
        }
        let environments: Vec<&str> = environments.iter().map(|it| it.as_str()).collect();
        told.push_str(&format!("forgot `{declaration}` ({})\n", environments.join(", ")));
    }
    write_file(&arguments.lock, &lock)?;
    output::stdout(&told)
}

/// Says how a deployed stack keeps what was renamed.
pub fn tell_renames(checked: &Checked, folder: &Path) {
    let mapping = folder.join(cloudformation::STACK_REFACTOR);
    if !mapping.is_file() {
        return;
    }
    let stacks = cloudformation::stacks(checked);
    let moved: BTreeSet<&str> =
        checked.graph().moved.iter().map(|it| stacks.stack_of(&it.resource)).collect();
    let definitions: Vec<String> = stacks
        .iter()
        .filter(|it| moved.contains(it.stack_name.as_str()))
        .map(|it| {
            let stem = match stacks.is_one() {
                true => folder.join("template"),
                false => folder.join("stacks").join(&it.name),
            };
            let files = ["json", "yaml"].map(|it| stem.with_extension(it));
            let template = files.iter().find(|it| it.is_file()).unwrap_or(&files[0]);
            format!("StackName={},TemplateBody@=file://{}", it.stack_name, template.display())
        })
        .collect();
    let paint = Paint::stderr();
    output::stderr(&format!(
        "{} {} renamed; a deployed stack keeps them if it is refactored before anything else changes:\n  \
         aws cloudformation create-stack-refactor --stack-definitions \
         {} --resource-mappings file://{}\n  \
         aws cloudformation execute-stack-refactor --stack-refactor-id ID\n",
        paint.bold("note:"),
        output::count(checked.graph().moved.len(), "resource"),
        definitions.join(" "),
        mapping.display(),
    ));
}

/// Says before a deployment that it would make what was renamed anew.
#[cfg(feature = "deploy")]
pub fn warn_of_renames(checked: &Checked, stack: &str) {
    if cloudformation::stack_refactor(checked).is_none() {
        return;
    }
    output::stderr(&format!(
        "{} {} renamed: unless `{stack}` has been refactored by `{}`, which `archgen emit` writes, this \
         makes them anew\n",
        Paint::stderr().yellow("warning:"),
        output::count(checked.graph().moved.len(), "resource"),
        cloudformation::STACK_REFACTOR,
    ));
}
