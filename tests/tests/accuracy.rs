//! Functions of floats against exact values: `oracle/accuracy.txt` has points and the floats nearest to the results, which
//! `oracle/accuracy.py` computed with mpmath. (It also compares a million points a function, by hand.)
//!
//! What is at most half a unit in the last place and a little off is the nearest float almost always, and never further
//! than its neighbour.

use kukri::Engine;
use ndarray::Array1;
use std::fmt::Write as _;

/// Of so many points, one may have a neighbour of the nearest float where the limit is next to half a unit.
const NEARLY_ALL: usize = 50;

#[test]
fn functions_give_the_nearest_float_or_its_neighbour() {
    let text = include_str!("../oracle/accuracy.txt");
    let mut sections: Vec<(&str, Vec<Vec<u64>>)> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if line.contains('(') || line.contains("**") {
            sections.push((line, Vec::new()));
        } else {
            let numbers = line.split(' ').map(|bits| u64::from_str_radix(bits, 16).expect("bits in hexadecimal"));
            sections.last_mut().expect("a head stands first").1.push(numbers.collect());
        }
    }
    assert!(sections.len() >= 27 && sections.iter().all(|(_, points)| points.len() >= 40), "the file is whole");

    let mut source = "import math\nimport numpy as np\n".to_owned();
    for (number, (head, _)) in sections.iter().enumerate() {
        let (expression, _) =
            head.split_once(", 0.52").or(head.split_once(", 1.0")).expect("a head ends with its limit");
        writeln!(source, "def f{number}(u: float, v: float) -> float:\n    x, y = np.float64(u), np.float64(v)\n    return float({expression})")
            .expect("a String can be written");
    }
    let kernel = Engine::new().and_then(|engine| engine.compile(&source)).unwrap_or_else(|error| panic!("{error}"));
    for (number, (head, points)) in sections.iter().enumerate() {
        let mut neighbours = 0;
        for point in points {
            let (arguments, nearest) = point.split_at(point.len() - 1);
            let floats: Vec<f64> = arguments.iter().copied().map(f64::from_bits).collect();
            let result: f64 = kernel
                .call(&format!("f{number}"), (floats[0], floats.last().copied().unwrap_or_default()))
                .unwrap_or_else(|error| panic!("{head} of {floats:?}: {error}"));
            let nearest = f64::from_bits(nearest[0]);
            let apart = i128::from(result.to_bits()) - i128::from(nearest.to_bits());
            if result.is_nan() || nearest.is_nan() {
                assert_eq!(result.is_nan(), nearest.is_nan(), "{head} of {floats:?} is {nearest:?}, not {result:?}");
            } else if apart != 0 && !(result == 0.0 && nearest == 0.0) {
                neighbours += 1;
                assert!(apart.abs() <= 1, "{head} of {floats:?} is {nearest:?}, not {result:?}");
            }
        }
        let allowed = if head.ends_with("0.52") { points.len().div_ceil(NEARLY_ALL) } else { points.len() / 4 };
        assert!(neighbours <= allowed, "{head}: {neighbours} of {} are not the nearest", points.len());
    }
}

/// The functions that have a shorter form for binary32, against their own binary64.
const SINGLE: &str = "
import numpy as np

def differ(a: np.float32, b: np.float32) -> int:
    if a == b or (a != a and b != b):
        return 0
    return 1 if abs(np.float64(a) - np.float64(b)) <= 1.2e-7 * abs(np.float64(b)) else 1000000

def count(low: float, step: float, points: int) -> int:
    total = 0
    for i in range(points):
        x = np.float32(low + step * i)
        y = np.float64(x)
        total += differ(np.exp(x), np.float32(np.exp(y)))
        total += differ(np.log(x), np.float32(np.log(y)))
        total += differ(np.sin(x), np.float32(np.sin(y)))
        total += differ(np.cos(x), np.float32(np.cos(y)))
        total += differ(x ** np.float32(1.7), np.float32(y ** np.float64(np.float32(1.7))))
    return total
";

#[test]
fn functions_of_binary32_are_those_of_binary64_rounded() {
    let kernel = Engine::new().and_then(|engine| engine.compile(SINGLE)).unwrap_or_else(|error| panic!("{error}"));
    for (low, step) in [(-104.0, 0.0397), (-1e6, 391.7), (0.99, 4e-6), (-1e-6, 5e-10), (1e30, 1e34)] {
        let differ: i64 = kernel.call("count", (low, step, 5000_i64)).unwrap_or_else(|error| panic!("{error}"));
        assert!(differ <= 10, "{differ} of 25,000 from {low} on");
    }
}

