//! A tenant's release: the same chart in a namespace of its own, by a file of values with its service, its quota
//! and whatever else is its own. What the tenants of a pool have of their own has the same names with each of them,
//! so that a tenant who comes adds a file and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::resource::elb::ListenerAction;
use archgen_core::resource::{
    Listener, ListenerRule, LoadBalancer, Ref, Resource, ResourceGraph, ResourceId, Service,
    TargetGroup,
};
use archgen_core::tenant_fields::ComputeIsolation;
use archgen_core::tenants::name_of;

use super::chart::Chart;
use super::connections::Network;
use super::ingress;
use super::node::{Entry, Node};
use super::outside::{Outside, dns_name};
use super::service::service;
use super::text::{Piece, Quantity, Text, Whole};
use super::values::{Header, Ingress, Quota, Service as Values, Tenant};

/// What a tenant has a release for: a service of its own.
pub(super) struct Release<'a> {
    /// The name of the pool.
    pub pool: &'a str,
    /// The tenant's key.
    pub key: &'a str,
    /// The name of the declaration of its service.
    pub declaration: &'a str,
    /// The service's resource.
    pub resource: &'a Resource,
    /// The service.
    pub service: &'a Service,
    /// What is the tenant's.
    resources: &'a BTreeSet<ResourceId>,
}

impl<'a> Release<'a> {
    /// The releases of a graph, by pool and key.
    pub fn all(graph: &'a ResourceGraph) -> Vec<Release<'a>> {
        let mut all = Vec::new();
        for pool in graph.tenancies.values() {
            for (key, tenant) in &pool.tenants {
                match tenant.isolation.compute {
                    ComputeIsolation::Pool => continue,
                    ComputeIsolation::Bridge | ComputeIsolation::Silo => {}
                }
                let name = name_of(&pool.name, key, None);
                let service = tenant.resources.iter().find_map(|id| {
                    let resource = graph.resources.get(id).filter(|it| it.declaration == name)?;
                    Some((resource, graph.get(&Ref::<Service>::new(id.clone()))?))
                });
                let Some((resource, service)) = service else { continue };
                all.push(Release {
                    pool: &pool.name,
                    key,
                    declaration: &resource.declaration,
                    resource,
                    service,
                    resources: &tenant.resources,
                });
            }
        }
        all
    }

    /// The name of the release and of its namespace.
    pub fn name(&self) -> String {
        dns_name(&format!("{}-{}", self.pool, self.key))
    }

    /// The values that say whose release it is.
    pub fn tenant(&self, outside: &mut Outside<'_>, values: &Values) -> Tenant {
        let headers = self.rules(outside.graph).into_iter().flat_map(|it| &it.headers);
        let mut all: Vec<Header> = Vec::new();
        for (name, values) in headers {
            let values = values.iter().map(|it| outside.string(it)).collect();
            let header = Header { name: name.clone(), values };
            if !all.contains(&header) {
                all.push(header);
            }
        }
        Tenant {
            pool: self.pool.to_string(),
            key: self.key.to_string(),
            quota: quota(values),
            headers: all,
        }
    }

    /// The rules of a load balancer that send requests to its service.
    pub fn rules_of(
        &self,
        outside: &mut Outside<'_>,
        balancer: &Ref<LoadBalancer>,
    ) -> Vec<super::values::Rule> {
        let graph = outside.graph;
        let is_here = |it: &ListenerRule| {
            graph.get::<Listener>(&it.listener).is_some_and(|it| it.load_balancer == *balancer)
        };
        let name = dns_name(self.pool);
        let mut all: Vec<&ListenerRule> =
            self.rules(graph).into_iter().filter(|it| is_here(it)).collect();
        all.sort_by_key(|it| it.priority.clone());
        all.into_iter().flat_map(|it| ingress::to(outside, it, &name)).collect()
    }

    /// The rules that send requests to its service.
    fn rules<'g>(&self, graph: &'g ResourceGraph) -> Vec<&'g ListenerRule> {
        let groups: BTreeSet<&Ref<TargetGroup>> =
            self.service.load_balancers.iter().map(|it| &it.target_group).collect();
        let own = self.resources.iter();
        let own = own.filter_map(|it| graph.get::<ListenerRule>(&Ref::new(it.clone())));
        own.filter(|rule| {
            let ListenerAction::Forward(targets) = &rule.action else { return false };
            targets.iter().any(|it| groups.contains(&it.0))
        })
        .collect()
    }
}

