//! Certificates: their domains are domain names (AG0107).

use super::Context;
use crate::declare::Certificate;
use crate::field::Field;

/// Checks a certificate.
pub fn check(it: &Certificate, cx: &mut Context<'_>) {
    let names = it.alternative_names.as_ref().and_then(Field::literal);
    for name in std::iter::once(&it.domain).chain(names.into_iter().flatten()) {
        if let Some(text) = name.literal().and_then(|it| it.as_literal()) {
            cx.domain_text("the domain of a certificate", &text, name.loc, true);
        }
    }
}
