//! A chart's values in each of its environments, and the schema of all of them.

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::declare::param::ParamKind;
use archgen_core::resource::kubernetes::{KubernetesResource, Workload};
use archgen_core::resource::{LoadBalancer, Parameter, ResourceGraph, Service as EcsService};
use archgen_core::value::Pseudo;
use serde_json::{Value as Json, json};

use super::connections::Network;
use super::ingress::ingress;
use super::node::{Entry, Node};
use super::outside::{Asked, Given, Outside, dns_name, plausible_parameter, spelled};
use super::service::service;
use super::shape::{Definitions, Shape, document, object, or_null, values};
use super::tenants::Release;
use super::text::Block;
use super::values::{Ingress, Service, Shared, Tenant};
use super::workload::{has_role, name_of, workload};
use crate::parameter::pattern;

values! {
    /// What all of the chart shares.
    Global {
        /// The environment, which everything is labelled with.
        environment: String,
        /// The names of secrets with credentials of image registries; ECR needs none.
        image_pull_secrets: Vec<String>,
    }

    /// The stores of the External Secrets Operator, which must exist.
    SecretStores {
        /// `ClusterSecretStore`, or `SecretStore` for stores of the namespace.
        kind: String,
        /// The store over AWS Secrets Manager.
        secrets_manager: String,
        /// The store over the Parameter Store of AWS Systems Manager.
        parameter_store: String,
        /// How often values are read again.
        refresh_interval: String,
    }

    /// EKS Pod Identity.
    PodIdentity {
        /// Whether pods may ask its agent for the credentials of their roles.
        enabled: bool,
    }

    /// Policies about all pods of the release.
    DefaultPolicies {
        /// Whether the chart denies them everything but DNS; off where their namespace's own policies do.
        enabled: bool,
    }

    /// Metrics that do not come from pods.
    ExternalMetrics {
        /// Whether the cluster has an adapter with the metrics that `autoscaling.external` names.
        enabled: bool,
    }

    /// What the Prometheus Operator is told.
    Monitoring {
        /// Whether the cluster has it.
        enabled: bool,
        /// The namespace that Prometheus asks from; its pods may connect then.
        namespace: String,
        /// Where services show their metrics.
        path: String,
        /// How often they are asked.
        interval: String,
    }

    /// What `helm test` runs.
    Tests {
        /// An image with `sh` and `nc`.
        image: String,
    }
}

/// The values of a chart in one environment.
#[derive(Clone)]
pub(super) struct Chart {
    /// What all of it shares.
    pub global: Global,
    /// Where the services of all tenants are; none where no tenant has a release of its own.
    pub shared: Option<Shared>,
    /// The tenant whose release it is.
    pub tenant: Option<Tenant>,
    secret_stores: SecretStores,
    default_policies: DefaultPolicies,
    pod_identity: PodIdentity,
    external_metrics: ExternalMetrics,
    monitoring: Monitoring,
    tests: Tests,
    /// What is decided elsewhere.
    pub asked: Asked,
    /// The addresses of what stands outside the cluster, by name.
    pub networks: BTreeMap<String, Vec<Block>>,
    /// The load balancers by their names in Kubernetes.
    pub ingresses: BTreeMap<String, Ingress>,
    /// The services by their names in Kubernetes.
    pub services: BTreeMap<String, Service>,
    account: Option<String>,
    region: Option<String>,
}