impl Chart {
    /// What the release of a tenant has of its own.
    pub fn of_tenant<'a>(
        &self,
        shared: &Outside<'a>,
        network: &mut Network,
        release: &Release<'a>,
    ) -> Chart {
        let graph = shared.graph;
        let mut outside = Outside::of_tenant(shared, release);
        let values = service(&mut outside, network, release.resource, release.service);
        let mut ingresses = BTreeMap::new();
        for (id, resource, _) in graph.all::<LoadBalancer>() {
            let name = dns_name(&resource.declaration);
            let rules = release.rules_of(&mut outside, &id);
            if let Some(it) = self.ingresses.get(&name).filter(|_| !rules.is_empty()) {
                ingresses.insert(name, Ingress { rules, default_service: None, ..it.clone() });
            }
        }
        let mut all = Chart::empty(&self.global.environment, graph);
        all.shared = self.shared.clone();
        all.tenant = values.as_ref().map(|it| release.tenant(&mut outside, it));
        all.services = values.into_iter().map(|it| (dns_name(release.pool), it)).collect();
        all.ingresses = ingresses;
        all.networks = std::mem::take(&mut network.networks);
        all.asked = outside.asked;
        all
    }

    /// A tenant's release, which is told what that of the shared services is told, but for the services.
    pub fn over(&self, shared: &Chart) -> Chart {
        let mut all = self.clone();
        let asked = &mut all.asked;
        asked.aws.extend(&shared.asked.aws);
        for (key, it) in &shared.asked.parameters {
            asked.parameters.entry(key.clone()).or_insert_with(|| it.clone());
        }
        for (key, it) in &shared.asked.stores {
            let own = asked.stores.entry(key.clone()).or_default();
            for (key, it) in it {
                own.entry(key).or_insert_with(|| it.clone());
            }
        }
        for (key, it) in &shared.networks {
            all.networks.entry(key.clone()).or_insert_with(|| it.clone());
        }
        all
    }

    /// The names in it, which tell its schema.
    pub fn names(&self) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = BTreeSet::new();
        all.extend(self.asked.parameters.keys().map(|it| format!("parameters.{it}")));
        all.extend(self.asked.aws.iter().map(|it| format!("aws.{}", Outside::key(*it))));
        all.extend(self.networks.keys().map(|it| format!("networks.{it}")));
        all.extend(self.ingresses.keys().map(|it| format!("ingresses.{it}")));
        all.extend(self.services.keys().map(|it| format!("services.{it}")));
        for (key, it) in &self.asked.stores {
            all.extend(it.keys().map(|it| format!("stores.{key}.{it}")));
        }
        all
    }
}

/// What a service may need at most, with two versions beside each other where one replaces the other that way, and
/// one task more for jobs where it does not.
fn quota(it: &Values) -> Quota {
    let tasks = match it.replicas.max {
        Whole::Number(most) if it.update.strategy.0 == "RollingUpdate" => Some(2 * most),
        Whole::Number(most) => Some(most + 1),
        Whole::Parameter(_) => None,
    };
    let times = |it: &Quantity, unit: &str| {
        let [Piece::Literal(text)] = it.0.0.as_slice() else { return None };
        let number = text.strip_suffix(unit)?.parse::<i64>().ok()?;
        Some(Quantity(Text::literal(format!("{}{unit}", number.checked_mul(tasks?)?))))
    };
    Quota {
        cpu: times(&it.resources.requests.cpu, "m"),
        memory: times(&it.resources.limits.memory, "Mi"),
        pods: tasks.map(Whole::number),
    }
}

/// The short name of each environment where a tenant is, the values of the services of all tenants there, and its
/// own.
pub(super) type Layers<'a> = Vec<(&'a str, &'a Node, Node)>;

/// The files of one tenant: its values over those of the release of the shared services in the environments where
/// it is.
pub(super) fn files(
    name: &str,
    pool: &str,
    key: &str,
    all: &[(&str, &Node, Node)],
) -> Vec<(String, String)> {
    let Some((_, shared, own)) = all.first() else { return Vec::new() };
    let Some(first) = shared.difference(own) else { return Vec::new() };
    let mut files = vec![(
        format!("tenants/{name}.yaml"),
        format!(
            "# {name}: {key}, a tenant of {pool}, in a release and a namespace of its own. Over values-ENVIRONMENT.yaml.\n\n{}",
            commented(first.clone(), own).document()
        ),
    )];
    for (environment, shared, own) in all {
        if let Some(more) = shared.under(&first).difference(own) {
            files.push((
                format!("tenants/{name}.{environment}.yaml"),
                format!(
                    "# {name}: what is different in values-{environment}.yaml. Over {name}.yaml.\n\n{}",
                    commented(more, own).document()
                ),
            ));
        }
    }
    files
}

/// With the comments of what is the tenant's alone; `values.yaml` has those of services.
fn commented(layer: Node, own: &Node) -> Node {
    let entry = |it: &Entry| {
        let theirs = own.entries().iter().find(|theirs| theirs.key == it.key);
        match (it.key.as_str(), theirs) {
            ("tenant" | "stores", Some(theirs)) => Entry::new(
                &it.key,
                &theirs.comment,
                it.value.clone().with_comments_of(&theirs.value),
            ),
            (_, _) => it.clone(),
        }
    };
    Node::Map(layer.entries().iter().map(entry).collect())
}
