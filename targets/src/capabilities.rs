//! What a target cannot say, or says with a loss: one table, and what of it concerns an architecture.
//!
//! What is in no row, a target says in full.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::declare::Kind;
use archgen_core::declare::param::ParamKind;
use archgen_core::resource::{Parameter, Resource, ResourceGraph, ResourceKind};
use archgen_core::value::Value;
use archgen_core::{Checked, Code, Diagnostic, Loc};

use crate::{Target, cloudformation, terraform};

/// How much of something a target can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Support {
    /// All of it.
    Full,
    /// It says it, and what is deployed behaves differently in one case.
    Partial,
    /// Nothing.
    None,
}

impl Support {
    /// `full`, `partial` or `none`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Support::Full => "full",
            Support::Partial => "partial",
            Support::None => "none",
        }
    }
}

/// What a row of the table is about in an architecture.
enum Concern {
    /// No declaration says such a thing.
    Nothing,
    /// The whole architecture.
    Everything,
    /// Some of its resources.
    Resources(fn(&Resource) -> bool),
    /// Some of its parameters.
    Parameters(fn(&Parameter) -> bool),
    /// What was renamed.
    Renames,
}

/// One thing that a target cannot say, or says with a loss.
pub struct Capability {
    /// The target.
    pub target: Target,
    /// The declarations that say it; empty for the architecture as a whole, and for what no declaration
    /// says.
    pub declarations: &'static [Kind],
    /// What is said: a field, or what follows from the declaration.
    pub subject: &'static str,
    /// How much of it the target can say.
    pub support: Support,
    /// What is missing, in the style of diagnostics.
    pub why: &'static str,
    /// What to do instead.
    pub alternative: &'static str,
    /// Where that is written.
    pub source: &'static str,
    /// Whether a target that is written for an architecture with it says so: the author said what is lost.
    pub is_reported: bool,
    concern: Concern,
}

const STORES: &[Kind] = &[Kind::RdsPostgres, Kind::Redis, Kind::Efs, Kind::S3Bucket, Kind::Secret];

