//! What a pool of tenants declares besides: for each tenant that has tasks or a database of its own, a service like
//! the pool's, a database like the pool's, their secrets and their connections. So everything that holds of a
//! declared service holds of a tenant's.

use std::collections::BTreeMap;

use crate::declare::alb::RoutedService;
use crate::declare::kms_key::KeyService;
use crate::declare::tenant_pool::TenantView;
use crate::declare::{
    AsDeclaration, Connect, Declaration, Declare, EcsService, Handle, Kind, KmsKey, Like, Meta,
    RdsPostgres, Secret, TenantOf, TenantPool,
};
use crate::diagnostic::Sink;
use crate::field::{DeclarationRef, Field, Map, Named, Pair, Reader, at};
use crate::flow::{FlowTarget, Peer, PeerName};
use crate::history::Recorded;
use crate::loc::Loc;
use crate::lower::route::Route;
use crate::node::Reference;
use crate::resource::tenancy::Isolation;
use crate::service_fields::SecretSource;
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation, Sharing};
use crate::types::Bounds;
use crate::value::{Part, Text, Value};

mod own;

use own::{Own, environment, secrets};

/// What pools add to an architecture besides declarations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Expansion {
    /// The routes of tenants, by load balancer.
    pub routes: BTreeMap<String, Vec<Route>>,
    /// The names of the pool and the tenant of a route, by load balancer and pattern.
    pub owners: BTreeMap<(String, String), String>,
    /// The load balancer and the route of a tenant's own service.
    pub own: BTreeMap<String, (String, Route)>,
}

/// The variable that tells a tenant's own tasks whose they are.
pub const TENANT_VARIABLE: &str = "TENANT";

/// The variable that tells the tasks that all share by which role they speak for a tenant.
pub const ROLE_VARIABLE: &str = "TENANT_ROLE";

/// The part of a declaration's name for a tenant's own secret.
const OWN: &str = "own";
/// The part of a declaration's name for a tenant's credentials in the database.
const LOGIN: &str = "login";
/// The part of a declaration's name for a tenant's key.
pub const KEY: &str = "key";
/// The part of a declaration's name for a tenant's database.
const DATABASE: &str = "database";

/// The name of what a pool declares for a tenant: its service, or with a part more its other things.
pub fn name_of(pool: &str, key: &str, part: Option<&str>) -> String {
    match part {
        Some(part) => format!("{pool}.{key}.{part}"),
        None => format!("{pool}.{key}"),
    }
}

/// What the physical names of a tenant's secrets start with; `key` may be a variable of IAM's policies.
pub fn secret_prefix(stem: &str, pool: &str, key: &str) -> String {
    format!("{stem}/{}/{key}/", pool.replace('_', "-"))
}

/// The same for a tenant with tasks of its own, whose secrets no session of the shared tasks may read: a pattern that
/// ends a tenant's key with `/` never has these.
fn own_secret_prefix(stem: &str, pool: &str, key: &str) -> String {
    format!("{stem}/{}-{key}/", pool.replace('_', "-"))
}

/// Whether a tenant whose tasks are shared has something that only its sessions may use.
pub fn has_stores(isolation: &Isolation) -> bool {
    isolation.secrets == Sharing::PerTenant
        || isolation.keys == Sharing::PerTenant
        || isolation.logs == Sharing::PerTenant
        || isolation.shares_database()
}

/// The name of a tenant's user, schema and database in PostgreSQL, which takes no hyphens without quotes.
pub fn user_of(key: &str) -> String {
    format!("tenant_{}", key.replace('-', "_"))
}

/// Adds what the pools declare. `stem` is what physical names start with.
pub(crate) fn expand(stem: &str, declarations: &mut Vec<Declaration>) -> Expansion {
    let pools: Vec<TenantPool> = all::<TenantPool>(declarations).cloned().collect();
    let mut expansion = Expansion::default();
    for pool in pools {
        Pool::new(stem, &pool, declarations).expand(declarations, &mut expansion);
    }
    expansion
}

fn all<K: AsDeclaration>(declarations: &[Declaration]) -> impl Iterator<Item = &K> {
    declarations.iter().filter_map(|it| K::from_declaration(it))
}

