//! For tests: declarations as text, in the grammar of the macros, and findings with the text they are at.
//!
//! ```text
//! vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 } }
//! alb edge { subnets: network.public, routes: ["/" => frontend] }
//! ```
//! `?` is a value that is not known, `internet` and other words that name no declaration are bare names.

use crate::architecture::Architecture;
use crate::codes::Code;
use crate::declare::{Kind, RawDeclaration};
use crate::diagnostic::Diagnostic;
use crate::environment::Environment;
use crate::loc::Loc;
use crate::node::{Comparison, Entry, Node, NodeKind, Reference};

/// An architecture named `shop` of the declarations in `source`.
pub(crate) fn architecture(source: &str, environment: Environment) -> Architecture {
    let mut builder = Architecture::builder("shop", environment);
    for raw in read(source) {
        builder.push(raw);
    }
    builder.done()
}

/// The findings of one declaration's own checks and of its fields, with the text at each place.
pub(crate) fn findings(source: &str, environment: Environment) -> Vec<(Diagnostic, String)> {
    let architecture = architecture(source, environment);
    let mut sink = crate::diagnostic::Sink::new();
    for problem in architecture.problems() {
        sink.push(problem.clone());
    }
    let mut cx = super::Context::new(&architecture, &mut sink);
    super::names::check(&mut cx);
    for declaration in &architecture.declarations {
        declaration.check(&mut cx);
    }
    sink.into_diagnostics()
        .into_iter()
        .map(|it| {
            let start = it.loc.column.saturating_sub(1) as usize;
            let text = source.get(start..start + it.loc.len as usize).unwrap_or_default();
            (it.clone(), text.to_string())
        })
        .collect()
}

/// The codes found in production, each with the text it is at.
pub(crate) fn found(source: &str) -> Vec<(Code, String)> {
    findings(source, Environment::Production).into_iter().map(|(it, at)| (it.code, at)).collect()
}

/// Asserts that exactly these codes are found at these texts.
#[track_caller]
pub(crate) fn expect(source: &str, expected: &[(Code, &str)]) {
    let found = findings(source, Environment::Production);
    let got: Vec<(Code, &str)> = found.iter().map(|(it, at)| (it.code, at.as_str())).collect();
    let text: Vec<String> = found.iter().map(|(it, _)| it.plain()).collect();
    assert_eq!(got, expected, "\n{}", text.join("\n"));
}

struct Parser<'a> {
    source: &'a str,
    at: usize,
    declared: Vec<(String, Kind)>,
}

/// Reads every declaration.
fn read(source: &str) -> Vec<RawDeclaration> {
    let mut all = Vec::new();
    let mut parser = Parser { source, at: 0, declared: Vec::new() };
    // Names may be used before they are declared.
    for declares in [true, false] {
        parser.at = 0;
        all.clear();
        while parser.peek().is_some() {
            let kind_at = parser.at;
            let macro_name = parser.word().to_string();
            let kind = Kind::from_macro_name(&macro_name).expect("a kind of declaration");
            let macro_loc = parser.loc(kind_at);
            parser.peek();
            let name_at = parser.at;
            let name = parser.word().to_string();
            let name_loc = parser.loc(name_at);
            if declares {
                parser.declared.push((name.clone(), kind));
            }
            let mut raw = RawDeclaration::new(kind, name, name_loc);
            raw.macro_loc = macro_loc;
            for entry in parser.entries() {
                raw.push(&entry.name, entry.loc, entry.value);
            }
            all.push(raw);
        }
    }
    all
}

