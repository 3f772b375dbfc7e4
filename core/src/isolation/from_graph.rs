//! The facts of a [`ResourceGraph`].

use std::collections::{BTreeMap, HashMap};

use super::facts::{
    ACCOUNT, Condition, Facts, Kind, Named, Principal, REGION, Reference, Rule, Statement, Target,
    Thing, Use, arns, made, managed_secret, parameter, unknown,
};
use super::glob::quoted;
use crate::resource::ecs::VolumeSource;
use crate::resource::elb::ListenerAction;
use crate::resource::iam;
use crate::resource::network::EndpointKind;
use crate::resource::rds::Password;
use crate::resource::{
    Attribute, KmsAlias, Ref, Resource, ResourceGraph, ResourceId, ResourceKind, Secret,
    TargetGroup, Typed,
};
use crate::value::{Part, Pseudo, Text, Value};

impl Facts {
    /// The facts of a graph, with the pools that it says.
    pub fn of(graph: &ResourceGraph) -> Facts {
        let mut reader = Reader::new(graph);
        reader.things();
        reader.kubernetes();
        reader.policies();
        let mut facts = reader.facts;
        facts.pools_of(graph, |it| Some(it.as_str().to_string()));
        facts
    }

    /// Adds the pools of a graph; `name` says what a resource of the graph is called among the facts, if it
    /// should be there.
    pub fn pools_of(
        &mut self,
        graph: &ResourceGraph,
        name: impl Fn(&ResourceId) -> Option<String>,
    ) {
        for pool in graph.tenancies.values() {
            let shared = pool.shared_service.as_ref().and_then(|it| name(it.id()));
            let tenants = pool.tenants.iter().map(|(key, it)| Named {
                key: key.clone(),
                loc: it.loc,
                isolation: it.isolation,
                resources: it.resources.iter().filter_map(&name).collect(),
            });
            self.add_pool(&pool.name, pool.loc, shared.as_deref(), tenants.collect());
        }
    }
}

struct Reader<'a> {
    graph: &'a ResourceGraph,
    facts: Facts,
    numbers: HashMap<&'a ResourceId, usize>,
    aliases: BTreeMap<String, &'a ResourceId>,
}

