//! What CloudFormation and Terraform cannot say, or say with a loss.

use archgen_core::declare::Kind;
use archgen_core::declare::param::ParamKind;
use archgen_core::resource::{Parameter, Resource, ResourceKind};
use archgen_core::value::Value;

use super::{Capability, Concern, Support};
use crate::{Target, terraform};

const STORES: &[Kind] = &[Kind::RdsPostgres, Kind::Redis, Kind::Efs, Kind::S3Bucket, Kind::Secret];

/// The rows.
pub(super) const TABLE: &[Capability] = &[
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
        declarations: &[Kind::Namespace, Kind::K8sService, Kind::ClusterAddons],
        subject: "what runs in a Kubernetes cluster",
        support: Support::None,
        why: "CloudFormation has no resources of Kubernetes's own",
        alternative: "install the charts of the Helm target in the cluster",
        source: "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EKS.html",
        is_reported: false,
        concern: Concern::Kubernetes,
    },
    Capability {
        target: Target::Terraform,
        declarations: &[Kind::Namespace, Kind::K8sService, Kind::ClusterAddons],
        subject: "what runs in a Kubernetes cluster",
        support: Support::None,
        why: "a module that makes a cluster cannot have a provider that needs it to be there",
        alternative: "install the charts of the Helm target in the cluster",
        source: "https://registry.terraform.io/providers/hashicorp/kubernetes/latest/docs",
        is_reported: false,
        concern: Concern::Kubernetes,
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
