//! Services of Kubernetes clusters.

use super::Context;
use crate::declare::K8sService;

/// Checks a service.
pub fn check(it: &K8sService, cx: &mut Context<'_>) {
    cx.range("replicas", &it.replicas);
}
