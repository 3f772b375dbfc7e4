//! Tags: what AWS takes (AG0109), and which declarations carry one (AG0110).
//!
//! Tags are texts that are known when the architecture is built: policies are about them.

use std::collections::BTreeMap;
use std::fmt;

use crate::codes::Code;
use crate::declare::{Declaration, Kind};
use crate::diagnostic::Diagnostic;
use crate::field::{Field, FieldType, FieldValue, Map, Named, Reader};
use crate::loc::Loc;
use crate::node::{Entry, IntoNode, Node, NodeKind};
use crate::suggest;
use crate::value::Value;

/// The tag that says of which architecture a resource is.
pub const ARCHITECTURE: &str = "Architecture";
/// The tag that says for which environment a resource is.
pub const ENVIRONMENT: &str = "Environment";
/// The tag that says who made a resource.
pub const MANAGED_BY: &str = "ManagedBy";
/// The tag that consoles show as the name of a resource.
pub const NAME: &str = "Name";

/// The tags that every resource gets from archgen.
const OWN: &[&str] = &[ARCHITECTURE, ENVIRONMENT, MANAGED_BY, NAME];

/// The tags of a resource, archgen's own included.
/// <https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html>
pub const MOST: usize = 50;
/// The characters of a key.
pub const LONGEST_KEY: usize = 128;
/// The characters of a value.
pub const LONGEST_VALUE: usize = 256;

/// The tags that a declaration gives its resources: `{ team: "payments", "data-class": "restricted" }`.
#[derive(Clone, PartialEq)]
pub struct Tags(pub Vec<Named<TagText>>);

/// The value of a tag: text that is known when the architecture is built.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagText(pub String);

impl fmt::Debug for Tags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}

impl fmt::Debug for TagText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FieldType for TagText {
    fn expected() -> String {
        "text in quotes".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_text() {
            Some(it) => Value::Literal(TagText(it.to_string())),
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

impl FieldType for Tags {
    fn expected() -> String {
        "a record of tags such as `{ team: \"payments\" }`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        if node.as_record().is_none() {
            return reader.wrong(node, &Self::expected());
        }
        Map::<TagText>::read(node, reader).map(|it| {
            check(&it.0, node.loc, reader);
            Tags(it.0)
        })
    }
}

impl<K: AsRef<str>, V: AsRef<str>> IntoNode for BTreeMap<K, V> {
    fn node(&self, loc: Loc) -> Node {
        let entry = |(key, value): (&K, &V)| Entry {
            name: key.as_ref().to_string(),
            loc,
            value: value.as_ref().node(loc),
        };
        Node::new(NodeKind::Record(self.iter().map(entry).collect()), loc)
    }
}

impl<K: AsRef<str>, V: AsRef<str>> FieldValue<Tags> for BTreeMap<K, V> {}

/// Checks the tags of a declaration against AWS's rules.
fn check(tags: &[Named<TagText>], loc: Loc, reader: &mut Reader<'_>) {
    let room = MOST - OWN.len();
    if let Some(first) = tags.get(room) {
        let loc = if first.loc.is_known() { first.loc } else { loc };
        wrong(
            reader,
            loc,
            format!("{} tags are more than the {room} that there is room for", tags.len()),
            format!("a resource has at most {MOST}, and archgen adds {}", listed(OWN)),
        );
    }
    for (position, tag) in tags.iter().enumerate() {
        let alike = tags[..position].iter().find(|it| same_letters(&it.name, &tag.name));
        if let Some((message, help)) = wrong_key(&tag.name, alike) {
            wrong(reader, tag.loc, message, help);
        }
        if let Some(value) = tag.field.literal()
            && let Some((message, help)) = wrong_value(&tag.name, &value.0)
        {
            wrong(reader, tag.field.loc, message, help);
        }
    }
}

/// What is wrong with a key, and what to do.
fn wrong_key(key: &str, alike: Option<&Named<TagText>>) -> Option<(String, String)> {
    let length = key.chars().count();
    if key.is_empty() {
        return Some((
            "the key of a tag is empty".to_string(),
            format!("give it 1 to {LONGEST_KEY} characters"),
        ));
    }
    if length > LONGEST_KEY {
        return Some((
            format!("the key of a tag has {length} characters"),
            format!("give it at most {LONGEST_KEY}"),
        ));
    }
    if let Some(it) = key.chars().find(|it| !allowed(*it)) {
        return Some((format!("the key `{key}` of a tag holds {it:?}"), ALLOWED.to_string()));
    }
    if reserved(key) {
        return Some((
            format!("the key `{key}` of a tag starts with `aws:`"),
            "AWS keeps that prefix for itself".to_string(),
        ));
    }
    if let Some(own) = OWN.iter().find(|it| same_letters(it, key)) {
        return Some((
            format!("the tag `{key}` is one that archgen sets{}", spelled(own, key)),
            format!("take another key: every resource has {} already", listed(OWN)),
        ));
    }
    alike.map(|it| {
        (
            format!("the tags `{}` and `{key}` differ only in capitals", it.name),
            "keep one of them: IAM takes both for one key".to_string(),
        )
    })
}

/// What is wrong with a value, and what to do.
fn wrong_value(key: &str, value: &str) -> Option<(String, String)> {
    let length = value.chars().count();
    if length > LONGEST_VALUE {
        return Some((
            format!("the tag `{key}` has {length} characters"),
            format!("give it at most {LONGEST_VALUE}"),
        ));
    }
    if let Some(it) = value.chars().find(|it| !allowed(*it)) {
        return Some((format!("the tag `{key}` holds {it:?}"), ALLOWED.to_string()));
    }
    reserved(value).then(|| {
        (
            format!("the value `{value}` of the tag `{key}` starts with `aws:`"),
            "AWS keeps that prefix for itself".to_string(),
        )
    })
}

/// AG0109: AWS does not take a tag.
fn wrong(reader: &mut Reader<'_>, loc: Loc, message: String, help: String) {
    reader.push(Diagnostic::new(Code::AG0109, loc, message).help(help));
}

/// What the characters of tags can be, for messages.
const ALLOWED: &str = "use letters, digits, spaces and `+ - = . _ : / @`";

/// Whether every service takes the character; EC2 alone would take any.
fn allowed(it: char) -> bool {
    it.is_alphanumeric() || (it.is_whitespace() && !it.is_control()) || "+-=._:/@".contains(it)
}

/// Whether AWS keeps keys and values that start like this for itself.
fn reserved(text: &str) -> bool {
    text.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("aws:"))
}

/// Whether two keys are one for IAM, which does not tell capitals from small letters.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html>
fn same_letters(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

/// How archgen spells a key that was written in other letters.
fn spelled(own: &str, key: &str) -> String {
    if own == key { String::new() } else { format!(", as `{own}`") }
}

/// "`a`, `b` and `c`".
fn listed(all: &[&str]) -> String {
    let all: Vec<String> = all.iter().map(|it| format!("`{it}`")).collect();
    match all.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some(_) | None => all.join(""),
    }
}

/// What `tagged("team" => "payments")` and `tagged("team")` ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Selector {
    key: Field<TagText>,
    /// None for any value.
    value: Option<Field<TagText>>,
}