fn named<K: AsDeclaration + Clone>(
    declarations: &[Declaration],
    reference: Option<&Field<DeclarationRef<K>>>,
) -> Option<K> {
    let name = &reference?.literal()?.name;
    all::<K>(declarations).find(|it| it.meta().name == *name).cloned()
}

/// A pool with what its tenants' things are made like.
struct Pool<'a> {
    stem: &'a str,
    pool: &'a TenantPool,
    service: Option<EcsService>,
    database: Option<RdsPostgres>,
    secrets: BTreeMap<String, Secret>,
    connects: Vec<Connect>,
}

impl<'a> Pool<'a> {
    fn new(stem: &'a str, pool: &'a TenantPool, declarations: &[Declaration]) -> Pool<'a> {
        let service: Option<EcsService> = named(declarations, Some(&pool.service));
        let is_from = |it: &&Connect| {
            let from = it.from.literal().into_iter().flatten();
            let mut from = from.into_iter();
            service.as_ref().is_some_and(|own| from.any(|it| is_peer(it, &own.meta.name)))
        };
        let connects = all::<Connect>(declarations).filter(is_from).cloned().collect();
        let secrets =
            all::<Secret>(declarations).map(|it| (it.meta.name.clone(), it.clone())).collect();
        let database = named(declarations, pool.database.as_ref());
        Pool { stem, pool, service, database, secrets, connects }
    }

    fn expand(&self, declarations: &mut Vec<Declaration>, expansion: &mut Expansion) {
        if !self.pool.overrides_known() {
            return;
        }
        let (mut copies, mut shares) = (Vec::new(), false);
        for (key, loc) in self.pool.keys() {
            let view = self.pool.tenant(&key, loc);
            let Some(isolation) = view.isolation_with(self.service.as_ref()) else { continue };
            self.tenant(&key, &view, &isolation, declarations);
            self.route(&key, &view, &isolation, expansion);
            match isolation.compute {
                ComputeIsolation::Pool => shares |= has_stores(&isolation),
                ComputeIsolation::Bridge | ComputeIsolation::Silo => {
                    copies.push(name_of(&self.pool.meta.name, &key, None));
                }
            }
        }
        self.deny(&copies, declarations);
        if shares {
            self.tell_role(declarations);
        }
    }

    /// The name and the places of what is declared for a tenant.
    fn meta(&self, like: &Meta, key: &str, part: Option<&str>, loc: Loc) -> Meta {
        let pool = self.pool.meta.name.clone();
        let name = name_of(&pool, key, part);
        let identity = name.replace('.', "_");
        let tenant = TenantOf { pool, key: key.to_string(), like: None, identity };
        Meta {
            name,
            loc,
            macro_loc: loc,
            field_locs: like.field_locs.clone(),
            tags: like.tags.clone(),
            renamed_from: None,
            recorded: Recorded::default(),
            tenant: Some(tenant),
        }
    }

    fn tenant(
        &self,
        key: &str,
        view: &TenantView<'_>,
        isolation: &Isolation,
        declarations: &mut Vec<Declaration>,
    ) {
        let pool = self.pool.meta.name.as_str();
        let loc = view.loc;
        let prefix = match isolation.compute {
            ComputeIsolation::Pool => secret_prefix(self.stem, self.pool.meta.identity(), key),
            ComputeIsolation::Bridge | ComputeIsolation::Silo => {
                own_secret_prefix(self.stem, self.pool.meta.identity(), key)
            }
        };
        let mut own = Own { pool, key, prefix, ..Own::default() };
        if isolation.keys == Sharing::PerTenant {
            let name = name_of(pool, key, Some(KEY));
            own.key_arn = Some(member(Kind::KmsKey, &name, "arn"));
            declarations.push(Declaration::KmsKey(Box::new(self.key(key, loc))));
        }
        if let (Some(database), Some(how)) = (&self.database, isolation.database) {
            own.database = Some((database.meta.name.clone(), how));
            match how {
                DatabaseIsolation::Instance => {
                    let it = self.instance(database, key, view, &own);
                    // Its own tasks are given its address and its secret.
                    if isolation.compute == ComputeIsolation::Pool {
                        let it = self.login(key, &it.meta.name, &own, loc);
                        declarations.push(Declaration::Secret(Box::new(it)));
                    }
                    declarations.push(Declaration::RdsPostgres(Box::new(it)));
                }
                DatabaseIsolation::Schema | DatabaseIsolation::Database => {
                    let it = self.login(key, &database.meta.name, &own, loc);
                    declarations.push(Declaration::Secret(Box::new(it)));
                }
            }
        }
        let Some(service) = &self.service else { return };
        match isolation.compute {
            ComputeIsolation::Pool => {
                if isolation.secrets == Sharing::PerTenant {
                    let it = self.own_secret(key, &own, loc);
                    declarations.push(Declaration::Secret(Box::new(it)));
                }
                // The shared tasks use what the tenant has for itself.
                if isolation.database == Some(DatabaseIsolation::Instance) {
                    let to = name_of(pool, key, Some(DATABASE));
                    let connect = self.to_instance(service, key, &to, loc);
                    declarations.push(Declaration::Connect(Box::new(connect)));
                }
            }
            ComputeIsolation::Bridge | ComputeIsolation::Silo => {
                if isolation.secrets == Sharing::PerTenant {
                    for source in service.known_secrets() {
                        let SecretSource::Secret(it) = source else { continue };
                        let Some(secret) = self.secrets.get(&it.name) else { continue };
                        if own.secrets.insert(it.name.clone()) {
                            let it = self.secret(secret, key, &own, loc);
                            declarations.push(Declaration::Secret(Box::new(it)));
                        }
                    }
                }
                let it = self.service(service, key, view, isolation, &own);
                declarations.push(Declaration::EcsService(Box::new(it)));
                for connect in &self.connects {
                    let it = self.connect(connect, service, &own);
                    declarations.push(Declaration::Connect(Box::new(it)));
                }
            }
        }
    }

    fn key(&self, key: &str, loc: Loc) -> KmsKey {
        let name = name_of(&self.pool.meta.name, key, Some(KEY));
        let mut builder = KmsKey::builder(name, loc);
        let text = format!("What {key} of {} stores", self.pool.meta.identity());
        builder.description(loc, at(text, loc));
        builder.services(loc, at(vec![KeyService::CloudWatchLogs], loc));
        let mut key_declaration: KmsKey = read(&builder.done());
        key_declaration.meta = self.meta(&self.pool.meta, key, Some(KEY), loc);
        key_declaration
    }

    /// Tells the service that all share by which role it speaks for a tenant.
    fn tell_role(&self, declarations: &mut [Declaration]) {
        let Some(service) = &self.service else { return };
        let own = declarations.iter_mut().find(|it| it.meta().name == service.meta.name);
        let Some(Declaration::EcsService(it)) = own else { return };
        let loc = self.pool.meta.macro_loc;
        let role = Named {
            name: ROLE_VARIABLE.to_string(),
            loc,
            field: Field::new(member(Kind::TenantPool, &self.pool.meta.name, "role"), loc),
        };
        match &mut it.environment {
            Some(Field { value: Value::Literal(map), .. }) => {
                if map.0.iter().all(|it| it.name != ROLE_VARIABLE) {
                    map.0.push(role);
                }
            }
            Some(Field { value: Value::Parameter(_) | Value::Unknown, .. }) => {}
            None => it.environment = Some(Field::new(Map(vec![role]), loc)),
        }
    }

    /// A secret that is the tenant's where all share the service's.
    fn own_secret(&self, key: &str, own: &Own<'_>, loc: Loc) -> Secret {
        let text = format!("What only {key} of {} has", self.pool.meta.identity());
        self.made_up(key, own, OWN, text, None, loc)
    }

    /// The name and the password of a tenant's user in a database, with the database's address.
    fn login(&self, key: &str, database: &str, own: &Own<'_>, loc: Loc) -> Secret {
        let text = format!("The user {} of {}", user_of(key), self.pool.meta.identity());
        let mut secret = self.made_up(key, own, LOGIN, text, Some(user_of(key)), loc);
        let host = Field::new(member(Kind::RdsPostgres, database, "endpoint"), loc);
        let host = Named { name: "host".to_string(), loc, field: host };
        secret.fields = Some(Field::new(Map(vec![host]), loc));
        secret
    }

    /// A secret of a tenant that no declared one is like.
    fn made_up(
        &self,
        key: &str,
        own: &Own<'_>,
        part: &str,
        description: String,
        user: Option<String>,
        loc: Loc,
    ) -> Secret {
        let name = name_of(&self.pool.meta.name, key, Some(part));
        let mut builder = Secret::builder(name, loc);
        builder.description(loc, at(description, loc));
        if let Some(user) = user {
            builder.username(loc, at(user, loc));
        }
        builder.secret_name(loc, at(format!("{}{part}", own.prefix), loc));
        let mut secret: Secret = read(&builder.done());
        secret.meta = self.meta(&self.pool.meta, key, Some(part), loc);
        secret.kms_key = own.key_arn.clone().map(|it| Field::new(it, loc));
        secret
    }

    /// A tenant's own one of a secret that the service is given.
    fn secret(&self, like: &Secret, key: &str, own: &Own<'_>, loc: Loc) -> Secret {
        let mut secret = like.clone();
        secret.meta = self.meta(&like.meta, key, Some(&like.meta.name), loc);
        secret.secret_name = suffixed(&like.secret_name, "/", key).or_else(|| {
            let name = like.meta.identity().replace('_', "-");
            Some(Field::new(format!("{}{name}", own.prefix), loc))
        });
        if let Some(arn) = &own.key_arn {
            secret.kms_key = Some(Field::new(arn.clone(), loc));
        }
        secret
    }

    fn instance(
        &self,
        like: &RdsPostgres,
        key: &str,
        view: &TenantView<'_>,
        own: &Own<'_>,
    ) -> RdsPostgres {
        let mut database = like.clone();
        database.meta = self.meta(&like.meta, key, Some(DATABASE), view.loc);
        database.identifier = suffixed(&like.identifier, "-", key);
        if let Some(arn) = &own.key_arn {
            database.kms_key = Some(Field::new(arn.clone(), view.loc));
            database.secret_kms_key = Some(Field::new(arn.clone(), view.loc));
        }
        if let Some(storage) = view.storage() {
            let most = like.storage.literal().map_or(storage, |it| &it.last);
            let larger = storage.literal() > most.literal();
            let last = if larger { storage } else { most }.clone();
            let bounds = Bounds { first: storage.clone(), last };
            database.storage = Field::new(bounds, storage.loc);
        }
        database
    }

    fn service(
        &self,
        like: &EcsService,
        key: &str,
        view: &TenantView<'_>,
        isolation: &Isolation,
        own: &Own<'_>,
    ) -> EcsService {
        let mut service = like.clone();
        service.meta = self.meta(&like.meta, key, None, view.loc);
        if let Some(tenant) = &mut service.meta.tenant {
            tenant.like = Some(Like {
                service: like.meta.name.clone(),
                group: isolation.compute == ComputeIsolation::Bridge,
                logs: isolation.logs == Sharing::Shared,
                key: own.key_arn.clone(),
            });
        }
        if isolation.compute == ComputeIsolation::Silo {
            service.security_groups = None;
        }
        service.service_name = suffixed(&like.service_name, "-", key);
        service.discovery_name = suffixed(&like.discovery_name, "-", key);
        service.log_group = suffixed(&like.log_group, "/", key);
        service.log_retention =
            self.pool.log_retention.clone().or_else(|| like.log_retention.clone());
        if let Some(cpu) = view.cpu() {
            service.cpu = cpu.clone();
        }
        if let Some(memory) = view.memory() {
            service.memory = memory.clone();
        }
        if let Some(tasks) = view.tasks() {
            service.tasks = tasks.clone();
        }
        service.environment = Some(environment(like, key, own, view.loc));
        service.secrets = like.secrets.as_ref().map(|it| secrets(it, own));
        service
    }

    /// The connection of the shared service to the database of a tenant.
    fn to_instance(&self, service: &EcsService, key: &str, to: &str, loc: Loc) -> Connect {
        let mut meta = self.meta(&self.pool.meta, key, None, loc);
        meta.tags = None;
        let target = FlowTarget { peer: peer(Kind::RdsPostgres, to, loc), ports: None };
        Connect {
            meta,
            from: Field::new(vec![peer(Kind::EcsService, &service.meta.name, loc)], loc),
            to: Field::new(vec![Field::new(target, loc)], loc),
        }
    }

    /// The connection of a tenant's service that is like one of the pool's service.
    fn connect(&self, like: &Connect, service: &EcsService, own: &Own<'_>) -> Connect {
        let name = name_of(own.pool, own.key, None);
        let mut to = like.to.clone();
        if let Value::Literal(targets) = &mut to.value {
            for target in targets {
                if let Value::Literal(it) = &mut target.value
                    && let Value::Literal(Peer::Declaration(kind, peer)) = &mut it.peer.value
                {
                    let other = if peer.name == service.meta.name {
                        Some(name.clone())
                    } else {
                        own.instead_of(*kind, &peer.name)
                    };
                    if let Some(other) = other {
                        peer.name = other;
                    }
                }
            }
        }
        let mut meta = like.meta.clone();
        meta.tenant = self.meta(&like.meta, own.key, None, like.meta.macro_loc).tenant;
        let loc = like.from.loc;
        Connect { meta, from: Field::new(vec![peer(Kind::EcsService, &name, loc)], loc), to }
    }

    fn route(
        &self,
        key: &str,
        view: &TenantView<'_>,
        isolation: &Isolation,
        expansion: &mut Expansion,
    ) {
        let pool = &self.pool.meta.name;
        let (Some(pattern), Some(service)) = (self.pool.pattern(key), &self.service) else {
            return;
        };
        let Some(balancer) = self.pool.balancer.as_ref().and_then(Field::literal) else { return };
        if !isolation.routed {
            return;
        }
        let to_own = isolation.compute != ComputeIsolation::Pool;
        let to = if to_own { name_of(pool, key, None) } else { service.meta.name.clone() };
        let owner = (balancer.name.clone(), pattern.clone());
        expansion.owners.insert(owner, name_of(pool, key, None));
        let pair = Pair {
            key: Field::new(pattern, view.loc),
            value: Field::new(RoutedService::Ecs(DeclarationRef::new(to)), view.loc),
        };
        let route = Field::new(pair, view.loc);
        if to_own {
            let name = name_of(pool, key, None);
            expansion.own.insert(name, (balancer.name.clone(), route.clone()));
        }
        expansion.routes.entry(balancer.name.clone()).or_default().push(route);
    }

    /// What nobody may connect to, or must not connect, holds for the tenants' services too.
    fn deny(&self, copies: &[String], declarations: &mut [Declaration]) {
        let Some(service) = &self.service else { return };
        let is_service = |it: &Field<Peer>| is_peer(it, &service.meta.name);
        for it in declarations {
            let Declaration::Deny(deny) = it else { continue };
            if let Value::Literal(from) = &mut deny.from.value
                && let Some(at) = from.iter().position(is_service)
            {
                let loc = from[at].loc;
                from.extend(copies.iter().map(|it| peer(Kind::EcsService, it, loc)));
            }
            if let Value::Literal(to) = &mut deny.to.value {
                let target = to.iter().filter_map(Field::literal).find(|it| is_service(&it.peer));
                if let Some(target) = target.cloned() {
                    let loc = target.peer.loc;
                    to.extend(copies.iter().map(|it| {
                        let peer = peer(Kind::EcsService, it, loc);
                        Field::new(FlowTarget { peer, ports: target.ports.clone() }, loc)
                    }));
                }
            }
        }
    }
}

fn is_peer(peer: &Field<Peer>, service: &str) -> bool {
    matches!(
        peer.literal(),
        Some(Peer::Declaration(Kind::EcsService, name)) if name.name == service
    )
}

fn peer(kind: Kind, name: &str, loc: Loc) -> Field<Peer> {
    Field::new(Peer::Declaration(kind, PeerName { name: name.to_string(), tag: None }), loc)
}

fn member(kind: Kind, name: &str, member: &str) -> Text {
    let member = Some(member.to_string());
    Text(vec![Part::Member(Reference { kind, name: name.to_string(), member })])
}

/// A physical name that the author gave, with the tenant's key behind it.
fn suffixed(given: &Option<Field<String>>, between: &str, key: &str) -> Option<Field<String>> {
    let field = given.as_ref()?;
    let value = field.value.map_ref(|it| format!("{it}{between}{key}"));
    Some(Field { value, loc: field.loc })
}

/// What a builder holds, with everything that it does not say.
fn read<K: Declare>(handle: &Handle<K>) -> K {
    let mut sink = Sink::new();
    K::read(&handle.raw(), &mut Reader::new(&mut sink, K::KIND))
}
