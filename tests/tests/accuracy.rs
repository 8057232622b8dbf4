//! Functions of floats against exact values: `oracle/accuracy.txt` has points and the floats nearest to the results, which
//! `oracle/accuracy.py` computed with mpmath. (It also compares a million points a function, by hand.)
//!
//! What is at most half a unit in the last place and a little off is the nearest float almost always, and never further
//! than its neighbour.

use kukri::Engine;
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
            } else if result != nearest {
                neighbours += 1;
                assert!(apart.abs() <= 1, "{head} of {floats:?} is {nearest:?}, not {result:?}");
            }
        }
        let allowed = if head.ends_with("0.52") { points.len().div_ceil(NEARLY_ALL) } else { points.len() / 4 };
        assert!(neighbours <= allowed, "{head}: {neighbours} of {} are not the nearest", points.len());
    }
}
