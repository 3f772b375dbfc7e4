//! The values of a chart: what each environment says of its services.

use serde_json::{Value as Json, json};

use super::node::{Entry, Node};
use super::shape::{
    Definitions, Labels, Names, Shape, Variables, Word, Words, object, one_of, values,
};
use super::text::{Block, Count, Flag, Needed, Port, Quantity, Seconds, Text, Whole};

values! {
    /// Where a container's image comes from.
    Image {
        /// Whether it is in ECR, in the account and Region that `aws` names.
        ecr: bool,
        /// The repository.
        repository: Needed,
        /// The tag; empty for none.
        tag: Text,
        /// The digest, which decides before the tag; empty for none.
        digest: Text,
    }

    /// What a container needs at least.
    Requests {
        /// CPU: 1000m is one vCPU.
        cpu: Quantity,
        /// Memory.
        memory: Quantity,
    }

    /// What a container may use at most. There is no limit to CPU: what nobody else needs is free.
    Limits {
        /// Memory; a container that wants more is stopped.
        memory: Quantity,
    }

    /// What a container needs, and what it may use.
    Resources {
        /// What is kept free for it.
        requests: Requests,
        /// What it may use.
        limits: Limits,
    }

    /// How many pods run.
    Replicas {
        /// At least.
        min: Count,
        /// At most; scaling moves between the two.
        max: Count,
    }

    /// A metric that does not come from the pods.
    ExternalMetric {
        /// Its name in the external metrics API.
        name: String,
        /// Where CloudWatch has it.
        source: String,
        /// The value to keep to.
        target: Text,
    }

    /// What scaling follows.
    Autoscaling {
        /// CPU in percent of what is requested.
        cpu: Option<Whole<1, 100>>,
        /// Memory in percent of what is requested.
        memory: Option<Whole<1, 100>>,
        /// Metrics of an adapter, where `externalMetrics.enabled` says that there is one.
        external: Vec<ExternalMetric>,
        /// Seconds of calm before pods are added.
        scale_up_after: Whole<0, 3600>,
        /// Seconds of calm before pods are taken away.
        scale_down_after: Whole<0, 3600>,
    }

    /// A request that tells whether a pod is healthy.
    HttpCheck {
        /// The path.
        path: Text,
        /// The port.
        port: Port,
        /// The status codes that the load balancer takes for healthy.
        matcher: Text,
        /// Seconds from one request to the next.
        interval: Seconds,
        /// Seconds that an answer may take.
        timeout: Seconds,
        /// Good answers in a row that make it healthy.
        healthy: Count,
        /// Bad answers in a row that make it unhealthy.
        unhealthy: Count,
        /// Seconds that it may take to start.
        grace: Seconds,
    }

    /// A command in the container that tells whether it is healthy.
    CommandCheck {
        /// The shell command.
        command: Text,
        /// Seconds from one run to the next.
        interval: Seconds,
        /// Seconds that it may take.
        timeout: Seconds,
        /// Failures in a row that make it unhealthy.
        retries: Count,
        /// Seconds that it may take to start.
        grace: Seconds,
    }

    /// How Kubernetes finds out whether a pod is healthy.
    Health {
        /// By a request.
        http: Option<HttpCheck>,
        /// By a command.
        command: Option<CommandCheck>,
    }

    /// A secret of AWS that a variable is read from.
    SecretValue {
        /// Its ARN or name.
        key: Needed,
        /// The entry of the JSON in it; empty for the whole.
        property: Text,
        /// Whether it is a parameter of Systems Manager rather than a secret of Secrets Manager.
        parameter_store: bool,
    }

    /// A folder that a container has.
    Volume {
        /// Where the container sees it.
        path: Text,
        /// The EFS file system, by the EFS CSI driver; null for a folder that is lost with the pod.
        efs: Option<Efs>,
    }

    /// A folder of an EFS file system.
    Efs {
        /// The file system.
        file_system: Needed,
        /// The access point, which sets folder and user; empty for the whole file system.
        access_point: Text,
    }

    /// Who a container runs as.
    Security {
        /// The user; never root.
        user: Whole<1, 2_147_483_647>,
        /// Whether the image's files cannot be written; /tmp can.
        read_only_root_filesystem: bool,
    }

    /// Who a pod is to AWS.
    ServiceAccount {
        /// The role, for IAM roles for service accounts; empty where EKS Pod Identity gives it.
        role_arn: Text,
    }

    /// How a new version replaces the old one.
    Update {
        /// `RollingUpdate`, or `Recreate` where two versions must never run beside each other.
        strategy: Word<Strategy>,
        /// Seconds that a pod goes on serving after it was told to stop.
        drain: Seconds,
        /// Seconds that it then has to finish.
        finish: Seconds,
    }

    /// A job that runs before a new version.
    Migration {
        /// Its command.
        command: Vec<Text>,
    }

    /// Who connects to a service, and whom it connects to: all else is denied.
    Connections {
        /// Who may connect.
        ingress: Vec<Connection>,
        /// Whom it may connect to.
        egress: Vec<Connection>,
    }

    /// A service.
    Service {
        /// The image.
        image: Image,
        /// The instruction set that the image is built for.
        architecture: Word<Architecture>,
        /// What replaces the image's own command; empty for nothing.
        command: Vec<Text>,
        /// The ports it listens on.
        ports: Vec<Port>,
        /// CPU and memory.
        resources: Resources,
        /// How many pods run.
        replicas: Replicas,
        /// What scaling follows; null where the number of pods is fixed.
        autoscaling: Option<Autoscaling>,
        /// How Kubernetes finds out whether a pod is healthy; null where nobody asks.
        health: Option<Health>,
        /// Environment variables.
        environment: Variables<Text>,
        /// Environment variables from AWS's secrets.
        secrets: Variables<SecretValue>,
        /// Folders.
        volumes: Names<Volume>,
        /// Labels that its nodes must have, beside the instruction set.
        node_selector: Labels<Text>,
        /// Taints that do not keep it off its nodes.
        tolerations: Vec<Toleration>,
        /// How its pods are spread: over `zones` as far as there is room, over zones or not at all
        /// (`zones-only`), or over `nodes` too.
        spread: Word<Spread>,
        /// Who it runs as.
        security: Security,
        /// Who it is to AWS.
        service_account: ServiceAccount,
        /// How a new version replaces the old one.
        update: Update,
        /// A job that runs before a new version; null for none.
        migration: Option<Migration>,
        /// The network: these connections and no others.
        connections: Connections,
        /// Settings of the load balancer's targets; null where no load balancer sends requests.
        targets: Option<Targets>,
        /// Target groups of load balancers outside the cluster, which its pods are put into.
        target_groups: Names<TargetGroup>,
    }

    /// Where the release is that has the services of all tenants.
    Shared {
        /// Its namespace.
        namespace: String,
        /// Its name.
        release: String,
    }

    /// The tenant whose release it is.
    Tenant {
        /// Its pool.
        pool: String,
        /// Its key.
        key: String,
        /// What all pods of the namespace may ask for together.
        quota: Quota,
        /// What requests to it have in their headers, where nothing else tells them apart.
        headers: Vec<Header>,
    }

    /// What all pods of a namespace may ask for together; null where that is decided by a parameter.
    Quota {
        /// CPU.
        cpu: Option<Quantity>,
        /// Memory.
        memory: Option<Quantity>,
        /// How many there are.
        pods: Option<Count>,
    }

    /// A header of requests.
    Header {
        /// Its name.
        name: String,
        /// The values that it may have.
        values: Vec<Text>,
    }

    /// A target group of a load balancer outside the cluster.
    TargetGroup {
        /// Its ARN.
        arn: Needed,
    }

    /// A taint that does not keep pods off.
    Toleration {
        /// Its key.
        key: String,
        /// Its value; empty for any.
        value: String,
        /// What it does.
        effect: Word<Effect>,
    }

    /// Settings of a load balancer's targets.
    Targets {
        /// Seconds that a client stays with its target; null for not at all.
        stickiness: Option<Seconds>,
        /// Seconds that a target which leaves may finish its requests.
        deregistration_delay: Seconds,
    }

    /// Where access logs go.
    AccessLogs {
        /// The bucket.
        bucket: Needed,
        /// The prefix.
        prefix: Text,
    }

    /// Which requests go where.
    Rule {
        /// The host; empty for every one.
        host: Text,
        /// The path, in which `*` and `?` stand for others.
        path: Text,
        /// The service.
        service: String,
    }

    /// An Application Load Balancer of the AWS Load Balancer Controller.
    Ingress {
        /// The class of the controller.
        class_name: String,
        /// `internet-facing` or `internal`.
        scheme: Word<Scheme>,
        /// Its name in AWS; empty for one that the controller makes up.
        name: Text,
        /// The certificate; null for plain HTTP.
        certificate_arn: Option<Needed>,
        /// AWS's name of the TLS policy; null for the controller's own.
        ssl_policy: Option<Text>,
        /// The addresses that may connect.
        inbound: Vec<Block>,
        /// Seconds that an idle connection is kept.
        idle_timeout: Seconds,
        /// Whether it refuses to be deleted.
        deletion_protection: Flag,
        /// Where its access logs go; null for nowhere.
        access_logs: Option<AccessLogs>,
        /// The rules; the first that matches decides.
        rules: Vec<Rule>,
        /// Where requests go that no rule takes; null for an answer of 404.
        default_service: Option<String>,
    }
}

