//! Renames and removals, each right, wrong, and not known.

use super::*;
use crate::architecture::Architecture;
use crate::check::diagnose;
use crate::check::testing::architecture;
use crate::environment::Environment;
use crate::history::tests::history;

const NETWORK: &str =
    r#"vpc network { cidr: "10.0.0.0/16", zones: 2, subnets: { public: /24, private: /24 } }"#;

fn shop(rest: &str) -> Architecture {
    architecture(&format!("{NETWORK} {rest}"), Environment::Production)
}

/// The codes about identity of `now` over what `before` was, with their messages.
fn over(before: &str, now: &str) -> Vec<Diagnostic> {
    let now = shop(now).with_history(history(&shop(before)));
    identity(&now)
}

fn identity(architecture: &Architecture) -> Vec<Diagnostic> {
    let mut found = diagnose(architecture).1;
    found.retain(|it| (Code::AG0111..=Code::AG0115).contains(&it.code));
    found
}

#[track_caller]
fn expect(found: &[Diagnostic], expected: &[(Code, &str)]) {
    let mut got: Vec<(Code, &str)> =
        found.iter().map(|it| (it.code, it.message.as_str())).collect();
    got.sort();
    assert_eq!(got, expected);
}

const DOCUMENTS: &str = "s3_bucket documents { versioning: true }";

#[test]
fn a_declared_rename_is_right_and_stays_right() {
    let now = r#"s3_bucket archive { versioning: true, renamed_from: "documents" }"#;
    expect(&over(DOCUMENTS, now), &[]);
    // Emitted again, with the line still there, and then without it.
    let once = shop(now).with_history(history(&shop(DOCUMENTS)));
    let twice = shop(now).with_history(history(&once));
    expect(&identity(&twice), &[]);
    let without = shop("s3_bucket archive { versioning: true }").with_history(history(&twice));
    expect(&identity(&without), &[]);
}

#[test]
fn a_rename_that_cannot_be_made() {
    expect(
        &over("", r#"s3_bucket archive { renamed_from: "archive" }"#),
        &[(Code::AG0111, "`archive` is renamed from itself")],
    );
    let both = r#"s3_bucket documents { } s3_bucket archive { renamed_from: "documents" }"#;
    let message = "`archive` is renamed from `documents`, which is still declared";
    expect(&over(DOCUMENTS, both), &[(Code::AG0111, message)]);
    // What the declarations say of each other needs no history.
    expect(&identity(&shop(both)), &[(Code::AG0111, message)]);
    expect(
        &over("secret documents { }", r#"s3_bucket archive { renamed_from: "documents" }"#),
        &[
            (Code::AG0111, "`archive` is an S3 bucket, and `documents` was a secret"),
            (Code::AG0115, "the secret `documents`, which holds data, is no longer declared"),
        ],
    );
    expect(
        &over(
            "s3_bucket documents { } alarm archive { }",
            r#"s3_bucket archive { renamed_from: "documents" }"#,
        ),
        &[(Code::AG0111, "`documents` is renamed to `archive`, which was an alarm")],
    );
    expect(
        &over(
            "s3_bucket documents { } s3_bucket archive { }",
            r#"s3_bucket archive { renamed_from: "documents" }"#,
        ),
        &[
            (
                Code::AG0111,
                "`archive` is renamed from `documents`, and was emitted before, beside it",
            ),
            (Code::AG0115, "the S3 bucket `documents`, which holds data, is no longer declared"),
        ],
    );
    expect(&over(DOCUMENTS, "s3_bucket documents { renamed_from: ? }"), &[]);
}

#[test]
fn two_renames_from_one() {
    let now = r#"s3_bucket archive { renamed_from: "documents" }
        s3_bucket invoices { renamed_from: "documents" }"#;
    expect(
        &over(DOCUMENTS, now),
        &[(Code::AG0112, "`archive` and `invoices` are both renamed from `documents`")],
    );
}

#[test]
fn a_rename_from_what_was_never_emitted() {
    let now = r#"s3_bucket archive { renamed_from: "documets" } s3_bucket documents { }"#;
    expect(
        &over(DOCUMENTS, now),
        &[(
            Code::AG0113,
            "`archive` is renamed from `documets`, which `archgen.lock` does not know",
        )],
    );
    // Nothing was ever emitted here: nothing to say.
    expect(&identity(&shop(now)), &[]);
}

#[test]
fn what_holds_data_disappears() {
    let found = over(DOCUMENTS, "s3_bucket document { }");
    expect(
        &found,
        &[(
            Code::AG0114,
            "`document` is a new S3 bucket, and `documents`, which holds data, is no longer declared",
        )],
    );
    let text = found[0].plain();
    assert!(text.contains(r#"renamed_from: "documents""#), "{text}");
    assert!(text.contains("archgen lock forget documents --arch shop"), "{text}");
    expect(
        &over(DOCUMENTS, "secret key { }"),
        &[(Code::AG0115, "the S3 bucket `documents`, which holds data, is no longer declared")],
    );
    // What holds nothing may come and go.
    expect(&over("security_group a { vpc: network }", "security_group b { vpc: network }"), &[]);
    expect(&over(DOCUMENTS, "s3_bucket documents { } s3_bucket archive { }"), &[]);
    // Once forgotten, it is no longer missed.
    let mut past = history(&shop(DOCUMENTS));
    assert!(past.forget("documents"));
    expect(&identity(&shop("s3_bucket archive { }").with_history(past)), &[]);
}

#[test]
fn the_most_similar_one_is_named() {
    let found = over(
        "s3_bucket documents { } s3_bucket invoices { }",
        "s3_bucket invoice { } s3_bucket archive { }",
    );
    let messages: Vec<&str> = found.iter().map(|it| it.message.as_str()).collect();
    assert!(messages.iter().any(|it| it.starts_with("`invoice` is a new")), "{messages:?}");
    assert_eq!(found.len(), 2);
}
