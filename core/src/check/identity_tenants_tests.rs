//! Tenants that go, that stay without something, and that come.

use super::*;
use crate::architecture::Architecture;
use crate::check::diagnose;
use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::history::tests::history;

/// A platform with a pool; `service` is what its tasks are given.
fn shop(service: &str, pool: &str) -> Architecture {
    let text = format!(
        r#"vpc network {{ cidr: "10.0.0.0/16", zones: 2, subnets: {{ private: /24 }} }}
        ecs_cluster cluster {{ subnets: network.private }} secret keys {{ }}
        ecs_service api {{ cluster: cluster, image: "example/api:1", port: 80, {service} }} {pool}"#
    );
    architecture(&text, Environment::Production)
}

fn pool(tenants: &str, isolation: &str) -> String {
    format!(
        "tenant_pool clients {{ tenants: {tenants}, at_most: 9, service: api, isolation: {{ {isolation} }} }}"
    )
}

/// What is said of `now` over `before`.
fn over(before: &Architecture, now: Architecture) -> Vec<Diagnostic> {
    let mut found = diagnose(&now.with_history(history(before))).1;
    found.retain(|it| (Code::AG0111..=Code::AG0116).contains(&it.code));
    found
}

const OWN: &str = "keys: PerTenant";

#[test]
fn a_tenant_that_goes_is_one_finding_with_one_command() {
    let before = shop("", &pool(r#"["acme", "globex"]"#, OWN));
    let found = over(&before, shop("", &pool(r#"["globex", "initech"]"#, OWN)));
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(one.code, Code::AG0116);
    assert_eq!(
        one.message,
        "`clients` no longer has the tenant `acme`, and with it goes what holds its data: KMS key `key`, secret `own`"
    );
    let help = one.help.as_deref().unwrap_or_default();
    assert!(help.contains("`archgen lock forget clients.acme --arch shop`"), "{help}");

    // Once it is forgotten, nobody asks again; what is new has never been asked about.
    let mut past = history(&before);
    assert!(past.forget("clients.acme"));
    let now = shop("", &pool(r#"["globex", "initech"]"#, OWN)).with_history(past);
    let again = diagnose(&now).1;
    assert!(again.iter().all(|it| it.code != Code::AG0116), "{again:?}");
    assert!(over(&before, shop("", &pool(r#"["acme", "globex", "initech"]"#, OWN))).is_empty());
}

#[test]
fn what_all_tenants_lose_is_one_finding() {
    let before = shop("", &pool("3", ""));
    let found = over(&before, shop("secrets: [keys]", &pool("3", "compute: Bridge")));
    let [one] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        one.message,
        "3 tenants of `clients` no longer have the secret `own`, which holds data"
    );
    let help = one.help.as_deref().unwrap_or_default();
    assert!(help.contains("`archgen lock forget 'clients.*.own' --arch shop`"), "{help}");
    let mut past = history(&before);
    assert!(past.forget("clients.*.own"));
    assert!(past.declarations.keys().all(|it| !it.ends_with(".own")));

    let other = "compute: Bridge }, overrides: { t0002: { compute: Pool }";
    let found = over(&before, shop("", &pool("3", other)));
    let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    let message = |key| {
        format!("the tenant `{key}` of `clients` no longer has the secret `own`, which holds data")
    };
    assert_eq!(messages, [message("t0001"), message("t0003")]);
}

#[test]
fn a_pool_that_goes_or_is_renamed() {
    let before = shop("", &pool("3", ""));
    let found = over(&before, shop("", ""));
    let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    let expected = "the pool `clients` is no longer declared, and with it goes what holds the data of 3 tenants";
    assert_eq!(messages, [expected]);
    let renamed = pool("3", "").replace("clients {", r#"seats { renamed_from: "clients","#);
    let found = over(&before, shop("", &renamed));
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn tenants_that_are_not_known_are_not_missed() {
    let before = shop("", &pool("3", ""));
    assert!(over(&before, shop("", &pool("?", ""))).is_empty());
}
