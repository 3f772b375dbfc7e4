//! What keeps tenants apart in a template: roles with what they may do, secrets, keys, log groups, task
//! definitions, services and listener rules, as the proof of [`archgen_core::isolation`] takes them.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::isolation::facts::{
    ACCOUNT, Facts, Kind, REGION, Reference, Target, Thing, Use, arns, made, managed_secret,
    parameter, unknown,
};
use archgen_core::isolation::glob::quoted;
use archgen_core::resource::{ResourceGraph, ResourceId};

use super::stack::Stacks;
use super::{Options, ReadError, Source, items, network, parameters};
use crate::read::Unread;
use crate::read::data::{Data, DataKind};
use crate::read::document::Node;
use crate::read::network::{self as reading, Item};

mod policies;
mod services;

/// What templates say of tenants.
#[derive(Clone, Debug, Default)]
pub struct Tenants {
    /// The resources; without pools, which no template has.
    pub facts: Facts,
    /// The network part, whose endpoints the facts name.
    pub graph: ResourceGraph,
    /// What was not read of the network.
    pub unread: Vec<Unread>,
}

/// Reads what templates say, which together are one platform: resources are called by their logical IDs, behind
/// those of the nested stacks they are in.
///
/// # Errors
///
/// One of the texts is no template, or a parameter that was given is not one of it.
pub fn tenants(sources: &[Source<'_>], options: &Options<'_>) -> Result<Tenants, ReadError> {
    let mut notes = network::Notes::new();
    let stacks = Stacks::read(sources, options, &mut notes)?;
    parameters::checked(&stacks)?;
    items::transforms(&stacks, &mut notes);
    let items = items::items(&stacks);
    let (graph, unread) = network::graph(&stacks, &items, notes);
    let mut facts = Facts::default();
    Reader::new(&stacks, &items, &graph).read(&mut facts);
    Ok(Tenants { facts, graph, unread })
}

impl Tenants {
    /// Says by the resources of an architecture whose everything is.
    pub fn owned_as_in(&mut self, architecture: &ResourceGraph) {
        // Those in nested stacks by the last part of their names.
        let mut nested: BTreeMap<&str, &str> = BTreeMap::new();
        for thing in &self.facts.things {
            if let Some((_, last)) = thing.name.rsplit_once('.') {
                nested.insert(last, &thing.name);
            }
        }
        let there: BTreeSet<String> = self.facts.things.iter().map(|it| it.name.clone()).collect();
        let nested: BTreeMap<String, String> =
            nested.into_iter().map(|(last, all)| (last.to_string(), all.to_string())).collect();
        self.facts.pools_of(architecture, |it: &ResourceId| {
            let logical = it.logical_id();
            if there.contains(&logical) {
                return Some(logical);
            }
            if let Some(it) = nested.get(&logical) {
                return Some(it.clone());
            }
            // Rules are written in the group or role that they are about.
            let kind = &architecture.resources.get(it)?.kind;
            (Kind::of(kind.cloudformation_type()) != Kind::Other).then_some(logical)
        });
    }
}

struct Reader<'a> {
    stacks: &'a Stacks<'a>,
    items: &'a BTreeMap<String, Item<'a>>,
    /// What has network interfaces.
    standing: BTreeSet<&'a str>,
    /// The numbers that resources will have.
    numbers: BTreeMap<&'a str, usize>,
    aliases: BTreeMap<String, String>,
}

/// A list, or one value as a list of it.
fn many(data: &Data) -> Vec<&Data> {
    match data.as_list() {
        Some(all) => all.iter().collect(),
        None if data.is_absent() => Vec::new(),
        None => vec![data],
    }
}

/// A value of a map.
fn get<'a>(data: &'a Data, key: &str) -> Option<&'a Data> {
    data.as_map()?.iter().find(|it| it.0 == key).map(|it| &it.1)
}

/// A value far inside.
fn within<'a>(data: &'a Data, path: &[&str]) -> Option<&'a Data> {
    path.iter().try_fold(data, |it, key| get(it, key))
}

