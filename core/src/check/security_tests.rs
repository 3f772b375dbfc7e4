//! The checks of network ACLs and peerings: what is wrong, right and unknown.

use crate::check::testing::expect;
use crate::codes::Code;

const NETWORK: &str = r#"
vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { private: /24, database: /24 } }
"#;

/// An ACL with these entries for what comes in.
fn guarded(ingress: &str) -> String {
    format!(
        r#"{NETWORK}
network_acl guard {{
    subnets: network.database, ingress: [{ingress}], egress: [100 => allow(network.private, all)],
}}"#
    )
}

#[test]
fn entries_of_several_blocks_take_several_numbers() {
    let tier = "100 => allow(network.private, tcp(5432))";
    let at = [(Code::AG0309, "100")];
    expect(&guarded(&format!(r#"{tier}, 101 => deny("10.0.9.0/24", all)"#)), &at);
    expect(&guarded(&format!(r#"101 => deny("10.0.9.0/24", all), {tier}"#)), &at);
    expect(&guarded(&format!(r#"{tier}, 102 => deny("10.0.9.0/24", all)"#)), &[]);
    let ranges = r#"100 => deny("10.0.9.0/24", tcp(22, 3389))"#;
    expect(&guarded(&format!("{ranges}, 101 => allow(network.private, all)")), &at);
    expect(&guarded("100 => ?, 101 => allow(network.private, all)"), &[]);
}

#[test]
fn entries_hold_addresses() {
    let group = r#"security_group web_sg { vpc: network }"#;
    let source = guarded("100 => allow(web_sg, tcp(5432))");
    expect(&format!("{group}\n{source}"), &[(Code::AG0103, "web_sg")]);
    expect(&guarded("100 => allow(network, tcp(5432))"), &[]);
}

#[test]
fn another_account_accepts_by_a_role() {
    let peered = |fields: &str| {
        format!(
            r#"{NETWORK}
vpc_peering partner {{
    requester: network, external: {{ vpc: "vpc-1", cidrs: ["10.1.0.0/16"], {fields} }},
}}"#
        )
    };
    let account = r#"account: "111122223333""#;
    expect(&peered(account), &[(Code::AG0213, r#""111122223333""#)]);
    expect(&peered(&format!(r#"{account}, role: "arn:aws:iam::111122223333:role/a""#)), &[]);
    expect(&peered(&format!("{account}, role: ?")), &[]);
    expect(&peered(""), &[]);
}
