//! What an architecture was when it was last emitted for an environment, so that what exists keeps its
//! place and its name: subnets their blocks, renamed declarations their physical names, and renamed
//! resources a trace of what they were called.
//!
//! Plain data: reading and writing `archgen.lock` is done elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use crate::architecture::Architecture;
use crate::declare::{Declaration, Kind, Meta, Vpc};
use crate::field::FieldType;
use crate::node::Node;
use crate::resource::network::{Subnet, SubnetIpv6};
use crate::resource::{ListenerRule, Moved, ResourceGraph, ResourceId, Typed};
use crate::types::Ipv4Cidr;
use crate::value::Value;

/// The stack that everything is in as long as it holds everything.
pub const MAIN_STACK: &str = "main";

/// The subnets that a tier can have.
const MOST_ZONES: usize = 26;

/// The name that a declaration had before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormerName(pub String);

impl crate::types::Scalar for FormerName {}
impl crate::types::FromText for FormerName {}
impl FieldType for FormerName {
    fn expected() -> String {
        "the name the declaration had before, in quotes".to_string()
    }

    fn read(node: &Node, reader: &mut crate::field::Reader<'_>) -> Value<Self> {
        match node.as_text() {
            Some(it) => Value::Literal(FormerName(it.to_string())),
            // Not a parameter: what exists is known before anything is deployed.
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

/// What an architecture was in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// Its declarations by name.
    pub declarations: BTreeMap<String, PastDeclaration>,
    /// Its resources by name.
    pub resources: BTreeMap<ResourceId, PastResource>,
}

/// A declaration as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastDeclaration {
    /// What it was.
    pub kind: Kind,
    /// The name that its physical names are made from: the one it was first emitted under.
    pub identity: String,
    /// The name it was renamed from, as long as its declaration says so.
    pub renamed_from: Option<String>,
}

/// A resource as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastResource {
    /// Its logical ID in the CloudFormation template.
    pub logical_id: String,
    /// The addresses of its Terraform blocks.
    pub addresses: Vec<String>,
    /// The block of a subnet.
    pub cidr: Option<Ipv4Cidr>,
    /// The number of a subnet's /64 in the VPC's IPv6 block.
    pub ipv6: Option<u8>,
    /// The name under which it was first emitted, if that is another.
    pub origin: Option<ResourceId>,
    /// The priority of a tenant's rule at a load balancer.
    pub priority: Option<u16>,
    /// The stack it is in.
    pub stack: String,
    /// What it was before: renamed, as long as a declaration says that it was; or written at another
    /// address.
    pub was: Option<Before>,
}

/// The names of a resource before it was renamed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// Its logical ID.
    pub logical_id: String,
    /// The addresses of its Terraform blocks.
    pub addresses: Vec<String>,
}

/// What the history says of one declaration, kept in its [`Meta`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recorded {
    /// The name that physical names are made from, if it is another than the declaration's.
    pub identity: Option<String>,
    /// The subnets of a VPC by tier and zone: block, and number of the /64.
    pub subnets: BTreeMap<(String, usize), (Option<Ipv4Cidr>, Option<u8>)>,
}

impl History {
    /// The history's name for a declaration: its own, or the one it had before. None if it is new.
    pub fn name_of<'a>(&self, meta: &'a Meta, kind: Kind) -> Option<&'a str> {
        let known = |name: &&str| self.declarations.get(*name).is_some_and(|it| it.kind == kind);
        Some(meta.name.as_str()).filter(known).or_else(|| meta.former_name().filter(known))
    }

    /// What the history has of a declaration.
    pub fn declaration(&self, meta: &Meta, kind: Kind) -> Option<&PastDeclaration> {
        self.declarations.get(self.name_of(meta, kind)?)
    }

    /// Forgets a declaration with its resources; says whether there was one. What a pool declares for a tenant has
    /// longer names than the tenant, `clients.acme.login`: a name stands for all that begin with it, and `*` for
    /// any part of one.
    pub fn forget(&mut self, name: &str) -> bool {
        let begins = |it: &str| {
            let mut parts = it.split('.');
            name.split('.').all(|part| parts.next().is_some_and(|it| part == "*" || part == it))
        };
        self.resources.retain(|id, _| !begins(id.as_str()));
        let before = self.declarations.len();
        self.declarations.retain(|it, _| !begins(it));
        self.declarations.len() < before
    }

    /// Whether a declaration has been renamed: now, or by an earlier emit, which its author still says.
    fn was_renamed(&self, meta: &Meta, kind: Kind) -> bool {
        self.is_pending(meta, kind) || self.name_of(meta, kind).is_some_and(|it| it != meta.name)
    }

    /// Whether a declaration was renamed by an earlier emit and its author still says so.
    fn is_pending(&self, meta: &Meta, kind: Kind) -> bool {
        let past = self.declarations.get(&meta.name).filter(|it| it.kind == kind);
        meta.former_name().is_some()
            && past.is_some_and(|it| it.renamed_from.as_deref() == meta.former_name())
    }
}