/// The words of strategies.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Strategy;

impl Words for Strategy {
    const ALL: &'static [&'static str] = &["RollingUpdate", "Recreate"];
}

/// The words of spreads.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spread;

impl Words for Spread {
    const ALL: &'static [&'static str] = &["zones", "zones-only", "nodes"];
}

/// The words of effects of taints.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Effect;

impl Words for Effect {
    const ALL: &'static [&'static str] = &["NoSchedule", "PreferNoSchedule", "NoExecute"];
}

/// The words of instruction sets.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Architecture;

impl Words for Architecture {
    const ALL: &'static [&'static str] = &["amd64", "arm64"];
}

/// The words of schemes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Scheme;

impl Words for Scheme {
    const ALL: &'static [&'static str] = &["internet-facing", "internal"];
}

/// The other side of a connection.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Peer {
    /// A service of the chart.
    Service(String),
    /// Addresses that `networks` has under this name.
    Network(String),
    /// Every public address.
    Internet,
    /// The pods of a service of the cluster, by its name in a namespace.
    Pods {
        /// The namespace.
        namespace: String,
        /// The service.
        service: String,
    },
    /// All pods of the cluster but those in these namespaces.
    Others(Vec<String>),
}

/// A range of ports.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ports {
    /// `TCP`, `UDP` or `SCTP`.
    pub protocol: &'static str,
    /// The first port; none for every one.
    pub first: Option<u16>,
    /// The last port, where it is another.
    pub last: Option<u16>,
}

