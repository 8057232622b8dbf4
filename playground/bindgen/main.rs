//! `kukri-bindgen IN.wasm FOLDER NAME`: writes `NAME.js` and `NAME_bg.wasm`. The version of the library must be the one
//! that the playground is built with, and is pinned in both.

use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [input, folder, name] = &arguments[..] else { return Err("kukri-bindgen IN.wasm FOLDER NAME".into()) };
    let mut bindgen = Bindgen::new();
    bindgen.input_path(input).web(true)?.typescript(false).out_name(name);
    bindgen.generate(folder)?;
    Ok(())
}
