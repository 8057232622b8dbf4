//! Functions of the host that Python calls by name. In: Rust closures. Out: `HostFunction`.

use crate::convert::{Refused, ToKernel, Typed, lower};
use crate::error::Error;
use crate::heap::{Heap, Part, take};
use kukri_compiler::abi::{Param, Signature};
use kukri_compiler::types::Type;

type Body = Box<dyn Fn(&mut Heap<'_>, &[Part]) -> Result<Vec<Part>, Error> + Send + Sync>;

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

/// What a function of the host may give: a value, or a `Result` whose error ends the kernel's call with
/// [`Error::Host`].
pub trait HostResult {
    /// The value's type.
    #[doc(hidden)]
    type Value: ToKernel + Typed;

    /// The value, or the message.
    #[doc(hidden)]
    fn into_result(self) -> Result<Self::Value, String>;
}

impl<T: ToKernel + Typed> HostResult for T {
    type Value = T;
    fn into_result(self) -> Result<T, String> {
        Ok(self)
    }
}

impl<T: ToKernel + Typed, E: std::fmt::Display> HostResult for Result<T, E> {
    type Value = T;
    fn into_result(self) -> Result<T, String> {
        self.map_err(|error| error.to_string())
    }
}

/// Parts of a result, owned by the kernel.
fn give<T: ToKernel>(
    name: &str,
    ty: &Type,
    result: Result<T, String>,
    heap: &mut Heap<'_>,
) -> Result<Vec<Part>, Error> {
    let mut out = Vec::new();
    let value = result.map_err(|message| Error::Host(format!("{name}: {message}")))?;
    lower(&value, ty, heap, &mut out).map_err(|refused| failed(name, refused))?;
    heap.keep();
    Ok(out)
}

fn failed(name: &str, refused: Refused) -> Error {
    match refused {
        Refused::Mismatch(message) => Error::Host(format!("{name}: {message}")),
        Refused::Failed(error) => error,
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
                        let $name = $name::lift(ty, heap, parts).map_err(|refused| failed(&name, refused))?;
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
