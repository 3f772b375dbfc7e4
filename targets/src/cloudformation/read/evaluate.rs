//! Evaluates the values of a template: intrinsic functions against parameters, mappings, conditions
//! and the other resources. What cannot be known says why.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use archgen_core::Loc;

use super::attributes::{is_identity, mirrored};
use super::cidr;
use super::stack::{Stacks, section};
use super::text;
use crate::read::data::{Data, DataKind, Reference, Unknown, shortened};
use crate::read::document::{Node, NodeKind};

/// How deep values may refer to values, over parameters, conditions and attributes.
pub(super) const DEEPEST: u32 = 150;
/// How many values a function may give.
const LARGEST: usize = 20_000;
/// Why something was not evaluated that could be.
const TOO_MUCH: &str = "the template takes too much work to evaluate";

/// An answer that may not be known.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Truth {
    /// Certainly.
    Yes,
    /// Certainly not.
    No,
    /// Not known, and why.
    Unknown(String),
}

impl Truth {
    /// Whether all hold: one `No` decides, whatever else is not known.
    pub(super) fn all(all: impl IntoIterator<Item = Truth>) -> Truth {
        let mut answer = Truth::Yes;
        for it in all {
            match it {
                Truth::Yes => {}
                Truth::No => return Truth::No,
                Truth::Unknown(why) => answer = Truth::Unknown(why),
            }
        }
        answer
    }

    /// The opposite.
    pub(super) fn not(self) -> Truth {
        match self {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            Truth::Unknown(why) => Truth::Unknown(why),
        }
    }
}

