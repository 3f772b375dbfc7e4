//! Resource addresses: `aws_subnet.network_private["a"]`. They come from the names the author wrote.
//!
//! <https://developer.hashicorp.com/terraform/cli/state/resource-addressing>

use std::fmt;

use archgen_core::resource::Resource;

/// Which instance of a repeated resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Key {
    /// It is not repeated.
    None,
    /// The instance with this key.
    Literal(String),
    /// The instance with the key of the block that says it.
    Each,
}

/// The address of a resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Address {
    /// The type, such as `aws_subnet`.
    pub kind: &'static str,
    /// The name, such as `network_private`.
    pub name: String,
    /// The instance.
    pub key: Key,
}

impl Address {
    /// The address of a resource of the graph, or of a part of it that Terraform makes a resource of its
    /// own.
    pub fn of(resource: &Resource, kind: &'static str) -> Address {
        let key = match &resource.key {
            Some(it) => Key::Literal(it.clone()),
            None => Key::None,
        };
        Address { kind, name: name(resource), key }
    }
}

/// The name of a resource of the graph: the names the author wrote, without the key, and without what its
/// type says anyway.
pub(super) fn name(resource: &Resource) -> String {
    let mut parts: Vec<&str> = resource.id.as_str().split('.').collect();
    if let Some(key) = &resource.key
        && let Some(at) = parts.iter().rposition(|it| it == key)
    {
        let before = at.checked_sub(1).map(|it| parts[it]);
        parts.remove(at);
        // A tenant's rule for what is the tenant's has the pool and the key twice.
        for at in (1..at).rev() {
            if parts[at] == key && Some(parts[at - 1]) == before {
                parts.remove(at);
            }
        }
    }
    let own = snake_case(resource.kind.type_name());
    if parts.len() > 1 && parts.last().is_some_and(|it| *it == own) {
        parts.pop();
    }
    identifier(&parts.join("_"))
}

/// Letters, digits, `_` and `-`, not starting with a digit or hyphen.
pub(crate) fn identifier(text: &str) -> String {
    let allowed = |it: char| it.is_ascii_alphanumeric() || it == '_' || it == '-';
    let text: String = text.chars().map(|it| if allowed(it) { it } else { '_' }).collect();
    if text.starts_with(|it: char| it.is_ascii_digit() || it == '-') {
        format!("_{text}")
    } else {
        text
    }
}

/// `SecurityGroup` is `security_group`.
fn snake_case(text: &str) -> String {
    let mut all = String::new();
    for it in text.chars() {
        if it.is_ascii_uppercase() && !all.is_empty() {
            all.push('_');
        }
        all.push(it.to_ascii_lowercase());
    }
    all
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.kind, self.name)?;
        match &self.key {
            Key::None => Ok(()),
            Key::Literal(it) => write!(f, "[\"{it}\"]"),
            Key::Each => f.write_str("[each.key]"),
        }
    }
}
