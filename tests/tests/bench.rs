//! The kernels of `tests/bench` at a tiny size: optimised, unoptimised and without checks they give what Numba gives.

use kukri::{Console, Engine, Settings, Stream};
use kukri_compiler::opt;
use kukri_tests::bench::{self, Kernel, Numba};
use libtest_mimic::{Arguments, Failed, Trial};
use std::sync::Arc;

fn main() {
    let arguments = Arguments::from_args();
    let kernels = bench::kernels("");
    assert!(kernels.len() >= 32, "only {} kernels", kernels.len());
    let trials = kernels
        .into_iter()
        .map(|kernel| Trial::test(kernel.name.clone(), move || check(&kernel).map_err(Failed::from)));
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

struct Silent;

impl Console for Silent {
    fn write(&self, _: Stream, _: &[u8]) -> std::io::Result<()> {
        Ok(())
    }
}

fn check(kernel: &Kernel) -> Result<(), String> {
    let size = Some(kernel.tiny);
    let mut numba = Numba::load(kernel, size, None)?;
    numba.call()?;
    let expected = numba.answer()?;
    let tolerance = kernel.tolerance.as_ref().map_or(0.0, |(most, _)| *most);
    for level in [opt::Level::None, opt::Level::Full, opt::Level::Unchecked] {
        let compiled = kernel.compile(size, level)?;
        kukri_tests::program::validate(&compiled.artifact.wasm);
        let settings = Settings { console: Arc::new(Silent), ..Settings::default() };
        let found = Engine::with(settings).and_then(|engine| {
            let program = engine.load(&compiled.artifact.wasm)?;
            // Twice, as a kernel must not change its arguments.
            program.call_values("once", &[])?;
            program.call_values("once", &[])?;
            program.call_values("answer", &[])
        });
        let found = found.map_err(|error| format!("{level:?}: {error}"))?;
        if let Some(difference) = bench::difference(&found, &expected, tolerance) {
            return Err(format!("{level:?}: {difference}"));
        }
    }
    kernel.compile_alone(&kernel.types()?, opt::Level::Full).map(|_| ())
}
