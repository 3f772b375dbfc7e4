//! Every function with a known, an unknown and a wrong use; parameters, conditions, nested stacks.

use std::collections::BTreeMap;
use std::path::Path;

use super::super::stack::Stacks;
use super::super::{Options, ReadError, Source, parameters};
use crate::read::data::{Data, DataKind};
use crate::read::network::Notes;

const HEAD: &str = r"
Parameters:
  Known: {Type: String, Default: known}
  Open: {Type: String}
  Port: {Type: Number, Default: 8080}
  Blocks: {Type: CommaDelimitedList, Default: '10.0.0.0/24, 10.0.1.0/24'}
  OpenBlocks: {Type: 'List<AWS::EC2::Subnet::Id>'}
  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', Default: /a/b}
  Secret: {Type: String, Default: '{{resolve:ssm:x:1}}'}
Mappings:
  M:
    us-east-1: {Text: mapped, List: [a, b]}
Conditions:
  Sure: !Equals [!Ref Known, known]
  Never: !Not [!Condition Sure]
  Open: !Equals [!Ref Open, x]
  NoAndOpen: !And [!Condition Never, !Condition Open]
  YesAndOpen: !And [!Condition Sure, !Condition Open]
  YesOrOpen: !Or [!Condition Open, !Condition Sure]
  NoOrOpen: !Or [!Condition Never, !Condition Open]
  Itself: !Not [!Condition Itself]
  Same: !Equals [!Ref Open, !Ref Open]
  Lists: !Equals [[a, known], [a, !Ref Known]]
  Wrong: !Equals [a]
  Number: !Equals [!Ref Port, '8080']
  Case: !Equals [a, A]
Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}
  IpamVpc: {Type: 'AWS::EC2::VPC', Properties: {Ipv4IpamPoolId: x}}
  SelfVpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !GetAtt SelfVpc.CidrBlock}}
  Group: {Type: 'AWS::EC2::SecurityGroup', Properties: {VpcId: !Ref Vpc}}
  Gone: {Type: 'AWS::EC2::VPC', Condition: Never}
  Database: {Type: 'AWS::RDS::DBInstance', Properties: {Port: 3307}}
";

