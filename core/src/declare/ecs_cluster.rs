//! `ecs_cluster!`: what runs the tasks of services.

use crate::check::Context;
use crate::field::{FieldType, Reader, TierRef, Word};
use crate::lower::Lower;
use crate::node::Node;
use crate::types::{Bounds, Count, Days, Percent, Storage};
use crate::value::Value;

crate::record! {
    /// EC2 instances.
    Ec2Capacity: "Ec2" {
        /// The instance type, such as `t3.large`.
        required instance: String = "\"t3.large\"";
        /// How many instances: `2..=5`.
        required instances: Bounds<Count> = "2..=5";
        /// How full the instances shall be; what is left is room for deployments.
        default target: Percent = Percent(90.0);
        /// The size of the root volume.
        default volume: Storage = Storage(30);
        /// Whether the account has `awsvpcTrunking` on, with which an instance runs more tasks than it
        /// has network interfaces (T instances cannot).
        default trunking: bool = false;
    }
}

/// What runs a cluster's tasks.
#[derive(Clone, Debug, PartialEq)]
pub enum ClusterCapacity {
    /// AWS Fargate.
    Fargate,
    /// AWS Fargate on spare capacity, cheaper, stopped with two minutes' notice.
    FargateSpot,
    /// EC2 instances.
    Ec2(Box<Ec2Capacity>),
}

impl FieldType for ClusterCapacity {
    fn expected() -> String {
        "`Fargate`, `FargateSpot` or `Ec2 { instance: …, instances: … }`".to_string()
    }

    fn words(words: &mut Vec<Word>) {
        words.push(Word { name: "Fargate", of: "FargateCapacity" });
        words.push(Word { name: "FargateSpot", of: "FargateCapacity" });
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if let Some((tag, entries)) = node.as_tagged() {
            return match tag {
                "Ec2" => Value::Literal(ClusterCapacity::Ec2(Box::new(Ec2Capacity::read_entries(
                    entries, node.loc, reader,
                )))),
                _ => reader.unknown_word(node.loc, tag, &["Ec2", "Fargate", "FargateSpot"]),
            };
        }
        match node.as_word() {
            Some("Fargate") => Value::Literal(ClusterCapacity::Fargate),
            Some("FargateSpot") => Value::Literal(ClusterCapacity::FargateSpot),
            Some(word) => reader.unknown_word(node.loc, word, &["Ec2", "Fargate", "FargateSpot"]),
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

crate::words! {
    /// The bare names of [`ClusterCapacity`].
    FargateCapacity: "capacities" {
        /// AWS Fargate.
        Fargate = "FARGATE",
        /// AWS Fargate on spare capacity.
        FargateSpot = "FARGATE_SPOT",
    }
}

impl crate::field::FieldValue<ClusterCapacity> for FargateCapacity {}

crate::declaration! {
    /// A cluster of tasks.
    EcsCluster EcsClusterBuilder {
        /// The tier its services and instances stand in, unless a service says otherwise.
        required subnets: TierRef = "network.private";
        /// What runs its tasks.
        default capacity: ClusterCapacity = ClusterCapacity::Fargate;
        /// The private DNS zone in which its services find each other.
        optional namespace: String;
        /// Whether Container Insights collects its metrics.
        default container_insights: bool = true;
        /// How long the logs of its services are kept, unless a service says otherwise.
        default log_retention: Days = Days(30);
        /// Its physical name in AWS.
        optional cluster_name: String;
    } members EcsClusterMembers {
        /// The name.
        name;
        /// The Amazon Resource Name.
        arn;
    }
}


impl EcsCluster {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        crate::check::cluster::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        crate::lower::lower_cluster(self, cx);
    }
}

impl EcsCluster {
    /// Whether it runs tasks on EC2 instances of its own.
    pub fn has_instances(&self) -> bool {
        matches!(self.capacity.literal(), Some(ClusterCapacity::Ec2(_)))
    }
}
