//! `archgen.lock`: what was emitted, committed by the team, so that what exists keeps its names, addresses
//! and CIDR blocks when the architecture is edited.
//!
//! One file for all architectures and environments, one line a fact, in a stable order: Git merges it
//! like `Cargo.lock`.

use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::path::{Path, PathBuf};

use archgen_core::declare::Kind;
use archgen_core::history::{Before, History, MAIN_STACK, PastDeclaration, PastResource};
use archgen_core::resource::ResourceId;
use archgen_core::types::Ipv4Cidr;
use archgen_core::{Checked, Environment};
use archgen_targets::{cloudformation, terraform};
use toml::{Table, Value};

/// The usual name of the file.
pub const FILE: &str = "archgen.lock";
/// The version of the format.
const VERSION: i64 = 1;
const HEAD: &str = "# Written by archgen. Commit it: by it what exists keeps its names, addresses and \
                    CIDR blocks.\n";

/// What was emitted, by architecture and environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    all: BTreeMap<(String, Environment), History>,
}

/// Why a lock cannot be used.
#[derive(Debug)]
pub enum LockError {
    /// It holds both sides of a merge.
    Conflict {
        /// The line of the first marker.
        line: usize,
    },
    /// A newer archgen wrote it.
    Newer {
        /// The version of its format.
        version: i64,
    },
    /// It is not what archgen writes.
    Format {
        /// What is wrong, and where.
        message: String,
    },
    /// It would change and must not.
    Locked,
    /// It cannot be read or written.
    File {
        /// `read` or `write`.
        verb: &'static str,
        /// Why.
        source: std::io::Error,
    },
}

impl LockError {
    /// What to do about it.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            LockError::Conflict { .. } => Some(
                "keep the lines of both sides where they differ in their names, and one side's where they \
                 do not; then emit again",
            ),
            LockError::Newer { .. } => Some("update archgen"),
            LockError::Format { .. } => Some("take the file of the last commit"),
            LockError::Locked => Some("emit without that, and commit the lock"),
            LockError::File { .. } => None,
        }
    }
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LockError::Conflict { line } => {
                write!(f, "the lock has a merge conflict in line {line}")
            }
            LockError::Newer { version } => write!(
                f,
                "the lock is of version {version}, and this archgen knows versions up to {VERSION}"
            ),
            LockError::Locked => f.write_str("the lock would change, and must not"),
            LockError::Format { message } => write!(f, "the lock cannot be understood: {message}"),
            LockError::File { verb, source } => write!(f, "the lock cannot be {verb}: {source}"),
        }
    }
}

impl std::error::Error for LockError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let LockError::File { source, .. } = self { Some(source) } else { None }
    }
}

impl Lock {
    /// What an architecture was in an environment; none if it was never emitted there.
    pub fn history(&self, architecture: &str, environment: Environment) -> Option<&History> {
        self.all.get(&(architecture.to_string(), environment))
    }

    /// The architectures and environments in it.
    pub fn entries(&self) -> impl Iterator<Item = (&str, Environment, &History)> {
        self.all.iter().map(|((name, environment), it)| (name.as_str(), *environment, it))
    }

    /// Records what is emitted.
    pub fn record(&mut self, checked: &Checked) {
        let stacks = cloudformation::stacks(checked);
        let history = checked.history(&terraform::addresses(checked), stacks.placement());
        self.all.insert((checked.name().to_string(), checked.environment()), history);
    }

    /// Forgets a declaration, in one environment or in all: it may go, or be made anew. Gives the
    /// environments that had it.
    pub fn forget(
        &mut self,
        architecture: &str,
        only: Option<Environment>,
        declaration: &str,
    ) -> Vec<Environment> {
        let mut had = Vec::new();
        for ((name, environment), history) in &mut self.all {
            if name == architecture
                && only.is_none_or(|it| it == *environment)
                && history.forget(declaration)
            {
                had.push(*environment);
            }
        }
        had
    }

