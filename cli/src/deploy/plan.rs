//! Showing what a change set would do, grouped by what happens and by declaration.

use std::collections::BTreeMap;

use super::origin::Origins;
use crate::output::Paint;

/// One resource that would change.
#[derive(Debug)]
pub struct Change {
    pub kind: Kind,
    pub logical_id: String,
    pub resource_type: String,
    /// The properties that differ.
    pub properties: Vec<String>,
    pub note: Option<&'static str>,
}

/// What would happen to it, from harmless to not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Add,
    Change,
    Replace,
    Remove,
}

impl Kind {
    const ALL: [Kind; 4] = [Kind::Add, Kind::Change, Kind::Replace, Kind::Remove];

    fn as_str(self) -> &'static str {
        match self {
            Kind::Add => "add",
            Kind::Change => "change",
            Kind::Replace => "replace",
            Kind::Remove => "remove",
        }
    }

    fn paint(self, paint: Paint, text: &str) -> String {
        match self {
            Kind::Add => paint.green(text),
            Kind::Change => paint.yellow(text),
            Kind::Replace | Kind::Remove => paint.red(text),
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Kind::Add => "+",
            Kind::Change => "~",
            Kind::Replace => "!",
            Kind::Remove => "-",
        }
    }
}

/// The text for the terminal.
pub fn show(changes: &[Change], origins: &Origins, paint: Paint) -> String {
    let width = changes.iter().map(|it| it.logical_id.len()).max().unwrap_or(0);
    let type_width = changes.iter().map(|it| it.resource_type.len()).max().unwrap_or(0);
    let mut text = String::new();
    for kind in Kind::ALL {
        // By place in the source, so the order is that of the architecture.
        let mut groups: BTreeMap<(&str, u32, u32, &str), Vec<&Change>> = BTreeMap::new();
        for change in changes.iter().filter(|it| it.kind == kind) {
            let key = origins
                .get(&change.logical_id)
                .map_or(("", u32::MAX, 0, "no longer declared"), |it| {
                    (it.file.as_str(), it.line, it.column, it.declaration.as_str())
                });
            groups.entry(key).or_default().push(change);
        }
        if groups.is_empty() {
            continue;
        }
        text += &format!("\n{}\n", kind.paint(paint, kind.as_str()));
        for ((file, line, column, declaration), mut group) in groups {
            // A rule such as `connect!` has a place but no name.
            let place =
                if file.is_empty() { String::new() } else { format!("{file}:{line}:{column}") };
            let separator = if declaration.is_empty() || place.is_empty() { "" } else { "  " };
            text += &format!("  {}{separator}{}\n", paint.bold(declaration), paint.dim(&place));
            group.sort_by_key(|it| &it.logical_id);
            for change in group {
                let mut line = format!(
                    "    {} {:width$}  {:type_width$}",
                    kind.paint(paint, kind.sign()),
                    change.logical_id,
                    change.resource_type,
                );
                if !change.properties.is_empty() {
                    line += &format!("  {}", change.properties.join(", "));
                }
                if let Some(note) = change.note {
                    line += &format!("  ({note})");
                }
                text += line.trim_end();
                text.push('\n');
            }
        }
    }
    let counts: Vec<String> = Kind::ALL
        .iter()
        .map(|kind| {
            format!("{} to {}", changes.iter().filter(|it| it.kind == *kind).count(), kind.as_str())
        })
        .collect();
    text + &format!("\n{}\n", counts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deploy::origin::Origin;

    fn change(kind: Kind, logical_id: &str) -> Change {
        Change {
            kind,
            logical_id: logical_id.into(),
            resource_type: "AWS::SQS::Queue".into(),
            properties: vec![],
            note: None,
        }
    }

    #[test]
    fn changes_stand_under_their_declaration() {
        let origin = |declaration: &str, line| Origin {
            declaration: declaration.into(),
            file: "src/lib.rs".into(),
            line,
            column: 9,
            len: 4,
        };
        let origins = Origins::from([
            ("B".to_owned(), origin("jobs", 7)),
            ("A".to_owned(), origin("jobs", 7)),
            ("C".to_owned(), origin("mails", 3)),
        ]);
        let mut replaced = change(Kind::Replace, "C");
        replaced.properties = vec!["FifoQueue".into()];
        let changes =
            [change(Kind::Add, "B"), change(Kind::Remove, "Old"), change(Kind::Add, "A"), replaced];
        assert_eq!(
            show(&changes, &origins, Paint { on: false }),
            "\nadd\n  jobs  src/lib.rs:7:9\n    + A    AWS::SQS::Queue\n    + B    AWS::SQS::Queue\n\
             \nreplace\n  mails  src/lib.rs:3:9\n    ! C    AWS::SQS::Queue  FifoQueue\n\
             \nremove\n  no longer declared\n    - Old  AWS::SQS::Queue\n\
             \n2 to add, 0 to change, 1 to replace, 1 to remove\n"
        );
    }
}
