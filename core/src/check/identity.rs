//! Identity: renames can be made (AG0111, AG0112, AG0113), and nothing that holds data disappears
//! unnoticed (AG0114, AG0115; of tenants AG0116).
//!
//! What was emitted before is known from the history alone; without one, only what the declarations say
//! of each other is checked.

use std::collections::{BTreeMap, BTreeSet};

use super::Context;
use crate::codes::Code;
use crate::declare::{Declaration, Kind, Meta};
use crate::diagnostic::Diagnostic;
use crate::history::History;
use crate::loc::Loc;
use crate::suggest;

/// Whether what a declaration makes cannot be made again: it holds data, or everything else stands in it.
pub const fn is_kept(kind: Kind) -> bool {
    match kind {
        Kind::Vpc
        | Kind::HostedZone
        | Kind::KmsKey
        | Kind::S3Bucket
        | Kind::Secret
        | Kind::Efs
        | Kind::RdsPostgres
        | Kind::Redis
        | Kind::BackupPlan
        | Kind::EcrRepository => true,
        Kind::Param
        | Kind::SecurityGroup
        | Kind::NetworkAcl
        | Kind::VpcPeering
        | Kind::Certificate
        | Kind::WebAcl
        | Kind::CloudFront
        | Kind::DnsRecord
        | Kind::EksCluster
        | Kind::Namespace
        | Kind::ClusterAddons
        | Kind::K8sService
        | Kind::Alb
        | Kind::EcsCluster
        | Kind::EcsService
        | Kind::SnsTopic
        | Kind::TenantPool
        | Kind::Budget
        | Kind::Alarm
        | Kind::Dashboard
        | Kind::Objectives
        | Kind::Terraform
        | Kind::Connect
        | Kind::Allow
        | Kind::Deny => false,
    }
}

/// Checks every rename, and what has gone.
pub fn check(cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    let history = architecture.history();
    let mut sources: BTreeMap<&str, &Meta> = BTreeMap::new();
    for it in architecture.declarations.iter().filter(|it| it.kind().is_named()) {
        let meta = it.meta();
        let Some(former) = meta.former_name() else { continue };
        if let Some(before) = sources.insert(former, meta) {
            twice(meta, before, former, cx);
        } else if former == meta.name {
            let message = format!("`{former}` is renamed from itself");
            cannot(meta, message, None, "remove `renamed_from`".to_string(), cx);
        } else if let Some(other) = architecture.named(former) {
            let message =
                format!("`{}` is renamed from `{former}`, which is still declared", meta.name);
            let label = (other.meta().loc, format!("`{former}` is declared here"));
            let help = format!(
                "rename one of them; for a new `{former}` beside it, deploy the rename first and then \
                 remove `renamed_from`"
            );
            cannot(meta, message, Some(label), help, cx);
        } else if let Some(history) = history {
            known(it, former, history, cx);
        }
    }
    if let Some(history) = history
        && !architecture.open
    {
        gone(history, cx);
        super::identity_tenants::check(history, cx);
    }
}

/// What the history says of a rename.
fn known(it: &Declaration, former: &str, history: &History, cx: &mut Context<'_>) {
    let meta = it.meta();
    let own = history.declarations.get(&meta.name).filter(|past| past.kind == it.kind());
    if own.is_some_and(|past| past.renamed_from.as_deref() == Some(former)) {
        return;
    }
    match (own, history.declarations.get(former)) {
        (None, Some(past)) if past.kind == it.kind() => {
            if let Some(other) = history.declarations.get(&meta.name) {
                let (name, kind) = (&meta.name, other.kind.with_article());
                let message = format!("`{former}` is renamed to `{name}`, which was {kind}");
                let help =
                    format!("deploy without `{name}` first, or take a name that is not in use");
                cannot(meta, message, None, help, cx);
            }
        }
        (None, Some(past)) => {
            let (now, then) = (it.kind().with_article(), past.kind.with_article());
            let message = format!("`{}` is {now}, and `{former}` was {then}", meta.name);
            cannot(meta, message, None, "remove `renamed_from`".to_string(), cx);
        }
        (Some(_), Some(_)) => {
            let message = format!(
                "`{}` is renamed from `{former}`, and was emitted before, beside it",
                meta.name
            );
            let help = format!("remove `renamed_from`: `{}` is another one", meta.name);
            cannot(meta, message, None, help, cx);
        }
        (_, None) => unknown(meta, former, history, cx),
    }
}

