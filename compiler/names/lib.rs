//! The characters that `"\N{SNOWMAN}"` names. In: a name. Out: its character.
//!
//! The parser asks the crate `unicode_names2`, whose tables are a quarter of what a browser would have to load, for
//! something that few programs write. This stands in its place: natively it passes the question on, on wasm32 to
//! whatever the host offers, which may come when it is needed.

/// The character of this name, if there is one; case does not count.
#[cfg(not(target_family = "wasm"))]
pub fn character(name: &str) -> Option<char> {
    tables::character(name)
}

#[cfg(target_family = "wasm")]
pub use of_host::{character, set_source};

#[cfg(target_family = "wasm")]
mod of_host {
    use std::sync::OnceLock;

    static SOURCE: OnceLock<fn(&str) -> Option<char>> = OnceLock::new();

    /// Says who knows the names. Without it, no name is known.
    pub fn set_source(source: fn(&str) -> Option<char>) {
        let _ = SOURCE.set(source);
    }

    /// The character of this name, if there is one; case does not count.
    pub fn character(name: &str) -> Option<char> {
        SOURCE.get()?(name)
    }
}