/// Everything that a target cannot say, or says with a loss.
pub const TABLE: &[Capability] = &[
    Capability {
        target: Target::CloudFormation,
        declarations: &[],
        subject: "renamed declarations",
        support: Support::None,
        why: "a template cannot say that a resource had another logical ID: deploying it replaces what was \
              renamed",
        alternative: "rename the resources with a stack refactor before deploying the template",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stack-refactoring.html",
        is_reported: true,
        concern: Concern::Renames,
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[Kind::EcsCluster],
        subject: "tags of instance profiles",
        support: Support::None,
        why: "`AWS::IAM::InstanceProfile` takes no tags; the role in it has them",
        alternative: "let cost allocation and policies rest on the role's tags",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-instanceprofile.html",
        is_reported: false,
        concern: Concern::Resources(|it| matches!(it.kind, ResourceKind::InstanceProfile(_))),
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[Kind::EksCluster],
        subject: "the number of nodes that an autoscaler has set",
        support: Support::Partial,
        why: "a template says how many nodes a group starts with; where it changes their range, the group goes \
              back to the least",
        alternative: "change the range when the least number of nodes is enough for a while",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-eks-nodegroup-scalingconfig.html",
        is_reported: false,
        concern: Concern::Resources(|it| matches!(it.kind, ResourceKind::NodeGroup(_))),
    },
    Capability {
        target: Target::CloudFormation,
        declarations: STORES,
        subject: "plans that may not destroy a store",
        support: Support::Partial,
        why: "a change set that removes a store is no error; the store, or its last snapshot, is kept",
        alternative: "look for `Remove` and `Replacement` in the change set, or deny both by a stack policy",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html",
        is_reported: false,
        concern: Concern::Resources(is_store),
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[],
        subject: "conditions that stop a deployment",
        support: Support::Partial,
        why: "a template can refuse values of parameters, and can ask nothing about what exists",
        alternative: "use CloudFormation Hooks in the account",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html",
        is_reported: false,
        concern: Concern::Nothing,
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[],
        subject: "the accounts it may be deployed to",
        support: Support::None,
        why: "a template is deployed to whatever account its deployer is signed in to",
        alternative: "let the role that deploys exist only in the account it is for",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html",
        is_reported: false,
        concern: Concern::Nothing,
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[],
        subject: "where the state is kept",
        support: Support::None,
        why: "there is no state to place: AWS keeps that of every stack",
        alternative: "none is needed",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacks.html",
        is_reported: false,
        concern: Concern::Nothing,
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[],
        subject: "SSM parameters of type SecureString",
        support: Support::None,
        why: "`AWS::SSM::Parameter` takes `String` and `StringList` only",
        alternative: "use `secret!`",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html",
        is_reported: false,
        concern: Concern::Nothing,
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[],
        subject: "reserved instances and savings plans",
        support: Support::None,
        why: "no type of resource buys them",
        alternative: "buy them by hand; Terraform has `aws_rds_reserved_instance`, \
                      `aws_elasticache_reserved_cache_node` and `aws_savingsplans_savings_plan`",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html",
        is_reported: false,
        concern: Concern::Nothing,
    },
    Capability {
        target: Target::CloudFormation,
        declarations: &[],
        subject: "tags that costs are told apart by",
        support: Support::None,
        why: "no type of resource activates a cost allocation tag",
        alternative: "activate it by `aws ce update-cost-allocation-tags-status`; Terraform has \
                      `aws_ce_cost_allocation_tag`",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_CE.html",
        is_reported: false,
        concern: Concern::Nothing,
    },
    Capability {
        target: Target::Terraform,
        declarations: &[Kind::RdsPostgres, Kind::Redis],
        subject: "the last snapshot of a store that is deleted",
        support: Support::Partial,
        why: "the name of the last snapshot is fixed, so the same store cannot be deleted twice",
        alternative: "before it is deleted again, delete the snapshot of the first time or copy it to another \
                      name",
        source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/db_instance#final_snapshot_identifier-1",
        is_reported: true,
        concern: Concern::Resources(has_last_snapshot),
    },
    Capability {
        target: Target::Terraform,
        declarations: &[Kind::RdsPostgres],
        subject: "auto_minor_version_upgrade",
        support: Support::Partial,
        why: "once AWS has installed a minor version, a plan goes back to the version that is declared, which \
              RDS refuses",
        alternative: "write the version that runs, or set `auto_minor_version_upgrade: false`",
        source: "https://github.com/hashicorp/terraform-provider-aws/issues/39579",
        is_reported: true,
        concern: Concern::Resources(upgrades_itself),
    },
    Capability {
        target: Target::Terraform,
        declarations: &[Kind::RdsPostgres],
        subject: "parameters of extensions",
        support: Support::Partial,
        why: "the provider has to be told which settings take effect at a restart only; of those of extensions \
              it is not known, and one that does is refused",
        alternative: "set the `apply_method` of a setting that is refused to `pending-reboot`",
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBParameterGroup.html",
        is_reported: true,
        concern: Concern::Resources(has_unknown_settings),
    },
    Capability {
        target: Target::Terraform,
        declarations: &[Kind::Param],
        subject: "kind: VpcId and HostedZoneId",
        support: Support::Partial,
        why: "Terraform checks what an identifier looks like, CloudFormation also that it exists",
        alternative: "look at the plan: what does not exist fails while it is applied",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-supplied-parameter-types.html",
        is_reported: true,
        concern: Concern::Parameters(names_something),
    },
    Capability {
        target: Target::Terraform,
        declarations: STORES,
        subject: "stores that outlive their declaration",
        support: Support::Partial,
        why: "`prevent_destroy` guards a store only while its block is there: once the declaration is removed, \
              a plan destroys the store, where CloudFormation keeps it",
        alternative: "before the declaration is removed, write a `removed` block with `destroy = false`",
        source: "https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle",
        is_reported: true,
        concern: Concern::Resources(is_store),
    },
    Capability {
        target: Target::Terraform,
        declarations: &[Kind::RdsPostgres, Kind::Redis],
        subject: "physical names that AWS makes up",
        support: Support::Partial,
        why: "the name is made of those of the architecture, the environment and the declaration, so two of \
              them cannot stand in one account and Region",
        alternative: "give `identifier`",
        source: "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/elasticache_replication_group",
        is_reported: false,
        concern: Concern::Resources(has_made_up_name),
    },
    Capability {
        target: Target::Terraform,
        declarations: &[],
        subject: "rolling back what failed",
        support: Support::None,
        why: "an apply that fails leaves what it had made or changed, where CloudFormation rolls it back",
        alternative: "correct the cause and apply again; to go back, apply what was emitted before",
        source: "https://developer.hashicorp.com/terraform/cli/commands/apply",
        is_reported: false,
        concern: Concern::Everything,
    },
];

fn is_replica(kind: &ResourceKind) -> bool {
    matches!(kind, ResourceKind::DbInstance(it) if it.replica_of.is_some())
}

fn is_store(it: &Resource) -> bool {
    has_last_snapshot(it)
        || is_secret(it)
        || matches!(it.kind, ResourceKind::FileSystem(_) | ResourceKind::Bucket(_))
}

fn has_last_snapshot(it: &Resource) -> bool {
    matches!(it.kind, ResourceKind::DbInstance(_) | ResourceKind::ReplicationGroup(_))
        && !is_replica(&it.kind)
}

fn upgrades_itself(it: &Resource) -> bool {
    matches!(
        &it.kind,
        ResourceKind::DbInstance(it)
            if it.engine_version.is_some() && it.auto_minor_version_upgrade != Value::Literal(false)
    )
}

fn has_unknown_settings(it: &Resource) -> bool {
    matches!(
        &it.kind,
        ResourceKind::DbParameterGroup(it)
            if it.parameters.iter().any(|(name, _)| !terraform::knows_setting(name))
    )
}

fn is_secret(it: &Resource) -> bool {
    matches!(it.kind, ResourceKind::Secret(_))
}