/// Where the former name is written.
fn place(meta: &Meta) -> Loc {
    meta.renamed_from.as_ref().map_or(meta.loc, |it| it.loc)
}

/// AG0111: a rename cannot be made.
fn cannot(
    meta: &Meta,
    message: String,
    label: Option<(Loc, String)>,
    help: String,
    cx: &mut Context<'_>,
) {
    let mut diagnostic = Diagnostic::new(Code::AG0111, place(meta), message).help(help);
    diagnostic.labels.extend(label);
    cx.push(diagnostic);
}

/// AG0112: two declarations are renamed from the same one.
fn twice(meta: &Meta, before: &Meta, former: &str, cx: &mut Context<'_>) {
    cx.push(
        Diagnostic::new(
            Code::AG0112,
            place(meta),
            format!("`{}` and `{}` are both renamed from `{former}`", before.name, meta.name),
        )
        .label(place(before), format!("`{}` is renamed from it here", before.name))
        .help(format!("only one of them is `{former}`: remove the other `renamed_from`")),
    );
}

/// AG0113: a declaration is renamed from one that was never emitted.
fn unknown(meta: &Meta, former: &str, history: &History, cx: &mut Context<'_>) {
    let similar = suggest::nearest(former, history.declarations.keys().map(String::as_str))
        .filter(|it| *it != meta.name && cx.architecture.named(it).is_none());
    let help = match similar {
        Some(it) => format!("did you mean `{it}`?"),
        None => "remove `renamed_from`: nothing is kept by it".to_string(),
    };
    cx.push(
        Diagnostic::new(
            Code::AG0113,
            place(meta),
            format!(
                "`{}` is renamed from `{former}`, which `archgen.lock` does not know",
                meta.name
            ),
        )
        .help(help),
    );
}

/// What the history has and the architecture no longer has, as far as it cannot be made again; without what is
/// tenants'.
fn gone(history: &History, cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    let named = || architecture.declarations.iter().filter(|it| it.kind().is_named());
    let kept: BTreeSet<&str> =
        named().filter_map(|it| history.name_of(it.meta(), it.kind())).collect();
    let mut new: Vec<&Declaration> = named()
        .filter(|it| history.name_of(it.meta(), it.kind()).is_none())
        .filter(|it| it.meta().renamed_from.is_none() && it.meta().tenant.is_none())
        .collect();
    let is_tenants = super::identity_tenants::is_tenants;
    for (name, past) in history.declarations.iter().filter(|it| !is_tenants(it.0)) {
        if !is_kept(past.kind) || kept.contains(name.as_str()) {
            continue;
        }
        let of_kind: Vec<&str> = new
            .iter()
            .filter(|it| it.kind() == past.kind)
            .map(|it| it.meta().name.as_str())
            .collect();
        let similar = suggest::nearest(name, of_kind.iter().copied());
        match similar.or(of_kind.first().copied()) {
            Some(now) => {
                if let Some(at) = new.iter().position(|it| it.meta().name == now) {
                    renamed(new.remove(at).meta(), name, past.kind, cx);
                }
            }
            None => removed(name, past.kind, cx),
        }
    }
}

/// AG0114: a declaration that holds data was renamed without saying so.
fn renamed(meta: &Meta, former: &str, kind: Kind, cx: &mut Context<'_>) {
    let architecture = &cx.architecture.name;
    cx.push(
        Diagnostic::new(
            Code::AG0114,
            meta.loc,
            format!(
                "`{}` is a new {}, and `{former}`, which holds data, is no longer declared",
                meta.name,
                kind.title()
            ),
        )
        .note(format!(
            "if it is `{former}` under another name: add `renamed_from: \"{former}\"` to it, and it is \
             kept"
        ))
        .note(format!(
            "if `{former}` is to go and `{}` to be made: run `archgen lock forget {former} --arch \
             {architecture}`",
            meta.name
        ))
        .help(format!("write `renamed_from: \"{former}\"`, or let archgen forget `{former}`")),
    );
}

/// AG0115: a declaration that holds data is no longer declared.
fn removed(name: &str, kind: Kind, cx: &mut Context<'_>) {
    cx.push(
        Diagnostic::new(
            Code::AG0115,
            Loc::NONE,
            format!("the {} `{name}`, which holds data, is no longer declared", kind.title()),
        )
        .help(format!("if it has another name now, write `renamed_from: \"{name}\"` there")),
    );
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
