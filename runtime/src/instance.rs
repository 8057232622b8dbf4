//! One running instance of a program: its memory, its imports, its limits. In: `Program`, arguments. Out: results.

use crate::console::{Console, Stream};
use crate::convert::{Arguments, FromKernel, Refused};
use crate::engine::Engine;
use crate::error::Error;
use crate::exception::Exception;
use crate::heap::{Exports, Heap, Part, take};
use crate::host::HostFunction;
use crate::load::Program;
use kukri_compiler::abi::{self, Signature};
use std::io;
use std::sync::Arc;
use std::time::{Instant, SystemTime};
use wasmtime::{
    AsContextMut as _, Caller, FuncType, InstancePre, Linker, ResourceLimiter, Store, Trap, UpdateDeadline, Val,
    ValType,
};

/// What belongs to one instance on the host's side.
pub(crate) struct State {
    console: Arc<dyn Console>,
    arguments: Arc<[String]>,
    /// The part of a line of stdin that waits to be read.
    line: Vec<u8>,
    memory_limit: usize,
    /// When the running call must have ended.
    deadline: Option<Instant>,
    exports: Option<Exports>,
}

impl ResourceLimiter for State {
    fn memory_growing(&mut self, _now: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= self.memory_limit && maximum.is_none_or(|maximum| desired <= maximum))
    }

    fn table_growing(&mut self, _now: usize, _desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

/// An instance whose module level has run.
pub(crate) struct Instance {
    store: Store<State>,
    instance: wasmtime::Instance,
    exports: Exports,
}

/// Results as large as this fit below the constants, where nothing else is.
const RESULT_AREA: u32 = 16;

/// Links the program with what hosts offer, and with the functions of this one.
pub(crate) fn link(engine: &Engine, program: &Program) -> Result<InstancePre<State>, Error> {
    let mut linker = Linker::new(&engine.wasmtime);
    system(&mut linker).map_err(|error| Error::Internal(error.to_string()))?;
    for import in &program.manifest.imports {
        let function = engine.functions.iter().find(|function| function.signature.name == import.name);
        let function = function.ok_or_else(|| {
            Error::Host(format!("the kernel calls `{}`, which no `Engine::function` offers", import.name))
        })?;
        add_function(engine, &mut linker, function.clone()).map_err(|error| Error::Internal(error.to_string()))?;
    }
    linker.instantiate_pre(&program.module).map_err(|error| Error::Internal(format!("{error:#}")))
}

/// The imports that every host offers.
fn system(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let module = abi::SYSTEM_MODULE;
    linker.func_wrap(module, "write", |mut caller: Caller<'_, State>, stream: i32, at: i32, length: i32| {
        let (bytes, state) = memory(&mut caller)?;
        let bytes = bytes.get(at as u32 as usize..).and_then(|bytes| bytes.get(..length as u32 as usize));
        let stream = if stream == 2 { Stream::Err } else { Stream::Out };
        state.console.write(stream, bytes.ok_or_else(outside)?).map_err(console_error)
    })?;
    linker.func_wrap(module, "time", || -> f64 {
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |time| time.as_secs_f64())
    })?;
    linker.func_wrap(
        module,
        "argument",
        |mut caller: Caller<'_, State>, index: i32, to: i32, room: i32| -> wasmtime::Result<i32> {
            let (bytes, state) = memory(&mut caller)?;
            let Some(argument) = state.arguments.get(index as u32 as usize) else { return Ok(-1) };
            let length = argument.len().min(room as u32 as usize);
            let room = bytes.get_mut(to as u32 as usize..).and_then(|bytes| bytes.get_mut(..length));
            room.ok_or_else(outside)?.copy_from_slice(&argument.as_bytes()[..length]);
            Ok(argument.len() as i32)
        },
    )?;
    linker.func_wrap(
        module,
        "read_line",
        |mut caller: Caller<'_, State>, to: i32, room: i32| -> wasmtime::Result<i32> {
            let (bytes, state) = memory(&mut caller)?;
            if state.line.is_empty() {
                match state.console.read_line().map_err(console_error)? {
                    Some(line) => state.line = line.into_bytes(),
                    None => return Ok(-1),
                }
            }
            let length = state.line.len().min(room as u32 as usize);
            let room = bytes.get_mut(to as u32 as usize..).and_then(|bytes| bytes.get_mut(..length));
            room.ok_or_else(outside)?.copy_from_slice(&state.line[..length]);
            state.line.drain(..length);
            Ok(length as i32)
        },
    )?;
    Ok(())
}

/// The caller's memory beside its state.
fn memory<'a>(caller: &'a mut Caller<'_, State>) -> wasmtime::Result<(&'a mut [u8], &'a mut State)> {
    let memory = match &caller.data().exports {
        Some(exports) => exports.memory,
        None => return Err(wasmtime::Error::new(Error::Internal("the module runs before it is there".into()))),
    };
    Ok(memory.data_and_store_mut(caller))
}

