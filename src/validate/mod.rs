//! Translation validation: what was written is read back and must be the network that was checked.
//!
//! Compared are what the network is made of (`facts`: CIDR blocks, routes, rules, entries of network
//! ACLs, what stands where) and everything that reaches anything (`reached`). Reading shares no code
//! with writing, so a difference means that one of the two is wrong.
//!
//! Parameters have no values here, also where the template has a default: what they decide is unknown
//! on both sides.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use archgen_core::Checked;
use archgen_core::network::{Model, Relation};
use archgen_core::resource::{Distribution, ResourceGraph, ResourceId, ResourceKind};
use archgen_targets::read::Reading;
use archgen_targets::{Files, Target, cloudformation, terraform};

mod facts;
mod names;
mod reached;

use names::Names;

/// The files of a module, which are read as one.
const TERRAFORM: &str = "*.tf.json";

/// The templates of several stacks, which are read as one.
const STACKS: &str = "stacks/*";

/// How many differences are shown.
const SHOWN: usize = 20;

/// Reads what was emitted and compares it with what was checked. There is no I/O.
///
/// # Errors
///
/// They differ, or what was emitted cannot be read: archgen has a bug.
pub fn emitted(checked: &Checked, target: Target, files: &Files) -> Result<(), Mismatch> {
    Proof::new(checked).holds(target, files)
}

/// What was checked, for comparison with what several targets write.
pub struct Proof<'a> {
    checked: &'a Checked,
    network: Network<'a>,
}

