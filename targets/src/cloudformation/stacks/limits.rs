//! What a template may hold.
//!
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>

/// The limits of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Resources.
    pub resources: usize,
    /// Characters, in bytes, of a template that comes from a bucket.
    pub bytes: usize,
    /// Outputs, those that other stacks import included.
    pub outputs: usize,
    /// Parameters.
    pub parameters: usize,
}

/// What AWS takes.
pub const AWS: Limits = Limits { resources: 500, bytes: 1_000_000, outputs: 200, parameters: 200 };

/// The stacks of an account in a Region, unless AWS is asked for more.
pub(super) const STACKS: usize = 2000;

/// How much of a limit is used for what is new, in percent: what is there may grow.
const FILL: usize = 85;

/// How many characters an output takes, or a parameter, besides its name.
pub(super) const ENTRY_BYTES: usize = 320;
/// How many more characters a reference takes that leads to another stack.
pub(super) const LINK_BYTES: usize = 200;

impl Limits {
    /// How far new things fill a stack.
    pub(super) fn fill(self) -> Limits {
        let part = |it: usize| (it * FILL / 100).max(1);
        Limits {
            resources: part(self.resources),
            bytes: part(self.bytes),
            outputs: part(self.outputs),
            parameters: part(self.parameters),
        }
    }

    /// How far what is in a stack may make it grow. What a template takes is estimated, and known when it is
    /// printed: so the whole of its characters is never planned.
    pub(super) fn most(self) -> Limits {
        Limits { bytes: self.bytes * 97 / 100, ..self }
    }
}

/// What a template holds, or would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) resources: usize,
    pub(super) bytes: usize,
    pub(super) outputs: usize,
    pub(super) parameters: usize,
}

impl Load {
    /// With so many more, in everything.
    pub(super) fn plus(self, other: Load) -> Load {
        Load {
            resources: self.resources + other.resources,
            bytes: self.bytes + other.bytes,
            outputs: self.outputs + other.outputs,
            parameters: self.parameters + other.parameters,
        }
    }

    /// With so many less of what resources take.
    pub(super) fn minus(self, other: Load) -> Load {
        Load {
            resources: self.resources.saturating_sub(other.resources),
            bytes: self.bytes.saturating_sub(other.bytes),
            ..self
        }
    }

    /// Whether a template may hold it.
    pub(super) fn is_within(self, limits: &Limits) -> bool {
        self.exceeds(limits).is_none()
    }

    /// What is too much: what it is, how much there is, and how much there may be.
    pub(super) fn exceeds(self, limits: &Limits) -> Option<(&'static str, usize, usize)> {
        [
            ("resources", self.resources, limits.resources),
            ("bytes", self.bytes, limits.bytes),
            ("outputs", self.outputs, limits.outputs),
            ("parameters", self.parameters, limits.parameters),
        ]
        .into_iter()
        .find(|(_, have, most)| have > most)
    }
}
