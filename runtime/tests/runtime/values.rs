//! Scalars, strings, lists, tuples, and what else is no array, across the border in both directions.

use crate::{kernel, message};
use kukri::{Element, Error, Value};
use num_complex::Complex;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

const SAME: &str = "
import numpy as np
def same(x):
    return x
def an_int(x: int) -> int:
    return x
def a_float(x: float) -> float:
    return x
def a_bool(x: bool) -> bool:
    return x
def a_complex(x: complex) -> complex:
    return x
def a_str(x: str) -> str:
    return x
def some_bytes(x: bytes) -> bytes:
    return x
def ints(x: list[int]) -> list[int]:
    return x
def floats(x: list[float]) -> list[float]:
    return x
def nested(x: list[list[str]]) -> list[list[str]]:
    return x
def pair(x: tuple[int, str]) -> tuple[str, int]:
    return x[1], x[0]
def maybe(x: int | None) -> int | None:
    return x
def maybe_text(x: str | None) -> str | None:
    return x
def nothing(x: None) -> None:
    return x
def a_range(x: range) -> range:
    return x
";

#[test]
fn integers_of_every_width_keep_their_extremes() {
    let kernel = kernel(SAME);
    macro_rules! extremes {
        ($($rust:ty)*) => {$(
            for value in [<$rust>::MIN, <$rust>::MAX, 0, 1] {
                assert_eq!(kernel.call::<$rust>("an_int", (value,)).expect("it fits"), value);
                assert_eq!(kernel.call::<$rust>("same", (value,)).expect("it fits"), value);
            }
        )*};
    }
    extremes!(i8 i16 i32 i64 u8 u16 u32 isize);
    assert_eq!(kernel.call::<u64>("an_int", (u64::MAX / 2,)).expect("it fits"), u64::MAX / 2);
    assert_eq!(kernel.call::<usize>("an_int", (7usize,)).expect("it fits"), 7);
    assert_eq!(
        message(kernel.call::<u64>("an_int", (u64::MAX,))),
        "an_int() argument `x` should be `int`, and 18446744073709551615 is outside its range"
    );
}

#[test]
fn results_that_do_not_fit_are_errors() {
    let kernel = kernel(SAME);
    assert_eq!(message(kernel.call::<u8>("an_int", (256,))), "an_int() gives 256, which does not fit a Rust `u8`");
    assert_eq!(message(kernel.call::<u64>("an_int", (-1,))), "an_int() gives -1, which does not fit a Rust `u64`");
    assert_eq!(message(kernel.call::<usize>("an_int", (-1,))), "an_int() gives -1, which does not fit a Rust `usize`");
    assert_eq!(message(kernel.call::<f32>("a_float", (0.1,))), "a_float() gives 0.1, which does not fit a Rust `f32`");
    assert_eq!(kernel.call::<f32>("a_float", (0.5,)).expect("it is exact"), 0.5);
    assert_eq!(message(kernel.call::<i64>("a_float", (1.0,))), "a_float() gives `float`, which is not a Rust `i64`");
    assert_eq!(message(kernel.call::<f64>("an_int", (1,))), "an_int() gives `int`, which is not a Rust `f64`");
    assert_eq!(message(kernel.call::<String>("an_int", (1,))), "an_int() gives `int`, which is not a Rust `String`");
    assert_eq!(
        message(kernel.call::<Vec<u8>>("ints", (vec![1, 300],))),
        "ints() gives 300, which does not fit a Rust `u8`"
    );
    assert_eq!(
        message(kernel.call::<(i64, i64)>("pair", ((1, "a"),))),
        "pair() gives `str`, which is not a Rust `i64`"
    );
    assert_eq!(message(kernel.call::<()>("an_int", (1,))), "an_int() gives `int`, which is not a Rust `()`");
    let error = kernel.call::<u8>("an_int", (256,)).expect_err("it does not fit");
    assert!(matches!(error, Error::Result { function, .. } if function == "an_int"));
}