fn outside() -> wasmtime::Error {
    wasmtime::Error::new(Error::Internal("the kernel hands over what lies outside its memory".into()))
}

fn console_error(error: io::Error) -> wasmtime::Error {
    wasmtime::Error::new(Error::Console(error))
}

/// Offers one function of the host.
fn add_function(engine: &Engine, linker: &mut Linker<State>, function: Arc<HostFunction>) -> wasmtime::Result<()> {
    let signature = &function.signature;
    let types = |parts: Vec<kukri_compiler::ssa::Type>| parts.into_iter().map(value_type);
    let params = signature.params.iter().flat_map(|param| types(param.ty.flatten()));
    let ty = FuncType::new(&engine.wasmtime, params, types(signature.result.flatten()));
    let name = signature.name.clone();
    linker.func_new(abi::HOST_MODULE, &name, ty, move |mut caller, args, results| {
        let exports = caller.data().exports.clone().ok_or_else(outside)?;
        let parts: Vec<Part> = args.iter().filter_map(Part::of_val).collect();
        let mut heap = Heap::new(caller.as_context_mut(), exports);
        let given = (function.body)(&mut heap, &parts).map_err(wasmtime::Error::new)?;
        for (result, part) in results.iter_mut().zip(given) {
            *result = part.to_val();
        }
        Ok(())
    })?;
    Ok(())
}

fn value_type(part: kukri_compiler::ssa::Type) -> ValType {
    match part {
        kukri_compiler::ssa::Type::I32 => ValType::I32,
        kukri_compiler::ssa::Type::I64 => ValType::I64,
        kukri_compiler::ssa::Type::F32 => ValType::F32,
        kukri_compiler::ssa::Type::F64 => ValType::F64,
        kukri_compiler::ssa::Type::V128 => ValType::V128,
    }
}

/// Memory that ran out where no Python frame can tell.
pub(crate) fn memory_error() -> Error {
    Error::Exception(Exception::of_host("MemoryError", &["Exception", "BaseException"], ""))
}

impl Instance {
    /// Makes an instance and runs its module level.
    pub(crate) fn new(engine: &Engine, program: &Program, pre: &InstancePre<State>) -> Result<Self, Error> {
        let settings = &engine.settings;
        let state = State {
            console: settings.console.clone(),
            arguments: settings.arguments.clone().into(),
            line: Vec::new(),
            memory_limit: settings.memory_limit,
            deadline: None,
            exports: None,
        };
        let mut store = Store::new(&engine.wasmtime, state);
        store.limiter(|state| state);
        // Instantiation fails for one reason only: there is no memory for the module's first pages.
        let instance = pre.instantiate(&mut store).map_err(|_| memory_error())?;
        let missing = |name| Error::Internal(format!("the module does not export `{name}`"));
        let exports = Exports {
            memory: instance.get_memory(&mut store, abi::MEMORY).ok_or_else(|| missing(abi::MEMORY))?,
            allocate: instance.get_typed_func(&mut store, abi::ALLOCATE).ok(),
            free: instance.get_typed_func(&mut store, abi::FREE).ok(),
        };
        store.data_mut().exports = Some(exports.clone());
        if settings.time_limit.is_some() {
            store.epoch_deadline_callback(|store| {
                let over = store.data().deadline.is_some_and(|deadline| Instant::now() >= deadline);
                Ok(if over { UpdateDeadline::Interrupt } else { UpdateDeadline::Continue(1) })
            });
        }
        let mut this = Self { store, instance, exports };
        if this.instance.get_func(&mut this.store, abi::MAIN).is_some() {
            this.enter(engine, program, abi::MAIN, &[])?;
        }
        Ok(this)
    }