impl Chart {
    /// The values of a graph, and of the releases of its tenants: those have nothing but their own.
    pub fn of<'a>(
        environment: &str,
        graph: &'a ResourceGraph,
        releases: &[Release<'a>],
        shared: Option<Shared>,
    ) -> (Chart, Vec<Chart>) {
        let mut network = Network::new(&Outside::new(graph));
        let mut outside = Outside::shared(graph, releases);
        let mut services = BTreeMap::new();
        for (_, resource, it) in graph.all::<EcsService>() {
            let Some(name) = outside.services.get(resource.declaration.as_str()).cloned() else {
                continue;
            };
            let values = service(&mut outside, &mut network, resource, it);
            services.extend(values.map(|it| (name, it)));
        }
        let mut ingresses = BTreeMap::new();
        for (_, resource, it) in graph.all::<LoadBalancer>() {
            let values = ingress(&mut outside, resource, it);
            ingresses.insert(dns_name(&resource.declaration), values);
        }
        let networks = std::mem::take(&mut network.networks);
        let empty = Chart::empty(environment, graph);
        let asked = std::mem::take(&mut outside.asked);
        let all = Chart { shared, services, ingresses, networks, asked, ..empty };
        let own = |it| all.of_tenant(&outside, &mut network, it);
        let tenants = releases.iter().map(own).collect();
        (all, tenants)
    }

    /// The values of one service of a Kubernetes cluster.
    pub fn of_workload(
        environment: &str,
        graph: &ResourceGraph,
        resource: &KubernetesResource,
        it: &Workload,
    ) -> Chart {
        let mut outside = Outside::alone(graph);
        let (values, networks) = workload(&mut outside, resource, it);
        Chart {
            // Those of its namespace are a chart of their own.
            default_policies: DefaultPolicies { enabled: false },
            pod_identity: PodIdentity { enabled: has_role(graph, resource) },
            asked: outside.asked,
            networks,
            services: BTreeMap::from([(name_of(resource, it), values)]),
            ..Chart::empty(environment, graph)
        }
    }

    /// The values of a chart without services.
    pub fn empty(environment: &str, graph: &ResourceGraph) -> Chart {
        let settings = graph.terraform.as_ref();
        let account = match settings.map(|it| it.allowed_account_ids.as_slice()) {
            Some([one]) => one.literal().cloned(),
            Some(_) | None => None,
        };
        Chart {
            global: Global { environment: environment.to_string(), image_pull_secrets: Vec::new() },
            shared: None,
            tenant: None,
            secret_stores: SecretStores {
                kind: "ClusterSecretStore".to_string(),
                secrets_manager: "aws-secrets-manager".to_string(),
                parameter_store: "aws-parameter-store".to_string(),
                refresh_interval: "1h".to_string(),
            },
            default_policies: DefaultPolicies { enabled: true },
            pod_identity: PodIdentity { enabled: true },
            external_metrics: ExternalMetrics { enabled: false },
            monitoring: Monitoring {
                enabled: false,
                namespace: "monitoring".to_string(),
                path: "/metrics".to_string(),
                interval: "30s".to_string(),
            },
            tests: Tests { image: "public.ecr.aws/docker/library/busybox:1.37".to_string() },
            asked: Asked::default(),
            networks: BTreeMap::new(),
            ingresses: BTreeMap::new(),
            services: BTreeMap::new(),
            account,
            region: settings.and_then(|it| it.region.as_ref()?.literal().cloned()),
        }
    }

