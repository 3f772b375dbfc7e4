//! `alarm!`: watches a metric and tells somebody.

use crate::check::{Context, observability as checks};
use crate::field::List;
use crate::lower::{Lower, observability};
use crate::metric_fields::{AlarmMetric, Watched};
use crate::notify_fields::TopicArn;
use crate::resource::cloudwatch::Statistic;
use crate::types::{Count, Seconds};
use crate::value::Text;

crate::declaration! {
    /// Watches a metric and tells somebody.
    Alarm AlarmBuilder {
        /// What it watches: a service, database, cache, load balancer or file system.
        required watch: Watched = "backend";
        /// When it goes off: `Cpu > 80pct`, `ResponseTime > 2s`, `UnhealthyTargets > 0`.
        required when: AlarmMetric = "Cpu > 80pct";
        /// How long it must be so, one day at most.
        default lasting: Seconds = Seconds(300);
        /// The length of a period: 10, 20 or 30 seconds or a number of minutes; `lasting` is a multiple
        /// of it.
        default period: Seconds = Seconds(60);
        /// How the values of a period become one, if not as usual for the metric; not for `ErrorRate`.
        optional statistic: Statistic;
        /// Who is told: SNS topics, or their ARNs; five at most.
        optional notify: List<TopicArn>;
        /// What it means, for the one who is told.
        optional description: Text;
        /// How many periods of those in `lasting` are enough; left out, all.
        optional out_of: Count;
    } members AlarmMembers {
        /// The Amazon Resource Name.
        arn;
    }
}

impl Alarm {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        checks::check_alarm(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        observability::lower_alarm(self, cx);
    }
}
