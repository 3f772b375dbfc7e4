//! Tenants that are not apart though their pool promises it (AG0601 to AG0605), and pools that may outgrow what there
//! is (AG0616).

use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::TenantPool;
use crate::diagnostic::Diagnostic;
use crate::isolation::capacity::capacity;
use crate::isolation::{self, Broken, Facts};
use crate::loc::Loc;
use crate::network::Model;
use crate::resource::ResourceGraph;
use crate::resource::tenancy::Tenancy;

/// Checks every pool of tenants.
pub fn check(graph: &ResourceGraph, model: &Model, cx: &mut Context<'_>) {
    if graph.tenancies.is_empty() {
        return;
    }
    let facts = Facts::of(graph);
    for report in isolation::prove(&facts, Some(model)) {
        let pool = cx.architecture.get::<TenantPool>(&report.pool);
        if pool.is_some_and(|it| super::tenants::cannot_keep(it, cx)) {
            continue;
        }
        for it in &report.broken {
            cx.push(not_apart(it, report.loc));
        }
        let tenancy = graph.tenancies.get(&report.pool);
        let finding = pool.zip(tenancy).and_then(|(pool, it)| outgrows(pool, it, graph));
        finding.into_iter().for_each(|it| cx.push(it));
    }
}

/// AG0616: with as many tenants as it may have, a pool needs more of something than there is.
fn outgrows(pool: &TenantPool, tenancy: &Tenancy, graph: &ResourceGraph) -> Option<Diagnostic> {
    pool.at_most.literal()?;
    let total = u64::try_from(tenancy.tenants.len()).ok().filter(|it| *it > 0)?;
    let mut rooms = capacity(graph, tenancy);
    // Of those to come, as many need it as of those that there are.
    rooms.retain(|it| {
        it.breaks_at().is_some_and(|at| tenancy.at_most.saturating_mul(it.tenants) / total >= at)
    });
    let first = rooms.first()?.breaks_at()?;
    let message = format!(
        "`{}` may have {} tenants, and {first} are too many for what there is",
        tenancy.name, tenancy.at_most
    );
    let mut finding = Diagnostic::new(Code::AG0616, or_loc(pool.at_most.loc, tenancy.loc), message);
    for it in &rooms {
        let at = it.breaks_at().unwrap_or_default();
        finding = finding.note(format!(
            "{}: {} of {} are used, which is not enough for {at} tenants ({})",
            it.what, it.used, it.limit, it.source
        ));
    }
    Some(finding.help(
        "ask AWS for larger quotas in time, make more of what they share, or lower `at_most`",
    ))
}

/// A finding at the tenant, with the resource that breaks what is promised.
fn not_apart(it: &Broken, pool: Loc) -> Diagnostic {
    let mut finding = Diagnostic::new(it.code, or_loc(it.loc, pool), it.message.clone());
    if let Some(culprit) = &it.culprit {
        let text = format!("`{}` is made from this", culprit.resource);
        if culprit.loc.is_known() && culprit.loc != it.loc {
            finding = finding.label(culprit.loc, text);
        } else {
            finding = finding.note(format!("`{}` breaks it", culprit.resource));
        }
    }
    for (loc, text) in &it.labels {
        let told = finding.labels.iter().any(|it| it.0 == *loc);
        if loc.is_known() && *loc != it.loc && !told {
            finding = finding.label(*loc, text.clone());
        }
    }
    for note in &it.notes {
        finding = finding.note(note.clone());
    }
    if it.count > 1 {
        finding = finding.note(format!("it concerns {} pairs of tenants", it.count));
    }
    finding.help("remove it, or promise less in the pool")
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::architecture::Architecture;
    use crate::check::Context;
    use crate::diagnostic::Sink;
    use crate::environment::Environment;
    use crate::isolation::tests::world::two;
    use crate::network::Model;
    use crate::resource::Attribute;
    use crate::tenant_fields::ComputeIsolation;
    use crate::value::Text;

    #[test]
    fn what_breaks_a_pool_is_told_once_at_the_tenant() {
        let mut built = two(ComputeIsolation::Silo, None);
        built.tenant("initech", built.tenants["acme"].isolation);
        let found = |built: &crate::isolation::tests::world::Built| {
            let graph = built.graph();
            let architecture = Architecture::builder("test", Environment::Production).done();
            let mut sink = Sink::new();
            check(&graph, &Model::new(&graph), &mut Context::new(&architecture, &mut sink));
            sink.into_diagnostics()
        };
        assert_eq!(found(&built), []);
        built.statements("seats.globex.task_role")[0].resources = vec![Text::literal("*")];
        built.statements("seats.acme.task_role")[0].resources =
            vec![crate::isolation::tests::world::of("seats.globex.secret", Attribute::Arn)];
        let all = found(&built);
        let codes: Vec<String> =
            all.iter().map(|it| format!("{} {}", it.code, it.loc.line)).collect();
        assert_eq!(codes, ["AG0602 1", "AG0602 2"]);
        assert!(
            all[1].notes.iter().any(|it| it == "it concerns 2 pairs of tenants"),
            "{:?}",
            all[1]
        );
        assert!(all[0].labels[0].1.contains("seats.acme.task_role"), "{:?}", all[0]);
    }
}
