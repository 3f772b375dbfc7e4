//! The text of a template as a tree of values with their places; JSON and YAML alike.
//!
//! JSON is read as the YAML it is. What differs between the two is settled here: JSON's surrogate
//! pairs, YAML's short tags (`!Ref`, `!GetAtt A.B`; they become the long form), its anchors, aliases
//! and merge keys, and its words for truth (`yes`, `on`: YAML 1.1, which CloudFormation follows).

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use archgen_core::Loc;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::place;

/// How deep values may stand in values: nothing AWS takes comes near it.
const DEEPEST: usize = 100;
/// How many values a document may have, what its aliases repeat counted each time: a template has
/// 1 MB at most (<https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>).
const MOST_VALUES: usize = 1_000_000;

/// A value of a document with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    /// Its place; of a map or list, where it begins.
    pub(crate) loc: Loc,
    /// What it is.
    pub(crate) kind: NodeKind,
}

/// What a value of a document is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum NodeKind {
    /// Nothing: `null`, `~`, or left empty.
    Null,
    /// Truth, written plain.
    Bool(bool),
    /// A number, written plain, as it is written: `22`, `1.0`.
    Number(String),
    /// Text.
    Text(String),
    /// Values in order.
    List(Vec<Node>),
    /// Values by name, in the order written. No name is there twice.
    Map(Vec<Entry>),
}

/// A value of a map with its name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) key: String,
    /// Where the name stands.
    pub(crate) loc: Loc,
    /// The value.
    pub(crate) value: Node,
}

impl Node {
    /// The values by name; none if it is no map.
    pub(crate) fn entries(&self) -> Option<&[Entry]> {
        if let NodeKind::Map(entries) = &self.kind { Some(entries) } else { None }
    }

    /// The value of a name.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries()?.iter().find(|it| it.key == key).map(|it| &it.value)
    }

    /// The values in order; none if it is no list.
    pub(crate) fn items(&self) -> Option<&[Node]> {
        if let NodeKind::List(items) = &self.kind { Some(items) } else { None }
    }

    /// A single value as the text CloudFormation makes of it.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Bool(true) => Some("true"),
            NodeKind::Bool(false) => Some("false"),
            NodeKind::Number(it) | NodeKind::Text(it) => Some(it),
            NodeKind::Null | NodeKind::List(_) | NodeKind::Map(_) => None,
        }
    }

    /// How many values it holds, itself included.
    pub(crate) fn count(&self) -> u64 {
        1 + match &self.kind {
            NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => 0,
            NodeKind::List(items) => items.iter().map(Node::count).sum(),
            NodeKind::Map(entries) => entries.iter().map(|it| it.value.count()).sum(),
        }
    }

    /// What it is, for messages.
    pub(crate) fn what(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "null",
            NodeKind::Bool(_) => "a truth value",
            NodeKind::Number(_) => "a number",
            NodeKind::Text(_) => "text",
            NodeKind::List(_) => "a list",
            NodeKind::Map(_) => "a map",
        }
    }
}

/// Why a text is no document.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{loc}: {message}")]
pub(crate) struct Syntax {
    /// Where.
    pub(crate) loc: Loc,
    /// What is wrong.
    pub(crate) message: String,
}

/// Reads the one document of a file.
pub(crate) fn parse(file: &'static str, text: &str) -> Result<Node, Syntax> {
    let text = joined_surrogates(text);
    let mut reader =
        Reader { file, parser: Parser::new_from_str(&text), anchors: BTreeMap::new(), values: 0 };
    reader.document()
}

/// A value that an anchor names, and how many values it holds.
type Anchored = (Node, usize);

struct Reader<'a> {
    file: &'static str,
    parser: Parser<'a, saphyr_parser::StrInput<'a>>,
    anchors: BTreeMap<usize, Anchored>,
    values: usize,
}

impl<'a> Reader<'a> {
    fn loc(&self, span: Span) -> Loc {
        let (start, end) = (span.start, span.end);
        let len =
            if start.line() == end.line() { end.col().saturating_sub(start.col()) } else { 1 };
        place::loc(self.file, start.line(), start.col() + 1, len)
    }

    fn wrong(&self, loc: Loc, message: impl Into<String>) -> Syntax {
        Syntax { loc, message: message.into() }
    }

    fn next(&mut self) -> Result<(Event<'a>, Span), Syntax> {
        match self.parser.next_event() {
            Some(Ok(it)) => Ok(it),
            Some(Err(error)) => {
                let mark = error.marker();
                let loc = place::loc(self.file, mark.line(), mark.col() + 1, 1);
                Err(self.wrong(loc, error.info()))
            }
            None => Err(self.wrong(place::loc(self.file, 1, 1, 1), "it ends too early")),
        }
    }

