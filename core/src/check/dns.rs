//! Zones and records: their names (AG0107), and records that Route 53 refuses (AG0417).

use std::net::{Ipv4Addr, Ipv6Addr};

use super::findings::{between, limit};
use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::dns_record::RecordTarget;
use crate::declare::{DnsRecord, HostedZone};
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;
use crate::resource::route53::RecordKind;
use crate::value::Text;

/// Checks a zone.
pub fn check_zone(it: &HostedZone, cx: &mut Context<'_>) {
    if let Some(text) = it.domain.literal().and_then(Text::as_literal) {
        cx.domain_text("the domain of a hosted zone", &text, it.domain.loc, false);
    }
    if let Some(field) = &it.description
        && let Some(text) = field.literal().and_then(Text::as_literal)
        && text.chars().count() > 256
    {
        let message = format!("a description of {} characters is too long", text.chars().count());
        limit(cx, field.loc, message, "give 256 characters at most");
    }
}

/// AG0417: Route 53 does not take a record.
fn wrong(cx: &mut Context<'_>, loc: Loc, message: String, help: &str) {
    cx.push(refused(loc, message, help));
}

fn refused(loc: Loc, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0417, loc, message).help(help.to_string())
}

/// Whether a name is a domain or below it. Names are the same in capitals, and with a dot behind them.
pub(super) fn is_within(name: &str, domain: &str) -> bool {
    let plain = |it: &str| it.trim_end_matches('.').to_ascii_lowercase();
    let (name, domain) = (plain(name), plain(domain));
    name == domain || name.strip_suffix(&domain).is_some_and(|it| it.ends_with('.'))
}

/// The domain of a record's zone, if it is known.
fn domain(it: &DnsRecord, cx: &Context<'_>) -> Option<String> {
    cx.follow(&it.zone)?.domain.literal()?.as_literal()
}

/// The whole name of a record, if it is known.
fn name(it: &DnsRecord, cx: &Context<'_>) -> Option<String> {
    match &it.domain {
        Some(name) => name.literal()?.as_literal(),
        None => domain(it, cx),
    }
}

/// Checks a record.
pub fn check_record(it: &DnsRecord, cx: &mut Context<'_>) {
    check_shape(it, cx);
    check_name(it, cx);
    check_values(it, cx);
    check_others(it, cx);
    if let Some(weight) = &it.weight {
        between(cx, weight, "weight", 0, 255);
    }
}

/// A record leads somewhere or has values.
fn check_shape(it: &DnsRecord, cx: &mut Context<'_>) {
    let record = &it.meta.name;
    match (&it.to, &it.kind, &it.values) {
        (None, None, _) => wrong(
            cx,
            it.meta.macro_loc,
            format!("`{record}` leads nowhere"),
            "write `to: edge` for an alias, or `kind: Txt, values: [\"…\"]`",
        ),
        (None, Some(kind), None) => wrong(
            cx,
            kind.loc,
            format!("`{record}` has a type and no values"),
            "write `values: [\"…\"]`",
        ),
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => wrong(
            cx,
            it.meta.field(if it.kind.is_some() { "kind" } else { "values" }),
            format!("`{record}` leads to something, and has values of its own"),
            "an alias has the type and the addresses of what it leads to: leave `to`, or `kind` and `values`, out",
        ),
        (Some(_), None, None) | (None, Some(_), Some(_)) => {}
    }
}

/// The name is one that DNS takes, in the zone's domain.
/// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/DomainNameFormat.html>
fn check_name(it: &DnsRecord, cx: &mut Context<'_>) {
    let Some(field) = &it.domain else { return };
    let Some(text) = field.literal().and_then(Text::as_literal) else { return };
    let label = |it: &str| {
        let allowed = |it: char| it.is_ascii_alphanumeric() || "-_".contains(it);
        (1..=63).contains(&it.len()) && (it == "*" || it.chars().all(allowed))
    };
    let plain = text.trim_end_matches('.');
    if plain.len() > 253 || !plain.split('.').all(label) {
        cx.bad_name(
            field.loc,
            format!("the name of a DNS record cannot be `{text}`"),
            "write labels of up to 63 letters, digits, `-` and `_` with dots between",
        );
        return;
    }
    if let Some(domain) = domain(it, cx)
        && !is_within(&text, &domain)
    {
        wrong(
            cx,
            field.loc,
            format!("`{text}` is not in the zone of `{domain}`"),
            "write the whole name, the zone's domain included",
        );
    }
}

