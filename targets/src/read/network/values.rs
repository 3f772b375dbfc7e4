//! Single values of properties: blocks, numbers, truth, names of resources. What is not known is listed.

use archgen_core::types::{Cidr, Ipv4Cidr, Port};
use archgen_core::value::Value;
use ipnet::IpNet;

use super::{Item, Named, Reader};
use crate::read::cidr;
use crate::read::data::{Data, DataKind, Reference, Unknown};

impl<'a> Reader<'a> {
    /// Lists a value that is not known.
    pub(super) fn unknown(&mut self, item: &Item<'a>, what: &str, data: &Data) {
        self.note(data.loc, item, what, data.what());
    }

    /// A block of either family.
    pub(super) fn cidr(&mut self, item: &Item<'a>, what: &str, data: &Data) -> Value<Cidr> {
        let Some(text) = data.as_text() else {
            self.unknown(item, what, data);
            return Value::Unknown;
        };
        match cidr::parse(text) {
            Some(it) => Value::Literal(Cidr(it)),
            None => {
                self.note(data.loc, item, what, format!("`{text}` is not a CIDR block"));
                Value::Unknown
            }
        }
    }

    pub(super) fn ipv4(&mut self, item: &Item<'a>, what: &str, data: &Data) -> Value<Ipv4Cidr> {
        match self.cidr(item, what, data) {
            Value::Literal(Cidr(IpNet::V4(it))) => Value::Literal(Ipv4Cidr(it)),
            Value::Literal(Cidr(IpNet::V6(it))) => {
                self.note(data.loc, item, what, format!("{it} is not an IPv4 block"));
                Value::Unknown
            }
            Value::Parameter(_) | Value::Unknown => Value::Unknown,
        }
    }

    /// Truth, with what AWS takes where nothing is said.
    pub(super) fn truth(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
        default: bool,
    ) -> Value<bool> {
        if data.is_absent() {
            return Value::Literal(default);
        }
        match data.as_bool() {
            Some(it) => Value::Literal(it),
            None => {
                self.unknown(item, what, data);
                Value::Unknown
            }
        }
    }

    /// One word or another, such as `enable` or `disable`; letters count without their case.
    pub(super) fn word(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
        (yes, no): (&str, &str),
        default: bool,
    ) -> Value<bool> {
        if data.is_absent() {
            return Value::Literal(default);
        }
        match data.as_text() {
            Some(it) if it.eq_ignore_ascii_case(yes) => Value::Literal(true),
            Some(it) if it.eq_ignore_ascii_case(no) => Value::Literal(false),
            Some(_) | None => {
                self.unknown(item, what, data);
                Value::Unknown
            }
        }
    }

    pub(super) fn port(&mut self, item: &Item<'a>, what: &str, data: &Data) -> Value<Port> {
        match data.as_integer().and_then(|it| u16::try_from(it).ok()) {
            Some(it) if it > 0 => Value::Literal(Port(it)),
            Some(_) | None => {
                self.unknown(item, what, data);
                Value::Unknown
            }
        }
    }

    /// The resource that a value names; what is no resource of these types is listed.
    pub(super) fn named(
        &mut self,
        item: &Item<'a>,
        what: &str,
        data: &Data,
        kinds: &[&str],
    ) -> Named {
        if let Some(name) = data.as_resource() {
            let kind = self.items.get(name).map_or("", |it| it.kind());
            if kinds.contains(&kind) {
                return Named::Item(name.to_string());
            }
            self.note(data.loc, item, what, format!("`{name}` is of type `{kind}`"));
            return Named::Unknown;
        }
        match outside(data) {
            Some(source) => {
                let why = match data.as_text() {
                    Some(it) => format!("`{it}` is not in the template"),
                    None => data.what(),
                };
                self.note(data.loc, item, what, why);
                Named::Outside(source)
            }
            None => {
                self.unknown(item, what, data);
                Named::Unknown
            }
        }
    }
}

/// What would give the name of a resource that is not in the template.
pub(super) fn outside(data: &Data) -> Option<String> {
    if let DataKind::Text(it) = &data.kind {
        (!it.is_empty()).then(|| it.clone())
    } else if let DataKind::Unknown(Unknown { source, .. }) = &data.kind {
        source.clone()
    } else if let DataKind::Reference(Reference { resource, attribute: Some(attribute), index }) =
        &data.kind
    {
        // What a custom resource or a resource that is not read gives.
        let index = index.map(|it| format!("[{it}]")).unwrap_or_default();
        Some(format!("{resource}.{attribute}{index}"))
    } else {
        None
    }
}
