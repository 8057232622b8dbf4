//! A bounded run of random programs against CPython. `cargo xtask random` is the long one.

#[test]
fn random_programs_agree_with_cpython() {
    kukri_tests::random::run(kukri_tests::random::program, 40, 1).expect("every program agrees");
}

#[test]
fn random_loop_nests_agree_with_numpy() {
    kukri_tests::random::run(kukri_tests::random::nests, 8, 1).expect("every nest agrees");
}

#[test]
fn programs_are_the_same_for_the_same_seed() {
    let text = |seed| kukri_tests::random::program(&mut kukri_tests::random::Choices::new(seed));
    assert_eq!(text(3), text(3));
    assert_ne!(text(3), text(4));
}
