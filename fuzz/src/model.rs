//! The model: what does not carry its own digest is refused, and what loads reads texts, alike with
//! all instructions of the processor.

use newsgraph::language::{Engine, Instructions};

/// Magic number, version, length and digest.
const HEADER: usize = 8 + 4 + 8 + 32;

const TEXT: &str = "Dog the dogs. The mayor of Oslo met 3 dogs-w9, and left.";

/// Loads bytes as a file, and as content behind a header that fits.
pub fn check(data: &[u8]) {
    let _ = Engine::from_bytes("a.bin", data);
    let sealed = seal(data);
    if let Some(&first) = data.first() {
        let mut damaged = sealed.clone();
        let at = usize::from(first) * 7 % HEADER;
        damaged[at] ^= 1 << (first % 8);
        assert!(Engine::from_bytes("b.bin", &damaged).is_err(), "byte {at} of the header");
        damaged.clone_from(&sealed);
        let at = HEADER + data.len() / 2;
        damaged[at] ^= 1 << (first % 8);
        assert!(Engine::from_bytes("b.bin", &damaged).is_err(), "byte {at} of the content");
    }
    let Ok(engine) = Engine::from_bytes("c.bin", &sealed) else { return };
    let portable = engine.clone().on(Instructions::Portable).expect("every processor has them");
    assert_eq!(engine.parse(TEXT), portable.parse(TEXT));
}

/// Puts a header before the content of a model.
pub fn seal(content: &[u8]) -> Vec<u8> {
    let mut out = b"NGMODEL\n".to_vec();
    out.extend(2_u32.to_le_bytes());
    out.extend((content.len() as u64).to_le_bytes());
    out.extend(blake3::hash(content).as_bytes());
    out.extend(content);
    out
}
