//! Makes a network that shows a disagreement small enough to read.

use super::super::oracle::{Oracle, Verdict};
use super::super::world::World;
use super::Asked;
use crate::network::Model;
use crate::resource::{ResourceGraph, ResourceId, ResourceKind};

/// What engine and oracle say, if they can be asked.
fn answers(world: &World, asked: &Asked) -> Option<(Verdict, Verdict)> {
    let oracle = Oracle::new(&world.graph)?;
    let expected = asked.oracle(world, &oracle)?;
    Some((asked.engine(&Model::new(&world.graph)), expected))
}

/// Removes a resource and what refers to it.
fn without(graph: &ResourceGraph, id: &ResourceId) -> ResourceGraph {
    let mut graph = graph.clone();
    let mut gone = vec![id.clone()];
    while let Some(id) = gone.pop() {
        graph.resources.remove(&id);
        let name = format!("→{id}");
        let refers = |text: &str| {
            let after = |it: usize| text[it + name.len()..].chars().next();
            let ends = |it: usize| {
                after(it).is_none_or(|it| !it.is_alphanumeric() && it != '.' && it != '_')
            };
            text.match_indices(&name).any(|(at, _)| ends(at))
        };
        for it in graph.resources.values() {
            if refers(&format!("{:?}", it.kind)) && !gone.contains(&it.id) {
                gone.push(it.id.clone());
            }
        }
    }
    graph
}

/// The network with fewer resources, as long as the disagreement stays.
pub fn shrink(mut world: World, asked: &Asked) -> World {
    let wrong = answers(&world, asked);
    let disagrees = |it: &World| answers(it, asked) == wrong;
    loop {
        let before = world.graph.resources.len();
        for id in world.graph.resources.keys().cloned().collect::<Vec<_>>() {
            if !world.graph.resources.contains_key(&id) {
                continue;
            }
            let smaller = World { graph: without(&world.graph, &id), line: world.line };
            if disagrees(&smaller) {
                world = smaller;
            }
        }
        for name in world.graph.interfaces.keys().cloned().collect::<Vec<_>>() {
            let mut smaller = world.clone();
            smaller.graph.interfaces.remove(&name);
            if disagrees(&smaller) {
                world = smaller;
            }
        }
        let changed = lists(&mut world, &disagrees);
        if world.graph.resources.len() == before && !changed {
            return world;
        }
    }
}

/// The same for two networks, of which the second has parts that are not known: remembers what can be
/// known, then removes what can be removed from both.
pub fn shrink_pair(mut world: World, mut blurred: World, asked: &Asked) -> (World, World) {
    let wrong = super::sharp_and_blurred(&world, &blurred, asked);
    let same = |a: &World, b: &World| {
        Oracle::new(&a.graph).is_some() && super::sharp_and_blurred(a, b, asked) == wrong
    };
    for (id, it) in world.graph.resources.clone() {
        let mut clearer = blurred.clone();
        clearer.graph.resources.insert(id, it);
        if same(&world, &clearer) {
            blurred = clearer;
        }
    }
    for (id, it) in world.graph.interfaces.clone() {
        let mut clearer = blurred.clone();
        clearer.graph.interfaces.insert(id, it);
        if same(&world, &clearer) {
            blurred = clearer;
        }
    }
    let ends = [asked.from, asked.to];
    let places: Vec<ResourceId> = world.graph.interfaces.keys().cloned().collect();
    for id in places.iter().filter(|it| !ends.contains(&it.as_str())) {
        world.graph.interfaces.remove(id);
        blurred.graph.interfaces.remove(id);
    }
    loop {
        let before = world.graph.resources.len();
        for id in world.graph.resources.keys().cloned().collect::<Vec<_>>() {
            if ends.contains(&id.as_str()) || !world.graph.resources.contains_key(&id) {
                continue;
            }
            let smaller = World { graph: without(&world.graph, &id), line: world.line };
            let mut other = blurred.clone();
            other.graph.resources.retain(|id, _| smaller.graph.resources.contains_key(id));
            if same(&smaller, &other) {
                (world, blurred) = (smaller, other);
            }
        }
        if world.graph.resources.len() == before {
            return (world, blurred);
        }
    }
}

