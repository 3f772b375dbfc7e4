//! The values of `ecs_service!` that are more than a single value: images, scaling, secrets, volumes.

use crate::declare::{Efs, Kind, Param, Secret};
use crate::field::{DeclarationRef, FieldType, FieldValue, Reader, Word};
use crate::node::{Comparison, Node};
use crate::resource::cloudwatch::Statistic;
use crate::types::{Count, Number, Percent, Seconds};
use crate::value::{Field, Text, Value};

crate::record! {
    /// An image in an ECR repository of the account and Region of deployment.
    EcrImage: "Ecr" {
        /// The repository: an `ecr_repository!`, or the name of one.
        required repository: RepositoryName = "\"backend\"";
        /// The tag.
        required tag: Text = "image_tag";
    }
}

/// The repository of an image.
#[derive(Clone, PartialEq)]
pub enum RepositoryName {
    /// An `ecr_repository!`, by its name in the architecture.
    Declared(String),
    /// Its name in ECR.
    Name(Text),
}

impl std::fmt::Debug for RepositoryName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RepositoryName::Declared(it) => write!(f, "→{it}"),
            RepositoryName::Name(it) => it.fmt(f),
        }
    }
}

impl FieldType for RepositoryName {
    fn expected() -> String {
        "an `ecr_repository!`, or the name of a repository".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_reference() {
            Some(it) if it.kind == Kind::EcrRepository && it.member.is_none() => {
                Value::Literal(RepositoryName::Declared(it.name.clone()))
            }
            Some(it) if it.kind != Kind::Param && it.member.is_none() => {
                reader.wrong_reference(node, &Self::expected())
            }
            Some(_) | None => Text::read(node, reader).map(RepositoryName::Name),
        }
    }
}

impl FieldValue<RepositoryName> for str {}
impl FieldValue<RepositoryName> for String {}
impl FieldValue<RepositoryName> for crate::declare::Handle<Param> {}
impl FieldValue<RepositoryName> for crate::declare::Handle<crate::declare::EcrRepository> {}

/// What a container runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Image {
    /// An image by its whole name, such as `redis:7`.
    Name(Text),
    /// An image in an ECR repository of the account and Region of deployment.
    Ecr(Box<EcrImage>),
}

impl FieldType for Image {
    fn expected() -> String {
        "an image such as `\"redis:7\"` or `Ecr { repository: \"backend\", tag: image_tag }`"
            .to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_tagged() {
            Some(("Ecr", entries)) => Value::Literal(Image::Ecr(Box::new(EcrImage::read_entries(
                entries, node.loc, reader,
            )))),
            Some((tag, _)) => reader.unknown_word(node.loc, tag, &["Ecr"]),
            None if node.as_text().is_some()
                || node.as_reference().is_some()
                || node.as_call().is_some() =>
            {
                match Text::read(node, reader) {
                    Value::Literal(it) => Value::Literal(Image::Name(it)),
                    Value::Parameter(name) => Value::Literal(Image::Name(Text::parameter(name))),
                    Value::Unknown => Value::Unknown,
                }
            }
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

impl FieldValue<Image> for str {}
impl FieldValue<Image> for String {}
impl FieldValue<Image> for crate::declare::Handle<crate::declare::Param> {}

crate::words! {
    /// What scaling follows.
    ScaleMetric: "metrics to scale on" {
        /// CPU in percent of what the tasks reserved.
        Cpu = "CPUUtilization",
        /// Memory in percent of what the tasks reserved.
        Memory = "MemoryUtilization",
        /// Requests a minute to each target of the load balancer.
        RequestsPerTarget = "RequestCountPerTarget",
        /// The time in seconds in which targets answer.
        ResponseTime = "TargetResponseTime",
    }
}

/// A metric that no variant names.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomMetric {
    /// Its namespace.
    pub namespace: Field<Text>,
    /// Its name.
    pub name: Field<Text>,
    /// How the values of a period become one.
    pub statistic: Statistic,
}

/// What scaling follows: a known metric, or `metric("Shop", "QueueLength")`.
#[derive(Clone, Debug, PartialEq)]
pub enum ScaleSource {
    /// A metric that AWS keeps.
    Known(ScaleMetric),
    /// A metric of the team's own.
    Custom(CustomMetric),
}

/// `Cpu > 70pct`: the value that scaling keeps a metric to.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleOn {
    /// The metric.
    pub source: ScaleSource,
    /// The value.
    pub value: Field<Number>,
}

impl FieldType for ScaleOn {
    fn expected() -> String {
        "a metric and a value such as `Cpu > 70pct`, `RequestsPerTarget > 1000`, `ResponseTime > 1s` \
         or `metric(\"Shop\", \"QueueLength\") > 100`"
            .to_string()
    }

    fn words(words: &mut Vec<Word>) {
        ScaleMetric::words(words);
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let Some((metric, Comparison::Greater | Comparison::GreaterOrEqual, value)) =
            node.as_compare()
        else {
            return reader.wrong(node, &Self::expected());
        };
        if let Some(("metric", [namespace, name])) = metric.as_call() {
            let custom = CustomMetric {
                namespace: reader.read(namespace),
                name: reader.read(name),
                statistic: Statistic::Average,
            };
            return Value::Literal(ScaleOn {
                source: ScaleSource::Custom(custom),
                value: reader.read(value),
            });
        }
        match ScaleMetric::read(metric, reader) {
            Value::Literal(known) => {
                let number = match known {
                    ScaleMetric::Cpu | ScaleMetric::Memory => {
                        Percent::read(value, reader).map(|it| Number(it.0))
                    }
                    ScaleMetric::RequestsPerTarget => Number::read(value, reader),
                    ScaleMetric::ResponseTime => {
                        Seconds::read(value, reader).map(|it| Number(f64::from(it.0)))
                    }
                };
                Value::Literal(ScaleOn {
                    source: ScaleSource::Known(known),
                    value: Field { value: number, loc: value.loc },
                })
            }
            Value::Parameter(_) | Value::Unknown => Value::Unknown,
        }
    }
}

/// A secret that a container gets as an environment variable.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretField {
    /// The variable; left out, the secret's own name in capitals.
    pub variable: Option<Field<String>>,
    /// Where the value is read from.
    pub source: SecretSource,
}

