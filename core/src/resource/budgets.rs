//! Budgets: what an account may spend.

use crate::types::Number;
use crate::value::{Text, Value};

crate::words! {
    /// What a budget compares with its amount.
    SpendingFigure: "figures" {
        /// What will have been spent at the end of the month, as AWS forecasts it.
        Forecasted = "FORECASTED",
        /// What has been spent since the month began.
        Actual = "ACTUAL",
    }
}

/// The unit of amounts.
pub const CURRENCY: &str = "USD";

/// A budget of costs for every month.
#[derive(Clone, Debug, PartialEq)]
pub struct Budget {
    /// The amount in US dollars.
    pub amount: Value<Number>,
    /// When somebody is told, each by the share of the amount in percent.
    pub alerts: Vec<(SpendingFigure, Value<Number>)>,
    /// The ARNs of the topics that are told.
    pub topics: Vec<Text>,
    /// The e-mail addresses that are told.
    pub emails: Vec<Text>,
    /// The tags of the costs that count, as `user:KEY$VALUE`; none means all costs.
    pub tags: Vec<Text>,
}
