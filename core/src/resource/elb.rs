//! Application Load Balancers and their certificates.

use super::Ref;
use super::network::{SecurityGroup, Subnet, Vpc};
use super::s3::Bucket;
use crate::types::{Count, Port, Seconds};
use crate::value::{Part, Text, Value};

/// A TLS certificate of AWS Certificate Manager, proved by DNS.
#[derive(Clone, Debug, PartialEq)]
pub struct Certificate {
    /// The domain.
    pub domain: Text,
    /// Further domains.
    pub alternative_names: Vec<Text>,
    /// The Route 53 hosted zone that the proof is written to, if AWS shall write it.
    pub hosted_zone: Option<Text>,
}

impl Certificate {
    /// The domains that need a record of their own: `*.example.com` is proved by that of `example.com`. Of two
    /// records with one name Route 53 refuses the second, and what two addresses of Terraform claim goes with the
    /// first of them.
    pub fn proved_domains(&self) -> Vec<Text> {
        let all: Vec<&Text> =
            std::iter::once(&self.domain).chain(&self.alternative_names).collect();
        let mut proved: Vec<Text> = Vec::new();
        for &it in &all {
            let is_covered = without_wildcard(it).is_some_and(|parent| all.contains(&&parent));
            if !is_covered && !proved.contains(it) {
                proved.push(it.clone());
            }
        }
        proved
    }
}

/// `example.com` of `*.example.com`.
fn without_wildcard(domain: &Text) -> Option<Text> {
    let (first, rest) = domain.0.split_first()?;
    let Part::Literal(first) = first else {
        return None;
    };
    let first = first.strip_prefix("*.")?;
    let first = (!first.is_empty()).then(|| Part::Literal(first.to_string()));
    Some(Text(first.into_iter().chain(rest.iter().cloned()).collect()))
}

/// An Application Load Balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadBalancer {
    /// Its physical name, if the author gave one.
    pub name: Option<Text>,
    /// Whether clients on the internet can use it.
    pub internet_facing: bool,
    /// Where it stands.
    pub subnets: Vec<Ref<Subnet>>,
    /// The groups on its interfaces.
    pub groups: Vec<Ref<SecurityGroup>>,
    /// How long an idle connection is kept.
    pub idle_timeout: Value<Seconds>,
    /// Whether it refuses to be deleted.
    pub deletion_protection: Value<bool>,
    /// Where its access logs go, and below which prefix.
    pub access_logs: Option<(Ref<Bucket>, String)>,
}

/// The targets that a load balancer sends requests to.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetGroup {
    /// Its VPC.
    pub vpc: Ref<Vpc>,
    /// The port its targets listen on.
    pub port: Value<Port>,
    /// Whether requests to targets are encrypted.
    pub https: bool,
    /// How the health of a target is found out.
    pub health_check: TargetHealthCheck,
    /// How long a client stays with its target; none means not at all.
    pub stickiness: Option<Value<Seconds>>,
    /// How long a target that leaves may finish its requests.
    pub deregistration_delay: Value<Seconds>,
}

impl TargetGroup {
    /// How the load balancer talks to its targets.
    pub const fn protocol(&self) -> &'static str {
        if self.https { "HTTPS" } else { "HTTP" }
    }
}

/// How the health of a target is found out.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetHealthCheck {
    /// The path that is asked for.
    pub path: Value<String>,
    /// How often.
    pub interval: Value<Seconds>,
    /// How long an answer may take.
    pub timeout: Value<Seconds>,
    /// How many good answers make a target healthy.
    pub healthy_threshold: Value<Count>,
    /// How many bad answers make it unhealthy.
    pub unhealthy_threshold: Value<Count>,
    /// The status codes of a good answer, such as `200-299`.
    pub matcher: Value<String>,
}

/// What a listener or rule does with a request.
#[derive(Clone, Debug, PartialEq)]
pub enum ListenerAction {
    /// Sends it to the targets, by weight.
    Forward(Vec<(Ref<TargetGroup>, u16)>),
    /// Tells the client to come back by HTTPS.
    RedirectToHttps,
    /// Answers by itself.
    FixedResponse {
        /// The status code.
        status: u16,
    },
}

/// A port that a load balancer listens on.
#[derive(Clone, Debug, PartialEq)]
pub struct Listener {
    /// The load balancer.
    pub load_balancer: Ref<LoadBalancer>,
    /// The port.
    pub port: u16,
    /// The TLS policy and certificates; none means plain HTTP.
    pub tls: Option<ListenerTls>,
    /// What it does when no rule matches.
    pub default_action: ListenerAction,
}

/// How a listener encrypts.
#[derive(Clone, Debug, PartialEq)]
pub struct ListenerTls {
    /// AWS's name of the policy.
    pub policy: Value<String>,
    /// The certificate.
    pub certificate: Text,
}

/// A rule of a listener; the lowest priority that matches decides.
#[derive(Clone, Debug, PartialEq)]
pub struct ListenerRule {
    /// The listener.
    pub listener: Ref<Listener>,
    /// Its priority, 1 to 50000.
    pub priority: Value<u16>,
    /// The hosts it is for; empty means every one.
    pub hosts: Vec<Value<String>>,
    /// The paths it is for; empty means every one.
    pub paths: Vec<Value<String>>,
    /// The headers that it is for, each with the values that it may have; all must be there.
    pub headers: Vec<(String, Vec<Value<String>>)>,
    /// What it does.
    pub action: ListenerAction,
}

impl ListenerRule {
    /// The paths it is for, as AWS takes them: there is no rule without conditions.
    pub fn path_patterns(&self) -> Vec<Value<String>> {
        if self.paths.is_empty() && self.hosts.is_empty() && self.headers.is_empty() {
            vec![Value::Literal("/*".to_string())]
        } else {
            self.paths.clone()
        }
    }
}
