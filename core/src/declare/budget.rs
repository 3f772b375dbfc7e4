//! `budget!`: what may be spent in a month, and who is told when it is not kept.

use crate::check::{Context, notify as checks};
use crate::field::{FieldType, List, Map, Reader, Word};
use crate::lower::{Lower, notify};
use crate::node::{Comparison, Node};
use crate::notify_fields::Recipient;
use crate::resource::budgets::SpendingFigure;
use crate::types::Number;
use crate::value::{Field, Text, Value};

/// `Forecasted > 80pct`: when a budget tells somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct BudgetAlert {
    /// What is compared.
    pub figure: SpendingFigure,
    /// The share of the amount, in percent; it may be more than 100.
    pub percent: Field<Number>,
}

impl FieldType for BudgetAlert {
    fn expected() -> String {
        "`Forecasted > 80pct` or `Actual > 100pct`".to_string()
    }

    fn words(words: &mut Vec<Word>) {
        SpendingFigure::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some((figure, Comparison::Greater, threshold)) = node.as_compare() else {
            return reader.wrong(node, &Self::expected());
        };
        let value = match threshold.as_quantity() {
            Some((it, "pct")) => Value::Literal(Number(it)),
            Some(_) | None => reader.wrong(threshold, "a share of the amount such as `80pct`"),
        };
        match SpendingFigure::read(figure, reader) {
            Value::Literal(figure) => Value::Literal(BudgetAlert {
                figure,
                percent: Field { value, loc: threshold.loc },
            }),
            Value::Parameter(_) | Value::Unknown => Value::Unknown,
        }
    }
}

crate::declaration! {
    /// What may be spent in a month.
    ///
    /// It is one of the account's, wherever it is deployed: without `costs_tagged` it counts everything the
    /// account spends.
    Budget BudgetBuilder {
        /// The amount, in US dollars a month.
        required amount: Number = "5000";
        /// When somebody is told: `[Forecasted > 50pct, Forecasted > 80pct, Actual > 90pct]`, ten at most.
        required alerts: List<BudgetAlert> = "[Forecasted > 80pct, Actual > 90pct]";
        /// Who is told: one topic, and ten e-mail addresses at most: `[alerts, Email("finance@example.com")]`.
        required notify: List<Recipient> = "[Email(\"finance@example.com\")]";
        /// The costs it counts, by tags that are activated for cost allocation: `{ team: "platform" }`.
        /// What has any of them counts; left out, everything.
        optional costs_tagged: Map<Text>;
    } members BudgetMembers {
        /// The name.
        name;
    }
}

impl Budget {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_budget(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        notify::lower_budget(self, cx);
    }
}
