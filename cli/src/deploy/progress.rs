//! Showing the events of a stack: with a bar on a terminal, as plain lines elsewhere.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::events::Event;
use super::origin::Origins;
use crate::output::{self, Paint};

/// Where the events go.
pub struct Progress<'a> {
    bar: Option<ProgressBar>,
    origins: &'a Origins,
    paint: Paint,
}

impl<'a> Progress<'a> {
    /// For an operation on `total` resources.
    pub fn new(total: usize, origins: &'a Origins) -> Progress<'a> {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new(total as u64);
            if let Ok(style) = ProgressStyle::with_template(
                "{spinner} [{elapsed}] {bar:24} {pos}/{len} {wide_msg}",
            ) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Progress { bar, origins, paint: Paint::stderr() }
    }

    /// Shows one event.
    pub fn event(&mut self, event: &Event) {
        let line = self.line(event);
        match &self.bar {
            Some(bar) => {
                bar.println(line);
                let done = event.status.ends_with("_COMPLETE") && !event.is_stack;
                if done && bar.position() < bar.length().unwrap_or(0) {
                    bar.inc(1);
                }
                bar.set_message(event.logical_id.clone());
            }
            None => output::stderr(&format!("{line}\n")),
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn line(&self, event: &Event) -> String {
        let status = format!("{:24}", event.status);
        let status = if event.status.ends_with("_FAILED") || event.status.contains("ROLLBACK") {
            self.paint.red(&status)
        } else if event.status.ends_with("_COMPLETE") {
            self.paint.green(&status)
        } else {
            status
        };
        let mut line =
            format!("{status} {}  {}", event.logical_id, self.paint.dim(&event.resource_type));
        if let Some(origin) = self.origins.get(&event.logical_id)
            && !origin.declaration.is_empty()
        {
            line += &format!("  `{}`", origin.declaration);
        }
        if let Some(reason) = &event.reason {
            line += &format!("  {reason}");
        }
        line
    }
}
