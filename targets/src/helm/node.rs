//! Values as YAML with comments, and what of one such document differs from another.

/// A value of a values file.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    /// Nothing.
    Null,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// A map, an entry a line.
    Map(Vec<Entry>),
    /// A small map, written in one line.
    Inline(Vec<Entry>),
}

/// An entry of a map.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Its name.
    pub key: String,
    /// What stands above it; empty for nothing.
    pub comment: String,
    /// Its value.
    pub value: Node,
}

impl PartialEq for Entry {
    /// Comments say nothing to Helm.
    fn eq(&self, other: &Entry) -> bool {
        self.key == other.key && self.value == other.value
    }
}

impl Entry {
    /// An entry with a comment.
    pub fn new(key: impl Into<String>, comment: impl Into<String>, value: Node) -> Entry {
        Entry { key: key.into(), comment: comment.into(), value }
    }

    /// An entry that says what it is by its name.
    pub fn plain(key: impl Into<String>, value: Node) -> Entry {
        Entry::new(key, "", value)
    }
}

impl From<&str> for Node {
    fn from(it: &str) -> Node {
        Node::Text(it.to_string())
    }
}

impl Node {
    /// The entries of a map; none of anything else.
    pub fn entries(&self) -> &[Entry] {
        match self {
            Node::Map(it) | Node::Inline(it) => it,
            Node::Null
            | Node::Bool(_)
            | Node::Integer(_)
            | Node::Float(_)
            | Node::Text(_)
            | Node::List(_) => &[],
        }
    }

    /// The value of an entry of a map.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|it| it.key == key).map(|it| &it.value)
    }

    /// A map of entries that are alike: the comments of the first are those of all.
    pub fn alike(all: impl Iterator<Item = (String, Node)>) -> Node {
        let entry = |(index, (key, it)): (usize, (String, Node))| {
            Entry::plain(key, if index == 0 { it } else { it.without_comments() })
        };
        Node::Map(all.enumerate().map(entry).collect())
    }

    /// The same without comments.
    pub fn without_comments(self) -> Node {
        let strip = |all: Vec<Entry>| {
            all.into_iter().map(|it| Entry::plain(it.key, it.value.without_comments())).collect()
        };
        match self {
            Node::Map(it) => Node::Map(strip(it)),
            Node::Inline(it) => Node::Inline(strip(it)),
            Node::List(it) => Node::List(it.into_iter().map(Node::without_comments).collect()),
            Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) | Node::Text(_) => self,
        }
    }

    /// What must be laid over this to make it `other`: Helm merges maps, and replaces anything else.
    /// What `other` does not have becomes null, which takes it away.
    pub fn difference(&self, other: &Node) -> Option<Node> {
        let (Node::Map(before), Node::Map(after)) = (self, other) else {
            return (self != other).then(|| other.clone().without_comments());
        };
        let mut all = Vec::new();
        for it in before {
            match other.get(&it.key) {
                Some(value) => {
                    all.extend(
                        it.value.difference(value).map(|value| Entry::plain(&it.key, value)),
                    );
                }
                None if it.value != Node::Null => all.push(Entry::plain(&it.key, Node::Null)),
                None => {}
            }
        }
        // What is null is not there either.
        for it in after.iter().filter(|it| it.value != Node::Null && self.get(&it.key).is_none()) {
            all.push(Entry::plain(&it.key, it.value.clone().without_comments()));
        }
        (!all.is_empty()).then_some(Node::Map(all))
    }

    /// This with `layer` laid over it, as Helm does.
    pub fn under(&self, layer: &Node) -> Node {
        let (Node::Map(below), Node::Map(above)) = (self, layer) else { return layer.clone() };
        let mut all = Vec::new();
        for it in below {
            match layer.get(&it.key) {
                Some(Node::Null) => {}
                Some(value) => {
                    all.push(Entry::new(&it.key, &it.comment, it.value.under(value)));
                }
                None => all.push(it.clone()),
            }
        }
        all.extend(above.iter().filter(|it| self.get(&it.key).is_none()).cloned());
        Node::Map(all)
    }

    /// The same with the comments that `other` has of its entries.
    pub fn with_comments_of(self, other: &Node) -> Node {
        let Node::Map(all) = self else { return self };
        let entry = |it: Entry| match other.entries().iter().find(|theirs| theirs.key == it.key) {
            Some(theirs) => {
                Entry::new(it.key, &theirs.comment, it.value.with_comments_of(&theirs.value))
            }
            None => it,
        };
        Node::Map(all.into_iter().map(entry).collect())
    }

    /// The entries of a map as a YAML document, a blank line before each that has a comment.
    pub fn document(&self) -> String {
        let mut out = String::new();
        for it in self.entries() {
            if !out.is_empty() {
                out.push('\n');
            }
            entry(it, 0, &mut out);
        }
        out
    }

    /// The value in one line, if it is a scalar, empty, or short and small.
    fn line(&self) -> Option<String> {
        match self {
            Node::Null => Some("null".to_string()),
            Node::Bool(it) => Some(it.to_string()),
            Node::Integer(it) => Some(it.to_string()),
            Node::Float(it) => Some(it.to_string()),
            Node::Text(it) => Some(scalar(it)),
            Node::Map(it) if it.is_empty() => Some("{}".to_string()),
            Node::Map(_) => None,
            Node::List(items) => {
                let items: Option<Vec<String>> = items.iter().map(Node::line).collect();
                let all = format!("[{}]", items?.join(", "));
                (all.len() <= 90).then_some(all)
            }
            Node::Inline(entries) => {
                let entries: Option<Vec<String>> = entries
                    .iter()
                    .map(|it| Some(format!("{}: {}", scalar(&it.key), it.value.line()?)))
                    .collect();
                Some(format!("{{{}}}", entries?.join(", ")))
            }
        }
    }
}

