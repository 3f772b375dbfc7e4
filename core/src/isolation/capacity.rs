//! How many more tenants there is room for: what a pool uses of AWS's limits and of what it shares, and the number
//! of tenants at which it is not enough any more.
//!
//! What a further tenant needs is what the tenants that there are need on average. Limits are AWS's defaults.

use std::collections::{BTreeMap, BTreeSet};

use crate::resource::elb::{Listener, ListenerAction, ListenerRule};
use crate::resource::network::{Direction, RulePeer};
use crate::resource::tenancy::{Quota, Tenancy, Tenant};
use crate::resource::{
    Dashboard, DbInstance, DbParameterGroup, DbSubnetGroup, ResourceGraph, ResourceId, Role,
    ScalableTarget, SecurityGroup, SecurityGroupRule, Service, Subnet, TaskDefinition, Typed,
};
use crate::tenant_fields::ComputeIsolation;
use crate::types::Cidr;
use crate::value::Value;

/// What is used of something that tenants need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// What it is: `rules of the load balancer edge`.
    pub what: String,
    /// How much is used, at least.
    pub used: u64,
    /// How much of that the tenants use.
    pub by_tenants: u64,
    /// How much there is.
    pub limit: u64,
    /// The tenants that use some.
    pub tenants: u64,
    /// The page that the limit is from.
    pub source: &'static str,
}

impl Room {
    /// How much is left.
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.used)
    }

    /// The number of tenants of this kind that are too many; none if they need nothing of it.
    pub fn breaks_at(&self) -> Option<u64> {
        if self.by_tenants == 0 || self.tenants == 0 {
            return None;
        }
        let others = self.used - self.by_tenants.min(self.used);
        let for_tenants = self.limit.saturating_sub(others);
        Some(for_tenants * self.tenants / self.by_tenants + 1)
    }
}

const BALANCER: &str =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html";
const VPC: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html";
const SUBNET: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html";
const ECS: &str = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html";
const FARGATE: &str =
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html";
const IAM: &str = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";
const RDS: &str = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Limits.html";
const CLOUDWATCH: &str =
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html";

/// What a pool uses, the tightest first.
pub fn capacity(graph: &ResourceGraph, tenancy: &Tenancy) -> Vec<Room> {
    let cx = Capacity {
        graph,
        tenancy,
        own: tenancy
            .tenants
            .iter()
            .flat_map(|(key, it)| it.resources.iter().map(|id| (id, key.as_str())))
            .collect(),
    };
    let mut all = Vec::new();
    cx.balancers(&mut all);
    cx.group_rules(&mut all);
    cx.addresses(&mut all);
    cx.shared_tasks(&mut all);
    cx.databases(&mut all);
    cx.counts(&mut all);
    tightest_first(all)
}

/// Of what tenants use some, the tightest first.
pub fn tightest_first(mut all: Vec<Room>) -> Vec<Room> {
    all.retain(|it| it.by_tenants > 0);
    all.sort_by(|a, b| (a.breaks_at(), &a.what).cmp(&(b.breaks_at(), &b.what)));
    all
}

struct Capacity<'a> {
    graph: &'a ResourceGraph,
    tenancy: &'a Tenancy,
    /// Whose a resource is.
    own: BTreeMap<&'a ResourceId, &'a str>,
}

/// The number used, and by tenants of it.
#[derive(Clone, Copy, Default)]
struct Used {
    all: u64,
    by_tenants: u64,
}

impl Used {
    fn add(&mut self, number: u64, is_own: bool) {
        self.all += number;
        if is_own {
            self.by_tenants += number;
        }
    }
}

impl<'a> Capacity<'a> {
    fn is_own(&self, id: &ResourceId) -> bool {
        self.own.contains_key(id)
    }

    fn count_of(&self, of: impl Fn(&Tenant) -> bool) -> u64 {
        self.tenancy.tenants.values().filter(|it| of(it)).count() as u64
    }

    /// What those of a kind may use together, and how many of them it is said of.
    fn sum(&self, is: impl Fn(&Tenant) -> bool, of: fn(&Quota) -> Option<u32>) -> (Used, u64) {
        let those = self.tenancy.tenants.values().filter(|it| is(it));
        let each: Vec<u64> = those.filter_map(|it| of(&it.quota)).map(u64::from).collect();
        let total = each.iter().sum();
        (Used { all: total, by_tenants: total }, each.len() as u64)
    }