/// What is wrong with a value of this type.
/// <https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/ResourceRecordTypes.html>
fn value_problem(kind: RecordKind, value: &str) -> Option<&'static str> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let number = |it: Option<&&str>| it.is_some_and(|it| it.parse::<u16>().is_ok());
    let fits = match kind {
        RecordKind::A => value.parse::<Ipv4Addr>().is_ok(),
        RecordKind::Aaaa => value.parse::<Ipv6Addr>().is_ok(),
        RecordKind::Cname | RecordKind::Ns => words.len() == 1,
        RecordKind::Mx => words.len() == 2 && number(words.first()),
        RecordKind::Srv => words.len() == 4 && words[..3].iter().all(|it| number(Some(it))),
        RecordKind::Caa => words.len() >= 3 && number(words.first()) && words[2].starts_with('"'),
        RecordKind::Txt => value.is_ascii() && !value.contains(['"', '\\']) && value.len() <= 4000,
    };
    (!fits).then_some(match kind {
        RecordKind::A => "an IPv4 address such as `192.0.2.1`",
        RecordKind::Aaaa => "an IPv6 address such as `2001:db8::1`",
        RecordKind::Cname | RecordKind::Ns => "a name such as `www.example.com`",
        RecordKind::Mx => "a priority and a name, such as `10 mail.example.com`",
        RecordKind::Srv => {
            "a priority, a weight, a port and a name, such as `1 10 5269 xmpp.example.com`"
        }
        RecordKind::Caa => "a flag, a tag and a quoted value, such as `0 issue \"amazon.com\"`",
        RecordKind::Txt => "up to 4000 ASCII characters without `\"` and `\\`",
    })
}

fn check_values(it: &DnsRecord, cx: &mut Context<'_>) {
    let (Some(kind), Some(values)) = (&it.kind, &it.values) else { return };
    let (Some(kind), Some(list)) = (kind.literal().copied(), values.literal()) else { return };
    if list.is_empty() || (kind == RecordKind::Cname && list.len() > 1) {
        let expected = if kind == RecordKind::Cname { "one value" } else { "a value at least" };
        let message = format!(
            "a record of type {} has {expected}, and `{}` has {}",
            kind.as_str(),
            it.meta.name,
            list.len()
        );
        wrong(cx, values.loc, message, "write what the name answers");
    }
    for value in list {
        if let Some(text) = value.literal().and_then(Text::as_literal)
            && let Some(expected) = value_problem(kind, &text)
        {
            let message = format!("`{text}` is no value of a record of type {}", kind.as_str());
            wrong(cx, value.loc, message, &format!("write {expected}"));
        }
    }
    if kind == RecordKind::Cname
        && let (Some(name), Some(domain)) = (name(it, cx), domain(it, cx))
        && is_within(&name, &domain)
        && is_within(&domain, &name)
    {
        let loc = it.domain.as_ref().map_or(it.meta.field("kind"), |it| it.loc);
        wrong(
            cx,
            loc,
            format!(
                "`{domain}` itself cannot have a CNAME record: DNS has the zone's own records there"
            ),
            "lead it to a load balancer or a distribution with `to`",
        );
    }
}

/// The types of the records that a declaration makes, if they are known.
fn kinds(it: &DnsRecord) -> Vec<RecordKind> {
    match (&it.to, &it.kind) {
        (Some(to), _) => match to.literal() {
            Some(RecordTarget::Alb(_)) => vec![RecordKind::A],
            Some(RecordTarget::CloudFront(_)) => vec![RecordKind::A, RecordKind::Aaaa],
            None => Vec::new(),
        },
        (None, Some(kind)) => kind.literal().copied().into_iter().collect(),
        (None, None) => Vec::new(),
    }
}

/// One name and type is one record unless all have weights, and a CNAME record stands alone.
fn check_others(it: &DnsRecord, cx: &mut Context<'_>) {
    let Some(own) = name(it, cx) else { return };
    let before =
        cx.architecture.all::<DnsRecord>().take_while(|other| other.meta.name != it.meta.name);
    let mut findings = Vec::new();
    for other in before {
        let same_zone = match (it.zone.literal(), other.zone.literal()) {
            (Some(a), Some(b)) => a.name == b.name,
            (Some(_) | None, None) | (None, Some(_)) => false,
        };
        let Some(theirs) = name(other, cx).filter(|_| same_zone) else { continue };
        if !is_within(&own, &theirs) || !is_within(&theirs, &own) {
            continue;
        }
        let (kinds, others) = (kinds(it), kinds(other));
        let alone = |all: &[RecordKind]| all.contains(&RecordKind::Cname);
        let twice = kinds.iter().find(|it| others.contains(it));
        let message = match twice {
            Some(_) if it.weight.is_some() && other.weight.is_some() => continue,
            Some(kind) => format!(
                "`{}` and `{}` are both the {} record of `{own}`",
                it.meta.name,
                other.meta.name,
                kind.as_str()
            ),
            None if (alone(&kinds) && !others.is_empty())
                || (alone(&others) && !kinds.is_empty()) =>
            {
                format!(
                    "`{own}` has a CNAME record, and `{}` is another record of it",
                    it.meta.name
                )
            }
            None => continue,
        };
        let help = "keep one of them, or give each a `weight`";
        let loc = it.domain.as_ref().map_or(it.meta.macro_loc, |it| it.loc);
        findings.push(
            refused(loc, message, help)
                .label(or_loc(other.meta.loc, other.meta.macro_loc), "the other is declared here"),
        );
    }
    findings.into_iter().for_each(|it| cx.push(it));
}

