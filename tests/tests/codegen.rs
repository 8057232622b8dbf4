//! What the optimiser makes of small programs: each heading of `codegen/` pins one optimisation.
//!
//! Under a heading stand a `python` block and, for each function that counts, an `ssa NAME` block with its optimised
//! SSA. `BLESS=1 cargo test --test codegen` rewrites these.

use kukri_compiler::{Input, Options, opt, ssa};
use kukri_tests::page::{self, Block, Draft, Section};
use libtest_mimic::{Arguments, Failed, Trial};
use std::sync::Arc;

fn main() {
    let arguments = Arguments::from_args();
    let mut trials = Vec::new();
    for path in kukri_tests::files(&kukri_tests::folder().join("codegen"), "md") {
        let text = std::fs::read_to_string(&path).expect("a page that was listed can be read");
        let sections = page::sections(&text);
        let page = Arc::new(Draft::new(path, text));
        for section in sections {
            let page = Arc::clone(&page);
            trials.push(Trial::test(section.name.clone(), move || check(&section, &page).map_err(Failed::from)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn check(section: &Section, page: &Draft) -> Result<(), String> {
    let source: String =
        section.blocks.iter().filter(|block| block.info == "python").map(|block| block.text.as_str()).collect();
    let input = Input { path: "main.py", text: &source, modules: &mut |_| None };
    let options = Options { level: opt::Level::Full, ..Options::default() };
    let compiled = kukri_compiler::compile_to_ssa(input, &options);
    let (_, module) = compiled.map_err(|failure| format!("it is refused: {:?}", failure.diagnostics))?;
    let mut checked = 0;
    for Block { info, text, range, .. } in &section.blocks {
        let Some(name) = info.strip_prefix("ssa ") else { continue };
        let found = module.functions.iter().find(|(_, function)| function.name == name);
        let (id, _) = found.ok_or_else(|| format!("there is no function `{name}`"))?;
        let found = ssa::print::function(&module, id).to_string();
        checked += 1;
        if found.trim_end() == text.trim_end() {
            continue;
        }
        if std::env::var_os("BLESS").is_none() {
            return Err(format!("`{name}` is\n{found}\nand the page says\n{text}\n(BLESS=1 rewrites it)"));
        }
        page.bless(range, &found)?;
    }
    if checked == 0 { Err("no `ssa` block stands under it".to_owned()) } else { Ok(()) }
}
