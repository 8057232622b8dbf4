//! Text of SSA in, text of Wasm out. Every module is validated.

use super::{Options, emit};
use crate::ssa::parse::parse;
use crate::ssa::verify::verify;

/// The functions of the module as text, without what stands around them.
fn wat(text: &str) -> String {
    let module = parse(text).expect("the text is right");
    verify(&module).expect("the module is well formed");
    let wasm = emit(&module, &[], &Options::default()).wasm;
    let printed = wasmprinter::print_bytes(&wasm).expect("the module can be printed");
    let features = wasmparser::WasmFeatures::default() | wasmparser::WasmFeatures::EXCEPTIONS;
    if let Err(error) = wasmparser::Validator::new_with_features(features).validate_all(&wasm) {
        panic!("{error}\n{printed}");
    }
    let lines = printed.lines().filter(|line| {
        let outside = ["(module", "  (type", "  (memory", "  (export", "  (global", "  (tag", "  (import"];
        !outside.iter().any(|start| line.starts_with(start)) && *line != ")"
    });
    lines.map(|line| format!("{}\n", line.strip_prefix("  ").unwrap_or(line))).collect()
}

#[test]
fn a_dot_product_touches_no_local_twice() {
    let text = r#"
export "dot" = @dot
function @dot(v0 xs: i32, v1 ys: i32, v2 n: i32) -> f64 {
b0:
  v3 = i32 0
  v4 = f64 0.0
  jump b1(v3, v4)
b1(v5 i: i32, v6 total: f64):
  v7 = i32.lt_s v5, v2
  branch v7, b2, b3
b2:
  v8 = i32 3
  v9 = i32.shl v5, v8
  v10 = i32.add v0, v9
  v11 = f64.load v10+16
  v12 = i32.add v1, v9
  v13 = f64.load v12+16
  v14 = f64.mul v11, v13
  v15 = f64.add v6, v14
  v16 = i32 1
  v17 = i32.add v5, v16
  jump b1(v17, v15)
b3:
  return v6
}
"#;
    println!("{}", wat(text));
    let text = r#"
global $top = i32 0
export "f" = @f
function @error(v0: i64) -> i32 {
b0:
  v1: i32 = global.get $top
  return v1
}
function @drop(v0: i32) {
b0:
  return
}
function @g(v0: i64) -> i64, i32 {
b0:
  v1 = i64 1
  v2 = i64.add v0, v1
  v3 = i64.add_overflows v0, v1
  v4 = i32.eqz v3
  guard v4, @error(v0)
  v5 = i64.mul_overflows v0, v2
  return v2, v5
}
function @f(v0 n: i64, v1 object: i32) -> i64 {
b0:
  v2 = i64 0
  jump b1(v2, v2)
b1(v3 i: i64, v4 total: i64):
  v5 = i64.lt_s v3, v0
  branch v5, b2, b3
b2:
  retain v1
  v6 = i64 10
  v7 = i64.lt_s v3, v6
  guard v7, @error(v3) unwind b4(v4)
  v8: i64, v9: i32 = call @g(v3) unwind b4(v4)
  release v1, @drop
  v16 = i64 1
  v17 = i64.add v3, v16
  switch v9, [b1(v17, v8), b1(v8, v17), b5], b6
b5:
  v18 = i64.add v4, v8
  jump b1(v17, v18)
b6:
  jump b1(v4, v3)
b4(v10: i32, v11: i64):
  v12: i32 = call @error(v11)
  v13 = i32.eq v10, v12
  branch v13, b7, b8
b7:
  throw v10
b8:
  jump b3
b3:
  return v4
}
"#;
    println!("{}", wat(text));
}
