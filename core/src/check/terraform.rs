//! `terraform!`: what Terraform, S3, DynamoDB and AWS accounts take (AG0007, AG0107), once for each
//! architecture (AG0730) and without parameters where Terraform has none yet (AG0731).

use super::Context;
use super::findings::{bad_name, is_region, limit};
use super::storage::{BUCKET_NAME_HELP, bucket_name};
use crate::codes::Code;
use crate::declare::Terraform;
use crate::diagnostic::Diagnostic;
use crate::field::Field;
use crate::value::Value;

/// The first version of Terraform that everything we write needs: it has write-only arguments, which keep
/// secrets out of the state, and locks the state in S3 by itself.
/// <https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only>
pub const LEAST_VERSION: (u64, u64) = (1, 11);

/// Checks how Terraform is set up.
pub fn check(it: &Terraform, cx: &mut Context<'_>) {
    only_one(it, cx);
    for (field, name) in [(&it.region, "region"), (&it.state_region, "state_region")] {
        if let Some(field) = field
            && let Some(text) = field.literal()
            && !is_region(text)
        {
            let message = format!("`{name}` expects a Region, found `{text}`");
            limit(cx, field.loc, message, "write its name, such as `us-west-2`");
        }
    }
    for field in it.allowed_account_ids.as_ref().and_then(Field::literal).into_iter().flatten() {
        if let Some(text) = field.literal()
            && !(text.len() == 12 && text.bytes().all(|it| it.is_ascii_digit()))
        {
            let message = format!("`{text}` is not the identifier of an AWS account");
            limit(cx, field.loc, message, "write its twelve digits, such as `\"123456789012\"`");
        }
    }
    if let Some(field) = &it.state_bucket
        && let Some(name) = field.literal()
        && let Some(why) = bucket_name(name)
    {
        bad_name(cx, field.loc, "a bucket", name, why, BUCKET_NAME_HELP);
    }
    if let Some(field) = &it.lock_table
        && let Some(name) = field.literal()
        && let Some(why) = table_name(name)
    {
        let help = "use 3 to 255 letters, digits, `_`, `-` and `.`";
        bad_name(cx, field.loc, "a DynamoDB table", name, why, help);
    }
    if let Some(field) = &it.state_key
        && let Some(key) = field.literal()
        && (key.is_empty() || key.len() > 1024 || key.starts_with('/') || key.ends_with('/'))
    {
        let help = "write a path of at most 1024 bytes that neither starts nor ends with `/`";
        limit(cx, field.loc, format!("`state_key` cannot be `{key}`"), help);
    }
    if let Some(field) = &it.required_version
        && let Some(text) = field.literal()
        && let Some(why) = version_problem(text)
    {
        let message = format!("`required_version` cannot be `{text}`: {why}");
        limit(
            cx,
            field.loc,
            message,
            "write a constraint that admits 1.11 or later, such as `~> 1.13`",
        );
    }
    for (field, name) in [
        (&it.state_bucket, "state_bucket"),
        (&it.state_key, "state_key"),
        (&it.state_region, "state_region"),
        (&it.lock_table, "lock_table"),
        (&it.required_version, "required_version"),
    ] {
        if let Some(field) = field
            && let Value::Parameter(parameter) = &field.value
        {
            parameter_too_early(field, name, parameter, cx);
        }
    }
}

/// AG0730: an architecture says twice how Terraform is set up.
fn only_one(it: &Terraform, cx: &mut Context<'_>) {
    let Some(first) = cx.architecture.all::<Terraform>().next() else { return };
    if first.meta.name == it.meta.name {
        return;
    }
    let (first_name, name) = (&first.meta.name, &it.meta.name);
    cx.push(
        Diagnostic::new(
            Code::AG0730,
            it.meta.macro_loc,
            format!("`{name}` sets up Terraform, and `{first_name}` does so already"),
        )
        .label(first.meta.macro_loc, "it is set up here first")
        .help("keep one of them; where environments differ, say so in a field's value"),
    );
}

/// AG0731: a parameter gives what Terraform reads before its variables.
fn parameter_too_early(field: &Field<String>, name: &str, parameter: &str, cx: &mut Context<'_>) {
    let mut help = "write it out".to_string();
    if name != "required_version" {
        help.push_str(", or leave it out and give it to `terraform init -backend-config=FILE`");
    }
    cx.push(
        Diagnostic::new(
            Code::AG0731,
            field.loc,
            format!("`{name}` cannot be the parameter `{parameter}`"),
        )
        .note("`terraform init` reads it before any variable".to_string())
        .help(help),
    );
}

/// Why DynamoDB does not take a name.
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html>
fn table_name(name: &str) -> Option<&'static str> {
    let allowed = |it: char| it.is_ascii_alphanumeric() || "_-.".contains(it);
    if name.len() < 3 {
        Some("it is too short")
    } else if name.len() > 255 {
        Some("it is too long")
    } else if !name.chars().all(allowed) {
        Some("only letters, digits, `_`, `-` and `.` may stand in it")
    } else {
        None
    }
}