/// The value in a few words.
fn show(it: &Data) -> String {
    let all = |items: &[Data]| items.iter().map(show).collect::<Vec<_>>().join(",");
    match &it.kind {
        DataKind::Absent => "absent".to_string(),
        DataKind::Bool(it) => it.to_string(),
        DataKind::Number(it) => it.clone(),
        DataKind::Text(it) => format!("'{it}'"),
        DataKind::Composed(parts) => format!("<{}>", all(parts)),
        DataKind::List(items) => format!("[{}]", all(items)),
        DataKind::Map(entries) => {
            let entries = entries.iter().map(|it| format!("{}:{}", it.0, show(&it.1)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        DataKind::Reference(it) => it.to_string().replace('`', ""),
        DataKind::Zone(it) => format!("zone {it}"),
        DataKind::Zones => "zones".to_string(),
        DataKind::Part(it) => {
            format!("part {} of {} bits of {}", it.index, it.bits, it.of).replace('`', "")
        }
        DataKind::Either(_, yes, no) => format!("either {} or {}", show(yes), show(no)),
        DataKind::Unknown(it) => format!("? {}", it.why),
    }
}

fn evaluated(template: &str, options: &Options<'_>) -> Result<String, ReadError> {
    let mut notes = Notes::new();
    let stacks = Stacks::read(
        &[Source { path: Path::new("dir/t.yaml"), text: template }],
        options,
        &mut notes,
    )?;
    parameters::checked(&stacks)?;
    let it = stacks.find(0, "It").expect("the resource `It`");
    Ok(show(&stacks.property(&it, "Value")))
}

/// The value of `!…` in a template that starts with [`HEAD`].
fn value(text: &str) -> String {
    let template = format!("{HEAD}  It:\n    Type: X\n    Properties:\n      Value: {text}\n");
    evaluated(&template, &Options::default()).unwrap_or_else(|it| panic!("{text}: {it}"))
}

fn check(table: &[(&str, &str)]) {
    for (text, expected) in table {
        let found = value(text);
        let fits = match expected.strip_suffix('…') {
            Some(start) => found.starts_with(start),
            None => found == *expected,
        };
        assert!(fits, "{text}\n  is       {found}\n  expected {expected}");
    }
}

#[test]
fn plain_values() {
    check(&[
        ("22", "22"),
        ("'22'", "'22'"),
        ("yes", "true"),
        ("null", "? `null` is no value in a template"),
        ("[a, !Ref 'AWS::NoValue', {b: !Ref 'AWS::NoValue', c: 1}]", "['a',{c:1}]"),
        (
            "'{{resolve:secretsmanager:x}}'",
            "? `{{resolve:secretsmanager:x}}` is resolved when deploying",
        ),
    ]);
}

#[test]
fn references() {
    check(&[
        ("!Ref Known", "'known'"),
        ("!Ref Port", "'8080'"),
        ("!Ref Blocks", "['10.0.0.0/24','10.0.1.0/24']"),
        ("!Ref Open", "? the parameter `Open` has no value"),
        ("!Ref Stored", "? the parameter `Stored` is read from Systems Manager when deploying"),
        ("!Ref Secret", "? `{{resolve:ssm:x:1}}`…"),
        ("!Ref Vpc", "Vpc"),
        ("!Ref Nothing", "? there is no resource or parameter `Nothing`"),
        ("!Ref Gone", "? `Gone` does not exist under its condition"),
        ("!Ref [a]", "? `Ref` expects a name"),
        ("!Ref AWS::NoValue", "absent"),
        ("!Ref AWS::Region", "? `AWS::Region` is known when deploying"),
        ("!Ref AWS::Planet", "? there is no pseudo parameter `AWS::Planet`"),
    ]);
}

#[test]
fn attributes() {
    check(&[
        ("!GetAtt Vpc.CidrBlock", "'10.0.0.0/16'"),
        ("!GetAtt Vpc.VpcId", "Vpc"),
        ("!GetAtt Vpc.DefaultSecurityGroup", "Vpc.DefaultSecurityGroup"),
        ("!GetAtt Group.GroupId", "Group"),
        ("!GetAtt Group.VpcId", "Vpc"),
        ("!GetAtt Database.Endpoint.Port", "3307"),
        ("!GetAtt IpamVpc.CidrBlock", "IpamVpc.CidrBlock"),
        ("!GetAtt SelfVpc.CidrBlock", "? `SelfVpc` refers to itself"),
        ("!GetAtt Nothing.Arn", "? there is no resource or parameter `Nothing`"),
        ("!GetAtt [Vpc, !Ref Open]", "? the parameter `Open` has no value"),
        ("!GetAtt Vpc", "? `Fn::GetAtt` expects a resource and an attribute"),
        ("!GetAtt {a: 1}", "? `Fn::GetAtt` expects a resource and an attribute"),
    ]);
}

#[test]
fn texts() {
    check(&[
        ("!Sub 'x-${Known}-${!Known}-${Vpc.CidrBlock}'", "'x-known-${Known}-10.0.0.0/16'"),
        ("!Sub ['${a}${Known}', {a: !Ref Port}]", "'8080known'"),
        ("!Sub '${Vpc}'", "Vpc"),
        ("!Sub '${Vpc}/x'", "<Vpc,'/x'>"),
        (
            "!Sub 'com.amazonaws.${AWS::Region}.s3'",
            "<'com.amazonaws.',? `AWS::Region` is known when deploying,'.s3'>",
        ),
        ("!Sub '${Open}'", "? the parameter `Open` has no value"),
        ("!Sub '{{resolve:${Known}}}'", "? `{{resolve:known}}`…"),
        ("!Sub '${Blocks}'", "? a list cannot be part of a text"),
        ("!Sub 'a${'", "'a${'"),
        ("!Sub [a, b]", "? `Fn::Sub` expects text, and values by name"),
        ("!Sub {a: 1}", "? `Fn::Sub` expects text"),
        ("!Join [',', [a, !Ref Port, !Ref 'AWS::NoValue']]", "'a,8080'"),
        ("!Join ['', [a, !Ref Vpc]]", "<'a',Vpc>"),
        ("!Join [',', !Ref Blocks]", "'10.0.0.0/24,10.0.1.0/24'"),
        ("!Join [',', !Ref OpenBlocks]", "? the parameter `OpenBlocks` has no value"),
        ("!Join [',', [!If [Open, a, b]]]", "? the condition `Open` is not known…"),
        ("!Join [',', a]", "? `Fn::Join` expects a list, not `a`"),
        ("!Join [a]", "? `Fn::Join` expects a delimiter and a list"),
        ("!Split [',', 'a,b,,c']", "['a','b','','c']"),
        ("!Split [',', !Join [',', [!Ref Vpc, x, !Ref Group]]]", "[Vpc,'x',Group]"),
        ("!Split ['-', !Join ['-', [!Ref Vpc, x]]]", "? `Vpc`"),
        ("!Split [',', !Ref Open]", "? the parameter `Open` has no value"),
        ("!Split ['', a]", "? `Fn::Split` expects a delimiter"),
        ("!Base64 hello", "'aGVsbG8='"),
        ("!Base64 'any carnal pleas'", "'YW55IGNhcm5hbCBwbGVhcw=='"),
        ("!Base64 {Ref: Open}", "? the parameter `Open` has no value"),
        ("!Base64 [a]", "? a list"),
    ]);
}

#[test]
fn lists() {
    check(&[
        ("!Select [1, [a, b]]", "'b'"),
        ("!Select ['0', !Ref Blocks]", "'10.0.0.0/24'"),
        ("!Select [1, !GetAZs '']", "zone 1"),
        ("!Select [0, !GetAZs {Ref: 'AWS::Region'}]", "zone 0"),
        ("!GetAZs us-east-1", "? which zones another Region has: `us-east-1`"),
        ("!Select [0, !Ref OpenBlocks]", "? the parameter `OpenBlocks` has no value"),
        ("!Select [0, [!If [Open, a, !Ref 'AWS::NoValue'], b]]", "? the condition `Open`…"),
        ("!Select [1, !If [Open, [a, b], [c, b]]]", "'b'"),
        ("!Select [0, !If [Open, [a, b], [c, b]]]", "either 'a' or 'c'"),
        ("!Select [2, [a, b]]", "? `Fn::Select` takes number 2 of 2"),
        ("!Select [x, [a, b]]", "? `Fn::Select` cannot take number `x`"),
        ("!Select [0, a]", "? `Fn::Select` expects a list, not `a`"),
        ("!Select [0]", "? `Fn::Select` expects an index and a list"),
        ("!Length [a, b]", "2"),
        ("!Length {Ref: OpenBlocks}", "? the parameter `OpenBlocks` has no value"),
        ("!Length a", "? `Fn::Length` expects a list, not `a`"),
    ]);
}

#[test]
fn blocks() {
    check(&[
        (
            "!Cidr [192.168.0.0/24, '6', '5']",
            "['192.168.0.0/27','192.168.0.32/27','192.168.0.64/27','192.168.0.96/27','192.168.0.128/27','192.168.0.160/27']",
        ),
        ("!Select [3, !Cidr [!GetAtt Vpc.CidrBlock, 4, 8]]", "'10.0.3.0/24'"),
        ("!Cidr [10.0.0.9/16, 1, 16]", "['10.0.0.0/16']"),
        ("!Select [2, !Cidr ['2001:db8::/56', 3, 64]]", "'2001:db8:0:2::/64'"),
        (
            "!Select [255, !Cidr [!Select [0, !GetAtt Vpc.Ipv6CidrBlocks], 256, 64]]",
            "part 255 of 64 bits of Vpc.Ipv6CidrBlocks[0]",
        ),
        (
            "!Select [1, !Cidr [!GetAtt IpamVpc.CidrBlock, 2, 8]]",
            "part 1 of 8 bits of IpamVpc.CidrBlock",
        ),
        ("!Cidr [!Ref Open, 1, 8]", "? the parameter `Open` has no value"),
        ("!Cidr [10.0.0.0/16, !Ref Open, 8]", "? `Fn::Cidr`: the parameter `Open` has no value"),
        (
            "!Cidr [10.0.0.0/24, 2, 8]",
            "? `Fn::Cidr` cannot cut 2 blocks of 8 bits out of 10.0.0.0/24",
        ),
        ("!Cidr [10.0.0.0/24, 0, 8]", "? `Fn::Cidr` gives 1 to 256 blocks, not 0"),
        ("!Cidr [10.0.0.0/24, 1, 33]", "? `Fn::Cidr` cannot cut 1 blocks…"),
        ("!Cidr [10.0.0.0/24, 1, 999]", "? `Fn::Cidr` cannot leave 999 bits to hosts"),
        ("!Cidr [0.0.0.0/0, 1, 32]", "['0.0.0.0/0']"),
        ("!Cidr ['::/0', 1, 128]", "['::/0']"),
        ("!Cidr [nonsense, 1, 8]", "? `Fn::Cidr` cannot cut `nonsense`: it is not a CIDR block"),
        ("!Cidr [10.0.0.0/24, 1]", "? `Fn::Cidr` is read only where it says its bits"),
        ("!Cidr 5", "? `Fn::Cidr` expects a block…"),
    ]);
}

#[test]
fn mappings_and_the_rest() {
    check(&[
        ("!FindInMap [M, us-east-1, Text]", "'mapped'"),
        ("!FindInMap [M, us-east-1, List]", "['a','b']"),
        ("!FindInMap [M, !Ref 'AWS::Region', Text]", "? `AWS::Region` is known when deploying"),
        ("!FindInMap [M, eu-west-1, Text]", "? no mapping has `M`, `eu-west-1`, `Text`"),
        ("!FindInMap [M, eu-west-1, Text, {DefaultValue: !Ref Known}]", "'known'"),
        ("!FindInMap [M, a]", "? `Fn::FindInMap` expects a map and two keys"),
        ("!FindInMap [M, a, b, c]", "? `Fn::FindInMap` takes a `DefaultValue` as its fourth"),
        ("!ImportValue x", "? `x` is what another stack exports"),
        ("!Transform {Name: M}", "? a macro decides it when deploying"),
        ("!ToJsonString {a: 1}", "? `Fn::ToJsonString` is not read"),
        ("{'Fn::Unheard': 1}", "? `Fn::Unheard` is not read"),
    ]);
}

#[test]
fn conditions() {
    check(&[
        ("!If [Sure, a, b]", "'a'"),
        ("!If [Never, a, b]", "'b'"),
        ("!If [Never, a, !Ref 'AWS::NoValue']", "absent"),
        ("!If [Open, a, b]", "either 'a' or 'b'"),
        ("!If [Open, !Ref Known, known]", "'known'"),
        ("!If [NoAndOpen, a, b]", "'b'"),
        ("!If [YesAndOpen, a, b]", "either 'a' or 'b'"),
        ("!If [YesOrOpen, a, b]", "'a'"),
        ("!If [NoOrOpen, a, b]", "either 'a' or 'b'"),
        ("!If [Same, a, b]", "'a'"),
        ("!If [Lists, a, b]", "'a'"),
        ("!If [Number, a, b]", "'a'"),
        ("!If [Case, a, b]", "'b'"),
        ("!If [Itself, a, b]", "either 'a' or 'b'"),
        ("!If [Wrong, a, b]", "either 'a' or 'b'"),
        ("!If [Nowhere, a, b]", "either 'a' or 'b'"),
        ("!If [Sure, a]", "? `Fn::If` expects a condition and two values"),
        ("!If [[x], a, b]", "? `Fn::If` expects the name of a condition"),
    ]);
}

#[test]
fn what_is_given() {
    let options = Options {
        parameters: BTreeMap::from([("Open".to_string(), "x".to_string())]),
        region: Some("cn-north-1".to_string()),
        account_id: Some("123456789012".to_string()),
        ..Options::default()
    };
    let value = |text: &str| {
        let template = format!("{HEAD}  It: {{Type: X, Properties: {{Value: {text}}}}}\n");
        evaluated(&template, &options).expect("a template")
    };
    assert_eq!(value("!If [Open, a, b]"), "'a'");
    assert_eq!(
        value(
            "!Sub 'arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}.${AWS::URLSuffix}'"
        ),
        "'arn:aws-cn:ec2:cn-north-1:123456789012.amazonaws.com.cn'"
    );
    assert_eq!(value("!GetAZs cn-north-1"), "zones");
    assert_eq!(value("!Ref AWS::StackName"), "? `AWS::StackName` is known when deploying");
}

#[test]
fn parameters_that_do_not_fit_are_errors() {
    let head = "Parameters:\n  Size: {Type: Number, Default: 1}\n  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}\nResources: {It: {Type: X}}";
    for (name, value, expected) in [
        ("Stage", "prod", None),
        ("Stage", "prdo", Some("the parameter `Stage` does not take `prdo`: did you mean `prod`?")),
        ("Sage", "prod", Some("the template has no parameter `Sage`: did you mean `Stage`?")),
        ("Size", "big", Some("the parameter `Size` does not take `big`: it takes numbers")),
    ] {
        let options = Options {
            parameters: BTreeMap::from([(name.to_string(), value.to_string())]),
            ..Options::default()
        };
        let error = evaluated(head, &options).err().map(|it| it.to_string());
        assert_eq!(error.as_deref(), expected);
    }
}

#[test]
fn nested_stacks() {
    let root = r"
Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./nested/network.yaml
      Parameters: {Block: 10.5.0.0/16, Ids: !Join [',', [!Ref Here, !Ref Here]]}
  Remote: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: 'https://x/y.yaml'}}
  Missing: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: nowhere.yaml}}
  Here: {Type: 'AWS::EC2::VPC'}
  It: {Type: X, Properties: {Value: VALUE}}