    /// The values as they are written.
    pub fn node(&self) -> Node {
        let mut all =
            vec![Entry::new("global", "What all of the chart shares.", self.global.node())];
        if let Some(shared) = &self.shared {
            all.extend([
                Entry::new(
                    "shared",
                    "Where the release is that has the services of all tenants. Those of a tenant know them there.",
                    shared.node(),
                ),
                Entry::new(
                    "tenant",
                    "The tenant whose release it is, by a file in `tenants/`; null for the services of all tenants.",
                    self.tenant.node(),
                ),
            ]);
        }
        all.extend([
            Entry::new(
                "aws",
                "The AWS account that everything outside the cluster is in.",
                Node::Map(self.asked.aws.iter().map(|it| self.aws(*it)).collect()),
            ),
            Entry::new(
                "parameters",
                "What is decided when the chart is installed. What is empty must be given.",
                Node::Map(
                    self.asked.parameters.iter().map(|(key, it)| parameter(key, it)).collect(),
                ),
            ),
            Entry::new(
                "stores",
                "What stands outside the cluster, from the outputs of the CloudFormation stack or of \
                 the Terraform module.\nWhat is empty must be given.",
                Node::Map(self.asked.stores.iter().map(|(key, it)| store(key, it)).collect()),
            ),
            Entry::new(
                "networks",
                "The addresses of what stands outside the cluster: those of its subnets. Network \
                 policies know it by them.",
                Node::Map(
                    self.networks.iter().map(|(key, it)| Entry::plain(key, it.node())).collect(),
                ),
            ),
            Entry::new(
                "secretStores",
                "The stores of the External Secrets Operator, which must exist.",
                self.secret_stores.node(),
            ),
            Entry::new(
                "defaultPolicies",
                "Policies about all pods of the release.",
                self.default_policies.node(),
            ),
            Entry::new("podIdentity", "EKS Pod Identity.", self.pod_identity.node()),
            Entry::new(
                "externalMetrics",
                "Metrics that do not come from pods.",
                self.external_metrics.node(),
            ),
            Entry::new(
                "monitoring",
                "What the Prometheus Operator is told.",
                self.monitoring.node(),
            ),
            Entry::new("tests", "What `helm test` runs.", self.tests.node()),
            Entry::new(
                "ingresses",
                "Application Load Balancers, made by the AWS Load Balancer Controller.",
                Node::alike(self.ingresses.iter().map(|(key, it)| (key.clone(), it.node()))),
            ),
            Entry::new(
                "services",
                "The services.",
                Node::alike(self.services.iter().map(|(key, it)| (key.clone(), it.node()))),
            ),
        ]);
        Node::Map(all)
    }

    /// A fact about the account, known where the architecture says where it may be deployed.
    fn aws(&self, it: Pseudo) -> Entry {
        let text = |it: &Option<String>| Node::Text(it.clone().unwrap_or_default());
        match it {
            Pseudo::AccountId => {
                Entry::new("accountId", "The twelve digits of the account.", text(&self.account))
            }
            Pseudo::Region => {
                Entry::new("region", "The Region, such as eu-west-1.", text(&self.region))
            }
            Pseudo::Partition => {
                Entry::new("partition", "The partition of the Region.", "aws".into())
            }
            Pseudo::UrlSuffix => {
                Entry::new("urlSuffix", "The domain of the partition.", "amazonaws.com".into())
            }
        }
    }
}

pub(super) fn parameter(key: &str, it: &Parameter) -> Entry {
    let sentence = |text: &str| format!("{}.", text.trim_end_matches('.'));
    let mut comment: Vec<String> = it.description.iter().map(|it| sentence(it)).collect();
    comment.extend(pattern(it.kind).map(|(_, what)| format!("It is {what}.")));
    if !it.allowed.is_empty() {
        comment.push(format!("One of: {}.", it.allowed.join(", ")));
    }
    let nothing = if it.kind == ParamKind::Number { Node::Null } else { "".into() };
    let value = it.default.as_ref().map_or(nothing, |text| spelled(it.kind, text));
    Entry::new(key, comment.join("\n"), value)
}

fn store(key: &str, all: &BTreeMap<&'static str, Given>) -> Entry {
    let all = all.iter().map(|(name, it)| Entry::new(*name, &it.comment, it.value.clone()));
    Entry::plain(key, Node::Map(all.collect()))
}

