//! CoNLL-U: what is read and written is read and written alike from then on.

use std::path::Path;

use newsgraph::language::conllu;

/// Reads, writes, reads and writes again.
pub fn check(data: &[u8]) {
    let Some(once) = rewritten(data) else { return };
    let twice = rewritten(&once).expect("what was written can be read");
    assert_eq!(String::from_utf8_lossy(&once), String::from_utf8_lossy(&twice));
}

/// What is read, written; `None` if it cannot be read.
fn rewritten(bytes: &[u8]) -> Option<Vec<u8>> {
    let parsed = conllu::read(Path::new("a.conllu"), bytes).ok()?;
    let mut out = Vec::new();
    for conllu::Parsed { document, sentences, forms, misc } in &parsed {
        assert_eq!((sentences.len(), sentences.len()), (forms.len(), misc.len()));
        for sentence in sentences {
            let text = &document.text;
            assert!(sentence.tokens.iter().all(|token| text.get(token.span.range()).is_some()));
        }
        conllu::write(sentences, document, &mut out).expect("memory takes all");
    }
    Some(out)
}
