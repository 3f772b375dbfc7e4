//! What the network is read from: the resources of all stacks, and what changes them when deploying.

use std::collections::BTreeMap;

use archgen_core::Loc;

use super::evaluate::Truth;
use super::stack::{Stacks, section};
use crate::read::data::{Data, DataKind};
use crate::read::document::{Node, NodeKind};
use crate::read::network::{Item, Notes, Source};

impl Source for Stacks<'_> {
    fn property(&self, of: &Item<'_>, name: &str) -> Data {
        match of.written {
            Some((stack, Some(properties))) if let Some(it) = properties.get(name) => {
                self.value(stack, it)
            }
            Some(_) | None => Data::new(of.loc, DataKind::Absent),
        }
    }

    fn has(&self, of: &Item<'_>, name: &str) -> bool {
        matches!(of.written, Some((_, Some(it))) if it.get(name).is_some())
    }

    fn word(&self, _: &Item<'_>, _: &str) -> Option<String> {
        None
    }

    fn adopted(&self, _: &str) -> Option<String> {
        None
    }
}

/// The resources that exist or may, by name.
pub(super) fn items<'a>(stacks: &'a Stacks<'_>) -> BTreeMap<String, Item<'a>> {
    let mut items = BTreeMap::new();
    for stack in 0..stacks.all.len() {
        for written in stacks.written(stack) {
            let maybe = match &written.exists {
                Truth::No => continue,
                Truth::Yes => None,
                Truth::Unknown(why) => Some(why.clone()),
            };
            let its = &stacks.all[stack];
            let logical = written.name.strip_prefix(its.prefix.as_str()).unwrap_or_default();
            let item = Item {
                name: written.name.clone(),
                shown: written.name.clone(),
                kind: written.kind.clone(),
                type_name: written.kind.clone(),
                loc: written.loc,
                maybe,
                opaque: written.kind == "AWS::CloudFormation::Stack"
                    && !matches!(its.nested.get(logical), Some(Ok(_))),
                written: Some((stack, written.properties)),
            };
            items.insert(written.name, item);
        }
    }
    items
}

/// Macros and loops: what they make of the template is not known.
pub(super) fn transforms(stacks: &Stacks<'_>, notes: &mut Notes) {
    for stack in &stacks.all {
        let mut list = |loc: Loc, what: &str, why: &str| {
            let logical_id = stack.prefix.trim_end_matches('.').to_string();
            notes.push((loc, logical_id, what.to_string(), why.to_string()));
        };
        let transform = stack.template.get("Transform");
        let names = match transform.map(|it| &it.kind) {
            Some(NodeKind::List(items)) => items.iter().collect(),
            Some(_) => transform.into_iter().collect::<Vec<_>>(),
            None => Vec::new(),
        };
        for name in names {
            let text = Node::text(name).unwrap_or("Transform");
            // Its functions are read one by one; its loops are listed where they stand.
            if text != "AWS::LanguageExtensions" {
                list(name.loc, text, "a macro changes the template when deploying");
            }
        }
        for part in ["Resources", "Conditions", "Outputs"] {
            for entry in section(&stack.template, part) {
                if entry.key.starts_with("Fn::") {
                    list(entry.loc, &entry.key, "loops and macros are not read");
                }
            }
        }
    }
}