";
    let network = r"
Parameters: {Block: {Type: String}, Ids: {Type: CommaDelimitedList}, Other: {Type: String, Default: o}}
Resources:
  Vpc: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !Ref Block}}
  Again: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ../t.yaml}}
Outputs:
  Id: {Value: !Ref Vpc}
  Block: {Value: !GetAtt Vpc.CidrBlock}
  Ids: {Value: !Select [1, !Ref Ids]}
  Other: {Value: !Ref Other}
";
    let load = |path: &Path| match path.to_str() {
        Some("dir/nested/network.yaml") => Ok(network.to_string()),
        _ => Err("there is no such file".to_string()),
    };
    let options = Options { load: &load, ..Options::default() };
    for (text, expected) in [
        ("!GetAtt Network.Outputs.Id", "Network.Vpc"),
        ("!GetAtt Network.Outputs.Block", "'10.5.0.0/16'"),
        ("!GetAtt Network.Outputs.Ids", "Here"),
        ("!Sub '${Network.Outputs.Other}'", "'o'"),
        ("!GetAtt Network.Outputs.None", "? the stack `Network` has no output `None`"),
        (
            "!GetAtt Remote.Outputs.Id",
            "? the nested stack `Remote` is not read: `https://x/y.yaml` is not a local path",
        ),
    ] {
        assert_eq!(
            evaluated(&root.replace("VALUE", text), &options).expect("a template"),
            expected
        );
    }
    let mut notes = Notes::new();
    let stacks =
        Stacks::read(&[Source { path: Path::new("dir/t.yaml"), text: root }], &options, &mut notes)
            .expect("read");
    assert_eq!(stacks.all.len(), 2);
    let notes: Vec<String> = notes.into_iter().map(|it| format!("{} {}", it.1, it.3)).collect();
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes.iter().any(|it| it == "Network.Again `../t.yaml` nests itself"), "{notes:?}");
    assert!(notes.iter().any(|it| it.starts_with("Missing `dir/nowhere.yaml` cannot be read")));
}