impl<'a> Proof<'a> {
    /// The network of an architecture, and who reaches whom.
    pub fn new(checked: &'a Checked) -> Proof<'a> {
        Proof { checked, network: Network::new(checked.graph()) }
    }

    /// Reads what a target wrote and compares it with what was checked. There is no I/O.
    ///
    /// # Errors
    ///
    /// As [`emitted`].
    pub fn holds(&self, target: Target, files: &Files) -> Result<(), Mismatch> {
        for (file, reading) in read_back(self.checked, target, files) {
            let differences = match reading {
                Ok(reading) => self.network.differences(&Network::new(&reading.graph)),
                Err(error) => vec![Difference {
                    about: format!("`{file}`"),
                    checked: vec!["can be read".to_string()],
                    written: vec![format!("cannot be read: {error}")],
                }],
            };
            if !differences.is_empty() {
                return Err(Mismatch {
                    architecture: self.checked.name().to_string(),
                    environment: self.checked.environment().as_str(),
                    file: file.to_string(),
                    differences,
                });
            }
        }
        Ok(())
    }
}

/// What was written, each with the file that it starts from; or why that cannot be read.
fn read_back<'a>(
    checked: &Checked,
    target: Target,
    files: &'a Files,
) -> Vec<(&'a str, Result<Reading, String>)> {
    let texts = files.iter().map(|(path, bytes)| (path.as_str(), String::from_utf8_lossy(bytes)));
    match target {
        Target::CloudFormation => {
            // One template, or those of several stacks, which are read together.
            let is_template =
                |path: &str| path.starts_with("template.") || path.starts_with("stacks/");
            let texts: Vec<(&str, Cow<'_, str>)> = texts.filter(|it| is_template(it.0)).collect();
            let sources: Vec<cloudformation::read::Source<'_>> = texts
                .iter()
                .map(|(path, text)| cloudformation::read::Source { path: Path::new(path), text })
                .collect();
            let options = cloudformation::read::Options { defaults: false, ..Default::default() };
            let file = match texts.as_slice() {
                [(path, _)] => *path,
                _ => STACKS,
            };
            let reading = cloudformation::read::read_all(&sources, &options);
            vec![(file, reading.map_err(|it| it.to_string()))]
        }
        // A chart is for all environments and has no network of AWS's.
        Target::Helm => Vec::new(),
        Target::Terraform => {
            let texts: Vec<(&str, Cow<'_, str>)> = texts.collect();
            let sources: Vec<terraform::read::Source<'_>> = texts
                .iter()
                .map(|(path, text)| terraform::read::Source { path: Path::new(path), text })
                .collect();
            // Terraform's names are not those of the graph: which resource a block is, the writer says. They
            // are called as in a template.
            let names = terraform::names(checked)
                .into_iter()
                .map(|(address, id)| (address, ResourceId::new(&[&id.logical_id()])))
                .collect();
            let options = terraform::read::Options { defaults: false, names, ..Default::default() };
            let reading = terraform::read::read(&sources, &options);
            vec![(TERRAFORM, reading.map_err(|it| it.to_string()))]
        }
    }
}

/// A graph with what follows from it.
struct Network<'a> {
    graph: &'a ResourceGraph,
    model: Model,
    relation: Relation,
}

impl<'a> Network<'a> {
    fn new(graph: &'a ResourceGraph) -> Network<'a> {
        let model = Model::new(&in_vpcs(graph));
        let relation = Relation::new(&model);
        Network { graph, model, relation }
    }

    fn differences(&self, after: &Network<'_>) -> Vec<Difference> {
        let names = Names::new(self.graph, &self.model);
        let facts = (facts::of(self.graph, &names), facts::of(after.graph, &names));
        let mut all = compare(facts.0, facts.1);
        all.extend(reached::differences(&self.relation, &after.relation, &names));
        all
    }
}

/// A graph without what is not read back: what runs in Kubernetes clusters, which is not written, and
/// distributions, which stand in no VPC. What these reach is told by the rules of their origins.
fn in_vpcs(graph: &ResourceGraph) -> Cow<'_, ResourceGraph> {
    let mut graph = graph.of_aws();
    if graph.all::<Distribution>().next().is_some() {
        graph.to_mut().resources.retain(|_, it| !matches!(it.kind, ResourceKind::Distribution(_)));
    }
    graph
}

/// What is said about each thing.
type Said = BTreeMap<String, Vec<String>>;

/// What is said about a thing by one side and not by the other.
fn compare(before: Said, mut after: Said) -> Vec<Difference> {
    let mut all = Vec::new();
    for (about, before) in before {
        let after = after.remove(&about).unwrap_or_default();
        all.extend(difference(about, before, after));
    }
    for (about, after) in after {
        all.extend(difference(about, Vec::new(), after));
    }
    all
}

/// The lines that only one side has, each as often as it has it more.
fn difference(
    about: String,
    mut before: Vec<String>,
    mut after: Vec<String>,
) -> Option<Difference> {
    before.sort();
    after.sort();
    if before == after {
        return None;
    }
    let less = |many: &[String], others: &[String]| {
        let mut others = others.to_vec();
        let mut left = Vec::new();
        for it in many {
            match others.iter().position(|other| other == it) {
                Some(at) => drop(others.swap_remove(at)),
                None => left.push(it.clone()),
            }
        }
        left
    };
    Some(Difference { checked: less(&before, &after), written: less(&after, &before), about })
}

/// What was written is not what was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// The architecture.
    pub architecture: String,
    /// The environment.
    pub environment: &'static str,
    /// The file.
    pub file: String,
    /// Every difference.
    pub differences: Vec<Difference>,
}

/// A difference between what was checked and what was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it is about.
    pub about: String,
    /// What only the architecture says.
    pub checked: Vec<String>,
    /// What only the template says.
    pub written: Vec<String>,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "archgen has a bug: `{}` of `{}` ({}) is not the network that was checked",
            self.file, self.architecture, self.environment
        )
    }
}

impl std::error::Error for Mismatch {}

impl Mismatch {
    /// The differences, a block for each, for a report.
    pub fn details(&self) -> String {
        let mut text = String::new();
        for it in self.differences.iter().take(SHOWN) {
            text += &format!("  {}\n", it.about);
            for (side, lines) in [("checked", &it.checked), ("written", &it.written)] {
                if lines.is_empty() {
                    text += &format!("    {side}: nothing that the other does not have\n");
                }
                for line in lines.iter().take(SHOWN) {
                    text += &format!("    {side}: {line}\n");
                }
                if lines.len() > SHOWN {
                    text += &format!("    {side}: … {} more\n", lines.len() - SHOWN);
                }
            }
        }
        if self.differences.len() > SHOWN {
            text += &format!("  … {} more differences\n", self.differences.len() - SHOWN);
        }
        text
    }
}