fn has_made_up_name(it: &Resource) -> bool {
    terraform::made_up_limit(&it.kind).is_some()
}

fn names_something(it: &Parameter) -> bool {
    matches!(it.kind, ParamKind::VpcId | ParamKind::HostedZoneId)
}

impl Capability {
    /// What of an architecture it is about: the declarations by name, with their places. None if it is not
    /// about it; empty if it is about the architecture as a whole.
    pub fn concerns(&self, graph: &ResourceGraph) -> Option<BTreeMap<String, Loc>> {
        let found: BTreeMap<String, Loc> = match self.concern {
            Concern::Nothing => return None,
            Concern::Everything => return Some(BTreeMap::new()),
            Concern::Resources(is_about) => {
                let all = graph.resources.values().filter(|it| is_about(it));
                all.map(|it| (it.declaration.clone(), it.loc)).collect()
            }
            Concern::Parameters(is_about) => {
                let all = graph.parameters.values().filter(|it| is_about(it));
                all.map(|it| (it.name.clone(), it.loc)).collect()
            }
            Concern::Renames => {
                let all = graph.moved.iter().filter_map(|it| graph.resources.get(&it.resource));
                all.map(|it| (it.declaration.clone(), it.loc)).collect()
            }
        };
        (!found.is_empty()).then_some(found)
    }

    /// What is printed where the target is written for an architecture that it is about.
    fn diagnostic(&self, concerned: &BTreeMap<String, Loc>) -> Option<Diagnostic> {
        let code = match self.support {
            Support::Full => return None,
            Support::Partial => Code::AG0703,
            Support::None => Code::AG0702,
        };
        let mut places: Vec<(&str, Loc)> =
            concerned.iter().map(|(name, loc)| (name.as_str(), *loc)).collect();
        places.sort_by_key(|it| (it.1, it.0));
        let names: Vec<String> = places.iter().map(|it| format!("`{}`", it.0)).collect();
        let loc = places.first().map_or(Loc::NONE, |it| it.1);
        let message = format!("{} ({}): {}", self.subject, names.join(", "), self.why);
        let diagnostic = Diagnostic::new(code, loc, message);
        let others = places.iter().skip(1).filter(|it| it.1.is_known());
        let diagnostic =
            others.fold(diagnostic, |all, (name, loc)| all.label(*loc, format!("`{name}`, too")));
        Some(diagnostic.help(self.alternative))
    }
}

/// The declarations of which a target says everything.
pub fn full(target: Target) -> Vec<Kind> {
    let limited: BTreeSet<Kind> = TABLE
        .iter()
        .filter(|it| it.target == target)
        .flat_map(|it| it.declarations)
        .copied()
        .collect();
    Kind::ALL.iter().copied().filter(|it| !limited.contains(it)).collect()
}

/// What is to be said where a target is written: what it cannot say of an architecture, and what it says
/// with a loss.
pub fn report(checked: &Checked, target: Target) -> Vec<Diagnostic> {
    report_graph(checked.name(), checked.environment().as_str(), checked.graph(), target)
}

fn report_graph(
    name: &str,
    environment: &str,
    graph: &ResourceGraph,
    target: Target,
) -> Vec<Diagnostic> {
    let mut found = match target {
        Target::CloudFormation => Vec::new(),
        Target::Terraform => bad_names(name, environment, graph),
    };
    for it in TABLE.iter().filter(|it| it.target == target && it.is_reported) {
        if let Some(concerned) = it.concerns(graph) {
            found.extend(it.diagnostic(&concerned));
        }
    }
    archgen_core::diagnostic::sort(&mut found);
    found
}

/// AG0701: the names that Terraform's provider has to be given, and that the service does not take.
fn bad_names(name: &str, environment: &str, graph: &ResourceGraph) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (resource, name, limit) in terraform::made_up_names(name, environment, graph) {
        let length = name.chars().count();
        let why = if length > limit {
            format!("has {length} characters, and the service takes {limit}")
        } else if !name.starts_with(|it: char| it.is_ascii_alphabetic()) {
            "does not start with a letter".to_string()
        } else {
            continue;
        };
        let declaration = &resource.declaration;
        let message = format!("the name `{name}` that Terraform has to give `{declaration}` {why}");
        found.push(
            Diagnostic::new(Code::AG0701, resource.loc, message).help("give it an `identifier`"),
        );
    }
    found
}

/// How many resources of each type a target writes for an architecture.
pub fn types(checked: &Checked, target: Target) -> BTreeMap<String, usize> {
    match target {
        Target::CloudFormation => {
            let mut types = BTreeMap::new();
            for (_, kind, ..) in cloudformation::template(checked).resources() {
                *types.entry(kind.to_string()).or_insert(0) += 1;
            }
            types
        }
        Target::Terraform => {
            terraform::types(checked.name(), checked.environment().as_str(), checked.graph())
        }
    }
}

#[cfg(test)]
#[path = "capabilities_tests.rs"]
mod tests;
