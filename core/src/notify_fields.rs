//! Who is told: the values of `notify` in `alarm!` and `budget!`, and of `subscriptions` in `sns_topic!`.

use crate::declare::{Handle, Kind, Member, Param, SnsTopic};
use crate::field::{FieldType, FieldValue, Reader};
use crate::node::{Node, Reference};
use crate::types::{FromText, Scalar};
use crate::value::{Field, Part, Text, Value};

/// The ARN of a topic, or the topic itself.
#[derive(Clone, PartialEq)]
pub struct TopicArn(pub Text);

impl std::fmt::Debug for TopicArn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl Scalar for TopicArn {}
impl FromText for TopicArn {}

impl FieldType for TopicArn {
    fn expected() -> String {
        "an `sns_topic!`, or the ARN of a topic".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_reference() {
            Some(it) if it.kind == Kind::SnsTopic && it.member.is_none() => {
                Value::Literal(TopicArn(whole(it, "arn")))
            }
            Some(it) if it.kind != Kind::Param && it.member.is_none() => {
                reader.wrong_reference(node, &Self::expected())
            }
            Some(_) | None => Text::read(node, reader).map(TopicArn),
        }
    }
}

/// What a declaration offers, where only its name is written.
pub(crate) fn whole(it: &Reference, member: &str) -> Text {
    Text(vec![Part::Member(Reference { member: Some(member.to_string()), ..it.clone() })])
}

impl FieldValue<TopicArn> for Handle<SnsTopic> {}
impl FieldValue<TopicArn> for Member {}

impl TopicArn {
    /// Its text, or what it stands for.
    pub fn text(field: &Field<TopicArn>) -> Field<Text> {
        Field { value: field.value.map_ref(|it| it.0.clone()), loc: field.loc }
    }
}

crate::words! {
    /// How a topic delivers its messages.
    DeliveryProtocol: "ways to deliver" {
        /// By e-mail, once its receiver has confirmed it.
        Email = "email",
        /// By a request to a URL, which must confirm it.
        Https = "https",
    }
}

/// `Email("…")` or `Https("…")`: where a topic's messages go.
#[derive(Clone, Debug, PartialEq)]
pub struct SubscriptionField {
    /// How.
    pub protocol: DeliveryProtocol,
    /// The address.
    pub address: Field<Text>,
}

impl FieldType for SubscriptionField {
    fn expected() -> String {
        "`Email(\"ops@example.com\")` or `Https(\"https://example.com/alerts\")`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some((word, arguments)) = node.as_call() else {
            return reader.wrong(node, &Self::expected());
        };
        let Some(protocol) = DeliveryProtocol::ALL.iter().find(|it| it.word() == word) else {
            let known: Vec<&str> = DeliveryProtocol::ALL.iter().map(|it| it.word()).collect();
            return reader.unknown_word(node.loc, word, &known);
        };
        match arguments {
            [address] => Value::Literal(SubscriptionField {
                protocol: *protocol,
                address: reader.read(address),
            }),
            _ => reader.wrong(node, &Self::expected()),
        }
    }
}

/// Who a budget tells.
#[derive(Clone, Debug, PartialEq)]
pub enum Recipient {
    /// A topic, by its ARN.
    Topic(Text),
    /// An e-mail address.
    Email(Field<Text>),
}

impl FieldType for Recipient {
    fn expected() -> String {
        "an `sns_topic!`, the ARN of a topic, or `Email(\"finance@example.com\")`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_call() {
            Some(("Email", [address])) => Value::Literal(Recipient::Email(reader.read(address))),
            Some(("Email", _)) => reader.wrong(node, &Self::expected()),
            Some((word, _)) if word != "concat" => reader.unknown_word(node.loc, word, &["Email"]),
            Some(_) | None => match node.as_reference() {
                Some(it) if !matches!(it.kind, Kind::SnsTopic | Kind::Param) => {
                    reader.wrong_reference(node, &Self::expected())
                }
                Some(_) | None => match TopicArn::read(node, reader) {
                    Value::Literal(it) => Value::Literal(Recipient::Topic(it.0)),
                    Value::Parameter(name) => {
                        Value::Literal(Recipient::Topic(Text::parameter(name)))
                    }
                    Value::Unknown => Value::Unknown,
                },
            },
        }
    }
}

impl FieldValue<Recipient> for str {}
impl FieldValue<Recipient> for String {}
impl FieldValue<Recipient> for Handle<SnsTopic> {}
impl FieldValue<Recipient> for Handle<Param> {}
impl FieldValue<Recipient> for Member {}
