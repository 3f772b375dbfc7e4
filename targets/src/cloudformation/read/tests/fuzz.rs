//! Nothing panics, whatever the text is.

use std::path::Path;

use proptest::prelude::*;

use crate::cloudformation::read::{Options, Source, read};
use crate::cloudformation::write_graph;
use crate::testing as graph;

const TEMPLATE: &str = r"
Parameters: {P: {Type: String, Default: x}, L: {Type: CommaDelimitedList}}
Mappings: {M: {a: {b: c}}}
Conditions: {C: !Equals [!Ref P, y], D: !Or [!Condition C, !Not [!Condition C]]}
Resources:
  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !Select [0, !Cidr [10.0.0.0/8, 4, 16]]}}
  S:
    Type: AWS::EC2::Subnet
    Condition: D
    Properties: {VpcId: !Ref V, CidrBlock: !Sub '10.0.${P}.0/24', AvailabilityZone: !Select [0, !GetAZs '']}
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      VpcId: !GetAtt V.VpcId
      SecurityGroupIngress: !If [C, [{IpProtocol: tcp, FromPort: 1, ToPort: 2, CidrIp: !Ref P}], !Ref 'AWS::NoValue']
  I: {Type: 'AWS::EC2::Instance', Properties: {SubnetId: !Ref S, SecurityGroupIds: [!Ref G, !FindInMap [M, a, b]]}}
  N: {Type: 'AWS::EC2::NetworkAclEntry', Properties: {NetworkAclId: !GetAtt V.DefaultNetworkAcl, Protocol: -1, RuleNumber: !Ref P}}
  B: {Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: {Subnets: !Split [',', !Join [',', !Ref L]]}}
  R: {Type: 'AWS::RDS::DBInstance', Properties: {Engine: mysql, DBSubnetGroupName: !Ref S}}
  X: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: x.yaml, Parameters: {P: !GetAtt X.Outputs.O}}}
Outputs: {O: {Value: !Ref P}}
";

/// Words that mean something somewhere.
const WORDS: &[&str] = &[
    "!Ref V",
    "!GetAtt V.CidrBlock",
    "null",
    "[]",
    "{}",
    "-1",
    "999999999999999999999",
    "''",
    "!If [C, a, b]",
    "!Ref 'AWS::NoValue'",
    "!Ref 'AWS::Region'",
    "!Ref L",
    "!GetAZs ''",
    "!Cidr [a]",
    "!Select [9, [a]]",
    "10.0.0.0/8",
    "::/0",
    "true",
    "S",
    "V",
    "!Sub '${S.VpcId}'",
    "!Ref X",
    "{Fn::Transform: {Name: x}}",
    "*a",
    "&a b",
    "!GetAtt X.Outputs.O",
    "\u{0}",
    "é😀",
    "1e309",
    "0x10",
    "!Condition C",
    "\"",
    "- a",
    "? b",
    ": ",
    "  ",
    "\n",
    "\t",
];

fn survives(text: &str) {
    let load = |_: &Path| Ok(TEMPLATE.to_string());
    let options = Options { load: &load, ..Options::default() };
    let source = Source { path: Path::new("t.yaml"), text };
    if let Ok(it) = read(&source, &options) {
        archgen_core::network::Model::new(&it.graph);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn values_replaced(changes in prop::collection::vec((any::<prop::sample::Index>(), 0..WORDS.len()), 1..6)) {
        // Whole values, so that most of the documents are still well formed.
        let mut parts: Vec<&str> = TEMPLATE.split_inclusive([' ', ',', '[', '{', '}', ']']).collect();
        for (at, word) in changes {
            let at = at.index(parts.len());
            parts[at] = WORDS[word];
        }
        survives(&parts.join(" "));
        survives(&parts.concat());
    }

    #[test]
    fn characters_replaced(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<char>()), 1..8), cut in any::<prop::sample::Index>()) {
        let mut all: Vec<char> = TEMPLATE.chars().collect();
        for (at, it) in changes {
            let at = at.index(all.len());
            all[at] = it;
        }
        let text: String = all.iter().collect();
        survives(&text);
        let short: String = all[..cut.index(all.len())].iter().collect();
        survives(&short);
    }

    #[test]
    fn anything(text in ".{0,200}") {
        survives(&text);
    }
}

#[test]
fn every_line_of_a_large_template_may_be_missing() {
    let text = write_graph("shop", "production", &graph::everything()).json();
    let lines: Vec<&str> = text.lines().collect();
    for missing in (0..lines.len()).step_by(7) {
        let mut left = lines.clone();
        left.remove(missing);
        survives(&left.join("\n"));
    }
}
