//! AG0505: daily backup windows and weekly maintenance windows, in UTC.
//!
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>,
//! <https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html>

use super::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;

const DAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;

/// Minutes from a start; the end may lie behind the end of the day or week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    length: u32,
}

/// AG0505: a window is wrong or overlaps another.
fn wrong(
    cx: &mut Context<'_>,
    loc: Loc,
    message: String,
    second: Option<(Loc, &str)>,
    help: String,
) {
    let mut diagnostic = Diagnostic::new(Code::AG0505, loc, message).help(help);
    if let Some((loc, text)) = second.filter(|(loc, _)| loc.is_known()) {
        diagnostic = diagnostic.label(loc, text);
    }
    cx.push(diagnostic);
}

/// `03:30` as minutes.
fn time(text: &str) -> Option<u32> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |it: &str| (it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit())).then_some(());
    two(hours)?;
    two(minutes)?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// `03:00-04:00`.
fn daily(text: &str) -> Option<Span> {
    let (start, end) = text.split_once('-')?;
    let (start, end) = (time(start)?, time(end)?);
    Some(Span { start, length: (end + DAY - start) % DAY })
}

/// `sun:04:30-sun:05:30`.
fn weekly(text: &str) -> Option<Span> {
    let moment = |text: &str| {
        let (day, rest) = text.split_once(':')?;
        let day = DAYS.iter().position(|it| it.eq_ignore_ascii_case(day))? as u32;
        Some(day * DAY + time(rest)?)
    };
    let (start, end) = text.split_once('-')?;
    let (start, end) = (moment(start)?, moment(end)?);
    Some(Span { start, length: (end + WEEK - start) % WEEK })
}

/// Whether a window of every day and one of the week share a minute.
fn overlap(daily: Span, weekly: Span) -> bool {
    (0..7).any(|day| {
        let start = day * DAY + daily.start;
        // Both wrap at the end of the week, so one is compared to the other from either side.
        (weekly.start + WEEK - start) % WEEK < daily.length
            || (start + WEEK - weekly.start) % WEEK < weekly.length
    })
}

/// A window with the name of its field.
pub struct Window<'a> {
    /// The name of the field.
    pub name: &'static str,
    /// The field.
    pub field: Option<&'a Field<String>>,
    /// The shortest it may be, in minutes.
    pub least: u32,
}

impl Window<'_> {
    /// Reads it; what is wrong is reported.
    fn read(
        &self,
        cx: &mut Context<'_>,
        parse: impl Fn(&str) -> Option<Span>,
        example: &str,
    ) -> Option<Span> {
        let field = self.field?;
        let text = field.literal()?;
        let Some(span) = parse(text) else {
            wrong(
                cx,
                field.loc,
                format!("`{}` cannot be `{text}`", self.name),
                None,
                format!("write it as `{example}`, in UTC"),
            );
            return None;
        };
        if span.length < self.least {
            wrong(
                cx,
                field.loc,
                format!("`{}` is {} minutes long", self.name, span.length),
                None,
                format!("AWS needs at least {} minutes", self.least),
            );
            return None;
        }
        Some(span)
    }
}

/// Checks the windows of one declaration.
pub fn check(cx: &mut Context<'_>, backup: &Window<'_>, maintenance: &Window<'_>) {
    let every_day = backup.read(cx, daily, "03:00-04:00");
    let every_week = maintenance.read(cx, weekly, "sun:04:30-sun:05:30");
    let (Some(every_day), Some(every_week)) = (every_day, every_week) else {
        return;
    };
    let (Some(first), Some(second)) = (backup.field, maintenance.field) else {
        return;
    };
    if !overlap(every_day, every_week) {
        return;
    }
    // What the author wrote is wrong, not what archgen supplied.
    let (at, other, name, other_name) = if second.loc.is_known() {
        (second, first, maintenance.name, backup.name)
    } else {
        (first, second, backup.name, maintenance.name)
    };
    let text = |it: &Field<String>| it.literal().cloned().unwrap_or_default();
    wrong(
        cx,
        at.loc,
        format!("`{name}` {} overlaps `{other_name}` {}", text(at), text(other)),
        Some((other.loc, "the other window")),
        "move one of them: AWS does not take windows that overlap".to_string(),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_windows() {
        assert_eq!(daily("03:00-04:00"), Some(Span { start: 180, length: 60 }));
        assert_eq!(daily("23:30-00:30").map(|it| it.length), Some(60));
        assert_eq!(weekly("sun:23:30-mon:00:30").map(|it| it.length), Some(60));
        for text in ["3:00-4:00", "24:00-01:00", "03:00", "03:60-04:00", "+3:00-04:00"] {
            assert_eq!(daily(text), None, "{text}");
        }
        assert_eq!(weekly("son:04:30-sun:05:30"), None);
    }

    #[test]
    fn finds_overlaps_across_the_end_of_the_week() {
        let hit = |a: &str, b: &str| match (daily(a), weekly(b)) {
            (Some(a), Some(b)) => overlap(a, b),
            _ => panic!("{a} {b}"),
        };
        assert!(!hit("03:00-04:00", "sun:04:00-sun:05:00"));
        assert!(hit("03:00-04:30", "sun:04:00-sun:05:00"));
        assert!(hit("00:10-00:40", "sun:23:30-mon:00:30"));
        assert!(hit("23:45-00:15", "mon:00:00-mon:01:00"));
        assert!(hit("12:00-12:30", "mon:00:00-tue:00:00"));
    }
}
