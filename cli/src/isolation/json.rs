//! The report as JSON: one object for each pool.

use archgen::core::isolation::capacity::Room;
use archgen::core::isolation::{Cell, PoolReport, Verdict};
use archgen::core::tenant_fields::Layer;
use serde::Serialize;

use super::Pair;

/// A pool as JSON; `docs/isolation.md` says what it holds.
#[derive(Serialize)]
struct JsonPool<'a> {
    architecture: &'a str,
    environment: &'a str,
    pool: &'a str,
    tenants: usize,
    holds: bool,
    classes: Vec<JsonClass<'a>>,
    rows: Vec<JsonRow<'a>>,
    broken: Vec<JsonBroken<'a>>,
    boundaries: Vec<JsonBoundary<'a>>,
    unknown: Vec<JsonUnknown<'a>>,
    capacity: Vec<JsonRoom<'a>>,
    pair: Option<JsonPair<'a>>,
}

/// What a pool uses of a limit.
#[derive(Serialize)]
struct JsonRoom<'a> {
    what: &'a str,
    used: u64,
    by_tenants: u64,
    limit: u64,
    breaks_at: Option<u64>,
    source: &'a str,
}

#[derive(Serialize)]
struct JsonClass<'a> {
    tenants: Vec<&'a str>,
    compute: &'static str,
    database: Option<&'static str>,
    network: &'static str,
    secrets: &'static str,
    keys: &'static str,
    logs: &'static str,
    routed: bool,
}

#[derive(Serialize)]
struct JsonRow<'a> {
    one: usize,
    other: usize,
    pairs: u64,
    cells: Vec<JsonCell<'a>>,
}

#[derive(Serialize)]
struct JsonCell<'a> {
    layer: &'static str,
    verdict: &'static str,
    broken: &'a [usize],
    boundaries: &'a [usize],
    rests_on: &'a [String],
    unknown: &'a [String],
}

#[derive(Serialize)]
struct JsonBroken<'a> {
    code: String,
    layers: Vec<&'static str>,
    culprit: Option<JsonCulprit<'a>>,
    message: &'a str,
    notes: &'a [String],
    tenant: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
    pairs: &'a [(String, String)],
    count: u64,
}

#[derive(Serialize)]
struct JsonCulprit<'a> {
    resource: &'a str,
    declaration: &'a str,
    file: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct JsonBoundary<'a> {
    name: &'a str,
    why: &'a str,
    layers: Vec<&'static str>,
    tenants: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonUnknown<'a> {
    what: &'a str,
    layers: Vec<&'static str>,
    tenants: Vec<&'a str>,
}

#[derive(Serialize)]
struct JsonPair<'a> {
    one: &'a str,
    other: &'a str,
    cells: Vec<JsonCell<'a>>,
}

fn json_cell(cell: &Cell) -> JsonCell<'_> {
    let (broken, boundaries): (&[usize], &[usize]) = match &cell.verdict {
        Verdict::Broken(all) => (all, &[]),
        Verdict::TrustBoundary(all) => (&[], all),
        Verdict::Holds | Verdict::NotClaimed => (&[], &[]),
    };
    JsonCell {
        layer: cell.layer.as_str(),
        verdict: cell.verdict.as_str(),
        broken,
        boundaries,
        rests_on: &cell.rests_on,
        unknown: &cell.unknown,
    }
}

pub(super) fn json(
    architecture: &str,
    environment: &str,
    report: &PoolReport,
    rooms: &[Room],
    pair: Option<&Pair>,
) -> String {
    let names = |all: &[u32]| -> Vec<&str> {
        all.iter().map(|it| report.tenants[*it as usize].0.as_str()).collect()
    };
    let layers = |all: &std::collections::BTreeSet<Layer>| -> Vec<&'static str> {
        all.iter().map(|it| it.as_str()).collect()
    };
    let classes = report.classes.iter().enumerate().map(|(number, it)| JsonClass {
        tenants: report
            .tenants
            .iter()
            .filter(|it| it.1 == number)
            .map(|it| it.0.as_str())
            .collect(),
        compute: it.isolation.compute.as_str(),
        database: it.isolation.database.map(|it| it.as_str()),
        network: it.isolation.network.as_str(),
        secrets: it.isolation.secrets.as_str(),
        keys: it.isolation.keys.as_str(),
        logs: it.isolation.logs.as_str(),
        routed: it.isolation.routed,
    });
    let rows = report.rows.iter().map(|it| JsonRow {
        one: it.one,
        other: it.other,
        pairs: it.pairs,
        cells: it.cells.iter().map(json_cell).collect(),
    });
    let broken = report.broken.iter().map(|it| JsonBroken {
        code: it.code.to_string(),
        layers: layers(&it.layers),
        culprit: it.culprit.as_ref().map(|it| JsonCulprit {
            resource: &it.resource,
            declaration: &it.declaration,
            file: it.loc.file,
            line: it.loc.line,
            column: it.loc.column,
        }),
        message: &it.message,
        notes: &it.notes,
        tenant: &it.tenant,
        file: it.loc.file,
        line: it.loc.line,
        column: it.loc.column,
        pairs: &it.pairs,
        count: it.count,
    });
    let boundaries = report.boundaries.iter().map(|it| JsonBoundary {
        name: &it.name,
        why: &it.why,
        layers: layers(&it.layers),
        tenants: names(&it.tenants),
    });
    let unknown = report.unknown.iter().map(|it| JsonUnknown {
        what: &it.what,
        layers: layers(&it.layers),
        tenants: names(&it.tenants),
    });
    let pool = JsonPool {
        architecture,
        environment,
        pool: &report.pool,
        tenants: report.tenants.len(),
        holds: !report.is_broken(),
        classes: classes.collect(),
        rows: rows.collect(),
        broken: broken.collect(),
        boundaries: boundaries.collect(),
        unknown: unknown.collect(),
        capacity: rooms.iter().map(json_room).collect(),
        pair: pair.map(|it| JsonPair {
            one: &it.one,
            other: &it.other,
            cells: it.cells.iter().map(json_cell).collect(),
        }),
    };
    let text = serde_json::to_string(&pool).expect("invariant: strings and numbers are JSON");
    format!("{text}\n")
}

fn json_room(it: &Room) -> JsonRoom<'_> {
    JsonRoom {
        what: &it.what,
        used: it.used,
        by_tenants: it.by_tenants,
        limit: it.limit,
        breaks_at: it.breaks_at(),
        source: it.source,
    }
}