impl Stacks<'_> {
    /// A value of a stack's template.
    pub(super) fn value(&self, stack: usize, node: &Node) -> Data {
        if self.depth.get() > DEEPEST {
            return Data::unknown(node.loc, "values refer to values too deeply, or to themselves");
        }
        if !self.take(1) {
            return Data::unknown(node.loc, TOO_MUCH);
        }
        self.depth.set(self.depth.get() + 1);
        let it = self.value_within(stack, node);
        self.depth.set(self.depth.get() - 1);
        it
    }

    /// Takes from the work that is left; false if there is not enough.
    pub(super) fn take(&self, work: usize) -> bool {
        let left = self.fuel.get().checked_sub(work as u64);
        self.fuel.set(left.unwrap_or_default());
        left.is_some()
    }

    fn value_within(&self, stack: usize, node: &Node) -> Data {
        let loc = node.loc;
        match &node.kind {
            NodeKind::Null => Data::unknown(loc, "`null` is no value in a template"),
            NodeKind::Bool(it) => Data::new(loc, DataKind::Bool(*it)),
            NodeKind::Number(it) => Data::new(loc, DataKind::Number(it.clone())),
            NodeKind::Text(it) => self.plain_text(loc, it),
            NodeKind::List(items) => {
                let items = items.iter().map(|it| self.value(stack, it));
                Data::new(loc, DataKind::List(items.filter(|it| !it.is_absent()).collect()))
            }
            NodeKind::Map(entries) => {
                if let [entry] = entries.as_slice()
                    && (entry.key == "Ref" || entry.key.starts_with("Fn::"))
                {
                    return self.function(stack, loc, &entry.key, &entry.value);
                }
                let entries =
                    entries.iter().map(|it| (it.key.clone(), self.value(stack, &it.value)));
                Data::new(loc, DataKind::Map(entries.filter(|it| !it.1.is_absent()).collect()))
            }
        }
    }

    /// Text that is no function; references to Secrets Manager and Systems Manager stay unknown.
    /// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
    pub(super) fn plain_text(&self, loc: Loc, text: &str) -> Data {
        if !self.take(text.len() / 16) {
            return Data::unknown(loc, TOO_MUCH);
        }
        if text.contains("{{resolve:") {
            let why = format!("`{}` is resolved when deploying", shortened(text));
            return Data::from_source(loc, why, text.to_string());
        }
        Data::text(loc, text)
    }

    /// What a function gives. Its size is work too: a few functions may repeat a large value often.
    fn function(&self, stack: usize, loc: Loc, name: &str, argument: &Node) -> Data {
        let it = self.function_within(stack, loc, name, argument);
        let size = it.size();
        if size <= LARGEST && self.take(size) { it } else { Data::unknown(loc, TOO_MUCH) }
    }

    fn function_within(&self, stack: usize, loc: Loc, name: &str, argument: &Node) -> Data {
        match name {
            "Ref" => match argument.text() {
                Some(name) => self.reference(stack, loc, name),
                None => wrong(loc, name, "expects a name"),
            },
            "Fn::GetAtt" => self.get_att(stack, loc, argument),
            "Fn::Sub" => text::sub(self, stack, loc, argument),
            "Fn::Join" => text::join(self, stack, loc, argument),
            "Fn::Split" => text::split(self, stack, loc, argument),
            "Fn::Base64" => text::base64(loc, &self.value(stack, argument)),
            "Fn::Select" => self.select(stack, loc, argument),
            "Fn::Cidr" => cidr::cidr(self, stack, loc, argument),
            "Fn::GetAZs" => self.zones(loc, &self.value(stack, argument)),
            "Fn::If" => self.choose(stack, loc, argument),
            "Fn::FindInMap" => self.find_in_map(stack, loc, argument),
            "Fn::Length" => length(loc, &self.value(stack, argument)),
            "Fn::ImportValue" => {
                let of = self.value(stack, argument);
                let known = of.as_text().and_then(|it| self.exports.get(it));
                if let Some(&(from, at)) = known {
                    return self.exported_value(loc, from, at);
                }
                let name = of.as_text().map_or_else(|| format!("{:?}", of.kind), str::to_string);
                let why = format!("{} is what another stack exports", of.what());
                Data::from_source(loc, why, format!("Fn::ImportValue {name}"))
            }
            // Truth in a value: CloudFormation takes it only in `Conditions`, but it harms nobody.
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => {
                match self.truth_of(stack, name, argument) {
                    Truth::Yes => Data::new(loc, DataKind::Bool(true)),
                    Truth::No => Data::new(loc, DataKind::Bool(false)),
                    Truth::Unknown(why) => Data::unknown(loc, why),
                }
            }
            "Fn::Transform" => Data::unknown(loc, "a macro decides it when deploying"),
            _ => Data::unknown(loc, format!("`{name}` is not read")),
        }
    }

    /// `Ref`: a pseudo parameter, a parameter, or a resource.
    pub(super) fn reference(&self, stack: usize, loc: Loc, name: &str) -> Data {
        if let Some(name) = name.strip_prefix("AWS::") {
            return self.pseudo(loc, name);
        }
        if let Some(it) = self.parameter(stack, loc, name) {
            return it;
        }
        self.resource(stack, loc, name, None)
    }

    fn pseudo(&self, loc: Loc, name: &str) -> Data {
        let region = self.options.region.as_deref();
        let partition = region.and_then(|region| match region {
            it if it.starts_with("cn-") => Some(("aws-cn", "amazonaws.com.cn")),
            it if it.starts_with("us-gov-") => Some(("aws-us-gov", "amazonaws.com")),
            // Their names are not public knowledge.
            it if it.starts_with("us-iso")
                || it.starts_with("eu-iso")
                || it.starts_with("eusc") =>
            {
                None
            }
            _ => Some(("aws", "amazonaws.com")),
        });
        let known = match name {
            "NoValue" => return Data::new(loc, DataKind::Absent),
            "Region" => region,
            "AccountId" => self.options.account_id.as_deref(),
            "Partition" => partition.map(|it| it.0),
            "URLSuffix" => partition.map(|it| it.1),
            "StackName" | "StackId" | "NotificationARNs" => None,
            _ => return Data::unknown(loc, format!("there is no pseudo parameter `AWS::{name}`")),
        };
        match known {
            Some(it) => Data::text(loc, it),
            None => {
                let source = format!("AWS::{name}");
                Data::from_source(loc, format!("`{source}` is known when deploying"), source)
            }
        }
    }

    /// A resource or an attribute of one.
    pub(super) fn resource(
        &self,
        stack: usize,
        loc: Loc,
        logical: &str,
        attribute: Option<&str>,
    ) -> Data {
        let Some(it) = self.find(stack, logical) else {
            return Data::unknown(loc, format!("there is no resource or parameter `{logical}`"));
        };
        if it.exists == Truth::No {
            return Data::unknown(loc, format!("`{logical}` does not exist under its condition"));
        }
        let whole = Reference { resource: it.name.clone(), attribute: None, index: None };
        let Some(attribute) = attribute else {
            return Data::new(loc, DataKind::Reference(whole));
        };
        if it.kind == "AWS::CloudFormation::Stack"
            && let Some(output) = attribute.strip_prefix("Outputs.")
        {
            return self.output(stack, loc, logical, output);
        }
        if is_identity(&it.kind, attribute) {
            return Data::new(loc, DataKind::Reference(whole));
        }
        if let Some(property) = mirrored(&it.kind, attribute) {
            let key = (stack, logical.to_string(), property.to_string());
            let known = self.mirrored.borrow().get(&key).cloned();
            let value = match known {
                Some(Some(it)) => it,
                Some(None) => return Data::unknown(loc, format!("`{logical}` refers to itself")),
                None => {
                    self.mirrored.borrow_mut().insert(key.clone(), None);
                    let value = self.property(&it, property);
                    self.mirrored.borrow_mut().insert(key, Some(value.clone()));
                    value
                }
            };
            if !value.is_absent() {
                return Data { loc, ..value };
            }
        }
        Data::new(
            loc,
            DataKind::Reference(Reference { attribute: Some(attribute.to_string()), ..whole }),
        )
    }

    /// What a nested stack gives.
    fn output(&self, stack: usize, loc: Loc, logical: &str, output: &str) -> Data {
        let nested = match self.all[stack].nested.get(logical) {
            Some(Ok(it)) => *it,
            other => {
                let why = match other {
                    Some(Err(why)) => format!("the nested stack `{logical}` is not read: {why}"),
                    Some(Ok(_)) | None => format!("the nested stack `{logical}` is not read"),
                };
                let source = format!("{}{logical}.Outputs.{output}", self.all[stack].prefix);
                return Data::from_source(loc, why, source);
            }
        };
        let outputs = section(&self.all[nested].template, "Outputs");
        let Some(entry) = outputs.iter().find(|it| it.key == output) else {
            return Data::unknown(loc, format!("the stack `{logical}` has no output `{output}`"));
        };
        let exists = match entry.value.get("Condition").and_then(Node::text) {
            Some(name) => self.condition(nested, name),
            None => Truth::Yes,
        };
        match (entry.value.get("Value"), exists) {
            (_, Truth::No) => Data::unknown(
                loc,
                format!("the output `{output}` does not exist under its condition"),
            ),
            (Some(value), Truth::Yes | Truth::Unknown(_)) => {
                Data { loc, ..self.value(nested, value) }
            }
            (None, _) => Data::unknown(loc, format!("the output `{output}` has no value")),
        }
    }

    /// What a stack exports.
    fn exported_value(&self, loc: Loc, stack: usize, at: usize) -> Data {
        let value = section(&self.all[stack].template, "Outputs").get(at);
        match value.and_then(|it| it.value.get("Value")) {
            Some(it) => Data { loc, ..self.value(stack, it) },
            None => Data::unknown(loc, "what is exported has no value"),
        }
    }

    fn get_att(&self, stack: usize, loc: Loc, argument: &Node) -> Data {
        if let Some(both) = argument.text() {
            return match both.split_once('.') {
                Some((resource, attribute)) => self.resource(stack, loc, resource, Some(attribute)),
                None => wrong(loc, "Fn::GetAtt", "expects a resource and an attribute"),
            };
        }
        let Some([resource, attribute]) = argument.items() else {
            return wrong(loc, "Fn::GetAtt", "expects a resource and an attribute");
        };
        let Some(resource) = resource.text() else {
            return wrong(loc, "Fn::GetAtt", "expects the name of a resource");
        };
        let attribute = self.value(stack, attribute);
        match attribute.as_text() {
            Some(it) => self.resource(stack, loc, resource, Some(it)),
            None => Data::unknown(loc, attribute.what()),
        }
    }

    fn select(&self, stack: usize, loc: Loc, argument: &Node) -> Data {
        let Some([index, of]) = argument.items() else {
            return wrong(loc, "Fn::Select", "expects an index and a list");
        };
        let index = self.value(stack, index);
        let Some(index) = index.as_integer().and_then(|it| u32::try_from(it).ok()) else {
            return match index.as_text() {
                Some(it) => wrong(loc, "Fn::Select", &format!("cannot take number `{it}`")),
                None => Data::unknown(loc, index.what()),
            };
        };
        element(loc, &self.value(stack, of), index)
    }

    fn zones(&self, loc: Loc, region: &Data) -> Data {
        let own = match region.as_text() {
            Some("") => true,
            Some(it) => self.options.region.as_deref() == Some(it),
            None => matches!(
                &region.kind,
                DataKind::Unknown(Unknown { source: Some(it), .. }) if it == "AWS::Region"
            ),
        };
        if own {
            Data::new(loc, DataKind::Zones)
        } else {
            Data::unknown(loc, format!("which zones another Region has: {}", region.what()))
        }
    }

    fn choose(&self, stack: usize, loc: Loc, argument: &Node) -> Data {
        let Some([condition, yes, no]) = argument.items() else {
            return wrong(loc, "Fn::If", "expects a condition and two values");
        };
        let Some(name) = condition.text() else {
            return wrong(loc, "Fn::If", "expects the name of a condition");
        };
        match self.condition(stack, name) {
            Truth::Yes => self.value(stack, yes),
            Truth::No => self.value(stack, no),
            Truth::Unknown(why) => {
                let (yes, no) = (self.value(stack, yes), self.value(stack, no));
                Data::either(loc, why, yes, no)
            }
        }
    }

    fn find_in_map(&self, stack: usize, loc: Loc, argument: &Node) -> Data {
        let (Some(items), name) = (argument.items(), "Fn::FindInMap") else {
            return wrong(loc, "Fn::FindInMap", "expects a map and two keys");
        };
        let (keys, default) = match items {
            [map, first, second] => ([map, first, second], None),
            [map, first, second, more] => match more.get("DefaultValue") {
                Some(default) => ([map, first, second], Some(default)),
                None => return wrong(loc, name, "takes a `DefaultValue` as its fourth"),
            },
            _ => return wrong(loc, name, "expects a map and two keys"),
        };
        let keys = keys.map(|it| self.value(stack, it));
        if let Some(it) = keys.iter().find(|it| it.as_text().is_none()) {
            return Data::unknown(loc, it.what());
        }
        let keys = keys.each_ref().map(|it| it.as_text().unwrap_or_default());
        let [map, first, second] = keys;
        let maps = self.all[stack].template.get("Mappings");
        let found = maps
            .and_then(|it| it.get(map))
            .and_then(|it| it.get(first))
            .and_then(|it| it.get(second));
        match (found, default) {
            (Some(it), _) => Data { loc, ..self.value(stack, it) },
            (None, Some(default)) => self.value(stack, default),
            (None, None) => {
                Data::unknown(loc, format!("no mapping has `{map}`, `{first}`, `{second}`"))
            }
        }
    }
}