/// Why Terraform does not take a constraint, or why no version that we write for keeps it.
/// <https://developer.hashicorp.com/terraform/language/expressions/version-constraints>
fn version_problem(text: &str) -> Option<String> {
    for part in text.split(',').map(str::trim) {
        let version = part.trim_start_matches(['=', '!', '<', '>', '~']);
        let operator = &part[..part.len() - version.len()];
        let version = version.trim();
        if !["", "=", "!=", ">", ">=", "<", "<=", "~>"].contains(&operator) {
            return Some(format!("there is no operator `{operator}`"));
        }
        let plain = version.split_once('-').map_or(version, |it| it.0);
        let numbers: Option<Vec<u64>> = plain.split('.').map(|it| it.parse().ok()).collect();
        let Some(numbers) = numbers.filter(|it| it.len() <= 3) else {
            return Some(format!("`{version}` is not a version such as `1.13`"));
        };
        let at = |index: usize| numbers.get(index).copied().unwrap_or(0);
        let given = (at(0), at(1));
        let is_too_old = match operator {
            "" | "=" | "<=" => given < LEAST_VERSION,
            "<" => (given.0, given.1, at(2)) <= (LEAST_VERSION.0, LEAST_VERSION.1, 0),
            // The last part that is given may grow.
            "~>" if numbers.len() == 3 => given < LEAST_VERSION,
            "~>" if numbers.len() == 2 => given.0 < LEAST_VERSION.0,
            _ => false,
        };
        if is_too_old {
            let (major, minor) = LEAST_VERSION;
            return Some(format!("what archgen writes needs {major}.{minor} or later"));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::testing_fields::{Sketch, list, number, reference, text, unknown};
    use crate::declare::{Declare, Kind};
    use crate::node::Node;

    const ALL: &[Code] = &[Code::AG0004, Code::AG0007, Code::AG0107, Code::AG0730, Code::AG0731];

    fn settings(fields: Vec<(&'static str, Node)>) -> Sketch {
        Sketch::new().with(Kind::Terraform, "state", fields)
    }

    fn one(field: &'static str, value: Node) -> Vec<String> {
        settings(vec![(field, value)]).find(ALL)
    }

    #[test]
    fn right_and_unknown_values_pass() {
        let right = settings(vec![
            ("region", text("eu-west-1")),
            ("allowed_account_ids", list(vec![text("123456789012")])),
            ("state_bucket", text("shop-state")),
            ("state_key", text("shop/terraform.tfstate")),
            ("state_region", text("us-east-1")),
            ("lock_table", text("terraform-locks")),
            ("required_version", text("~> 1.13, != 1.13.2")),
        ]);
        assert_eq!(right.find(ALL), [""; 0]);
        for field in Terraform::FIELDS {
            assert_eq!(one(field.name, unknown()), [""; 0], "{}", field.name);
        }
        assert_eq!(one("allowed_account_ids", list(vec![unknown()])), [""; 0]);
    }

    #[test]
    fn wrong_values_are_found_where_they_stand() {
        for (field, value, expected) in [
            ("region", "europe", "AG0007 at region: `region` expects a Region, found `europe`"),
            (
                "state_region",
                "eu-west-1a",
                "AG0007 at state_region: `state_region` expects a Region, found `eu-west-1a`",
            ),
            (
                "state_bucket",
                "Shop_State",
                "AG0107 at state_bucket: a bucket cannot be called `Shop_State`: only lower-case letters, digits, hyphens and points may stand in it",
            ),
            (
                "lock_table",
                "my table",
                "AG0107 at lock_table: a DynamoDB table cannot be called `my table`: only letters, digits, `_`, `-` and `.` may stand in it",
            ),
            ("state_key", "/shop", "AG0007 at state_key: `state_key` cannot be `/shop`"),
            (
                "required_version",
                "~> 1.5.0",
                "AG0007 at required_version: `required_version` cannot be `~> 1.5.0`: what archgen writes needs 1.11 or later",
            ),
            (
                "required_version",
                "latest",
                "AG0007 at required_version: `required_version` cannot be `latest`: `latest` is not a version such as `1.13`",
            ),
        ] {
            assert_eq!(one(field, text(value)), [expected]);
        }
        assert_eq!(
            one("allowed_account_ids", list(vec![text("12345")])),
            ["AG0007 at allowed_account_ids: `12345` is not the identifier of an AWS account"]
        );
        assert_eq!(one("state_bucket", number(3)).len(), 1);
    }

    #[test]
    fn versions_of_terraform() {
        for right in [">= 1.11", "~> 1.2", "1.11.4", "> 1.0, < 2.0", "!= 1.5", "~> 1", "<= 1.11"] {
            assert_eq!(version_problem(right), None, "{right}");
        }
        for wrong in ["< 1.11", "<= 1.10", "1.9.8", "= 1.9", "~> 0.14", "=> 1.2", "", "1.2.3.4"] {
            assert!(version_problem(wrong).is_some(), "{wrong}");
        }
        assert!(version_problem("< 1.11.1").is_none());
    }

    #[test]
    fn an_architecture_sets_terraform_up_once() {
        let twice = settings(vec![]).with(Kind::Terraform, "other", vec![]);
        assert_eq!(twice.find(ALL).len(), 1, "{:?}", twice.find(ALL));
    }

    #[test]
    fn the_backend_has_no_parameters() {
        let given = |field| {
            Sketch::new()
                .with(Kind::Param, "given", vec![])
                .with(Kind::Terraform, "state", vec![(field, reference(Kind::Param, "given"))])
                .find(ALL)
        };
        for field in ["state_bucket", "state_key", "state_region", "lock_table", "required_version"]
        {
            assert_eq!(
                given(field),
                [format!("AG0731 at {field}: `{field}` cannot be the parameter `given`")]
            );
        }
        assert_eq!(given("region"), [""; 0]);
    }

    #[test]
    fn it_becomes_settings_and_no_resource() {
        let graph = settings(vec![("state_bucket", text("shop-state"))]).graph();
        let settings = graph.terraform.as_ref().and_then(|it| it.state_bucket.as_ref());
        assert_eq!(settings, Some(&Value::Literal("shop-state".to_string())));
        assert!(Sketch::new().graph().terraform.is_none());
    }
}