/// Loops that call functions run in vectors, but for turns whose arguments are out of the usual: each result has the bits of
/// the function called alone.
#[test]
fn vectors_have_the_bits_of_numbers_alone() {
    const FUNCTIONS: [&str; 29] = [
        "np.exp(x)",
        "np.exp2(x)",
        "np.expm1(x)",
        "np.log(x)",
        "np.log2(x)",
        "np.log10(x)",
        "np.log1p(x)",
        "np.sin(x)",
        "np.cos(x)",
        "np.tan(x)",
        "np.arcsin(x)",
        "np.arccos(x)",
        "np.arctan(x)",
        "np.sinh(x)",
        "np.cosh(x)",
        "np.tanh(x)",
        "np.arcsinh(x)",
        "np.arccosh(x)",
        "np.arctanh(x)",
        "np.cbrt(x)",
        "np.sqrt(x)",
        "math.erf(x)",
        "math.erfc(x)",
        "x ** y",
        "np.arctan2(x, y)",
        "np.hypot(x, y)",
        "np.float64(np.exp(np.float32(x)))",
        "np.float64(np.sin(np.float32(x)) + np.log(np.float32(x)))",
        "np.minimum(x, y) + np.floor(x) * np.sign(y)",
    ];
    let mut source = "import math\nimport numpy as np\n".to_owned();
    for (number, expression) in FUNCTIONS.iter().enumerate() {
        write!(
            source,
            "def alone{number}(u: float, v: float) -> float:
    x, y = np.float64(u), np.float64(v)
    return float({expression})

def together{number}(xs, ys, out):
    for i in range(len(xs)):
        x, y = xs[i], ys[i]
        out[i] = {expression}
"
        )
        .expect("a String can be written");
    }
    let kernel = Engine::new().and_then(|engine| engine.compile(&source)).unwrap_or_else(|error| panic!("{error}"));
    // xorshift (Marsaglia, 2003)
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let borders = [
        0.0,
        0.5,
        1.0,
        6.0,
        22.0,
        28.0,
        700.0,
        708.0,
        745.2,
        1009.0,
        1e6,
        1e-8,
        1e17,
        1e150,
        1e-130,
        f64::MIN_POSITIVE,
        5e-324,
        f64::MAX,
        f64::INFINITY,
        f64::NAN,
    ];
    let mut point = || {
        let bits = random();
        let unit = (bits >> 12) as f64 / 2.0_f64.powi(52);
        let sign = if bits & 1 == 0 { 1.0 } else { -1.0 };
        sign * match bits >> 2 & 7 {
            0 => f64::from_bits(random() >> 1),
            1 => {
                let border: f64 = borders[(bits >> 5) as usize % borders.len()];
                f64::from_bits(border.to_bits().saturating_add(bits >> 20 & 3).saturating_sub(1))
            }
            2 => 1000.0 * unit,
            3 => 1.0 + 1e-3 * (unit - 0.5),
            4 => 1e-9 * unit,
            _ => 20.0 * unit,
        }
    };
    for (number, expression) in FUNCTIONS.iter().enumerate() {
        for length in [1, 2, 3, 7, 2000] {
            let (xs, ys): (Vec<f64>, Vec<f64>) = (0..length).map(|_| (point(), point())).unzip();
            let (xs, ys) = (Array1::from(xs), Array1::from(ys));
            let mut out = Array1::<f64>::zeros(length);
            let () = kernel
                .call(&format!("together{number}"), (&xs, &ys, &mut out))
                .unwrap_or_else(|error| panic!("{expression}: {error}"));
            for ((x, y), together) in xs.iter().zip(&ys).zip(out) {
                let alone: f64 = kernel
                    .call(&format!("alone{number}"), (*x, *y))
                    .unwrap_or_else(|error| panic!("{expression} of {x:?}, {y:?}: {error}"));
                let is_same = together.to_bits() == alone.to_bits() || together.is_nan() && alone.is_nan();
                assert!(is_same, "{expression} of {x:?}, {y:?} is {alone:?}, in a vector {together:?}");
            }
        }
    }
}
