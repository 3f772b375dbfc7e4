//! Names: no two declarations share one (AG0101), there is something (AG0108), and every reference leads somewhere (AG0102, AG0104).

use std::collections::BTreeMap;

use super::Context;
use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::{Declaration, Kind, RawDeclaration, Vpc};
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::node::{Node, NodeKind, Reference};
use crate::suggest;

/// Checks every name and reference.
pub fn check(cx: &mut Context<'_>) {
    let architecture = cx.architecture;
    if architecture.declarations.is_empty() && !architecture.open {
        nothing(cx);
    }
    let mut first: BTreeMap<&str, &RawDeclaration> = BTreeMap::new();
    let mut raws: Vec<&RawDeclaration> = architecture.raw().iter().collect();
    raws.sort_by_key(|it| it.name_loc);
    for raw in raws {
        if raw.kind.is_named() {
            match first.get(raw.name.as_str()) {
                Some(before) => duplicate(raw, before, cx),
                None => {
                    first.insert(&raw.name, raw);
                }
            }
        }
        for entry in &raw.fields {
            references(&entry.value, &mut |reference, loc| {
                resolve(architecture, reference, loc, cx);
            });
        }
    }
}

/// AG0108: an architecture declares nothing.
fn nothing(cx: &mut Context<'_>) {
    cx.push(
        Diagnostic::new(
            Code::AG0108,
            Loc::NONE,
            format!("the architecture `{}` declares nothing", cx.architecture.name),
        )
        .help("declare something with `let NAME = vpc! { … };`, or put declarations at its end"),
    );
}

/// AG0101: two declarations have the same name.
fn duplicate(raw: &RawDeclaration, before: &RawDeclaration, cx: &mut Context<'_>) {
    cx.push(
        Diagnostic::new(Code::AG0101, raw.name_loc, format!("`{}` is declared twice", raw.name))
            .label(
                before.name_loc,
                format!("the {} `{}` is declared here first", before.kind.title(), before.name),
            )
            .help("give one of them another name: resources are named after it"),
    );
}

/// Calls `found` with every reference in a value.
fn references(node: &Node, found: &mut impl FnMut(&Reference, Loc)) {
    match &node.kind {
        NodeKind::Reference(it) => found(it, node.loc),
        NodeKind::List(items) | NodeKind::Call(_, items) => {
            for it in items {
                references(it, found);
            }
        }
        NodeKind::Record(entries) | NodeKind::Tagged(_, entries) => {
            for it in entries {
                references(&it.value, found);
            }
        }
        NodeKind::Pair(a, b) | NodeKind::Compare(a, _, b) => {
            references(a, found);
            references(b, found);
        }
        NodeKind::Range { start, end, .. } => {
            for it in start.iter().chain(end) {
                references(it, found);
            }
        }
        NodeKind::Text(_)
        | NodeKind::Integer(_)
        | NodeKind::Float(_)
        | NodeKind::Bool(_)
        | NodeKind::Quantity(..)
        | NodeKind::PrefixLength(_)
        | NodeKind::Word(_)
        | NodeKind::Unknown
        | NodeKind::Invalid => {}
    }
}

/// AG0102 and AG0104: the reference leads nowhere.
fn resolve(architecture: &Architecture, reference: &Reference, loc: Loc, cx: &mut Context<'_>) {
    match architecture.named(&reference.name).filter(|it| it.kind() == reference.kind) {
        Some(Declaration::Vpc(vpc)) => {
            if let Some(tier) = &reference.member {
                tier_exists(vpc, tier, loc, cx);
            }
        }
        Some(_) => {}
        None => missing(architecture, reference, loc, cx),
    }
}

/// AG0102: a name refers to nothing that is declared.
fn missing(architecture: &Architecture, reference: &Reference, loc: Loc, cx: &mut Context<'_>) {
    if architecture.open {
        return;
    }
    cx.push(
        Diagnostic::new(
            Code::AG0102,
            loc,
            format!(
                "the {} `{}` is not part of the architecture `{}`",
                reference.kind.title(),
                reference.name,
                architecture.name
            ),
        )
        .help(format!(
            "declare it with `let {} = {}! {{ … }};` in the architecture, or add it at its end",
            reference.name,
            reference.kind.macro_name()
        )),
    );
}

/// AG0104: a VPC has no such tier.
fn tier_exists(vpc: &Vpc, tier: &str, loc: Loc, cx: &mut Context<'_>) {
    let is_member = Kind::Vpc.members().contains(&tier);
    if is_member || vpc.subnets.literal().is_none() || vpc.tier(tier).is_some() {
        return;
    }
    let names: Vec<&str> = vpc.tiers().map(|(name, _)| name).collect();
    cx.push(
        Diagnostic::new(Code::AG0104, loc, format!("`{}` has no tier `{tier}`", vpc.meta.name))
            .maybe_help(suggest::did_you_mean(tier, names)),
    );
}
