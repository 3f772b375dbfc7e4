//! `tenant_pool!`: tenants on one platform, and how far apart they are.

use crate::check::{Context, tenants as checks};
use crate::declare::{Alb, EcsService, RdsPostgres, SnsTopic};
use crate::field::{DeclarationRef, Map};
use crate::loc::Loc;
use crate::lower::route::Pattern;
use crate::lower::{Lower, is_blue_green, tenants};
use crate::resource::tenancy::Isolation;
use crate::tenant_fields::{
    ComputeIsolation, DatabaseIsolation, IsolationFields, Sharing, TenantList, TenantOverride,
    TenantQuota,
};
use crate::types::{Bounds, Count, CpuUnits, Days, Memory, Storage};
use crate::value::Field;

crate::declaration! {
    /// Tenants on one platform. What is promised of each layer is proved of what is emitted, for every two of
    /// them.
    TenantPool TenantPoolBuilder {
        /// The tenants, each by its key: `["acme", "globex"]`, or a `Vec<String>`; or how many there are, `40`, which
        /// are then called `t0001`, `t0002` …. A key has lower-case letters, digits and hyphens, 20 at most.
        required tenants: TenantList = "[\"acme\", \"globex\"]";
        /// How many tenants there may be.
        required at_most: Count = "40";
        /// The service that serves tenants. Those whose compute is `Bridge` or `Silo` get one like it, with its
        /// connections.
        required service: DeclarationRef<EcsService> = "api";
        /// How far apart the tenants are: `{ compute: Silo, database: Schema, network: PerTenant }`.
        default isolation: IsolationFields = IsolationFields::usual();
        /// What each tenant may use: `{ cpu: 256, memory: 512MB, tasks: 1, requests: 600 }`.
        optional quota: TenantQuota;
        /// What single tenants differ in: `{ acme: { quota: { tasks: 4 }, database: Instance } }`.
        optional overrides: Map<TenantOverride>;
        /// The load balancer that knows a tenant's requests by `route_by`.
        optional balancer: DeclarationRef<Alb>;
        /// What is in a tenant's requests, as `routes` of `alb!` has it, with its key for `{tenant}`: a host such as
        /// `"{tenant}.example.com"`, a path such as `"/t/{tenant}/*"`, or a header such as `"X-Tenant: {tenant}"`.
        optional route_by: String;
        /// The database that tenants have rows in.
        optional database: DeclarationRef<RdsPostgres>;
        /// Who is told when a tenant goes beyond its quota of requests, or has no healthy task of its own.
        optional notify: DeclarationRef<SnsTopic>;
        /// Whether there is a dashboard with a row for each tenant.
        default dashboard: bool = true;
        /// How long the tenants' log groups keep records, if not as long as the service's.
        optional log_retention: Days;
    } members TenantPoolMembers {
        /// The ARN of the role whose sessions, tagged `tenant`, may read what is that tenant's: for the service
        /// that all share.
        role;
    }
}

impl TenantPool {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        tenants::lower_pool(self, cx);
    }
}

/// A tenant of a pool, with what it differs in put in.
#[derive(Clone, Copy, Debug)]
pub struct TenantView<'a> {
    /// The pool.
    pub pool: &'a TenantPool,
    /// Where its key is.
    pub loc: Loc,
    given: Option<&'a TenantOverride>,
}

impl TenantPool {
    /// The keys of the tenants with their places, sorted; each once.
    pub fn keys(&self) -> Vec<(String, Loc)> {
        let Some(list) = self.tenants.literal() else { return Vec::new() };
        let mut all = list.keys(self.tenants.loc);
        all.retain(|(key, _)| is_key(key));
        all.sort_by(|a, b| a.0.cmp(&b.0));
        all.dedup_by(|a, b| a.0 == b.0);
        all
    }

    /// What single tenants differ in, by their keys.
    pub fn known_overrides(&self) -> impl Iterator<Item = (&str, Loc, &Field<TenantOverride>)> {
        let map = self.overrides.as_ref().and_then(|it| it.literal());
        map.into_iter().flat_map(|it| &it.0).map(|it| (it.name.as_str(), it.loc, &it.field))
    }

    /// Whether everything that says how far apart tenants are is known.
    pub fn overrides_known(&self) -> bool {
        self.overrides.as_ref().is_none_or(|it| it.literal().is_some())
            && self.known_overrides().all(|(_, _, it)| it.literal().is_some())
    }

