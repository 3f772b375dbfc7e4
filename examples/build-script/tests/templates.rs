//! What the build emitted is there and says what the architecture says.

#[test]
fn the_build_emitted_both_environments() {
    for (template, block) in [
        (build_script_example::PRODUCTION, "10.20.0.0/16"),
        (build_script_example::STAGING, "10.21.0.0/16"),
    ] {
        assert!(template.contains("\"AWS::ECS::Service\""));
        assert!(template.contains("\"AWS::RDS::DBInstance\""));
        assert!(template.contains(block));
    }
}

#[test]
fn both_targets_have_the_same_block() {
    assert!(build_script_example::PRODUCTION_NETWORK.contains("\"cidr_block\": \"10.20.0.0/16\""));
}