impl<'a> Reader<'a> {
    fn new(
        stacks: &'a Stacks<'a>,
        items: &'a BTreeMap<String, Item<'a>>,
        graph: &'a ResourceGraph,
    ) -> Reader<'a> {
        let standing = graph.interfaces.values().map(|it| it.declaration.as_str()).collect();
        let mut reader =
            Reader { stacks, items, standing, numbers: BTreeMap::new(), aliases: BTreeMap::new() };
        for item in items.values().filter(|it| it.kind == "AWS::KMS::Alias") {
            let name = reader.text(&reader.property(item, "AliasName"));
            if let DataKind::Reference(it) = reader.property(item, "TargetKeyId").kind {
                reader.aliases.insert(name, it.resource);
            }
        }
        reader
    }

    fn property(&self, item: &Item<'_>, name: &str) -> Data {
        reading::Source::property(self.stacks, item, name)
    }

    /// The kind of a resource, if the template has it.
    fn kind_of(&self, name: &str) -> Option<Kind> {
        self.items.get(name).map(|it| Kind::of(&it.kind))
    }

    /// The name that AWS knows a resource by.
    fn name_of(&self, item: &Item<'_>) -> String {
        let given = match item.kind.as_str() {
            "AWS::SecretsManager::Secret" => "Name",
            "AWS::Logs::LogGroup" => "LogGroupName",
            "AWS::S3::Bucket" => "BucketName",
            "AWS::IAM::Role" => "RoleName",
            "AWS::ECS::Service" => "ServiceName",
            _ => return made(&item.name),
        };
        let given = self.property(item, given);
        if given.is_absent() { made(&item.name) } else { self.text(&given) }
    }

    fn arns_of(&self, item: &Item<'_>) -> Vec<String> {
        let kind = Kind::of(&item.kind);
        let of = |name: &str| {
            if let DataKind::Reference(it) = self.property(item, name).kind {
                made(&it.resource)
            } else {
                unknown()
            }
        };
        match kind {
            Kind::Database => arns(kind, &item.name, None),
            Kind::AccessPoint => arns(kind, &made(&item.name), Some(&of("FileSystemId"))),
            Kind::Service => arns(kind, &self.name_of(item), Some(&of("Cluster"))),
            Kind::Role => {
                let path = self.property(item, "Path");
                let path = path.as_text().unwrap_or("/").trim_start_matches('/');
                arns(kind, &format!("{path}{}", self.name_of(item)), None)
            }
            Kind::Secret
            | Kind::LogGroup
            | Kind::Key
            | Kind::Bucket
            | Kind::FileSystem
            | Kind::TaskDefinition
            | Kind::TargetGroup
            | Kind::Rule
            | Kind::Listener
            | Kind::LoadBalancer
            | Kind::SecurityGroup
            | Kind::Other => arns(kind, &self.name_of(item), None),
        }
    }

    fn attribute(&self, resource: &str, attribute: Option<&str>) -> String {
        let Some(item) = self.items.get(resource) else {
            return made(&format!("{resource}.{}", attribute.unwrap_or("Ref")));
        };
        let kind = Kind::of(&item.kind);
        let own = || self.arns_of(item).into_iter().next();
        match (kind, attribute) {
            (Kind::Database, Some("MasterUserSecret.SecretArn")) => managed_secret(&item.name),
            (Kind::Secret, None | Some("Id")) => own().unwrap_or_else(unknown),
            (Kind::Database | Kind::Other, Some(it)) => made(&format!("{resource}.{it}")),
            (_, Some("Arn" | "ServiceArn")) => {
                own().unwrap_or_else(|| made(&format!("{resource}.Arn")))
            }
            (_, None | Some("KeyId" | "FileSystemId" | "AccessPointId" | "Name")) => {
                self.name_of(item)
            }
            (_, Some(it)) => made(&format!("{resource}.{it}")),
        }
    }

    /// A text without wildcards, as the proof reads it.
    fn text(&self, data: &Data) -> String {
        self.written(data, &quoted)
    }

    /// A pattern, as the proof reads it.
    fn pattern(&self, data: &Data) -> String {
        self.written(data, &str::to_string)
    }

    fn written(&self, data: &Data, literal: &dyn Fn(&str) -> String) -> String {
        if let Some(it) = data.as_text() {
            return literal(it);
        }
        match &data.kind {
            DataKind::Composed(parts) => parts.iter().map(|it| self.written(it, literal)).collect(),
            DataKind::Reference(it) => self.attribute(&it.resource, it.attribute.as_deref()),
            DataKind::Unknown(it) => match it.source.as_deref() {
                Some("AWS::Region") => REGION.to_string(),
                Some("AWS::AccountId") => ACCOUNT.to_string(),
                Some("AWS::Partition") => "aws".to_string(),
                Some("AWS::URLSuffix") => "amazonaws.com".to_string(),
                Some(source) => parameter(source),
                None => unknown(),
            },
            DataKind::Absent
            | DataKind::Bool(_)
            | DataKind::Number(_)
            | DataKind::Text(_)
            | DataKind::List(_)
            | DataKind::Map(_)
            | DataKind::Zone(_)
            | DataKind::Zones
            | DataKind::Part(_)
            | DataKind::Either(..) => unknown(),
        }
    }

    fn read(&mut self, facts: &mut Facts) {
        let first = facts.things.len();
        let names = self.items.keys().enumerate();
        self.numbers = names.map(|(at, it)| (it.as_str(), first + at)).collect();
        for item in self.items.values() {
            let thing = self.thing(item);
            facts.add(thing);
        }
        for item in self.items.values() {
            self.apart(item, facts);
        }
        for (name, key) in &self.aliases {
            if let Some(number) = self.numbers.get(key.as_str()) {
                facts.things[*number].aliases.push(name.clone());
            }
        }
    }

    /// What a value refers to, for a use.
    fn refer(&self, used: Use, data: &Data, all: &mut Vec<Reference>) {
        let mut found = Vec::new();
        mentioned(data, &mut found);
        let none = found.is_empty();
        for (resource, attribute) in found {
            let used = match (used, attribute) {
                (Use::Other, Some("MasterUserSecret.SecretArn")) => Use::Secret,
                (it, _) => it,
            };
            all.push(Reference { used, to: self.to(resource) });
        }
        if none && used != Use::Other && used != Use::Watch && !data.is_absent() {
            let name = self.text(data);
            if name.contains(&unknown()) {
                return;
            }
            let to = match self.aliases.get(&name) {
                Some(key) => self.to(key),
                None => Target::Elsewhere(name),
            };
            all.push(Reference { used, to });
        }
    }

    fn to(&self, resource: &str) -> Target {
        match self.numbers.get(resource) {
            Some(it) => Target::Thing(*it),
            None => Target::Elsewhere(resource.to_string()),
        }
    }

    fn thing(&self, item: &Item<'_>) -> Thing {
        let kind = Kind::of(&item.kind);
        let mut thing = Thing::new(item.name.clone(), kind, item.loc);
        thing.arns = self.arns_of(item);
        let made_up = self.property(item, "GenerateSecretString");
        thing.is_login = get(&made_up, "SecretStringTemplate").is_some();
        if self.standing.contains(item.name.as_str()) {
            thing.endpoint = Some(item.name.clone());
        }
        for tag in many(&self.property(item, "Tags")) {
            if let (Some(key), Some(value)) = (get(tag, "Key"), get(tag, "Value")) {
                thing.tags.insert(self.text(key), self.text(value));
            }
        }
        if let Some(why) = &item.maybe {
            thing.unknown.push(why.clone());
        }
        let mut all: Vec<Reference> = Vec::new();
        match item.kind.as_str() {
            "AWS::IAM::Role" => self.role(item, &mut thing),
            "AWS::ECS::TaskDefinition" => self.task_definition(item, &mut all),
            "AWS::ECS::Service" => self.service(item, &mut all),
            "AWS::KMS::Key" => thing.policy = self.document(&self.property(item, "KeyPolicy")),
            "AWS::ElasticLoadBalancingV2::ListenerRule" => {
                thing.rule = Some(self.rule(item));
                self.refer(Use::Parent, &self.property(item, "ListenerArn"), &mut all);
                self.refer(Use::Forward, &self.property(item, "Actions"), &mut all);
            }
            "AWS::ElasticLoadBalancingV2::Listener" => {
                self.refer(Use::Parent, &self.property(item, "LoadBalancerArn"), &mut all);
                self.refer(Use::Forward, &self.property(item, "DefaultActions"), &mut all);
            }
            // What they admit is the network's, what they allow is their own.
            "AWS::EC2::SecurityGroup"
            | "AWS::EC2::SecurityGroupIngress"
            | "AWS::EC2::SecurityGroupEgress"
            | "AWS::IAM::Policy"
            | "AWS::IAM::RolePolicy"
            | "AWS::IAM::ManagedPolicy"
            | "AWS::S3::BucketPolicy"
            | "AWS::SecretsManager::ResourcePolicy" => {}
            _ => self.anything(item, &mut all),
        }
        all.retain(|it| it.to != self.to(&item.name));
        all.sort_unstable();
        all.dedup();
        thing.references = all;
        thing
    }

    /// The properties of a resource of any other type.
    fn anything(&self, item: &Item<'_>, all: &mut Vec<Reference>) {
        let Some((stack, Some(properties))) = item.written else { return };
        let watches = matches!(
            item.kind.as_str(),
            "AWS::CloudWatch::Alarm" | "AWS::CloudWatch::Dashboard" | "AWS::Logs::MetricFilter"
        );
        let part = matches!(
            item.kind.as_str(),
            "AWS::KMS::Alias"
                | "AWS::EFS::MountTarget"
                | "AWS::EFS::AccessPoint"
                | "AWS::ApplicationAutoScaling::ScalableTarget"
        );
        for entry in Node::entries(properties).into_iter().flatten() {
            let used = match entry.key.as_str() {
                "KmsKeyId" | "KMSKeyArn" | "KmsMasterKeyId" => Use::Encryption,
                _ if watches => Use::Watch,
                _ if part => Use::Parent,
                _ => Use::Other,
            };
            let value = self.stacks.value(stack, &entry.value);
            if used == Use::Encryption {
                self.refer(used, &value, all);
                continue;
            }
            let mut found = Vec::new();
            mentioned(&value, &mut found);
            for (resource, attribute) in found {
                // Groups are named by what has them: rules about them are resources of their own.
                let used = match (self.kind_of(resource), attribute) {
                    (Some(Kind::SecurityGroup), _) => Use::SecurityGroup,
                    (_, Some("MasterUserSecret.SecretArn")) if used == Use::Other => Use::Secret,
                    _ => used,
                };
                all.push(Reference { used, to: self.to(resource) });
            }
        }
    }

    fn role(&self, item: &Item<'_>, thing: &mut Thing) {
        thing.policy = self.document(&self.property(item, "AssumeRolePolicyDocument"));
        for policy in many(&self.property(item, "Policies")) {
            if let Some(document) = get(policy, "PolicyDocument") {
                thing.statements.extend(self.document(document));
            }
        }
        for arn in many(&self.property(item, "ManagedPolicyArns")) {
            let text = self.text(arn);
            match text.split_once(":policy/") {
                Some((_, name)) => thing.managed.push(name.to_string()),
                None => {
                    let mut found = Vec::new();
                    mentioned(arn, &mut found);
                    let own = found.first().and_then(|it| self.items.get(it.0));
                    match own {
                        Some(it) => {
                            let document = self.property(it, "PolicyDocument");
                            thing.statements.extend(self.document(&document));
                        }
                        None => thing.managed.push(text),
                    }
                }
            }
        }
    }

    /// Policies that are resources of their own.
    fn apart(&self, item: &Item<'_>, facts: &mut Facts) {
        let (roles, document) = match item.kind.as_str() {
            "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => ("Roles", "PolicyDocument"),
            "AWS::IAM::RolePolicy" => ("RoleName", "PolicyDocument"),
            "AWS::S3::BucketPolicy" => ("Bucket", "PolicyDocument"),
            "AWS::SecretsManager::ResourcePolicy" => ("SecretId", "ResourcePolicy"),
            _ => return,
        };
        let statements = self.document(&self.property(item, document));
        for to in many(&self.property(item, roles)) {
            let mut found = Vec::new();
            mentioned(to, &mut found);
            for (resource, _) in found {
                let Some(number) = self.numbers.get(resource) else { continue };
                let thing = &mut facts.things[*number];
                if thing.kind == Kind::Role {
                    thing.statements.extend(statements.iter().cloned());
                } else {
                    thing.policy.extend(statements.iter().cloned());
                }
            }
        }
    }
}

/// The resources that a value mentions, with the attribute of each.
fn mentioned<'a>(data: &'a Data, all: &mut Vec<(&'a str, Option<&'a str>)>) {
    match &data.kind {
        DataKind::Reference(it) => all.push((&it.resource, it.attribute.as_deref())),
        DataKind::Composed(items) | DataKind::List(items) => {
            for it in items {
                mentioned(it, all);
            }
        }
        DataKind::Map(entries) => {
            for (_, it) in entries {
                mentioned(it, all);
            }
        }
        DataKind::Either(_, yes, no) => {
            mentioned(yes, all);
            mentioned(no, all);
        }
        DataKind::Part(it) => all.push((&it.of.resource, it.of.attribute.as_deref())),
        DataKind::Absent
        | DataKind::Bool(_)
        | DataKind::Number(_)
        | DataKind::Text(_)
        | DataKind::Zone(_)
        | DataKind::Zones
        | DataKind::Unknown(_) => {}
    }
}
