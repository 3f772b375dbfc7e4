//! A template: its sections, and how they are printed.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>

use std::collections::{BTreeMap, BTreeSet};

use archgen_core::Loc;
use archgen_core::declare::param::ParamKind;
use archgen_core::resource::{Parameter, camel_case};

use super::expr::{Expr, Object, condition_name};
use crate::parameter::pattern;

/// A CloudFormation template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    pub(super) description: String,
    pub(super) parameters: BTreeMap<String, TemplateParameter>,
    /// The Region that it must be deployed in, and why.
    pub(super) region: Option<(&'static str, &'static str)>,
    pub(super) resources: BTreeMap<String, TemplateResource>,
    pub(super) outputs: BTreeMap<String, TemplateOutput>,
}

/// A resource of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TemplateResource {
    /// The type in CloudFormation.
    pub(crate) kind: &'static str,
    /// The declaration it comes from.
    pub(crate) declaration: String,
    /// Where that was written.
    pub(crate) loc: Loc,
    /// What must exist first though no property says so.
    pub(crate) depends_on: BTreeSet<String>,
    /// What becomes of its data when it is deleted or replaced.
    pub(crate) retention: Option<Retention>,
    /// The properties.
    pub(crate) properties: Expr,
}

/// What becomes of the data of a resource that is deleted or replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retention {
    /// It goes.
    Delete,
    /// A snapshot is kept.
    Snapshot,
    /// The resource itself is kept, unless it was just created by an operation that failed: its
    /// name would be taken at the next attempt.
    Retain,
}

impl Retention {
    /// The `DeletionPolicy` and the `UpdateReplacePolicy`.
    fn policies(self) -> (&'static str, &'static str) {
        match self {
            Retention::Delete => ("Delete", "Delete"),
            Retention::Snapshot => ("Snapshot", "Snapshot"),
            Retention::Retain => ("RetainExceptOnCreate", "Retain"),
        }
    }
}

/// An output of a template.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TemplateOutput {
    pub(crate) description: String,
    pub(crate) value: Expr,
    /// The name under which other stacks import it.
    pub(crate) export: Option<String>,
}

/// A parameter of a template.
#[derive(Clone, Debug, PartialEq)]
pub struct TemplateParameter {
    /// Its name in the template, such as `ImageTag`.
    pub name: String,
    /// Its name in the architecture, such as `image_tag`.
    pub declaration: String,
    /// What it holds.
    pub kind: ParamKind,
    /// Whether it may be left out when deploying.
    pub has_default: bool,
    body: Object,
}

impl TemplateParameter {
    pub(crate) fn new(parameter: &Parameter) -> TemplateParameter {
        // CloudFormation has no types for ARNs and CIDR blocks: text with a pattern. Of what it has types
        // for, it also looks whether it exists.
        let kind = match parameter.kind {
            ParamKind::Text | ParamKind::TopicArn | ParamKind::Cidr => "String",
            ParamKind::Number => "Number",
            ParamKind::HostedZoneId => "AWS::Route53::HostedZone::Id",
            ParamKind::VpcId => "AWS::EC2::VPC::Id",
        };
        let pattern = if kind == "String" { pattern(parameter.kind) } else { None };
        let value = |it: &String| match (parameter.kind, it.parse::<f64>()) {
            (ParamKind::Number, Ok(number)) => Expr::number(number),
            _ => Expr::from(it.as_str()),
        };
        let body = Object::new()
            .with("Type", kind)
            .maybe("Description", parameter.description.as_deref())
            .maybe("Default", parameter.default.as_ref().map(value))
            .list("AllowedValues", parameter.allowed.iter().map(value).collect())
            .maybe("AllowedPattern", pattern.map(|it| it.0))
            .maybe("ConstraintDescription", pattern.map(|it| it.1));
        TemplateParameter {
            name: camel_case(&parameter.name),
            declaration: parameter.name.clone(),
            kind: parameter.kind,
            has_default: parameter.default.is_some(),
            body,
        }
    }
}

impl Template {
    /// A template of these resources and outputs, with those of the parameters that they use.
    pub(crate) fn new(
        description: String,
        parameters: Vec<TemplateParameter>,
        resources: BTreeMap<String, TemplateResource>,
        outputs: BTreeMap<String, TemplateOutput>,
    ) -> Template {
        let mut template =
            Template { description, parameters: BTreeMap::new(), region: None, resources, outputs };
        // CloudFormation asks for every parameter, so one that nothing uses must not be there.
        let used = template.references();
        template.parameters = parameters
            .into_iter()
            .filter(|it| used.contains(&it.name))
            .map(|it| (it.name.clone(), it))
            .collect();
        template
    }