#[test]
fn work_and_depth_have_bounds() {
    // Conditions of conditions, attributes of attributes: each says the one before twice.
    let mut conditions = String::from("  C0: !Equals [!Ref P, x]\n");
    let mut resources = String::new();
    for it in 1..200 {
        let before = it - 1;
        conditions += &format!("  C{it}: !And [!Condition C{before}, !Condition C{before}]\n");
        resources += &format!(
            "  V{it}: {{Type: 'AWS::EC2::VPC', Properties: {{CidrBlock: !Sub '${{V{before}.CidrBlock}}${{V{before}.CidrBlock}}'}}}}\n"
        );
    }
    let template = format!(
        "Parameters: {{P: {{Type: String}}}}\nConditions:\n{conditions}Resources:\n  V0: {{Type: 'AWS::EC2::VPC', Properties: {{CidrBlock: aaaaaaaaaaaaaaaa}}}}\n{resources}  It: {{Type: X, Properties: {{Value: [!If [C199, a, b], !GetAtt V199.CidrBlock]}}}}\n"
    );
    let it = evaluated(&template, &Options::default()).expect("a template");
    assert!(it.starts_with("[either 'a' or 'b',") && it.contains('?') && it.len() < 300_000);
}

#[test]
fn chains_and_nests_have_bounds() {
    let chain: String =
        (0..5000).map(|it| format!("  C{it}: {{Condition: C{}}}\n", it + 1)).collect();
    let nots =
        (0..45).fold("!Equals [a, b]".to_string(), |all, _| format!("{{'Fn::Not': [{all}]}}"));
    let joins = (0..28).fold("x".to_string(), |all, _| format!("{{'Fn::Join': ['', [{all}]]}}"));
    let ifs = (0..28).fold("x".to_string(), |all, it| format!("{{'Fn::If': [Open, {all}, {it}]}}"));
    let mut doubling = String::new();
    for it in 1..60 {
        let before = it - 1;
        doubling += &format!(
            "  D{it}: {{Type: 'AWS::EC2::VPC', Properties: {{CidrBlock: !If [Open, [!GetAtt D{before}.CidrBlock, {it}], [!GetAtt D{before}.CidrBlock]]}}}}\n"
        );
    }
    for (text, expected) in [
        ("!If [C0, a, b]", "either"),
        ("!If [Nots, a, b]", "'"),
        (joins.as_str(), "'x'"),
        (ifs.as_str(), "either"),
        ("!GetAtt D59.CidrBlock", "?"),
    ] {
        let template = format!(
            "Parameters: {{O: {{Type: String}}}}\nConditions:\n  Open: !Equals [!Ref O, x]\n  Nots: {nots}\n{chain}Resources:\n  D0: {{Type: 'AWS::EC2::VPC', Properties: {{CidrBlock: x}}}}\n{doubling}  It: {{Type: X, Properties: {{Value: {text}}}}}\n"
        );
        let it = evaluated(&template, &Options::default()).expect("a template");
        assert!(it.contains(expected), "{text}: {}", &it[..it.len().min(200)]);
        assert!(it.len() < 100_000_000);
    }
}
