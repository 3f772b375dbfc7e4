//! Every code has a page with the same headings, and its examples name fields that exist.

use std::collections::BTreeSet;

use crate::codes::Code;
use crate::declare::Kind;

const HEADINGS: &[&str] =
    &["## What it checks", "## Why it is bad", "## Example", "## Use instead", "## References"];

#[test]
fn every_page_has_its_title_and_headings() {
    for code in Code::ALL {
        let page = code.explanation();
        let title = format!("# {code}: {}", code.summary());
        assert_eq!(page.lines().next(), Some(title.as_str()));
        let headings: Vec<&str> = page.lines().filter(|it| it.starts_with("## ")).collect();
        assert_eq!(headings, HEADINGS, "{code}");
        for pair in page.split("\n## ").skip(1) {
            let body = pair.split_once('\n').map_or("", |(_, it)| it);
            assert!(body.trim().len() > 20, "{code} says nothing below `{pair}`");
        }
        // What only a template can say is shown as one.
        let blocks = ["```rust\n", "```yaml\n"].iter().map(|it| page.matches(it).count());
        assert_eq!(blocks.sum::<usize>(), 2, "{code}");
        assert!(page.contains("https://"), "{code} has no reference");
    }
}

/// The names of the fields of every macro call in Rust code: `(macro, field)`.
fn fields(code: &str) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for (position, _) in code.match_indices("! {") {
        let name: String = code[..position]
            .chars()
            .rev()
            .take_while(|it| it.is_ascii_alphanumeric() || *it == '_')
            .collect();
        let name: String = name.chars().rev().collect();
        let mut depth = 0_i32;
        let mut quoted = false;
        let mut word = String::new();
        for it in code[position + 2..].chars() {
            match it {
                '"' => quoted = !quoted,
                _ if quoted => {}
                '{' | '[' | '(' => depth += 1,
                '}' | ']' | ')' => depth -= 1,
                ':' if depth == 1 && !word.is_empty() => {
                    found.insert((name.clone(), std::mem::take(&mut word)));
                }
                _ => {}
            }
            if depth == 0 {
                break;
            }
            if it.is_ascii_alphanumeric() || it == '_' {
                word.push(it);
            } else {
                word.clear();
            }
        }
    }
    found
}

#[test]
fn examples_name_fields_that_exist() {
    for code in Code::ALL {
        for block in code.explanation().split("```rust\n").skip(1) {
            let block = block.split("```").next().unwrap_or_default();
            for (name, field) in fields(block) {
                let Some(kind) = Kind::from_macro_name(&name) else {
                    assert_eq!(name, "format", "{code}: no macro `{name}!`");
                    continue;
                };
                let known = field == "name" || kind.fields().iter().any(|it| it.name == field);
                // The page about unknown fields shows one.
                let wrong_by_design = *code == Code::AG0003 && field == "cdir";
                assert!(known || wrong_by_design, "{code}: `{name}!` has no field `{field}`");
            }
        }
    }
}

#[test]
fn what_to_use_instead_gives_every_field_that_is_needed() {
    for code in Code::ALL {
        let page = code.explanation();
        let Some((_, instead)) = page.split_once("## Use instead") else {
            panic!("{code} does not say what to use instead")
        };
        let given = fields(instead);
        let macros: BTreeSet<&String> = given.iter().map(|(name, _)| name).collect();
        for name in macros {
            let Some(kind) = Kind::from_macro_name(name) else {
                continue;
            };
            for field in kind.fields().iter().filter(|it| it.required) {
                let key = (name.clone(), field.name.to_string());
                assert!(given.contains(&key), "{code}: `{name}!` needs `{}`", field.name);
            }
        }
    }
}