    fn document(&mut self) -> Result<Node, Syntax> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            let loc = self.loc(span);
            match event {
                Event::StreamEnd => break,
                Event::Nothing
                | Event::StreamStart
                | Event::DocumentStart(_)
                | Event::DocumentEnd => {}
                Event::Alias(_)
                | Event::Scalar(..)
                | Event::SequenceStart(..)
                | Event::SequenceEnd
                | Event::MappingStart(..)
                | Event::MappingEnd => {
                    if root.is_some() {
                        return Err(self.wrong(loc, "a second document begins; a template is one"));
                    }
                    root = Some(self.node(event, span, 0)?);
                }
            }
        }
        root.ok_or_else(|| self.wrong(place::loc(self.file, 1, 1, 1), "the file is empty"))
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Syntax> {
        let loc = self.loc(span);
        self.values += 1;
        if depth > DEEPEST {
            return Err(self.wrong(loc, format!("values are nested more than {DEEPEST} deep")));
        }
        if self.values > MOST_VALUES {
            return Err(self.wrong(loc, format!("it has more than {MOST_VALUES} values")));
        }
        let before = self.values;
        let (node, anchor) = match event {
            Event::Alias(anchor) => {
                let Some((node, count)) = self.anchors.get(&anchor) else {
                    return Err(self.wrong(loc, "an alias stands within what it repeats"));
                };
                // Checked before it is copied: aliases of aliases grow without bound.
                if self.values + count > MOST_VALUES {
                    return Err(self.wrong(loc, format!("it has more than {MOST_VALUES} values")));
                }
                let (node, count) = (node.clone(), *count);
                if depth + height(&node) > DEEPEST {
                    let message = format!("values are nested more than {DEEPEST} deep");
                    return Err(self.wrong(loc, message));
                }
                self.values += count;
                return Ok(node);
            }
            Event::Scalar(text, style, anchor, tag) => {
                (self.scalar(loc, text.into_owned(), style, tag.as_deref())?, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                let mut items = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        break;
                    }
                    items.push(self.node(event, span, depth + 1)?);
                }
                (self.tagged(Node { loc, kind: NodeKind::List(items) }, tag.as_deref()), anchor)
            }
            Event::MappingStart(anchor, tag) => {
                let entries = self.entries(depth)?;
                (self.tagged(Node { loc, kind: NodeKind::Map(entries) }, tag.as_deref()), anchor)
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::SequenceEnd
            | Event::MappingEnd => return Err(self.wrong(loc, "a value is missing")),
        };
        if anchor != 0 {
            self.anchors.insert(anchor, (node.clone(), self.values - before + 1));
        }
        Ok(node)
    }

    fn entries(&mut self, depth: usize) -> Result<Vec<Entry>, Syntax> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut known: HashMap<String, Loc> = HashMap::new();
        let mut merged: Vec<(Loc, Node)> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let plain = matches!(&event, Event::Scalar(_, ScalarStyle::Plain, _, None));
            let written =
                if let Event::Scalar(text, ..) = &event { Some(text.to_string()) } else { None };
            let key = self.node(event, span, depth + 1)?;
            // A name is taken as it is written: `Yes: …` is named `Yes`.
            let name = match (written, key.text()) {
                (Some(written), Some(_)) => written,
                (None, Some(name)) => name.to_string(),
                (_, None) => {
                    return Err(self.wrong(key.loc, format!("{} cannot be a name", key.what())));
                }
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            if plain && name == "<<" {
                merged.push((key.loc, value));
                continue;
            }
            if let Some(first) = known.insert(name.clone(), key.loc) {
                let message = format!("`{name}` is given twice; first at {first}");
                return Err(self.wrong(key.loc, message));
            }
            entries.push(Entry { key: name, loc: key.loc, value });
        }
        for (loc, value) in merged {
            // What is written in the map itself comes first, then the earlier of several merged maps.
            let maps = if let NodeKind::List(items) = value.kind { items } else { vec![value] };
            for map in maps {
                let NodeKind::Map(others) = map.kind else {
                    return Err(self.wrong(loc, "`<<` merges maps only"));
                };
                for other in others {
                    if !known.contains_key(&other.key) {
                        known.insert(other.key.clone(), other.loc);
                        entries.push(other);
                    }
                }
            }
        }
        Ok(entries)
    }

    fn scalar(
        &self,
        loc: Loc,
        text: String,
        style: ScalarStyle,
        tag: Option<&Tag>,
    ) -> Result<Node, Syntax> {
        let text_node = |text: String| Node { loc, kind: NodeKind::Text(text) };
        match tag {
            None => {
                let kind =
                    if style == ScalarStyle::Plain { plain(text) } else { NodeKind::Text(text) };
                Ok(Node { loc, kind })
            }
            // `!GetAtt Resource.Attribute`: the first dot parts the two.
            Some(tag) if tag.handle == "!" && tag.suffix == "GetAtt" => {
                let parts = match text.split_once('.') {
                    Some((resource, attribute)) => {
                        vec![text_node(resource.to_string()), text_node(attribute.to_string())]
                    }
                    None => vec![text_node(text)],
                };
                Ok(long_form(Node { loc, kind: NodeKind::List(parts) }, "GetAtt"))
            }
            Some(tag) if tag.handle == "!" && !tag.suffix.is_empty() => {
                // What follows a tag without quotes is what it would be without the tag.
                let kind =
                    if style == ScalarStyle::Plain { plain(text) } else { NodeKind::Text(text) };
                Ok(long_form(Node { loc, kind }, &tag.suffix))
            }
            Some(tag) if tag.is_yaml_core_schema() && tag.suffix != "str" => {
                Ok(Node { loc, kind: plain(text) })
            }
            Some(_) => Ok(text_node(text)),
        }
    }

    fn tagged(&self, node: Node, tag: Option<&Tag>) -> Node {
        match tag {
            Some(tag) if tag.handle == "!" && !tag.suffix.is_empty() => {
                long_form(node, &tag.suffix)
            }
            Some(_) | None => node,
        }
    }
}

