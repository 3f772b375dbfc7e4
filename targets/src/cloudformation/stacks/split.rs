//! The one template taken apart: its resources with what they refer to, and a template for each stack.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::history::MAIN_STACK;
use archgen_core::resource::{ResourceGraph, ResourceId, ResourceKind};

use super::super::expr::Expr;
use super::super::template::{Template, TemplateOutput, TemplateParameter, TemplateResource};
use super::super::writer::Writer;
use super::limits::{Limits, Load};
use super::links::localize;
use super::order::Order;
use super::place::{Item, Placed, Unit, place};
use super::{Stack, Stacks, problems, rank};

/// Attributes that are lists, which an output cannot hold, or that change with every deployment, which an
/// export must not.
const TIED_ATTRIBUTES: &[&str] = &["Ipv6CidrBlocks", "NameServers", "LatestVersionNumber"];

/// What a template holds.
pub(super) fn load(template: &Template, json: &str) -> Load {
    Load {
        resources: template.resources.len(),
        bytes: json.len(),
        outputs: template.outputs.len(),
        parameters: template.parameters.len(),
    }
}

/// The template in several stacks.
pub(super) fn split(whole: Template, base: &str, graph: &ResourceGraph, limits: &Limits) -> Stacks {
    let (items, ids) = items(&whole, graph);
    let placed = place(&items, limits);
    let stacks = order(&items, &placed);
    let index: BTreeMap<&str, usize> =
        items.iter().enumerate().map(|(at, it)| (it.id.as_str(), at)).collect();
    let mut templates = templates(&whole, &items, &index, &placed, &stacks, base);
    let mut all = Vec::new();
    for (bin, before) in &stacks {
        let Some(template) = templates.remove(bin) else { continue };
        let name = placed.bins[*bin].name.clone();
        let stack_name =
            if name == MAIN_STACK { base.to_string() } else { format!("{base}-{name}") };
        let depends_on = stacks.iter().map(|it| it.0).filter(|it| before.contains(it));
        let depends_on = depends_on.map(|it| placed.bins[it].name.clone()).collect();
        let json = template.json();
        all.push(Stack { name, stack_name, depends_on, template, json });
    }
    let written = ids.iter().zip(&placed.at);
    let mut placement: BTreeMap<ResourceId, String> =
        written.map(|(id, at)| ((*id).clone(), placed.bins[*at].name.clone())).collect();
    // A rule that stands in its group is where that is.
    for (id, it) in &graph.resources {
        if let ResourceKind::SecurityGroupRule(rule) = &it.kind
            && !placement.contains_key(id)
            && let Some(group) = placement.get(rule.group.id())
        {
            placement.insert(id.clone(), group.clone());
        }
    }
    placement.retain(|_, it| it != MAIN_STACK);
    let problems = problems::find(&all, &items, &ids, &placed, graph, limits);
    Stacks { all, placement, problems }
}

