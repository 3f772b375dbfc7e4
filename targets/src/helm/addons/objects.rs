//! The chart `cluster-addons`: the objects that add-ons are told by, which their own charts do not have.

use std::collections::BTreeMap;

use archgen_core::resource::addons::{Karpenter, NodePool as Pool, Settings};
use archgen_core::resource::{Attribute, ResourceGraph};
use archgen_core::value::Text;
use serde_json::{Value as Json, json};

use super::given::{Asked, Given};
use super::public::whole;
use crate::helm::node::{Entry, Node};
use crate::helm::shape::{Definitions, Shape, document, object, or_null, values};

/// Text that must be given; empty until then.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Must(pub Given);

impl Shape for Must {
    fn node(&self) -> Node {
        self.0.node()
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "minLength": 1 })
    }
}

/// A whole number from one on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Amount(pub i64);

impl Shape for Amount {
    fn node(&self) -> Node {
        Node::Integer(self.0)
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "integer", "minimum": 1 })
    }
}

/// A word of a few.
macro_rules! one_of {
    ($($(#[doc = $doc:literal])+ $name:ident [$($word:literal),+];)+) => { $(
        $(#[doc = $doc])+
        #[derive(Clone, Debug, PartialEq)]
        pub(super) struct $name(pub &'static str);

        impl Shape for $name {
            fn node(&self) -> Node {
                self.0.into()
            }

            fn schema(_: &mut Definitions) -> Json {
                json!({ "type": "string", "enum": [$($word),+] })
            }
        }
    )+ };
}

one_of! {
    /// An instruction set.
    InstructionSet ["amd64", "arm64"];
    /// What is paid for.
    Capacity ["on-demand", "spot"];
    /// What a taint does.
    Effect ["NoSchedule", "PreferNoSchedule", "NoExecute"];
}

/// The class of volumes of add-ons.
pub(super) const STORAGE_CLASS: &str = "gp3";

values! {
    /// Volumes of EBS for the pods of add-ons, encrypted.
    StorageClass {
        /// The name that claims name.
        name: String,
        /// The type of volumes.
        volume_type: String,
        /// What becomes of a volume whose claim is gone: Delete or Retain.
        reclaim_policy: String,
    }

    /// Stores that ExternalSecrets name.
    Stores {
        /// The store over AWS Secrets Manager.
        secrets_manager: String,
        /// The store over the Parameter Store of AWS Systems Manager.
        parameter_store: String,
    }

    /// Certificates from Let's Encrypt.
    Issuer {
        /// The name that certificates name.
        name: String,
        /// Where Let's Encrypt writes to before a certificate ends.
        email: Must,
        /// The service of Let's Encrypt; `https://acme-staging-v02.api.letsencrypt.org/directory` is for trying it out.
        server: String,
        /// The hosted zone that proves who owns the domains; null where there are several, which are found by name.
        hosted_zone_id: Option<Must>,
    }

    /// The nodes that Karpenter starts.
    Nodes {
        /// What gives nodes their role.
        instance_profile: Must,
        /// The value of the tag karpenter.sh/discovery of subnets and security groups.
        discovery: String,
        /// The image of nodes.
        image: String,
        /// The size of each node's root volume.
        disk: String,
        /// Tags of the nodes.
        tags: BTreeMap<String, String>,
        /// The pools.
        pools: BTreeMap<String, NodePool>,
    }

    /// A pool of nodes.
    NodePool {
        /// The families of instance types.
        families: Vec<String>,
        /// The instruction set of all of them.
        architecture: InstructionSet,
        /// What is paid for.
        capacity: Vec<Capacity>,
        /// The least and the most virtual processors of a node.
        vcpus: Option<Processors>,
        /// What all of its nodes may have together.
        limits: Limits,
        /// Labels of the nodes.
        labels: BTreeMap<String, String>,
        /// Taints of the nodes.
        taints: Vec<Taint>,
        /// How long a node stays that is empty, or whose pods fit elsewhere for less.
        consolidate_after: String,
        /// After how long a node is replaced.
        expire_after: String,
        /// How many nodes may be replaced or ended at the same time.
        at_once: String,
    }

    /// Virtual processors.
    Processors {
        /// The least.
        least: Amount,
        /// The most.
        most: Amount,
    }

    /// What all nodes of a pool may have together.
    Limits {
        /// Virtual processors.
        cpu: Amount,
        /// Memory.
        memory: String,
    }

    /// Keeps pods off nodes unless they tolerate it.
    Taint {
        /// Its key.
        key: String,
        /// Its value.
        value: String,
        /// What it does.
        effect: Effect,
    }
}

impl Shape for BTreeMap<String, String> {
    fn node(&self) -> Node {
        Node::Map(self.iter().map(|(key, it)| Entry::plain(key, it.node())).collect())
    }

    fn schema(all: &mut Definitions) -> Json {
        map_schema(String::schema(all))
    }
}

impl Shape for BTreeMap<String, NodePool> {
    fn node(&self) -> Node {
        Node::alike(self.iter().map(|(key, it)| (key.clone(), it.node())))
    }

    fn schema(all: &mut Definitions) -> Json {
        map_schema(NodePool::schema(all))
    }
}

/// The values of the chart in one environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Objects {
    storage: Option<StorageClass>,
    stores: Option<Stores>,
    issuer: Option<Issuer>,
    nodes: Option<Nodes>,
}

/// The directory of Let's Encrypt. <https://letsencrypt.org/docs/acme-protocol-updates/>
const LETS_ENCRYPT: &str = "https://acme-v02.api.letsencrypt.org/directory";

impl Objects {
    /// The objects of a graph.
    pub fn new(graph: &ResourceGraph) -> Objects {
        let mut all = Objects::default();
        for (_, release) in graph.releases() {
            match &release.settings {
                Settings::LoadBalancerController { .. }
                | Settings::Velero { .. }
                | Settings::Kyverno(_)
                | Settings::Promtail(_)
                | Settings::Alloy(_) => {}
                Settings::Prometheus(_) | Settings::Loki { .. } => {
                    all.storage = Some(StorageClass {
                        name: STORAGE_CLASS.to_string(),
                        volume_type: STORAGE_CLASS.to_string(),
                        reclaim_policy: "Delete".to_string(),
                    });
                }
                Settings::ExternalSecrets => {
                    all.stores = Some(Stores {
                        secrets_manager: "aws-secrets-manager".to_string(),
                        parameter_store: "aws-parameter-store".to_string(),
                    });
                }
                Settings::CertManager { email: Some(email), zones } => {
                    all.issuer = issuer(email, zones, graph);
                }
                Settings::CertManager { email: None, .. } => {}
                Settings::Karpenter(it) => all.nodes = Some(nodes(it, graph)),
            }
        }
        all
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.storage.is_none()
            && self.stores.is_none()
            && self.issuer.is_none()
            && self.nodes.is_none()
    }

    /// The values as they are written.
    pub fn node(&self) -> Node {
        let region = Given::region();
        let what = region.comment("The Region.");
        Node::Map(vec![
            Entry::new("region", what, region.node()),
            Entry::new("storage", "Volumes for the pods of add-ons.", self.storage.node()),
            Entry::new("secretStores", "Stores that ExternalSecrets name.", self.stores.node()),
            Entry::new("issuer", "Certificates from Let's Encrypt.", self.issuer.node()),
            Entry::new("nodes", "The nodes that Karpenter starts.", self.nodes.node()),
        ])
    }

    /// What must be given, by the path of its value.
    pub fn asked(&self) -> Vec<(String, Asked)> {
        let region = Given::region();
        let issuer = self.issuer.as_ref();
        let all = [
            ("region", Some(&region)),
            ("issuer.email", issuer.map(|it| &it.email.0)),
            (
                "issuer.hostedZoneId",
                issuer.and_then(|it| it.hosted_zone_id.as_ref()).map(|it| &it.0),
            ),
            ("nodes.instanceProfile", self.nodes.as_ref().map(|it| &it.instance_profile.0)),
        ];
        let all = all.into_iter().filter_map(|(path, it)| Some((path, it?.asked()?.clone())));
        all.map(|(path, it)| (path.to_string(), it)).collect()
    }
}

/// The issuer: none without a zone, for it could prove nothing.
fn issuer(email: &Text, zones: &[Text], graph: &ResourceGraph) -> Option<Issuer> {
    let zone = |it: &Text| Must(Given::text(it, graph, "Z0123456789ABCDEFGHIJ"));
    let hosted_zone_id = match zones {
        [] => return None,
        [one] => Some(zone(one)),
        [_, _, ..] => None,
    };
    Some(Issuer {
        name: "letsencrypt".to_string(),
        email: Must(Given::text(email, graph, "platform@example.com")),
        server: LETS_ENCRYPT.to_string(),
        hosted_zone_id,
    })
}

fn nodes(it: &Karpenter, graph: &ResourceGraph) -> Nodes {
    let profile = it.profile.attribute(Attribute::Name);
    Nodes {
        instance_profile: Must(Given::text(&profile, graph, "example-nodes")),
        discovery: it.discovery.clone(),
        image: "al2023@latest".to_string(),
        disk: format!("{}Gi", whole(&it.disk, |it| it.0)),
        tags: graph.tags.clone(),
        pools: it.pools.iter().map(|it| (it.name.clone(), pool(it))).collect(),
    }
}

fn pool(it: &Pool) -> NodePool {
    let literal = |it: &Text| it.as_literal().unwrap_or_default();
    let time = |seconds: i64| match seconds {
        it if it % 3600 == 0 => format!("{}h", it / 3600),
        it if it % 60 == 0 => format!("{}m", it / 60),
        it => format!("{it}s"),
    };
    let memory = whole(&it.memory, |it| it.0);
    NodePool {
        families: it.families.iter().map(literal).collect(),
        architecture: InstructionSet(if it.graviton { "arm64" } else { "amd64" }),
        capacity: it.capacity.iter().map(|it| Capacity(it)).collect(),
        vcpus: it.vcpus.as_ref().map(|(least, most)| Processors {
            least: Amount(whole(least, |it| it.0)),
            most: Amount(whole(most, |it| it.0)),
        }),
        limits: Limits {
            cpu: Amount(whole(&it.cpu, |it| it.0)),
            memory: if memory % 1024 == 0 {
                format!("{}Gi", memory / 1024)
            } else {
                format!("{memory}Mi")
            },
        },
        labels: it.labels.iter().map(|(key, it)| (key.clone(), literal(it))).collect(),
        taints: it
            .taints
            .iter()
            .map(|it| Taint {
                key: it.key.clone(),
                value: it.value.clone(),
                effect: Effect(it.effect.kubernetes()),
            })
            .collect(),
        consolidate_after: time(whole(&it.consolidate_after, |it| it.0)),
        expire_after: format!("{}h", whole(&it.expire_after, |it| it.0) * 24),
        at_once: "10%".to_string(),
    }
}

/// The schema of the chart's values.
pub(super) fn schema(name: &str) -> Json {
    let mut definitions = Definitions::default();
    let d = &mut definitions;
    let top = |name: &str, schema: Json| (name.to_string(), schema, true);
    let schema = object(vec![
        top("region", json!({ "type": "string", "pattern": "^[a-z]{2,3}(-[a-z]+)+-[0-9]+$" })),
        ("storage".to_string(), <Option<StorageClass>>::schema(d), false),
        ("secretStores".to_string(), <Option<Stores>>::schema(d), false),
        ("issuer".to_string(), <Option<Issuer>>::schema(d), false),
        ("nodes".to_string(), <Option<Nodes>>::schema(d), false),
    ]);
    document(name, schema, definitions)
}

/// A map whose names are anybody's.
pub(super) fn map_schema(of: Json) -> Json {
    json!({ "type": "object", "additionalProperties": or_null(of) })
}