#[cfg(test)]
mod tests {
    use super::is_within;
    use crate::check::testing::expect;
    use crate::codes::Code;

    fn record(fields: &str) -> String {
        format!(
            r#"hosted_zone zone {{ domain: "example.com" }} dns_record it {{ zone: zone, {fields} }}"#
        )
    }

    #[test]
    fn names_lie_in_their_zone() {
        assert!(
            is_within("www.Example.com.", "example.com") && is_within("example.com", "example.com")
        );
        assert!(!is_within("badexample.com", "example.com") && !is_within("com", "example.com"));
        expect(
            &record(r#"domain: "_dmarc.example.com", kind: Txt, values: ["v=DMARC1; p=reject"]"#),
            &[],
        );
        expect(&record(r#"domain: ?, kind: Cname, values: ["a.example.net"]"#), &[]);
        expect(
            &record(r#"domain: "www.example.org", kind: Cname, values: ["a.example.net"]"#),
            &[(Code::AG0417, r#""www.example.org""#)],
        );
        expect(
            &record(r#"domain: "my host.example.com", kind: A, values: ["192.0.2.1"]"#),
            &[(Code::AG0107, r#""my host.example.com""#)],
        );
    }

    #[test]
    fn a_record_has_values_or_leads_somewhere() {
        expect(&record(""), &[(Code::AG0417, "dns_record")]);
        expect(&record("kind: A"), &[(Code::AG0417, "A")]);
        expect(&record("kind: A, values: []"), &[(Code::AG0417, "[]")]);
        expect(&record("kind: ?, values: ?"), &[]);
        expect(&record("to: ?"), &[]);
        expect(&record(r#"to: ?, kind: A, values: ["192.0.2.1"]"#), &[(Code::AG0417, "kind")]);
        expect(&record(r#"to: zone"#), &[(Code::AG0103, "zone")]);
    }

    #[test]
    fn values_are_of_their_type() {
        for (kind, right, mistake) in [
            ("A", "192.0.2.1", "example.com"),
            ("Aaaa", "2001:db8::1", "192.0.2.1"),
            ("Mx", "10 mail.example.com", "mail.example.com"),
            ("Srv", "1 10 5269 xmpp.example.com", "xmpp.example.com:5269"),
            ("Txt", "v=spf1 -all", "v=spf1 \\"),
        ] {
            expect(&record(&format!(r#"kind: {kind}, values: ["{right}", ?]"#)), &[]);
            expect(
                &record(&format!(r#"kind: {kind}, values: ["{mistake}"]"#)),
                &[(Code::AG0417, &format!("\"{mistake}\""))],
            );
        }
        expect(&record(r#"kind: A, values: ["192.0.2.1"], weight: 256"#), &[(Code::AG0007, "256")]);
    }

    #[test]
    fn cname_records_stand_alone_and_below_the_domain() {
        expect(&record(r#"kind: Cname, values: ["a.example.net"]"#), &[(Code::AG0417, "kind")]);
        let two = |first: &str, second: &str| {
            let second = format!(
                r#"dns_record other {{ zone: zone, domain: "www.example.com", {second} }}"#
            );
            format!("{} {second}", record(&format!(r#"domain: "www.example.com", {first}"#)))
        };
        let cname = r#"kind: Cname, values: ["a.example.net"]"#;
        let a = r#"kind: A, values: ["192.0.2.1"]"#;
        let txt = r#"kind: Txt, values: ["x"]"#;
        expect(&two(a, txt), &[]);
        let at = &[(Code::AG0417, r#""www.example.com""#)];
        expect(&two(cname, txt), at);
        expect(&two(a, a), at);
        expect(&two(&format!("{a}, weight: 10"), &format!("{a}, weight: 90")), &[]);
    }
}