fn entry(it: &Entry, indent: usize, out: &mut String) {
    let space = " ".repeat(indent);
    for line in it.comment.lines() {
        out.push_str(format!("{space}# {}", line.trim()).trim_end());
        out.push('\n');
    }
    out.push_str(&format!("{space}{}:", scalar(&it.key)));
    value(&it.value, indent, out);
}

/// A value after `name:` or `-`; ends with a line break.
fn value(it: &Node, indent: usize, out: &mut String) {
    if let Some(line) = it.line() {
        out.push_str(&format!(" {line}\n"));
        return;
    }
    out.push('\n');
    match it {
        Node::List(items) => {
            for item in items {
                let mut own = String::new();
                value(item, indent + 2, &mut own);
                // A map begins on the line of its `-`, unless that line is a comment.
                let space = " ".repeat(indent + 4);
                let own = own
                    .strip_prefix(&format!("\n{space}"))
                    .map_or(own.clone(), |it| format!(" {it}"));
                out.push_str(&format!("{}-{own}", " ".repeat(indent + 2)));
            }
        }
        Node::Map(all) | Node::Inline(all) => {
            for it in all {
                entry(it, indent + 2, out);
            }
        }
        Node::Null | Node::Bool(_) | Node::Integer(_) | Node::Float(_) | Node::Text(_) => {}
    }
}

/// A text: bare where readers of neither version of YAML can mistake it, else as in JSON.
pub(super) fn scalar(text: &str) -> String {
    const WORDS: &[&str] =
        &["y", "n", "yes", "no", "on", "off", "true", "false", "null", "inf", "nan"];
    let bare = text.starts_with(|it: char| it.is_ascii_alphabetic())
        && text.chars().all(|it| it.is_ascii_alphanumeric() || "./_-".contains(it))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str());
    if bare {
        return text.to_string();
    }
    let mut all = String::new();
    for it in serde_json::Value::from(text).to_string().chars() {
        // JSON leaves these as they are, and YAML does not print them.
        if matches!(it, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}') {
            all.push_str(&format!("\\u{:04x}", u32::from(it)));
        } else {
            all.push(it);
        }
    }
    all
}