    /// Reads a file; what is not there is empty.
    ///
    /// # Errors
    ///
    /// The file cannot be read or understood.
    pub fn read(path: &Path) -> Result<Lock, LockError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Lock::parse(&text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Lock::default()),
            Err(source) => Err(LockError::File { verb: "read", source }),
        }
    }

    /// Writes the file, if it changes; says whether it did.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write(&self, path: &Path) -> Result<bool, LockError> {
        let text = self.to_string();
        if std::fs::read_to_string(path).is_ok_and(|it| it == text) {
            return Ok(false);
        }
        let failed = |source| LockError::File { verb: "written", source };
        let mut aside = PathBuf::from(path);
        aside.set_extension(format!("lock.{}", std::process::id()));
        std::fs::write(&aside, text).map_err(failed)?;
        std::fs::rename(&aside, path)
            .inspect_err(|_| {
                let _ = std::fs::remove_file(&aside);
            })
            .map_err(failed)?;
        Ok(true)
    }

    /// Reads the text of a lock.
    ///
    /// # Errors
    ///
    /// The text is not that of a lock, or holds a merge conflict.
    pub fn parse(text: &str) -> Result<Lock, LockError> {
        let marker = |line: &str| {
            ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|it| line.starts_with(it))
        };
        if let Some(at) = text.lines().position(marker) {
            return Err(LockError::Conflict { line: at + 1 });
        }
        let mut table: Table = text.parse().map_err(|error: toml::de::Error| {
            format_error(error.to_string().trim().replace('\n', " "))
        })?;
        match table.remove("version") {
            Some(Value::Integer(VERSION)) => {}
            Some(Value::Integer(version)) if version > VERSION => {
                return Err(LockError::Newer { version });
            }
            _ => return Err(format_error("it says no `version`")),
        }
        let mut all = BTreeMap::new();
        for (name, environments) in table {
            for (environment, it) in sub_table(&name, environments)? {
                let place = format!("{name}.{environment}");
                let known = Environment::ALL.iter().find(|it| it.as_str() == environment);
                let known = known.ok_or_else(|| {
                    format_error(format!("`{place}` is of an environment that does not exist"))
                })?;
                all.insert((name.clone(), *known), read_history(&place, sub_table(&place, it)?)?);
            }
        }
        Ok(Lock { all })
    }
}

impl fmt::Display for Lock {
    /// The text of the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}version = {VERSION}")?;
        for ((name, environment), history) in &self.all {
            let section = format!("{}.{}", key(name), environment.as_str());
            write!(f, "\n[{section}.declarations]\n")?;
            for (name, it) in &history.declarations {
                let mut line = format!("kind = {}", quoted(it.kind.macro_name()));
                if it.identity != *name {
                    let _ = write!(line, ", identity = {}", quoted(&it.identity));
                }
                if let Some(it) = &it.renamed_from {
                    let _ = write!(line, ", renamed_from = {}", quoted(it));
                }
                writeln!(f, "{} = {{ {line} }}", key(name))?;
            }
            write!(f, "\n[{section}.resources]\n")?;
            for (id, it) in &history.resources {
                writeln!(f, "{} = {{ {} }}", key(id.as_str()), resource_line(it))?;
            }
        }
        Ok(())
    }
}

fn resource_line(it: &PastResource) -> String {
    let mut line = format!("logical_id = {}", quoted(&it.logical_id));
    if let Some(cidr) = &it.cidr {
        let _ = write!(line, ", cidr = {}", quoted(&cidr.to_string()));
    }
    if let Some(number) = it.ipv6 {
        let _ = write!(line, ", ipv6 = {number}");
    }
    if let Some(origin) = &it.origin {
        let _ = write!(line, ", origin = {}", quoted(origin.as_str()));
    }
    if let Some(priority) = it.priority {
        let _ = write!(line, ", priority = {priority}");
    }
    let _ = write!(line, ", stack = {}", quoted(&it.stack));
    if !it.addresses.is_empty() {
        let _ = write!(line, ", terraform = {}", list(&it.addresses));
    }
    if let Some(was) = &it.was {
        let _ = write!(line, ", was_logical_id = {}", quoted(&was.logical_id));
        if !was.addresses.is_empty() {
            let _ = write!(line, ", was_terraform = {}", list(&was.addresses));
        }
    }
    line
}

/// A key of TOML: bare where it can be.
fn key(text: &str) -> String {
    let bare = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-';
    if !text.is_empty() && text.chars().all(bare) { text.to_string() } else { quoted(text) }
}

/// A text of TOML; literal where that saves escapes.
fn quoted(text: &str) -> String {
    let plain = !text.contains('\'') && !text.chars().any(char::is_control);
    if plain && text.contains('"') {
        return format!("'{text}'");
    }
    let mut all = String::from('"');
    for it in text.chars() {
        match it {
            '"' | '\\' => all.extend(['\\', it]),
            it if it.is_control() => {
                let _ = write!(all, "\\u{:04X}", it as u32);
            }
            it => all.push(it),
        }
    }
    all + "\""
}