/// Takes single subnets and groups from what stands somewhere.
fn lists(world: &mut World, disagrees: &dyn Fn(&World) -> bool) -> bool {
    let mut changed = false;
    for index in 0..2 {
        for subnets in [true, false] {
            for name in world.graph.resources.keys().cloned().collect::<Vec<_>>() {
                let mut smaller = world.clone();
                let Some(it) = smaller.graph.resources.get_mut(&name) else {
                    continue;
                };
                let (places, groups) = if let ResourceKind::Service(it) = &mut it.kind {
                    (&mut it.subnets, &mut it.groups)
                } else if let ResourceKind::LoadBalancer(it) = &mut it.kind {
                    (&mut it.subnets, &mut it.groups)
                } else {
                    continue;
                };
                let done = if subnets { cut(places, index) } else { cut(groups, index) };
                if done && disagrees(&smaller) {
                    *world = smaller;
                    changed = true;
                }
            }
            for name in world.graph.interfaces.keys().cloned().collect::<Vec<_>>() {
                let mut smaller = world.clone();
                let Some(it) = smaller.graph.interfaces.get_mut(&name) else {
                    continue;
                };
                let done = match (&mut it.subnets, &mut it.groups) {
                    (Some(places), _) if subnets => cut(places, index),
                    (_, Some(groups)) if !subnets => cut(groups, index),
                    _ => false,
                };
                if done && disagrees(&smaller) {
                    *world = smaller;
                    changed = true;
                }
            }
        }
    }
    changed
}

fn cut<T>(list: &mut Vec<T>, index: usize) -> bool {
    let more = list.len() > 1 && index < list.len();
    if more {
        list.remove(index);
    }
    more
}

/// One line for each resource, and what the engine says.
pub fn dump(world: &World, asked: &Asked) -> String {
    let mut text = format!("{asked:?}\n");
    if let Some(oracle) = Oracle::new(&world.graph) {
        let verdict = asked.oracle(world, &oracle);
        text.push_str(&format!("oracle: {verdict:?}, met {:?}\n", oracle.marks()));
    }
    let model = Model::new(&world.graph);
    let (from, to) = (super::side(asked.from), super::side(asked.to));
    let reach = model.reach(&from, &to, &asked.wanted(), asked.question);
    text.push_str(&format!("engine: {:?}, {:?}\n", reach.answer, reach.unknown_reason()));
    if let Some(path) = reach.path {
        text.push_str(&model.path_text(&path, &asked.wanted(), asked.question));
        text.push('\n');
    }
    for it in world.graph.resources.values() {
        text.push_str(&format!("  {}: {}\n", it.id, plain(&format!("{:?}", it.kind))));
    }
    for (id, it) in &world.graph.interfaces {
        let (subnets, groups) = (&it.subnets, &it.groups);
        let addresses = (&it.public, &it.ipv6);
        let line = format!("{:?} {subnets:?} {groups:?} public, ipv6 {addresses:?}", it.kind);
        text.push_str(&format!("  {id}: {}\n", plain(&line)));
    }
    text
}

/// Without what says nothing.
fn plain(text: &str) -> String {
    let mut text = text.replace("Literal(", "(");
    for noise in ["description: \"\", ", ", description: \"\"", "group_name: None, "] {
        text = text.replace(noise, "");
    }
    if let Some(end) = text.find("load_balancers") {
        text.truncate(end);
    }
    text
}

/// What was forgotten.
pub fn differences(sharp: &World, blurred: &World) -> String {
    let mut text = String::new();
    for (id, it) in &blurred.graph.resources {
        if sharp.graph.resources.get(id) != Some(it) {
            text.push_str(&format!("  {id}: {}\n", plain(&format!("{:?}", it.kind))));
        }
    }
    for (id, it) in &blurred.graph.interfaces {
        if sharp.graph.interfaces.get(id) != Some(it) {
            text.push_str(&format!("  {id}: {it:?}\n"));
        }
    }
    text
}