/// The resources of the template, with their names in the graph.
fn items<'a>(whole: &Template, graph: &'a ResourceGraph) -> (Vec<Item>, Vec<&'a ResourceId>) {
    let mut tenants: BTreeMap<&ResourceId, (&str, &str)> = BTreeMap::new();
    for (pool, it) in &graph.tenancies {
        for (key, tenant) in &it.tenants {
            tenants.extend(tenant.resources.iter().map(|it| (it, (pool.as_str(), key.as_str()))));
        }
    }
    let writer = Writer::new(String::new(), graph);
    let written: Vec<(&ResourceId, String)> = graph
        .resources
        .keys()
        .filter(|it| writer.home(it) == Some(it))
        .map(|it| (it, it.logical_id()))
        .collect();
    let index: BTreeMap<&str, usize> =
        written.iter().enumerate().map(|(at, it)| (it.1.as_str(), at)).collect();
    let parameters: BTreeMap<&str, usize> =
        whole.parameters.keys().enumerate().map(|(at, it)| (it.as_str(), at)).collect();
    let kind = |at: usize| graph.resources.get(written[at].0).map(|it| &it.kind);
    let mut outputs: BTreeMap<usize, usize> = BTreeMap::new();
    for it in whole.outputs.values() {
        let mut first = None;
        it.value.references(&mut |name| first = first.or(index.get(name).copied()));
        *outputs.entry(first.unwrap_or_default()).or_default() += 1;
    }
    let mut all = Vec::new();
    for (at, (id, logical_id)) in written.iter().enumerate() {
        let (Some(resource), Some(it)) =
            (graph.resources.get(*id), whole.resources.get(logical_id))
        else {
            continue;
        };
        let (mut links, mut used) = (Vec::new(), BTreeSet::new());
        it.properties.links(&mut |name, attribute| {
            links.extend(index.get(name).filter(|it| **it != at).map(|it| (*it, attribute)));
            used.extend(parameters.get(name).copied());
        });
        let tied = links
            .iter()
            .filter(|(to, attribute)| {
                matches!(kind(*to), Some(ResourceKind::TaskDefinition(_)))
                    || attribute.is_some_and(|it| TIED_ATTRIBUTES.contains(&it))
            })
            .map(|it| it.0)
            .collect();
        // Connections are there before what needs them; what starts first tries again.
        let (rather_after, after) = it
            .depends_on
            .iter()
            .filter_map(|it| index.get(it.as_str()).copied())
            .partition(|it| matches!(kind(*it), Some(ResourceKind::SecurityGroupRule(_))));
        let own = matches!(
            resource.kind,
            ResourceKind::SecurityGroupRule(_) | ResourceKind::ListenerRule(_)
        );
        let unit = match tenants.get(id) {
            Some((pool, key)) => Unit::Tenant((*pool).to_string(), (*key).to_string()),
            None if own || resource.declaration.is_empty() => Unit::Own(logical_id.clone()),
            None => Unit::Declaration(resource.declaration.clone()),
        };
        all.push(Item {
            id: logical_id.clone(),
            unit,
            bytes: size(logical_id, it),
            parameters: used.into_iter().collect(),
            outputs: outputs.get(&at).copied().unwrap_or_default(),
            links,
            after,
            rather_after,
            tied,
            stack: graph.stacks.get(*id).cloned(),
            is_view: matches!(resource.kind, ResourceKind::Dashboard(_)),
        });
    }
    (all, written.into_iter().map(|it| it.0).collect())
}

/// How many characters a resource takes in a template.
pub(super) fn size(id: &str, it: &TemplateResource) -> usize {
    let text = serde_json::to_vec_pretty(&it.expr())
        .expect("invariant: every value of a template is JSON");
    let lines = text.iter().filter(|it| **it == b'\n').count();
    // Two levels of indentation; its name with quotes, colon, comma and line break.
    text.len() + 4 * (lines + 1) + id.len() + 6
}

/// The stacks that hold something in the order of deployment, each with those that must be there first.
fn order(items: &[Item], placed: &Placed) -> Vec<(usize, BTreeSet<usize>)> {
    let mut before: BTreeMap<usize, BTreeSet<usize>> =
        placed.at.iter().map(|it| (*it, BTreeSet::new())).collect();
    let mut order = Order::default();
    placed.bins.iter().for_each(|_| order.push());
    let mut soft = BTreeSet::new();
    for (it, at) in items.iter().zip(&placed.at) {
        let hard = it.links.iter().map(|it| it.0).chain(it.after.iter().copied());
        for to in hard.map(|it| placed.at[it]).filter(|it| it != at) {
            before.entry(*at).or_default().insert(to);
            order.add(*at, to);
        }
        let rather = it.rather_after.iter().map(|it| placed.at[*it]).filter(|it| it != at);
        soft.extend(rather.map(|it| (*at, it)));
    }
    for (at, to) in soft {
        if !order.needs(to, at) {
            before.entry(at).or_default().insert(to);
            order.add(at, to);
        }
    }
    // The main one first, then by name and number; where they need each other that is said elsewhere.
    let mut left: Vec<usize> = before.keys().copied().collect();
    left.sort_by_key(|it| rank(&placed.bins[*it].name));
    let mut all: Vec<(usize, BTreeSet<usize>)> = Vec::new();
    while !left.is_empty() {
        let ready = |it: &usize| before[it].iter().all(|it| !left.contains(it));
        let next = left.remove(left.iter().position(ready).unwrap_or_default());
        all.push((next, before[&next].clone()));
    }
    all
}

