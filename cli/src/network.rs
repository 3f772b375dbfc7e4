//! The network a command works on: that of an architecture, or of a template.

use archgen::Entry;
use archgen::core::network::Model;

use crate::arguments::Selection;
use crate::error::Error;
use crate::findings;
use crate::reach::arguments::Reach;

/// A network that can be asked.
pub struct Network {
    /// The network.
    pub model: Model,
}

/// The network that `reach` is asked about; none if it is of an architecture with errors, which are
/// printed then.
pub fn load(arguments: &Reach, entries: &[Entry]) -> Result<Option<Network>, Error> {
    let selection = Selection {
        name: arguments.target.clone(),
        environment: arguments.environment.clone(),
        set: arguments.set.clone(),
    };
    let selected = selection.resolve(entries)?;
    selected.one_environment("`reach`")?;
    let findings = findings::find(selected, &selection.set)?;
    let Some((_, checked)) = findings.checked.first().filter(|_| findings.errors() == 0) else {
        findings.print_to_stderr(selected.entry, "asked");
        return Ok(None);
    };
    Ok(Some(Network { model: Model::new(checked.graph()) }))
}

impl Network {
    /// Says how much of the template was not read.
    pub fn print_unread(&self) {}
}
