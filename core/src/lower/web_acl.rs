//! `web_acl!`: the web ACL, what it stands before, and its log.

use super::Lower;
use super::load_balancer::load_balancer_id;
use crate::architecture::Architecture;
use crate::declare::WebAcl as WebAclDeclaration;
use crate::declare::web_acl::Protected;
use crate::field::Field;
use crate::resource::wafv2::{LOG_PREFIX, WebAclRule, WebAclScope};
use crate::resource::{
    Attribute, LogGroup, Ref, ResourceId, WebAcl, WebAclAssociation, WebAclLogging,
};
use crate::value::{Pseudo, Text};

/// The web ACL of a `web_acl!`.
pub fn web_acl_id(name: &str) -> Ref<WebAcl> {
    Ref::new(ResourceId::new(&[name, "web_acl"]))
}

/// What a web ACL protects, as far as it is known.
pub fn protected(it: &WebAclDeclaration) -> impl Iterator<Item = (&Protected, crate::loc::Loc)> {
    let all = it.protects.literal().into_iter().flatten();
    all.filter_map(|it| Some((it.literal()?, it.loc)))
}

/// The web ACL before a distribution.
pub fn of_distribution(architecture: &Architecture, name: &str) -> Option<Ref<WebAcl>> {
    let protects = |it: &&WebAclDeclaration| {
        protected(it).any(|(it, _)| matches!(it, Protected::CloudFront(it) if it.name == name))
    };
    architecture.all::<WebAclDeclaration>().find(protects).map(|it| web_acl_id(&it.meta.name))
}

/// The rules in the order in which they are asked: first what counts requests, as it costs the least.
fn rules(it: &WebAclDeclaration) -> Vec<WebAclRule> {
    let known = |field: &Option<Field<crate::field::List<_>>>| -> Vec<_> {
        let all = field.as_ref().and_then(Field::literal).into_iter().flatten();
        all.filter_map(Field::literal).copied().collect()
    };
    let counted = known(&it.count_only);
    let mut all: Vec<WebAclRule> =
        it.rate_limit.iter().map(|it| WebAclRule::RateLimit(it.value.clone())).collect();
    for rules in known(&it.managed_rules) {
        let rule = WebAclRule::Managed { rules, counts: counted.contains(&rules) };
        if !all.iter().any(|it| it.name() == rule.name()) {
            all.push(rule);
        }
    }
    all
}

/// Lowers a web ACL.
pub fn lower_web_acl(it: &WebAclDeclaration, cx: &mut Lower<'_>) {
    let meta = &it.meta;
    let name = meta.name.as_str();
    let stem = format!("{}-{}", cx.stem(), meta.identity().replace('_', "-"));
    let scope = it.scope.literal().copied().unwrap_or(WebAclScope::Regional);
    let acl = WebAcl { name: Text::literal(stem.clone()), scope, rules: rules(it) };
    let acl = cx.add(meta, &[name, "web_acl"], acl);
    for (protected, loc) in protected(it) {
        if let Protected::Alb(alb) = protected {
            let balancer = load_balancer_id(&alb.name);
            let association = WebAclAssociation { acl: acl.clone(), balancer };
            cx.add_at(meta, loc, &[name, &alb.name, "web_acl_association"], association);
        }
    }
    if let Some(retention) = &it.log_retention {
        let group = LogGroup {
            name: Text::literal(format!("{LOG_PREFIX}{stem}")),
            retention: retention.value.clone(),
            kms_key: None,
        };
        let group = cx.add(meta, &[name, "log_group"], group);
        let destination = Text::literal("arn:")
            .then(Text::pseudo(Pseudo::Partition))
            .then(":logs:")
            .then(Text::pseudo(Pseudo::Region))
            .then(":")
            .then(Text::pseudo(Pseudo::AccountId))
            .then(":log-group:")
            .then(group.attribute(Attribute::Id));
        let logging = WebAclLogging { acl: acl.clone(), destination };
        cx.add(meta, &[name, "web_acl_logging"], logging);
    }
    cx.output(
        &[name, "arn"],
        format!("The ARN of the web ACL {name}"),
        acl.attribute(Attribute::Arn),
    );
}
