//! Certificates: their domains are domain names (AG0107) that their zone can prove (AG0418).

use super::Context;
use super::dns::is_within;
use crate::codes::Code;
use crate::declare::Certificate;
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::value::Text;

/// Checks a certificate.
pub fn check(it: &Certificate, cx: &mut Context<'_>) {
    let names = it.alternative_names.as_ref().and_then(Field::literal);
    let names: Vec<&Field<Text>> =
        std::iter::once(&it.domain).chain(names.into_iter().flatten()).collect();
    for name in &names {
        if let Some(text) = name.literal().and_then(|it| it.as_literal()) {
            cx.domain_text("the domain of a certificate", &text, name.loc, true);
        }
    }
    let Some(zone) = &it.zone else { return };
    if let Some(other) = &it.hosted_zone {
        let message = format!("`{}` says twice where its proof is written", it.meta.name);
        unproved(
            cx,
            other.loc,
            message,
            "keep `zone`, or `hosted_zone` where the zone is not declared here",
        );
    }
    let domain = cx.follow(zone).and_then(|it| it.domain.literal()?.as_literal());
    let Some(domain) = domain else { return };
    for name in names {
        if let Some(text) = name.literal().and_then(|it| it.as_literal())
            && !is_within(text.strip_prefix("*.").unwrap_or(&text), &domain)
        {
            unproved(
                cx,
                name.loc,
                format!("`{text}` cannot be proved in the zone of `{domain}`: it is not in it"),
                "give the certificate the zone of its domain, or make one for each zone",
            );
        }
    }
}

/// AG0418: a certificate's proof cannot be written to its zone.
fn unproved(cx: &mut Context<'_>, loc: Loc, message: String, help: &str) {
    cx.push(Diagnostic::new(Code::AG0418, loc, message).help(help.to_string()));
}

#[cfg(test)]
mod tests {
    use crate::check::testing::expect;
    use crate::codes::Code;

    #[test]
    fn a_zone_proves_what_is_in_it() {
        let source = |fields: &str| {
            format!(
                r#"hosted_zone zone {{ domain: "example.com" }} certificate tls {{ zone: zone, {fields} }}"#
            )
        };
        expect(&source(r#"domain: "*.example.com", alternative_names: ["example.com"]"#), &[]);
        expect(&source("domain: ?, alternative_names: [?]"), &[]);
        expect(
            &source(r#"domain: "example.com", alternative_names: ["*.example.org"]"#),
            &[(Code::AG0418, r#""*.example.org""#)],
        );
        expect(
            &source(r#"domain: "example.com", hosted_zone: "Z1D633PJN98FT9""#),
            &[(Code::AG0418, r#""Z1D633PJN98FT9""#)],
        );
    }
}
