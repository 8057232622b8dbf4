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
fn a_dot_product_moves_no_value_twice() {
    let text = "
export \"dot\" = @dot
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
}";
    let expected = "\
(func $dot (;0;) (type 0) (param $xs i32) (param $ys i32) (param $n i32) (result f64)
  (local $i i32) (local i32) (local $total f64)
  i32.const 0
  f64.const 0x0p+0 (;=0;)
  local.set $total
  local.set $i
  loop ;; label = @1
    local.get $i
    local.get $n
    i32.ge_s
    if ;; label = @2
      local.get $total
      return
    end
    local.get $i
    i32.const 3
    i32.shl
    local.set 4
    local.get $i
    i32.const 1
    i32.add
    local.get $total
    local.get $xs
    local.get 4
    i32.add
    f64.load offset=16
    local.get $ys
    local.get 4
    i32.add
    f64.load offset=16
    f64.mul
    f64.add
    local.set $total
    local.set $i
    br 0 (;@1;)
  end
  unreachable
)
";
    assert_eq!(wat(text), expected);
}

#[test]
fn an_exception_goes_where_the_edge_says() {
    let text = "
export \"f\" = @f
function @error(v0: i64) -> i32 {
b0:
  v1 = i32.wrap_i64 v0
  return v1
}
function @f(v0 n: i64) -> i64 {
b0:
  v1 = i64 10
  v2 = i64.lt_s v0, v1
  guard v2, @error(v0)
  v3: i64 = call @f(v0) unwind b1(v0)
  return v3
b1(v4: i32, v5: i64):
  v6 = i64.extend_i32_s v4
  v7 = i64.add v5, v6
  return v7
}";
    let expected = "\
(func $f (;0;) (type 0) (param $n i64) (result i64)
  (local i32)
  local.get $n
  i64.const 10
  i64.ge_s
  (@metadata.code.branch_hint \"\\00\")
  if ;; label = @1
    local.get $n
    call $error
    throw $exception
  end
  block ;; label = @1
    block (result i32) ;; label = @2
      try_table (result i32) (catch $exception 0 (;@2;)) ;; label = @3
        local.get $n
        call $f
        local.set $n
        br 2 (;@1;)
      end
    end
    local.set 1
    local.get $n
    local.get 1
    i64.extend_i32_s
    i64.add
    return
  end
  local.get $n
)
(func $error (;1;) (type 1) (param i64) (result i32)
  local.get 0
  i32.wrap_i64
)
";
    assert_eq!(wat(text), expected);
}

#[test]
fn what_raises_is_not_expected() {
    let text = "
export \"f\" = @f
function @f(v0 n: i64, v1 e: i32) -> i64 {
b0:
  v2 = i64.eqz v0
  branch v2, b1, b2
b1:
  jump b4(v1)
b2:
  v3 = i64 7
  v4 = i64.lt_s v0, v3
  branch v4, b3, b4(v1)
b3:
  return v0
b4(v5: i32):
  throw v5
}";
    let hints: Vec<_> = wat(text).lines().filter(|line| line.contains("hint")).map(str::to_owned).collect();
    assert_eq!(hints, ["    ", "      "].map(|indent| format!("{indent}(@metadata.code.branch_hint \"\\00\")")));
}
