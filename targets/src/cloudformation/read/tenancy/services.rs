//! Services with their task definitions, and the rules that send them requests.

use archgen_core::isolation::facts::{Reference, Rule, Use};

use super::{Reader, get, many, within};
use crate::read::data::{Data, DataKind};
use crate::read::network::Item;

impl Reader<'_> {
    pub(super) fn task_definition(&self, item: &Item<'_>, all: &mut Vec<Reference>) {
        self.refer(Use::TaskRole, &self.property(item, "TaskRoleArn"), all);
        self.refer(Use::ExecutionRole, &self.property(item, "ExecutionRoleArn"), all);
        let containers = self.property(item, "ContainerDefinitions");
        for container in many(&containers) {
            let secrets = get(container, "Secrets").map(many).unwrap_or_default();
            let options = within(container, &["LogConfiguration", "SecretOptions"]);
            for secret in secrets.into_iter().chain(options.map(many).unwrap_or_default()) {
                if let Some(it) = get(secret, "ValueFrom") {
                    self.refer(Use::Secret, it, all);
                }
            }
            if let Some(it) = within(container, &["RepositoryCredentials", "CredentialsParameter"])
            {
                self.refer(Use::Secret, it, all);
            }
            if let Some(it) = within(container, &["LogConfiguration", "Options", "awslogs-group"]) {
                self.refer(Use::Log, it, all);
            }
            for name in ["Environment", "Command", "EntryPoint", "HealthCheck", "Image"] {
                if let Some(it) = get(container, name) {
                    self.refer(Use::Other, it, all);
                }
            }
        }
        for volume in many(&self.property(item, "Volumes")) {
            let Some(it) = get(volume, "EFSVolumeConfiguration") else { continue };
            if let Some(it) = within(it, &["AuthorizationConfig", "AccessPointId"]) {
                self.refer(Use::AccessPoint, it, all);
            }
            if let Some(it) = get(it, "FilesystemId") {
                self.refer(Use::Other, it, all);
            }
        }
    }

    pub(super) fn service(&self, item: &Item<'_>, all: &mut Vec<Reference>) {
        self.refer(Use::TaskDefinition, &self.property(item, "TaskDefinition"), all);
        self.refer(Use::Parent, &self.property(item, "Cluster"), all);
        let network = self.property(item, "NetworkConfiguration");
        if let Some(it) = within(&network, &["AwsvpcConfiguration", "SecurityGroups"]) {
            for it in many(it) {
                self.refer(Use::SecurityGroup, it, all);
            }
        }
        for target in many(&self.property(item, "LoadBalancers")) {
            if let Some(it) = get(target, "TargetGroupArn") {
                self.refer(Use::TargetGroup, it, all);
            }
            if let Some(advanced) = get(target, "AdvancedConfiguration") {
                if let Some(it) = get(advanced, "AlternateTargetGroupArn") {
                    self.refer(Use::TargetGroup, it, all);
                }
                for name in ["ProductionListenerRule", "RoleArn", "TestListenerRule"] {
                    if let Some(it) = get(advanced, name) {
                        self.refer(Use::Other, it, all);
                    }
                }
            }
        }
        self.refer(Use::Other, &self.property(item, "ServiceRegistries"), all);
    }

    pub(super) fn rule(&self, item: &Item<'_>) -> Rule {
        let listener = self.property(item, "ListenerArn");
        let listener = if let DataKind::Reference(it) = &listener.kind {
            it.resource.clone()
        } else {
            self.text(&listener)
        };
        let priority = self.property(item, "Priority").as_integer();
        let mut rule = Rule {
            listener,
            priority: priority.and_then(|it| u32::try_from(it).ok()),
            ..Rule::default()
        };
        for condition in many(&self.property(item, "Conditions")) {
            let field = get(condition, "Field").and_then(Data::as_text).unwrap_or_default();
            let values = |config: &str| -> Vec<String> {
                let inside = within(condition, &[config, "Values"]);
                let all = inside.or_else(|| get(condition, "Values")).map(many);
                all.unwrap_or_default().into_iter().map(|it| self.pattern(it)).collect()
            };
            let small = |all: Vec<String>| all.into_iter().map(|it| it.to_lowercase()).collect();
            match field {
                "host-header" => rule.hosts = small(values("HostHeaderConfig")),
                "path-pattern" => rule.paths = values("PathPatternConfig"),
                "http-header" => {
                    let name = within(condition, &["HttpHeaderConfig", "HttpHeaderName"]);
                    let name = name.map(|it| self.text(it).to_lowercase()).unwrap_or_default();
                    rule.headers.insert(name, small(values("HttpHeaderConfig")));
                }
                _ => rule.others = true,
            }
        }
        rule
    }
}
