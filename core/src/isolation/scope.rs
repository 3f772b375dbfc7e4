//! One pool with who owns what, and what is found out about it.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::facts::{Facts, Kind, Owner, Pool, Target, Thing, Use, shown};
use crate::codes::Code;
use crate::loc::Loc;
use crate::tenant_fields::{ComputeIsolation, Layer};

/// Tenants by number, sorted.
pub type Tenants = Rc<[u32]>;

/// One pool of tenants.
pub struct Scope<'a> {
    /// All resources.
    pub facts: &'a Facts,
    /// The pool.
    pub pool: &'a Pool,
    /// The tenant whose a resource is.
    pub owner: Vec<Option<u32>>,
    /// All tenants.
    pub everybody: Tenants,
    /// The tenants that the shared service serves.
    pub served: Tenants,
    /// The task definitions of the shared service, and itself.
    pub shared: BTreeSet<usize>,
}

/// What breaks a claim.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The code.
    pub code: Code,
    /// The layers that it breaks, where they are claimed.
    pub layers: BTreeSet<Layer>,
    /// The resource that breaks it, if one does.
    pub culprit: Option<usize>,
    /// What is wrong, in words, by an example.
    pub message: String,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// Where something else was written that belongs to it.
    pub labels: Vec<(Loc, String)>,
    /// Who is affected: each of the one side with all others of the other side.
    pub between: Vec<Between>,
}

/// A tenant that gets at others.
#[derive(Clone, Debug)]
pub struct Between {
    /// The tenant.
    pub one: u32,
    /// The others; the tenant itself is not meant where it is among them.
    pub others: Tenants,
    /// The layer that it is about; none means all of the finding's.
    pub layer: Option<Layer>,
}

impl Between {
    /// One for all layers of a finding.
    pub fn new(one: u32, others: Tenants) -> Between {
        Between { one, others, layer: None }
    }

    /// Whether it is about a layer.
    pub fn is_about(&self, layer: Layer) -> bool {
        self.layer.is_none_or(|it| it == layer)
    }
}

/// What both of two tenants use, and what decides by itself whose request is whose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Boundary {
    /// What is shared.
    pub name: String,
    /// Why it is trusted.
    pub why: String,
    /// The layers that rest on it.
    pub layers: BTreeSet<Layer>,
    /// The tenants that use it.
    pub tenants: Tenants,
}

/// Something that is not known, and what rests on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unknown {
    /// What.
    pub what: String,
    /// The layers that rest on it.
    pub layers: BTreeSet<Layer>,
    /// The tenants.
    pub tenants: Tenants,
}

/// What was found out.
#[derive(Debug, Default)]
pub struct Found {
    /// What breaks claims.
    pub findings: Vec<Finding>,
    /// What is trusted.
    pub boundaries: Vec<Boundary>,
    /// What is not known.
    pub unknown: Vec<Unknown>,
}

impl<'a> Scope<'a> {
    /// A pool of the facts.
    pub fn new(facts: &'a Facts, pool: &'a Pool) -> Scope<'a> {
        let mut owner = vec![None; facts.things.len()];
        for (tenant, it) in pool.tenants.iter().enumerate() {
            for thing in &it.things {
                owner[*thing] = Some(tenant as u32);
            }
        }
        let all = 0..pool.tenants.len() as u32;
        let served = all
            .clone()
            .filter(|it| pool.tenants[*it as usize].isolation.compute == ComputeIsolation::Pool);
        let served: Tenants = served.collect();
        let mut shared = BTreeSet::new();
        if let Some(service) = pool.shared_service {
            shared.insert(service);
            for it in &facts.things[service].references {
                if let (Use::TaskDefinition, Target::Thing(it)) = (it.used, &it.to) {
                    shared.insert(*it);
                }
            }
            // What a service in Kubernetes has besides is declared with it.
        }
        Scope { facts, pool, owner, everybody: all.collect(), served, shared }
    }

    /// A resource.
    pub fn thing(&self, number: usize) -> &'a Thing {
        &self.facts.things[number]
    }

    /// A tenant.
    pub fn tenant(&self, number: u32) -> &'a Owner {
        &self.pool.tenants[number as usize]
    }

    /// The key of a tenant, as messages have it.
    pub fn key(&self, number: u32) -> String {
        format!("`{}`", self.tenant(number).key)
    }

    /// What a tenant owns of a kind.
    pub fn owned(&self, tenant: u32, kind: Kind) -> impl Iterator<Item = usize> + '_ {
        let things = &self.tenant(tenant).things;
        things.iter().copied().filter(move |it| self.thing(*it).kind == kind)
    }

    /// `the secret `seats.acme.secret``.
    pub fn named(&self, number: usize) -> String {
        let thing = self.thing(number);
        format!("{} `{}`", thing.kind.as_str(), thing.name)
    }

    /// The same of what something refers to, here or elsewhere.
    pub fn called(&self, to: &Target) -> String {
        match to {
            Target::Thing(it) => self.named(*it),
            Target::Elsewhere(it) => format!("`{}`", shown(it)),
        }
    }

    /// What a resource refers to for a use.
    pub fn uses(&self, number: usize, used: Use) -> impl Iterator<Item = &'a Target> + '_ {
        let all = &self.thing(number).references;
        all.iter().filter(move |it| it.used == used).map(|it| &it.to)
    }

    /// One tenant with all others.
    pub fn with_all(&self, tenant: u32) -> Vec<Between> {
        vec![Between::new(tenant, self.everybody.clone())]
    }

    /// Whether a finding breaks something that is claimed.
    pub fn is_claimed(&self, finding: &Finding) -> bool {
        let claims = |tenant: u32, layer: Layer| self.tenant(tenant).claims(layer);
        finding.between.iter().any(|it| {
            finding.layers.iter().filter(|layer| it.is_about(**layer)).any(|layer| {
                claims(it.one, *layer)
                    || it.others.iter().any(|other| *other != it.one && claims(*other, *layer))
            })
        })
    }
}

impl Finding {
    /// One between tenants.
    pub fn new(
        code: Code,
        layers: impl IntoIterator<Item = Layer>,
        culprit: Option<usize>,
        message: impl Into<String>,
        between: Vec<Between>,
    ) -> Finding {
        Finding {
            code,
            layers: layers.into_iter().collect(),
            culprit,
            message: message.into(),
            notes: Vec::new(),
            labels: Vec::new(),
            between,
        }
    }
}

/// `` `a` ``, or `` `a` and 3 others ``.
pub fn and_others(first: &str, count: usize) -> String {
    match count {
        0 | 1 => first.to_string(),
        2 => format!("{first} and another tenant"),
        it => format!("{first} and {} other tenants", it - 1),
    }
}