    fn push(
        &self,
        all: &mut Vec<Room>,
        what: String,
        used: Used,
        limit: u64,
        tenants: u64,
        source: &'static str,
    ) {
        let Used { all: used, by_tenants } = used;
        all.push(Room { what, used, by_tenants, limit, tenants, source });
    }

    /// Rules and target groups of load balancers: 100 each, default rules not counted.
    fn balancers(&self, all: &mut Vec<Room>) {
        let mut rules: BTreeMap<&ResourceId, Used> = BTreeMap::new();
        let mut targets: BTreeMap<&ResourceId, BTreeSet<&ResourceId>> = BTreeMap::new();
        let mut leads = |balancer: &'a ResourceId, action: &'a ListenerAction| {
            if let ListenerAction::Forward(groups) = action {
                targets.entry(balancer).or_default().extend(groups.iter().map(|it| it.0.id()));
            }
        };
        for (_, _, listener) in self.graph.all::<Listener>() {
            leads(listener.load_balancer.id(), &listener.default_action);
        }
        for (reference, _, rule) in self.graph.all::<ListenerRule>() {
            let listener = self.graph.resources.get(rule.listener.id());
            let Some(listener) = listener.and_then(|it| Listener::from_kind(&it.kind)) else {
                continue;
            };
            let balancer = listener.load_balancer.id();
            rules.entry(balancer).or_default().add(1, self.is_own(reference.id()));
            leads(balancer, &rule.action);
        }
        let tenants = self.count_of(|it| it.isolation.routed);
        for (balancer, used) in rules {
            let what = format!("rules of the load balancer `{}`", owner(balancer));
            self.push(all, what, used, 100, tenants, BALANCER);
        }
        for (balancer, groups) in targets {
            let mut used = Used::default();
            groups.iter().for_each(|it| used.add(1, self.is_own(it)));
            let what = format!("target groups of the load balancer `{}`", owner(balancer));
            self.push(all, what, used, 100, tenants, BALANCER);
        }
    }

    /// Rules of security groups in one direction for one family: 60.
    fn group_rules(&self, all: &mut Vec<Room>) {
        let mut rules: BTreeMap<(&ResourceId, Direction, bool), Used> = BTreeMap::new();
        for (reference, _, rule) in self.graph.all::<SecurityGroupRule>() {
            let is_own = self.is_own(reference.id());
            let mut families = vec![true, false];
            if let RulePeer::Cidr(Value::Literal(Cidr(block))) = &rule.peer {
                families = vec![block.addr().is_ipv4()];
            }
            for is_ipv4 in families {
                let key = (rule.group.id(), rule.direction, is_ipv4);
                rules.entry(key).or_default().add(1, is_own);
            }
        }
        // Of two families the fuller one breaks first.
        let mut fullest: BTreeMap<(&ResourceId, Direction), Used> = BTreeMap::new();
        for ((group, direction, _), used) in rules {
            let before = fullest.entry((group, direction)).or_default();
            if used.all > before.all {
                *before = used;
            }
        }
        for ((group, direction), used) in fullest {
            // The rules of a tenant's own group do not grow with the tenants.
            if self.is_own(group) || used.by_tenants == 0 {
                continue;
            }
            let direction = match direction {
                Direction::Ingress => "ingress",
                Direction::Egress => "egress",
            };
            let tenants = self.count_of(|it| it.isolation.compute == ComputeIsolation::Silo);
            let what = format!("{direction} rules of the security group of `{}`", owner(group));
            self.push(all, what, used, 60, tenants, VPC);
        }
        self.each::<SecurityGroup>(all, "security groups in the Region", 2_500, VPC);
    }

