//! EC2 instance types: their sizes, and whether tasks fit on them (AG0410).
//!
//! Only the common families are known; of any other nothing is said.

use super::Context;
use super::cluster::services_of;
use crate::codes::Code;
use crate::declare::ecs_cluster::Ec2Capacity;
use crate::declare::{EcsCluster, EcsService};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;

/// What an instance type offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InstanceType {
    /// CPU units, 1024 for each vCPU.
    pub cpu: u32,
    /// Memory in MiB. Some of it is the operating system's.
    pub memory: u32,
    /// Network interfaces; the first is the instance's own.
    pub interfaces: u32,
}

/// MiB of memory for each vCPU, by family.
/// <https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html>
const FAMILIES: &[(&str, u32)] = &[
    ("c5", 2048),
    ("c6g", 2048),
    ("c6i", 2048),
    ("c7g", 2048),
    ("m5", 4096),
    ("m6g", 4096),
    ("m6i", 4096),
    ("m7g", 4096),
    ("m7i", 4096),
    ("r5", 8192),
    ("r6g", 8192),
    ("r6i", 8192),
];

/// vCPUs and network interfaces, by size.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html>
const SIZES: &[(&str, u32, u32)] = &[
    ("medium", 1, 2),
    ("large", 2, 3),
    ("xlarge", 4, 4),
    ("2xlarge", 8, 4),
    ("4xlarge", 16, 8),
    ("8xlarge", 32, 8),
    ("9xlarge", 36, 8),
    ("12xlarge", 48, 8),
    ("16xlarge", 64, 15),
    ("18xlarge", 72, 15),
    ("24xlarge", 96, 15),
    ("32xlarge", 128, 15),
];

/// T instances: vCPUs, MiB and network interfaces, by size.
const BURSTABLE: &[(&str, u32, u32, u32)] = &[
    ("nano", 2, 512, 2),
    ("micro", 2, 1024, 2),
    ("small", 2, 2048, 3),
    ("medium", 2, 4096, 3),
    ("large", 2, 8192, 3),
    ("xlarge", 4, 16384, 4),
    ("2xlarge", 8, 32768, 4),
];

/// What an instance type offers, if it is one of those known here.
pub fn instance_type(name: &str) -> Option<InstanceType> {
    let (family, size) = name.split_once('.')?;
    if matches!(family, "t3" | "t4g") {
        let (_, vcpus, memory, interfaces) =
            BURSTABLE.iter().copied().find(|(it, ..)| *it == size)?;
        return Some(InstanceType { cpu: vcpus * 1024, memory, interfaces });
    }
    let (_, ratio) = FAMILIES.iter().copied().find(|(it, _)| *it == family)?;
    let (_, vcpus, interfaces) = SIZES.iter().copied().find(|(it, ..)| *it == size)?;
    Some(InstanceType { cpu: vcpus * 1024, memory: vcpus * ratio, interfaces })
}

/// How many pods a node runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PodRoom {
    /// The pods that EKS lets it run.
    pub pods: u32,
    /// Its network interfaces, whose first address is the node's.
    interfaces: u32,
}

impl PodRoom {
    /// The addresses that it takes with all of its pods: theirs, but for the two that use the node's own, and
    /// one for each interface.
    pub fn addresses(&self) -> u32 {
        self.pods.saturating_sub(2) + self.interfaces
    }
}

/// Addresses of a network interface, by the number of interfaces of instances that are not T ones.
/// <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AvailableIpPerENI.html>
const INTERFACE_ADDRESSES: &[(u32, u32)] = &[(2, 4), (3, 10), (4, 15), (8, 30), (15, 50)];
/// Addresses of a network interface of T instances, by size.
const BURSTABLE_ADDRESSES: &[(&str, u32)] = &[
    ("nano", 2),
    ("micro", 2),
    ("small", 4),
    ("medium", 6),
    ("large", 12),
    ("xlarge", 15),
    ("2xlarge", 15),
];
/// The most pods of a node with fewer than 30 vCPUs, and of others.
/// <https://docs.aws.amazon.com/eks/latest/userguide/choosing-instance-type.html>
const MOST_PODS: (u32, u32) = (110, 250);

/// How many pods a node with the VPC CNI runs, if the instance type is known here.
/// <https://github.com/aws/amazon-vpc-cni-k8s/blob/master/misc/eni-max-pods.txt>
pub fn pod_room(name: &str) -> Option<PodRoom> {
    let offer = instance_type(name)?;
    let size = name.split_once('.')?.1;
    let each = if name.starts_with('t') {
        BURSTABLE_ADDRESSES.iter().find(|(it, _)| *it == size)?.1
    } else {
        INTERFACE_ADDRESSES.iter().find(|(it, _)| *it == offer.interfaces)?.1
    };
    let most = if offer.cpu < 30 * 1024 { MOST_PODS.0 } else { MOST_PODS.1 };
    let pods = (offer.interfaces * (each - 1) + 2).min(most);
    Some(PodRoom { pods, interfaces: offer.interfaces })
}

/// Whether an instance type has Graviton processors: `m6g`, `c7gn`, `t4g`, but not `g4dn`.
pub fn is_graviton(name: &str) -> bool {
    let family = name.split('.').next().unwrap_or_default();
    let behind_digit = family.find(|it: char| it.is_ascii_digit()).map(|it| &family[it + 1..]);
    family == "a1" || behind_digit.is_some_and(|it| it.contains('g'))
}

/// AG0410: a task, or all of them, do not fit.
fn does_not_fit(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0410, loc, message)
}

