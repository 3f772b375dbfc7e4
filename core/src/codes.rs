//! The one table of diagnostic codes.
//!
//! A code has one severity, is emitted by one function, and is never reused.

use std::fmt;
use std::str::FromStr;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is emitted.
    Error,
    /// Emitted, but probably not what was meant.
    Warning,
    /// Emitted as it was meant; something about it is good to know.
    Note,
}

impl Severity {
    /// `error`, `warning` or `note`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

macro_rules! codes {
    ($($code:ident $severity:ident $summary:literal;)*) => {
        /// The code of a rule, such as `AG0203`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $summary] $code,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// The code as it is printed.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$code => stringify!($code),)* }
            }

            /// What the rule finds, in one line.
            pub const fn summary(self) -> &'static str {
                match self { $(Code::$code => $summary,)* }
            }

            /// How bad a finding of the rule is.
            pub const fn severity(self) -> Severity {
                match self { $(Code::$code => Severity::$severity,)* }
            }

            /// What it checks, why, an example, the fix and the source, in Markdown.
            pub const fn explanation(self) -> &'static str {
                match self { $(Code::$code => include_str!(concat!("explain/", stringify!($code), ".md")),)* }
            }
        }
    };
}

codes! {
    AG0001 Error "the text of a macro cannot be read";
    AG0002 Error "a field that must be given is missing";
    AG0003 Error "a declaration has no such field";
    AG0004 Error "a value is of the wrong kind";
    AG0005 Error "a bare name is none of those the field knows";
    AG0006 Error "a field is given twice";
    AG0007 Error "a value is outside the limits AWS sets";
    AG0101 Error "two declarations have the same name";
    AG0102 Error "a name refers to nothing that is declared";
    AG0103 Error "a reference is to the wrong kind of declaration";
    AG0104 Error "a VPC has no such tier";
    AG0105 Error "two resources have the same physical name";
    AG0106 Error "two resources get the same logical ID";
    AG0107 Error "a physical name breaks the service's naming rules";
    AG0108 Error "an architecture declares nothing";
    AG0109 Error "AWS does not take a tag";
    AG0110 Error "no declaration has the tag that is asked for";
    AG0111 Error "a rename cannot be made";
    AG0112 Error "two declarations are renamed from the same one";
    AG0113 Warning "a declaration is renamed from one that was never emitted";
    AG0114 Error "a declaration that holds data was renamed without saying so";
    AG0115 Warning "a declaration that holds data is no longer declared";
    AG0116 Error "what holds a tenant's data is no longer there";
    AG0201 Error "a CIDR block is malformed or has host bits set";
    AG0202 Error "a subnet lies outside its VPC";
    AG0203 Error "two subnets overlap";
    AG0204 Error "a VPC's CIDR block is not between /16 and /28";
    AG0205 Error "a tier does not have one subnet for each zone";
    AG0206 Error "a secondary CIDR block overlaps or is restricted";
    AG0207 Error "two peered VPCs overlap";
    AG0208 Error "a tier spans fewer zones than its user needs";
    AG0209 Error "a VPC has no room for a subnet";
    AG0210 Error "a subnet is not between /16 and /28";
    AG0211 Error "NAT gateways have no tier to stand in";
    AG0212 Error "a subnet has fewer usable addresses than are asked for";
    AG0213 Error "a peering connects a VPC with itself or lacks what it needs";
    AG0214 Error "a route table has two routes for the same addresses";
    AG0215 Warning "prefix lists that overlap lead to different places";
    AG0216 Error "a route inside a VPC is not one that AWS takes";
    AG0217 Error "a route leads to addresses that AWS keeps";
    AG0218 Error "a VPC's block is one that AWS never takes";
    AG0219 Warning "a VPC's block is one that AWS services use themselves";
    AG0220 Error "two interface endpoints own the name of one service";
    AG0221 Error "an EKS control plane has too few subnets or addresses";
    AG0222 Error "a VPC or route table has more of something than AWS allows";
    AG0223 Warning "a quota of AWS is nearly used up";
    AG0224 Error "a prefix list has entries that it cannot hold";
    AG0225 Error "the addresses of a cluster's services are taken or not ones that EKS takes";
    AG0226 Warning "subnets have fewer addresses than a cluster's nodes and pods may take";
    AG0227 Error "two environments share addresses that must be apart";
    AG0301 Error "a connection that must work is blocked";
    AG0302 Error "a connection that is denied is open";
    AG0303 Error "a data store is reachable from the internet";
    AG0304 Error "a service cannot reach what it needs to start";
    AG0305 Error "a port is not between 1 and 65535";
    AG0306 Error "a port range is empty or reversed";
    AG0307 Error "a security group has more rules than AWS allows";
    AG0308 Error "a network interface has more security groups than AWS allows";
    AG0309 Error "a network ACL entry is numbered wrongly or twice";
    AG0310 Error "a connection says no port and its peer has none";
    AG0311 Error "an administrative or database port is open to the world";
    AG0312 Error "a network ACL has more entries than AWS allows";
    AG0313 Error "a security group belongs to another VPC";
    AG0314 Warning "a security group rule is not needed";
    AG0315 Warning "no interface uses a security group";
    AG0316 Warning "a network ACL entry never decides";
    AG0317 Warning "a network ACL drops the answers of what is admitted";
    AG0318 Warning "a network ACL drops what says that a packet is too large";
    AG0319 Error "the groups of an interface have more rules than AWS allows";
    AG0320 Warning "a network ACL drops what a load balancer sends on";
    AG0321 Warning "a Kubernetes API is open to the whole internet";
    AG0322 Error "a distribution cannot reach its origin";
    AG0323 Warning "the origin of a distribution is open around it";
    AG0324 Warning "a distribution asks its origin without encryption";
    AG0325 Error "pods run as a user that they cannot have";
    AG0401 Error "Fargate has no such pair of CPU and memory";
    AG0402 Error "a range of tasks or instances is reversed or empty";
    AG0403 Error "a feature needs something that the cluster does not have";
    AG0404 Error "a scaling policy lacks what it needs";
    AG0405 Error "two routes get the same priority";
    AG0406 Error "a load balancer's routes or listeners are wrong";
    AG0407 Error "a container's or target's health check is outside the limits";
    AG0408 Warning "capacity leaves no room for a deployment";
    AG0409 Error "a host volume cannot follow its task";
    AG0410 Error "a task does not fit on the cluster's instances";
    AG0411 Error "an exclusive service may run more than one task";
    AG0412 Error "a Kubernetes version is not one that EKS runs";
    AG0413 Warning "a Kubernetes version is past its standard support";
    AG0414 Warning "a node group on spare capacity has one instance type";
    AG0415 Error "a node group cannot be made";
    AG0416 Error "access to a cluster is given to what cannot have it";
    AG0417 Error "Route 53 does not take a record";
    AG0418 Error "a certificate's domain cannot be proved in its zone";
    AG0419 Error "a distribution cannot be made";
    AG0420 Error "a web ACL cannot be made";
    AG0421 Warning "a web ACL takes more capacity than its price holds";
    AG0422 Warning "a service runs images of a repository that is made together with it";
    AG0425 Error "a namespace cannot have its name";
    AG0426 Error "no node of a cluster takes a service's pods";
    AG0427 Error "a pod is larger than its nodes or its namespace allow";
    AG0428 Error "the services of a namespace may ask for more than its quota";
    AG0429 Warning "a service of a cluster may run on one pod";
    AG0430 Error "two services of a namespace have the same name";
    AG0431 Error "a cluster is given what only one of its services can have";
    AG0432 Error "an add-on's chart does not run on the cluster's version of Kubernetes";
    AG0433 Error "an add-on needs something that the cluster does not have";
    AG0434 Warning "an add-on is past its end";
    AG0435 Error "a backup schedule cannot be kept";
    AG0436 Error "a node pool cannot start nodes";
    AG0437 Error "two declarations install the add-ons of one cluster";
    AG0438 Warning "a bucket deletes what an add-on still keeps in it";
    AG0439 Error "an add-on needs another that is not there";
    AG0440 Error "a namespace refuses the pods of an add-on";
    AG0441 Error "a cluster's policies refuse the pods of a service";
    AG0501 Error "AWS does not take this retention period";
    AG0502 Error "a user name is reserved";
    AG0503 Error "an engine version cannot be created";
    AG0504 Error "a storage size or range is not one AWS takes";
    AG0505 Error "a maintenance or backup window is wrong or overlaps another";
    AG0506 Error "failover or encryption lacks what it needs";
    AG0507 Error "a replica needs backups of its source";
    AG0508 Error "an instance class or node type does not exist";
    AG0509 Error "replication of a bucket lacks what it needs";
    AG0510 Error "an Aurora endpoint is used for an RDS instance";
    AG0511 Error "a topic's messages do not get where they should";
    AG0512 Error "AWS Backup cannot copy something";
    AG0513 Error "the times of a backup plan are not ones that AWS Backup takes";
    AG0514 Error "copies are sent to what is no vault of AWS Backup";
    AG0601 Error "a tenant can connect to another";
    AG0602 Error "a role of one tenant gets at what is another's";
    AG0603 Error "tenants share what each shall have of its own";
    AG0604 Error "a request of one tenant is answered by another";
    AG0605 Error "a tenant is not run by tasks of its own";
    AG0611 Error "a tenant's key cannot be one";
    AG0612 Error "a pool has more tenants than it may have";
    AG0613 Error "something is said of a tenant that there is not";
    AG0614 Error "a pool promises of its tenants what it cannot keep";
    AG0615 Error "the quotas of tenants are more than there is";
    AG0616 Warning "a pool may have more tenants than there is room for";
    AG0701 Error "a name that a target has to make up is not one the service takes";
    AG0702 Warning "a target cannot say something that is declared";
    AG0703 Note "a target says something that is declared with a loss";
    AG0710 Error "a CloudFormation stack would hold more than AWS takes";
    AG0711 Error "two CloudFormation stacks would need each other";
    AG0730 Error "an architecture says twice how Terraform is set up";
    AG0731 Error "a parameter gives what Terraform reads before its variables";
    AG0801 Error "a recovery point objective cannot be met";
    AG0802 Error "a recovery time objective cannot be met";
    AG0803 Error "an availability objective cannot be met";
    AG0804 Error "fewer instances than zones cannot survive the loss of a zone";
    AG0805 Error "a budget is not one that AWS takes";
    AG0806 Error "a tier of promises says nothing, or holds what another tier holds";
    AG0901 Error "an option of an architecture is wrong";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a diagnostic code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no diagnostic code `{0}`")]
pub struct UnknownCode(pub String);

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Code, UnknownCode> {
        Code::ALL
            .iter()
            .copied()
            .find(|it| it.as_str().eq_ignore_ascii_case(text))
            .ok_or_else(|| UnknownCode(text.to_string()))
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod explain_tests;
