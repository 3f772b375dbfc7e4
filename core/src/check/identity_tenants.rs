//! Tenants that are gone, and what holds data of tenants that stay (AG0116): one finding for a pool or a tenant,
//! however much each had, with the one command that lets it go.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use super::identity::is_kept;
use crate::codes::Code;
use crate::declare::{Kind, TenantPool};
use crate::diagnostic::Diagnostic;
use crate::history::History;
use crate::loc::Loc;

/// What holds data, by the part of its name behind the tenant's.
type Parts<'a> = BTreeMap<&'a str, Kind>;

/// Whether a name in the history is that of something a pool declared for a tenant.
pub fn is_tenants(name: &str) -> bool {
    name.contains('.')
}

/// What the history has of tenants and the architecture no longer has.
pub fn check(history: &History, cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    if architecture.all::<TenantPool>().any(|it| !is_known(it)) {
        return;
    }
    let former = |it: &TenantPool| {
        history.name_of(&it.meta, Kind::TenantPool).unwrap_or(&it.meta.name).to_string()
    };
    let pools: BTreeMap<String, &TenantPool> =
        architecture.all::<TenantPool>().map(|it| (former(it), it)).collect();
    let names: BTreeMap<&str, &String> =
        pools.iter().map(|(past, it)| (it.meta.name.as_str(), past)).collect();
    let declared: BTreeSet<(String, Kind)> = architecture
        .declarations
        .iter()
        .filter_map(|it| {
            let pool = &it.meta().tenant.as_ref()?.pool;
            let rest = it.meta().name.strip_prefix(pool.as_str())?;
            Some((format!("{}{rest}", names.get(pool.as_str())?), it.kind()))
        })
        .collect();

    // By pool and tenant, all that there was and what of it is gone.
    let mut gone: BTreeMap<&str, BTreeMap<&str, Parts<'_>>> = BTreeMap::new();
    let mut had: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (name, past) in history.declarations.iter().filter(|it| is_kept(it.1.kind)) {
        let Some((pool, rest)) = name.split_once('.') else { continue };
        let (key, part) = rest.split_once('.').unwrap_or((rest, ""));
        *had.entry((pool, part)).or_default() += 1;
        if !declared.contains(&(name.clone(), past.kind)) {
            gone.entry(pool).or_default().entry(key).or_default().insert(part, past.kind);
        }
    }
    for (name, tenants) in gone {
        let Some(pool) = pools.get(name) else {
            pool_gone(name, tenants.len(), cx);
            continue;
        };
        let keys: BTreeSet<String> = pool.keys().into_iter().map(|it| it.0).collect();
        let mut lost: BTreeMap<(&str, Kind), Vec<&str>> = BTreeMap::new();
        for (key, parts) in &tenants {
            if keys.contains(*key) {
                for (part, kind) in parts {
                    lost.entry((*part, *kind)).or_default().push(*key);
                }
            } else {
                tenant_gone(pool, name, key, parts, cx);
            }
        }
        for ((part, kind), of) in lost {
            let all = of.len() > 1 && had.get(&(name, part)) == Some(&of.len());
            if all {
                part_gone(pool, &format!("'{name}.*.{part}'"), &of, part, kind, cx);
            } else {
                for key in of {
                    part_gone(pool, &format!("{name}.{key}.{part}"), &[key], part, kind, cx);
                }
            }
        }
    }
}

/// Whether it is certain which tenants a pool has, and what each has.
fn is_known(pool: &TenantPool) -> bool {
    pool.tenants.literal().is_some()
        && pool.overrides_known()
        && pool.keys().iter().all(|(key, loc)| pool.tenant(key, *loc).isolation().is_some())
}

fn forget(what: &str, cx: &Context<'_>) -> String {
    format!("`archgen lock forget {what} --arch {}`", cx.architecture.name)
}

/// AG0116: what holds a tenant's data is no longer there.
fn push(loc: Loc, message: String, help: String, cx: &mut Context<'_>) {
    let note = "CloudFormation leaves secrets and keys behind without an owner, Terraform destroys them after their \
                waiting time; of a database both keep a last snapshot, and neither deletes one with \
                `deletion_protection`";
    cx.push(Diagnostic::new(Code::AG0116, loc, message).note(note).help(help));
}

fn pool_gone(name: &str, tenants: usize, cx: &mut Context<'_>) {
    let of = if tenants == 1 { "a tenant".to_string() } else { format!("{tenants} tenants") };
    let message = format!(
        "the pool `{name}` is no longer declared, and with it goes what holds the data of {of}"
    );
    let help = format!(
        "if it has another name now, write `renamed_from: \"{name}\"` there; if all of it may go: {}",
        forget(name, cx)
    );
    push(Loc::NONE, message, help, cx);
}

fn tenant_gone(pool: &TenantPool, name: &str, key: &str, parts: &Parts<'_>, cx: &mut Context<'_>) {
    let parts: Vec<String> =
        parts.iter().map(|(part, kind)| format!("{} `{part}`", kind.title())).collect();
    let message = format!(
        "`{}` no longer has the tenant `{key}`, and with it goes what holds its data: {}",
        pool.meta.name,
        parts.join(", ")
    );
    let help = format!(
        "if the tenant is to go: {}; otherwise put it back",
        forget(&format!("{name}.{key}"), cx)
    );
    push(pool.tenants.loc, message, help, cx);
}

fn part_gone(
    pool: &TenantPool,
    command: &str,
    of: &[&str],
    part: &str,
    kind: Kind,
    cx: &mut Context<'_>,
) {
    let (title, name) = (kind.title(), &pool.meta.name);
    let message = match of {
        [key] => format!(
            "the tenant `{key}` of `{name}` no longer has the {title} `{part}`, which holds data"
        ),
        _ => format!(
            "{} tenants of `{name}` no longer have the {title} `{part}`, which holds data",
            of.len()
        ),
    };
    let help = format!("if it may go: {}", forget(command, cx));
    push(pool.isolation.loc, message, help, cx);
}

#[cfg(test)]
#[path = "identity_tenants_tests.rs"]
mod tests;
