//! "Did you mean …?" In: a name that is not there, the names that are. Out: the one that was probably meant.

/// The candidate nearest to `wanted`, if it is near enough to have been meant.
///
/// Near is the optimal string alignment distance (Damerau 1964: insert, delete, replace a letter, swap two
/// neighbours), of at most 1, or 2 in names of six letters and more; letters that differ in case count nothing.
pub fn closest<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted: Vec<char> = wanted.to_lowercase().chars().collect();
    // A name of one letter is near to every other, and a short one to many.
    let limit = match wanted.len() {
        0 | 1 => 0,
        2..=5 => 1,
        _ => 2,
    };
    let mut letters = Vec::new();
    let distances = candidates.into_iter().filter_map(|name| {
        // Each letter more or less is a step: most names need no closer look.
        let is_far = |length: usize| length.abs_diff(wanted.len()) > limit;
        if name.is_ascii() && is_far(name.len()) {
            return None;
        }
        letters.clear();
        letters.extend(name.chars().flat_map(char::to_lowercase));
        (!is_far(letters.len())).then(|| (distance(&wanted, &letters), name))
    });
    // With several equally near, the first in the alphabet: the answer must not depend on the order of a hash map.
    let near = distances.filter(|(distance, name)| *distance <= limit && *distance < name.chars().count());
    near.min().map(|(_, name)| name)
}

/// How many steps make `right` of `left`.
fn distance(left: &[char], right: &[char]) -> usize {
    // `rows[i][j]`: distance of the first `i` letters of `left` to the first `j` of `right`; three rows are needed.
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (i, letter) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in right.iter().enumerate() {
            let replaced = above[j] + usize::from(letter != other);
            let mut steps = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == right[j - 1] && left[i - 1] == *other {
                steps = steps.min(before[j - 1] + 1);
            }
            row.push(steps);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_typing_errors_only() {
        let names = ["radius", "range", "print", "len", "append", "x"];
        for (wanted, expected) in [
            ("raduis", Some("radius")),
            ("pritn", Some("print")),
            ("Print", Some("print")),
            ("appendd", Some("append")),
            ("rang", Some("range")),
            ("lne", Some("len")),
            ("y", None),
            ("ab", None),
            ("velocity", None),
            ("", None),
        ] {
            assert_eq!(closest(wanted, names), expected, "{wanted}");
        }
    }

    #[test]
    fn does_not_depend_on_the_order() {
        assert_eq!(closest("sim", ["sum", "sin"]), Some("sin"));
        assert_eq!(closest("sim", ["sin", "sum"]), Some("sin"));
    }
}