/// Values for what has no default, in any of the environments: no real ones, for `helm lint`.
pub(super) fn plausible(all: &[Chart]) -> Node {
    let mut aws = BTreeMap::new();
    let mut parameters = BTreeMap::new();
    let mut stores: BTreeMap<&String, BTreeMap<&str, Node>> = BTreeMap::new();
    let nothing = Node::Text(String::new());
    for chart in all {
        for it in &chart.asked.aws {
            let given = match it {
                Pseudo::AccountId => "123456789012",
                Pseudo::Region => "eu-west-1",
                Pseudo::Partition | Pseudo::UrlSuffix => continue,
            };
            let Entry { key, value, .. } = chart.aws(*it);
            if value == nothing {
                aws.insert(key, Node::from(given));
            }
        }
        for (key, it) in chart.asked.parameters.iter().filter(|it| it.1.default.is_none()) {
            parameters.insert(key, plausible_parameter(it));
        }
        for (key, all) in &chart.asked.stores {
            for (name, it) in all.iter().filter(|it| it.1.value == nothing) {
                stores.entry(key).or_default().insert(*name, it.plausible.into());
            }
        }
    }
    let map = |all: Vec<Entry>| Node::Map(all);
    let mut entries = vec![
        Entry::plain("aws", map(aws.into_iter().map(|(key, it)| Entry::plain(key, it)).collect())),
        Entry::plain(
            "parameters",
            map(parameters.into_iter().map(|(key, it)| Entry::plain(key, it)).collect()),
        ),
        Entry::plain(
            "stores",
            map(stores
                .into_iter()
                .map(|(key, all)| {
                    let all = all.into_iter().map(|(key, it)| Entry::plain(key, it));
                    Entry::plain(key, map(all.collect()))
                })
                .collect()),
        ),
    ];
    entries.retain(|it| !it.value.entries().is_empty());
    let on = || map(vec![Entry::plain("enabled", Node::Bool(true))]);
    entries.push(Entry::plain("externalMetrics", on()));
    entries.push(Entry::plain("monitoring", on()));
    Node::Map(entries)
}

/// The schema of the values in every environment.
pub(super) fn schema(name: &str, all: &[Chart]) -> Json {
    let mut definitions = Definitions {
        parameters: all.iter().flat_map(|it| it.asked.parameters.keys().cloned()).collect(),
        stores: all.iter().flat_map(|it| it.asked.stores.keys().cloned()).collect(),
        networks: all.iter().flat_map(|it| it.networks.keys().cloned()).collect(),
        services: all.iter().flat_map(|it| it.services.keys().cloned()).collect(),
        ..Definitions::default()
    };
    let d = &mut definitions;
    let aws =
        merged(all.iter().map(|it| {
            it.asked.aws.iter().map(|it| (Outside::key(*it), aws_schema(*it))).collect()
        }));
    let parameters = merged(all.iter().map(|it| {
        it.asked.parameters.iter().map(|(key, it)| (key.as_str(), parameter_schema(it))).collect()
    }));
    let store_names: BTreeSet<&String> = all.iter().flat_map(|it| it.asked.stores.keys()).collect();
    let stores = store_names
        .into_iter()
        .map(|name| {
            let attributes = all.iter().map(|it| {
                let attributes = it.asked.stores.get(name).into_iter().flatten();
                attributes.map(|(key, it)| (*key, store_schema(it))).collect()
            });
            let everywhere = all.iter().all(|it| it.asked.stores.contains_key(name));
            let schema = merged(attributes);
            (name.clone(), if everywhere { schema } else { or_null(schema) }, everywhere)
        })
        .collect();
    let blocks = Vec::<Block>::schema(d);
    let ingress = Ingress::schema(d);
    let service = Service::schema(d);
    let networks = same(all.iter().map(|it| it.networks.keys().collect()), &blocks);
    let ingresses = same(all.iter().map(|it| it.ingresses.keys().collect()), &ingress);
    let services = same(all.iter().map(|it| it.services.keys().collect()), &service);
    let top = |name: &str, schema: Json| (name.to_string(), schema, true);
    let mut entries = vec![top("global", Global::schema(d))];
    if all.iter().any(|it| it.shared.is_some()) {
        entries.push(top("shared", Shared::schema(d)));
        entries.push(("tenant".to_string(), Option::<Tenant>::schema(d), false));
    }
    entries.extend([
        top("aws", aws),
        top("parameters", parameters),
        top("stores", object(stores)),
        top("networks", networks),
        top("secretStores", SecretStores::schema(d)),
        top("defaultPolicies", DefaultPolicies::schema(d)),
        top("podIdentity", PodIdentity::schema(d)),
        top("externalMetrics", ExternalMetrics::schema(d)),
        top("monitoring", Monitoring::schema(d)),
        top("tests", Tests::schema(d)),
        top("ingresses", ingresses),
        top("services", services),
    ]);
    document(name, object(entries), definitions)
}

