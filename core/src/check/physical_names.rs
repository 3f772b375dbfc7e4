//! Physical names: the rules of each service for them (AG0107).

use super::Context;
use crate::codes::Code;
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::loc::Loc;

impl Context<'_> {
    /// AG0107: a physical name breaks the service's naming rules.
    pub fn bad_name(&mut self, loc: Loc, message: String, help: &str) {
        self.push(Diagnostic::new(Code::AG0107, loc, message).help(help));
    }

    /// 1 to `longest` characters, each ASCII letter, digit or one of `others`.
    fn name_of(&mut self, what: &str, name: &Field<String>, longest: usize, others: &str) -> bool {
        let Some(text) = name.literal() else {
            return false;
        };
        let length = text.chars().count();
        if length == 0 || length > longest {
            self.bad_name(
                name.loc,
                format!("{what} has 1 to {longest} characters, and this one has {length}"),
                "AWS refuses it",
            );
            return false;
        }
        let strange = text.chars().find(|it| !it.is_ascii_alphanumeric() && !others.contains(*it));
        if let Some(it) = strange {
            let others: Vec<String> = others.chars().map(|it| format!("`{it}`")).collect();
            self.bad_name(
                name.loc,
                format!("{what} cannot hold `{it}`"),
                &format!("use letters, digits and {}", others.join(", ")),
            );
            return false;
        }
        true
    }

    /// The name of a cluster, service or task family.
    /// <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html>
    pub fn ecs_name(&mut self, what: &str, name: &Field<String>) {
        self.name_of(what, name, 255, "-_");
    }

    /// The name of an EKS cluster.
    /// <https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html>
    pub fn eks_name(&mut self, name: &Field<String>) {
        let what = "the name of an EKS cluster";
        let fits = self.name_of(what, name, crate::resource::eks::CLUSTER_NAME_LIMIT, "-_");
        if fits && name.literal().is_some_and(|it| it.starts_with(['-', '_'])) {
            let message = format!("{what} starts with a letter or a digit");
            self.bad_name(name.loc, message, "AWS refuses it");
        }
    }

    /// The name of a vault of AWS Backup.
    /// <https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html>
    pub fn vault_name(&mut self, name: &Field<String>) {
        let what = "the name of a vault";
        if self.name_of(what, name, crate::resource::backup::VAULT_NAME_LIMIT, "-_")
            && name.literal().is_some_and(|it| it.len() < 2)
        {
            self.bad_name(name.loc, format!("{what} has 2 characters at least"), "AWS refuses it");
        }
    }

    /// The name of an SNS topic.
    /// <https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>
    pub fn topic_name(&mut self, name: &Field<String>) {
        self.name_of("a topic's name", name, 256, "-_");
    }

    /// The name of a log group.
    /// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html>
    pub fn log_group_name(&mut self, name: &Field<String>) {
        let is_allowed = self.name_of("a log group's name", name, 512, "_-/.#");
        if is_allowed && name.literal().is_some_and(|it| it.starts_with("aws/")) {
            self.bad_name(
                name.loc,
                "a log group's name cannot start with `aws/`, which is AWS's own".to_string(),
                "start it with `/`",
            );
        }
    }

    /// The name of a load balancer.
    /// <https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html>
    pub fn load_balancer_name(&mut self, name: &Field<String>) {
        if !self.name_of("a load balancer's name", name, 32, "-") {
            return;
        }
        let Some(text) = name.literal() else { return };
        if text.starts_with('-') || text.ends_with('-') {
            self.bad_name(
                name.loc,
                "a load balancer's name cannot start or end with `-`".to_string(),
                "start and end it with a letter or digit",
            );
        } else if text.starts_with("internal-") {
            self.bad_name(
                name.loc,
                "a load balancer's name cannot start with `internal-`, which is AWS's own"
                    .to_string(),
                "put another word first",
            );
        }
    }

    /// One label of a domain name.
    pub fn dns_label(&mut self, what: &str, name: &Field<String>) {
        let Some(text) = name.literal() else { return };
        if let Some(why) = label_problem(text) {
            self.bad_name(
                name.loc,
                format!("{what} cannot be `{text}`: {why}"),
                "use up to 63 letters, digits and `-`",
            );
        }
    }

    /// A domain name of at least two labels, such as `shop.local`; a wildcard only where `*.` may stand
    /// first.
    pub fn domain_name(&mut self, what: &str, name: &Field<String>) {
        let Some(text) = name.literal() else { return };
        self.domain_text(what, text, name.loc, false);
    }

    /// A domain name as text.
    pub fn domain_text(&mut self, what: &str, text: &str, loc: Loc, wildcard: bool) {
        let rest = if wildcard { text.strip_prefix("*.").unwrap_or(text) } else { text };
        let problem = if text.len() > 253 {
            Some("it is longer than 253 characters".to_string())
        } else if !rest.contains('.') {
            Some("it has no `.`".to_string())
        } else {
            rest.split('.').find_map(label_problem)
        };
        if let Some(why) = problem {
            self.bad_name(
                loc,
                format!("{what} cannot be `{text}`: {why}"),
                "write a domain name such as `shop.example.com`",
            );
        }
    }
}

/// What is wrong with a label of a domain name.
fn label_problem(label: &str) -> Option<String> {
    if label.is_empty() {
        return Some("a part of it is empty".to_string());
    }
    if label.len() > 63 {
        return Some(format!("`{label}` is longer than 63 characters"));
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Some(format!("`{label}` starts or ends with `-`"));
    }
    let strange = label.chars().find(|it| !it.is_ascii_alphanumeric() && *it != '-');
    strange.map(|it| format!("it holds `{it}`"))
}
