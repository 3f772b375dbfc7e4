//! `moved` blocks: what Terraform had under another address and is to keep.
//!
//! <https://developer.hashicorp.com/terraform/language/modules/develop/refactoring>

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::Checked;
use archgen_core::resource::{ResourceGraph, ResourceId};

use super::module::{Block, Mode};
use super::{repeat, write_graph};

/// The addresses of the blocks of every resource, for the history.
pub fn addresses(checked: &Checked) -> BTreeMap<ResourceId, Vec<String>> {
    of_graph(checked.name(), checked.environment().as_str(), checked.graph())
}

/// The addresses of the blocks of every resource of a graph.
pub(super) fn of_graph(
    name: &str,
    environment: &str,
    graph: &ResourceGraph,
) -> BTreeMap<ResourceId, Vec<String>> {
    let mut module = write_graph(name, environment, graph);
    repeat::unfold_cycles(&mut module);
    of_blocks(&module.blocks)
}

fn of_blocks(blocks: &[Block]) -> BTreeMap<ResourceId, Vec<String>> {
    let mut all: BTreeMap<ResourceId, Vec<String>> = BTreeMap::new();
    for it in blocks.iter().filter(|it| it.mode == Mode::Resource) {
        if let Some(resource) = &it.resource {
            all.entry(resource.clone()).or_default().push(it.address.to_string());
        }
    }
    all.values_mut().for_each(|it| it.sort());
    all
}

/// The addresses under which Terraform may have each resource, if these are not those of today.
pub(super) fn former(graph: &ResourceGraph) -> BTreeMap<ResourceId, Vec<Vec<String>>> {
    let mut all = graph.recorded.clone();
    for it in &graph.moved {
        all.insert(it.resource.clone(), vec![it.addresses.clone()]);
    }
    all
}

/// The moves from former addresses to those of `blocks`, each `(from, to)`.
pub(super) fn moves(
    blocks: &[Block],
    former: &BTreeMap<ResourceId, Vec<Vec<String>>>,
) -> Vec<(String, String)> {
    let now = of_blocks(blocks);
    let in_use: BTreeSet<&str> = now.values().flatten().map(String::as_str).collect();
    let mut all = Vec::new();
    for (resource, now) in &now {
        let before = former.get(resource).into_iter().flatten().find(|it| *it != now);
        for (from, to) in before.map(|it| pairs(it, now)).unwrap_or_default() {
            // What still has its address has not moved.
            if from != to && !in_use.contains(from.as_str()) {
                all.push((from, to));
            }
        }
    }
    whole(all, &in_use)
}

/// Old and new addresses of one resource: those of one type, the most alike first.
fn pairs(before: &[String], now: &[String]) -> Vec<(String, String)> {
    let mut alike: Vec<(usize, &String, &String)> = Vec::new();
    for to in now {
        for from in before.iter().filter(|from| kind(from) == kind(to)) {
            alike.push((common_end(from, to), from, to));
        }
    }
    alike.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut all: Vec<(String, String)> = Vec::new();
    for (_, from, to) in alike {
        if !all.iter().any(|(a, b)| a == from || b == to) {
            all.push((from.clone(), to.clone()));
        }
    }
    all
}

/// `aws_subnet` of `aws_subnet.network_private["a"]`.
fn kind(address: &str) -> &str {
    address.split_once('.').map_or(address, |(kind, _)| kind)
}

/// An address without its key, and the key with its brackets.
fn split_key(address: &str) -> (&str, &str) {
    address.find('[').map_or((address, ""), |at| address.split_at(at))
}

/// How many characters two addresses have in common at their ends.
fn common_end(a: &str, b: &str) -> usize {
    a.bytes().rev().zip(b.bytes().rev()).take_while(|(a, b)| a == b).count()
}

/// Where all instances of a block moved alike, one move of the whole block.
fn whole(moves: Vec<(String, String)>, in_use: &BTreeSet<&str>) -> Vec<(String, String)> {
    let mut alike: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    for (from, to) in &moves {
        let ((from, old), (to, new)) = (split_key(from), split_key(to));
        *alike.entry((from, to)).or_insert(true) &= !old.is_empty() && old == new;
    }
    let used: BTreeSet<&str> = in_use.iter().map(|it| split_key(it).0).collect();
    let leaves = |from: &str| alike.keys().filter(|(other, _)| *other == from).count();
    let mut all: BTreeSet<(String, String)> = BTreeSet::new();
    for (from, to) in &moves {
        let blocks = (split_key(from).0, split_key(to).0);
        let together =
            alike.get(&blocks) == Some(&true) && !used.contains(blocks.0) && leaves(blocks.0) == 1;
        let (from, to) = if together { blocks } else { (from.as_str(), to.as_str()) };
        all.insert((from.to_string(), to.to_string()));
    }
    all.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|it| (*it).to_string()).collect()
    }

    #[test]
    fn every_block_of_a_resource_moves_to_the_one_of_its_type() {
        let before = texts(&["aws_s3_bucket.documents", "aws_s3_bucket_versioning.documents"]);
        let now = texts(&[
            "aws_s3_bucket.archive",
            "aws_s3_bucket_logging.archive",
            "aws_s3_bucket_versioning.archive",
        ]);
        let expected = [
            ("aws_s3_bucket_versioning.documents", "aws_s3_bucket_versioning.archive"),
            ("aws_s3_bucket.documents", "aws_s3_bucket.archive"),
        ];
        let mut found = pairs(&before, &now);
        found.sort();
        let mut expected = expected.map(|(a, b)| (a.to_string(), b.to_string()));
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn several_blocks_of_one_type_are_told_apart_by_their_ends() {
        let kind = "aws_iam_role_policy_attachment";
        let at = |name: &str, it: &str| format!("{kind}.{name}_role_{it}");
        let before = [at("api", "ecs"), at("api", "logs"), at("api", "ssm")];
        let now = [at("backend", "logs"), at("backend", "ecs")];
        let mut found = pairs(&before, &now);
        found.sort();
        assert_eq!(
            found,
            [(at("api", "ecs"), at("backend", "ecs")), (at("api", "logs"), at("backend", "logs"))]
        );
    }

    #[test]
    fn instances_that_move_alike_move_as_one() {
        let moved = |all: &[(&str, &str)], in_use: &[&str]| {
            let moves = all.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
            whole(moves, &in_use.iter().copied().collect())
        };
        let two = [(r#"a.x["a"]"#, r#"a.y["a"]"#), (r#"a.x["b"]"#, r#"a.y["b"]"#)];
        assert_eq!(moved(&two, &[]), [("a.x".to_string(), "a.y".to_string())]);
        // Something else stays there.
        assert_eq!(moved(&two, &[r#"a.x["c"]"#]).len(), 2);
        // Keys change: a tenant was renamed.
        let keys = [(r#"a.x["a"]"#, r#"a.x["b"]"#)];
        assert_eq!(moved(&keys, &[]), [(keys[0].0.to_string(), keys[0].1.to_string())]);
        // Blocks that were one become several.
        let apart = [(r#"a.x["a"]"#, "a.x_a"), (r#"a.x["b"]"#, "a.x_b")];
        assert_eq!(moved(&apart, &[]).len(), 2);
    }
}
