//! What is read as what, and what is refused where.

use std::path::Path;

use super::*;

fn read(text: &str) -> Result<Node, Syntax> {
    parse(place::file(Path::new("t.yaml")), text)
}

/// The tree without places, JSON-like.
fn show(node: &Node) -> String {
    match &node.kind {
        NodeKind::Null => "null".to_string(),
        NodeKind::Bool(it) => it.to_string(),
        NodeKind::Number(it) => it.clone(),
        NodeKind::Text(it) => format!("{it:?}"),
        NodeKind::List(items) => {
            format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(","))
        }
        NodeKind::Map(entries) => {
            let entries = entries.iter().map(|it| format!("{}:{}", it.key, show(&it.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
    }
}

#[test]
fn reads_json_and_yaml_alike() {
    let long_key = "k".repeat(3000);
    let long_text = "x".repeat(1_000_000);
    let table: Vec<(String, String)> = vec![
        ("a: 1".into(), "{a:1}".into()),
        ("{\n\t\"a\":\t[1,\"1\",true,null],\n\t\"b\"\n:\n{}}".into(), r#"{a:[1,"1",true,null],b:{}}"#.into()),
        ("\u{feff}{\"a\":\"http://x/\\u00e9\\/\"}".into(), r#"{a:"http://x/é/"}"#.into()),
        (r#"{"a":"\ud83d\ude00","b":"\\ud83d"}"#.into(), r#"{a:"😀",b:"\\ud83d"}"#.into()),
        (format!("{{\"{long_key}\":1}}"), format!("{{{long_key}:1}}")),
        (format!("{{\"a\":\"{long_text}\"}}"), format!("{{a:\"{long_text}\"}}")),
        ("a: yes\nb: 'yes'\nc: Off\nd: \"22\"\ne: 0.0.0.0/0\nf: 1e3\ng: -1".into(),
            r#"{a:true,b:"yes",c:false,d:"22",e:"0.0.0.0/0",f:1e3,g:-1}"#.into()),
        ("a: !!str 22\nb: !!int \"22\"\nc: ~\nd:".into(), r#"{a:"22",b:22,c:null,d:null}"#.into()),
        ("on: 1\nyes: 2".into(), "{on:1,yes:2}".into()),
        ("a: !Ref X\nb: !GetAtt A.B.C\nc: !GetAtt [A, B]\nd: !Sub '${X}'".into(),
            r#"{a:{Ref:"X"},b:{Fn::GetAtt:["A","B.C"]},c:{Fn::GetAtt:["A","B"]},d:{Fn::Sub:"${X}"}}"#.into()),
        ("a: !If [C, !Ref 'AWS::NoValue', 1]\nb: !Condition C\nc: !GetAZs ''".into(),
            r#"{a:{Fn::If:["C",{Ref:"AWS::NoValue"},1]},b:{Condition:"C"},c:{Fn::GetAZs:""}}"#.into()),
        ("a: !Select\n- 0\n- !Split [',', !ImportValue x]\nb: !Transform {Name: M}\nc: !Length [1]".into(),
            r#"{a:{Fn::Select:[0,{Fn::Split:[",",{Fn::ImportValue:"x"}]}]},b:{Fn::Transform:{Name:"M"}},c:{Fn::Length:[1]}}"#.into()),
        ("a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\ne: [*x]".into(),
            "{a:{b:1,c:2},d:{c:3,b:1},e:[{b:1,c:2}]}".into()),
        ("a:\n  <<: [{b: 1}, {b: 2, c: 3}]".into(), "{a:{b:1,c:3}}".into()),
        ("a: |\n  #!/bin/sh\n  x\n".into(), "{a:\"#!/bin/sh\\nx\\n\"}".into()),
        ("a: 1\r\nb:\r\n- 2\r\n".into(), "{a:1,b:[2]}".into()),
        ("--- # first\na: 1\n...\n".into(), "{a:1}".into()),
    ];
    for (text, expected) in table {
        match read(&text) {
            Ok(it) => assert_eq!(show(&it), expected),
            Err(error) => panic!("{}: {error}", &text[..text.len().min(80)]),
        }
    }
}

#[test]
fn refuses_with_place_and_cause() {
    let deep = format!("{}1", "- ".repeat(200));
    let laughs = (1..12).fold("l0: &l0 [x]\n".to_string(), |all, it| {
        let before = it - 1;
        format!("{all}l{it}: &l{it} [{}]\n", vec![format!("*l{before}"); 9].join(","))
    });
    let table: &[(&str, &str)] = &[
        ("", "t.yaml:1:1: the file is empty"),
        ("{\"a\": [1, 2", "t.yaml:2:1: while parsing a flow sequence"),
        ("a: \"x\nb: 1", "t.yaml:1:4: invalid indentation in quoted scalar"),
        ("a: 1\nb: 2\na: 3", "t.yaml:3:1: `a` is given twice; first at t.yaml:1:1"),
        ("a: *nowhere", "t.yaml:1:4: while parsing node, found unknown anchor"),
        ("a: &x [*x]", "t.yaml:1:8: an alias stands within what it repeats"),
        ("a: 1\n---\nb: 2", "t.yaml:3:1: a second document begins"),
        ("[a, b]: 1", "a list cannot be a name"),
        ("a:\n  <<: 1", "t.yaml:2:3: `<<` merges maps only"),
        ("a:\n\t- b", "t.yaml:2:2: tabs disallowed"),
        (&deep, "values are nested more than 100 deep"),
        (&laughs, "it has more than 1000000 values"),
    ];
    for (text, expected) in table {
        match read(text) {
            Ok(it) => panic!("{text:?} is {}", show(&it).chars().take(200).collect::<String>()),
            Err(error) => {
                let error = error.to_string();
                assert!(error.contains(expected), "{text:?}: {error}");
            }
        }
    }
}

#[test]
fn knows_the_place_of_every_value() {
    let root = read("a:\n  b: [x, yy]\n  c: !Ref Name\n").expect("a document");
    let b = root.get("a").and_then(|it| it.get("b")).and_then(Node::items).expect("a list");
    let place = |it: Loc| (it.line, it.column, it.len);
    assert_eq!(place(b[1].loc), (2, 10, 2));
    let c = root.get("a").and_then(|it| it.get("c")).expect("a value");
    assert_eq!(place(c.loc), (3, 6, 9));
    let entries = root.get("a").and_then(Node::entries).expect("a map");
    assert_eq!(place(entries[1].loc), (3, 3, 1));
}
