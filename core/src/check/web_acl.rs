//! Web ACLs: their rules and what they protect (AG0420), and what they cost (AG0421).

use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::WebAcl;
use crate::diagnostic::Diagnostic;
use crate::field::{Field, List};
use crate::loc::Loc;
use crate::lower::web_acl::protected;
use crate::resource::wafv2::{ManagedRuleSet, RATE_CAPACITY};

/// The most capacity units of a web ACL, and how many of them its basic price holds.
/// <https://docs.aws.amazon.com/waf/latest/developerguide/aws-waf-capacity-units.html>
const MOST_CAPACITY: u32 = 5000;
/// See [`MOST_CAPACITY`].
const BASIC_CAPACITY: u32 = 1500;

/// The requests that a rate-based rule can be about.
/// <https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html>
const LIMITS: std::ops::RangeInclusive<u32> = 10..=2_000_000_000;

/// AG0420: a web ACL cannot be made.
fn wrong(loc: Loc, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::AG0420, loc, message).help(help.to_string())
}

/// Checks a web ACL.
pub fn check(it: &WebAcl, cx: &mut Context<'_>) {
    check_rules(it, cx);
    check_protected(it, cx);
    if let Some(days) = &it.log_retention {
        cx.log_retention(days);
    }
}

/// The known rule groups of a field, each with its place.
fn known(field: Option<&Field<List<ManagedRuleSet>>>) -> Vec<(ManagedRuleSet, Loc)> {
    let all = field.and_then(Field::literal).into_iter().flatten();
    all.filter_map(|it| Some((*it.literal()?, it.loc))).collect()
}

fn check_rules(it: &WebAcl, cx: &mut Context<'_>) {
    let name = &it.meta.name;
    let managed = known(it.managed_rules.as_ref());
    for (position, (rules, loc)) in managed.iter().enumerate() {
        if managed[..position].iter().any(|(other, _)| other == rules) {
            let message = format!("`{}` is asked twice", rules.word());
            cx.push(wrong(*loc, message, "keep one of them"));
        }
    }
    let whole = it
        .managed_rules
        .as_ref()
        .is_none_or(|it| it.literal().is_some_and(|it| it.iter().all(|it| it.literal().is_some())));
    for (rules, loc) in known(it.count_only.as_ref()) {
        if whole && !managed.iter().any(|(other, _)| *other == rules) {
            let message =
                format!("`{}` only counts, and is not among the rules of `{name}`", rules.word());
            cx.push(wrong(loc, message, "add it to `managed_rules`"));
        }
    }
    if let Some(field) = &it.rate_limit
        && let Some(limit) = field.literal()
        && !LIMITS.contains(&limit.0)
    {
        let message = format!("AWS WAF cannot count up to {limit} requests");
        cx.push(wrong(field.loc, message, "give a number from 10 to 2000000000"));
    }
    let rate = if it.rate_limit.is_some() { RATE_CAPACITY } else { 0 };
    let capacity = rate + managed.iter().map(|(it, _)| it.capacity()).sum::<u32>();
    let loc = it.managed_rules.as_ref().map_or(it.meta.macro_loc, |it| it.loc);
    if capacity > MOST_CAPACITY {
        let message = format!(
            "the rules of `{name}` take {capacity} capacity units, and a web ACL has {MOST_CAPACITY}"
        );
        cx.push(wrong(loc, message, "leave rules out that are not about what it protects"));
    } else if capacity > BASIC_CAPACITY {
        let message = format!(
            "the rules of `{name}` take {capacity} capacity units: each 500 above {BASIC_CAPACITY} cost extra by the \
             request"
        );
        let help = "leave rules out that are not about what it protects";
        cx.push(Diagnostic::new(Code::AG0421, loc, message).help(help));
    }
}

