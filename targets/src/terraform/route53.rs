//! DNS zones and records.

use archgen_core::resource::Resource;
use archgen_core::resource::route53::{HostedZone, RecordAnswer, RecordKind, RecordSet};
use archgen_core::value::{Text, Value};

use super::expr::{Expr, Object};
use super::module::Module;
use super::writer::{Writer, map_value, value};
use crate::spelling::txt_strings;

impl Writer<'_> {
    pub(super) fn hosted_zone(&self, resource: &Resource, it: &HostedZone, out: &mut Module) {
        let body = Object::new()
            .with("comment", self.text(&it.comment))
            .with("name", self.text(&it.domain))
            .with("tags", self.tags(resource));
        // Another zone has other name servers: the domain is gone until they stand at its registrar.
        out.add(self.store(resource, body));
    }

    pub(super) fn record_set(&self, resource: &Resource, it: &RecordSet, out: &mut Module) {
        let kind = map_value(&it.kind, |it| Expr::from(it.as_str()));
        let body = match &it.answer {
            RecordAnswer::Alias { dns_name, hosted_zone, evaluate_health } => {
                let target = Object::new()
                    .with("evaluate_target_health", *evaluate_health)
                    .with("name", self.text(dns_name))
                    .with("zone_id", self.text(hosted_zone));
                Object::new().with("alias", target)
            }
            RecordAnswer::Values { values, ttl } => {
                let values = values.iter().map(|value| self.answer(&it.kind, value)).collect();
                Object::new().with("records", Expr::List(values)).with("ttl", value(ttl))
            }
        };
        let body = body.with("name", self.text(&it.name));
        let body = match &it.weight {
            Some((weight, name)) => {
                let policy = Object::new().with("weight", value(weight));
                body.with("set_identifier", name.as_str()).with("weighted_routing_policy", policy)
            }
            None => body,
        };
        let body = body.with("type", kind).with("zone_id", self.id(&it.zone));
        out.add(self.block(resource, body));
    }

    /// A value; the provider puts text in quotes.
    fn answer(&self, kind: &Value<RecordKind>, value: &Text) -> Expr {
        match value.as_literal() {
            Some(it) if kind.literal() == Some(&RecordKind::Txt) => Expr::from(txt_strings(&it)),
            Some(_) | None => self.text(value),
        }
    }
}