/// An object with the entries of all environments. What one of them does not have is null there.
fn merged<'a>(all: impl Iterator<Item = Vec<(&'a str, Json)>>) -> Json {
    let mut found: BTreeMap<&str, (Json, usize)> = BTreeMap::new();
    let mut count = 0;
    for entries in all {
        count += 1;
        for (key, schema) in entries {
            found.entry(key).or_insert((schema, 0)).1 += 1;
        }
    }
    let entry = |(key, (schema, times)): (&str, (Json, usize))| {
        let everywhere = times == count;
        (key.to_string(), if everywhere { schema } else { or_null(schema) }, everywhere)
    };
    object(found.into_iter().map(entry).collect())
}

/// An object whose entries have one schema.
fn same<'a>(all: impl Iterator<Item = Vec<&'a String>>, schema: &Json) -> Json {
    let with =
        |keys: Vec<&'a String>| keys.into_iter().map(|it| (it.as_str(), schema.clone())).collect();
    merged(all.map(with))
}

fn aws_schema(it: Pseudo) -> Json {
    let pattern = match it {
        Pseudo::AccountId => "^[0-9]{12}$",
        Pseudo::Region => "^[a-z]{2,3}(-[a-z]+)+-[0-9]+$",
        Pseudo::Partition => "^aws(-[a-z]+)*$",
        Pseudo::UrlSuffix => r"^[a-z0-9.-]+\.[a-z]+(\.[a-z]+)?$",
    };
    json!({ "type": "string", "pattern": pattern })
}

pub(super) fn parameter_schema(it: &Parameter) -> Json {
    let mut schema = if it.kind == ParamKind::Number {
        json!({ "type": "number" })
    } else {
        json!({ "type": "string" })
    };
    if let Some((pattern, _)) = pattern(it.kind) {
        schema["pattern"] = pattern.into();
    }
    if it.default.is_none() && it.kind != ParamKind::Number {
        schema["minLength"] = 1.into();
    }
    if !it.allowed.is_empty() {
        let allowed = it.allowed.iter().map(|text| match spelled(it.kind, text) {
            Node::Integer(it) => it.into(),
            Node::Float(it) => it.into(),
            Node::Text(_)
            | Node::Null
            | Node::Bool(_)
            | Node::List(_)
            | Node::Map(_)
            | Node::Inline(_) => Json::from(text.as_str()),
        });
        schema["enum"] = allowed.collect();
    }
    if let Some(text) = &it.description {
        schema["description"] = text.as_str().into();
    }
    schema
}

fn store_schema(it: &Given) -> Json {
    match it.value {
        Node::Integer(_) => json!({ "type": "integer", "minimum": 1, "maximum": 65535 }),
        Node::Null
        | Node::Bool(_)
        | Node::Float(_)
        | Node::Text(_)
        | Node::List(_)
        | Node::Map(_)
        | Node::Inline(_) => json!({ "type": "string", "minLength": 1 }),
    }
}

/// The rows of the table of what must be given: the path of a value, and where it comes from.
pub(super) fn asked(all: &[Chart]) -> BTreeMap<String, String> {
    let mut rows = BTreeMap::new();
    let nothing = Node::Text(String::new());
    for chart in all {
        for it in &chart.asked.aws {
            let it = chart.aws(*it);
            if it.value == nothing {
                rows.insert(format!("aws.{}", it.key), it.comment);
            }
        }
        for (key, it) in &chart.asked.parameters {
            let it_has = if it.default.is_some() { " It has a default." } else { "" };
            let comment = parameter(key, it).comment.replace('\n', " ");
            rows.insert(format!("parameters.{key}"), format!("{comment}{it_has}"));
        }
        for (key, all) in &chart.asked.stores {
            for (name, it) in all.iter().filter(|it| it.1.value == nothing) {
                rows.insert(format!("stores.{key}.{name}"), it.comment.clone());
            }
        }
    }
    rows
}
