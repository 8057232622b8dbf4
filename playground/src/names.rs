//! The names of Unicode's characters, for programs that write `"\N{SNOWMAN}"`. In: a name. Out: its character.

#[cfg(target_family = "wasm")]
mod names {
    use kukri_playground::protocol::NO_CHARACTER;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// The code point of a character, or [`NO_CHARACTER`].
    #[wasm_bindgen]
    pub fn find(name: &str) -> u32 {
        tables::character(name).unwrap_or(NO_CHARACTER).into()
    }
}

fn main() {}