fn list(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|it| quoted(it)).collect();
    format!("[{}]", all.join(", "))
}

fn format_error(message: impl Into<String>) -> LockError {
    LockError::Format { message: message.into() }
}

fn sub_table(place: &str, value: Value) -> Result<Table, LockError> {
    if let Value::Table(it) = value {
        Ok(it)
    } else {
        Err(format_error(format!("`{place}` is no table")))
    }
}

fn read_history(place: &str, mut table: Table) -> Result<History, LockError> {
    let mut history = History::default();
    let mut part = |name: &str| match table.remove(name) {
        Some(it) => sub_table(&format!("{place}.{name}"), it),
        None => Ok(Table::new()),
    };
    for (name, it) in part("declarations")? {
        let mut fields = Fields::new(format!("{place}.declarations.{name}"), it)?;
        let kind = fields.text("kind")?.unwrap_or_default();
        let kind = Kind::from_macro_name(&kind)
            .ok_or_else(|| fields.wrong("kind", "is no kind of declaration"))?;
        let identity = fields.text("identity")?.unwrap_or_else(|| name.clone());
        let renamed_from = fields.text("renamed_from")?;
        fields.done()?;
        history.declarations.insert(name, PastDeclaration { kind, identity, renamed_from });
    }
    for (name, it) in part("resources")? {
        let mut fields = Fields::new(format!("{place}.resources.{name}"), it)?;
        let logical_id = fields.text("logical_id")?;
        let logical_id = logical_id.ok_or_else(|| fields.wrong("logical_id", "is missing"))?;
        let cidr = match fields.text("cidr")? {
            Some(text) => {
                Some(Ipv4Cidr(text.parse().map_err(|_| fields.wrong("cidr", "is no CIDR block"))?))
            }
            None => None,
        };
        let ipv6 = fields.number("ipv6")?;
        let priority = fields.number("priority")?;
        let origin = fields.text("origin")?.map(|it| ResourceId::new(&[&it]));
        let stack = fields.text("stack")?.unwrap_or_else(|| MAIN_STACK.to_string());
        let addresses = fields.texts("terraform")?;
        let was = match (fields.text("was_logical_id")?, fields.texts("was_terraform")?) {
            (Some(logical_id), addresses) => Some(Before { logical_id, addresses }),
            (None, _) => None,
        };
        fields.done()?;
        let past = PastResource { logical_id, addresses, cidr, ipv6, origin, priority, stack, was };
        history.resources.insert(ResourceId::new(&[&name]), past);
    }
    match table.keys().next() {
        Some(other) => Err(format_error(format!("`{place}.{other}` is not known"))),
        None => Ok(history),
    }
}

/// The fields of a line.
struct Fields {
    place: String,
    table: Table,
}

impl Fields {
    fn new(place: String, value: Value) -> Result<Fields, LockError> {
        let table = sub_table(&place, value)?;
        Ok(Fields { place, table })
    }

    fn wrong(&self, name: &str, what: &str) -> LockError {
        format_error(format!("`{}`: `{name}` {what}", self.place))
    }

    fn text(&mut self, name: &str) -> Result<Option<String>, LockError> {
        match self.table.remove(name) {
            Some(Value::String(it)) => Ok(Some(it)),
            Some(_) => Err(self.wrong(name, "is no text")),
            None => Ok(None),
        }
    }

    fn texts(&mut self, name: &str) -> Result<Vec<String>, LockError> {
        let Some(value) = self.table.remove(name) else { return Ok(Vec::new()) };
        let texts = value.as_array().and_then(|all| {
            all.iter().map(|it| it.as_str().map(str::to_string)).collect::<Option<Vec<String>>>()
        });
        texts.ok_or_else(|| self.wrong(name, "is no list of texts"))
    }

    fn number<T: TryFrom<i64>>(&mut self, name: &str) -> Result<Option<T>, LockError> {
        let Some(value) = self.table.remove(name) else { return Ok(None) };
        let number = value.as_integer().and_then(|it| T::try_from(it).ok());
        number.map(Some).ok_or_else(|| self.wrong(name, "is no number that it can have"))
    }

    /// What is not known was written by somebody else.
    fn done(self) -> Result<(), LockError> {
        match self.table.keys().next() {
            Some(other) => Err(self.wrong(other, "is not known")),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
#[path = "lock_tests.rs"]
mod tests;
