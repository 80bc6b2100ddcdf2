//! The `newsgraph` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    newsgraph::cli::main()
}
