//! Namespaces of Kubernetes clusters: names (AG0425).

use super::{Context, or_loc};
use crate::codes::Code;
use crate::declare::Namespace;
use crate::diagnostic::Diagnostic;
use crate::loc::Loc;

/// The most characters of a namespace's name.
/// <https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names>
const LONGEST: usize = 63;

/// Checks a namespace.
pub fn check(it: &Namespace, cx: &mut Context<'_>) {
    check_name(it, cx);
}

/// Where the name of a namespace is given.
fn name_loc(it: &Namespace) -> Loc {
    it.namespace_name.as_ref().map_or(it.meta.loc, |name| or_loc(name.loc, it.meta.loc))
}

/// AG0425: a namespace cannot have its name.
fn wrong(loc: Loc, message: String) -> Diagnostic {
    Diagnostic::new(Code::AG0425, loc, message)
}

fn check_name(it: &Namespace, cx: &mut Context<'_>) {
    let known = it.known_name();
    let Some(name) = known.literal() else { return };
    let loc = name_loc(it);
    let is_plain = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit();
    if name.is_empty() || name.chars().count() > LONGEST {
        cx.push(wrong(
            loc,
            format!(
                "the name of a namespace has 1 to {LONGEST} characters, and this one has {}",
                name.chars().count()
            ),
        ));
        return;
    }
    if let Some(strange) = name.chars().find(|it| !is_plain(*it) && *it != '-') {
        cx.push(
            wrong(loc, format!("the name of a namespace cannot hold `{strange}`"))
                .help("use lower-case letters, digits and `-`"),
        );
        return;
    }
    if !name.starts_with(is_plain) || !name.ends_with(is_plain) {
        cx.push(
            wrong(
                loc,
                "the name of a namespace starts and ends with a letter or a digit".to_string(),
            )
            .help("take the `-` away"),
        );
        return;
    }
    if name == "default" || name.starts_with("kube-") {
        cx.push(
            wrong(loc, format!("`{name}` is a namespace of Kubernetes's own"))
                .note("every cluster has it, and what is set there concerns parts of Kubernetes itself")
                .help("take another name"),
        );
        return;
    }
    let Some(cluster) = it.cluster.literal() else { return };
    let same = |other: &&Namespace| {
        other.meta.name != it.meta.name
            && (other.meta.loc, &other.meta.name) < (it.meta.loc, &it.meta.name)
            && other.cluster.literal().is_some_and(|it| it.name == cluster.name)
            && other.known_name().literal() == Some(name)
    };
    let first = cx.architecture.all::<Namespace>().find(same);
    if let Some(first) = first {
        let message = format!(
            "`{}` and `{}` are both the namespace `{name}` of `{}`",
            first.meta.name, it.meta.name, cluster.name
        );
        let place = name_loc(first);
        cx.push(
            wrong(loc, message)
                .label(place, format!("`{}` is declared here", first.meta.name))
                .help("use one of them, or give one another `namespace_name`"),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{expect, found};
    use crate::codes::Code;

    const PLATFORM: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /20 }, nat: PerZone }
eks_cluster platform {
    subnets: network.private, version: "1.34",
    node_groups: { general: OnDemand { instances: ["m6i.large"], nodes: 2..=6 } },
}
"#;

    fn with(more: &str) -> String {
        format!("{PLATFORM}{more}")
    }

    #[test]
    fn a_namespace_has_a_name_that_kubernetes_takes() {
        let ok = "namespace shop { cluster: platform } namespace api_v2 { cluster: platform }";
        assert_eq!(found(&with(ok)), []);
        for (name, at) in [
            ("kube-public", "\"kube-public\""),
            ("default", "\"default\""),
            ("Shop", "\"Shop\""),
            ("shop_1", "\"shop_1\""),
            ("-shop", "\"-shop\""),
        ] {
            let source = with(&format!(
                "namespace shop {{ cluster: platform, namespace_name: \"{name}\" }}"
            ));
            expect(&source, &[(Code::AG0425, at)]);
        }
        let long = "x".repeat(64);
        let source =
            with(&format!("namespace shop {{ cluster: platform, namespace_name: \"{long}\" }}"));
        expect(&source, &[(Code::AG0425, &format!("\"{long}\""))]);
    }

    #[test]
    fn a_name_belongs_to_one_namespace_of_a_cluster() {
        let twice = "namespace shop { cluster: platform } \
                     namespace other { cluster: platform, namespace_name: \"shop\" }";
        expect(&with(twice), &[(Code::AG0425, "\"shop\"")]);
    }

    #[test]
    fn what_is_not_known_is_not_judged() {
        assert_eq!(found(&with("namespace shop { cluster: platform, namespace_name: ? }")), []);
        assert_eq!(found(&with("namespace shop { cluster: ?, namespace_name: \"shop\" }")), []);
    }
}
