//! The values of a template.

use crate::cloudformation::expr::{Expr, Object};

fn json(it: &Expr) -> String {
    serde_json::to_string(it).expect("serializes")
}

#[test]
fn concat_keeps_what_is_alone() {
    assert_eq!(Expr::concat([]), Expr::from(""));
    assert_eq!(
        Expr::concat([Expr::from(""), Expr::Ref("A".into())]),
        Expr::Ref("A".into())
    );
    assert_eq!(
        Expr::concat([Expr::from("a"), Expr::from("b")]),
        Expr::from("ab")
    );
}

#[test]
fn concat_escapes_what_looks_like_a_reference() {
    let it = Expr::concat([
        Expr::from("echo ${HOME} $"),
        Expr::Ref("AWS::Region".into()),
        Expr::from("/"),
        Expr::GetAtt("Db".into(), "Endpoint.Address"),
    ]);
    assert_eq!(
        json(&it),
        r#"{"Fn::Sub":"echo ${!HOME} $${AWS::Region}/${Db.Endpoint.Address}"}"#
    );
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
        Object::new()
            .with("title", "a \"b\" ${c}")
            .with("region", Expr::Ref("AWS::Region".into())),
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
    assert_eq!(
        json(&it),
        r#"[{"Fn::If":["PIsTrue",{"Fn::GetAtt":["R","Arn"]},"x"]}]"#
    );
}
