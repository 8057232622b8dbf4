//! Whether a kernel gave the same in both worlds. In: `Value`s. Out: the difference in words.

use kukri::{Array, Value};

/// How `found` differs from `expected` where it should not: bits, but for what `tolerance` allows of floats.
pub fn difference(found: &Value, expected: &Value, tolerance: f64) -> Option<String> {
    let differ = || Some(format!("{found} instead of {expected}"));
    match (found, expected) {
        (Value::Tuple(found), Value::Tuple(expected)) if found.len() == expected.len() => {
            found.iter().zip(expected).find_map(|(found, expected)| difference(found, expected, tolerance))
        }
        (Value::Array(found), Value::Array(expected)) => array_difference(found, expected, tolerance),
        (Value::Scalar(_, found), expected) => difference(found, expected, tolerance),
        (Value::Float(found), Value::Float(expected)) if are_close(*found, *expected, tolerance) => None,
        (Value::Float(_), Value::Float(_)) => differ(),
        (found, expected) if found == expected => None,
        _ => differ(),
    }
}

fn are_close(found: f64, expected: f64, tolerance: f64) -> bool {
    let far = (found - expected).abs();
    found.to_bits() == expected.to_bits() || (tolerance > 0.0 && far <= tolerance * expected.abs().max(1.0))
}

fn array_difference(found: &Array, expected: &Array, tolerance: f64) -> Option<String> {
    let of = |array: &Array| format!("{}{:?}", array.dtype().name(), array.shape());
    if (found.dtype(), found.shape()) != (expected.dtype(), expected.shape()) {
        return Some(format!("{} instead of {}", of(found), of(expected)));
    }
    if found.bytes() == expected.bytes() {
        return None;
    }
    let parts = |value: Value| match value {
        Value::Complex(value) => [Value::Float(value.re), Value::Float(value.im)],
        value => [value, Value::None],
    };
    (0..found.len()).find_map(|at| {
        let pairs = parts(found.element(at)).into_iter().zip(parts(expected.element(at)));
        let different = pairs.into_iter().find_map(|(found, expected)| difference(&found, &expected, tolerance))?;
        Some(format!("element {at}: {different}"))
    })
}
