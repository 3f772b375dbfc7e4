//! Pools of tenants: what of a graph is whose, and what is promised of it. No target writes this; what is promised
//! is proved of the resources ([`crate::isolation`]).

use std::collections::{BTreeMap, BTreeSet};

use super::{DbInstance, Ref, ResourceId, Service};
use crate::loc::Loc;
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation, Layer, Sharing};

/// A pool of tenants.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenancy {
    /// The name of its declaration.
    pub name: String,
    /// Where it was declared.
    pub loc: Loc,
    /// How many tenants it may have.
    pub at_most: u64,
    /// The service that serves the tenants whose compute is [`ComputeIsolation::Pool`].
    pub shared_service: Option<Ref<Service>>,
    /// The database that tenants without an instance of their own have rows in.
    pub database: Option<Ref<DbInstance>>,
    /// The tenants by their keys.
    pub tenants: BTreeMap<String, Tenant>,
}

/// A tenant of a pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Tenant {
    /// Where it was named.
    pub loc: Loc,
    /// What is promised.
    pub isolation: Isolation,
    /// What it may use.
    pub quota: Quota,
    /// What is its own and nobody else's, its rules in shared things included.
    pub resources: BTreeSet<ResourceId>,
}

/// What a tenant may use, as far as that is said and known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quota {
    /// CPU units: of each of its tasks, or of the shared ones.
    pub cpu: Option<u32>,
    /// Memory in MiB: of each of its tasks, or of the shared ones.
    pub memory: Option<u32>,
    /// What its rows take, in GiB.
    pub storage: Option<u32>,
    /// Its connections to the database.
    pub connections: Option<u32>,
}

/// How far apart a tenant is from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Isolation {
    /// Whose tasks serve it.
    pub compute: ComputeIsolation,
    /// Where its rows are; none without a database.
    pub database: Option<DatabaseIsolation>,
    /// Whether it can be connected to from others.
    pub network: Sharing,
    /// Secrets.
    pub secrets: Sharing,
    /// Keys of AWS KMS.
    pub keys: Sharing,
    /// Log groups.
    pub logs: Sharing,
    /// Whether it has rules of its own at a load balancer.
    pub routed: bool,
}

impl Isolation {
    /// Whether it has rows in an instance that others have rows in, under a user of its own.
    pub const fn shares_database(&self) -> bool {
        match self.database {
            Some(DatabaseIsolation::Schema | DatabaseIsolation::Database) => true,
            Some(DatabaseIsolation::Instance) | None => false,
        }
    }

    /// Whether a layer is promised to be the tenant's own.
    pub const fn claims(&self, layer: Layer) -> bool {
        match layer {
            Layer::Compute | Layer::Identity => match self.compute {
                ComputeIsolation::Pool => false,
                ComputeIsolation::Bridge | ComputeIsolation::Silo => true,
            },
            Layer::Database => self.database.is_some(),
            Layer::Network => matches!(self.network, Sharing::PerTenant),
            Layer::Secrets => matches!(self.secrets, Sharing::PerTenant),
            Layer::Keys => matches!(self.keys, Sharing::PerTenant),
            Layer::Logs => matches!(self.logs, Sharing::PerTenant),
            Layer::Routing => self.routed,
        }
    }
}
