//! DNS zones and records.

use archgen_core::resource::Resource;
use archgen_core::resource::route53::{HostedZone, RecordAnswer, RecordKind, RecordSet};
use archgen_core::value::{Text, Value};

use super::expr::{Expr, Object};
use super::writer::{Writer, map_value, text_value, value};
use crate::spelling::txt_strings;

impl Writer<'_> {
    pub(super) fn hosted_zone(&self, resource: &Resource, it: &HostedZone) -> Object {
        Object::new()
            .with("HostedZoneConfig", Object::new().with("Comment", self.text(&it.comment)))
            .with("HostedZoneTags", self.tags(resource))
            .with("Name", self.text(&it.domain))
    }

    pub(super) fn record_set(&self, it: &RecordSet) -> Object {
        let kind = map_value(&it.kind, |it| Expr::from(it.as_str()));
        let all = Object::new()
            .with("HostedZoneId", self.id(&it.zone))
            .with("Name", self.text(&it.name))
            .with("Type", kind);
        let all = match &it.answer {
            RecordAnswer::Alias { dns_name, hosted_zone, evaluate_health } => {
                let target = Object::new()
                    .with("DNSName", self.text(dns_name))
                    .with("EvaluateTargetHealth", *evaluate_health)
                    .with("HostedZoneId", self.text(hosted_zone));
                all.with("AliasTarget", target)
            }
            RecordAnswer::Values { values, ttl } => {
                let values = values.iter().map(|value| self.answer(&it.kind, value)).collect();
                all.with("ResourceRecords", Expr::List(values)).with("TTL", text_value(ttl))
            }
        };
        match &it.weight {
            Some((weight, name)) => {
                all.with("SetIdentifier", name.as_str()).with("Weight", value(weight))
            }
            None => all,
        }
    }

    /// A value; text is in quotes, in strings of 255 characters.
    fn answer(&self, kind: &Value<RecordKind>, value: &Text) -> Expr {
        if kind.literal() != Some(&RecordKind::Txt) {
            return self.text(value);
        }
        match value.as_literal() {
            Some(it) => Expr::from(format!("\"{}\"", txt_strings(&it))),
            None => Expr::concat([Expr::from("\""), self.text(value), Expr::from("\"")]),
        }
    }
}