/// A peer and the ports; no ports means all traffic.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Connection {
    /// The peer.
    pub peer: Peer,
    /// The ports.
    pub ports: Vec<Ports>,
}

impl Shape for Ports {
    fn node(&self) -> Node {
        let port =
            |key: &str, it: Option<u16>| it.map(|it| Entry::plain(key, Node::Integer(it.into())));
        let protocol = Entry::plain("protocol", self.protocol.into());
        let all = [Some(protocol), port("port", self.first), port("endPort", self.last)];
        Node::Inline(all.into_iter().flatten().collect())
    }

    fn schema(all: &mut Definitions) -> Json {
        all.named("Ports", |_| {
            let port = json!({ "type": "integer", "minimum": 1, "maximum": 65535 });
            let mut schema = object(vec![
                ("protocol".into(), json!({ "enum": ["TCP", "UDP", "SCTP"] }), true),
                ("port".into(), port.clone(), false),
                ("endPort".into(), port, false),
            ]);
            schema["dependencies"] = json!({ "endPort": ["port"] });
            schema["description"] = "A port, or the ports from `port` to `endPort`".into();
            schema
        })
    }
}

impl Shape for Connection {
    fn node(&self) -> Node {
        let mut all = match &self.peer {
            Peer::Service(it) => vec![Entry::plain("service", it.as_str().into())],
            Peer::Network(it) => vec![Entry::plain("network", it.as_str().into())],
            Peer::Internet => vec![Entry::plain("internet", Node::Bool(true))],
            Peer::Pods { namespace, service } => vec![
                Entry::plain("pods", service.as_str().into()),
                Entry::plain("namespace", namespace.as_str().into()),
            ],
            Peer::Others(all) => vec![Entry::plain("others", all.node())],
        };
        all.push(Entry::plain("ports", self.ports.node()));
        Node::Inline(all)
    }

    fn schema(all: &mut Definitions) -> Json {
        let ports = Vec::<Ports>::schema(all);
        let name = json!({ "type": "string", "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" });
        all.named("Connection", |all| {
            let to = |key: &str, schema: Json| {
                object(vec![(key.into(), schema, true), ("ports".into(), ports.clone(), true)])
            };
            json!({
                "description": "A service of this chart, a network of `networks`, the internet, the pods of a service in a namespace, or all pods but those of some namespaces; without ports it is all traffic",
                "anyOf": [
                    to("service", one_of(&all.services)),
                    to("network", one_of(&all.networks)),
                    to("internet", json!({ "const": true })),
                    object(vec![
                        ("pods".into(), name.clone(), true),
                        ("namespace".into(), name.clone(), true),
                        ("ports".into(), ports.clone(), true),
                    ]),
                    to("others", json!({ "type": "array", "minItems": 1, "items": name })),
                ],
            })
        })
    }
}