    /// The tenant `key`.
    pub fn tenant(&self, key: &str, loc: Loc) -> TenantView<'_> {
        let given = self.known_overrides().find(|(name, _, _)| *name == key);
        TenantView { pool: self, loc, given: given.and_then(|(_, _, it)| it.literal()) }
    }

    /// What a tenant's requests have, as a route of the load balancer; none without one.
    pub fn pattern(&self, key: &str) -> Option<String> {
        let route_by = self.route_by.as_ref()?.literal()?;
        self.balancer.as_ref()?;
        let pattern = route_by.replace(PLACEHOLDER, key);
        (route_by.contains(PLACEHOLDER) && Pattern::parse(&pattern).is_ok()).then_some(pattern)
    }
}

/// What stands for a tenant's key in `route_by`.
pub const PLACEHOLDER: &str = "{tenant}";

/// The longest key of a tenant: it becomes a part of names that AWS limits to 63 and 64 characters.
pub const KEY_LIMIT: usize = 20;

/// Whether a text can be the key of a tenant.
pub fn is_key(text: &str) -> bool {
    let inner = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-';
    text.len() <= KEY_LIMIT
        && text.starts_with(|it: char| it.is_ascii_lowercase())
        && text.bytes().all(inner)
        && !text.ends_with('-')
        && !text.contains("--")
}

impl<'a> TenantView<'a> {
    /// Whose tasks serve it.
    pub fn compute(&self) -> Option<ComputeIsolation> {
        self.field(|it| it.compute.as_ref(), |it| &it.compute)
    }

    /// How far apart it is from the others, if that is known.
    pub fn isolation(&self) -> Option<Isolation> {
        let database = self.field(|it| it.database.as_ref(), |it| &it.database)?;
        let pool = self.pool;
        Some(Isolation {
            compute: self.compute()?,
            database: pool.database.as_ref().map(|_| database),
            network: self.field(|it| it.network.as_ref(), |it| &it.network)?,
            secrets: self.field(|it| it.secrets.as_ref(), |it| &it.secrets)?,
            keys: self.field(|it| it.keys.as_ref(), |it| &it.keys)?,
            logs: self.field(|it| it.logs.as_ref(), |it| &it.logs)?,
            routed: pool.pattern("t").is_some(),
        })
    }

    /// The same with the service of the pool known. A blue-green deployment switches one rule of a service, so that
    /// tenants that share it share its rule.
    pub fn isolation_with(&self, service: Option<&EcsService>) -> Option<Isolation> {
        let mut isolation = self.isolation()?;
        isolation.routed &= isolation.compute != ComputeIsolation::Pool
            || service.is_some_and(|it| !is_blue_green(it));
        Some(isolation)
    }

    fn field<T: Copy + 'a>(
        &self,
        own: impl Fn(&'a TenantOverride) -> Option<&'a Field<T>>,
        all: impl Fn(&'a IsolationFields) -> &'a Field<T>,
    ) -> Option<T> {
        match self.given.and_then(own) {
            Some(field) => field.literal().copied(),
            None => all(self.pool.isolation.literal()?).literal().copied(),
        }
    }

    fn quota<T>(&self, of: impl Fn(&'a TenantQuota) -> Option<&'a Field<T>>) -> Option<&'a Field<T>> {
        let own = self.given.and_then(|it| it.quota.as_ref()).and_then(|it| it.literal());
        let all = self.pool.quota.as_ref().and_then(|it| it.literal());
        own.and_then(&of).or_else(|| all.and_then(&of))
    }

    /// Its CPU.
    pub fn cpu(&self) -> Option<&'a Field<CpuUnits>> {
        self.quota(|it| it.cpu.as_ref())
    }

    /// Its memory.
    pub fn memory(&self) -> Option<&'a Field<Memory>> {
        self.quota(|it| it.memory.as_ref())
    }

    /// Its tasks.
    pub fn tasks(&self) -> Option<&'a Field<Bounds<Count>>> {
        self.quota(|it| it.tasks.as_ref())
    }

    /// What its rows take.
    pub fn storage(&self) -> Option<&'a Field<Storage>> {
        self.quota(|it| it.storage.as_ref())
    }

    /// Its connections to the database.
    pub fn connections(&self) -> Option<&'a Field<Count>> {
        self.quota(|it| it.connections.as_ref())
    }

    /// Its requests in a minute.
    pub fn requests(&self) -> Option<&'a Field<Count>> {
        self.quota(|it| it.requests.as_ref())
    }

    /// Whether it has an instance of the database for itself.
    pub fn has_instance(&self) -> bool {
        self.isolation().is_some_and(|it| it.database == Some(DatabaseIsolation::Instance))
    }

    /// Whether it has something for itself that is shared otherwise.
    pub fn has_own(&self, what: impl Fn(&Isolation) -> Sharing) -> bool {
        self.isolation().is_some_and(|it| what(&it) == Sharing::PerTenant)
    }
}
