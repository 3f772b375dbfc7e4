//! The network that `reach` is asked about: that of an architecture, or of a template.

use std::collections::BTreeMap;
use std::path::PathBuf;

use archgen::Entry;
use archgen::core::network::Model;
use archgen::core::resource::{DbInstance, Listener, MountTarget, ReplicationGroup, ResourceGraph};
use archgen::core::resource::{Service, TaskDefinition};
use archgen::core::types::Port;
use archgen::core::value::Value;

use crate::arguments::Selection;
use crate::error::Error;
use crate::output::{self, Paint};
use crate::reach::arguments::Reach;
use crate::{findings, lock, template};

/// The port of Amazon EFS.
const NFS: Port = Port(2049);
/// The port of every Redis store: no declaration sets another.
const REDIS: Port = Port(6379);

/// A network that can be asked.
pub struct Network {
    /// The network.
    pub model: Model,
    /// The ports that endpoints listen on, as far as declarations say.
    ports: BTreeMap<String, Vec<Value<Port>>>,
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
            ports: BTreeMap::new(),
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
    Ok(Some(Network {
        model: Model::new(checked.graph()),
        ports: ports(checked.graph()),
        unread: None,
    }))
}

impl Network {
    /// The TCP ports that an endpoint listens on, as far as it says so.
    pub fn listens(&self, name: &str) -> Vec<Value<Port>> {
        let mut all = self.ports.get(name).cloned().unwrap_or_default();
        all.extend(self.model.endpoint(name).into_iter().flat_map(|it| it.ports.iter().cloned()));
        all.sort();
        all.dedup();
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

/// The ports that declarations say they listen on.
fn ports(graph: &ResourceGraph) -> BTreeMap<String, Vec<Value<Port>>> {
    let mut all: BTreeMap<String, Vec<Value<Port>>> = BTreeMap::new();
    let mut add =
        |name: &str, port: Value<Port>| all.entry(name.to_owned()).or_default().push(port);
    for (_, resource, it) in graph.all::<Service>() {
        let task = graph.get::<TaskDefinition>(&it.task_definition);
        if let Some(port) = task.and_then(|it| it.container.port.clone()) {
            add(&resource.declaration, port);
        }
    }
    for (_, resource, it) in graph.all::<DbInstance>() {
        if let Some(port) = it.port.clone() {
            add(&resource.declaration, port);
        }
    }
    for (_, resource, it) in graph.all::<Listener>() {
        let balancer = graph.resources.get(it.load_balancer.id()).unwrap_or(resource);
        add(&balancer.declaration, Value::Literal(Port(it.port)));
    }
    for (_, resource, _) in graph.all::<MountTarget>() {
        add(&resource.declaration, Value::Literal(NFS));
    }
    for (_, resource, _) in graph.all::<ReplicationGroup>() {
        add(&resource.declaration, Value::Literal(REDIS));
    }
    all
}