impl SecretField {
    /// The name of the variable, if it is known.
    pub fn variable_name(&self) -> Option<String> {
        match (&self.variable, &self.source) {
            (Some(it), _) => it.literal().cloned(),
            (None, SecretSource::Secret(it)) => Some(it.name.to_uppercase()),
            (None, SecretSource::Arn(_) | SecretSource::Unknown) => None,
        }
    }
}

/// Where the value of a secret is read from.
#[derive(Clone, Debug, PartialEq)]
pub enum SecretSource {
    /// A `secret!`.
    Secret(DeclarationRef<Secret>),
    /// An ARN, such as `database.secret`.
    Arn(Text),
    /// Not known here.
    Unknown,
}

impl FieldType for SecretField {
    fn expected() -> String {
        "a secret, or `\"VARIABLE\" => secret`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        let (variable, source) = match node.as_pair() {
            Some((variable, source)) => (Some(reader.read(variable)), source),
            None => (None, node),
        };
        let is_secret =
            source.as_reference().is_some_and(|it| it.kind == Kind::Secret && it.member.is_none());
        let source = if is_secret || (variable.is_none() && !source.is_unknown()) {
            match DeclarationRef::<Secret>::read(source, reader) {
                Value::Literal(it) => SecretSource::Secret(it),
                Value::Parameter(_) | Value::Unknown => SecretSource::Unknown,
            }
        } else {
            match Text::read(source, reader) {
                Value::Literal(it) => SecretSource::Arn(it),
                Value::Parameter(name) => SecretSource::Arn(Text::parameter(name)),
                Value::Unknown => SecretSource::Unknown,
            }
        };
        Value::Literal(SecretField { variable, source })
    }
}

/// `"/path" => file_system`: what a container stores files on.
#[derive(Clone, Debug, PartialEq)]
pub struct VolumeField {
    /// Where the container sees it.
    pub path: Field<String>,
    /// What it is.
    pub source: Field<VolumeKind>,
}

/// What a volume is.
#[derive(Clone, Debug, PartialEq)]
pub enum VolumeKind {
    /// A file system that follows its task.
    Efs(DeclarationRef<Efs>),
    /// A folder of the instance, lost when the task moves.
    Host,
}

impl FieldType for VolumeKind {
    fn expected() -> String {
        "an EFS file system, or `HostVolume`".to_string()
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_word() {
            Some("HostVolume") => Value::Literal(VolumeKind::Host),
            Some(word) => reader.unknown_word(node.loc, word, &["HostVolume"]),
            None => DeclarationRef::<Efs>::read(node, reader).map(VolumeKind::Efs),
        }
    }
}

impl FieldType for VolumeField {
    fn expected() -> String {
        "a path and what is stored there: `\"/data\" => file_system`".to_string()
    }

    fn words(words: &mut Vec<Word>) {
        words.push(Word { name: "HostVolume", of: "Volume" });
    }

    fn read(node: &Node, reader: &mut Reader<'_>) -> Value<Self> {
        match node.as_pair() {
            Some((path, source)) => {
                Value::Literal(VolumeField { path: reader.read(path), source: reader.read(source) })
            }
            None => reader.wrong(node, &Self::expected()),
        }
    }
}

crate::words! {
    /// The bare name of a volume of the instance.
    Volume: "volumes" {
        /// A folder of the instance, lost when the task moves.
        HostVolume = "host",
    }
}

crate::record! {
    /// How a load balancer finds out whether a target is healthy.
    TargetCheck: "health_check" {
        /// The path it asks for.
        default path: String = "/".to_string();
        /// How often, 5 to 300 seconds.
        default interval: Seconds = Seconds(30);
        /// How long an answer may take, 2 to 120 seconds and less than the interval.
        default timeout: Seconds = Seconds(5);
        /// How many good answers make a target healthy, 2 to 10.
        default healthy: Count = Count(2);
        /// How many bad answers make it unhealthy, 2 to 10.
        default unhealthy: Count = Count(3);
        /// The status codes of a good answer.
        default matcher: String = "200-299".to_string();
        /// How long failures after the start of a task do not count.
        default grace_period: Seconds = Seconds(60);
    }
}

crate::record! {
    /// How ECS finds out whether a container is healthy.
    ContainerCheck: "container_health_check" {
        /// The shell command; a status other than 0 is unhealthy.
        required command: Text = "\"curl -f http://localhost:8080/health || exit 1\"";
        /// How often, 5 to 300 seconds.
        default interval: Seconds = Seconds(30);
        /// How long it may take, 2 to 60 seconds.
        default timeout: Seconds = Seconds(5);
        /// How many failures make it unhealthy, 1 to 10.
        default retries: Count = Count(3);
        /// How long failures after the start do not count, 0 to 300 seconds.
        default start_period: Seconds = Seconds(30);
    }
}
