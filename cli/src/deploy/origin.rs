//! Where a resource of the template comes from: its declaration and the source line of that.

use std::collections::BTreeMap;

use archgen::cloudformation::Template;

use crate::output::Paint;

/// The declaration of each resource, by logical ID.
pub type Origins = BTreeMap<String, Origin>;

#[derive(Clone, Debug)]
pub struct Origin {
    pub declaration: String,
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub len: u32,
}

/// The origins of all resources of a template.
pub fn origins(template: &Template) -> Origins {
    template
        .resources()
        .map(|(logical_id, _, declaration, loc)| {
            let origin = Origin {
                declaration: declaration.to_owned(),
                file: loc.file.to_owned(),
                line: loc.line,
                column: loc.column,
                len: loc.len,
            };
            (logical_id.to_owned(), origin)
        })
        .collect()
}

impl Origin {
    /// `file:line:column`.
    pub fn place(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A place in the source, with the text of its line when the file is at hand.
#[derive(Debug)]
pub struct Place {
    pub origin: Origin,
    pub text: Option<String>,
}

impl Place {
    /// Looks the line up.
    pub fn new(origin: &Origin, source: &dyn Fn(&str) -> Option<String>) -> Place {
        let line = usize::try_from(origin.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let text = source(&origin.file).and_then(|text| text.lines().nth(line).map(str::to_owned));
        Place { origin: origin.clone(), text }
    }

    /// The place and its line, as rustc shows them.
    pub fn excerpt(&self, paint: Paint) -> String {
        if self.origin.line == 0 {
            return String::new(); // something archgen supplies by itself
        }
        let number = self.origin.line.to_string();
        let margin = " ".repeat(number.len());
        let bar = paint.blue("|");
        let mut text = format!("{margin}{} {}\n", paint.blue("-->"), self.origin.place());
        if let Some(line) = &self.text {
            let before: String = line
                .chars()
                .take(self.origin.column.saturating_sub(1) as usize)
                .map(|it| if it == '\t' { '\t' } else { ' ' })
                .collect();
            let marks = "^".repeat(self.origin.len.max(1) as usize);
            text += &format!("{margin} {bar}\n{} {bar} {line}\n", paint.blue(&number));
            text += &format!("{margin} {bar} {before}{}\n", paint.red(&marks));
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_marked_where_the_declaration_stands() {
        let origin = Origin {
            declaration: "jobs".into(),
            file: "src/lib.rs".into(),
            line: 2,
            column: 5,
            len: 4,
        };
        let place = Place::new(&origin, &|_| Some("fn a() {\nlet jobs = 1;\n".into()));
        assert_eq!(
            place.excerpt(Paint { on: false }),
            " --> src/lib.rs:2:5\n  |\n2 | let jobs = 1;\n  |     ^^^^\n"
        );
    }
}
