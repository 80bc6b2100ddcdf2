//! Words of known names, from tables with a `name` column, as features.

use std::path::PathBuf;

use rustc_hash::FxHashMap;

use crate::error::{Error, Result};
use crate::resource::Table;

use super::scan::scan;
use super::segment::Lexicon;
use super::word::Word;

/// Columns that hold names, several parted by `|`.
const COLUMNS: [&str; 5] = ["name", "aliases", "acronyms", "adjectives", "people"];

/// Each word of the tables with what it is known as: for each table a bit for whole names, one for
/// parts of longer ones, and one for adjectives and peoples.
///
/// # Errors
/// [`Error::Rule`] when a file is not a table, [`Error::Usage`] for more than five.
pub(super) fn read(paths: &[PathBuf], lexicon: &Lexicon) -> Result<Vec<(u32, u16)>> {
    let mut known: FxHashMap<u32, u16> = FxHashMap::default();
    if paths.len() > 5 {
        return Err(Error::Usage("more than five gazetteers".to_owned()));
    }
    for (number, path) in (0..).zip(paths) {
        let text = std::fs::read_to_string(path).map_err(Error::io(path))?;
        let table = Table::parse(&path.display().to_string(), &text)?;
        for (column, name) in COLUMNS.iter().enumerate() {
            let Ok(rows) = table.rows([name]) else { continue };
            for (_, [cell]) in rows {
                for name in cell.split('|').filter(|name| !name.is_empty()) {
                    mark(name, number, column >= 3, lexicon, &mut known);
                }
            }
        }
    }
    let mut rows: Vec<(u32, u16)> = known.into_iter().collect();
    rows.sort_unstable();
    Ok(rows)
}

fn mark(
    name: &str,
    table: u16,
    adjective: bool,
    lexicon: &Lexicon,
    known: &mut FxHashMap<u32, u16>,
) {
    let mut buffer = String::new();
    let pieces = scan(name, lexicon);
    for piece in &pieces {
        let form = piece.span.of(name);
        if !form.starts_with(char::is_uppercase) {
            continue;
        }
        let kind = match (adjective, pieces.len()) {
            (true, _) => 2,
            (false, 1) => 0,
            _ => 1,
        };
        let key = Word::new(form, &mut buffer).lower;
        *known.entry(key).or_default() |= 1 << (table * 3 + kind);
    }
}
