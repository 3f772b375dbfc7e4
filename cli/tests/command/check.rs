//! `archgen check FILE`: networks of templates that nobody wrote with archgen.

use serde_json::Value;

use super::{archgen, code, stderr, stdout};

#[test]
fn quotas_are_listed_with_what_is_left() {
    let human = archgen(&["check", "prod-infra", "--quotas"]);
    assert_eq!(human.status.code(), Some(0));
    let text = stdout(&human);
    assert!(text.contains("quotas of `prod-infra in production`"), "{text}");
    let of_group = "of 60           54 left  security group `network`: ingress rules for IPv4";
    assert!(text.contains(of_group), "{text}");
    let json = stdout(&archgen(&["check", "prod-infra", "--quotas", "--format", "json"]));
    let lines: Vec<Value> =
        json.lines().map(|it| serde_json::from_str(it).expect("a JSON object")).collect();
    let subnets = lines.iter().find(|it| it["quota"] == "subnets").expect("the VPC has subnets");
    assert_eq!((&subnets["used"], &subnets["limit"]), (&Value::from(4), &Value::from(200)));
    assert_eq!(subnets["headroom"], 196);
}

/// A group that admits the world to SSH, on an instance in a public subnet; a parameter decides more.
const OPEN: &str = r#"Parameters:
  Office:
    Type: String
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: { CidrBlock: 10.0.0.0/16 }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: { VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24, MapPublicIpOnLaunch: true }
  Gateway:
    Type: AWS::EC2::InternetGateway
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: { VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway }
  Table:
    Type: AWS::EC2::RouteTable
    Properties: { VpcId: !Ref Vpc }
  Default:
    Type: AWS::EC2::Route
    DependsOn: Attachment
    Properties:
      RouteTableId: !Ref Table
      DestinationCidrBlock: 0.0.0.0/0
      GatewayId: !Ref Gateway
  Association:
    Type: AWS::EC2::SubnetRouteTableAssociation
    Properties: { RouteTableId: !Ref Table, SubnetId: !Ref Subnet }
  Shell:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: shell
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - { IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0 }
        - { IpProtocol: tcp, FromPort: 443, ToPort: 443, CidrIp: !Ref Office }
  Machine:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      SubnetId: !Ref Subnet
      SecurityGroupIds: [!Ref Shell]
"#;

/// The template in a folder of its own, and its path.
fn open() -> (tempfile::TempDir, String) {
    let root = tempfile::tempdir().expect("a temporary folder");
    let path = root.path().join("open.yaml");
    std::fs::write(&path, OPEN).expect("a file");
    let path = path.to_str().expect("a path of ASCII").to_owned();
    (root, path)
}

#[test]
fn findings_stand_at_the_lines_of_the_template() {
    let (_root, path) = open();
    let output = archgen(&["check", &path]);
    let text = stdout(&output);
    assert_eq!(output.status.code(), Some(1), "{text}{}", stderr(&output));
    assert!(text.contains("error[AG0311]"), "{text}");
    assert!(text.contains("CidrIp: 0.0.0.0/0 }\n"), "the line is shown: {text}");
    assert!(text.contains(&format!("--> {path}:35:")), "{text}");
    assert!(text.contains("`Shell` `CidrIp`: the parameter `Office` has no value\n"), "{text}");
    assert!(text.ends_with(&format!("checked `{path}`: 1 error, 0 warnings, 1 part not read\n")));
}

#[test]
fn parameters_make_it_known() {
    let (_root, path) = open();
    let text = stdout(&archgen(&["check", &path, "--param", "Office=198.51.100.0/24"]));
    assert!(text.ends_with("1 error, 0 warnings, 0 parts not read\n"), "{text}");
    let ask = |more: &[&str]| {
        let question =
            ["reach", &path, "--from", "198.51.100.0/24", "--to", "Machine", "--port", "443"];
        stdout(&archgen(&[&question, more].concat()))
    };
    assert!(ask(&[]).starts_with("unknown: "), "{}", ask(&[]));
    assert!(ask(&["--param", "Office=198.51.100.0/24"]).starts_with("yes: "));
    assert!(ask(&["--param", "Office=203.0.113.0/24"]).starts_with("no: "));
    let output = archgen(&["reach", &path, "--from", "internet", "--to", "Machine"]);
    assert!(stdout(&output).contains("what gets through: tcp/22"), "{}", stdout(&output));
    assert!(stderr(&output).contains(": 1 part not read"), "{}", stderr(&output));
}

