//! `tenant_pool!`: how far apart its tenants are, layer by layer, and what each may use.

use crate::field::{FieldType, FieldValue, Reader};
use crate::loc::Loc;
use crate::node::Node;
use crate::types::{Bounds, Count, CpuUnits, Memory, Storage};
use crate::value::{Field, Value};

crate::words! {
    /// Whose tasks serve a tenant.
    ComputeIsolation: "ways to run tenants" {
        /// All tenants share the tasks of one service.
        Pool = "pool",
        /// Every tenant has a service, a target group and roles of its own; the security group is shared.
        Bridge = "bridge",
        /// Every tenant has a service, a target group, roles and a security group of its own.
        Silo = "silo",
    }
}

crate::words! {
    /// Where the rows of a tenant are.
    DatabaseIsolation: "ways to keep tenants' rows" {
        /// In a schema of one database, under a user of its own.
        Schema = "schema",
        /// In a database of one instance, under a user of its own.
        Database = "database",
        /// In an instance of its own.
        Instance = "instance",
    }
}

crate::words! {
    /// Whether tenants share something.
    Sharing: "ways to share" {
        /// All have the same.
        Shared = "shared",
        /// Each has its own, and only its own.
        PerTenant = "per tenant",
    }
}

crate::words! {
    /// What tenants can be kept apart in.
    Layer: "layers" {
        /// The tasks that serve a tenant.
        Compute = "compute",
        /// The rows of a tenant, and who may read them.
        Database = "database",
        /// The network: who can connect to what.
        Network = "network",
        /// Secrets.
        Secrets = "secrets",
        /// The keys that a tenant's secrets and logs are encrypted with.
        Keys = "keys",
        /// Log groups.
        Logs = "logs",
        /// What IAM lets the roles of a tenant do.
        Identity = "identity",
        /// Which requests a tenant gets.
        Routing = "routing",
    }
}

crate::record! {
    /// How far apart the tenants of a pool are.
    IsolationFields: "isolation" {
        /// Whose tasks serve a tenant.
        default compute: ComputeIsolation = ComputeIsolation::Pool;
        /// Where the rows of a tenant are, if the pool has a `database`.
        default database: DatabaseIsolation = DatabaseIsolation::Schema;
        /// Whether nothing of one tenant can connect to anything of another.
        default network: Sharing = Sharing::Shared;
        /// Whether each has secrets of its own.
        default secrets: Sharing = Sharing::PerTenant;
        /// Whether each has a KMS key of its own.
        default keys: Sharing = Sharing::Shared;
        /// Whether each has a log group of its own.
        default logs: Sharing = Sharing::PerTenant;
    }
}

impl IsolationFields {
    /// What holds where nothing is said.
    pub fn usual() -> IsolationFields {
        IsolationFields {
            compute: Field::supplied(ComputeIsolation::Pool),
            database: Field::supplied(DatabaseIsolation::Schema),
            network: Field::supplied(Sharing::Shared),
            secrets: Field::supplied(Sharing::PerTenant),
            keys: Field::supplied(Sharing::Shared),
            logs: Field::supplied(Sharing::PerTenant),
        }
    }
}

crate::record! {
    /// What a tenant may use. Tasks of its own get it; of shared ones it is the share that is counted on.
    TenantQuota: "quota" {
        /// CPU, 1024 units for a vCPU: of each of its tasks, or of the shared ones.
        optional cpu: CpuUnits;
        /// Memory: of each of its tasks, or of the shared ones.
        optional memory: Memory;
        /// Tasks of its own: `1`, or `1..=4`.
        optional tasks: Bounds<Count>;
        /// What its rows take in the database.
        optional storage: Storage;
        /// Its connections to the database.
        optional connections: Count;
        /// Its requests in a minute; an alarm tells of more.
        optional requests: Count;
    }
}

crate::record! {
    /// What one tenant differs in.
    TenantOverride: "override" {
        /// What it may use, where that is something else.
        optional quota: TenantQuota;
        /// Whose tasks serve it.
        optional compute: ComputeIsolation;
        /// Where its rows are.
        optional database: DatabaseIsolation;
        /// Whether nothing of another tenant can connect to anything of it.
        optional network: Sharing;
        /// Whether it has secrets of its own.
        optional secrets: Sharing;
        /// Whether it has a KMS key of its own.
        optional keys: Sharing;
        /// Whether it has a log group of its own.
        optional logs: Sharing;
    }
}

/// The tenants of a pool.
#[derive(Clone, Debug, PartialEq)]
pub enum TenantList {
    /// By their keys.
    Named(Vec<Field<String>>),
    /// So many, with the keys `t0001`, `t0002` …
    Numbered(u32),
}

/// The most tenants that can be numbered: their keys have four digits, five from `t10000`.
pub const MOST_NUMBERED: u32 = 99_999;

impl TenantList {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            TenantList::Named(all) => all.len(),
            TenantList::Numbered(count) => *count as usize,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys that are known, with their places; `whole` is the place of the list.
    pub fn keys(&self, whole: Loc) -> Vec<(String, Loc)> {
        match self {
            TenantList::Named(all) => {
                all.iter().filter_map(|it| Some((it.literal()?.clone(), it.loc))).collect()
            }
            TenantList::Numbered(count) => {
                (1..=*count).map(|number| (format!("t{number:04}"), whole)).collect()
            }
        }
    }
}

impl FieldType for TenantList {
    fn expected() -> String {
        "a list of names such as `[\"acme\", \"globex\"]`, or how many tenants there are"
            .to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if let Some(items) = node.as_list() {
            return Value::Literal(TenantList::Named(
                items.iter().map(|it| reader.read(it)).collect(),
            ));
        }
        match node.as_integer() {
            Some(it) => match u32::try_from(it) {
                Ok(count) if count <= MOST_NUMBERED => Value::Literal(TenantList::Numbered(count)),
                Ok(_) | Err(_) => reader.limit(
                    node.loc,
                    format!("{it} tenants cannot be numbered"),
                    "give a number up to 99999, or their names",
                ),
            },
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

impl<V: FieldValue<String>> FieldValue<TenantList> for Vec<V> {}
impl<V: FieldValue<String>> FieldValue<TenantList> for [V] {}
impl<V: FieldValue<String>, const N: usize> FieldValue<TenantList> for [V; N] {}
impl FieldValue<TenantList> for u32 {}
impl FieldValue<TenantList> for usize {}
impl FieldValue<TenantList> for i32 {}