/// The name of what is exported: unique in an account and Region, as the names of stacks are.
fn export_name(base: &str, id: &str, attribute: Option<&'static str>) -> String {
    match attribute {
        None => format!("{base}:{id}"),
        Some(it) => format!("{base}:{id}:{}", it.replace('.', "")),
    }
}

/// A template for each stack.
fn templates(
    whole: &Template,
    items: &[Item],
    index: &BTreeMap<&str, usize>,
    placed: &Placed,
    stacks: &[(usize, BTreeSet<usize>)],
    base: &str,
) -> BTreeMap<usize, Template> {
    let mut resources: BTreeMap<usize, BTreeMap<String, TemplateResource>> = BTreeMap::new();
    let mut outputs: BTreeMap<usize, BTreeMap<String, TemplateOutput>> = BTreeMap::new();
    // What others refer to, with the name that they import it by.
    let mut exports: BTreeMap<(usize, Option<&'static str>), String> = BTreeMap::new();
    let mut here = |value: &Expr, bin: usize| {
        localize(value, &mut |name, attribute| {
            let to = *index.get(name).filter(|it| placed.at[**it] != bin)?;
            let name = || export_name(base, &items[to].id, attribute);
            Some(exports.entry((to, attribute)).or_insert_with(name).clone())
        })
    };
    for (id, it) in &whole.resources {
        let Some(at) = index.get(id.as_str()) else { continue };
        let bin = placed.at[*at];
        let is_here = |id: &&String| index.get(id.as_str()).is_some_and(|it| placed.at[*it] == bin);
        let depends_on = it.depends_on.iter().filter(is_here).cloned().collect();
        let properties = here(&it.properties, bin);
        let resource = TemplateResource {
            kind: it.kind,
            declaration: it.declaration.clone(),
            loc: it.loc,
            depends_on,
            retention: it.retention,
            properties,
        };
        resources.entry(bin).or_default().insert(id.clone(), resource);
    }
    // An output is in the last stack of those that it names.
    for (id, it) in &whole.outputs {
        let mut named = BTreeSet::new();
        it.value.references(&mut |name| named.extend(index.get(name).map(|it| placed.at[*it])));
        let last = stacks.iter().rev().map(|it| it.0).find(|it| named.contains(it));
        let Some(bin) = last.or(stacks.first().map(|it| it.0)) else { continue };
        let output = TemplateOutput { value: here(&it.value, bin), ..it.clone() };
        outputs.entry(bin).or_default().insert(id.clone(), output);
    }
    for ((to, attribute), name) in &exports {
        let id = items[*to].id.clone();
        let value = match attribute {
            None => Expr::Ref(id.clone()),
            Some(it) => Expr::GetAtt(id.clone(), it),
        };
        let all = outputs.entry(placed.at[*to]).or_default();
        let mut key = format!("Export{id}{}", attribute.unwrap_or("Ref").replace('.', ""));
        while all.contains_key(&key) {
            key.push('X');
        }
        let description = "what other stacks of the architecture import".to_string();
        all.insert(key, TemplateOutput { description, value, export: Some(name.clone()) });
    }
    resources
        .into_iter()
        .map(|(bin, resources)| {
            let name = &placed.bins[bin].name;
            let description = if name == MAIN_STACK {
                whole.description.clone()
            } else {
                format!("{}: {name}", whole.description)
            };
            let parameters: Vec<TemplateParameter> = whole.parameters.values().cloned().collect();
            let outputs = outputs.remove(&bin).unwrap_or_default();
            let template = Template::new(description, parameters, resources, outputs);
            (bin, Template { region: whole.region, ..template })
        })
        .collect()
}