    /// Addresses for tasks: while a deployment goes on there are two for each.
    fn addresses(&self, all: &mut Vec<Room>) {
        let mut most: BTreeMap<&ResourceId, u64> = BTreeMap::new();
        for (_, _, it) in self.graph.all::<ScalableTarget>() {
            if let Value::Literal(count) = &it.maximum {
                most.insert(it.service.id(), u64::from(count.0));
            }
        }
        let mut used: BTreeMap<Vec<&ResourceId>, Used> = BTreeMap::new();
        for (reference, _, service) in self.graph.all::<Service>() {
            let desired = match &service.desired_count {
                Some(Value::Literal(it)) => Some(u64::from(it.0)),
                Some(Value::Parameter(_) | Value::Unknown) | None => None,
            };
            let Some(tasks) = most.get(reference.id()).copied().or(desired) else { continue };
            let subnets = service.subnets.iter().map(|it| it.id()).collect();
            let number = tasks * u64::from(service.maximum) / 100;
            used.entry(subnets).or_default().add(number, self.is_own(reference.id()));
        }
        for (subnets, used) in used {
            let mut limit = 0;
            for id in &subnets {
                let subnet = self.graph.resources.get(*id);
                let subnet = subnet.and_then(|it| Subnet::from_kind(&it.kind));
                if let Some(Value::Literal(block)) = subnet.map(|it| &it.cidr) {
                    // AWS keeps five addresses of each.
                    limit += (1_u64 << (32 - block.0.prefix_len())).saturating_sub(5);
                }
            }
            let Some(first) = subnets.first() else { continue };
            let parts: Vec<&str> = first.as_str().split('.').take(2).collect();
            let what = format!("addresses of `{}` for tasks", parts.join("."));
            let tenants = self.count_of(|it| has(it, self.graph, |_: &Service| true));
            self.push(all, what, used, limit, tenants, SUBNET);
        }
    }

    /// What tenants that share tasks may use of them.
    fn shared_tasks(&self, all: &mut Vec<Room>) {
        let Some(shared) = &self.tenancy.shared_service else { return };
        let Some(service) = self.graph.get(shared) else { return };
        let Some(task) = self.graph.get::<TaskDefinition>(&service.task_definition) else { return };
        let target = self.graph.all::<ScalableTarget>().find(|(_, _, it)| it.service == *shared);
        let tasks = match (target.map(|it| &it.2.maximum), &service.desired_count) {
            (Some(Value::Literal(it)), _) | (None, Some(Value::Literal(it))) => u64::from(it.0),
            (Some(Value::Parameter(_) | Value::Unknown), _)
            | (None, Some(Value::Parameter(_) | Value::Unknown) | None) => return,
        };
        let sum = |of| self.sum(|it| it.isolation.compute == ComputeIsolation::Pool, of);
        let name = owner(shared.id());
        if let Value::Literal(cpu) = &task.cpu {
            let (used, tenants) = sum(|it| it.cpu);
            let limit = tasks * u64::from(cpu.0);
            let what = format!("CPU units of `{name}` at {tasks} tasks");
            self.push(all, what, used, limit, tenants, FARGATE);
        }
        if let Value::Literal(memory) = &task.memory {
            let (used, tenants) = sum(|it| it.memory);
            let limit = tasks * u64::from(memory.0);
            let what = format!("MB of memory of `{name}` at {tasks} tasks");
            self.push(all, what, used, limit, tenants, FARGATE);
        }
    }

    /// What the rows of tenants take, and their connections.
    fn databases(&self, all: &mut Vec<Room>) {
        let sum = |of| self.sum(|it| it.isolation.shares_database(), of);
        let Some(database) = &self.tenancy.database else { return };
        let Some(instance) = self.graph.get::<DbInstance>(database) else { return };
        let name = owner(database.id());
        let storage = instance.max_storage.as_ref().or(instance.storage.as_ref());
        if let Some(Value::Literal(storage)) = storage {
            let (used, tenants) = sum(|it| it.storage);
            let what = format!("GB of storage of `{name}`");
            self.push(all, what, used, u64::from(storage.0), tenants, RDS);
        }
        let memory = instance.class.literal().and_then(|it| memory_of(it));
        if let Some(gib) = memory {
            let (used, tenants) = sum(|it| it.connections);
            // LEAST({DBInstanceClassMemory/9531392}, 5000), as parameter groups have it.
            let limit = ((gib << 30) / 9_531_392).min(5_000);
            let what = format!("connections to `{name}`");
            self.push(all, what, used, limit, tenants, RDS);
        }
    }

