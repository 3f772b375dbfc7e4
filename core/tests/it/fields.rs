//! Fields by themselves: AG0002 to AG0007.

use archgen_core::Code;
use archgen_core::declare::Kind;
use archgen_core::node::Node;

use crate::common::*;

#[test]
fn ag0002_missing() {
    let of = |fields: Vec<(&'static str, Node)>| {
        let always = [("cidr", text("10.0.0.0/16")), ("subnets", record([("private", size(24))]))];
        [declare(Kind::Vpc, "network", always.into_iter().chain(fields))]
    };
    rule(
        Code::AG0002,
        of(vec![]),
        "[AG0002] `vpc!` needs `zones`\n  help: add `zones: 2`: a whole number",
        of(vec![("zones", int(2))]),
        of(vec![("zones", unknown())]),
    );
}

#[test]
fn ag0003_no_such_field() {
    let misspelt = with(network(), "nta", word("Single"));
    rule(
        Code::AG0003,
        [misspelt],
        "[AG0003] `vpc!` has no field `nta`\n  help: did you mean `nat`?",
        [with(network(), "nat", word("Single"))],
        [with(network(), "nat", unknown())],
    );
    // Nothing near: everything there is.
    let said = said([with(network(), "colour", text("blue"))]);
    assert_eq!(
        said,
        ["[AG0003] `vpc!` has no field `colour`\n  \
          help: there are `cidr`, `secondary_cidrs`, `unique_per_environment`, `zones`, `subnets`, `nat`, `ipv6`, `endpoints`, \
          `flow_logs`, `tags`, `renamed_from`"]
    );
}

#[test]
fn ag0004_wrong_kind() {
    let of = |days: Node| [with(network(), "flow_logs", days)];
    rule(
        Code::AG0004,
        of(int(30)),
        "[AG0004] `flow_logs` expects a number of days such as `7days`, found the number 30",
        of(amount(30.0, "days")),
        of(unknown()),
    );
    assert_eq!(
        said(of(amount(30.0, "MB"))),
        [
            "[AG0004] `flow_logs` is not measured in `MB`\n  help: its units are days, day, weeks, years"
        ]
    );
}

#[test]
fn ag0005_no_such_word() {
    let of = |nat: Node| [with(network(), "nat", nat)];
    rule(
        Code::AG0005,
        of(word("PerZones")),
        "[AG0005] `nat` does not know `PerZones`\n  help: did you mean `PerZone`?",
        of(word("PerZone")),
        of(unknown()),
    );
}

#[test]
fn ag0006_given_twice() {
    let nat = || with(network(), "nat", word("Single"));
    rule(
        Code::AG0006,
        [with(nat(), "nat", word("PerZone"))],
        "[AG0006] `nat` is given twice\n  note: it is given here first: shop.rs:1:1\n  \
         help: keep one of them",
        [nat()],
        [with(network(), "nat", unknown())],
    );
    // Said even where nothing is known of the values: the names are enough.
    let both = with(with(network(), "nat", unknown()), "nat", unknown());
    assert_eq!(said([both]).len(), 1);
}

#[test]
fn ag0007_limits() {
    let of =
        |zones: Node| [vpc("network", text("10.0.0.0/16"), zones, record([("private", size(24))]))];
    rule(
        Code::AG0007,
        of(int(7)),
        "[AG0007] a VPC spans 1 to 6 zones, not 7\n  \
         help: most Regions have 3 zones, none has more than 6",
        of(int(6)),
        of(unknown()),
    );
    assert_eq!(
        said(of(int(-1))),
        ["[AG0007] `zones` cannot be -1\n  help: give a number from 0 up"]
    );
    assert_eq!(
        said([with(network(), "flow_logs", amount(1.5, "days"))]),
        ["[AG0007] `flow_logs` cannot be 1.5days\n  help: give a whole number of `days`"]
    );
}
