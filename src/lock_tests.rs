//! Reading and writing the lock.

use super::*;

fn sample() -> Lock {
    let subnet = PastResource {
        logical_id: "NetworkPrivateASubnet".to_string(),
        addresses: vec![r#"aws_subnet.network_private["a"]"#.to_string()],
        cidr: Some(Ipv4Cidr("10.0.0.0/24".parse().expect("a block"))),
        ipv6: Some(8),
        priority: Some(15_818),
        origin: Some(ResourceId::new(&["net.private.a.subnet"])),
        stack: MAIN_STACK.to_string(),
        was: Some(Before {
            logical_id: "NetPrivateASubnet".to_string(),
            addresses: vec![r#"aws_subnet.net_private["a"]"#.to_string(), "it's".to_string()],
        }),
    };
    let network = PastDeclaration {
        kind: Kind::Vpc,
        identity: "net".to_string(),
        renamed_from: Some("net".to_string()),
    };
    let history = History {
        declarations: BTreeMap::from([("network".to_string(), network)]),
        resources: BTreeMap::from([(ResourceId::new(&["network.private.a.subnet"]), subnet)]),
    };
    let empty = History::default();
    Lock {
        all: BTreeMap::from([
            (("shop".to_string(), Environment::Production), history),
            (("a b\"c".to_string(), Environment::Staging), empty),
        ]),
    }
}

#[test]
fn what_is_written_is_read() {
    let text = sample().to_string();
    assert_eq!(Lock::parse(&text).expect("a lock"), sample(), "{text}");
    assert_eq!(Lock::parse(&Lock::default().to_string()).expect("a lock"), Lock::default());
    let line = "\"network.private.a.subnet\" = { logical_id = \"NetworkPrivateASubnet\", cidr = \
                \"10.0.0.0/24\", ipv6 = 8, origin = \"net.private.a.subnet\", priority = 15818, \
                stack = \"main\", terraform = ['aws_subnet.network_private[\"a\"]'], ";
    assert!(text.lines().any(|it| it.starts_with(line)), "{text}");
}

#[test]
fn what_cannot_be_used_says_why() {
    let message = |text: &str| Lock::parse(text).expect_err("no lock").to_string();
    let conflict = "version = 1\n<<<<<<< HEAD\n[a.production.declarations]\n=======\n>>>>>>> b\n";
    assert_eq!(message(conflict), "the lock has a merge conflict in line 2");
    assert_eq!(
        message("version = 2\nelse = 1"),
        "the lock is of version 2, and this archgen knows versions up to 1"
    );
    for (text, part) in [
        ("", "it says no `version`"),
        ("version = \"1\"", "it says no `version`"),
        ("version = 1\n[[", "cannot be understood"),
        ("version = 1\n[a.testing]", "an environment that does not exist"),
        ("version = 1\na = 1", "`a` is no table"),
        ("version = 1\n[a.production.others]", "`a.production.others` is not known"),
        ("version = 1\n[a.production.declarations]\nb = { kind = \"c\" }", "`kind` is no kind"),
        ("version = 1\n[a.production.resources]\nb = { }", "`logical_id` is missing"),
        (
            "version = 1\n[a.production.resources]\nb = { logical_id = \"B\", cidr = \"10.0.0.1\" }",
            "`cidr` is no CIDR block",
        ),
        (
            "version = 1\n[a.production.resources]\nb = { logical_id = \"B\", ipv6 = 256 }",
            "`ipv6` is no number that it can have",
        ),
        (
            "version = 1\n[a.production.resources]\nb = { logical_id = \"B\", more = 1 }",
            "`more` is not known",
        ),
    ] {
        let message = message(text);
        assert!(message.contains(part), "{text}: {message}");
    }
}

#[test]
fn a_declaration_is_forgotten_with_its_resources() {
    let mut lock = sample();
    assert_eq!(lock.forget("shop", Some(Environment::Staging), "network"), []);
    assert_eq!(lock.forget("other", None, "network"), []);
    assert_eq!(lock.forget("shop", None, "network"), [Environment::Production]);
    let history = lock.history("shop", Environment::Production).expect("a history");
    assert_eq!(*history, History::default());
}
