use kukri_compiler as k;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let level =
        if std::env::args().nth(2).as_deref() == Some("-O0") { k::opt::Level::None } else { k::opt::Level::Full };
    if std::env::args().nth(2).is_some() {
        let input = k::Input { path: &path, text: &text, modules: &mut |_| None };
        if let Ok((_, m)) = k::compile_to_ssa(input, &k::Options { level, ..Default::default() }) {
            println!("{m}")
        }
        return;
    }
    let input = k::Input { path: &path, text: &text, modules: &mut |_| None };
    let t = std::time::Instant::now();
    match k::compile(input, &k::Options::default()) {
        Ok(c) => {
            println!("ok {} {:?}", c.artifact.wasm.len(), t.elapsed());
            std::fs::write("/tmp/k/out.wasm", &c.artifact.wasm).unwrap();
            eprintln!("{}", k::diagnostic::render_text(&c.sources, &c.notes, false));
        }
        Err(f) => {
            println!("{}", k::diagnostic::render_text(&f.sources, &f.diagnostics, false));
        }
    }
}
