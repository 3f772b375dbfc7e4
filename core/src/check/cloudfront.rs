//! Distributions: their domains and certificates (AG0107, AG0419), and how they reach their origin (AG0322 to AG0324).

use super::Context;
use crate::codes::Code;
use crate::declare::alb::{Clients, Scheme};
use crate::declare::cloudfront::CloudFrontOrigin;
use crate::declare::{Alb, Certificate, CloudFront};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::value::Text;

/// The most domains of a distribution.
/// <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html>
const ALIAS_LIMIT: usize = 100;

/// AG0419: a distribution cannot be made.
fn wrong(cx: &mut Context<'_>, loc: Loc, message: String, help: &str) {
    cx.push(Diagnostic::new(Code::AG0419, loc, message).help(help.to_string()));
}

/// Checks a distribution.
pub fn check(it: &CloudFront, cx: &mut Context<'_>) {
    check_aliases(it, cx);
    if let Some(field) = &it.default_root_object
        && let Some(text) = field.literal()
        && (text.starts_with('/') || text.is_empty() || text.len() > 255)
    {
        wrong(
            cx,
            field.loc,
            format!("`{text}` cannot be the object that answers `/`"),
            "write the object's name without `/` before it, such as `index.html`",
        );
    }
    if let Some(CloudFrontOrigin::Alb(alb)) = it.origin.literal()
        && let Some(alb) = cx.architecture.get::<Alb>(&alb.name)
    {
        check_balancer(it, alb, cx);
    }
}

/// The known domains of a distribution, each with its place.
fn aliases(it: &CloudFront) -> Vec<(String, Loc)> {
    let all = it.aliases.as_ref().and_then(Field::literal).into_iter().flatten();
    all.filter_map(|it| Some((it.literal().and_then(Text::as_literal)?, it.loc))).collect()
}

/// The domains of a certificate; none if one of them is not known.
fn domains(it: &Certificate) -> Option<Vec<String>> {
    let others = match &it.alternative_names {
        Some(it) => it.literal()?.as_slice(),
        None => &[],
    };
    std::iter::once(&it.domain).chain(others).map(|it| it.literal()?.as_literal()).collect()
}

/// Whether a certificate for these domains is one for `name`: `*.` stands for one label.
fn covers(domains: &[String], name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    domains.iter().map(|it| it.to_ascii_lowercase()).any(|it| match it.strip_prefix("*.") {
        Some(parent) => it == name || name.split_once('.').is_some_and(|(_, rest)| rest == parent),
        None => it == name,
    })
}

fn check_aliases(it: &CloudFront, cx: &mut Context<'_>) {
    let Some(field) = &it.aliases else { return };
    let name = &it.meta.name;
    let count = field.literal().map_or(0, Vec::len);
    if count > ALIAS_LIMIT {
        let message = format!("`{name}` has {count} aliases, and CloudFront takes {ALIAS_LIMIT}");
        wrong(
            cx,
            field.loc,
            message,
            "use a wildcard such as `*.example.com`, or a second distribution",
        );
    }
    for (alias, loc) in aliases(it) {
        cx.domain_text("the alias of a distribution", &alias, loc, true);
    }
    let Some(certificate) = &it.certificate else {
        if count > 0 {
            wrong(
                cx,
                field.loc,
                format!("`{name}` has aliases and no certificate"),
                "give it `certificate: tls`, a certificate for all of them",
            );
        }
        return;
    };
    let Some(domains) = cx.follow(certificate).and_then(domains) else { return };
    check_covered(it, &domains, &format!("the certificate of `{name}`"), cx);
}

/// Every alias is one of the domains of a certificate.
fn check_covered(it: &CloudFront, domains: &[String], certificate: &str, cx: &mut Context<'_>) {
    for (alias, loc) in aliases(it) {
        if !covers(domains, &alias) {
            wrong(
                cx,
                loc,
                format!("{certificate} is not for `{alias}`: it is for {}", listed(domains)),
                "add the domain to the certificate's `alternative_names`",
            );
        }
    }
}

fn listed(all: &[String]) -> String {
    all.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ")
}

