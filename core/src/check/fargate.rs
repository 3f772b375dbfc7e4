//! Fargate: the pairs of CPU and memory that it has (AG0401).

use super::Context;
use crate::codes::Code;
use crate::declare::EcsService;
use crate::diagnostic::Diagnostic;
use crate::types::Memory;

/// CPU units, the least and the most memory in MiB, and the step between.
/// <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html>
const PAIRS: &[(u32, u32, u32, u32)] = &[
    (256, 512, 2048, 512),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16384, 1024),
    (4096, 8192, 30720, 1024),
    (8192, 16384, 61440, 4096),
    (16384, 32768, 122_880, 8192),
];

/// The memory values that go with a number of CPU units.
pub fn memories(cpu: u32) -> Option<Vec<u32>> {
    let (_, least, most, step) = PAIRS.iter().copied().find(|(it, ..)| *it == cpu)?;
    if cpu == 256 {
        // The one row that is no even range.
        return Some(vec![512, 1024, 2048]);
    }
    Some((least..=most).step_by(step as usize).collect())
}

/// AG0401: Fargate has no such pair of CPU and memory.
pub fn check(it: &EcsService, cx: &mut Context<'_>) {
    let Some(cpu) = it.cpu.literal() else { return };
    let Some(known) = memories(cpu.0) else {
        let nearest = PAIRS.iter().map(|(it, ..)| *it).min_by_key(|it| it.abs_diff(cpu.0));
        let all: Vec<String> = PAIRS.iter().map(|(it, ..)| it.to_string()).collect();
        cx.push(
            Diagnostic::new(
                Code::AG0401,
                it.cpu.loc,
                format!("Fargate has no tasks with {} CPU units", cpu.0),
            )
            .note(format!("it has {}", all.join(", ")))
            .maybe_help(nearest.map(|it| format!("the nearest is `{it}`"))),
        );
        return;
    };
    let Some(memory) = it.memory.literal() else {
        return;
    };
    if known.contains(&memory.0) {
        return;
    }
    let nearest = known.iter().copied().min_by_key(|it| it.abs_diff(memory.0));
    let mut help = nearest.map(|it| format!("the nearest is `{}`", amount(Memory(it))));
    let other = PAIRS
        .iter()
        .map(|(it, ..)| *it)
        .find(|it| memories(*it).is_some_and(|known| known.contains(&memory.0)));
    if let (Some(help), Some(other)) = (&mut help, other) {
        help.push_str(&format!(", or take `cpu: {other}`"));
    }
    cx.push(
        Diagnostic::new(
            Code::AG0401,
            it.memory.loc,
            format!(
                "Fargate has no tasks with {} CPU units and {} of memory",
                cpu.0,
                amount(*memory)
            ),
        )
        .note(format!("with {} CPU units it has {}", cpu.0, describe(&known)))
        .maybe_help(help),
    );
}

fn amount(memory: Memory) -> String {
    if memory.0.is_multiple_of(1024) {
        format!("{}GB", memory.0 / 1024)
    } else {
        format!("{}MB", memory.0)
    }
}

/// A short list in full, a long one by its ends and step.
fn describe(known: &[u32]) -> String {
    let all: Vec<String> = known.iter().map(|it| amount(Memory(*it))).collect();
    match (known, all.first(), all.last()) {
        ([a, b, ..], Some(first), Some(last)) if known.len() > 8 => {
            format!("{first} to {last} in steps of {}", amount(Memory(b - a)))
        }
        _ => all.join(", "),
    }
}