    fn heap(&mut self) -> Heap<'_> {
        Heap::new(self.store.as_context_mut(), self.exports.clone())
    }

    /// Calls a function that gives 0 or the address of an exception.
    fn enter(&mut self, engine: &Engine, program: &Program, name: &str, args: &[Val]) -> Result<(), Error> {
        let function = self.instance.get_func(&mut self.store, name);
        let function = function.ok_or_else(|| Error::Internal(format!("the module does not export `{name}`")))?;
        let settings = &engine.settings;
        let _running = settings.time_limit.map(|limit| {
            self.store.data_mut().deadline = Instant::now().checked_add(limit);
            self.store.set_epoch_deadline(1);
            engine.ticker.start()
        });
        if let Some(fuel) = settings.fuel_limit {
            self.store.set_fuel(fuel).map_err(|error| Error::Internal(error.to_string()))?;
        }
        let mut results = [Val::I32(0)];
        if let Err(error) = function.call(&mut self.store, args, &mut results) {
            return Err(self.explain(engine, program, error));
        }
        match results[0].i32() {
            Some(0) | None => Ok(()),
            Some(address) => Err(self.raised(program, address as u32)),
        }
    }

    /// The exception at this address, which the host now owns.
    fn raised(&mut self, program: &Program, address: u32) -> Error {
        let mut heap = self.heap();
        let exception = Exception::read(&heap, program, address);
        let released = heap.release(&kukri_compiler::types::Type::Exception, &[Part::I32(address)]);
        match (exception, released) {
            (Ok(exception), Ok(())) => Error::Exception(exception),
            (Err(broken), _) => broken.into(),
            (_, Err(error)) => error,
        }
    }

    /// What ended a call that did not return.
    fn explain(&mut self, engine: &Engine, program: &Program, error: wasmtime::Error) -> Error {
        if let Some(thrown) = self.store.take_pending_exception() {
            return match thrown.field(&mut self.store, 0).map(|field| field.i32()) {
                Ok(Some(address)) => self.raised(program, address as u32),
                Ok(None) | Err(_) => Error::Internal("something other than a Python exception was thrown".into()),
            };
        }
        let settings = &engine.settings;
        match error.downcast::<Error>() {
            Ok(error) => error,
            Err(error) => match (error.downcast_ref::<Trap>(), settings.time_limit, settings.fuel_limit) {
                (Some(Trap::StackOverflow), ..) => {
                    let bases = ["RuntimeError", "Exception", "BaseException"];
                    let message = "maximum recursion depth exceeded";
                    Error::Exception(Exception::of_host("RecursionError", &bases, message))
                }
                (Some(Trap::Interrupt), Some(limit), _) => Error::TimeLimit(limit),
                (Some(Trap::OutOfFuel), _, Some(limit)) => Error::FuelLimit(limit),
                (Some(trap), ..) => Error::Internal(format!("the kernel stopped with \"{trap}\"")),
                (None, ..) => Error::Internal(format!("{error:#}")),
            },
        }
    }

    /// Calls an export. The flag says whether the instance can be used again.
    pub(crate) fn call<R: FromKernel>(
        &mut self,
        engine: &Engine,
        program: &Program,
        export: &Signature,
        args: &mut impl Arguments,
    ) -> (Result<R, Error>, bool) {
        let mut parts = Vec::new();
        let mut heap = self.heap();
        for (at, param) in export.params.iter().enumerate() {
            if let Err(refused) = args.lower(at, &param.ty, &mut heap, &mut parts) {
                let error = heap.undo().err().unwrap_or_else(|| argument_error(export, at, refused));
                return (Err(error), true);
            }
        }
        heap.keep();
        let result = self.finish(engine, program, export, args, &parts);
        let usable = match &result {
            Ok(_) => true,
            // An exception that was returned leaves all in order; a trap in the middle of things does not.
            Err(Error::Exception(exception)) => !exception.frames.is_empty(),
            Err(Error::Argument { .. } | Error::Result { .. }) => true,
            Err(_) => false,
        };
        (result, usable)
    }

    fn finish<R: FromKernel>(
        &mut self,
        engine: &Engine,
        program: &Program,
        export: &Signature,
        args: &mut impl Arguments,
        parts: &[Part],
    ) -> Result<R, Error> {
        let layout = export.result.layout();
        let small = RESULT_AREA + layout.size <= abi::DATA_START;
        let area = if small { RESULT_AREA } else { self.heap().allocate(layout.size as usize)? };
        let mut values: Vec<Val> = parts.iter().map(|part| part.to_val()).collect();
        values.push(Val::I32(area as i32));
        let called = self.enter(engine, program, &export.name, &values);
        let mut heap = self.heap();
        // What the kernel did to its arguments before it raised is done, as in Python.
        let mut rest = parts;
        let mut changed = Ok(());
        for (at, param) in export.params.iter().enumerate() {
            let parts = take(&mut rest, &param.ty)?;
            if let (Err(refused), Ok(())) = (args.read_back(at, &param.ty, &heap, parts), &changed) {
                changed = Err(argument_error(export, at, refused));
            }
            heap.release(&param.ty, parts)?;
        }
        called?;
        let given = heap.load(&export.result, area)?;
        let result = R::lift(&export.result, &heap, &given).map_err(|refused| match refused {
            Refused::Mismatch(_) => Error::Result {
                function: export.name.clone(),
                found: export.result.clone(),
                wanted: std::any::type_name::<R>(),
            },
            Refused::Failed(error) => error,
        });
        heap.release(&export.result, &given)?;
        if !small {
            heap.free(area)?;
        }
        changed?;
        result
    }
}

fn argument_error(export: &Signature, at: usize, refused: Refused) -> Error {
    match refused {
        Refused::Mismatch(message) => Error::Argument {
            function: export.name.clone(),
            message: format!("argument `{}` {message}", export.params[at].name),
        },
        Refused::Failed(error) => error,
    }
}
