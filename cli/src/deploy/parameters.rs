//! The parameters of the template: which it has, which values were given, which are missing.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Error;
use crate::output::similar;

/// The parameters of a template by name.
#[derive(Debug)]
pub struct Parameters(BTreeMap<String, Parameter>);

#[derive(Clone, Debug, Deserialize)]
struct Parameter {
    #[serde(rename = "Default")]
    default: Option<serde_json::Value>,
    #[serde(rename = "AllowedValues", default)]
    allowed: Vec<serde_json::Value>,
}

#[derive(Deserialize)]
struct Template {
    #[serde(rename = "Parameters", default)]
    parameters: BTreeMap<String, Parameter>,
}

/// What a parameter is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting {
    Value(String),
    /// The value the stack has.
    Previous,
}

impl Parameters {
    /// Reads them from the JSON text of a template.
    pub fn read(template: &str) -> Result<Parameters, Error> {
        let template: Template =
            serde_json::from_str(template).map_err(|source| Error::Template { source })?;
        Ok(Parameters(template.parameters))
    }

    /// Those of the given values that are for this template.
    pub fn of(&self, given: &[(String, String)]) -> Vec<(String, String)> {
        given.iter().filter(|it| self.0.contains_key(&it.0)).cloned().collect()
    }

    /// Refuses names the template does not have and values it does not allow.
    pub fn verify(&self, given: &[(String, String)]) -> Result<(), Error> {
        for (index, (name, value)) in given.iter().enumerate() {
            let Some(parameter) = self.0.get(name) else {
                return Err(Error::UnknownParameter {
                    name: name.clone(),
                    similar: similar(name, self.0.keys().map(String::as_str)).map(str::to_owned),
                    known: self.0.keys().cloned().collect(),
                });
            };
            if given[..index].iter().any(|(earlier, _)| earlier == name) {
                return Err(Error::ParameterTwice { name: name.clone() });
            }
            let allowed: Vec<String> = parameter.allowed.iter().map(plain).collect();
            if !allowed.is_empty() && !allowed.contains(value) {
                return Err(Error::ParameterValue {
                    name: name.clone(),
                    value: value.clone(),
                    allowed,
                });
            }
        }
        Ok(())
    }

    /// The parameters that have neither a default nor a given value.
    pub fn open(&self, given: &[(String, String)]) -> Vec<String> {
        let is_given = |name: &str| given.iter().any(|(it, _)| it == name);
        self.0
            .iter()
            .filter(|(name, it)| it.default.is_none() && !is_given(name))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// The setting of every parameter that does not simply take its default.
    ///
    /// `previous` are the parameters the stack has already: those keep their values.
    pub fn settle(
        &self,
        given: &[(String, String)],
        previous: &[String],
    ) -> Result<BTreeMap<String, Setting>, Error> {
        self.verify(given)?;
        let missing: Vec<String> =
            self.open(given).into_iter().filter(|it| !previous.contains(it)).collect();
        if !missing.is_empty() {
            return Err(Error::ParametersMissing { names: missing });
        }
        let mut settings = BTreeMap::new();
        for name in self.0.keys() {
            match given.iter().find(|(it, _)| it == name) {
                Some((_, value)) => settings.insert(name.clone(), Setting::Value(value.clone())),
                None if previous.contains(name) => settings.insert(name.clone(), Setting::Previous),
                None => None,
            };
        }
        Ok(settings)
    }
}

/// Refuses names that none of several templates has, and values that one does not allow.
pub fn verify_all(all: &[Parameters], given: &[(String, String)]) -> Result<(), Error> {
    let all = all.iter().flat_map(|it| &it.0);
    Parameters(all.map(|(name, it)| (name.clone(), it.clone())).collect()).verify(given)
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"{
        "Parameters": {
            "Image": { "Type": "String" },
            "Size": { "Type": "Number", "Default": 1, "AllowedValues": [1, 2] }
        },
        "Resources": {}
    }"#;

    fn parameters() -> Parameters {
        Parameters::read(TEMPLATE).expect("it is a template")
    }

    fn given(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn a_new_stack_needs_every_parameter_without_a_default() {
        let Err(Error::ParametersMissing { names }) = parameters().settle(&[], &[]) else {
            panic!("`Image` has no value");
        };
        assert_eq!(names, ["Image"]);
        let settings =
            parameters().settle(&given(&[("Image", "a=b")]), &[]).expect("all have values");
        assert_eq!(
            settings,
            BTreeMap::from([("Image".to_owned(), Setting::Value("a=b".to_owned()))])
        );
    }

    #[test]
    fn an_update_keeps_the_values_the_stack_has() {
        let previous = ["Image".to_owned(), "Gone".to_owned()];
        let settings =
            parameters().settle(&given(&[("Size", "2")]), &previous).expect("all have values");
        assert_eq!(
            settings,
            BTreeMap::from([
                ("Image".to_owned(), Setting::Previous),
                ("Size".to_owned(), Setting::Value("2".to_owned())),
            ])
        );
    }

    #[test]
    fn unknown_double_and_forbidden_values_are_refused() {
        let verify = |pairs| parameters().verify(&given(pairs));
        assert!(matches!(
            verify(&[("Imag", "a")]),
            Err(Error::UnknownParameter { similar: Some(_), .. })
        ));
        assert!(matches!(
            verify(&[("Image", "a"), ("Image", "a")]),
            Err(Error::ParameterTwice { .. })
        ));
        assert!(matches!(verify(&[("Size", "3")]), Err(Error::ParameterValue { .. })));
        assert!(verify(&[("Size", "2")]).is_ok());
    }

    #[test]
    fn a_template_need_not_have_parameters() {
        let parameters = Parameters::read("{}").expect("it is a template");
        assert!(parameters.settle(&[], &[]).expect("nothing is missing").is_empty());
    }
}
