//! Services that the policies of their own cluster refuse (AG0441).

use super::Context;
use crate::codes::Code;
use crate::declare::cluster_addons::{KyvernoSpec, PodPolicy, PolicyAction};
use crate::declare::{EksCluster, K8sService, Namespace};
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;
use crate::service_fields::Image;

/// Holds a service against the policies that Kyverno enforces on its cluster.
pub fn check(it: &K8sService, cluster: &EksCluster, namespace: &Namespace, cx: &mut Context<'_>) {
    for addons in cluster.cluster_addons(cx.architecture) {
        let kyverno = addons.kyverno.as_ref().and_then(Field::literal);
        let Some(kyverno) = kyverno.filter(|it| enforces(it, namespace)) else {
            continue;
        };
        let asked = |policy: PodPolicy| {
            let all = kyverno.policies.literal().into_iter().flatten();
            all.filter_map(Field::literal).any(|it| *it == policy)
        };
        let refused = |loc: Loc, why: String, policy: PodPolicy| {
            let by = &addons.meta.name;
            Diagnostic::new(
                Code::AG0441,
                loc,
                format!("{why}, and the policy `{}` of `{by}` refuses such pods", policy.word()),
            )
        };
        let name = &it.meta.name;
        if it.health_check.is_none() && asked(PodPolicy::Probes) {
            let why = format!("`{name}` has no health check");
            cx.push(refused(it.meta.loc, why, PodPolicy::Probes).help(
                "add `health_check: { path: \"/health\" }`, or leave `Probes` out of `policies`, or name the \
                 namespace in `exempt`",
            ));
        }
        if let Some(tag) = moving_tag(it).filter(|_| asked(PodPolicy::ImageTags)) {
            let why = format!("the image of `{name}` {tag}");
            cx.push(
                refused(it.image.loc, why, PodPolicy::ImageTags)
                    .help("name a version that stays, such as `\"example/api:1.4.2\"`"),
            );
        }
    }
}

/// Whether pods of a namespace that are not as policies say are refused, for certain.
fn enforces(kyverno: &KyvernoSpec, namespace: &Namespace) -> bool {
    let name = namespace.known_name();
    let exempt = kyverno
        .exempt
        .literal()
        .map(|all| all.iter().any(|it| it.literal().is_none() || it.literal() == name.literal()));
    kyverno.action.literal() == Some(&PolicyAction::Enforce)
        && name.literal().is_some()
        && exempt == Some(false)
}

/// What is wrong with the tag of an image that is written out: it has none, or `latest`.
fn moving_tag(it: &K8sService) -> Option<&'static str> {
    let Some(Image::Name(text)) = it.image.literal() else { return None };
    let image = text.as_literal().filter(|it| !it.contains('@'))?;
    match image.rsplit('/').next()?.split_once(':') {
        None => Some("has no tag"),
        Some((_, "latest")) => Some("has the tag `latest`"),
        Some(_) => None,
    }
}