impl Parser<'_> {
    fn loc(&self, start: usize) -> Loc {
        let text = &self.source[start..self.at];
        let skipped = text.len() - text.trim_start().len();
        let (start, len) = (start + skipped, text.trim().len());
        Loc::new("test", 1, start as u32 + 1, len as u32)
    }

    fn rest(&self) -> &str {
        &self.source[self.at..]
    }

    fn peek(&mut self) -> Option<char> {
        let skipped = self.rest().len() - self.rest().trim_start().len();
        self.at += skipped;
        self.rest().chars().next()
    }

    fn eat(&mut self, token: &str) -> bool {
        self.peek();
        let eaten = self.rest().starts_with(token);
        if eaten {
            self.at += token.len();
        }
        eaten
    }

    fn need(&mut self, token: &str) {
        assert!(self.eat(token), "`{token}` at `{}`", self.rest());
    }

    fn take(&mut self, allowed: impl Fn(char) -> bool) -> &str {
        self.peek();
        let start = self.at;
        let len = self.rest().find(|it| !allowed(it)).unwrap_or(self.rest().len());
        self.at += len;
        &self.source[start..start + len]
    }

    fn word(&mut self) -> &str {
        self.take(|it| it.is_ascii_alphanumeric() || it == '_')
    }

    fn entries(&mut self) -> Vec<Entry> {
        self.need("{");
        let mut all = Vec::new();
        while !self.eat("}") {
            self.peek();
            let start = self.at;
            let name = match self.single_text() {
                Some(it) => it,
                None => self.word().to_string(),
            };
            let loc = self.loc(start);
            self.need(":");
            all.push(Entry { name, loc, value: self.value() });
            self.eat(",");
        }
        all
    }

    fn list(&mut self, end: &str) -> Vec<Node> {
        let mut all = Vec::new();
        while !self.eat(end) {
            all.push(self.value());
            self.eat(",");
        }
        all
    }

    fn value(&mut self) -> Node {
        self.peek();
        let start = self.at;
        let first = self.single();
        let kind = if self.eat("=>") {
            NodeKind::Pair(Box::new(first), Box::new(self.single()))
        } else if self.eat("..=") {
            let end = Some(Box::new(self.single()));
            NodeKind::Range { start: Some(Box::new(first)), end, inclusive: true }
        } else if self.eat(">") {
            let value = self.single();
            NodeKind::Compare(Box::new(first), Comparison::Greater, Box::new(value))
        } else {
            return first;
        };
        Node::new(kind, self.loc(start))
    }

    /// `"text"`, if that is next.
    fn single_text(&mut self) -> Option<String> {
        if self.peek() != Some('"') {
            return None;
        }
        self.at += 1;
        let text = self.rest().split('"').next().unwrap_or_default().to_string();
        self.at += text.len() + 1;
        Some(text)
    }

    fn single(&mut self) -> Node {
        let first = self.peek().expect("a value");
        let start = self.at;
        let kind = match first {
            '"' => NodeKind::Text(self.single_text().unwrap_or_default()),
            '[' => {
                self.at += 1;
                NodeKind::List(self.list("]"))
            }
            '{' => NodeKind::Record(self.entries()),
            '?' => {
                self.at += 1;
                NodeKind::Unknown
            }
            '/' => {
                self.at += 1;
                NodeKind::PrefixLength(self.word().parse().expect("a prefix length"))
            }
            it if it.is_ascii_digit() => self.number(),
            _ => self.named(),
        };
        Node::new(kind, self.loc(start))
    }

    fn number(&mut self) -> NodeKind {
        let digits = self.take(|it| it.is_ascii_digit()).to_string();
        let unit = if self.rest().starts_with(|it: char| it.is_ascii_alphabetic()) {
            self.word().to_string()
        } else {
            return NodeKind::Integer(digits.parse().expect("a number"));
        };
        NodeKind::Quantity(digits.parse().expect("a number"), unit)
    }

    fn named(&mut self) -> NodeKind {
        let word = self.word().to_string();
        assert!(!word.is_empty(), "a value at `{}`", self.rest());
        if let "true" | "false" = word.as_str() {
            return NodeKind::Bool(word == "true");
        }
        let has_member = self.rest().starts_with('.') && !self.rest().starts_with("..");
        let member = has_member.then(|| {
            self.at += 1;
            self.word().to_string()
        });
        if let Some((name, kind)) = self.declared.iter().find(|(it, _)| *it == word).cloned() {
            return NodeKind::Reference(Reference { kind, name, member });
        }
        if self.eat("(") {
            return NodeKind::Call(word, self.list(")"));
        }
        if self.peek() == Some('{') {
            return NodeKind::Tagged(word, self.entries());
        }
        NodeKind::Word(word)
    }
}
