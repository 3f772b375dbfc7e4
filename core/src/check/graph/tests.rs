//! Each code has a failing, a passing and an unknown case.

use crate::architecture::Architecture;
use crate::check::Context;
use crate::diagnostic::Sink;
use crate::environment::Environment;
use crate::loc::Loc;
use crate::network::tests::world::{World, reference};
use crate::resource::Parameter;
use crate::resource::cloudwatch::LogGroup;
use crate::types::Days;
use crate::value::{Text, Value};

fn findings(world: &World) -> Vec<String> {
    let architecture = Architecture::builder("test", Environment::Production).done();
    let mut sink = Sink::new();
    super::check(&world.graph, &mut Context::new(&architecture, &mut sink));
    sink.into_diagnostics().iter().map(|it| format!("[{}] {}", it.code, it.message)).collect()
}

fn network() -> World {
    let mut world = World::default();
    world.vpc("net", "10.0.0.0/16");
    world.subnet("net", "left", "10.0.1.0/24");
    world.group("g", "net", true);
    world
}

fn log_group(name: Text) -> LogGroup {
    LogGroup { name, retention: Value::Literal(Days(7)), kms_key: None }
}

#[test]
fn ag0105_physical_name_twice() {
    let mut world = network();
    world.add("a", "a.log_group", log_group(Text::literal("/ecs/a")));
    world.add("b", "b.log_group", log_group(Text::unknown()));
    world.add("c", "c.log_group", log_group(Text::unknown()));
    assert_eq!(findings(&world), Vec::<String>::new());
    world.add("d", "d.log_group", log_group(Text::literal("/ecs/a")));
    assert_eq!(
        findings(&world),
        ["[AG0105] the log groups of `a` and `d` are both named `/ecs/a`"]
    );
}

#[test]
fn ag0106_logical_id_twice() {
    let mut world = network();
    world.add("my_api", "my_api.log_group", log_group(Text::literal("one")));
    world.add("myApi", "myApi.log_group", log_group(Text::literal("two")));
    // Only the first letter of a part changes.
    world.add("myapi", "myapi.log_group", log_group(Text::literal("three")));
    assert_eq!(
        findings(&world),
        [
            "[AG0106] `my_api.log_group` and `myApi.log_group` both get the logical ID `MyApiLogGroup`"
        ]
    );
    let parameter = Parameter {
        name: "left".to_string(),
        description: None,
        kind: crate::declare::param::ParamKind::Text,
        default: None,
        allowed: Vec::new(),
        loc: Loc::NONE,
    };
    world.graph.parameters.insert("left".to_string(), parameter);
    assert_eq!(findings(&world).len(), 2);
    let _ = reference::<LogGroup>("left");
}