impl<'a> Reader<'a> {
    fn new(graph: &'a ResourceGraph) -> Reader<'a> {
        let ids = graph.resources.keys().chain(graph.kubernetes.keys());
        let mut reader = Reader {
            graph,
            facts: Facts::default(),
            numbers: ids.enumerate().map(|(number, id)| (id, number)).collect(),
            aliases: BTreeMap::new(),
        };
        for (_, _, it) in graph.all::<KmsAlias>() {
            let name = reader.text(&it.name);
            reader.aliases.insert(name, it.key.id());
        }
        reader
    }

    /// The name that AWS knows a resource by: the one that it is given, or one that is made up.
    fn name_of(&self, resource: &Resource) -> String {
        let given = if let ResourceKind::Secret(it) = &resource.kind {
            it.name.as_ref()
        } else if let ResourceKind::LogGroup(it) = &resource.kind {
            Some(&it.name)
        } else if let ResourceKind::Bucket(it) = &resource.kind {
            it.name.as_ref()
        } else if let ResourceKind::Service(it) = &resource.kind {
            it.name.as_ref()
        } else {
            None
        };
        match given {
            Some(it) => self.text(it),
            None => made(resource.id.as_str()),
        }
    }

    fn attribute(&self, id: &ResourceId, attribute: Attribute) -> String {
        let Some(resource) = self.graph.resources.get(id) else {
            return made(&format!("{id}.{attribute:?}"));
        };
        let kind = Kind::of(resource.kind.cloudformation_type());
        let own = || self.arns_of(resource, kind).into_iter().next();
        let is_arn = attribute == Attribute::Arn && kind != Kind::Database;
        let is_name = matches!(attribute, Attribute::Id | Attribute::Name)
            && matches!(
                kind,
                Kind::LogGroup
                    | Kind::Key
                    | Kind::Bucket
                    | Kind::Role
                    | Kind::AccessPoint
                    | Kind::FileSystem
            );
        if kind == Kind::Database && attribute == Attribute::ManagedSecretArn {
            managed_secret(id.as_str())
        // What `Ref` gives of a secret is its ARN.
        } else if is_arn || kind == Kind::Secret && attribute == Attribute::Id {
            own().unwrap_or_else(|| made(&format!("{id}.Arn")))
        } else if is_name {
            self.name_of(resource)
        } else {
            made(&format!("{id}.{attribute:?}"))
        }
    }

    fn arns_of(&self, resource: &Resource, kind: Kind) -> Vec<String> {
        if kind == Kind::Database {
            return arns(kind, resource.id.as_str(), None);
        }
        let parent = if let ResourceKind::AccessPoint(it) = &resource.kind {
            Some(made(it.file_system.id().as_str()))
        } else if let ResourceKind::Service(it) = &resource.kind {
            let cluster = self.graph.get(&it.cluster).and_then(|it| it.name.as_ref());
            Some(cluster.map_or_else(|| made(it.cluster.id().as_str()), |it| self.text(it)))
        } else {
            None
        };
        arns(kind, &self.name_of(resource), parent.as_deref())
    }

    /// A text without wildcards, as the proof reads it.
    fn text(&self, text: &Text) -> String {
        self.parts(text, quoted)
    }

    /// A pattern, as the proof reads it.
    fn pattern(&self, text: &Text) -> String {
        self.parts(text, str::to_string)
    }

    fn parts(&self, text: &Text, literal: impl Fn(&str) -> String) -> String {
        let mut all = String::new();
        for part in &text.0 {
            match part {
                Part::Literal(it) => all.push_str(&literal(it)),
                Part::Parameter(it) => all.push_str(&parameter(it)),
                Part::Attribute(id, attribute) => all.push_str(&self.attribute(id, *attribute)),
                Part::Pseudo(Pseudo::Region) => all.push(REGION),
                Part::Pseudo(Pseudo::AccountId) => all.push(ACCOUNT),
                Part::Pseudo(Pseudo::Partition) => all.push_str("aws"),
                Part::Pseudo(Pseudo::UrlSuffix) => all.push_str("amazonaws.com"),
                Part::Member(_) | Part::Unknown => all.push_str(&unknown()),
            }
        }
        all
    }

    fn to(&self, id: &ResourceId) -> Target {
        match self.numbers.get(id) {
            Some(it) => Target::Thing(*it),
            None => Target::Elsewhere(id.to_string()),
        }
    }

    /// A reference to what a text says the ARN or name of.
    fn by_text(&self, used: Use, text: &Text, all: &mut Vec<Reference>) {
        let before = all.len();
        for part in &text.0 {
            if let Part::Attribute(id, attribute) = part {
                let used = match (used, attribute) {
                    (Use::Other, Attribute::ManagedSecretArn) => Use::Secret,
                    (it, _) => it,
                };
                all.push(Reference { used, to: self.to(id) });
            }
        }
        if all.len() > before || used == Use::Other || text.has_unknown() {
            return;
        }
        let name = self.text(text);
        let to = match self.aliases.get(&name) {
            Some(id) => self.to(id),
            None => Target::Elsewhere(name),
        };
        all.push(Reference { used, to });
    }

    fn statement(&self, it: &iam::Statement) -> Statement {
        let principals = match &it.principal {
            None => Vec::new(),
            Some(iam::Principal::Everyone) => vec![Principal::Everyone],
            Some(iam::Principal::Service(it) | iam::Principal::RegionalService(it)) => {
                vec![Principal::Other((*it).to_string())]
            }
            Some(iam::Principal::Arns(all)) => {
                all.iter().map(|it| Principal::Arn(self.pattern(it))).collect()
            }
        };
        let mut conditions: Vec<Condition> = Vec::new();
        for group in it.conditions_by_operator() {
            for (key, values) in group.keys {
                conditions.push(Condition {
                    operator: group.operator.to_string(),
                    key: key.to_string(),
                    values: values.into_iter().map(|it| self.pattern(it)).collect(),
                });
            }
        }
        Statement {
            sid: it.sid.to_string(),
            allow: it.allow,
            principals,
            actions: it.actions.iter().map(|it| (*it).to_string()).collect(),
            not_actions: false,
            resources: it.resources.iter().map(|it| self.pattern(it)).collect(),
            not_resources: false,
            conditions,
        }
    }

    fn statements(&self, all: &[iam::Statement]) -> Vec<Statement> {
        all.iter().map(|it| self.statement(it)).collect()
    }

    fn things(&mut self) {
        for resource in self.graph.resources.values() {
            let kind = Kind::of(resource.kind.cloudformation_type());
            let mut thing = Thing::new(resource.id.as_str(), kind, resource.loc);
            thing.is_login =
                Secret::from_kind(&resource.kind).is_some_and(|it| it.username.is_some());
            thing.declaration.clone_from(&resource.declaration);
            if kind != Kind::Other {
                thing.arns = self.arns_of(resource, kind);
            }
            if matches!(
                kind,
                Kind::Role
                    | Kind::Secret
                    | Kind::LogGroup
                    | Kind::Key
                    | Kind::Bucket
                    | Kind::AccessPoint
                    | Kind::Service
                    | Kind::Database
            ) {
                thing.tags = self.graph.tags_on(resource);
            }
            self.properties(resource, &mut thing);
            self.facts.add(thing);
        }
    }

    #[allow(clippy::too_many_lines)]
    fn properties(&self, resource: &Resource, thing: &mut Thing) {
        let mut all: Vec<Reference> = Vec::new();
        let stands = || Some(self.graph.endpoint_name(resource).to_string());
        macro_rules! refer {
            ($used:expr, $refs:expr) => {
                all.extend(
                    $refs.into_iter().map(|it| Reference { used: $used, to: self.to(it.id()) }),
                )
            };
        }
        macro_rules! key {
            ($key:expr) => {
                if let Some(it) = &$key {
                    if it.has_unknown() || it.0.iter().any(|it| matches!(it, Part::Parameter(_))) {
                        thing.unknown.push("its key is given when deploying".to_string());
                    }
                    self.by_text(Use::Encryption, it, &mut all);
                }
            };
        }
        match &resource.kind {
            ResourceKind::Role(it) => {
                thing.statements = self.statements(&it.statements);
                thing.policy = vec![self.statement(&it.trust_statement())];
                thing.managed = it.managed_policies.iter().map(|it| (*it).to_string()).collect();
            }
            ResourceKind::Secret(it) => key!(it.kms_key),
            ResourceKind::LogGroup(it) => key!(it.kms_key),
            ResourceKind::Topic(it) => key!(it.kms_key),
            ResourceKind::BackupVault(it) => key!(it.kms_key),
            ResourceKind::KmsKey(it) => thing.policy = self.statements(&it.statements),
            ResourceKind::KmsAlias(it) => refer!(Use::Parent, [&it.key]),
            ResourceKind::Bucket(it) => {
                key!(it.kms_key);
                refer!(Use::Other, it.access_logs.iter().map(|it| &it.0));
                refer!(Use::Other, it.replication.iter().map(|it| &it.role));
            }
            ResourceKind::BucketPolicy(it) => refer!(Use::Parent, [&it.bucket]),
            ResourceKind::AccessPoint(it) => refer!(Use::Parent, [&it.file_system]),
            ResourceKind::FileSystem(it) => key!(it.kms_key),
            ResourceKind::MountTarget(it) => {
                thing.endpoint = stands();
                refer!(Use::Parent, [&it.file_system]);
                refer!(Use::SecurityGroup, &it.groups);
            }
            ResourceKind::Service(it) => {
                thing.endpoint = stands();
                refer!(Use::TaskDefinition, [&it.task_definition]);
                refer!(Use::SecurityGroup, &it.groups);
                for target in &it.load_balancers {
                    refer!(Use::TargetGroup, [&target.target_group]);
                    if let Some(it) = &target.alternate {
                        refer!(Use::TargetGroup, [&it.target_group]);
                        refer!(Use::Other, [&it.rule]);
                        refer!(Use::Other, [&it.role]);
                    }
                }
                refer!(Use::Parent, [&it.cluster]);
                refer!(Use::Other, &it.discovery);
            }
            ResourceKind::TaskDefinition(it) => {
                refer!(Use::ExecutionRole, [&it.execution_role]);
                refer!(Use::TaskRole, [&it.task_role]);
                refer!(Use::Log, [&it.container.log_group]);
                for (_, it) in &it.container.secrets {
                    if it.has_unknown() {
                        thing.unknown.push("a secret that it injects is not known".to_string());
                    }
                    self.by_text(Use::Secret, it, &mut all);
                }
                for it in
                    it.container.environment.iter().map(|it| &it.1).chain(&it.container.command)
                {
                    self.by_text(Use::Other, it, &mut all);
                }
                for it in &it.volumes {
                    if let VolumeSource::Efs { file_system, access_point } = &it.source {
                        refer!(Use::Other, [file_system]);
                        refer!(Use::AccessPoint, [access_point]);
                    }
                }
            }
            ResourceKind::ListenerRule(it) => {
                thing.rule = Some(rule(it));
                refer!(Use::Parent, [&it.listener]);
                refer!(Use::Forward, forwards(&it.action));
            }
            ResourceKind::Listener(it) => {
                refer!(Use::Parent, [&it.load_balancer]);
                refer!(Use::Forward, forwards(&it.default_action));
            }
            ResourceKind::LoadBalancer(it) => {
                thing.endpoint = stands();
                refer!(Use::SecurityGroup, &it.groups);
                refer!(Use::Other, it.access_logs.iter().map(|it| &it.0));
            }
            ResourceKind::DbInstance(it) => {
                thing.endpoint = stands();
                key!(it.kms_key);
                match &it.password {
                    Some(Password::Managed { kms_key }) => key!(kms_key),
                    Some(Password::Secret(it)) => refer!(Use::Other, [it]),
                    None => {}
                }
                refer!(Use::SecurityGroup, &it.groups);
                refer!(Use::Other, &it.replica_of);
                refer!(Use::Other, it.monitoring.iter().map(|it| &it.1));
            }
            ResourceKind::ReplicationGroup(it) => {
                thing.endpoint = stands();
                key!(it.kms_key);
                refer!(Use::SecurityGroup, &it.groups);
            }
            ResourceKind::LaunchTemplate(it) => {
                refer!(Use::SecurityGroup, &it.groups);
                refer!(Use::Other, &it.profile);
            }
            ResourceKind::VpcEndpoint(it) => {
                if let EndpointKind::Interface { groups, .. } = &it.kind {
                    refer!(Use::SecurityGroup, groups);
                }
            }
            ResourceKind::EksCluster(it) => {
                key!(it.kms_key);
                refer!(Use::SecurityGroup, &it.groups);
                refer!(Use::Other, [&it.role]);
            }
            ResourceKind::InstanceProfile(it) => refer!(Use::Other, [&it.role]),
            ResourceKind::PodIdentity(it) => refer!(Use::TaskRole, [&it.role]),
            ResourceKind::ScalableTarget(it) => refer!(Use::Parent, [&it.service]),
            ResourceKind::Alarm(it) => {
                let metrics: Vec<&crate::resource::cloudwatch::Metric> = match &it.source {
                    crate::resource::cloudwatch::AlarmSource::Metric(it) => vec![it],
                    crate::resource::cloudwatch::AlarmSource::PercentOf { part, whole, .. } => {
                        vec![part, whole]
                    }
                };
                for (_, it) in metrics.into_iter().flat_map(|it| &it.dimensions) {
                    self.by_text(Use::Watch, it, &mut all);
                }
                all.retain(|it| matches!(it.to, Target::Thing(_)));
            }
            ResourceKind::SecurityGroup(_) | ResourceKind::TargetGroup(_) => {}
            ResourceKind::Dashboard(_)
            | ResourceKind::FlowLog(_)
            | ResourceKind::Vpc(_)
            | ResourceKind::VpcCidrBlock(_)
            | ResourceKind::VpcIpv6Block(_)
            | ResourceKind::Subnet(_)
            | ResourceKind::InternetGateway(_)
            | ResourceKind::InternetGatewayAttachment(_)
            | ResourceKind::ElasticIp(_)
            | ResourceKind::NatGateway(_)
            | ResourceKind::RouteTable(_)
            | ResourceKind::Route(_)
            | ResourceKind::RouteTableAssociation(_)
            | ResourceKind::NetworkAcl(_)
            | ResourceKind::NetworkAclEntry(_)
            | ResourceKind::NetworkAclAssociation(_)
            | ResourceKind::VpcPeeringConnection(_)
            | ResourceKind::SecurityGroupRule(_)
            | ResourceKind::EgressOnlyInternetGateway(_)
            | ResourceKind::PrefixList(_)
            | ResourceKind::TransitGateway(_)
            | ResourceKind::TransitGatewayAttachment(_)
            | ResourceKind::TransitGatewayRouteTable(_)
            | ResourceKind::TransitGatewayAssociation(_)
            | ResourceKind::TransitGatewayPropagation(_)
            | ResourceKind::TransitGatewayRoute(_)
            | ResourceKind::VpnGateway(_)
            | ResourceKind::VpnGatewayAttachment(_)
            | ResourceKind::AutoScalingGroup(_)
            | ResourceKind::ScalingPolicy(_)
            | ResourceKind::Certificate(_)
            | ResourceKind::Repository(_)
            | ResourceKind::Cluster(_)
            | ResourceKind::CapacityProvider(_)
            | ResourceKind::ClusterCapacityProviders(_)
            | ResourceKind::NodeGroup(_)
            | ResourceKind::Addon(_)
            | ResourceKind::AccessEntry(_)
            | ResourceKind::Queue(_)
            | ResourceKind::QueuePolicy(_)
            | ResourceKind::EventRule(_)
            | ResourceKind::PrivateDnsNamespace(_)
            | ResourceKind::DiscoveryService(_)
            | ResourceKind::TopicPolicy(_)
            | ResourceKind::TopicSubscription(_)
            | ResourceKind::Budget(_)
            | ResourceKind::BackupPlan(_)
            | ResourceKind::BackupSelection(_)
            | ResourceKind::DbSubnetGroup(_)
            | ResourceKind::DbParameterGroup(_)
            | ResourceKind::CacheSubnetGroup(_)
            | ResourceKind::CacheParameterGroup(_)
            | ResourceKind::Distribution(_)
            | ResourceKind::OriginAccessControl(_)
            | ResourceKind::WebAcl(_)
            | ResourceKind::WebAclAssociation(_)
            | ResourceKind::WebAclLogging(_)
            | ResourceKind::HostedZone(_)
            | ResourceKind::RecordSet(_) => {}
        }
        all.sort_unstable();
        all.dedup();
        thing.references = all;
    }

    /// Services in Kubernetes.
    fn kubernetes(&mut self) {
        for resource in self.graph.kubernetes.values() {
            let mut thing = Thing::new(resource.id.as_str(), Kind::Other, resource.loc);
            thing.declaration.clone_from(&resource.declaration);
            if let crate::resource::kubernetes::KubernetesKind::Workload(it) = &resource.kind {
                thing.kind = Kind::Service;
                let name = self.graph.endpoint_of(&resource.declaration, &resource.id);
                thing.endpoint = Some(name.to_string());
                let mut all = Vec::new();
                for (_, it) in &it.secrets {
                    self.by_text(Use::Secret, it, &mut all);
                }
                for it in it.environment.iter().map(|it| &it.1).chain(&it.command) {
                    self.by_text(Use::Other, it, &mut all);
                }
                let targets = it.targets.iter();
                all.extend(
                    targets.map(|it| Reference { used: Use::TargetGroup, to: self.to(it.id()) }),
                );
                thing.references = all;
            }
            self.facts.add(thing);
        }
    }

    /// What stands apart from what it is about: policies of buckets, aliases of keys.
    fn policies(&mut self) {
        let mut added: Vec<(usize, Vec<Statement>)> = Vec::new();
        for resource in self.graph.resources.values() {
            if let ResourceKind::BucketPolicy(it) = &resource.kind
                && let Some(number) = self.numbers.get(it.bucket.id())
            {
                added.push((*number, self.statements(&it.statements)));
            }
        }
        for (number, statements) in added {
            self.facts.things[number].policy.extend(statements);
        }
        for (name, id) in &self.aliases {
            if let Some(number) = self.numbers.get(id) {
                self.facts.things[*number].aliases.push(name.clone());
            }
        }
    }
}

/// Where an action sends requests.
fn forwards(action: &ListenerAction) -> Vec<&Ref<TargetGroup>> {
    match action {
        ListenerAction::Forward(all) => all.iter().map(|it| &it.0).collect(),
        ListenerAction::RedirectToHttps | ListenerAction::FixedResponse { .. } => Vec::new(),
    }
}

fn rule(it: &crate::resource::ListenerRule) -> Rule {
    let texts = |all: &[Value<String>], small: bool| -> Vec<String> {
        let text = |it: &Value<String>| match it {
            Value::Literal(it) if small => it.to_lowercase(),
            Value::Literal(it) => it.clone(),
            Value::Parameter(it) => parameter(it),
            Value::Unknown => unknown(),
        };
        all.iter().map(text).collect()
    };
    Rule {
        listener: it.listener.id().to_string(),
        priority: it.priority.literal().map(|it| u32::from(*it)),
        hosts: texts(&it.hosts, true),
        paths: texts(&it.paths, false),
        headers: it
            .headers
            .iter()
            .map(|(name, values)| (name.to_lowercase(), texts(values, true)))
            .collect(),
        others: false,
    }
}
