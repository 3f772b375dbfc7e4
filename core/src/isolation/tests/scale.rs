//! How long a proof takes, and that it grows with tenants, not with pairs of them.

use std::time::Instant;

use super::world::*;
use crate::isolation::Facts;
use crate::isolation::scope::{Found, Scope};
use crate::network::Model;
use crate::tenant_fields::{ComputeIsolation, DatabaseIsolation};

fn built(tenants: usize, compute: ComputeIsolation) -> Built {
    let mut built = Built::new();
    let database = match compute {
        ComputeIsolation::Silo => Some(DatabaseIsolation::Instance),
        ComputeIsolation::Pool | ComputeIsolation::Bridge => Some(DatabaseIsolation::Schema),
    };
    for number in 0..tenants {
        built.tenant(&format!("t{number:05}"), apart(compute, database));
    }
    built
}

/// `cargo test --release -p archgen-core scale -- --ignored --nocapture`
#[test]
#[ignore = "a measurement, for a release build"]
fn ten_thousand_tenants() {
    for compute in ComputeIsolation::ALL {
        for tenants in [100, 1_000, 10_000] {
            let graph = built(tenants, *compute).graph();
            let mut last = Instant::now();
            let mut took = |what: &str| {
                let now = Instant::now();
                let text = format!(" {what} {:.1}", (now - last).as_secs_f64() * 1000.0);
                last = now;
                text
            };
            let facts = Facts::of(&graph);
            let mut text = took("facts");
            let model = Model::new(&graph);
            text += &took("model");
            let relation = crate::network::Relation::new(&model);
            text += &took("relation");
            let policies = crate::isolation::policy::Policies::new(&facts);
            text += &took("policies");
            let scope = Scope::new(&facts, &facts.pools[0]);
            let mut found = Found::default();
            crate::isolation::compute::find(&scope, &mut found);
            text += &took("compute");
            crate::isolation::shared::find(&scope, &mut found);
            text += &took("shared");
            crate::isolation::identity::find(&scope, &policies, &mut found);
            text += &took("identity");
            crate::isolation::routing::find(&scope, &mut found);
            text += &took("routing");
            crate::isolation::network::find(&scope, &model, &relation, &mut found);
            text += &took("network");
            let report = crate::isolation::report::report(&scope, found, true);
            text += &took("report");
            assert!(is_not_broken(&report));
            println!("{compute:?} {tenants}, ms:{text}");
        }
    }
}

#[test]
fn what_all_break_is_told_without_comparing_pairs() {
    let mut built = built(300, ComputeIsolation::Silo);
    for number in 0..300 {
        built.statements(&format!("seats.t{number:05}.task_role"))[0].resources =
            vec![crate::value::Text::literal("*")];
    }
    let report = built.report();
    assert_eq!(report.broken.len(), 300);
    assert_eq!(report.broken[0].count, 299);
    assert_eq!(report.broken[0].pairs.len(), 20);
}
