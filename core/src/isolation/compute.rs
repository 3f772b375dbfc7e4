//! Whose tasks serve a tenant, and where its rows are.

use std::collections::BTreeSet;

use super::facts::{Kind, Target, Use};
use super::scope::{Boundary, Finding, Found, Scope, Tenants};
use crate::codes::Code;
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation, Layer};

/// Finds what is not a tenant's own of what runs it, and of its database.
pub fn find(scope: &Scope<'_>, found: &mut Found) {
    for tenant in 0..scope.pool.tenants.len() as u32 {
        if scope.tenant(tenant).claims(Layer::Compute) {
            tasks(scope, tenant, found);
        }
        database(scope, tenant, found);
    }
    if let Some(service) = scope.pool.shared_service
        && scope.served.len() > 1
    {
        found.boundaries.push(Boundary {
            name: scope.named(service),
            why: "its tasks serve all of these tenants, and choose for whom they act".to_string(),
            layers: BTreeSet::from([
                Layer::Compute,
                Layer::Identity,
                Layer::Secrets,
                Layer::Keys,
                Layer::Logs,
                Layer::Network,
                Layer::Database,
                Layer::Routing,
            ]),
            tenants: scope.served.clone(),
        });
    }
    rows(scope, found);
}

/// Whether a tenant has tasks of its own.
fn tasks(scope: &Scope<'_>, tenant: u32, found: &mut Found) {
    let it = scope.tenant(tenant);
    let key = scope.key(tenant);
    let mut lacks = |what: &str| {
        let message = format!("tenant {key} has no {what} of its own");
        let between = scope.with_all(tenant);
        found.findings.push(Finding::new(Code::AG0605, [Layer::Compute], None, message, between));
    };
    let Some(first) = scope.owned(tenant, Kind::Service).next() else {
        lacks("service");
        return;
    };
    // Services in Kubernetes have neither task definitions nor groups of their own.
    let is_ecs = scope.uses(first, Use::TaskDefinition).next().is_some();
    if is_ecs && scope.owned(tenant, Kind::TaskDefinition).next().is_none() {
        lacks("task definition");
    }
    if it.isolation.routed && scope.owned(tenant, Kind::TargetGroup).next().is_none() {
        lacks("target group");
    }
    let is_silo = it.isolation.compute == ComputeIsolation::Silo;
    let mut has_group = false;
    let mut foreign: Vec<(usize, Use, String)> = Vec::new();
    let services: Vec<usize> = scope.owned(tenant, Kind::Service).collect();
    let definitions: Vec<usize> = scope.owned(tenant, Kind::TaskDefinition).collect();
    for thing in services.iter().chain(&definitions) {
        for reference in &scope.thing(*thing).references {
            let owner = match &reference.to {
                Target::Thing(it) => scope.owner[*it],
                Target::Elsewhere(_) => None,
            };
            match reference.used {
                Use::SecurityGroup => has_group |= owner == Some(tenant),
                Use::TaskDefinition | Use::TargetGroup | Use::TaskRole | Use::ExecutionRole
                    if owner.is_none() =>
                {
                    foreign.push((*thing, reference.used, scope.called(&reference.to)));
                }
                Use::Secret
                | Use::Log
                | Use::Encryption
                | Use::AccessPoint
                | Use::TaskRole
                | Use::ExecutionRole
                | Use::TaskDefinition
                | Use::TargetGroup
                | Use::Forward
                | Use::Parent
                | Use::Watch
                | Use::Other => {}
            }
        }
    }
    if is_ecs && is_silo && !has_group {
        lacks("security group on its tasks");
    }
    for (thing, used, name) in foreign {
        let is_role = matches!(used, Use::TaskRole | Use::ExecutionRole);
        let (code, layer) =
            if is_role { (Code::AG0602, Layer::Identity) } else { (Code::AG0605, Layer::Compute) };
        let message = format!(
            "{} of tenant {key} {} {name}, which is not its own",
            scope.named(thing),
            used.as_str(),
        );
        let between = scope.with_all(tenant);
        found.findings.push(Finding::new(code, [layer], Some(thing), message, between));
    }
}

/// Whether a tenant has the instance, or the user, that it claims.
fn database(scope: &Scope<'_>, tenant: u32, found: &mut Found) {
    let Some(isolation) = scope.tenant(tenant).isolation.database else { return };
    let lacks = match isolation {
        DatabaseIsolation::Instance => {
            scope.owned(tenant, Kind::Database).next().is_none().then_some("database instance")
        }
        DatabaseIsolation::Schema | DatabaseIsolation::Database => {
            scope.owned(tenant, Kind::Secret).next().is_none().then_some("credentials")
        }
    };
    if let Some(what) = lacks {
        let message = format!("tenant {} has no {what} of its own", scope.key(tenant));
        let between = scope.with_all(tenant);
        found.findings.push(Finding::new(Code::AG0603, [Layer::Database], None, message, between));
    }
}

/// What tenants trust whose rows are in one instance.
fn rows(scope: &Scope<'_>, found: &mut Found) {
    let together: Tenants = (0..scope.pool.tenants.len() as u32)
        .filter(|it| scope.tenant(*it).isolation.shares_database())
        .collect();
    if together.len() < 2 {
        return;
    }
    for name in databases(scope) {
        found.boundaries.push(Boundary {
            name,
            why:
                "what keeps these tenants' rows apart inside PostgreSQL is users and grants in the \
                  database, which no resource of AWS shows"
                    .to_string(),
            layers: BTreeSet::from([Layer::Database]),
            tenants: together.clone(),
        });
    }
}

/// The instances that tenants share: those that their tasks, or the shared ones, refer to; else all.
fn databases(scope: &Scope<'_>) -> Vec<String> {
    let things = || scope.facts.things.iter().enumerate();
    let mut named: BTreeSet<usize> = BTreeSet::new();
    for (number, thing) in things() {
        if scope.owner[number].is_some() || scope.shared.contains(&number) {
            for it in &thing.references {
                if let Target::Thing(it) = &it.to
                    && scope.thing(*it).kind == Kind::Database
                    && scope.owner[*it].is_none()
                {
                    named.insert(*it);
                }
            }
        }
    }
    if named.is_empty() {
        let all = things()
            .filter(|(number, it)| it.kind == Kind::Database && scope.owner[*number].is_none());
        named.extend(all.map(|it| it.0));
    }
    if named.is_empty() {
        return vec!["the database".to_string()];
    }
    named.into_iter().map(|it| scope.named(it)).collect()
}
