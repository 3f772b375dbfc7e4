//! What is checked over all environments of an architecture together: that VPCs which say so share no
//! address (AG0227).

use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::Vpc;
use crate::diagnostic::Diagnostic;
use crate::environment::Environment;

/// Findings about an architecture in several environments, each with the two environments it is about: the
/// later one first.
pub fn check(all: &[Architecture]) -> Vec<([Environment; 2], Diagnostic)> {
    let mut found = Vec::new();
    for (position, later) in all.iter().enumerate() {
        for earlier in &all[..position] {
            for mine in later.all::<Vpc>() {
                for other in earlier.all::<Vpc>() {
                    if must_differ(mine) || must_differ(other) {
                        let overlap = overlap((mine, later), (other, earlier));
                        let two = [later.environment, earlier.environment];
                        found.extend(overlap.map(|it| (two, it)));
                    }
                }
            }
        }
    }
    found
}

fn must_differ(vpc: &Vpc) -> bool {
    vpc.unique_per_environment.literal() == Some(&true)
}

/// AG0227: the first two blocks that the VPCs share.
fn overlap(
    (mine, here): (&Vpc, &Architecture),
    (other, there): (&Vpc, &Architecture),
) -> Option<Diagnostic> {
    for block in mine.blocks() {
        for theirs in other.blocks() {
            let (Some(x), Some(y)) = (block.literal(), theirs.literal()) else { continue };
            if !x.overlaps(y) {
                continue;
            }
            let message = format!(
                "`{}` has {x} in {}, which overlaps {y} of `{}` in {}",
                mine.meta.name, here.environment, other.meta.name, there.environment
            );
            let mut diagnostic = Diagnostic::new(Code::AG0227, block.loc, message);
            if theirs.loc != block.loc {
                let label = format!("{y} is given here for {}", there.environment);
                diagnostic = diagnostic.label(theirs.loc, label);
            }
            return Some(
                diagnostic
                    .note(
                        "VPCs that share an address can never be peered nor joined by a transit \
                         gateway, and `unique_per_environment` asks that these can"
                            .to_string(),
                    )
                    .help("give each environment its own block: `cidr: match env { … }`"),
            );
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::{Kind, RawDeclaration};
    use crate::loc::Loc;
    use crate::node::{Node, NodeKind};

    fn architecture(environment: Environment, block: Option<&str>, unique: bool) -> Architecture {
        let mut raw = RawDeclaration::new(Kind::Vpc, "network".to_string(), Loc::NONE);
        let node = |kind| Node::new(kind, Loc::NONE);
        let block = block.map_or(NodeKind::Unknown, |it| NodeKind::Text(it.to_string()));
        raw.push("cidr", Loc::NONE, node(block));
        raw.push("unique_per_environment", Loc::NONE, node(NodeKind::Bool(unique)));
        let mut builder = Architecture::builder("shop", environment);
        builder.push(raw);
        builder.done()
    }

    fn messages(all: &[Architecture]) -> Vec<([Environment; 2], String)> {
        check(all).into_iter().map(|(it, found)| (it, found.message)).collect()
    }

    #[test]
    fn blocks_that_two_environments_share_are_found_once() {
        let all = [
            architecture(Environment::Staging, Some("10.0.0.0/16"), true),
            architecture(Environment::Production, Some("10.0.128.0/17"), true),
            architecture(Environment::Recovery, Some("10.1.0.0/16"), true),
        ];
        assert_eq!(
            messages(&all),
            [(
                [Environment::Production, Environment::Staging],
                "`network` has 10.0.128.0/17 in production, which overlaps 10.0.0.0/16 of \
                 `network` in staging"
                    .to_string()
            )]
        );
    }

    #[test]
    fn blocks_that_differ_or_are_not_known_or_need_not_differ_are_right() {
        let of = |staging, production, unique| {
            messages(&[
                architecture(Environment::Staging, staging, unique),
                architecture(Environment::Production, production, unique),
            ])
        };
        assert_eq!(of(Some("10.0.0.0/16"), Some("10.1.0.0/16"), true), []);
        assert_eq!(of(Some("10.0.0.0/16"), None, true), []);
        assert_eq!(of(Some("10.0.0.0/16"), Some("10.0.0.0/16"), false), []);
    }
}
