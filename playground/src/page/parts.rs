//! What is left to JavaScript (`playground/js`): the editor, the console, charts, and what browsers offer to it alone.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::{Closure, JsValue, wasm_bindgen};
use web_sys::{Element, File};

/// What JavaScript tells: a word and a value.
pub type Tell = Closure<dyn FnMut(String, JsValue)>;
/// What it asks: a word and an offset.
pub type Ask = Closure<dyn FnMut(String, u32) -> Promise>;
/// What it hears of a line.
pub type OfLine = Closure<dyn FnMut(u32)>;

#[wasm_bindgen(raw_module = "./parts.js")]
extern "C" {
    /// `CodeMirror`.
    #[derive(Clone)]
    pub type Editor;
    #[wasm_bindgen(js_name = createEditor)]
    pub fn create_editor(parent: &Element, text: &Closure<dyn FnMut() -> String>, tell: &Tell, ask: &Ask) -> Promise;
    #[wasm_bindgen(method)]
    pub fn open(this: &Editor, text: &str);
    #[wasm_bindgen(method)]
    pub fn report(this: &Editor, problems: &JsValue, file: &str, types: &JsValue);
    #[wasm_bindgen(method)]
    pub fn fix(this: &Editor, file: &str);
    #[wasm_bindgen(method, js_name = applyFix)]
    pub fn apply_fix(this: &Editor, fix: &JsValue, file: &str);
    #[wasm_bindgen(method, js_name = showHints)]
    pub fn show_hints(this: &Editor, shown: bool);
    #[wasm_bindgen(method, js_name = showNotes)]
    pub fn show_notes(this: &Editor, notes: &JsValue, file: &str);
    #[wasm_bindgen(method)]
    pub fn mark(this: &Editor, groups: &JsValue);
    #[wasm_bindgen(method)]
    pub fn reveal(this: &Editor, line: u32);
    #[wasm_bindgen(method)]
    pub fn select(this: &Editor, from: u32, to: u32);
    #[wasm_bindgen(method, js_name = goTo)]
    pub fn go_to(this: &Editor, line: u32);
    #[wasm_bindgen(method)]
    pub fn focus(this: &Editor);

    /// What a program prints.
    pub type Console;
    #[wasm_bindgen(js_name = createConsole)]
    pub fn create_console(
        element: &Element,
        visit: &Closure<dyn FnMut(String, u32)>,
        source: &Closure<dyn FnMut(String, u32) -> String>,
    ) -> Console;
    #[wasm_bindgen(method)]
    pub fn flush(this: &Console);
    #[wasm_bindgen(method)]
    pub fn clear(this: &Console);
    #[wasm_bindgen(method)]
    pub fn print(this: &Console, text: &str, stream: u32);
    #[wasm_bindgen(method)]
    pub fn note(this: &Console, text: &str);
    #[wasm_bindgen(method)]
    pub fn traceback(this: &Console, text: &str);

    /// Generated code.
    pub type Code;
    #[wasm_bindgen(js_name = createCode)]
    pub fn create_code(element: &Element, visit: &OfLine, choose: &OfLine) -> Code;
    #[wasm_bindgen(method)]
    pub fn show(this: &Code, lines: &JsValue);
    #[wasm_bindgen(method, js_name = mark)]
    pub fn mark_code(this: &Code, line: u32, follow: bool);

    #[wasm_bindgen(js_name = showResult)]
    pub fn show_result(element: &Element, result: &JsValue) -> Promise;
    #[wasm_bindgen(js_name = showBars)]
    pub fn show_bars(element: &Element, bars: &JsValue) -> Promise;
    pub fn pack(text: &str) -> Promise;
    pub fn unpack(letters: &str) -> Promise;
    pub fn download(name: &str, content: &JsValue, mime: &str);
    #[wasm_bindgen(js_name = downloadPackage)]
    pub fn download_package(name: &str, code: &str, types: &str, wasm: &Uint8Array);
    #[wasm_bindgen(js_name = copyText)]
    pub fn copy_text(text: &str) -> Promise;
    #[wasm_bindgen(js_name = keepOffline)]
    pub fn keep_offline();
    #[wasm_bindgen(js_name = readFile)]
    pub fn read_file(file: &File) -> Promise;
}

/// A value as JavaScript has it.
pub fn to_js(value: &impl serde::Serialize) -> JsValue {
    let text = serde_json::to_string(value).unwrap_or_default();
    js_sys::JSON::parse(&text).unwrap_or(JsValue::NULL)
}
