//! Peerings: the two VPCs must not share addresses (AG0207), and must be two (AG0213).

use super::Context;
use crate::codes::Code;
use crate::declare::{Vpc, VpcPeering};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::types::Ipv4Cidr;

/// Checks a peering.
pub fn check(peering: &VpcPeering, cx: &mut Context<'_>) {
    let meta = &peering.meta;
    match (&peering.accepter, &peering.external) {
        (Some(accepter), None) => {
            let same = match (peering.requester.literal(), accepter.literal()) {
                (Some(a), Some(b)) => a.name == b.name,
                (Some(_) | None, _) => false,
            };
            if same {
                cx.push(
                    wrong(accepter.loc, format!("`{}` peers a VPC with itself", meta.name))
                        .help("give two VPCs"),
                );
                return;
            }
            let (Some(a), Some(b)) = (cx.follow(&peering.requester), cx.follow(accepter)) else {
                return;
            };
            compare(a, &b.meta.name, &b.blocks(), accepter.loc, cx);
        }
        (None, Some(external)) => {
            let (Some(a), Some(external)) = (cx.follow(&peering.requester), external.literal())
            else {
                return;
            };
            if let (Some(account), None) = (&external.account, &external.role) {
                // <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-vpcpeeringconnection.html>
                cx.push(
                    wrong(
                        account.loc,
                        format!("`{}` asks another account, and names no role there", meta.name),
                    )
                    .note(
                        "CloudFormation accepts the peering by a role of the other account, and \
                         fails without it"
                            .to_string(),
                    )
                    .help("add `role:` with the ARN of that role"),
                );
            }
            if let Some(list) = external.cidrs.literal() {
                for block in list {
                    compare(a, "the other VPC", &[block], block.loc, cx);
                }
            }
        }
        (Some(_), Some(external)) => cx.push(
            wrong(external.loc, format!("`{}` gives both `accepter` and `external`", meta.name))
                .help("keep the one that says who runs the other VPC"),
        ),
        (None, None) => cx.push(
            wrong(meta.macro_loc, format!("`{}` does not say which VPC is asked", meta.name))
                .help("add `accepter: other_network`, or `external: { vpc: …, cidrs: […] }`"),
        ),
    }
}

/// AG0213: the peering is not between two VPCs.
fn wrong(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0213, loc, message)
}

/// Blocks that peered VPCs share.
fn compare(a: &Vpc, other: &str, blocks: &[&Field<Ipv4Cidr>], loc: Loc, cx: &mut Context<'_>) {
    for mine in a.blocks() {
        for theirs in blocks {
            let (Some(x), Some(y)) = (mine.literal(), theirs.literal()) else { continue };
            if !x.overlaps(y) {
                continue;
            }
            let other = if other.contains(' ') { other.to_string() } else { format!("`{other}`") };
            cx.push(
                overlap(loc, &format!("{other} {y}"), &format!("`{}` {x}", a.meta.name))
                    .label(mine.loc, format!("{x} is given here"))
                    .label(theirs.loc, format!("{y} is given here")),
            );
            return;
        }
    }
}

/// AG0207: two peered VPCs overlap.
pub(super) fn overlap(loc: Loc, one: &str, other: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0207, loc, format!("{one} overlaps {other}: they cannot be peered"))
        .note("AWS refuses a peering whose VPCs share an address, used or not".to_string())
        .help("give one of them another block; a VPC's primary block cannot be changed later")
}
