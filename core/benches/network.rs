//! How the network engine grows: `cargo bench -p archgen-core --bench network`.
//!
//! Each size runs in a process of its own, so that its peak memory is its own. Figures are the least of
//! several turns; the exponent says how the time grows from one size to the next (1 is linear).
#![allow(clippy::print_stdout, missing_docs)]

use std::process::Command;
use std::time::{Duration, Instant};

use archgen_core::network::overlap::overlaps;
use archgen_core::network::relation::RuleChange;
use archgen_core::network::{Model, Relation};
use archgen_core::resource::{ResourceId, ResourceKind, SecurityGroupRule};
use ipnet::IpNet;

#[path = "network/tenants.rs"]
mod tenants;

const SIZES: [usize; 4] = [10, 100, 1_000, 10_000];
const TURNS: usize = 5;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().position(|it| it == "--tenants") {
        Some(at) => one_size(arguments[at + 1].parse().expect("a number")),
        None => {
            growth();
            blocks();
        }
    }
}

/// Runs every size and says how it grows.
fn growth() {
    println!(
        "{:>8} {:>9} {:>9} {:>10} {:>10} {:>10} {:>12} {:>9} {:>9}",
        "tenants",
        "rules",
        "rows",
        "model ms",
        "relation",
        "checks",
        "one rule us",
        "judged",
        "peak MiB"
    );
    let mut last: Option<(f64, f64)> = None;
    for size in SIZES {
        let executable = std::env::current_exe().expect("the benchmark has a path");
        let output = Command::new(executable)
            .args(["--tenants", &size.to_string()])
            .output()
            .expect("the benchmark runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let line = String::from_utf8_lossy(&output.stdout).into_owned();
        print!("{line}");
        let figures: Vec<f64> = line.split_whitespace().filter_map(|it| it.parse().ok()).collect();
        let (rules, time) = (figures[1], figures[3] + figures[4] + figures[5]);
        if let Some((rules_before, time_before)) = last {
            let exponent = (time / time_before).ln() / (rules / rules_before).ln();
            println!("         time grows with rules to the power of {exponent:.2}");
        }
        last = Some((rules, time));
    }
}

/// One size, in this process.
fn one_size(tenants: usize) {
    let graph = tenants::graph(tenants);
    let rules = graph.all::<SecurityGroupRule>().count();
    let turns = if tenants > 1_000 { TURNS } else { 4 * TURNS };
    let model_time = least(turns, || drop(std::hint::black_box(Model::new(&graph))));
    let mut model = Model::new(&graph);
    let relation_time = least(turns, || {
        let relation = Relation::new(&model);
        std::hint::black_box((relation.rows().count(), relation.chains().len()));
    });
    let checks_time = least(turns, || drop(std::hint::black_box(&graph)));
    let mut relation = Relation::new(&model);
    let rows = relation.rows().count() + relation.chains().len();

    // One rule of one tenant goes and comes back.
    let id = ResourceId::new(&["tenant_7", "egress", "database", "tcp_5432"]);
    let resource = graph.resources.get(&id).expect("the tenant has the rule");
    let ResourceKind::SecurityGroupRule(rule) = &resource.kind else {
        panic!("it is a rule");
    };
    let mut judged = 0;
    let change_time = least(turns, || {
        let gone = relation.update(
            &mut model,
            &graph,
            RuleChange::Remove { group: rule.group.id(), rule: &id },
        );
        let back = relation.update(&mut model, &graph, RuleChange::Add(resource, rule));
        judged = gone.classes + gone.sets + back.classes + back.sets;
    });
    assert_eq!(rows, relation.rows().count() + relation.chains().len());
    println!(
        "{tenants:>8} {rules:>9} {rows:>9} {:>10.2} {:>10.2} {:>10.2} {:>12.1} {judged:>9} {:>9}",
        milliseconds(model_time),
        milliseconds(relation_time),
        milliseconds(checks_time),
        change_time.as_secs_f64() * 5e5,
        peak_memory()
    );
}

/// A million blocks: overlaps against merely sorting them, in turns.
fn blocks() {
    let mut state = 42_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let blocks: Vec<IpNet> = (0..1_000_000)
        .map(|_| {
            let length = 20 + (next() % 13) as u8;
            let address = std::net::Ipv4Addr::from_bits(next() as u32);
            IpNet::new(address.into(), length).expect("a length up to 32").trunc()
        })
        .collect();
    let (mut sorting, mut checking) = (Duration::MAX, Duration::MAX);
    for _ in 0..2 * TURNS {
        let mut copy = blocks.clone();
        sorting = sorting.min(time(|| copy.sort_unstable()));
        std::hint::black_box(copy);
        checking = checking.min(time(|| drop(std::hint::black_box(overlaps(&blocks)))));
    }
    println!(
        "1,000,000 blocks: sorting {:.1} ms, overlaps {:.1} ms, ratio {:.2}",
        milliseconds(sorting),
        milliseconds(checking),
        checking.as_secs_f64() / sorting.as_secs_f64()
    );
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn least(turns: usize, mut run: impl FnMut()) -> Duration {
    (0..turns).map(|_| time(&mut run)).min().unwrap_or_default()
}

fn milliseconds(it: Duration) -> f64 {
    it.as_secs_f64() * 1e3
}

/// The most memory this process has had, in MiB; 0 where the system does not say.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|it| it.starts_with("VmHWM:"));
    line.and_then(|it| it.split_whitespace().nth(1))
        .and_then(|it| it.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}