/// How a distribution reaches a load balancer: over the internet, by HTTPS if the load balancer has a certificate.
fn check_balancer(it: &CloudFront, alb: &Alb, cx: &mut Context<'_>) {
    let (name, balancer) = (&it.meta.name, &alb.meta.name);
    if alb.scheme.literal() == Some(&Scheme::Internal) {
        cx.push(
            Diagnostic::new(
                Code::AG0322,
                it.origin.loc,
                format!("`{name}` cannot reach its origin: `{balancer}` is internal"),
            )
            .help(format!(
                "leave `scheme: Internal` out of `{balancer}`, and let it in for CloudFront only: `open_to: CloudFront`"
            )),
        );
        return;
    }
    if alb.open_to.literal() == Some(&Clients::Everyone) && alb.security_groups.is_none() {
        cx.push(
            Diagnostic::new(
                Code::AG0323,
                it.origin.loc,
                format!(
                    "clients can go around `{name}`: its origin `{balancer}` is open to everyone"
                ),
            )
            .help(format!("write `open_to: CloudFront` in `{balancer}`")),
        );
    }
    let Some(certificate) = &alb.certificate else {
        cx.push(
            Diagnostic::new(
                Code::AG0324,
                it.origin.loc,
                format!("`{name}` asks its origin `{balancer}` without encryption"),
            )
            .help(format!("give `{balancer}` a certificate for the aliases of `{name}`")),
        );
        return;
    };
    // CloudFront hands on the host that the viewer asks for, and takes a certificate for that host.
    // <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistS3AndCustomOrigins.html>
    if it.aliases.is_none() {
        wrong(
            cx,
            it.origin.loc,
            format!(
                "`{balancer}` has no certificate for the own domain of `{name}`, and `{name}` has no other"
            ),
            "give the distribution `aliases` that the load balancer's certificate is for",
        );
        return;
    }
    let Some(domains) = cx.follow(certificate).and_then(domains) else { return };
    check_covered(it, &domains, &format!("the certificate of the origin `{balancer}`"), cx);
}

#[cfg(test)]
mod tests {
    use super::covers;
    use crate::check::testing::expect;
    use crate::codes::Code;

    fn source(alb: &str, cdn: &str) -> String {
        format!(
            r#"
            vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /24 }}, nat: PerZone }}
            certificate tls {{ domain: "example.com", alternative_names: ["*.example.com"] }}
            s3_bucket pages {{ }}
            ecs_cluster cluster {{ subnets: network.private }}
            ecs_service api {{ cluster: cluster, image: "api:1", port: 8000, cpu: 256, memory: 512MB, tasks: 2 }}
            alb edge {{ subnets: network.public, routes: ["/" => api], {alb} }}
            cloudfront cdn {{ {cdn} }}
            "#
        )
    }

    const OPEN_TO_IT: &str = "certificate: tls, open_to: CloudFront";

    #[test]
    fn certificates_cover_one_label_by_a_wildcard() {
        let domains = ["Example.com".to_string(), "*.example.com".to_string()];
        for name in ["example.com", "www.example.com", "*.example.com"] {
            assert!(covers(&domains, name), "{name}");
        }
        for name in ["a.b.example.com", "example.org"] {
            assert!(!covers(&domains, name), "{name}");
        }
    }

    #[test]
    fn aliases_have_a_certificate_for_them() {
        let cdn = |aliases: &str| format!("origin: pages, certificate: tls, aliases: [{aliases}]");
        expect(&source(OPEN_TO_IT, &cdn(r#""www.example.com", ?"#)), &[]);
        expect(
            &source(OPEN_TO_IT, &cdn(r#""www.example.org""#)),
            &[(Code::AG0419, r#""www.example.org""#)],
        );
        expect(
            &source(OPEN_TO_IT, r#"origin: pages, aliases: ["www.example.com"]"#),
            &[(Code::AG0419, r#"["www.example.com"]"#)],
        );
        expect(
            &source(OPEN_TO_IT, r#"origin: pages, default_root_object: "/index.html""#),
            &[(Code::AG0419, r#""/index.html""#)],
        );
    }

    #[test]
    fn an_origin_is_reached_by_the_distribution_only() {
        let cdn = r#"origin: edge, certificate: tls, aliases: ["www.example.com"]"#;
        expect(&source(OPEN_TO_IT, cdn), &[]);
        expect(&source("certificate: tls, open_to: ?", cdn), &[]);
        expect(&source("certificate: tls", cdn), &[(Code::AG0323, "edge")]);
        expect(&source("certificate: tls, scheme: Internal", cdn), &[(Code::AG0322, "edge")]);
        expect(&source("open_to: CloudFront", cdn), &[(Code::AG0324, "edge")]);
        expect(&source(OPEN_TO_IT, "origin: edge"), &[(Code::AG0419, "edge")]);
        expect(&source(OPEN_TO_IT, "origin: cluster"), &[(Code::AG0103, "cluster")]);
    }
}