/// `{"Fn::Name": argument}`.
fn long_form(argument: Node, tag: &str) -> Node {
    let loc = argument.loc;
    let key = match tag {
        "Ref" | "Condition" => tag.to_string(),
        other => format!("Fn::{other}"),
    };
    Node { loc, kind: NodeKind::Map(vec![Entry { key, loc, value: argument }]) }
}

/// How deep values stand in it.
fn height(node: &Node) -> usize {
    match &node.kind {
        NodeKind::Null | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::Text(_) => 0,
        NodeKind::List(items) => items.iter().map(height).max().map_or(0, |it| it + 1),
        NodeKind::Map(entries) => {
            entries.iter().map(|it| height(&it.value)).max().map_or(0, |it| it + 1)
        }
    }
}

/// A scalar without quotes (<https://yaml.org/type/bool.html>, <https://yaml.org/type/null.html>).
/// Numbers in bases other than ten and times of day stay text: what AWS's properties would make of
/// them nobody documents.
fn plain(text: String) -> NodeKind {
    match text.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => return NodeKind::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => {
            return NodeKind::Bool(true);
        }
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            return NodeKind::Bool(false);
        }
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let begins = digits.bytes().next().is_some_and(|it| it.is_ascii_digit() || it == b'.');
    if begins && digits.parse::<f64>().is_ok() {
        NodeKind::Number(text)
    } else {
        NodeKind::Text(text)
    }
}

/// JSON writes a character beyond 16 bits as two escapes (`\ud83d\ude00`), YAML as one
/// (`\U0001F600`). Only JSON is changed; columns after such a character shift by two.
fn joined_surrogates(text: &str) -> Cow<'_, str> {
    let json = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']).starts_with('{');
    if !json || !(text.contains("\\ud") || text.contains("\\uD")) {
        return Cow::Borrowed(text);
    }
    let unit = |at: usize| -> Option<u32> {
        let escape = text.get(at..at + 6)?;
        let digits = escape.strip_prefix("\\u")?;
        u32::from_str_radix(digits, 16).ok()
    };
    let mut all = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|it| it.find('\\')) {
        let escape = at + next;
        all.push_str(&text[at..escape]);
        match (unit(escape), unit(escape + 6)) {
            (Some(high @ 0xD800..=0xDBFF), Some(low @ 0xDC00..=0xDFFF)) => {
                let code = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
                all.push_str(&format!("\\U{code:08X}"));
                at = escape + 12;
            }
            _ => {
                // The escape and what it escapes, so that `\\u…` is not taken for an escape.
                let end = text[escape + 1..]
                    .chars()
                    .next()
                    .map_or(text.len(), |it| escape + 1 + it.len_utf8());
                all.push_str(&text[escape..end]);
                at = end;
            }
        }
    }
    all.push_str(text.get(at..).unwrap_or_default());
    Cow::Owned(all)
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