/// Writes what the history knows into the declarations.
pub(crate) fn record(declarations: &mut [Declaration], history: &History) {
    let mut identities: BTreeMap<String, String> = BTreeMap::new();
    for it in declarations.iter().filter(|it| it.kind().is_named()) {
        if let Some(past) = history.declaration(it.meta(), it.kind()) {
            identities.insert(it.meta().name.clone(), past.identity.clone());
        }
    }
    // A new declaration may have the name under which a renamed one was first emitted.
    let mut taken: BTreeSet<String> = identities.values().cloned().collect();
    for it in declarations.iter().filter(|it| it.kind().is_named()) {
        let name = &it.meta().name;
        if !identities.contains_key(name) {
            let numbered = (2u32..).map(|number| format!("{name}_{number}"));
            let free =
                std::iter::once(name.clone()).chain(numbered).find(|it| taken.insert(it.clone()));
            identities.extend(free.map(|it| (name.clone(), it)));
        }
    }
    for it in declarations.iter_mut().filter(|it| it.kind().is_named()) {
        let subnets =
            if let Declaration::Vpc(vpc) = &*it { subnets(vpc, history) } else { BTreeMap::new() };
        let meta = it.meta_mut();
        let identity = identities.get(&meta.name).filter(|it| **it != meta.name).cloned();
        meta.recorded = Recorded { identity, subnets };
    }
}

/// What the history has of the subnets of a VPC's tiers.
fn subnets(
    vpc: &Vpc,
    history: &History,
) -> BTreeMap<(String, usize), (Option<Ipv4Cidr>, Option<u8>)> {
    let Some(before) = history.name_of(&vpc.meta, Kind::Vpc) else { return BTreeMap::new() };
    let mut all = BTreeMap::new();
    for (tier, _) in vpc.tiers() {
        for zone in 0..MOST_ZONES {
            let letter = crate::declare::vpc::zone_letter(zone);
            let id = ResourceId::new(&[before, tier, &letter, "subnet"]);
            if let Some(it) = history.resources.get(&id) {
                all.insert((tier.to_string(), zone), (it.cidr, it.ipv6));
            }
        }
    }
    all
}

/// The declarations as they are now.
pub(crate) fn declarations(architecture: &Architecture) -> BTreeMap<String, PastDeclaration> {
    let named = architecture.declarations.iter().filter(|it| it.kind().is_named());
    named
        .map(|it| {
            let meta = it.meta();
            let past = PastDeclaration {
                kind: it.kind(),
                identity: meta.identity().to_string(),
                // Without a history there was nothing to rename.
                renamed_from: meta
                    .former_name()
                    .filter(|_| {
                        architecture.history().is_some_and(|past| past.was_renamed(meta, it.kind()))
                    })
                    .map(str::to_string),
            };
            (meta.name.clone(), past)
        })
        .collect()
}

/// The resources as they are now.
pub(crate) fn resources(
    graph: &ResourceGraph,
    addresses: &BTreeMap<ResourceId, Vec<String>>,
    stacks: &BTreeMap<ResourceId, String>,
) -> BTreeMap<ResourceId, PastResource> {
    let moved: BTreeMap<&ResourceId, &Moved> =
        graph.moved.iter().map(|it| (&it.resource, it)).collect();
    let mut all = BTreeMap::new();
    for (id, resource) in &graph.resources {
        let subnet = Subnet::from_kind(&resource.kind);
        let ipv6 = subnet.and_then(|it| it.ipv6.as_ref());
        let (logical_id, now) = (id.logical_id(), addresses.get(id).cloned().unwrap_or_default());
        let recorded = graph.recorded.get(id).into_iter().flatten();
        // A target may write the same resource at another address, which is told for ever.
        let rewritten = recorded
            .filter(|_| !now.is_empty())
            .find(|it| **it != now)
            .map(|it| Before { logical_id: logical_id.clone(), addresses: it.clone() });
        let renamed = moved.get(id).map(|it| Before {
            logical_id: it.logical_id.clone(),
            addresses: it.addresses.clone(),
        });
        let past = PastResource {
            logical_id,
            addresses: now,
            cidr: subnet.and_then(|it| it.cidr.literal().copied()),
            ipv6: if let Some(SubnetIpv6::Nth(it)) = ipv6 { Some(*it) } else { None },
            origin: graph.origins.get(id).cloned(),
            priority: ListenerRule::from_kind(&resource.kind)
                .filter(|_| resource.key.is_some())
                .and_then(|it| it.priority.literal().copied()),
            stack: stacks.get(id).map_or(MAIN_STACK, String::as_str).to_string(),
            was: renamed.or(rewritten),
        };
        all.insert(id.clone(), past);
    }
    all
}

