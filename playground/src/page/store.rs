//! What outlives a visit: files, settings, arguments, in the browser's storage; and what a link holds. In and out: texts.

use kukri_playground::protocol::Program;
use wasm_bindgen::JsCast;
use web_sys::{Document, Element, HtmlElement, Storage, Window};

pub fn window() -> Window {
    web_sys::window().expect("the page has a window")
}

pub fn document() -> Document {
    window().document().expect("the page has a document")
}

/// An element of `index.html`.
pub fn element(id: &str) -> Element {
    document().get_element_by_id(id).expect("index.html has it")
}

fn storage() -> Option<Storage> {
    // Browsers may refuse it; then nothing is kept.
    window().local_storage().ok().flatten()
}

pub fn get(key: &str) -> Option<String> {
    storage()?.get_item(&format!("kukri.{key}")).ok().flatten()
}

pub fn set(key: &str, value: &str) {
    if let Some(storage) = storage() {
        let _ = storage.set_item(&format!("kukri.{key}"), value);
    }
}

/// The files of the last visit.
pub fn program() -> Option<Program> {
    let program: Program = serde_json::from_str(&get("program")?).ok()?;
    (program.main < program.files.len()).then_some(program)
}

pub fn keep(program: &Program) {
    if let Ok(text) = serde_json::to_string(program) {
        set("program", &text);
    }
}

/// A value of the address: `#code=…`, `#example=…`.
pub fn fragment(name: &str) -> Option<String> {
    let hash = window().location().hash().ok()?;
    hash.trim_start_matches('#')
        .split('&')
        .find_map(|part| Some(part.strip_prefix(name)?.strip_prefix('=')?.to_owned()))
}

/// Whether the page is shown inside another one.
pub fn is_embedded() -> bool {
    window()
        .location()
        .search()
        .is_ok_and(|search| search.trim_start_matches('?').split('&').any(|part| part == "embed"))
}

/// The address without what comes after `#` and `?`.
pub fn address() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split(['#', '?']).next().unwrap_or_default().to_owned()
}

/// `light`, `dark`, or `system`.
pub fn theme() -> String {
    get("theme").filter(|theme| theme == "light" || theme == "dark").unwrap_or_else(|| "system".to_owned())
}

pub fn apply_theme(theme: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("data-theme", theme);
    }
    set("theme", theme);
}

pub fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
