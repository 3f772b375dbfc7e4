//! Many tenants: what concerns all pairs of them is told in one sentence.

use super::world::*;
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