    /// How many there are of something in a cluster, an account or a dashboard.
    fn counts(&self, all: &mut Vec<Room>) {
        let mut services: BTreeMap<&ResourceId, Used> = BTreeMap::new();
        for (reference, _, service) in self.graph.all::<Service>() {
            let is_own = self.is_own(reference.id());
            services.entry(service.cluster.id()).or_default().add(1, is_own);
        }
        for (cluster, used) in services {
            let tenants = self.count_of(|it| has(it, self.graph, |_: &Service| true));
            let what = format!("services of the cluster `{}`", owner(cluster));
            self.push(all, what, used, 5_000, tenants, ECS);
        }
        self.each::<Role>(all, "roles of the account", 1_000, IAM);
        self.each::<DbInstance>(all, "database instances in the Region", 40, RDS);
        self.each::<DbParameterGroup>(all, "database parameter groups in the Region", 50, RDS);
        self.each::<DbSubnetGroup>(all, "database subnet groups in the Region", 50, RDS);
        let dashboard = ResourceId::new(&[&self.tenancy.name, "dashboard"]);
        let dashboard = self.graph.resources.get(&dashboard);
        if let Some(it) = dashboard.and_then(|it| Dashboard::from_kind(&it.kind)) {
            let rows = it.widgets.len() as u64;
            let used = Used { all: rows, by_tenants: rows };
            let what = format!("graphs of the dashboard `{}`", self.tenancy.name);
            self.push(all, what, used, 500, rows, CLOUDWATCH);
        }
    }

    /// What AWS counts by its number.
    fn each<K: Typed>(&self, all: &mut Vec<Room>, what: &str, limit: u64, source: &'static str) {
        let mut used = Used::default();
        let mut tenants: BTreeSet<&str> = BTreeSet::new();
        for (reference, _, _) in self.graph.all::<K>() {
            let owner = self.own.get(reference.id());
            used.add(1, owner.is_some());
            tenants.extend(owner);
        }
        self.push(all, what.to_string(), used, limit, tenants.len() as u64, source);
    }
}

/// Whether something of a kind is a tenant's own.
fn has<K: Typed>(tenant: &Tenant, graph: &ResourceGraph, is: impl Fn(&K) -> bool) -> bool {
    let kinds = tenant.resources.iter().filter_map(|it| graph.resources.get(it));
    kinds.filter_map(|it| K::from_kind(&it.kind)).any(is)
}

/// The names without the kind: `edge` of `edge.load_balancer`.
fn owner(id: &ResourceId) -> &str {
    id.as_str().rsplit_once('.').map_or(id.as_str(), |it| it.0)
}

/// The memory of an instance class of RDS in GiB, by its family and size; none where it is not known.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html>
fn memory_of(class: &str) -> Option<u64> {
    let mut parts = class.split('.').skip(1);
    let (family, size) = (parts.next()?, parts.next()?);
    let letters: String = family.chars().take_while(char::is_ascii_alphabetic).collect();
    let xlarge = match letters.as_str() {
        "t" | "m" => 16,
        "r" => 32,
        "x" if family == "x2g" || family == "x2idn" => 64,
        "x" if family == "x2iedn" => 128,
        _ => return None,
    };
    let is_burstable = letters == "t";
    match size {
        "micro" if is_burstable => Some(1),
        "small" if is_burstable => Some(2),
        "medium" if is_burstable => Some(4),
        "large" => Some(xlarge / 2),
        "xlarge" => Some(xlarge),
        _ => Some(size.strip_suffix("xlarge")?.parse::<u64>().ok()? * xlarge),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(used: u64, by_tenants: u64, limit: u64, tenants: u64) -> Room {
        Room { what: String::new(), used, by_tenants, limit, tenants, source: "" }
    }

    #[test]
    fn it_breaks_at_the_first_tenant_without_room() {
        // 41 rules, of which 40 are those of 40 tenants: 99 tenants have room, the hundredth has none.
        assert_eq!(room(41, 40, 100, 40).breaks_at(), Some(100));
        assert_eq!(room(80, 80, 100, 40).breaks_at(), Some(51));
        assert_eq!(room(100, 100, 100, 40).breaks_at(), Some(41));
        assert_eq!(room(120, 120, 100, 40).breaks_at(), Some(34));
        assert_eq!(room(7, 0, 100, 40).breaks_at(), None);
        assert_eq!(room(120, 10, 100, 10).breaks_at(), Some(1));
    }

    #[test]
    fn memory_is_that_of_the_class() {
        assert_eq!(memory_of("db.t4g.micro"), Some(1));
        assert_eq!(memory_of("db.t4g.medium"), Some(4));
        assert_eq!(memory_of("db.m6g.large"), Some(8));
        assert_eq!(memory_of("db.r6g.large"), Some(16));
        assert_eq!(memory_of("db.r6g.4xlarge"), Some(128));
        assert_eq!(memory_of("db.x2iedn.xlarge"), Some(128));
        assert_eq!(memory_of("db.m1.small"), None);
        assert_eq!(memory_of("nothing"), None);
    }
}