impl Selector {
    /// The selector that a call of `tagged` says; none where it is no such call.
    pub fn read(node: &Node, reader: &mut Reader<'_>) -> Option<Value<Selector>> {
        let Some(("tagged", arguments)) = node.as_call() else { return None };
        Some(match arguments {
            [one] => Value::Literal(match one.as_pair() {
                Some((key, value)) => {
                    Selector { key: reader.read(key), value: Some(reader.read(value)) }
                }
                None => Selector { key: reader.read(one), value: None },
            }),
            _ => reader.wrong(node, "one tag: `tagged(\"team\" => \"payments\")`"),
        })
    }

    /// "the tag `team`", "the tag `team` = `payments`".
    fn describe(&self) -> String {
        let text = |it: &Field<TagText>| it.literal().map_or("?".to_string(), |it| it.0.clone());
        match &self.value {
            Some(value) => format!("the tag `{}` = `{}`", text(&self.key), text(value)),
            None => format!("the tag `{}`", text(&self.key)),
        }
    }
}

/// A declaration that a selector may mean.
#[derive(Clone, Debug)]
struct Carrier {
    kind: Kind,
    name: String,
    tags: Field<Tags>,
    /// Whether it certainly has a place on a side of a connection.
    stands: bool,
}

/// Which declarations carry which tags.
#[derive(Clone, Debug, Default)]
pub struct Carriers {
    all: Vec<Carrier>,
    /// Whether there may be more declarations than are known here.
    open: bool,
}

/// A declaration and the tag by which it was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The tag, at its value.
    pub tag: Named<TagText>,
}

impl Carriers {
    /// The carriers among the declarations; `open` if there may be more.
    pub fn new(declarations: &[Declaration], open: bool) -> Carriers {
        let carrier = |it: &Declaration| {
            let meta = it.meta();
            let tags = meta.tags.clone()?;
            let stands = stands(it);
            let carrier =
                |stands| Carrier { kind: it.kind(), name: meta.name.clone(), tags, stands };
            (stands != Some(false)).then(|| carrier(stands == Some(true)))
        };
        Carriers { all: declarations.iter().filter_map(carrier).collect(), open }
    }