#[test]
fn floats_keep_every_bit() {
    let kernel = kernel(SAME);
    for value in [0.0, -0.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::INFINITY, f64::NEG_INFINITY, 0.1, 1e16] {
        let back: f64 = kernel.call("a_float", (value,)).expect("a float");
        assert_eq!(back.to_bits(), value.to_bits());
    }
    assert!(kernel.call::<f64>("a_float", (f64::NAN,)).expect("a float").is_nan());
    // Python accepts an int where a float is expected.
    assert_eq!(kernel.call::<f64>("a_float", (3,)).expect("an int is a float"), 3.0);
    assert_eq!(kernel.call::<f64>("a_float", (1.5f32,)).expect("a float"), 1.5);
    assert_eq!(kernel.call::<f32>("same", (0.1f32,)).expect("np.float32"), 0.1f32);
    let z = Complex::new(1.5f64, -0.0);
    let back: Complex<f64> = kernel.call("a_complex", (z,)).expect("a complex");
    assert_eq!((back.re.to_bits(), back.im.to_bits()), (z.re.to_bits(), z.im.to_bits()));
    assert_eq!(kernel.call::<Complex<f64>>("a_complex", (2,)).expect("an int"), Complex::new(2.0, 0.0));
    assert_eq!(
        kernel.call::<Complex<f32>>("same", (Complex::new(0.1f32, 2.0),)).expect("np.complex64"),
        Complex::new(0.1f32, 2.0)
    );
}

#[test]
fn other_types_are_refused_in_words() {
    let kernel = kernel(SAME);
    let refused = |result: Result<Value, Error>| {
        assert!(matches!(result, Err(Error::Argument { .. })));
        message(result)
    };
    assert_eq!(refused(kernel.call("an_int", (1.5,))), "an_int() argument `x` should be `int`, not `float`");
    assert_eq!(refused(kernel.call("an_int", ("1",))), "an_int() argument `x` should be `int`, not `str`");
    assert_eq!(refused(kernel.call("a_bool", (1,))), "a_bool() argument `x` should be `bool`, not `int`");
    assert_eq!(
        refused(kernel.call("a_float", (Complex::new(1.0, 0.0),))),
        "a_float() argument `x` should be `float`, not `complex`"
    );
    assert_eq!(refused(kernel.call("a_str", (vec![1],))), "a_str() argument `x` should be `str`, not `list[int]`");
    assert_eq!(refused(kernel.call("ints", (vec![1.5],))), "ints() argument `x` should be `int`, not `float`");
    assert_eq!(
        refused(kernel.call("pair", ((1, "a", 2),))),
        "pair() argument `x` should be `tuple[int, str]`, not `tuple[int, str, int]`"
    );
    assert_eq!(refused(kernel.call("nothing", (1,))), "nothing() argument `x` should be `None`, not `int`");
    assert_eq!(refused(kernel.call("maybe", ("a",))), "maybe() argument `x` should be `int`, not `str`");
    // A refused call leaves the kernel as it was.
    assert_eq!(kernel.call::<i64>("an_int", (3,)).expect("it goes on"), 3);
}

#[test]
fn texts_of_every_width() {
    let kernel = kernel(SAME);
    for text in ["", "abc", "déjà\0vu", "日本語", "a😀b", "\u{10ffff}"] {
        assert_eq!(kernel.call::<String>("a_str", (text,)).expect("a str"), text);
        assert_eq!(kernel.call::<String>("same", (text.to_owned(),)).expect("a str"), text);
        let value = kernel.call_values("a_str", &[Value::Str(text.into())]).expect("a str");
        assert_eq!(value, Value::Str(text.into()));
    }
    let long = "é😀".repeat(100_000);
    assert_eq!(kernel.call::<String>("a_str", (&long,)).expect("a str"), long);
    for content in [&b""[..], b"\0\xff", b"abc"] {
        assert_eq!(kernel.call::<Vec<u8>>("some_bytes", (content,)).expect("bytes"), content);
        let value = kernel.call_values("some_bytes", &[Value::Bytes(content.into())]).expect("bytes");
        assert_eq!(value, Value::Bytes(content.into()));
    }
    assert_eq!(
        message(kernel.call::<Vec<u8>>("some_bytes", ("abc",))),
        "some_bytes() argument `x` should be `bytes`, not `str`"
    );
}

