//! Feature keys: 32-bit hashes of a template number and its values, the same on every machine.

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// A feature under construction.
#[derive(Clone, Copy)]
pub(super) struct Key(u64);

impl Key {
    /// Begins a feature of one template.
    #[inline]
    pub(super) fn new(template: u32) -> Self {
        Self((u64::from(template) + 1).wrapping_mul(FACTOR))
    }

    /// Adds a value.
    #[inline]
    pub(super) fn with(self, value: u32) -> Self {
        let mixed = (self.0 ^ u64::from(value)).wrapping_mul(FACTOR);
        Self(mixed ^ (mixed >> 29))
    }

    /// The finished key, never 0.
    #[inline]
    pub(super) fn end(self) -> u32 {
        let key = (self.0.wrapping_mul(FACTOR) >> 32) as u32;
        key.max(1)
    }
}

/// Hash of a text.
pub(super) fn text(text: &str) -> u32 {
    bytes(text.as_bytes())
}

/// Hash of bytes.
pub(super) fn bytes(bytes: &[u8]) -> u32 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for &byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3);
    }
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(FACTOR);
    ((mixed >> 32) as u32).max(1)
}
