//! The AG09xx codes: what can go wrong in the command itself, each with the text `archgen explain` prints.
//!
//! AG0901, a wrong option, is a code of the model and stands in its table.

/// One code of the command.
pub struct ToolCode {
    /// `AG0901`.
    pub code: &'static str,
    /// One line for the list of codes.
    pub summary: &'static str,
    /// Markdown, with the same headings as the explanations of diagnostics.
    pub explanation: &'static str,
}

/// Every code of the command, in order.
pub const ALL: &[ToolCode] = &[
    ToolCode {
        code: "AG0902",
        summary: "several architectures exist, so a name is needed",
        explanation: "## What happened\n\nThe name may be left out only where exactly one architecture exists.\n\n## What to do\n\nName one: `archgen emit NAME …`.\n",
    },
    ToolCode {
        code: "AG0903",
        summary: "the architecture does not have this environment, or exactly one is needed",
        explanation: "## What happened\n\nAn architecture is described for the environments it lists. `emit` and `check` take all of them when `--env` is left out; `deploy` and `emit --stdout` need exactly one.\n\n## What to do\n\nPass one of the environments that `archgen list` shows: `--env production`.\n",
    },
    ToolCode {
        code: "AG0904",
        summary: "no architecture has this name",
        explanation: "## What happened\n\nThe name on the command line is not one of the architectures this command knows.\n\n## What to do\n\n`archgen list` shows the names. In your own crate an architecture is known once it stands in `ARCHITECTURES`, or in the list given to `archgen_cli::main`.\n",
    },
    ToolCode {
        code: "AG0905",
        summary: "a file that archgen did not write is in the way",
        explanation: "## What happened\n\n`emit` records the files it wrote in `.archgen` beside them, and replaces or removes only those. A file it has to write exists already and is not in that list.\n\n## Why it is refused\n\nThe file may be somebody's work.\n\n## What to do\n\nWrite elsewhere (`--out`), move the file away, or pass `--force` to replace it.\n",
    },
    ToolCode {
        code: "AG0906",
        summary: "the files on disk differ from what would be emitted",
        explanation: "## What happened\n\n`emit --check` compares and writes nothing. At least one file is missing, differs, or is left over from an earlier emit.\n\n## What to do\n\nRun the same `emit` without `--check`, look at the change, and commit it.\n",
    },
    ToolCode {
        code: "AG0907",
        summary: "a file or folder cannot be read or written",
        explanation: "## What happened\n\nThe operating system refused. The cause is printed below the message. What was on disk before is still there: new files are written beside the old ones and renamed only when all of them are complete.\n",
    },
    ToolCode {
        code: "AG0908",
        summary: "no such code",
        explanation: "## What happened\n\n`archgen explain` was asked for a code that does not exist.\n\n## What to do\n\n`archgen explain` without a code lists them all.\n",
    },
    ToolCode {
        code: "AG0909",
        summary: "the lock cannot be used",
        explanation: "## What happened\n\n`archgen.lock` keeps what was emitted, so that what exists keeps its names, addresses and CIDR blocks. It cannot be read or written, holds both sides of a merge, was written by a newer archgen, or would change though `--locked` was given.\n\n## What to do\n\nAfter a merge keep the lines of both sides where they differ in their names, and one side's where they do not; then emit again. With `--locked`, as in CI, emit without it and commit the lock. `--no-lock` does without the lock: then nothing is kept where it is.\n",
    },
    ToolCode {
        code: "AG0910",
        summary: "the crate in this folder cannot be read",
        explanation: "## What happened\n\n`archgen` looked for the crate of the current folder and could not read it: `Cargo.toml` is not valid, or `cargo` cannot be run.\n\n## What to do\n\nMake `cargo metadata` work in this folder.\n",
    },
    ToolCode {
        code: "AG0911",
        summary: "the crate in this folder has no architectures the command can run",
        explanation: "## What happened\n\n`archgen` runs a crate's architectures in one of two ways:\n\n1. the crate has a binary whose `main` is one line: `fn main() -> std::process::ExitCode { archgen_cli::main(&[…]) }`, and depends on `archgen-cli`;\n2. the crate is a library that depends on `archgen` and has `pub const ARCHITECTURES: &[archgen::Entry] = &[…];`.\n\nThis crate is neither: it depends on archgen only for its build script or its tests, or it has several binaries and none is called `archgen`.\n",
    },
    ToolCode {
        code: "AG0912",
        summary: "the crate in this folder does not build",
        explanation: "## What happened\n\nThe crate had to be built first, and the compiler found errors that have nothing to do with the architecture. They are printed above.\n",
    },
    ToolCode {
        code: "AG0913",
        summary: "the command would run itself again",
        explanation: "## What happened\n\n`archgen` started the binary of a crate, and that binary started `archgen` in the same crate.\n\n## What to do\n\nCall `archgen_cli::main` with your architectures in `main`; do not start the command `archgen` from it.\n",
    },
    ToolCode {
        code: "AG0920",
        summary: "parameters without a default have no value",
        explanation: "## What happened\n\nThe template has parameters without a default. A new stack needs a value for each; an update keeps the value the stack has and needs one only for parameters that are new.\n\n## What to do\n\nPass `--param NAME=VALUE` for each of those listed.\n",
    },
    ToolCode {
        code: "AG0921",
        summary: "the template or module has no such parameter, or does not allow the value",
        explanation: "## What happened\n\n`--param` names a parameter the template does not have (or a variable that the Terraform module does not have), names one twice, or gives a value that is not among those it allows or not of its type.\n",
    },
    ToolCode {
        code: "AG0922",
        summary: "a confirmation is needed, and there is no terminal",
        explanation: "## What happened\n\n`deploy` shows its change set and asks. Without a terminal nobody can answer, so nothing was deployed.\n\n## What to do\n\nLook at the changes printed above, then pass `--yes`.\n",
    },
    ToolCode {
        code: "AG0923",
        summary: "the template is too large for this way of deploying",
        explanation: "## What happened\n\nCloudFormation takes a template of at most 51,200 bytes in a request, and of at most 1 MB from a bucket.\n\n## What to do\n\nPass `--bucket NAME`: the template is uploaded there and deployed from there. A template over 1 MB has to be split into several architectures.\n",
    },
    ToolCode {
        code: "AG0924",
        summary: "the stack is in a state that takes no deployment",
        explanation: "## What happened\n\nA stack whose creation was rolled back can only be deleted, one whose update rollback failed has to be continued first, and one that is busy has to be waited for.\n",
    },
    ToolCode {
        code: "AG0925",
        summary: "the change set could not be created",
        explanation: "## What happened\n\nCloudFormation took the template but could not work out a change set. Its reason is printed. The stack is as it was.\n",
    },
    ToolCode {
        code: "AG0926",
        summary: "the deployment of the stack failed",
        explanation: "## What happened\n\nA resource could not be created, changed or removed. The message names the first resource that failed (later ones are usually cancelled because of it), the declaration it comes from and the source line of that declaration.\n\n## What to do\n\nCorrect the declaration and deploy again. A stack that was new and was rolled back has to be deleted first.\n",
    },
    ToolCode {
        code: "AG0927",
        summary: "waiting came to an end before the stack operation did",
        explanation: "## What happened\n\n`--timeout` passed, or the command was interrupted. The operation goes on in AWS all the same.\n\n## What to do\n\nFollow it in the console or with `aws cloudformation describe-stack-events`; pass a longer `--timeout` next time.\n",
    },
    ToolCode {
        code: "AG0928",
        summary: "an AWS API refused a call or could not be reached",
        explanation: "## What happened\n\nThe call and AWS's answer are printed. Common causes are missing permissions, an expired session and a wrong region.\n",
    },
    ToolCode {
        code: "AG0929",
        summary: "no AWS credentials or no region",
        explanation: "## What happened\n\nCredentials and the region come only from where the AWS SDK looks for them: environment variables, the shared configuration files and profiles, single sign-on, a credential process, and the metadata services of AWS.\n\n## What to do\n\nSet `AWS_PROFILE`, or `AWS_REGION` and the usual credential variables, or sign in with `aws sso login`.\n",
    },
    ToolCode {
        code: "AG0930",
        summary: "this command was built without `deploy`",
        explanation: "## What happened\n\n`archgen-cli` was built with `default-features = false`, which leaves the AWS SDK out.\n\n## What to do\n\nBuild it with its feature `deploy`.\n",
    },
    ToolCode {
        code: "AG0931",
        summary: "`reach` is asked about something that does not exist",
        explanation: "## What happened\n\n`--from` or `--to` is the name of nothing in this network.\n\n## What to do\n\nUse the name of a declaration (or a logical ID of a template, or an address of a Terraform module), a security group, a tier such as `network.private`, a VPC, `internet`, a CIDR block or an address. `archgen reach TARGET --all` shows everything that has network interfaces.\n",
    },
    ToolCode {
        code: "AG0932",
        summary: "`reach` or `check` is asked something that makes no sense",
        explanation: "## What happened\n\nThe options do not fit together: an IPv4 and an IPv6 side, a port of a protocol without ports, an environment of a template or Terraform module, or a parameter of an architecture.\n",
    },
    ToolCode {
        code: "AG0933",
        summary: "a file cannot be read as a CloudFormation template or Terraform module",
        explanation: "## What happened\n\nThe template is neither JSON nor YAML, or has no `Resources`; or a file of the module (`*.tf`, `*.tf.json`) is not in Terraform's language. The place of the mistake is printed.\n\nWhat a template or module holds that archgen does not understand is no reason to refuse it: it is listed, and what it decides is unknown.\n",
    },
    ToolCode {
        code: "AG0940",
        summary: "archgen has a bug: what it wrote is not what it checked",
        explanation: "## What happened\n\nBefore a template or Terraform module is put in place it is read back, and its CIDR blocks, routes, rules, network ACLs, interfaces and everything that reaches anything are compared with the architecture that was checked. They differ, so nothing was written.\n\n## What to do\n\nNothing is wrong with your architecture. Report the lines that are printed, with the declarations they name, at the place that is printed.\n",
    },
    ToolCode {
        code: "AG0941",
        summary: "the lock does not have this declaration",
        explanation: "## What happened\n\n`archgen lock forget` was asked to forget a declaration that `archgen.lock` does not have, for that architecture and environment.\n\n## What to do\n\nName one that is listed, or leave `--env` out to forget it in every environment.\n",
    },
];

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn codes_are_sorted_and_of_the_family_of_the_command() {
        assert!(ALL.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert!(ALL.iter().all(|it| it.code.starts_with("AG09") && it.code.len() == 6));
        assert!(ALL.iter().all(|it| it.explanation.starts_with("## What happened")));
    }
}
