//! What `archgen reach` may be asked.

use clap::{Args, ValueEnum};

use crate::arguments::{LockArguments, key_value};
use crate::template;

const EXAMPLES: &str = "\
Examples:
  archgen reach shop --env production --from backend --to redis
  archgen reach shop --env production --from internet --to orders --port 5432 --expect no
  archgen reach template.yaml --from 10.0.1.0/24 --to Database --port 5432 --param Stage=prod
  archgen reach infra/ --from aws_instance.bastion --to 'aws_db_instance.orders[0]'
  archgen reach shop --env production --all --format json

A and B are declarations, or logical IDs in a template, or addresses in a Terraform module; security
groups; tiers such as network.private; VPCs; `internet`; CIDR blocks or addresses.

Exit codes: 0 answered, 1 not what `--expect` says or the architecture has errors,
2 the command could not do its job.";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Reach {
    /// The architecture, a CloudFormation template (a file in JSON or YAML) or a Terraform module (a
    /// folder, or a file in it); may be left out where only one architecture exists
    #[arg(value_name = "TARGET")]
    pub target: Option<String>,
    /// Who connects
    #[arg(long, value_name = "A", required_unless_present_any = ["all", "schema"])]
    pub from: Option<String>,
    /// Who is connected to
    #[arg(long, value_name = "B", required_unless_present_any = ["all", "schema"])]
    pub to: Option<String>,
    /// The port, or ports such as 8000-8080; those that B listens on when left out
    #[arg(long, value_name = "N|A-B", value_parser = ports)]
    pub port: Option<(u16, u16)>,
    /// tcp, udp, icmp, all, or a protocol's number
    #[arg(long, value_parser = protocol)]
    pub protocol: Option<Asked>,
    /// Ask about IPv6
    #[arg(long)]
    pub ipv6: bool,
    /// Fail with exit code 1 when the answer is another
    #[arg(long, value_enum, value_name = "ANSWER")]
    pub expect: Option<Expect>,
    /// Print who reaches whom for all pairs
    #[arg(long, conflicts_with_all = ["from", "to", "port", "protocol", "ipv6", "expect"])]
    pub all: bool,
    /// Leave out the services of Kubernetes clusters and their network policies: what AWS lets through by itself
    #[arg(long)]
    pub aws_only: bool,
    /// How the answer is printed
    #[arg(long, value_enum, default_value_t = ReachFormat::Human)]
    pub format: ReachFormat,
    /// The environment of the architecture: development, staging, production or recovery
    #[arg(long = "env", value_name = "ENV")]
    pub environment: Option<String>,
    /// Set an option of the architecture
    #[arg(long = "set", value_name = "KEY=VALUE", value_parser = key_value)]
    pub set: Vec<(String, String)>,
    /// Give a parameter of the template, or a variable of the module, a value
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    #[command(flatten)]
    pub lock: LockArguments,
    /// Print the JSON Schema of what `--format json` prints
    #[arg(long, exclusive = true)]
    pub schema: bool,
}

impl Reach {
    /// Whether an architecture is needed to answer.
    pub fn is_about_architecture(&self) -> bool {
        !self.schema && self.target.as_deref().is_none_or(|it| template::path_of(it).is_none())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReachFormat {
    /// A column of hops, to read
    Human,
    /// One JSON object a line
    Json,
}

/// The answer that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Expect {
    /// It gets through
    Yes,
    /// It does not
    No,
}

/// The protocol that is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Tcp,
    Udp,
    /// ICMP, or ICMPv6 over IPv6.
    Icmp,
    /// Another protocol, by its IANA number.
    Number(u8),
    All,
}

fn protocol(text: &str) -> Result<Asked, String> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "tcp" | "6" => Asked::Tcp,
        "udp" | "17" => Asked::Udp,
        "icmp" | "icmpv6" | "1" | "58" => Asked::Icmp,
        "all" | "any" | "-1" => Asked::All,
        it => Asked::Number(it.parse().map_err(|_| {
            "expected `tcp`, `udp`, `icmp`, `all` or a number from 0 to 255".to_owned()
        })?),
    })
}

fn ports(text: &str) -> Result<(u16, u16), String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    match (first.trim().parse(), last.trim().parse()) {
        (Ok(first), Ok(last)) if first <= last => Ok((first, last)),
        (Ok(first), Ok(last)) => {
            let (first, last): (u16, u16) = (first, last);
            Err(format!("the range is reversed: did you mean `{last}-{first}`?"))
        }
        (Ok(_) | Err(_), _) => {
            Err("expected a port from 0 to 65535, or a range such as `8000-8080`".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_are_one_number_or_a_range() {
        assert_eq!(ports("443"), Ok((443, 443)));
        assert_eq!(ports("8000-8080"), Ok((8000, 8080)));
        assert!(ports("8080-8000").is_err_and(|it| it.contains("`8000-8080`")));
        for wrong in ["", "-", "65536", "http", "1-2-3", "-5"] {
            assert!(ports(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn protocols_have_names_or_numbers() {
        assert_eq!(protocol("TCP"), Ok(Asked::Tcp));
        assert_eq!(protocol("6"), Ok(Asked::Tcp));
        assert_eq!(protocol("58"), Ok(Asked::Icmp));
        assert_eq!(protocol("47"), Ok(Asked::Number(47)));
        assert_eq!(protocol("all"), Ok(Asked::All));
        assert!(protocol("256").is_err());
        assert!(protocol("gre").is_err());
    }
}
