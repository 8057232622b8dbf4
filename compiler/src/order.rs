//! Sorts in little code. In: slices. Out: the same, in order; what is equal stays as it was.
//!
//! Those of the standard library are made anew for each type, fast and large: a tenth of what browsers would load of the
//! compiler. What is sorted here is short.

/// Sorts.
pub(crate) fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, &|one, other| one < other);
}

/// Sorts by what `key` gives.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, &|one, other| key(one) < key(other));
}

fn sort_by<T>(items: &mut [T], is_less: &dyn Fn(&T, &T) -> bool) {
    let mut from = order(items.len(), &|one, other| is_less(&items[one], &items[other]));
    // Around each circle of places: what belongs to a place is brought there, from where it is by now.
    for place in 0..items.len() {
        let mut at = from[place];
        while at < place {
            at = from[at];
        }
        from[place] = at;
        items.swap(place, at);
    }
}

/// The places of `count` items in their order. Merges runs of two, of four, and so on.
fn order(count: usize, is_less: &dyn Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    let mut length = 1;
    while length < count {
        let runs = order.chunks(2 * length).flat_map(|both| {
            let (mut left, mut right) = both.split_at(length.min(both.len()));
            std::iter::from_fn(move || {
                let side = match (left.first(), right.first()) {
                    (Some(one), Some(other)) if is_less(*other, *one) => &mut right,
                    (Some(_), _) => &mut left,
                    (None, _) => &mut right,
                };
                let (first, rest) = side.split_first()?;
                *side = rest;
                Some(*first)
            })
        });
        order = runs.collect();
        length *= 2;
    }
    order
}

#[cfg(test)]
mod tests {
    use super::{sort, sort_by_key};

    #[test]
    fn as_the_standard_library_does() {
        let mut state = 1_u32;
        for length in (0..70).chain([1000]) {
            for most in [2, 7, 1000] {
                let items = std::iter::repeat_with(|| {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    (state >> 8) % most
                });
                let items: Vec<(u32, usize)> = items.take(length).zip(0..).collect();
                let (mut ours, mut theirs) = (items.clone(), items.clone());
                sort_by_key(&mut ours, |item| item.0);
                theirs.sort_by_key(|item| item.0);
                assert_eq!(ours, theirs);
                let (mut ours, mut theirs) = (items.clone(), items);
                ours.reverse();
                sort(&mut ours);
                theirs.sort_unstable();
                assert_eq!(ours, theirs);
            }
        }
    }
}
