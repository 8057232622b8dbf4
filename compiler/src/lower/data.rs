//! Constant objects in the data segment. In: texts and bytes. Out: their addresses, equal ones shared.

use crate::abi;
use std::collections::HashMap;

/// The data segment as it grows.
#[derive(Default)]
pub(super) struct Constants {
    /// What lies from `abi::DATA_START` on.
    pub bytes: Vec<u8>,
    placed: HashMap<Vec<u8>, u32>,
}

impl Constants {
    /// The address of a `str`.
    pub fn text(&mut self, text: &str) -> u32 {
        let length = text.chars().count();
        if text.chars().all(|c| (c as u32) < 256) {
            self.object(length, 1, text.chars().map(|c| c as u8))
        } else {
            self.object(length, 4, text.chars().flat_map(|c| (c as u32).to_le_bytes()))
        }
    }

    /// The address of a `bytes`.
    pub fn bytes(&mut self, bytes: &[u8]) -> u32 {
        // Equal to the `str` of the same characters, byte by byte, so they share one object.
        self.object(bytes.len(), 1, bytes.iter().copied())
    }

    fn object(&mut self, length: usize, width: u32, data: impl Iterator<Item = u8>) -> u32 {
        // One reference is the segment's own and never given back: the object is never dropped.
        let header = [1, length as u32, width, 0];
        let object: Vec<u8> = header.into_iter().flat_map(u32::to_le_bytes).chain(data).collect();
        self.numbers(object)
    }

    /// The address of 16-aligned bytes.
    pub fn numbers(&mut self, object: Vec<u8>) -> u32 {
        if let Some(address) = self.placed.get(&object) {
            return *address;
        }
        self.bytes.resize(self.bytes.len().next_multiple_of(16), 0);
        let address = abi::DATA_START + self.bytes.len() as u32;
        self.bytes.extend(&object);
        self.placed.insert(object, address);
        address
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_an_aligned_object_in_the_narrowest_width() {
        let mut constants = Constants::default();
        let ascii = constants.text("abc");
        let latin = constants.text("é");
        let wide = constants.text("a€");
        assert_eq!(constants.text("abc"), ascii);
        assert_eq!([ascii % 16, latin % 16, wide % 16], [0, 0, 0]);
        let at = |address: u32, offset: u32| constants.bytes[(address - abi::DATA_START + offset) as usize];
        assert_eq!([at(ascii, abi::STR_LENGTH), at(ascii, abi::STR_WIDTH), at(ascii, abi::STR_DATA)], [3, 1, b'a']);
        assert_eq!([at(latin, abi::STR_LENGTH), at(latin, abi::STR_WIDTH), at(latin, abi::STR_DATA)], [1, 1, 0xe9]);
        assert_eq!([at(wide, abi::STR_LENGTH), at(wide, abi::STR_WIDTH)], [2, 4]);
        assert_eq!([at(wide, abi::STR_DATA + 4), at(wide, abi::STR_DATA + 5)], [0xac, 0x20]);
    }
}
