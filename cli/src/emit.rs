//! `archgen emit`: check, then write the files of a target below the folder given.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use archgen::build::{self, Written};
use archgen::cloudformation::Format;
use archgen::files::{self, Difference};
use archgen::lock::LockError;
use archgen::{Checked, Entry, Files, Target};
use similar::{ChangeTag, TextDiff};

use crate::arguments::{Emit, TemplateFormat};
use crate::error::{EXIT_FINDINGS, Error};
use crate::output::{self, Paint};
use crate::{findings, lock};

/// How many lines of a difference are shown.
const DIFF_LINES: usize = 40;

/// Writes the files, prints them, or compares them with what is on disk.
pub fn run(arguments: &Emit, entries: &[Entry]) -> Result<ExitCode, Error> {
    let selected = arguments.selection.resolve(entries)?;
    if arguments.stdout {
        selected.one_environment("`--stdout`")?;
    }
    let targets = arguments.target.targets();
    let environments = selected.environments();
    // A chart is for all environments, whichever is asked for.
    let considered = if targets.contains(&Target::Helm) { selected.everywhere() } else { selected };
    let before = lock::read(&arguments.lock)?;
    let mut findings = findings::find(considered, &arguments.selection.set, &before)?;
    let losses = findings.add_capabilities(targets);
    findings.print_to_stderr(selected.entry, "written");
    if findings.errors() > 0 {
        return Ok(ExitCode::from(EXIT_FINDINGS));
    }
    for (target, count) in losses {
        let count = output::count(count, "thing");
        output::stderr(&format!(
            "{} {count} said with a loss: see `archgen capabilities {} --target {}`\n",
            Paint::stderr().blue("note:"),
            selected.entry.name,
            target.as_str(),
        ));
    }
    let format = match arguments.format {
        TemplateFormat::Json => Format::Json,
        TemplateFormat::Yaml => Format::Yaml,
    };
    let everywhere: Vec<Checked> = findings.checked.into_iter().map(|it| it.1).collect();
    let checked = || everywhere.iter().filter(|it| environments.contains(&it.environment()));
    let mut lock = before.clone();
    let records = arguments.out.is_some() && !arguments.lock.no_lock;
    // What is written is proved while what was emitted is recorded.
    let written = std::thread::scope(|scope| {
        if records {
            scope.spawn(|| checked().for_each(|it| lock.record(it)));
        }
        build::folders(&everywhere, &environments, targets, format)
    });
    let written = written.map_err(Box::new)?;
    if written.is_empty() {
        return Err(Error::NothingToWrite { architecture: selected.entry.name.to_owned() });
    }
    let Some(out) = &arguments.out else {
        for Written { target, files, .. } in &written {
            // Names only where there are several: one file is meant for a pipe.
            let named = files.len() > 1 || targets.len() > 1;
            for (path, bytes) in files {
                if named {
                    output::stdout(&format!("# {}/{path}\n", target.as_str()))?;
                }
                output::stdout(&String::from_utf8_lossy(bytes))?;
            }
        }
        return Ok(ExitCode::SUCCESS);
    };
    let name = Path::new(selected.entry.name);
    let folders: Vec<(PathBuf, Files)> =
        written.into_iter().map(|it| (out.join(name).join(it.path), it.files)).collect();
    let changes = lock != before;
    if arguments.check {
        return compare(&folders, changes.then_some(arguments.lock.lock.as_path()));
    }
    if arguments.locked && changes {
        let (path, source) = (arguments.lock.lock.clone(), LockError::Locked);
        return Err(Error::Lock { path, source });
    }
    let code = write(&folders, arguments.force)?;
    lock::write(&arguments.lock, &lock)?;
    if targets.contains(&Target::CloudFormation) {
        for it in checked() {
            let folder = out.join(name).join(it.environment().as_str());
            lock::tell_renames(it, &folder.join(Target::CloudFormation.as_str()));
        }
    }
    Ok(code)
}

fn write(folders: &[(PathBuf, Files)], force: bool) -> Result<ExitCode, Error> {
    if !force {
        // All of them before the first is written.
        for (folder, files) in folders {
            files::refuse_foreign(folder, files)?;
        }
    }
    let paint = Paint::stdout();
    for (folder, files) in folders {
        let changed = files::write(folder, files)?;
        let word = if changed { paint.green("wrote") } else { paint.dim("unchanged") };
        for path in files.keys() {
            output::stdout(&format!("{word} {}\n", folder.join(path).display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn compare(folders: &[(PathBuf, Files)], lock: Option<&Path>) -> Result<ExitCode, Error> {
    let paint = Paint::stderr();
    let mut different = 0;
    if let Some(lock) = lock {
        different += 1;
        output::stderr(&format!("differs: {}\n", lock.display()));
    }
    for (folder, files) in folders {
        for difference in files::compare(folder, files)? {
            different += 1;
            output::stderr(&describe(folder, files, &difference, paint));
        }
    }
    if different == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    let verb = if different == 1 { "differs" } else { "differ" };
    let count = output::count(different, "file");
    output::stderr(&format!(
        "{} {} {count} on disk {verb} from what would be emitted\n  {} help: run the same `emit` without `--check`\n",
        paint.red("error:"),
        paint.bold("[AG0906]"),
        paint.blue("="),
    ));
    Ok(ExitCode::from(EXIT_FINDINGS))
}

fn describe(folder: &Path, files: &Files, difference: &Difference, paint: Paint) -> String {
    match difference {
        Difference::Missing(path) => format!("missing: {}\n", folder.join(path).display()),
        Difference::Stale(path) => format!("no longer emitted: {}\n", folder.join(path).display()),
        Difference::Changed { path, found } => {
            let expected = files.get(path).map(Vec::as_slice).unwrap_or_default();
            format!(
                "differs: {}\n{}",
                folder.join(path).display(),
                short_diff(found, expected, paint)
            )
        }
    }
}

/// The changed lines with a little around them, cut off where it gets long.
fn short_diff(on_disk: &[u8], emitted: &[u8], paint: Paint) -> String {
    let (on_disk, emitted) = (String::from_utf8_lossy(on_disk), String::from_utf8_lossy(emitted));
    let diff = TextDiff::from_lines(&on_disk, &emitted);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(2) {
        if let Some(first) = group.first() {
            lines.push(paint.dim(&format!("  line {} on disk:", first.old_range().start + 1)));
        }
        for change in group.iter().flat_map(|it| diff.iter_changes(it)) {
            let line = change.value().trim_end_matches(['\r', '\n']);
            lines.push(match change.tag() {
                ChangeTag::Delete => paint.red(&format!("  - {line}")),
                ChangeTag::Insert => paint.green(&format!("  + {line}")),
                ChangeTag::Equal => format!("    {line}"),
            });
        }
    }
    if lines.len() > DIFF_LINES {
        let more = lines.len() - DIFF_LINES;
        lines.truncate(DIFF_LINES);
        lines.push(paint.dim(&format!("  … {more} more lines")));
    }
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_shows_the_changed_lines_and_is_short() {
        let old: String = (0..500).map(|it| format!("line {it}\n")).collect();
        let new = old.replace("line 250\n", "line CHANGED\n");
        let diff = short_diff(old.as_bytes(), new.as_bytes(), Paint { on: false });
        assert!(diff.contains("  line 249 on disk:"), "{diff}");
        assert!(diff.contains("  - line 250\n  + line CHANGED\n"), "{diff}");
        assert_eq!(diff.lines().count(), 7);
        let all = short_diff(b"", old.as_bytes(), Paint { on: false });
        assert_eq!(all.lines().count(), DIFF_LINES + 1);
    }
}