/// The resources that had other names when the architecture was last emitted: those of the renames that
/// are declared now, and those of earlier ones that are still declared. And the names under which
/// resources were first emitted, where these are others.
pub(crate) fn trace(architecture: &Architecture, graph: &mut ResourceGraph) {
    let Some(history) = architecture.history() else { return };
    let (mut all, mut recorded, mut origins) = (Vec::new(), BTreeMap::new(), BTreeMap::new());
    let mut stacks = BTreeMap::new();
    let mut renamed: BTreeMap<&str, &str> = BTreeMap::new();
    let mut identities: BTreeMap<&str, &str> = BTreeMap::new();
    let mut pending: BTreeSet<&str> = BTreeSet::new();
    for it in &architecture.declarations {
        let meta = it.meta();
        if history.is_pending(meta, it.kind()) {
            pending.insert(&meta.name);
        }
        if let Some(identity) = &meta.recorded.identity {
            identities.insert(&meta.name, identity);
        }
        if let Some(before) = history.name_of(meta, it.kind())
            && before != meta.name
        {
            renamed.insert(&meta.name, before);
        }
    }
    let mut used: BTreeSet<ResourceId> = BTreeSet::new();
    for id in graph.resources.keys() {
        let (was, origin) = if let Some(past) = history.resources.get(id) {
            stacks.insert(id.clone(), past.stack.clone());
            let declared = id.as_str().split('.').any(|it| pending.contains(it));
            let (renamed, rewritten): (Option<&Before>, Option<&Before>) = match &past.was {
                Some(was) if was.logical_id == past.logical_id => (None, Some(was)),
                was => (was.as_ref().filter(|_| declared), None),
            };
            if renamed.is_none() {
                let all = [Some(&past.addresses), rewritten.map(|it| &it.addresses)];
                let all: Vec<Vec<String>> =
                    all.into_iter().flatten().filter(|it| !it.is_empty()).cloned().collect();
                recorded.extend((!all.is_empty()).then(|| (id.clone(), all)));
            }
            (renamed.cloned(), past.origin.clone())
        } else {
            let twin = twins(id, &renamed).into_iter().find(|it| {
                history.resources.contains_key(it)
                    && !graph.resources.contains_key(it)
                    && !used.contains(it)
            });
            match twin.and_then(|it| Some((history.resources.get(&it)?, it))) {
                Some((past, twin)) => {
                    let was = Before {
                        logical_id: past.logical_id.clone(),
                        addresses: past.addresses.clone(),
                    };
                    used.insert(twin.clone());
                    stacks.insert(id.clone(), past.stack.clone());
                    (Some(was), Some(past.origin.clone().unwrap_or(twin)))
                }
                None => (None, Some(first_name(id, &identities))),
            }
        };
        all.extend(was.map(|it| Moved {
            resource: id.clone(),
            logical_id: it.logical_id,
            addresses: it.addresses,
        }));
        origins.extend(origin.filter(|it| it != id).map(|it| (id.clone(), it)));
    }
    (graph.moved, graph.recorded, graph.origins) = (all, recorded, origins);
    graph.stacks = stacks;
}

/// The name of a new resource with its declarations called as they were first.
fn first_name(id: &ResourceId, identities: &BTreeMap<&str, &str>) -> ResourceId {
    let parts = id.as_str().split('.').map(|it| identities.get(it).copied().unwrap_or(it));
    ResourceId::new(&parts.collect::<Vec<_>>())
}

/// The names that a resource may have had before: those of renamed declarations put back, all of them
/// first. A part of a name may also be a word of archgen's own that a declaration happens to have as
/// its name.
fn twins(id: &ResourceId, renamed: &BTreeMap<&str, &str>) -> Vec<ResourceId> {
    let parts: Vec<&str> = id.as_str().split('.').collect();
    let mut all: Vec<(usize, Vec<&str>)> = vec![(0, Vec::new())];
    for part in parts {
        let before = renamed.get(part).copied();
        all = all
            .into_iter()
            .flat_map(|(count, start)| {
                let with = |part| [start.as_slice(), &[part]].concat();
                let other = before.map(|it| (count + 1, with(it)));
                other.into_iter().chain([(count, with(part))]).collect::<Vec<_>>()
            })
            .collect();
    }
    all.retain(|(count, _)| *count > 0);
    all.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    all.into_iter().map(|(_, parts)| ResourceId::new(&parts)).collect()
}

#[cfg(test)]
#[path = "history_tests.rs"]
pub(crate) mod tests;
