//! What stands around the blocks of a module: versions, provider, state, variables, outputs and data
//! sources. Only what the blocks use is asked for or looked up.

use std::collections::BTreeSet;

use archgen_core::Loc;
use archgen_core::check::terraform::LEAST_VERSION;
use archgen_core::declare::param::ParamKind;
use archgen_core::resource::network::Subnet;
use archgen_core::resource::terraform::TerraformSettings;
use archgen_core::resource::{Attribute, Output, Parameter, ResourceGraph, ResourceKind};
use archgen_core::value::Part;

use super::address::{Address, Key, identifier};
use super::expr::{Expr, Object};
use super::module::{Block, File, Lifecycle, Mode, Module};
use super::writer::{Writer, value, variable};
use crate::parameter::pattern;

#[cfg(test)]
mod tests;

/// The AWS provider that the arguments are written for; blue-green deployments of ECS came with 6.4.
///
/// <https://github.com/hashicorp/terraform-provider-aws/releases/tag/v6.4.0>
const PROVIDER: (&str, &str) = ("hashicorp/aws", "~> 6.4");

/// Adds everything around the blocks.
pub(super) fn add(writer: &Writer<'_>, name: &str, environment: &str, out: &mut Module) {
    let nothing = TerraformSettings::default();
    let settings = writer.graph.terraform.as_ref().unwrap_or(&nothing);
    provider(writer.graph, settings, out);
    for it in writer.graph.outputs.values() {
        output(writer, it, out);
    }
    // All else is there by now, so what it uses can be seen.
    let used = out.names();
    data_sources(writer.graph, &used, out);
    variables(writer.graph, &used, out);
    out.section(File::Main, "terraform", versions(settings));
    super::backend::add(settings, name, environment, out);
}

/// The versions of Terraform and of the provider.
pub(super) fn versions(settings: &TerraformSettings) -> Object {
    let least = format!(">= {}.{}", LEAST_VERSION.0, LEAST_VERSION.1);
    let given = settings.required_version.as_ref().and_then(|it| it.literal());
    let version = match given {
        Some(it) if *it != least => format!("{least}, {it}"),
        Some(_) | None => least,
    };
    let aws = Object::new().with("source", PROVIDER.0).with("version", PROVIDER.1);
    Object::new()
        .with("required_version", Expr::Plain(version))
        .with("required_providers", Object::new().with("aws", aws))
}

/// The provider: the Region, the accounts it may work in, the tags of everything.
fn provider(graph: &ResourceGraph, settings: &TerraformSettings, out: &mut Module) {
    let tags = graph.tags.iter();
    let tags = tags.fold(Object::new(), |all, (name, it)| all.with(name.clone(), it.as_str()));
    let all = place(settings)
        .with("default_tags", vec![Object::new().with("tags", tags).into()])
        .sorted();
    let more = std::mem::take(&mut out.providers).into_iter().map(|it| it.sorted().into());
    let all: Vec<Expr> = std::iter::once(all.into()).chain(more).collect();
    out.section(File::Providers, "provider", Object::new().with("aws", all));
}

/// Where a provider may work.
pub(super) fn place(settings: &TerraformSettings) -> Object {
    Object::new()
        .list("allowed_account_ids", settings.allowed_account_ids.iter().map(value).collect())
        .maybe("region", settings.region.as_ref().map(value))
}

/// An output. What comes from a secret is not shown unless it is asked for by name.
fn output(writer: &Writer<'_>, it: &Output, out: &mut Module) {
    let secret = it.value.0.iter().any(|part| {
        if let Part::Attribute(id, attribute) = part {
            let kind = &writer.resource(id).kind;
            *attribute == Attribute::ManagedSecretArn || matches!(kind, ResourceKind::Secret(_))
        } else {
            false
        }
    });
    let body = Object::new()
        .with("description", Expr::plain(&it.description))
        .maybe("sensitive", secret.then_some(true))
        .with("value", writer.text(&it.value));
    let name = identifier(&it.name.as_str().replace('.', "_"));
    out.section(File::Outputs, "output", Object::new().with(name, body));
}

