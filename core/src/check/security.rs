//! Written security groups and network ACLs: names (AG0107), numbers of entries (AG0309).

use std::collections::BTreeMap;

use super::Context;
use crate::codes::Code;
use crate::declare::{NetworkAcl, SecurityGroup, Vpc};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::flow::{AclRule, Peer};
use crate::loc::Loc;

/// Checks a group's name and description.
/// <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html>
pub fn check_group(group: &SecurityGroup, cx: &mut Context<'_>) {
    let allowed = |it: char| it.is_ascii_alphanumeric() || " ._-:/()#,@[]+=&;{}!$*".contains(it);
    for (what, field) in [("name", &group.group_name), ("description", &group.description)] {
        let Some(field) = field else { continue };
        let Some(text) = field.literal() else { continue };
        if text.is_empty() || text.len() > 255 || !text.chars().all(allowed) {
            let help = "use 1 to 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*";
            cx.bad_name(
                field.loc,
                format!("`{text}` cannot be the {what} of a security group"),
                help,
            );
        } else if what == "name" && text.starts_with("sg-") {
            let message = format!("`{text}` cannot be the name of a security group");
            cx.bad_name(field.loc, message, "names starting with `sg-` are AWS's own");
        }
    }
}

/// Checks the numbers of an ACL's entries.
/// <https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html>
pub fn check_network_acl(acl: &NetworkAcl, cx: &mut Context<'_>) {
    for entries in [&acl.ingress, &acl.egress] {
        let mut seen: BTreeMap<u32, Loc> = BTreeMap::new();
        let pairs = entries.literal().into_iter().flatten().filter_map(Field::literal);
        let written: BTreeMap<u32, Loc> =
            pairs.filter_map(|it| Some((it.key.literal()?.0, it.key.loc))).collect();
        for entry in entries.literal().into_iter().flatten() {
            let Some(pair) = entry.literal() else { continue };
            let Some(number) = pair.key.literal() else { continue };
            if !(1..=32766).contains(&number.0) {
                cx.push(entry_number(
                    pair.key.loc,
                    format!("an entry's number is between 1 and 32766, not {number}"),
                ));
            } else if let Some(first) = seen.get(&number.0) {
                cx.push(
                    entry_number(pair.key.loc, format!("number {number} is given twice"))
                        .label(*first, "it is given here first"),
                );
            }
            // An entry of several blocks or ranges takes the numbers behind its own too.
            let last =
                number.0.saturating_add(pair.value.literal().map_or(0, |it| further(it, cx)));
            for taken in number.0.saturating_add(1)..=last {
                if let Some(other) = written.get(&taken) {
                    cx.push(
                        entry_number(
                            pair.key.loc,
                            format!(
                                "entry {number} has several blocks or ranges and takes the numbers \
                                 to {last}, and {taken} is given"
                            ),
                        )
                        .label(*other, "it is given here"),
                    );
                    break;
                }
            }
            seen.entry(number.0).or_insert(pair.key.loc);
        }
    }
}

/// How many entries a rule becomes beside its first: one for each block and range, as far as is known.
fn further(rule: &AclRule, cx: &Context<'_>) -> u32 {
    let vpc = |name: &str| cx.architecture.get::<Vpc>(name);
    let blocks = match rule.peer.literal() {
        Some(Peer::Tier(it)) => vpc(&it.vpc).and_then(|vpc| vpc.subnet_count(&it.tier)),
        Some(Peer::Declaration(_, name)) => vpc(name).map(|it| it.blocks().len()),
        Some(Peer::Internet | Peer::Cidr(_) | Peer::Itself) | None => Some(1),
    };
    let ranges = rule.ports.literal().map_or(1, |it| it.0.len());
    let all = blocks.unwrap_or(1).saturating_mul(ranges);
    u32::try_from(all.saturating_sub(1)).unwrap_or(0)
}

/// AG0309: an entry is numbered wrongly or twice.
pub(super) fn entry_number(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0309, loc, message)
        .help("number entries in steps of 100, so that others fit between; the lowest decides")
}

#[cfg(test)]
#[path = "security_tests.rs"]
mod tests;