/// A function that is not used as it is meant to be.
pub(super) fn wrong(loc: Loc, function: &str, why: &str) -> Data {
    Data::unknown(loc, format!("`{function}` {why}"))
}

/// Whether a value may turn out not to be there.
fn may_be_absent(it: &Data) -> bool {
    match &it.kind {
        DataKind::Absent => true,
        DataKind::Either(_, yes, no) => may_be_absent(yes) || may_be_absent(no),
        DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::List(_)
        | DataKind::Map(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Unknown(_) => false,
    }
}

/// The element of a list.
fn element(loc: Loc, of: &Data, index: u32) -> Data {
    let at = index as usize;
    match of.kind.clone() {
        DataKind::List(items) => {
            if let Some(it) = items.iter().take(at + 1).find(|it| may_be_absent(it)) {
                return Data::unknown(loc, it.what());
            }
            let count = items.len();
            match items.into_iter().nth(at) {
                Some(it) => Data { loc, ..it },
                None => wrong(loc, "Fn::Select", &format!("takes number {index} of {count}")),
            }
        }
        DataKind::Zones => Data::new(loc, DataKind::Zone(index)),
        DataKind::Reference(it) if it.attribute.is_some() && it.index.is_none() => {
            Data::new(loc, DataKind::Reference(Reference { index: Some(index), ..it }))
        }
        DataKind::Either(why, yes, no) => {
            let (yes, no) = (element(loc, &yes, index), element(loc, &no, index));
            Data::either(loc, why, yes, no)
        }
        DataKind::Unknown(it) => {
            let source = it.source.map(|it| format!("{it}[{index}]"));
            Data::new(loc, DataKind::Unknown(Unknown { why: it.why, source }))
        }
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Composed(_)
        | DataKind::Map(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Part(_) => {
            wrong(loc, "Fn::Select", &format!("expects a list, not {}", of.what()))
        }
    }
}

/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html>
fn length(loc: Loc, of: &Data) -> Data {
    match &of.kind {
        DataKind::List(items) => match items.iter().find(|it| may_be_absent(it)) {
            Some(it) => Data::unknown(loc, it.what()),
            None => Data::new(loc, DataKind::Number(items.len().to_string())),
        },
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Map(_) => {
            wrong(loc, "Fn::Length", &format!("expects a list, not {}", of.what()))
        }
        DataKind::Composed(_)
        | DataKind::Reference(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Part(_)
        | DataKind::Either(..)
        | DataKind::Unknown(_) => Data::unknown(loc, of.what()),
    }
}

#[cfg(test)]
#[path = "evaluate_tests.rs"]
mod tests;