/// The data sources that are used, where no block has brought them.
fn data_sources(graph: &ResourceGraph, used: &BTreeSet<String>, out: &mut Module) {
    for (kind, name) in [
        ("aws_availability_zones", "available"),
        ("aws_caller_identity", "current"),
        ("aws_partition", "current"),
        ("aws_region", "current"),
    ] {
        let prefix = format!("data.{kind}.{name}");
        if !used.iter().any(|it| *it == prefix || it.starts_with(&format!("{prefix}."))) {
            continue;
        }
        let mut body = Object::new();
        let mut lifecycle = Lifecycle::default();
        if kind == "aws_availability_zones" {
            // Local Zones and Wavelength Zones are opted into, and are no place for most services.
            let filter = Object::new()
                .with("name", "opt-in-status")
                .with("values", vec![Expr::from("opt-in-not-required")]);
            body = body.with("filter", vec![filter.into()]).with("state", "available");
            lifecycle.postconditions.extend(enough_zones(graph));
        }
        let address = Address { kind, name: name.to_string(), key: Key::None };
        out.add(Block {
            mode: Mode::Data,
            address,
            resource: None,
            declaration: String::new(),
            loc: Loc::NONE,
            file: File::Main,
            body,
            depends_on: BTreeSet::new(),
            lifecycle,
        });
    }
}

/// That the Region has a zone for every subnet, which is known only where the module is applied.
fn enough_zones(graph: &ResourceGraph) -> Option<(Expr, String)> {
    let needed = graph.all::<Subnet>().map(|(_, _, it)| u32::from(it.zone) + 1).max()?;
    let names = Expr::Name("self.names".into());
    let condition =
        Expr::Compare(Box::new(Expr::call("length", [names])), ">=", Box::new(Expr::from(needed)));
    let message =
        format!("The subnets need {needed} Availability Zones, and this Region has fewer.");
    Some((condition, message))
}

/// The variables that are used, and a file to fill in for those without default.
fn variables(graph: &ResourceGraph, used: &BTreeSet<String>, out: &mut Module) {
    let mut example = String::new();
    for it in graph.parameters.values() {
        let name = identifier(&it.name);
        if !used.contains(&format!("var.{name}")) {
            continue;
        }
        out.section(File::Variables, "variable", Object::new().with(name.clone(), declared(it)));
        if it.default.is_none() {
            if !example.is_empty() {
                example.push('\n');
            }
            example.push_str(&asked(it, &name));
        }
    }
    if !example.is_empty() {
        let text = format!(
            "# What has no default. Copy this file to `terraform.tfvars`, and fill it in there.\n\n{example}"
        );
        out.texts.insert("terraform.tfvars.example".to_string(), text.into_bytes());
    }
}

/// A value of a parameter as its variable holds it.
fn spelled(it: &Parameter, text: &str) -> Expr {
    match (it.kind, text.parse::<f64>()) {
        (ParamKind::Number, Ok(number)) => Expr::number(number),
        (_, _) => Expr::from(text),
    }
}

/// The block of a variable.
fn declared(it: &Parameter) -> Object {
    // Terraform takes defaults as they are.
    let default = it.default.as_deref().map(|text| {
        let value = spelled(it, text);
        if let Expr::Text(text) = value { Expr::Plain(text) } else { value }
    });
    let type_name = if it.kind == ParamKind::Number { "number" } else { "string" };
    let variable = variable(&it.name);
    let mut rules = Vec::new();
    if !it.allowed.is_empty() {
        let allowed: Vec<Expr> = it.allowed.iter().map(|text| spelled(it, text)).collect();
        let condition = Expr::call("contains", [Expr::List(allowed), variable.clone()]);
        rules.push((condition, format!("It must be one of: {}.", it.allowed.join(", "))));
    }
    if let Some((pattern, what)) = pattern(it.kind) {
        let matches = Expr::call("regex", [Expr::from(pattern), variable]);
        rules.push((Expr::call("can", [matches]), format!("It must be {what}.")));
    }
    let rules = rules.into_iter().map(|(condition, message)| {
        Object::new().with("condition", condition).with("error_message", message).into()
    });
    Object::new()
        .with("type", type_name)
        .maybe("description", it.description.as_deref().map(Expr::plain))
        .maybe("default", default)
        // As in CloudFormation a value is given or the default holds: there is no third way.
        .with("nullable", false)
        .list("validation", rules.collect())
}

/// The lines of the example file for a variable.
fn asked(it: &Parameter, name: &str) -> String {
    let mut text = String::new();
    let what = pattern(it.kind).map(|(_, what)| format!("It is {what}."));
    let allowed = (!it.allowed.is_empty()).then(|| format!("One of: {}.", it.allowed.join(", ")));
    for line in it.description.clone().into_iter().chain(what).chain(allowed) {
        for line in line.lines() {
            text.push_str(format!("# {line}").trim_end());
            text.push('\n');
        }
    }
    let empty = if it.kind == ParamKind::Number { "0" } else { "\"\"" };
    // A comment: a value that was forgotten is asked for, instead of being empty.
    text.push_str(&format!("# {name} = {empty}\n"));
    text
}
