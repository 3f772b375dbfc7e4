//! References to other stacks: what one exports and the other imports.

use super::super::expr::{Expr, Object, SubPart};

/// A value with what is in other stacks imported: `import` gives the name of what is exported there, or none
/// for what is in the same stack.
pub(super) fn localize(
    value: &Expr,
    import: &mut dyn FnMut(&str, Option<&'static str>) -> Option<String>,
) -> Expr {
    match value {
        Expr::Text(_)
        | Expr::Integer(_)
        | Expr::Float(_)
        | Expr::Bool(_)
        | Expr::GetAzs
        | Expr::Equals(..)
        | Expr::Import(_) => value.clone(),
        Expr::List(items) => Expr::List(items.iter().map(|it| localize(it, import)).collect()),
        Expr::Join(items) => Expr::Join(items.iter().map(|it| localize(it, import)).collect()),
        Expr::Object(it) => {
            let all = it.0.iter().map(|(name, it)| (name.clone(), localize(it, import)));
            Expr::Object(Object(all.collect()))
        }
        Expr::Ref(name) => import(name, None).map_or_else(|| value.clone(), Expr::Import),
        Expr::GetAtt(name, attribute) => {
            import(name, Some(attribute)).map_or_else(|| value.clone(), Expr::Import)
        }
        Expr::Sub(parts) => sub(parts, import),
        Expr::Select(at, it) => Expr::Select(*at, Box::new(localize(it, import))),
        Expr::Cidr(it, count, bits) => Expr::Cidr(Box::new(localize(it, import)), *count, *bits),
        Expr::Base64(it) => Expr::Base64(Box::new(localize(it, import))),
        Expr::If { parameter, yes, no } => Expr::If {
            parameter: parameter.clone(),
            yes: Box::new(localize(yes, import)),
            no: Box::new(localize(no, import)),
        },
    }
}

/// `Fn::Sub` refers by name to its own stack only: where something is imported the text is joined, what is
/// not stays as it was.
fn sub(
    parts: &[SubPart],
    import: &mut dyn FnMut(&str, Option<&'static str>) -> Option<String>,
) -> Expr {
    let mut all = Vec::new();
    let mut run: Vec<SubPart> = Vec::new();
    let close = |run: &mut Vec<SubPart>, all: &mut Vec<Expr>| {
        let run = std::mem::take(run);
        match run.as_slice() {
            [] => {}
            [SubPart::Literal(it)] => all.push(Expr::Text(it.clone())),
            [SubPart::Ref(it)] => all.push(Expr::Ref(it.clone())),
            [SubPart::GetAtt(it, attribute)] => all.push(Expr::GetAtt(it.clone(), attribute)),
            _ => all.push(Expr::Sub(run)),
        }
    };
    for part in parts {
        let name = match part {
            SubPart::Literal(_) => None,
            SubPart::Ref(name) => import(name, None),
            SubPart::GetAtt(name, attribute) => import(name, Some(attribute)),
        };
        match name {
            None => run.push(part.clone()),
            Some(name) => {
                close(&mut run, &mut all);
                all.push(Expr::Import(name));
            }
        }
    }
    if all.is_empty() {
        return Expr::Sub(parts.to_vec());
    }
    close(&mut run, &mut all);
    Expr::Join(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_elsewhere_is_imported_and_the_rest_stays() {
        let text = |it: &str| SubPart::Literal(it.to_string());
        let value = Expr::List(vec![
            Expr::Ref("Here".to_string()),
            Expr::GetAtt("There".to_string(), "Arn"),
            Expr::Sub(vec![text("a"), SubPart::Ref("Here".to_string()), text("b")]),
            Expr::Sub(vec![
                text("a"),
                SubPart::Ref("Here".to_string()),
                text("b"),
                SubPart::GetAtt("There".to_string(), "Arn"),
                text("c"),
            ]),
        ]);
        let mut import = |name: &str, attribute: Option<&'static str>| {
            (name == "There").then(|| format!("base:There:{}", attribute.unwrap_or_default()))
        };
        let json = serde_json::to_string(&localize(&value, &mut import)).expect("JSON");
        assert_eq!(
            json,
            r#"[{"Ref":"Here"},{"Fn::ImportValue":"base:There:Arn"},{"Fn::Sub":"a${Here}b"},{"Fn::Join":["",[{"Fn::Sub":"a${Here}b"},{"Fn::ImportValue":"base:There:Arn"},"c"]]}]"#
        );
    }
}
