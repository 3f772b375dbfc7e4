//! What references refer to: variables, local values, modules, data sources, resources.
//!
//! <https://developer.hashicorp.com/terraform/language/expressions/references>

use archgen_core::Loc;

use super::evaluate::refused;
use super::instances::{Instances, Key, address};
use super::syntax::{Expr, ExprKind};
use super::world::{Called, Module, Names, World};
use crate::read::data::{Data, DataKind, Reference};

/// One step of a reference.
enum Taken<'e> {
    Name(&'e str),
    Key(&'e Expr),
}

impl World<'_> {
    /// A reference from its first word on.
    pub(super) fn chain(&self, module: &Module, names: &Names, of: &Expr) -> Data {
        let mut steps = Vec::new();
        let mut root = of;
        loop {
            if let ExprKind::Attribute(it, name) = &root.kind {
                steps.push(Taken::Name(name));
                root = it;
            } else if let ExprKind::Index(it, key) = &root.kind {
                steps.push(Taken::Key(key));
                root = it;
            } else {
                break;
            }
        }
        steps.reverse();
        let ExprKind::Name(name) = &root.kind else {
            let it = self.value(module, names, root);
            return self.steps(module, names, of.loc, it, &steps);
        };
        let loc = of.loc;
        if let Some(it) = names.get(name) {
            let it = self.sized(Data { loc, ..it.clone() });
            return self.steps(module, names, loc, it, &steps);
        }
        let (it, used) = match (name.as_str(), steps.as_slice()) {
            ("var", [Taken::Name(name), ..]) => (self.variable(module, loc, name), 1),
            ("local", [Taken::Name(name), ..]) => (self.local(module, loc, name), 1),
            ("module", [Taken::Name(name), rest @ ..]) => {
                return self.module_value(module, names, loc, name, rest);
            }
            ("data", [Taken::Name(kind), Taken::Name(name), rest @ ..]) => {
                return self.data_source(module, names, loc, (kind, name), rest);
            }
            ("path", [Taken::Name(what), ..]) => {
                let it = match *what {
                    "module" | "root" => Data::from_source(
                        loc,
                        format!("`path.{what}` is known when deploying"),
                        format!("{}path.{what}", module.prefix),
                    ),
                    _ => Data::from_source(
                        loc,
                        format!("`path.{what}` is known when deploying"),
                        format!("path.{what}"),
                    ),
                };
                (it, 1)
            }
            ("terraform", [Taken::Name(what), ..]) => {
                let why = format!("`terraform.{what}` is known when deploying");
                (Data::from_source(loc, why, format!("terraform.{what}")), 1)
            }
            ("each" | "count" | "self" | "var" | "local" | "path" | "terraform", _) => {
                return refused(loc, format!("there is no `{name}` here"));
            }
            (kind, [Taken::Name(name), rest @ ..]) => {
                return self.resource_value(module, names, loc, (kind, name), rest);
            }
            (name, _) => return refused(loc, format!("there is no `{name}`")),
        };
        self.steps(module, names, loc, it, &steps[used..])
    }

    fn steps(
        &self,
        module: &Module,
        names: &Names,
        loc: Loc,
        mut it: Data,
        steps: &[Taken<'_>],
    ) -> Data {
        for step in steps {
            it = match step {
                Taken::Name(name) => self.attribute(loc, it, name),
                Taken::Key(key) => {
                    let key = self.value(module, names, key);
                    self.index(loc, it, key)
                }
            };
        }
        Data { loc, ..it }
    }

    /// The instance that a key names, if the first step is a known key.
    fn key(&self, module: &Module, names: &Names, steps: &[Taken<'_>]) -> Option<Data> {
        let Some(Taken::Key(key)) = steps.first() else { return None };
        Some(self.value(module, names, key))
    }

    fn module_value(
        &self,
        module: &Module,
        names: &Names,
        loc: Loc,
        name: &str,
        steps: &[Taken<'_>],
    ) -> Data {
        let Some(called) = self.called(module, name) else {
            return refused(loc, format!("there is no module `{name}`"));
        };
        let all = match &*called {
            Called::Unread(why) => {
                let source = format!("{}module.{name}", module.prefix);
                let it = Data::from_source(loc, format!("`{source}` is not read: {why}"), source);
                return self.steps(module, names, loc, it, steps);
            }
            Called::Modules(all) => all,
        };
        // Only the output that is asked for is evaluated.
        if let [(Key::None, number)] = all.as_slice() {
            let Some(inner) = self.module(*number) else { return refused(loc, "no module") };
            return match steps {
                [Taken::Name(output), rest @ ..] => {
                    let it = self.output(&inner, loc, output);
                    self.steps(module, names, loc, it, rest)
                }
                _ => self.outputs(*number, loc),
            };
        }
        if let Some(key) = self.key(module, names, steps)
            && let Some(text) = key.as_text()
        {
            let found = all.iter().find(|it| match &it.0 {
                Key::None => false,
                Key::Number(it) => it.to_string() == text,
                Key::Name(it) => it == text,
            });
            let Some(inner) = found.and_then(|it| self.module(it.1)) else {
                return refused(loc, format!("there is no module `{name}[{text}]`"));
            };
            if let [_, Taken::Name(output), rest @ ..] = steps {
                let it = self.output(&inner, loc, output);
                return self.steps(module, names, loc, it, rest);
            }
        }
        let numbered = all.iter().all(|it| matches!(it.0, Key::Number(_)));
        let each = all.iter().map(|(key, number)| {
            let it = self.outputs(*number, loc);
            let it = match self.module(*number).and_then(|it| it.maybe.clone()) {
                Some(why) if module.maybe.as_ref() != Some(&why) => {
                    Data::either(loc, why, it, Data::new(loc, DataKind::Absent))
                }
                Some(_) | None => it,
            };
            match key {
                Key::Name(name) => (name.clone(), it),
                Key::None | Key::Number(_) => (String::new(), it),
            }
        });
        let it = if numbered {
            DataKind::List(each.map(|it| it.1).collect())
        } else {
            DataKind::Map(each.collect())
        };
        let it = self.sized(Data::new(loc, it));
        self.steps(module, names, loc, it, steps)
    }

    fn outputs(&self, number: usize, loc: Loc) -> Data {
        let Some(module) = self.module(number) else { return refused(loc, "no module") };
        let all = module.it.outputs.keys();
        let all = all.map(|it| (it.clone(), self.output(&module, loc, it))).collect();
        self.sized(Data::new(loc, DataKind::Map(all)))
    }

    fn resource_value(
        &self,
        module: &Module,
        names: &Names,
        loc: Loc,
        (kind, name): (&str, &str),
        steps: &[Taken<'_>],
    ) -> Data {
        let block = (kind.to_string(), name.to_string());
        let Some(instances) = self.instances(module, &block) else {
            return refused(loc, format!("there is no resource `{kind}.{name}`"));
        };
        let whole = |key: &Key| {
            let resource = self.named(&address(module, &block, key));
            Data::new(
                loc,
                DataKind::Reference(Reference { resource, attribute: None, index: None }),
            )
        };
        let it = match &*instances {
            Instances::Unknown(why) => {
                let why = format!("which `{kind}.{name}` there are is not known: {why}");
                Data::unknown(loc, why)
            }
            Instances::Known(all) => {
                if let [one] = all.as_slice()
                    && one.key == Key::None
                {
                    whole(&Key::None)
                } else {
                    let counted = match module.it.resources.get(&block) {
                        Some(it) => it.body.has("count"),
                        None => false,
                    };
                    let each = all.iter().map(|one| {
                        let it = whole(&one.key);
                        let it = match &one.maybe {
                            Some(why) => {
                                Data::either(loc, why.clone(), it, Data::new(loc, DataKind::Absent))
                            }
                            None => it,
                        };
                        let key =
                            if let Key::Name(it) = &one.key { it.clone() } else { String::new() };
                        (key, it)
                    });
                    let kind = if counted {
                        DataKind::List(each.map(|it| it.1).collect())
                    } else {
                        DataKind::Map(each.collect())
                    };
                    Data::new(loc, kind)
                }
            }
        };
        self.steps(module, names, loc, it, steps)
    }

    /// Data sources are read when deploying; some say what is known otherwise.
    fn data_source(
        &self,
        module: &Module,
        names: &Names,
        loc: Loc,
        (kind, name): (&str, &str),
        steps: &[Taken<'_>],
    ) -> Data {
        let block = (kind.to_string(), name.to_string());
        let Some(declared) = module.it.data.get(&block) else {
            return refused(loc, format!("there is no data source `{kind}.{name}`"));
        };
        let mut source = format!("{}data.{kind}.{name}", module.prefix);
        let mut rest = steps;
        let mut keyed = false;
        while let [Taken::Key(key), more @ ..] = rest {
            let key = self.value(module, names, key);
            match key.as_text() {
                Some(it) => source.push_str(&format!("[{it}]")),
                None => return Data::unknown(loc, key.what()),
            }
            keyed = true;
            rest = more;
        }
        let [Taken::Name(attribute), more @ ..] = rest else {
            let why = format!("`{source}` is read when deploying");
            let it = Data::from_source(loc, why, source);
            return self.steps(module, names, loc, it, rest);
        };
        let filtered = ["exclude_names", "exclude_zone_ids"];
        let options = self.options;
        let it = match (kind, *attribute) {
            ("aws_availability_zones", "names")
                if !filtered.iter().any(|it| declared.body.has(it)) =>
            {
                Data::new(loc, DataKind::Zones)
            }
            ("aws_region", "name" | "id" | "region") if !declared.body.has("region") => {
                match self.region() {
                    Some(it) => Data::text(loc, it),
                    None => {
                        let why = "the Region is known when deploying";
                        Data::from_source(loc, why, "AWS::Region".to_string())
                    }
                }
            }
            ("aws_caller_identity", "account_id" | "id") if options.account_id.is_some() => {
                Data::text(loc, options.account_id.clone().unwrap_or_default())
            }
            _ => match declared.body.value(attribute) {
                // What it is asked for by, it says too.
                Some(it)
                    if !keyed && !declared.body.has("for_each") && !declared.body.has("count") =>
                {
                    self.value(module, &Names::new(), it)
                }
                Some(_) | None => {
                    let why = format!("`{source}.{attribute}` is read when deploying");
                    Data::from_source(loc, why, format!("{source}.{attribute}"))
                }
            },
        };
        self.steps(module, names, loc, it, more)
    }

    /// The Region, if it is given or the provider's block says it.
    pub(super) fn region(&self) -> Option<String> {
        if let Some(it) = &self.options.region {
            return Some(it.clone());
        }
        let root = self.module(0)?;
        let own = root.it.providers.iter().find(|it| !it.body.has("alias"))?;
        let region = own.body.value("region")?;
        self.value(&root, &Names::new(), region).as_text().map(str::to_string)
    }
}
