//! Keys, DNS zones and records of the graph.

use archgen_core::resource::cloudfront::{Caching, DistributionOrigin, PriceClass};
use archgen_core::resource::iam::{Condition, Principal, Statement};
use archgen_core::resource::route53::{HostedZone, RecordAnswer, RecordKind, RecordSet};
use archgen_core::resource::wafv2::{ManagedRuleSet, WebAclRule, WebAclScope};
use archgen_core::resource::*;
use archgen_core::types::{Count, Days, Seconds};
use archgen_core::value::{Pseudo, Text, Value};

use super::Builder;

pub(super) fn edge(it: &mut Builder) {
    keys(it);
    zones(it);
    distributions(it);
}

fn distributions(it: &mut Builder) {
    let acl = it.add(
        "wall.web_acl",
        WebAcl {
            name: "shop-production-wall".into(),
            scope: WebAclScope::CloudFront,
            rules: vec![
                WebAclRule::RateLimit(Value::Literal(Count(2000))),
                WebAclRule::Managed { rules: ManagedRuleSet::CommonRuleSet, counts: true },
            ],
        },
    );
    let balancer = Ref::new(ResourceId::new(&["edge.load_balancer"]));
    it.add("wall.edge.web_acl_association", WebAclAssociation { acl: acl.clone(), balancer });
    let destination = "arn:aws-cn:logs:eu-west-1:000000000000:log-group:aws-waf-logs-shop".into();
    it.add("wall.web_acl_logging", WebAclLogging { acl: acl.clone(), destination });
    let distribution = |origin, certificate: bool| Distribution {
        comment: "the shop".into(),
        aliases: if certificate { vec!["www.example.com".into()] } else { Vec::new() },
        certificate: certificate.then(|| {
            Text::attribute(ResourceId::new(&["certificate.certificate"]), Attribute::Arn)
        }),
        origin,
        caching: Value::Literal(Caching::Optimized),
        price_class: Value::Literal(PriceClass::Class100),
        default_root_object: Some(Value::Literal("index.html".to_string())),
        web_acl: certificate.then(|| acl.clone()),
    };
    let balancer = Ref::new(ResourceId::new(&["edge.load_balancer"]));
    let origin = DistributionOrigin::LoadBalancer { balancer, https: true };
    it.add("cdn.distribution", distribution(origin, true));
    let access = it.add(
        "pages.origin_access_control",
        OriginAccessControl { name: "shop-production-pages".into() },
    );
    let bucket = Ref::new(ResourceId::new(&["assets.bucket"]));
    it.add(
        "pages.distribution",
        distribution(DistributionOrigin::Bucket { bucket, access }, false),
    );
}

fn keys(it: &mut Builder) {
    let root = Text::from("arn:")
        .then(Text::pseudo(Pseudo::Partition))
        .then(":iam::")
        .then(Text::pseudo(Pseudo::AccountId))
        .then(":root");
    let everything = || vec![Text::from("*")];
    let key = it.add(
        "data.kms_key",
        KmsKey {
            description: "what is kept".into(),
            rotation: Value::Literal(true),
            rotation_period: Some(Value::Literal(Days(180))),
            deletion_window: Value::Literal(Days(30)),
            statements: vec![
                Statement {
                    principal: Some(Principal::Arns(vec![root])),
                    ..Statement::allow("AllowPoliciesOfTheAccount", &["kms:*"], everything())
                },
                Statement {
                    principal: Some(Principal::RegionalService("logs")),
                    conditions: vec![Condition {
                        operator: "StringEquals",
                        key: "aws:SourceAccount",
                        value: Text::pseudo(Pseudo::AccountId),
                    }],
                    ..Statement::allow("AllowCloudWatchLogs", &["kms:Decrypt"], everything())
                },
            ],
        },
    );
    it.add("data.kms_alias", KmsAlias { name: "alias/shop-data".into(), key });
}

fn zones(it: &mut Builder) {
    let zone = it.add(
        "zone.hosted_zone",
        HostedZone { domain: "example.com".into(), comment: "the shop".into() },
    );
    let balancer = ResourceId::new(&["edge.load_balancer"]);
    it.add(
        "www.a.record_set",
        RecordSet {
            zone: zone.clone(),
            name: "www.example.com".into(),
            kind: Value::Literal(RecordKind::A),
            answer: RecordAnswer::Alias {
                dns_name: Text::attribute(balancer.clone(), Attribute::DnsName),
                hosted_zone: Text::attribute(balancer, Attribute::HostedZoneId),
                evaluate_health: true,
            },
            weight: Some((Value::Literal(Count(90)), "www".to_string())),
        },
    );
    it.add(
        "policy.txt.record_set",
        RecordSet {
            zone,
            name: "_dmarc.example.com".into(),
            kind: Value::Literal(RecordKind::Txt),
            answer: RecordAnswer::Values {
                values: vec!["v=DMARC1; p=reject".into()],
                ttl: Value::Literal(Seconds(300)),
            },
            weight: None,
        },
    );
}