#[test]
fn lists() {
    let kernel = kernel(SAME);
    assert_eq!(kernel.call::<Vec<i64>>("ints", (&[1i64, -2, 3][..],)).expect("a list"), [1, -2, 3]);
    assert_eq!(kernel.call::<Vec<i16>>("ints", ([1u8, 2],)).expect("a list"), [1, 2]);
    assert_eq!(kernel.call::<Vec<f64>>("floats", (vec![1.5, f64::INFINITY],)).expect("a list"), [1.5, f64::INFINITY]);
    // Ints among the items of a list of floats.
    assert_eq!(kernel.call::<Vec<f64>>("floats", (vec![1, 2],)).expect("a list"), [1.0, 2.0]);
    assert_eq!(kernel.call::<Vec<i64>>("ints", (Vec::<i64>::new(),)).expect("a list"), [0i64; 0]);
    let words = vec![vec!["a".to_owned(), "é".to_owned()], vec![], vec!["😀".to_owned()]];
    assert_eq!(kernel.call::<Vec<Vec<String>>>("nested", (&words,)).expect("a list"), words);
    assert_eq!(kernel.call::<Vec<Vec<String>>>("same", (&words,)).expect("a list"), words);
    let deep = vec![vec![vec![vec![1i64]]]];
    assert_eq!(kernel.call::<Vec<Vec<Vec<Vec<i64>>>>>("same", (&deep,)).expect("a list"), deep);
    assert_eq!(kernel.call::<Vec<bool>>("same", (vec![true, false],)).expect("a list"), [true, false]);
    let pairs = vec![(1, 2.5, "x".to_owned()), (2, -0.5, "y".to_owned())];
    assert_eq!(kernel.call::<Vec<(i64, f64, String)>>("same", (pairs.clone(),)).expect("a list"), pairs);
    let many: Vec<i64> = (0..300_000).collect();
    assert_eq!(kernel.call::<Vec<i64>>("ints", (&many,)).expect("a list"), many);
}

type Nested = (i64, (f64, (bool, String)), Vec<i64>);

#[test]
fn tuples_and_options() {
    let kernel = kernel(SAME);
    assert_eq!(kernel.call::<(String, i64)>("pair", ((7, "a"),)).expect("a tuple"), ("a".to_owned(), 7));
    let value: Nested = (1, (2.5, (true, "x".into())), vec![3]);
    assert_eq!(kernel.call::<Nested>("same", (value.clone(),)).expect("a tuple"), value);
    assert_eq!(kernel.call::<(i64,)>("same", ((5,),)).expect("a tuple"), (5,));
    assert_eq!(kernel.call::<Option<i64>>("maybe", (Some(3),)).expect("an optional"), Some(3));
    assert_eq!(kernel.call::<Option<i64>>("maybe", (None::<i64>,)).expect("an optional"), None);
    assert_eq!(kernel.call::<Option<i64>>("maybe", (4,)).expect("an int"), Some(4));
    assert_eq!(kernel.call::<Option<i64>>("maybe", ((),)).expect("None"), None);
    assert_eq!(kernel.call::<Option<String>>("maybe_text", (Some("é"),)).expect("an optional"), Some("é".into()));
    assert_eq!(kernel.call::<Option<i64>>("an_int", (4,)).expect("an int"), Some(4));
    kernel.call::<()>("nothing", ((),)).expect("None");
    let items = vec![Some(1), None, Some(3)];
    assert_eq!(kernel.call::<Vec<Option<i64>>>("same", (items.clone(),)).expect("a list"), items);
    assert_eq!(kernel.call_values("maybe", &[Value::None]).expect("None"), Value::None);
}