    /// The declarations that a selector means on the side `from` or `to`, and whether there may be more.
    pub fn select(
        &self,
        node: &Node,
        selector: &Selector,
        reader: &mut Reader<'_>,
    ) -> (Vec<Found>, bool) {
        let Some(key) = selector.key.literal() else { return (Vec::new(), true) };
        let wanted = match &selector.value {
            Some(it) => match it.literal() {
                Some(it) => Some(it),
                None => return (Vec::new(), true),
            },
            None => None,
        };
        let connects = reader.field() == "from";
        let mut found = Vec::new();
        let mut more = self.open;
        for it in self.all.iter().filter(|it| !connects || opens_connections(it.kind)) {
            let Some(tags) = it.tags.literal() else {
                more = true;
                continue;
            };
            let Some(tag) = tags.0.iter().find(|it| it.name == key.0) else { continue };
            match (wanted, tag.field.literal()) {
                (None, _) => {}
                (Some(wanted), Some(value)) if value == wanted => {}
                (Some(_), Some(_)) => continue,
                (Some(_), None) => {
                    more = true;
                    continue;
                }
            }
            if !it.stands {
                more = true;
                continue;
            }
            found.push(Found { kind: it.kind, name: it.name.clone(), tag: tag.clone() });
        }
        if found.is_empty() && !more {
            self.nothing(node, selector, connects, reader);
            // What is wrong has been reported: nothing is to follow from there being nobody.
            more = true;
        }
        (found, more)
    }

    /// AG0110: no declaration carries the tag.
    fn nothing(&self, node: &Node, selector: &Selector, connects: bool, reader: &mut Reader<'_>) {
        let key = selector.key.literal().map_or("", |it| it.0.as_str());
        let tags = || self.all.iter().filter_map(|it| it.tags.literal()).flat_map(|it| &it.0);
        let mut values: Vec<&str> = tags()
            .filter(|it| it.name == key)
            .filter_map(|it| it.field.literal())
            .map(|it| it.0.as_str())
            .collect();
        let mut keys: Vec<&str> = tags().map(|it| it.name.as_str()).collect();
        for all in [&mut values, &mut keys] {
            all.sort_unstable();
            all.dedup();
        }
        let who =
            if connects { "no declaration that can connect has" } else { "no declaration has" };
        let mut diagnostic =
            Diagnostic::new(Code::AG0110, node.loc, format!("{who} {}", selector.describe()));
        let wanted = selector.value.as_ref().and_then(Field::literal);
        let (loc, help) = match wanted {
            Some(wanted) if !values.is_empty() && !values.contains(&wanted.0.as_str()) => {
                (selector.value.as_ref().map(|it| it.loc), suggest::did_you_mean(&wanted.0, values))
            }
            Some(_) | None if keys.is_empty() => {
                (None, Some("give declarations tags: `tags: { team: \"payments\" }`".to_string()))
            }
            Some(_) | None if keys.contains(&key) => {
                (None, Some("buckets and secrets, which have it, open no connections".to_string()))
            }
            Some(_) | None => (Some(selector.key.loc), suggest::did_you_mean(key, keys)),
        };
        if let Some(loc) = loc.filter(|it| it.is_known()) {
            diagnostic.loc = loc;
        }
        reader.push(diagnostic.maybe_help(help));
    }
}

/// Whether a declaration has a place on a side of a connection; none if that is not known.
fn stands(declaration: &Declaration) -> Option<bool> {
    match declaration {
        // On Fargate only its services stand somewhere.
        Declaration::EcsCluster(it) => it.capacity.literal().map(|_| it.has_instances()),
        Declaration::Vpc(_)
        | Declaration::SecurityGroup(_)
        | Declaration::Alb(_)
        | Declaration::EcsService(_)
        | Declaration::EksCluster(_)
        | Declaration::RdsPostgres(_)
        | Declaration::Redis(_)
        | Declaration::Efs(_)
        | Declaration::S3Bucket(_)
        | Declaration::Secret(_)
        | Declaration::Namespace(_)
        | Declaration::ClusterAddons(_)
        | Declaration::K8sService(_)
        | Declaration::Param(_)
        | Declaration::NetworkAcl(_)
        | Declaration::VpcPeering(_)
        | Declaration::Certificate(_)
        | Declaration::EcrRepository(_)
        | Declaration::BackupPlan(_)
        | Declaration::SnsTopic(_)
        | Declaration::TenantPool(_)
        | Declaration::Budget(_)
        | Declaration::WebAcl(_)
        | Declaration::CloudFront(_)
        | Declaration::HostedZone(_)
        | Declaration::DnsRecord(_)
        | Declaration::KmsKey(_)
        | Declaration::Alarm(_)
        | Declaration::Dashboard(_)
        | Declaration::Objectives(_)
        | Declaration::Terraform(_)
        | Declaration::Connect(_)
        | Declaration::Allow(_)
        | Declaration::Deny(_) => Some(declaration.kind().can_be_peer()),
    }
}

/// Whether what a declaration makes opens connections itself.
fn opens_connections(kind: Kind) -> bool {
    !matches!(kind, Kind::S3Bucket | Kind::Secret)
}

#[cfg(test)]
mod tests;
