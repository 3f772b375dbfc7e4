//! A budget with an alert twice, and two topics.
use archgen::prelude::*;

#[architecture]
pub fn shop(env: Environment) -> Architecture {
    let alerts = sns_topic! {};
    let finance = sns_topic! {};
    let spending = budget! {
        amount: 5000,
        alerts: [Forecasted > 80pct, Actual > 90pct, Forecasted > 80pct],
        notify: [alerts, finance],
    };
}

fn main() {}