/// Two instances, and a network ACL that lets answers go to few of the client's ports.
const GUARDED: &str = r#"Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}}
  B: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.2.0/24}}
  Guard: {Type: AWS::EC2::NetworkAcl, Properties: {VpcId: !Ref Vpc}}
  In: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: !Ref Guard, RuleNumber: 100, Protocol: -1, RuleAction: allow, CidrBlock: 0.0.0.0/0}}
  Out: {Type: AWS::EC2::NetworkAclEntry, Properties: {NetworkAclId: !Ref Guard, RuleNumber: 100, Protocol: 6, Egress: true, RuleAction: ACTION, CidrBlock: 0.0.0.0/0, PortRange: {From: 443, To: 443}}}
  On: {Type: AWS::EC2::SubnetNetworkAclAssociation, Properties: {NetworkAclId: !Ref Guard, SubnetId: !Ref B}}
  Web: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: web, VpcId: !Ref Vpc}}
  Store: {Type: AWS::EC2::SecurityGroup, Properties: {GroupDescription: store, VpcId: !Ref Vpc, SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 5432, ToPort: 5432, SourceSecurityGroupId: !Ref Web}]}}
  App: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref A, SecurityGroupIds: [!Ref Web], ImageId: ami-1}}
  Db: {Type: AWS::EC2::Instance, Properties: {SubnetId: !Ref B, SecurityGroupIds: [!Ref Store], ImageId: ami-1}}
"#;

#[test]
fn answers_that_do_not_come_back_are_shown() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let path = root.path().join("guarded.yaml");
    let ask = |action: &str| {
        std::fs::write(&path, GUARDED.replace("ACTION", action)).expect("a file");
        let path = path.to_str().expect("a path of ASCII");
        stdout(&archgen(&["reach", path, "--from", "App", "--to", "Db", "--port", "5432"]))
    };
    let some = ask("allow");
    assert!(some.starts_with("yes: `App` reaches `Db` on tcp/5432, but not always\n"), "{some}");
    assert!(some.contains("  = note: not always: from App (10.0.1.0/24)"), "{some}");
    let none = ask("deny");
    assert!(none.starts_with("no: `App` does not reach `Db` on tcp/5432\n"), "{none}");
    let back =
        "    the answers on their way back\n    ✗ network ACL `Guard` (on B): its egress denies";
    assert!(none.contains(back), "{none}");
    assert!(none.contains("    ╎   [SUBNET_ACL_RESTRICTION]\n"), "{none}");
    assert!(none.contains("  = help: add `90 => allow("), "{none}");
}

#[test]
fn findings_and_what_was_not_read_are_lines_of_json() {
    let (_root, path) = open();
    let output = archgen(&["check", &path, "--format", "json"]);
    let lines: Vec<Value> = stdout(&output)
        .lines()
        .map(|it| serde_json::from_str(it).expect("each line is JSON"))
        .collect();
    let keys = |it: &Value| it.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert!(lines.windows(2).all(|it| keys(&it[0]) == keys(&it[1])));
    assert!(lines.iter().any(|it| it["code"] == "AG0311" && it["severity"] == "error"));
    let unread = lines.iter().find(|it| it["severity"] == "unread").expect("one is not read");
    assert_eq!((&unread["file"], &unread["line"]), (&path.as_str().into(), &36.into()));
}

#[test]
fn several_templates_are_several_networks() {
    let (_root, path) = open();
    let out = tempfile::tempdir().expect("a temporary folder");
    let folder = out.path().to_str().expect("a path of ASCII");
    assert_eq!(code(&["emit", "kinexus", "--out", folder, "--no-lock"]), Some(0));
    let of =
        |environment: &str| format!("{folder}/kinexus/{environment}/cloudformation/template.json");
    let (production, staging) = (of("production"), of("staging"));
    // What archgen writes is wholly read, and has nothing to complain about.
    let clean = archgen(&["check", &production, &staging]);
    assert_eq!(clean.status.code(), Some(0), "{}", stdout(&clean));
    assert_eq!(stdout(&clean).matches("0 errors").count(), 2, "{}", stdout(&clean));
    assert_eq!(code(&["check", &production, &path]), Some(1));
    let missing = archgen(&["check", "no-such-file.json", &path]);
    assert_eq!(missing.status.code(), Some(2), "one could not be read");
    assert!(stderr(&missing).contains("`no-such-file.json`"), "{}", stderr(&missing));
    assert!(stdout(&missing).contains("AG0311"), "the other is checked all the same");
}

#[test]
fn names_and_files_are_not_mixed() {
    let (_root, path) = open();
    assert_eq!(code(&["check", "prod-infra", &path]), Some(2));
    assert_eq!(code(&["check", "prod-infra", "kinexus"]), Some(2));
    assert_eq!(code(&["check", "prod-infra", "--param", "a=b"]), Some(2));
    assert_eq!(code(&["check", &path, "--env", "production"]), Some(2));
    assert_eq!(code(&["check", &path, "--param", "Office=1", "--param", "Office=2"]), Some(2));
}
