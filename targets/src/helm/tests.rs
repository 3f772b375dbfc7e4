//! What charts say of the graph with everything in it.

#[test]
fn show() {
    let graph = crate::testing::everything();
    let chart = super::chart::Chart::of("production", &graph);
    let files = super::write("shop", &["production"], &[chart]);
    for it in ["values.yaml", "ci/values.yaml"] {
        eprintln!("{}", String::from_utf8_lossy(&files[it]));
    }
    for (k, v) in &files {
        let p = std::path::Path::new("/work/wt/charts/everything/helm").join(k);
        std::fs::create_dir_all(p.parent().unwrap()).unwrap();
        std::fs::write(p, v).unwrap();
    }
}
