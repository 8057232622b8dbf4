//! Functions of the host that Python calls by name. In: Rust closures. Out: `HostFunction`.

use crate::convert::{Refused, ToKernel, Typed, lower};
use crate::error::Error;
use crate::exception::Exception;
use crate::heap::{Heap, Part, take};
use kukri_compiler::abi::{Param, Signature};
use kukri_compiler::types::Type;
use std::any::Any;
use std::fmt;

/// The parts of the result, or what is raised in Python. An error ends the kernel's call.
type Body = Box<dyn Fn(&mut Heap<'_>, &[Part]) -> Result<Result<Vec<Part>, Exception>, Error> + Send + Sync>;

/// A function of the host with the types of its border.
pub(crate) struct HostFunction {
    pub(crate) signature: Signature,
    pub(crate) body: Body,
}

/// A Rust closure that Python can call: up to six parameters of types that a kernel gives ([`Typed`]) and a
/// result that it takes ([`HostResult`]).
pub trait HostClosure<Params>: Send + Sync + 'static {
    /// The function under its Python name.
    #[doc(hidden)]
    fn erase(self, name: &str) -> (Signature, Body);
}

/// What a function of the host may give: a value, or a `Result` whose error is raised in Python: an [`Exception`] as
/// what it is, anything else as a `RuntimeError` with its text.
pub trait HostResult {
    /// The value's type.
    #[doc(hidden)]
    type Value: ToKernel + Typed;

    /// The value, or the exception.
    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Value, Exception>;
}

impl<T: ToKernel + Typed> HostResult for T {
    type Value = T;
    fn into_result(self) -> Result<T, Exception> {
        Ok(self)
    }
}

impl<T: ToKernel + Typed, E: fmt::Display + 'static> HostResult for Result<T, E> {
    type Value = T;
    fn into_result(self) -> Result<T, Exception> {
        self.map_err(|error| exception(&error))
    }
}

/// An error of the host in Python's terms.
fn exception<E: fmt::Display + 'static>(error: &E) -> Exception {
    let plain = (error as &dyn Any).downcast_ref::<Exception>();
    let boxed = (error as &dyn Any).downcast_ref::<Box<dyn std::error::Error>>();
    let boxed = boxed.and_then(|error| error.downcast_ref::<Exception>());
    let sent = (error as &dyn Any).downcast_ref::<Box<dyn std::error::Error + Send + Sync>>();
    let sent = sent.and_then(|error| error.downcast_ref::<Exception>());
    let kernel = (error as &dyn Any).downcast_ref::<Error>().and_then(Error::exception);
    let known = plain.or(boxed).or(sent).or(kernel).cloned();
    known.unwrap_or_else(|| Exception::new("RuntimeError", error.to_string()))
}

/// Parts of a result, owned by the kernel.
fn give<T: ToKernel>(
    name: &str,
    ty: &Type,
    result: Result<T, Exception>,
    heap: &mut Heap<'_>,
) -> Result<Result<Vec<Part>, Exception>, Error> {
    let value = match result {
        Ok(value) => value,
        Err(exception) => return Ok(Err(exception)),
    };
    let mut out = Vec::new();
    match lower(&value, ty, heap, &mut out) {
        Ok(()) => {
            heap.keep();
            Ok(Ok(out))
        }
        Err(refused) => {
            heap.undo()?;
            failed(refused, |message| format!("the result of {name}() {message}")).map(Err)
        }
    }
}

/// A value that did not cross the border: the types are those that were declared, so that it is too large.
fn failed(refused: Refused, words: impl FnOnce(&str) -> String) -> Result<Exception, Error> {
    match refused {
        Refused::Mismatch(message) => Ok(Exception::new("OverflowError", words(&message))),
        Refused::Failed(Error::Exception(exception)) => Ok(exception),
        Refused::Failed(error) => Err(error),
    }
}

macro_rules! closures {
    ($($name:ident),*) => {
        impl<Function, Given, $($name),*> HostClosure<($($name,)*)> for Function
        where
            Function: Fn($($name),*) -> Given + Send + Sync + 'static,
            Given: HostResult,
            $($name: Typed),*
        {
            #[allow(non_snake_case, unused_mut, unused_variables, reason = "one value a type parameter, of its name")]
            fn erase(self, name: &str) -> (Signature, Body) {
                let types: Vec<Type> = vec![$($name::kernel_type()),*];
                let params = types.iter().enumerate();
                let params = params.map(|(at, ty)| Param { name: format!("argument_{}", at + 1), ty: ty.clone() });
                let result = Given::Value::kernel_type();
                let signature = Signature { name: name.to_owned(), params: params.collect(), result: result.clone() };
                let name = name.to_owned();
                let body = move |heap: &mut Heap<'_>, parts: &[Part]| {
                    let (mut rest, mut types) = (parts, types.iter());
                    $(
                        let ty = types.next().unwrap_or(&Type::None);
                        let parts = take(&mut rest, ty)?;
                        let $name = match $name::lift(ty, heap, parts) {
                            Ok(value) => value,
                            Err(refused) => {
                                return failed(refused, |message| format!("{name}() was given {message}")).map(Err);
                            }
                        };
                    )*
                    give(&name, &result, self($($name),*).into_result(), heap)
                };
                (signature, Box::new(body))
            }
        }
    };
}
closures!();
closures!(A);
closures!(A, B);
closures!(A, B, C);
closures!(A, B, C, D);
closures!(A, B, C, D, E);
closures!(A, B, C, D, E, F);
