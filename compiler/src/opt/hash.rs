//! Fast hash tables for keys of a few words. In: keys. Out: `Table`.
//!
//! The standard hash resists attackers, which costs more than the passes themselves; iteration order is never used.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// A hash table.
pub(crate) type Table<K, V> = HashMap<K, V, BuildHasherDefault<Mixer>>;

/// Multiplicative hashing (Knuth, The Art of Computer Programming, vol. 3, 6.4), a word at a time.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.mix(u64::from(*byte)));
    }
    fn write_u8(&mut self, word: u8) {
        self.mix(u64::from(word));
    }
    fn write_u32(&mut self, word: u32) {
        self.mix(u64::from(word));
    }
    fn write_u64(&mut self, word: u64) {
        self.mix(word);
    }
    fn write_i32(&mut self, word: i32) {
        self.mix(word as u64);
    }
    fn write_i64(&mut self, word: i64) {
        self.mix(word as u64);
    }
    fn write_isize(&mut self, word: isize) {
        self.mix(word as u64);
    }
    fn write_usize(&mut self, word: usize) {
        self.mix(word as u64);
    }
    fn finish(&self) -> u64 {
        // The table takes its bucket from the low bits, which multiplication mixes least.
        self.0.rotate_right(26)
    }
}
