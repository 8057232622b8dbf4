//! A program that can be called. In: `Program`. Out: results of calls.

use crate::Value;
use crate::convert::{Arguments, FromKernel};
use crate::engine::Engine;
use crate::error::Error;
use crate::instance::{Instance, State, link};
use crate::load::Program;
use kukri_compiler::abi::Signature;
use std::sync::{Mutex, PoisonError};
use wasmtime::InstancePre;

/// A compiled program. Its functions are called by name.
///
/// Calls go through instances: each has its own memory and its own module-level variables, and runs the module level
/// when it is made. One after the other, calls use the same instance; calls from several threads at once run in
/// parallel, in an instance each. An instance in which a limit was hit is thrown away.
pub struct Kernel {
    engine: Engine,
    program: Program,
    pre: InstancePre<State>,
    idle: Mutex<Vec<Instance>>,
}

impl Kernel {
    pub(crate) fn new(engine: &Engine, program: Program) -> Result<Self, Error> {
        let pre = link(engine, &program)?;
        Ok(Self { engine: engine.clone(), program, pre, idle: Mutex::default() })
    }

    /// The functions that can be called.
    pub fn functions(&self) -> &[Signature] {
        &self.program.manifest.exports
    }

    /// Runs the module level, if it has not run yet.
    pub fn run(&self) -> Result<(), Error> {
        let instance = self.take()?;
        self.give_back(instance);
        Ok(())
    }

    /// Calls a function. What is passed by `&mut` is updated in place.
    pub fn call<R: FromKernel>(&self, name: &str, mut args: impl Arguments) -> Result<R, Error> {
        let export = self.export(name)?;
        let given = args.natural_types().len();
        if given != export.params.len() {
            return Err(Error::Argument {
                function: name.to_owned(),
                message: format!("takes {} arguments, and {given} were given", export.params.len()),
            });
        }
        let mut instance = self.take()?;
        let (result, usable) = instance.call(&self.engine, &self.program, export, &mut args);
        if usable {
            self.give_back(instance);
        }
        result
    }

    /// Calls a function whose types are known at run time only.
    pub fn call_values(&self, name: &str, args: &[Value]) -> Result<Value, Error> {
        self.call(name, args)
    }

    fn export(&self, name: &str) -> Result<&Signature, Error> {
        let exports = self.functions();
        exports.iter().find(|export| export.name == name).ok_or_else(|| Error::NoFunction {
            name: name.to_owned(),
            known: exports.iter().map(|export| export.name.clone()).collect(),
        })
    }

    fn take(&self) -> Result<Instance, Error> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match idle {
            Some(instance) => Ok(instance),
            None => Instance::new(&self.engine, &self.program, &self.pre),
        }
    }

    fn give_back(&self, instance: Instance) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(instance);
    }
}