#[test]
fn results_that_are_sets_dicts_and_ranges() {
    let source = "
def squares(n: int) -> dict[int, list[int]]:
    return {i: [i * i] for i in range(n) if i != 1}
def words(text: str) -> set[str]:
    return set(text.split())
def empty(n: int) -> dict[str, float]:
    d = {'a': 1.0}
    del d['a']
    return d
def steps(n: int) -> range:
    return range(0, n, 2)
";
    let kernel = kernel(source);
    let dict = kernel.call_values("squares", &[Value::Int(4)]).expect("a dict");
    assert_eq!(dict.to_string(), "{0: [0], 2: [4], 3: [9]}");
    let set = kernel.call_values("words", &[Value::Str("b a b".into())]).expect("a set");
    let Value::Set(mut items) = set else { panic!("{set}") };
    items.sort_by_key(ToString::to_string);
    assert_eq!(items, [Value::Str("a".into()), Value::Str("b".into())]);
    let map: BTreeMap<i64, Vec<i64>> = kernel.call("squares", (4,)).expect("a dict");
    assert_eq!(map, BTreeMap::from([(0, vec![0]), (2, vec![4]), (3, vec![9])]));
    let map: HashMap<i64, Vec<u8>> = kernel.call("squares", (3,)).expect("a dict");
    assert_eq!(map, HashMap::from([(0, vec![0]), (2, vec![4])]));
    let set: BTreeSet<String> = kernel.call("words", ("b a b",)).expect("a set");
    assert_eq!(set, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
    let set: HashSet<String> = kernel.call("words", ("",)).expect("a set");
    assert!(set.is_empty());
    assert_eq!(
        message(kernel.call::<BTreeSet<i64>>("squares", (3,))),
        "squares() gives `dict[int, list[int]]`, which is not a Rust `BTreeSet<i64>`"
    );
    assert_eq!(kernel.call_values("empty", &[Value::Int(0)]).expect("a dict").to_string(), "{}");
    assert_eq!(kernel.call_values("steps", &[Value::Int(5)]).expect("a range").to_string(), "range(0, 5, 2)");
    let range = kernel.call_values("steps", &[Value::Int(5)]).expect("a range");
    assert_eq!(crate::kernel(SAME).call_values("a_range", std::slice::from_ref(&range)).expect("a range"), range);
}

#[test]
fn what_is_passed_by_mut_is_updated() {
    let source = "
def grow(xs: list[int]) -> int:
    xs.append(len(xs))
    xs[0] = -1
    return len(xs)
def rename(rows: list[list[str]]) -> None:
    rows[0][0] = 'é' * 3
    rows.pop()
def fails(xs: list[int]) -> int:
    xs[1] = 9
    raise ValueError('after')
def big(xs: list[int]) -> None:
    xs[0] = 2 ** 40
def clear(xs: list[float] | None) -> None:
    if xs is not None:
        xs.clear()
";
    let kernel = kernel(source);
    let mut xs = vec![5i64, 6];
    assert_eq!(kernel.call::<i64>("grow", (&mut xs,)).expect("an int"), 3);
    assert_eq!(xs, [-1, 6, 2]);
    let mut rows = vec![vec!["a".to_owned()], vec!["b".to_owned()]];
    kernel.call::<()>("rename", (&mut rows,)).expect("None");
    assert_eq!(rows, [["ééé"]]);
    // What was done before an exception is done.
    assert_eq!(message(kernel.call::<i64>("fails", (&mut xs,))).lines().last(), Some("ValueError: after"));
    assert_eq!(xs, [-1, 9, 2]);
    // A slice cannot grow.
    let mut fixed = [1i64, 2];
    assert_eq!(
        message(kernel.call::<i64>("grow", (&mut fixed[..],))),
        "grow() argument `xs` came back as a list of 3 items, and a slice of 2 cannot become that: pass a `&mut Vec`"
    );
    let mut narrow = vec![1i32];
    assert_eq!(
        message(kernel.call::<()>("big", (&mut narrow,))),
        "big() argument `xs` came back as 1099511627776, which does not fit a Rust `i32`"
    );
    assert_eq!(narrow, [1]);
    let mut floats = vec![1.0];
    kernel.call::<()>("clear", (&mut floats,)).expect("None");
    assert_eq!(floats, [0.0; 0]);
    // Without `&mut` nothing changes.
    let xs = vec![5i64];
    assert_eq!(kernel.call::<i64>("grow", (&xs,)).expect("an int"), 2);
    assert_eq!(xs, [5]);
}

#[test]
fn un_annotated_functions_have_an_instance_for_each_signature() {
    let kernel = kernel("def twice(x):\n    return x + x\ndef both(a, b):\n    return a, b\n");
    assert_eq!(kernel.call::<i64>("twice", (21,)).expect("an int"), 42);
    assert_eq!(kernel.call::<f64>("twice", (1.25,)).expect("a float"), 2.5);
    assert_eq!(kernel.call::<String>("twice", ("ab",)).expect("a str"), "abab");
    assert_eq!(kernel.call::<Vec<i64>>("twice", (vec![1, 2],)).expect("a list"), [1, 2, 1, 2]);
    assert_eq!(kernel.call::<(i64, i64)>("twice", ((1,),)).expect("a tuple"), (1, 1));
    assert_eq!(kernel.call::<(i64, String)>("both", (1, "x")).expect("a tuple"), (1, "x".into()));
    let error = kernel.call::<Value>("twice", ((),)).expect_err("None + None");
    assert!(matches!(&error, Error::Compile(report) if report.codes == ["KU3002"]), "{error}");
}

#[test]
fn defaults_are_used_where_arguments_are_missing() {
    let source = "
def power(base: float, exponent: int = 2) -> float:
    return base ** exponent
def label(text, mark='*', *, times=1):
    return mark * times + text
def total(*numbers):
    return sum(numbers)
";
    let kernel = kernel(source);
    assert_eq!(kernel.call::<f64>("power", (3,)).expect("a float"), 9.0);
    assert_eq!(kernel.call::<f64>("power", (2.0, 10)).expect("a float"), 1024.0);
    assert_eq!(kernel.call::<String>("label", ("x",)).expect("a str"), "*x");
    assert_eq!(kernel.call::<String>("label", ("x", "-")).expect("a str"), "-x");
    assert_eq!(kernel.call::<i64>("total", (1, 2, 3)).expect("an int"), 6);
    let text = message(kernel.call::<f64>("power", ()));
    assert!(text.contains("`power` is called without `base`"), "{text}");
    let text = message(kernel.call::<f64>("power", (1.0, 2, 3)));
    assert!(text.contains("`power` takes 2 arguments, 3 were given"), "{text}");
}

#[test]
fn empty_lists_have_the_type_of_their_items() {
    let source = "
def total(xs):
    return sum(xs)
def joined(words):
    return '+'.join(words)
def same(x):
    return x
";
    let kernel = kernel(source);
    assert_eq!(kernel.call::<i64>("total", (Vec::<i64>::new(),)).expect("an int"), 0);
    assert_eq!(kernel.call::<String>("joined", (Vec::<String>::new(),)).expect("a str"), "");
    let rows = vec![vec![], vec![1i64]];
    assert_eq!(kernel.call::<Vec<Vec<i64>>>("same", (&rows,)).expect("a list"), rows);
    let items = vec![None, Some("a".to_owned())];
    assert_eq!(kernel.call::<Vec<Option<String>>>("same", (&items,)).expect("a list"), items);
    let items = vec![None::<i64>];
    assert_eq!(kernel.call::<Vec<Option<i64>>>("same", (&items,)).expect("a list"), items);
    let list = |items: &[Value]| Value::List(items.to_vec());
    for value in [list(&[list(&[]), list(&[Value::Int(1)])]), list(&[list(&[Value::Str("a".into())]), list(&[])])] {
        assert_eq!(kernel.call_values("same", std::slice::from_ref(&value)).expect("a list"), value);
    }
}

#[test]
fn unknown_functions_are_named() {
    let kernel = kernel("def a_function(x: int) -> int:\n    return x\nnumber = 3\n");
    assert_eq!(
        message(kernel.call::<i64>("a_functoin", (1,))),
        "there is no function `a_functoin`; those that can be called are a_function"
    );
    assert!(matches!(kernel.call::<i64>("number", ()), Err(Error::NoFunction { .. })));
    assert!(matches!(kernel.call::<i64>("print", (1,)), Err(Error::NoFunction { .. })));
    assert_eq!(kernel.functions().len(), 1);
}

#[test]
fn elements_know_their_numpy_type() {
    assert_eq!(<f32 as Element>::DTYPE.name(), "float32");
    assert_eq!(<Complex<f64> as Element>::DTYPE.name(), "complex128");
    assert_eq!(<bool as Element>::DTYPE.name(), "bool");
}

#[test]
fn numpy_scalars_cross_with_their_type() {
    let source = "
import numpy as np
def small(x: np.int8) -> np.int8:
    return x
def large(x: np.uint64) -> np.uint64:
    return x
def single(x: np.float32) -> np.float32:
    return x
def flag(x: np.bool_) -> np.bool_:
    return x
";
    let kernel = kernel(source);
    assert_eq!(kernel.call::<i8>("small", (-128,)).expect("it fits"), -128);
    assert_eq!(
        message(kernel.call::<i8>("small", (200,))),
        "small() argument `x` should be `np.int8`, and 200 is outside its range"
    );
    assert_eq!(kernel.call::<u64>("large", (u64::MAX,)).expect("it fits"), u64::MAX);
    assert_eq!(kernel.call::<f32>("single", (0.1f32,)).expect("it fits"), 0.1f32);
    assert!(kernel.call::<bool>("flag", (true,)).expect("it fits"));
    assert_eq!(kernel.call_values("small", &[Value::Int(-5)]).expect("it fits").to_string(), "np.int8(-5)");
}
