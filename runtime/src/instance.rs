//! One running instance of a program: its memory, its imports, its limits. In: `Program`, arguments. Out: results.

use crate::console::{Console, Stream};
use crate::convert::{Arguments, FromKernel, Refused};
use crate::engine::{Engine, Settings};
use crate::error::Error;
use crate::exception::Exception;
use crate::heap::{Exports, Heap, Part, take};
use crate::host::HostFunction;
use crate::load::{Program, value_type};
use kukri_compiler::abi::{self, Signature};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
    /// When the code that runs now must have ended.
    deadline: Option<Instant>,
    exports: Option<Exports>,
}

/// What is left of the limits of one call, the module level included where it runs first.
pub(crate) struct Budget {
    deadline: Option<Instant>,
    fuel: Option<u64>,
}

impl Budget {
    /// All that the settings allow, from now on.
    pub(crate) fn new(settings: &Settings) -> Self {
        let deadline = settings.time_limit.and_then(|limit| Instant::now().checked_add(limit));
        Self { deadline, fuel: settings.fuel_limit }
    }
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
            let rest = state.line.iter().position(|byte| *byte == b'\n').map_or(state.line.len(), |at| at + 1);
            let length = rest.min(room as u32 as usize);
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
    let results = std::iter::once(ValType::I32).chain(types(signature.result.flatten()));
    let zeros: Vec<Part> = signature.result.flatten().into_iter().map(Part::zero).collect::<Result<_, _>>()?;
    let ty = FuncType::new(&engine.wasmtime, params, results);
    let name = signature.name.clone();
    linker.func_new(abi::HOST_MODULE, &name, ty, move |mut caller, args, results| {
        let exports = caller.data().exports.clone().ok_or_else(outside)?;
        let parts: Vec<Part> = args.iter().filter_map(Part::of_val).collect();
        let mut heap = Heap::new(caller.as_context_mut(), exports);
        // A panic must not pass through the kernel's frames, and ends the call alone.
        let given = catch_unwind(AssertUnwindSafe(|| (function.body)(&mut heap, &parts)));
        let given = given.unwrap_or_else(|panic| Err(panicked(&function.signature.name, &*panic)));
        let (exception, parts) = match given.map_err(wasmtime::Error::new)? {
            Ok(parts) => (0, parts),
            Err(exception) => (heap.new_exception(&exception).map_err(wasmtime::Error::new)?, zeros.clone()),
        };
        for (result, part) in results.iter_mut().zip(std::iter::once(Part::I32(exception)).chain(parts)) {
            *result = part.to_val();
        }
        Ok(())
    })?;
    Ok(())
}