/// Whether a task of a service fits on an instance.
pub fn check_task(service: &EcsService, capacity: &Ec2Capacity, cx: &mut Context<'_>) {
    if let Some(cpu) = service.cpu.literal()
        && cpu.0 < 128
    {
        cx.push(
            does_not_fit(
                service.cpu.loc,
                format!("{} CPU units are less than a task on EC2 instances can have", cpu.0),
            )
            .help("give it at least `128`"),
        );
    }
    let Some(name) = capacity.instance.literal() else {
        return;
    };
    let Some(offer) = instance_type(name) else {
        return;
    };
    if let Some(cpu) = service.cpu.literal()
        && cpu.0 > offer.cpu
    {
        cx.push(
            does_not_fit(
                service.cpu.loc,
                format!(
                    "a task of `{}` needs {} CPU units, and a `{name}` has {}",
                    service.meta.name, cpu.0, offer.cpu
                ),
            )
            .label(capacity.instance.loc, "the instance type is given here")
            .help("choose a larger instance type, or less CPU"),
        );
    }
    if let Some(memory) = service.memory.literal()
        && memory.0 >= offer.memory
    {
        cx.push(
            does_not_fit(
                service.memory.loc,
                format!(
                    "a task of `{}` needs {} MB, and a `{name}` has {} MB, some of it for the \
                     operating system",
                    service.meta.name, memory.0, offer.memory
                ),
            )
            .label(capacity.instance.loc, "the instance type is given here")
            .help("choose a larger instance type, or less memory"),
        );
    }
}

/// What all tasks of a cluster need when each service runs its least number of them.
#[derive(Default)]
struct Demand {
    tasks: u64,
    cpu: u64,
    memory: u64,
}

/// Whether the least number of tasks of every service fits on the greatest number of instances.
///
/// What is not known counts as nothing, so what is found holds whatever it is.
pub fn check_cluster(cluster: &EcsCluster, capacity: &Ec2Capacity, cx: &mut Context<'_>) {
    let Some(name) = capacity.instance.literal() else {
        return;
    };
    let Some(offer) = instance_type(name) else {
        return;
    };
    let Some(bounds) = capacity.instances.literal() else {
        return;
    };
    let Some(instances) = bounds.last.literal().map(|it| u64::from(it.0)) else {
        return;
    };
    let mut demand = Demand::default();
    for service in services_of(cx.architecture, cluster) {
        let tasks = service.tasks.literal().and_then(|it| it.first.literal());
        let tasks = tasks.map_or(0, |it| u64::from(it.0));
        demand.tasks += tasks;
        demand.cpu += tasks * service.cpu.literal().map_or(0, |it| u64::from(it.0));
        demand.memory += tasks * service.memory.literal().map_or(0, |it| u64::from(it.0));
    }
    let interfaces = u64::from(offer.interfaces - 1);
    let has_trunks = capacity.trunking.literal() != Some(&false) && !name.starts_with('t');
    let found = [
        (demand.cpu, instances * u64::from(offer.cpu), "CPU units"),
        (demand.memory, instances * u64::from(offer.memory), "MB of memory"),
        (
            demand.tasks,
            if has_trunks { u64::MAX } else { instances * interfaces },
            "network interfaces for tasks",
        ),
    ];
    for (needed, offered, what) in found {
        if needed > offered && instances > 0 {
            let each = offered / instances;
            let least = needed.div_ceil(each.max(1));
            cx.push(
                does_not_fit(
                    last_loc(&bounds.last, capacity),
                    format!(
                        "the {} tasks of `{}` need {needed} {what}, and {instances} `{name}` have \
                         {offered}",
                        demand.tasks, cluster.meta.name
                    ),
                )
                .note(format!("each instance has {each} {what}"))
                .help(format!(
                    "allow at least {least} instances, or choose a larger instance type"
                )),
            );
        }
    }
}

fn last_loc<T>(last: &Field<T>, capacity: &Ec2Capacity) -> Loc {
    super::or_loc(last.loc, capacity.instances.loc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_aws() {
        assert_eq!(
            instance_type("t3.large"),
            Some(InstanceType { cpu: 2048, memory: 8192, interfaces: 3 })
        );
        assert_eq!(
            instance_type("r6i.4xlarge"),
            Some(InstanceType { cpu: 16384, memory: 131_072, interfaces: 8 })
        );
        assert_eq!(instance_type("p5.48xlarge"), None);
    }

    #[test]
    fn pods_are_those_of_the_cni() {
        let pods = |it| pod_room(it).map(|it| it.pods);
        for (name, most) in [
            ("m6g.medium", 8),
            ("m6i.large", 29),
            ("r6i.xlarge", 58),
            ("t3.medium", 17),
            ("t4g.large", 35),
            ("t3.nano", 4),
            // The CNI would give them more than EKS lets run.
            ("m5.4xlarge", 110),
            ("m5.12xlarge", 234),
            ("m5.16xlarge", 250),
        ] {
            assert_eq!(pods(name), Some(most), "{name}");
        }
        assert_eq!(pods("p5.48xlarge"), None);
        assert_eq!(pod_room("m6i.large").map(|it| it.addresses()), Some(30));
    }

    #[test]
    fn graviton_is_told_by_the_family() {
        for it in ["t4g.small", "m6g.large", "c7gn.xlarge", "a1.large", "r6gd.large"] {
            assert!(is_graviton(it), "{it}");
        }
        for it in ["t3.small", "g4dn.xlarge", "m6i.large"] {
            assert!(!is_graviton(it), "{it}");
        }
    }
}