    /// Says that it can be deployed in one Region only, and why.
    pub(crate) fn only_in(mut self, region: &'static str, why: &'static str) -> Template {
        self.region = Some((region, why));
        self
    }

    fn values(&self) -> impl Iterator<Item = &Expr> {
        self.resources
            .values()
            .map(|it| &it.properties)
            .chain(self.outputs.values().map(|it| &it.value))
    }

    /// Everything that resources and outputs refer to, pseudo parameters left out.
    pub(crate) fn references(&self) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for value in self.values() {
            value.references(&mut |name| {
                if !name.contains("::") {
                    names.insert(name.to_string());
                }
            });
        }
        names.extend(self.resources.values().flat_map(|it| it.depends_on.iter().cloned()));
        names
    }

    /// Logical ID, CloudFormation type, declaration and place of every resource, by logical ID.
    pub fn resources(&self) -> impl Iterator<Item = (&str, &str, &str, Loc)> {
        self.resources
            .iter()
            .map(|(id, it)| (id.as_str(), it.kind, it.declaration.as_str(), it.loc))
    }

    /// The parameters by name.
    pub fn parameters(&self) -> impl Iterator<Item = &TemplateParameter> {
        self.parameters.values()
    }

    /// The names of the outputs.
    pub fn outputs(&self) -> impl Iterator<Item = &str> {
        self.outputs.keys().map(String::as_str)
    }

    /// The properties of a resource, by logical ID.
    #[cfg(test)]
    pub(crate) fn resource(&self, id: &str) -> Option<&TemplateResource> {
        self.resources.get(id)
    }

    fn expr(&self) -> Expr {
        let mut conditions = BTreeMap::new();
        for value in self.values() {
            value.conditions(&mut |parameter| {
                conditions
                    .insert(condition_name(parameter), Expr::Equals(parameter.to_string(), "true"));
            });
        }
        let section = |entries: Vec<(String, Expr)>| {
            let all = entries.into_iter().fold(Object::new(), |all, (id, it)| all.with(id, it));
            Expr::Object(all)
        };
        let mut all = Object::new()
            .with("AWSTemplateFormatVersion", "2010-09-09")
            .with("Description", self.description.as_str());
        if !self.parameters.is_empty() {
            let entries = self.parameters.iter();
            let entries = entries.map(|(id, it)| (id.clone(), it.body.clone().into()));
            all = all.with("Parameters", section(entries.collect()));
        }
        if let Some((region, why)) = self.region {
            // <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html>
            let assertion = Object::new()
                .with("Assert", Expr::Equals("AWS::Region".to_string(), region))
                .with("AssertDescription", why);
            let rule = Object::new().with("Assertions", vec![Expr::from(assertion)]);
            all = all.with("Rules", Object::new().with("Region", rule));
        }
        if !conditions.is_empty() {
            all = all.with("Conditions", section(conditions.into_iter().collect()));
        }
        let entries = self.resources.iter().map(|(id, it)| (id.clone(), it.expr()));
        all = all.with("Resources", section(entries.collect()));
        if !self.outputs.is_empty() {
            let entries = self.outputs.iter().map(|(id, it)| {
                let body = Object::new()
                    .with("Description", it.description.as_str())
                    .with("Value", it.value.clone())
                    .maybe("Export", it.export.as_deref().map(|it| Object::new().with("Name", it)));
                (id.clone(), body.into())
            });
            all = all.with("Outputs", section(entries.collect()));
        }
        all.into()
    }

    /// The template as JSON, indented by two spaces.
    pub fn json(&self) -> String {
        let mut text = serde_json::to_string_pretty(&self.expr())
            .expect("invariant: every value of a template is JSON");
        text.push('\n');
        text
    }

    /// The template as YAML; it means what [`Template::json`] means.
    #[cfg(feature = "yaml")]
    pub fn yaml(&self) -> String {
        super::yaml::document(&self.expr())
    }
}

impl TemplateResource {
    pub(super) fn expr(&self) -> Expr {
        let depends_on = self.depends_on.iter().map(|it| Expr::from(it.as_str())).collect();
        let policies = self.retention.map(Retention::policies);
        // An empty `Properties` is written too: APIs that compare templates add it by themselves.
        Object::new()
            .with("Type", self.kind)
            .list("DependsOn", depends_on)
            .maybe("DeletionPolicy", policies.map(|it| it.0))
            .maybe("UpdateReplacePolicy", policies.map(|it| it.1))
            .with("Properties", self.properties.clone())
            .into()
    }
}
