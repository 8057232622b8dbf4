//! A program that can be called. In: `Program`. Out: results of calls.

use crate::Value;
use crate::compile::{self, Purpose};
use crate::convert::{Arguments, FromKernel};
use crate::engine::Engine;
use crate::error::Error;
use crate::instance::{Budget, Instance, State, link};
use crate::load::Program;
use crate::source::Source;
use crate::thread::{Identity, with_kernel_stack};
use kukri_compiler::abi::Signature;
use kukri_compiler::types::Type;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use wasmtime::InstancePre;

/// A compiled program. Its functions are called by name.
///
/// A function without annotations is compiled for the types of each call's arguments, as Numba does: see
/// [`ToKernel::natural_type`](crate::ToKernel::natural_type). So is any function that is called with fewer arguments
/// than it has parameters: the others get their defaults.
///
/// Calls go through instances: each has its own memory and its own module-level variables, and runs the module level
/// when it is made. One after the other, calls use the same instance; calls from several threads at once run in
/// parallel, in an instance each. A call costs a few microseconds that way, and a new instance ten times as many.
/// Functions compiled for the types of a call have instances of their own. An instance
/// in which a limit was hit is thrown away.
///
/// A function of the host may call other kernels, but not the one that called it.
pub struct Kernel {
    identity: Identity,
    engine: Engine,
    source: Option<Source>,
    declared: Pool,
    /// Programs compiled for the argument types of a call.
    inferred: Mutex<BTreeMap<(String, Vec<Type>), Arc<Pool>>>,
}

/// A program with its instances that are idle.
struct Pool {
    program: Program,
    pre: InstancePre<State>,
    idle: Mutex<Vec<Instance>>,
}

impl Kernel {
    pub(crate) fn new(engine: &Engine, program: Program, source: Option<Source>) -> Result<Self, Error> {
        let declared = Pool::new(engine, program)?;
        Ok(Self { identity: Identity::new(), engine: engine.clone(), source, declared, inferred: Mutex::default() })
    }

    /// The functions that say their types themselves. Others can be called too, if the kernel has its source.
    pub fn functions(&self) -> &[Signature] {
        &self.declared.program.manifest.exports
    }

    /// Runs the module level, if it has not run yet.
    pub fn run(&self) -> Result<(), Error> {
        let _running = self.identity.enter("<module>")?;
        let settings = &self.engine.settings;
        with_kernel_stack(settings.stack_limit, || {
            let instance = self.declared.take(&self.engine, &mut Budget::new(settings))?;
            self.declared.give_back(instance);
            Ok(())
        })
    }

    /// Calls a function. What is passed by `&mut` is updated in place.
    ///
    /// ```
    /// let source = "
    /// def scale(xs, factor):
    ///     for i in range(len(xs)):
    ///         xs[i] *= factor
    ///     return len(xs)
    /// ";
    /// let kernel = kukri::Engine::new()?.compile(source)?;
    /// let mut xs = vec![1.5, 2.0];
    /// let length: i64 = kernel.call("scale", (&mut xs, 2.0))?;
    /// assert_eq!((length, xs), (2, vec![3.0, 4.0]));
    /// # Ok::<(), kukri::Error>(())
    /// ```
    pub fn call<R: FromKernel>(&self, name: &str, mut args: impl Arguments) -> Result<R, Error> {
        let inferred;
        let (pool, export) = match self.declared(name, args.count())? {
            Some(export) => (&self.declared, export),
            None => {
                inferred = self.infer(name, &args.natural_types())?;
                (&*inferred, inferred.export(name).ok_or_else(|| self.unknown(name))?)
            }
        };
        let _running = self.identity.enter(name)?;
        let settings = &self.engine.settings;
        with_kernel_stack(settings.stack_limit, || {
            let mut budget = Budget::new(settings);
            let instance = pool.take(&self.engine, &mut budget)?;
            let (result, instance) = instance.call(&self.engine, &pool.program, &mut budget, export, &mut args);
            if let Some(instance) = instance {
                pool.give_back(instance);
            }
            result
        })
    }

    /// Compiles what a call with these arguments needs, without calling. Gives the size of the module in bytes.
    pub fn prepare(&self, name: &str, args: &[Value]) -> Result<usize, Error> {
        if self.declared(name, args.len())?.is_some() {
            return Ok(self.declared.program.module_bytes);
        }
        Ok(self.infer(name, &args.natural_types())?.program.module_bytes)
    }

    /// Calls a function whose types are known at run time only.
    ///
    /// ```
    /// use kukri::Value;
    ///
    /// let kernel = kukri::Engine::new()?.compile("def twice(x):\n    return [x, x]\n")?;
    /// let result = kernel.call_values("twice", &[Value::Str("é".into())])?;
    /// assert_eq!(result.to_string(), "['é', 'é']");
    /// # Ok::<(), kukri::Error>(())
    /// ```
    pub fn call_values(&self, name: &str, args: &[Value]) -> Result<Value, Error> {
        self.call(name, args)
    }

    /// The function of this name that takes so many arguments and says their types itself. With its source, one that
    /// takes more can be compiled to be called with its defaults.
    fn declared(&self, name: &str, count: usize) -> Result<Option<&Signature>, Error> {
        let Some(export) = self.declared.export(name) else { return Ok(None) };
        let params = &export.params;
        if params.len() == count {
            return Ok(Some(export));
        }
        if self.source.is_some() {
            return Ok(None);
        }
        let names: Vec<_> = params.iter().map(|param| param.name.as_str()).collect();
        Err(Error::Argument {
            function: name.to_owned(),
            message: format!(
                "takes {} argument{} ({}), {count} {} given",
                names.len(),
                if names.len() == 1 { "" } else { "s" },
                names.join(", "),
                if count == 1 { "was" } else { "were" },
            ),
        })
    }

    /// The program with this function compiled for these argument types.
    fn infer(&self, name: &str, types: &[Type]) -> Result<Arc<Pool>, Error> {
        let source = self.source.as_ref().ok_or_else(|| self.unknown(name))?;
        let key = (name.to_owned(), types.to_vec());
        if let Some(pool) = locked(&self.inferred).get(&key) {
            return Ok(pool.clone());
        }
        let program = compile::program(&self.engine, source, &Purpose::CallOne(key.0.clone(), key.1.clone()))?;
        let pool = Arc::new(Pool::new(&self.engine, program)?);
        locked(&self.inferred).insert(key, pool.clone());
        Ok(pool)
    }

    fn unknown(&self, name: &str) -> Error {
        let known = self.functions().iter().map(|export| export.name.clone()).collect();
        Error::NoFunction { name: name.to_owned(), known }
    }
}

impl Pool {
    fn new(engine: &Engine, program: Program) -> Result<Self, Error> {
        let pre = link(engine, &program)?;
        Ok(Self { program, pre, idle: Mutex::default() })
    }

    fn export(&self, name: &str) -> Option<&Signature> {
        self.program.manifest.exports.iter().find(|export| export.name == name)
    }

    fn take(&self, engine: &Engine, budget: &mut Budget) -> Result<Instance, Error> {
        let idle = locked(&self.idle).pop();
        idle.map_or_else(|| Instance::new(engine, &self.program, &self.pre, budget), Ok)
    }

    fn give_back(&self, instance: Instance) {
        locked(&self.idle).push(instance);
    }
}

/// No code panics while it holds one of our locks, and if it did, the tables would still be whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
