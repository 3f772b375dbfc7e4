//! Administrative and database ports that are open to everybody.

use std::collections::BTreeSet;

use crate::check::Context;
use crate::codes::Code;
use crate::declare::SecurityGroup as SecurityGroupDeclaration;
use crate::diagnostic::Diagnostic;
use crate::network::traffic::{Admitted, Protocol, Ranges};
use crate::resource::network::{Direction, RulePeer};
use crate::resource::{ResourceGraph, ResourceId, SecurityGroupRule};
use crate::value::Value;

/// Ports by which machines and databases are administered.
const PORTS: [(u16, &str); 9] = [
    (22, "SSH"),
    (1433, "SQL Server"),
    (3306, "MySQL"),
    (3389, "RDP"),
    (5432, "PostgreSQL"),
    (6379, "Redis"),
    (9200, "Elasticsearch"),
    (11211, "Memcached"),
    (27017, "MongoDB"),
];

/// AG0311: an administrative port is open to the world. Rules in `reported` are left out.
pub fn check(graph: &ResourceGraph, reported: &BTreeSet<ResourceId>, cx: &mut Context<'_>) {
    for (id, resource, rule) in graph.all::<SecurityGroupRule>() {
        let written =
            cx.architecture.get::<SecurityGroupDeclaration>(&resource.declaration).is_some();
        let RulePeer::Cidr(Value::Literal(block)) = &rule.peer else {
            continue;
        };
        if !written
            || rule.direction != Direction::Ingress
            || block.0.prefix_len() != 0
            || reported.contains(id.id())
        {
            continue;
        }
        let admitted = Admitted::of(&rule.traffic).certain;
        let open: Vec<String> = PORTS
            .iter()
            .filter(|(port, _)| {
                [Protocol::Tcp, Protocol::Udp]
                    .iter()
                    .any(|it| admitted.of_protocol(*it).contains(&Ranges::of(*port, *port)))
            })
            .map(|(port, what)| format!("{port} ({what})"))
            .collect();
        if open.is_empty() {
            continue;
        }
        let ports = if open.len() == 1 { "port" } else { "ports" };
        cx.push(
            Diagnostic::new(
                Code::AG0311,
                resource.loc,
                format!(
                    "security group `{}` opens {ports} {} to {block}",
                    resource.declaration,
                    open.join(", ")
                ),
            )
            .help("name the group or the addresses of those who need it; for a shell, use ECS Exec or Session Manager"),
        );
    }
}
