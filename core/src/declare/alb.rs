//! `alb!`: an Application Load Balancer.

use crate::check::Context;
use crate::declare::{Certificate, S3Bucket, SecurityGroup};
use crate::field::{DeclarationRef, List, Pair, TierRef};
use crate::lower::Lower;
use crate::types::{Count, Seconds};

crate::words! {
    /// Who can use a load balancer.
    Scheme: "schemes" {
        /// Clients on the internet.
        InternetFacing = "internet-facing",
        /// Clients in the VPC and what is connected to it.
        Internal = "internal",
    }
}

crate::one_of! {
    /// What gets the requests of a route.
    RoutedService: "an ECS service or a Kubernetes service" {
        /// The tasks of an ECS service.
        Ecs(EcsService),
        /// The pods of a Kubernetes service.
        Pods(K8sService),
    }
}

crate::words! {
    /// Whose connections a load balancer on the internet takes.
    Clients: "clients" {
        /// Everybody's.
        Everyone = "everyone",
        /// Those of CloudFront's edge locations, by the list that AWS keeps of their addresses.
        CloudFront = "cloudfront",
    }
}

crate::declaration! {
    /// An Application Load Balancer. With a certificate it listens for HTTPS on 443 and sends HTTP on
    /// 80 there; without one it serves HTTP on 80.
    Alb AlbBuilder {
        /// The tier it stands in, over at least two zones.
        required subnets: TierRef = "network.public";
        /// Who can use it.
        default scheme: Scheme = Scheme::InternetFacing;
        /// Whose connections it takes where it is internet-facing: `Everyone`, or `CloudFront` only.
        default open_to: Clients = Clients::Everyone;
        /// The certificate of its HTTPS listener.
        optional certificate: DeclarationRef<Certificate>;
        /// AWS's name of the TLS policy.
        default tls_policy: String = "ELBSecurityPolicy-TLS13-1-2-2021-06".to_string();
        /// Where requests go: `["/" => frontend, "/api/*" => backend, "admin.example.com" => admin]`.
        /// `"/"` is what no other route takes. A more exact route wins.
        required routes: List<Pair<String, RoutedService>> = "[\"/\" => frontend]";
        /// Priorities for routes that must not have the one archgen gives: `["/api/*" => 10]`.
        optional priorities: List<Pair<String, Count>>;
        /// How long a client stays with its target; left out, every request may go to another.
        optional stickiness: Seconds;
        /// How long an idle connection is kept, 1 to 4000 seconds.
        default idle_timeout: Seconds = Seconds(60);
        /// The bucket that its access logs go to.
        optional access_logs: DeclarationRef<S3Bucket>;
        /// Whether it refuses to be deleted.
        default deletion_protection: bool = true;
        /// Groups that the team wrote; left out, archgen derives one.
        optional security_groups: List<DeclarationRef<SecurityGroup>>;
        /// Its physical name in AWS.
        optional load_balancer_name: String;
    } members AlbMembers {
        /// The DNS name.
        dns_name;
        /// The hosted zone, for alias records.
        hosted_zone_id;
        /// The Amazon Resource Name.
        arn;
    }
}

impl Alb {
    /// Checks the declaration's own limits.
    pub fn check(&self, cx: &mut Context<'_>) {
        crate::check::load_balancer::check(self, cx);
    }

    /// Lowers it into resources.
    pub fn lower(&self, cx: &mut Lower<'_>) {
        crate::lower::lower_load_balancer(self, cx);
    }
}
