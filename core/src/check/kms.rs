//! Keys: how often they rotate and how long they are kept (AG0007), their aliases (AG0107), who uses them (AG0004).

use super::Context;
use super::findings::limit;
use crate::declare::KmsKey;
use crate::field::Field;
use crate::lower::kubernetes::{OWN_ROLE, OWN_USER};
use crate::types::Days;
use crate::value::Text;

/// The most characters of an alias, `alias/` included.
/// <https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html>
const ALIAS_LIMIT: usize = 256;

/// Checks a key.
pub fn check(it: &KmsKey, cx: &mut Context<'_>) {
    // <https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html>
    if let Some(field) = &it.rotation_period {
        days(cx, field, "rotation_period", 90, 2560);
        if it.rotation.literal() == Some(&false) {
            limit(
                cx,
                field.loc,
                format!("`{}` does not rotate, and says how often it does", it.meta.name),
                "leave `rotation_period` or `rotation: false` out",
            );
        }
    }
    // <https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html>
    days(cx, &it.deletion_window, "deletion_window", 7, 30);
    if let Some(text) = it.description.literal().and_then(Text::as_literal)
        && text.chars().count() > 8192
    {
        let message = format!("a description of {} characters is too long", text.chars().count());
        limit(cx, it.description.loc, message, "give 8192 characters at most");
    }
    if let Some(alias) = &it.alias {
        check_alias(alias, cx);
    }
    for user in it.users.as_ref().and_then(Field::literal).into_iter().flatten() {
        let Some(text) = user.literal().and_then(Text::as_literal) else { continue };
        if !(text.starts_with("arn:") || text.starts_with(OWN_ROLE) || text.starts_with(OWN_USER)) {
            limit(
                cx,
                user.loc,
                format!("`{text}` is no user of a key"),
                "write `\"role/NAME\"` for a role of the account of deployment, or the ARN of a role or user",
            );
        }
    }
}

fn days(cx: &mut Context<'_>, field: &Field<Days>, name: &str, least: u32, most: u32) {
    let Some(given) = field.literal() else { return };
    if !(least..=most).contains(&given.0) {
        limit(
            cx,
            field.loc,
            format!("`{name}` cannot be {} days", given.0),
            format!("give `{least}days` to `{most}days`"),
        );
    }
}

fn check_alias(alias: &Field<String>, cx: &mut Context<'_>) {
    let Some(text) = alias.literal() else { return };
    let strange = text.chars().find(|it| !it.is_ascii_alphanumeric() && !"/_-".contains(*it));
    let (why, help) = if text.starts_with("alias/") {
        ("archgen writes `alias/` before it".to_string(), "leave `alias/` out")
    } else if text.starts_with("aws/") {
        ("names starting with `aws/` are AWS's own".to_string(), "put another word first")
    } else if text.is_empty() || text.len() + "alias/".len() > ALIAS_LIMIT {
        (format!("it has {} characters", text.len()), "use 1 to 250 characters")
    } else if let Some(it) = strange {
        (format!("it holds `{it}`"), "use letters, digits, `/`, `_` and `-`")
    } else {
        return;
    };
    cx.bad_name(alias.loc, format!("the alias of a key cannot be `{text}`: {why}"), help);
}

#[cfg(test)]
mod tests {
    use crate::check::testing::expect;
    use crate::codes::Code;

    #[test]
    fn keys_are_within_the_limits_of_kms() {
        expect(
            r#"kms_key data { description: "Data", rotation_period: 365days, alias: "shop/data" }"#,
            &[],
        );
        expect(r#"kms_key data { description: ?, rotation_period: ?, alias: ?, users: [?] }"#, &[]);
        expect(
            r#"kms_key data { description: "Data", rotation_period: 30days, deletion_window: 3days }"#,
            &[(Code::AG0007, "30days"), (Code::AG0007, "3days")],
        );
        expect(
            r#"kms_key data { description: "Data", rotation: false, rotation_period: 365days }"#,
            &[(Code::AG0007, "365days")],
        );
    }

    #[test]
    fn aliases_are_names_that_kms_takes() {
        for alias in ["alias/data", "aws/data", "", "my key"] {
            let source = format!(r#"kms_key data {{ description: "Data", alias: "{alias}" }}"#);
            expect(&source, &[(Code::AG0107, &format!("\"{alias}\""))]);
        }
    }

    #[test]
    fn users_are_principals() {
        expect(
            r#"kms_key data { description: "Data", users: ["role/a", "arn:aws:iam::123456789012:user/b"] }"#,
            &[],
        );
        expect(
            r#"kms_key data { description: "Data", users: ["analytics"] }"#,
            &[(Code::AG0007, r#""analytics""#)],
        );
    }

    #[test]
    fn a_key_is_named_where_a_key_is_asked_for() {
        let start = r#"kms_key data { description: "Data" }"#;
        expect(&format!(r#"{start} secret it {{ description: "It", kms_key: data }}"#), &[]);
        expect(&format!(r#"{start} secret it {{ description: data }}"#), &[(Code::AG0103, "data")]);
    }
}