fn panicked(name: &str, panic: &(dyn std::any::Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    Error::Host(format!("the function `{name}` of the host panicked: {text}"))
}

/// Memory that ran out where no Python frame can tell.
pub(crate) fn memory_error() -> Error {
    Error::Exception(Exception::new("MemoryError", ""))
}

/// How code of the kernel ended: well, or with an exception after which the kernel is in order.
type Ended = Result<(), Exception>;

impl Instance {
    /// Makes an instance and runs its module level.
    pub(crate) fn new(
        engine: &Engine,
        program: &Program,
        pre: &InstancePre<State>,
        budget: &mut Budget,
    ) -> Result<Self, Error> {
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
            store.set_epoch_deadline(1);
        }
        let mut this = Self { store, instance, exports };
        this.set_fuel(engine, u64::MAX)?;
        if this.instance.get_func(&mut this.store, abi::MAIN).is_some() {
            this.enter(engine, program, budget, abi::MAIN, &[])?.map_err(Error::Exception)?;
        }
        Ok(this)
    }

    fn heap(&mut self) -> Heap<'_> {
        Heap::new(self.store.as_context_mut(), self.exports.clone())
    }

    fn set_fuel(&mut self, engine: &Engine, fuel: u64) -> Result<(), Error> {
        if engine.settings.fuel_limit.is_none() {
            return Ok(());
        }
        self.store.set_fuel(fuel).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Calls a function that gives 0 or the address of an exception. An error says that the kernel was broken off and
    /// cannot be used again.
    fn enter(
        &mut self,
        engine: &Engine,
        program: &Program,
        budget: &mut Budget,
        name: &str,
        args: &[Val],
    ) -> Result<Ended, Error> {
        let function = self.instance.get_func(&mut self.store, name);
        let function = function.ok_or_else(|| Error::Internal(format!("the module does not export `{name}`")))?;
        // Limits hold for the program's code alone, not for what the host does in its memory.
        let running = budget.deadline.map(|_| engine.ticker.start());
        self.store.data_mut().deadline = budget.deadline;
        self.set_fuel(engine, budget.fuel.unwrap_or(u64::MAX))?;
        let mut results = [Val::I32(0)];
        let called = function.call(&mut self.store, args, &mut results);
        drop(running);
        self.store.data_mut().deadline = None;
        if budget.fuel.is_some() {
            budget.fuel = self.store.get_fuel().ok();
            self.set_fuel(engine, u64::MAX)?;
        }
        if let Err(error) = called {
            return self.explain(engine, program, error);
        }
        match results[0].i32() {
            Some(0) | None => Ok(Ok(())),
            Some(address) => self.raised(program, address as u32).map(Err),
        }
    }

    /// The exception at this address, which the host now owns.
    fn raised(&mut self, program: &Program, address: u32) -> Result<Exception, Error> {
        let mut heap = self.heap();
        let exception = Exception::read(&heap, program, address)?;
        heap.release(&kukri_compiler::types::Type::Exception, &[Part::I32(address)])?;
        Ok(exception)
    }

    /// What ended a call that did not return.
    fn explain(&mut self, engine: &Engine, program: &Program, error: wasmtime::Error) -> Result<Ended, Error> {
        if let Some(thrown) = self.store.take_pending_exception() {
            return match thrown.field(&mut self.store, 0).map(|field| field.i32()) {
                Ok(Some(address)) => self.raised(program, address as u32).map(Err),
                Ok(None) | Err(_) => Err(Error::Internal("something other than a Python exception was thrown".into())),
            };
        }
        let settings = &engine.settings;
        Err(match error.downcast::<Error>() {
            Ok(error) => error,
            Err(error) => match (error.downcast_ref::<Trap>(), settings.time_limit, settings.fuel_limit) {
                (Some(Trap::StackOverflow), ..) => {
                    Error::Exception(Exception::new("RecursionError", "maximum recursion depth exceeded"))
                }
                (Some(Trap::Interrupt), Some(limit), _) => Error::TimeLimit(limit),
                (Some(Trap::OutOfFuel), _, Some(limit)) => Error::FuelLimit(limit),
                (Some(trap), ..) => Error::Internal(format!("the kernel stopped with \"{trap}\"")),
                (None, ..) => Error::Internal(format!("{error:#}")),
            },
        })
    }

    /// Calls an export. Also gives the instance back, if it can be used again.
    pub(crate) fn call<R: FromKernel>(
        mut self,
        engine: &Engine,
        program: &Program,
        budget: &mut Budget,
        export: &Signature,
        args: &mut impl Arguments,
    ) -> (Result<R, Error>, Option<Self>) {
        let mut parts = Vec::new();
        let mut heap = self.heap();
        for (at, param) in export.params.iter().enumerate() {
            if let Err(refused) = args.lower(at, &param.ty, &mut heap, &mut parts) {
                let error = argument_error(export, at, refused);
                return match heap.undo() {
                    Ok(()) => (Err(error), Some(self)),
                    Err(broken) => (Err(broken), None),
                };
            }
        }
        heap.keep();
        match self.finish(engine, program, budget, export, args, &parts) {
            Ok(result) => (result, Some(self)),
            Err(broken_off) => (Err(broken_off), None),
        }
    }

    /// The part of a call that leaves the instance unusable where it fails.
    fn finish<R: FromKernel>(
        &mut self,
        engine: &Engine,
        program: &Program,
        budget: &mut Budget,
        export: &Signature,
        args: &mut impl Arguments,
        parts: &[Part],
    ) -> Result<Result<R, Error>, Error> {
        let layout = export.result.layout();
        let small = RESULT_AREA + layout.size <= abi::DATA_START;
        let area = if small { RESULT_AREA } else { self.heap().allocate(layout.size as usize)? };
        let mut values: Vec<Val> = parts.iter().map(|part| part.to_val()).collect();
        values.push(Val::I32(area as i32));
        let ended = self.enter(engine, program, budget, &export.name, &values)?;
        let mut heap = self.heap();
        // What the kernel did to its arguments before it raised is done, as in Python.
        let mut rest = parts;
        let mut changed = Ok(());
        for (at, param) in export.params.iter().enumerate() {
            let parts = take(&mut rest, &param.ty)?;
            if let (Err(refused), Ok(())) = (args.read_back(at, &param.ty, &heap, parts), &changed) {
                changed = Err(argument_error(export, at, came_back(refused)));
            }
            heap.release(&param.ty, parts)?;
        }
        let result = match ended {
            Ok(()) => {
                let given = heap.load(&export.result, area)?;
                let result = R::lift(&export.result, &heap, &given);
                heap.release(&export.result, &given)?;
                result.map_err(|refused| result_error(export, refused))
            }
            Err(exception) => Err(Error::Exception(exception)),
        };
        if !small {
            heap.free(area)?;
        }
        Ok(result.and_then(|result| changed.map(|()| result)))
    }
}

fn came_back(refused: Refused) -> Refused {
    match refused {
        Refused::Mismatch(message) => Refused::Mismatch(format!("came back as {message}")),
        failed @ Refused::Failed(_) => failed,
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

fn result_error(export: &Signature, refused: Refused) -> Error {
    match refused {
        Refused::Mismatch(message) => Error::Result { function: export.name.clone(), message },
        Refused::Failed(error) => error,
    }
}
