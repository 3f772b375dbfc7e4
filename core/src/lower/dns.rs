//! `hosted_zone!` and `dns_record!`.

use super::{Lower, attribute};
use crate::declare::dns_record::RecordTarget;
use crate::declare::{DnsRecord, HostedZone as HostedZoneDeclaration};
use crate::field::{DeclarationRef, Field};
use crate::resource::cloudfront::HOSTED_ZONE;
use crate::resource::route53::{RecordAnswer, RecordKind};
use crate::resource::{Attribute, HostedZone, RecordSet, Ref, ResourceId};
use crate::value::{Text, Value};

/// The zone of a `hosted_zone!`.
pub fn zone_id(name: &str) -> Ref<HostedZone> {
    Ref::new(ResourceId::new(&[name, "hosted_zone"]))
}

/// The zone behind a field.
pub fn zone_text(zone: &Field<DeclarationRef<HostedZoneDeclaration>>) -> Text {
    match &zone.value {
        Value::Literal(it) => zone_id(&it.name).attribute(Attribute::Id),
        Value::Parameter(name) => Text::parameter(name.clone()),
        Value::Unknown => Text::unknown(),
    }
}

/// Lowers a zone.
pub fn lower_zone(it: &HostedZoneDeclaration, cx: &mut Lower<'_>) {
    let name = it.meta.name.as_str();
    let comment = match &it.description {
        Some(it) => cx.field_text(it),
        None => Text::literal(format!("{} of {}", it.meta.identity(), cx.stem())),
    };
    let zone = HostedZone { domain: cx.field_text(&it.domain), comment };
    let zone = cx.add(&it.meta, &[name, "hosted_zone"], zone);
    cx.output(
        &[name, "id"],
        format!("The identifier of the hosted zone {name}"),
        zone.attribute(Attribute::Id),
    );
    cx.output(
        &[name, "name_servers"],
        format!("The name servers of {name}, for the domain's registrar or the zone above"),
        zone.attribute(Attribute::NameServers),
    );
}

/// The whole name of a record.
pub fn record_name(it: &DnsRecord, cx: &Lower<'_>) -> Text {
    match (&it.domain, cx.follow(&it.zone)) {
        (Some(name), _) => cx.field_text(name),
        (None, Some(zone)) => cx.field_text(&zone.domain),
        (None, None) => Text::unknown(),
    }
}

/// Lowers a record: one of each type that its target has addresses of.
pub fn lower_record(it: &DnsRecord, cx: &mut Lower<'_>) {
    let Some(zone) = it.zone.literal().map(|it| zone_id(&it.name)) else {
        return;
    };
    let answers: Vec<(Value<RecordKind>, RecordAnswer)> = match (&it.to, &it.kind) {
        (Some(to), _) => match to.literal() {
            Some(to) => {
                alias(to).into_iter().map(|(kind, it)| (Value::Literal(kind), it)).collect()
            }
            None => Vec::new(),
        },
        (None, Some(kind)) => {
            let values = it.values.as_ref().and_then(Field::literal).into_iter().flatten();
            let values = values.map(|it| cx.field_text(it)).collect();
            let answer = RecordAnswer::Values { values, ttl: it.ttl.value.clone() };
            vec![(kind.value.clone(), answer)]
        }
        (None, None) => Vec::new(),
    };
    for (kind, answer) in answers {
        let word = kind.literal().map_or("record", |it| it.as_str()).to_lowercase();
        let weight =
            it.weight.as_ref().map(|weight| (weight.value.clone(), it.meta.identity().to_string()));
        let record =
            RecordSet { zone: zone.clone(), name: record_name(it, cx), kind, answer, weight };
        cx.add(&it.meta, &[&it.meta.name, &word, "record_set"], record);
    }
}

/// The records by which a name leads to something of AWS: load balancers here have IPv4 addresses only.
/// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-alias.html>
fn alias(to: &RecordTarget) -> Vec<(RecordKind, RecordAnswer)> {
    match to {
        RecordTarget::Alb(it) => {
            let balancer = [it.name.as_str(), "load_balancer"];
            let answer = RecordAnswer::Alias {
                dns_name: attribute(&balancer, Attribute::DnsName),
                hosted_zone: attribute(&balancer, Attribute::HostedZoneId),
                evaluate_health: true,
            };
            vec![(RecordKind::A, answer)]
        }
        RecordTarget::CloudFront(it) => {
            let answer = RecordAnswer::Alias {
                dns_name: attribute(&[&it.name, "distribution"], Attribute::DnsName),
                hosted_zone: Text::literal(HOSTED_ZONE),
                // CloudFront has no health that Route 53 could ask about.
                evaluate_health: false,
            };
            vec![(RecordKind::A, answer.clone()), (RecordKind::Aaaa, answer)]
        }
    }
}