fn check_protected(it: &WebAcl, cx: &mut Context<'_>) {
    let name = &it.meta.name;
    let mut findings = Vec::new();
    if it.protects.literal().is_some_and(Vec::is_empty) {
        let message = format!("`{name}` protects nothing");
        findings.push(wrong(it.protects.loc, message, "write `protects: [edge]`"));
    }
    for (target, loc) in protected(it) {
        if let Some(scope) = it.scope.literal()
            && *scope != target.scope()
        {
            let message = format!(
                "`{name}` is of scope `{}` and cannot protect `{}`",
                scope.word(),
                target.name()
            );
            let help = format!("write `scope: {}`", target.scope().word());
            findings.push(wrong(loc, message, &help));
        }
        let before = cx.architecture.all::<WebAcl>().take_while(|other| other.meta.name != *name);
        for other in before {
            if protected(other).any(|(it, _)| it == target) {
                let message = format!(
                    "`{}` is protected by `{}` already, and has one web ACL at most",
                    target.name(),
                    other.meta.name
                );
                let there = or_loc(other.meta.loc, other.meta.macro_loc);
                findings.push(
                    wrong(loc, message, "put the rules of both into one")
                        .label(there, "the other is declared here"),
                );
            }
        }
    }
    findings.into_iter().for_each(|it| cx.push(it));
}

#[cfg(test)]
mod tests {
    use crate::check::testing::expect;
    use crate::codes::Code;

    fn source(acls: &str) -> String {
        format!(
            r#"
            vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ public: /24, private: /24 }}, nat: PerZone }}
            s3_bucket pages {{ }}
            ecs_cluster cluster {{ subnets: network.private }}
            ecs_service api {{ cluster: cluster, image: "api:1", port: 8000, cpu: 256, memory: 512MB, tasks: 2 }}
            alb edge {{ subnets: network.public, routes: ["/" => api] }}
            cloudfront cdn {{ origin: pages }}
            {acls}
            "#
        )
    }

    #[test]
    fn rules_fit_into_the_capacity() {
        let acl = |rules: &str| {
            source(&format!("web_acl wall {{ scope: Regional, protects: [edge], {rules} }}"))
        };
        expect(
            &acl("managed_rules: [CommonRuleSet, KnownBadInputsRuleSet], rate_limit: 2000"),
            &[],
        );
        expect(
            &acl("managed_rules: [CommonRuleSet, ?], count_only: [LinuxRuleSet, ?], rate_limit: ?"),
            &[],
        );
        expect(
            &acl(
                "managed_rules: [CommonRuleSet, SqlInjectionRuleSet, LinuxRuleSet, WindowsRuleSet, KnownBadInputsRuleSet, AnonymousIpList]",
            ),
            &[(
                Code::AG0421,
                "[CommonRuleSet, SqlInjectionRuleSet, LinuxRuleSet, WindowsRuleSet, KnownBadInputsRuleSet, AnonymousIpList]",
            )],
        );
        expect(&acl("managed_rules: [PhpRuleSet, PhpRuleSet]"), &[(Code::AG0420, "PhpRuleSet")]);
        expect(&acl("count_only: [PhpRuleSet]"), &[(Code::AG0420, "PhpRuleSet")]);
        expect(&acl("rate_limit: 5"), &[(Code::AG0420, "5")]);
        expect(&acl("log_retention: 8days"), &[(Code::AG0501, "8days")]);
    }

    #[test]
    fn what_is_protected_is_of_the_scope_and_protected_once() {
        let wall = "web_acl wall { scope: CloudFront, protects: [cdn] }";
        expect(&source(wall), &[]);
        expect(&source("web_acl wall { scope: ?, protects: [cdn, edge, ?] }"), &[]);
        expect(
            &source("web_acl wall { scope: Regional, protects: [cdn] }"),
            &[(Code::AG0420, "cdn")],
        );
        expect(&source("web_acl wall { scope: Regional, protects: [] }"), &[(Code::AG0420, "[]")]);
        expect(
            &source(&format!("{wall} web_acl other {{ scope: CloudFront, protects: [cdn] }}")),
            &[(Code::AG0420, "cdn")],
        );
        expect(
            &source("web_acl wall { scope: Regional, protects: [api] }"),
            &[(Code::AG0103, "api")],
        );
    }
}
