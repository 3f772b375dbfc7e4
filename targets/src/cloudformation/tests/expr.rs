//! The values of a template.

use crate::cloudformation::expr::{Expr, Object};

fn json(it: &Expr) -> String {
    serde_json::to_string(it).expect("serializes")
}

#[test]
fn concat_keeps_what_is_alone() {
    assert_eq!(Expr::concat([]), Expr::from(""));
    assert_eq!(Expr::concat([Expr::from(""), Expr::Ref("A".into())]), Expr::Ref("A".into()));
    assert_eq!(Expr::concat([Expr::from("a"), Expr::from("b")]), Expr::from("ab"));
}

#[test]
fn concat_escapes_what_looks_like_a_reference() {
    let it = Expr::concat([
        Expr::from("echo ${HOME} $"),
        Expr::Ref("AWS::Region".into()),
        Expr::from("/"),
        Expr::GetAtt("Db".into(), "Endpoint.Address"),
    ]);
    assert_eq!(json(&it), r#"{"Fn::Sub":"echo ${!HOME} $${AWS::Region}/${Db.Endpoint.Address}"}"#);
    assert_eq!(json(&Expr::from("echo ${HOME}")), r#""echo ${HOME}""#);
}

#[test]
fn concat_joins_what_sub_cannot_hold() {
    let it = Expr::concat([Expr::from("open ${ "), Expr::Ref("A".into())]);
    assert_eq!(json(&it), r#"{"Fn::Join":["",["open ${ ",{"Ref":"A"}]]}"#);
}

#[test]
fn json_in_text_is_escaped_by_json_first_and_by_sub_second() {
    let it = Expr::from(
        Object::new().with("title", "a \"b\" ${c}").with("region", Expr::Ref("AWS::Region".into())),
    );
    assert_eq!(
        json(&it.embedded_json()),
        r#"{"Fn::Sub":"{\"title\":\"a \\\"b\\\" ${!c}\",\"region\":\"${AWS::Region}\"}"}"#
    );
}

#[test]
fn conditions_and_references_are_found_inside_functions() {
    let it = Expr::List(vec![Expr::If {
        parameter: "P".into(),
        yes: Box::new(Expr::GetAtt("R".into(), "Arn")),
        no: Box::new(Expr::from("x")),
    }]);
    let mut names = Vec::new();
    it.references(&mut |name| names.push(name.to_string()));
    assert_eq!(names, ["P", "R"]);
    assert_eq!(json(&it), r#"[{"Fn::If":["PIsTrue",{"Fn::GetAtt":["R","Arn"]},"x"]}]"#);
}

#[cfg(feature = "yaml")]
#[test]
fn yaml_quotes_what_a_reader_takes_for_something_else() {
    // CloudFormation reads YAML 1.1, where these are numbers, truth values, times and nothing.
    let texts = [
        "yes",
        "on",
        "N",
        "True",
        "0750",
        "12:30:45",
        "1_000",
        "0o7",
        "~",
        "null",
        "1e3",
        ".5",
        "0x1f",
        "2010-09-09",
        "",
        " a",
        "- a",
        "a: b",
        "a:",
        "#a",
        "a #b",
        "{a}",
        "a\nb\n",
        "é\u{7f}",
    ];
    for text in texts {
        let yaml = crate::cloudformation::yaml::document(&Expr::List(vec![Expr::from(text)]));
        assert!(yaml.starts_with("- \""), "{yaml}");
        let back: Vec<String> = serde_yaml_ng::from_str(&yaml).expect("is YAML");
        assert_eq!(back, [text]);
    }
}

#[cfg(feature = "yaml")]
#[test]
fn yaml_nests_lists_and_objects() {
    let value = Expr::from(
        Object::new()
            .with("Empty", Object::new())
            .with("None", Vec::new())
            .with("List", vec![Object::new().with("A", 1_u32).with("y", "AWS::EC2::VPC").into()])
            .with("Nested", vec![Expr::List(vec![Expr::from("a"), Expr::Float(0.5)])])
            .with("Zone", Expr::Select(1, Box::new(Expr::GetAzs))),
    );
    let yaml = crate::cloudformation::yaml::document(&value);
    let expected = r#"Empty: {}
None: []
List:
  - A: 1
    "y": AWS::EC2::VPC
Nested:
  - - a
    - 0.5
Zone:
  Fn::Select:
    - 1
    - Fn::GetAZs: ""
"#;
    assert_eq!(yaml, expected);
    let back: serde_json::Value = serde_yaml_ng::from_str(&yaml).expect("is YAML");
    let json: serde_json::Value = serde_json::from_str(&json(&value)).expect("is JSON");
    assert_eq!(back, json);
}
