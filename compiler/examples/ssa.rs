use kukri_compiler as k;
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let input = k::Input { path: &path, text: &text, modules: &mut |_| None };
    match k::compile_to_ssa(input, &k::Options::default()) {
        Ok((c, m)) => { if std::env::args().nth(2).is_some() { println!("{}", m) } else { println!("ok {}", m.functions.len()) }; eprintln!("{}", k::diagnostic::render_text(&c.sources, &c.notes, false)); }
        Err(f) => { println!("{}", k::diagnostic::render_text(&f.sources, &f.diagnostics, false)); }
    }
}
