//! One bar on standard error, only on a terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Environment;

/// A bar that counts `what`; invisible with `-q` or when standard error is no terminal.
pub(super) fn bar(environment: &Environment, total: usize, what: &str) -> ProgressBar {
    let bar = ProgressBar::new(total as u64);
    if environment.quiet > 0 || !std::io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    let template = "{msg:>10} [{bar:30}] {human_pos}/{human_len}  {per_sec}  {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(what.to_owned());
    bar
}

/// A count of `what`, of which nobody knows how many there are; invisible as [`bar`] is.
pub(super) fn spinner(environment: &Environment, what: &str) -> ProgressBar {
    let bar = bar(environment, 0, what);
    if let Ok(style) = ProgressStyle::with_template("{msg:>10} {human_pos}  {per_sec}") {
        bar.set_style(style);
    }
    bar
}
