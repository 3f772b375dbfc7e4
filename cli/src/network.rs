//! The network that `reach` is asked about: that of an architecture, or of a template.

use std::path::PathBuf;

use archgen::Entry;
use archgen::core::network::Model;
use archgen::core::types::Port;
use archgen::core::value::Value;

use crate::arguments::Selection;
use crate::error::Error;
use crate::output::{self, Paint};
use crate::reach::arguments::Reach;
use crate::{findings, lock, template};

/// A network that can be asked.
pub struct Network {
    /// The network.
    pub model: Model,
    /// The template, and how many parts of it were not read.
    unread: Option<(PathBuf, usize)>,
}

/// The network; none if it is of an architecture with errors, which are printed then.
pub fn load(arguments: &Reach, entries: &[Entry]) -> Result<Option<Network>, Error> {
    if let Some(path) = arguments.target.as_deref().and_then(template::path_of) {
        if arguments.environment.is_some() || !arguments.set.is_empty() {
            return Err(Error::NotOfTemplates { path });
        }
        let reading = template::read(&path, &arguments.parameters)?;
        return Ok(Some(Network {
            model: Model::new(&reading.graph),
            unread: Some((path, reading.unread.len())),
        }));
    }
    let selection = Selection {
        name: arguments.target.clone(),
        environment: arguments.environment.clone(),
        set: arguments.set.clone(),
    };
    let selected = selection.resolve(entries)?;
    if !arguments.parameters.is_empty() {
        return Err(Error::ParametersOfTemplates);
    }
    selected.one_environment("`reach`")?;
    let lock = lock::read(&arguments.lock)?;
    let findings = findings::find(selected, &selection.set, &lock)?;
    let Some((_, checked)) = findings.checked.first().filter(|_| findings.errors() == 0) else {
        findings.print_to_stderr(selected.entry, "asked");
        return Ok(None);
    };
    let graph = checked.graph();
    let model = if arguments.aws_only { Model::new(&graph.of_aws()) } else { Model::new(graph) };
    Ok(Some(Network { model, unread: None }))
}

impl Network {
    /// The TCP ports that an endpoint listens on, as far as it says so.
    pub fn listens(&self, name: &str) -> Vec<Value<Port>> {
        let mut all = self.model.endpoint(name).map(|it| it.ports.clone()).unwrap_or_default();
        all.sort();
        all
    }

    /// Says how much of the template was not read, so that nobody takes the answer for more than it is.
    pub fn print_unread(&self) {
        let Some((path, count)) = self.unread.as_ref().filter(|it| it.1 > 0) else {
            return;
        };
        let paint = Paint::stderr();
        output::stderr(&format!(
            "{} `{}`: {}, and what that decides is unknown\n  {} help: `archgen check {}` lists it\n",
            paint.bold("note:"),
            path.display(),
            output::not_read(*count),
            paint.blue("="),
            path.display(),
        ));
    }
}
