//! A kernel's memory as its host sees it. In: addresses and types. Out: objects made, read and released.
//!
//! Layouts are those of `kukri_compiler::abi`; dicts and sets are those of `compiler/prelude/table.py`.

use crate::error::Error;
use crate::exception::Exception;
use crate::instance::State;
use crate::value::repr;
use kukri_compiler::abi;
use kukri_compiler::ssa;
use kukri_compiler::types::{Dtype, Type};
use wasmtime::{AsContextMut, Memory, StoreContextMut, TypedFunc, Val};

/// What a host needs of an instance.
#[derive(Clone)]
pub(crate) struct Exports {
    pub(crate) memory: Memory,
    /// Absent in modules that use no heap.
    pub(crate) allocate: Option<TypedFunc<i64, i32>>,
    pub(crate) free: Option<TypedFunc<i32, ()>>,
}

/// The memory of a kernel during a call.
pub struct Heap<'a> {
    store: StoreContextMut<'a, State>,
    exports: Exports,
    /// What was allocated in this call and nobody else knows of yet.
    made: Vec<u32>,
}

/// One machine value of those that a Python value is held in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// 32 bits.
    I32(u32),
    /// 64 bits.
    I64(u64),
    /// A binary32.
    F32(f32),
    /// A binary64.
    F64(f64),
}

/// An address or a value that no compiled code makes: the module and the host disagree.
#[derive(Debug)]
pub(crate) struct Broken(pub(crate) String);

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        Self::Internal(broken.0)
    }
}

impl From<Broken> for wasmtime::Error {
    fn from(broken: Broken) -> Self {
        Self::new(Error::from(broken))
    }
}

impl Part {
    pub(crate) fn zero(ty: ssa::Type) -> Result<Self, Broken> {
        Ok(match ty {
            ssa::Type::I32 => Self::I32(0),
            ssa::Type::I64 => Self::I64(0),
            ssa::Type::F32 => Self::F32(0.0),
            ssa::Type::F64 => Self::F64(0.0),
            ssa::Type::V128 => return Err(Broken("a vector crosses the border".into())),
        })
    }

    pub(crate) fn to_val(self) -> Val {
        match self {
            Self::I32(value) => Val::I32(value as i32),
            Self::I64(value) => Val::I64(value as i64),
            Self::F32(value) => Val::F32(value.to_bits()),
            Self::F64(value) => Val::F64(value.to_bits()),
        }
    }

    pub(crate) fn of_val(value: &Val) -> Option<Self> {
        Some(match value {
            Val::I32(value) => Self::I32(*value as u32),
            Val::I64(value) => Self::I64(*value as u64),
            Val::F32(bits) => Self::F32(f32::from_bits(*bits)),
            Val::F64(bits) => Self::F64(f64::from_bits(*bits)),
            _ => return None,
        })
    }

    /// The part as an address, length or flag.
    pub(crate) fn u32(self) -> u32 {
        match self {
            Self::I32(value) => value,
            Self::I64(value) => value as u32,
            Self::F32(_) | Self::F64(_) => 0,
        }
    }
}

/// Takes the parts of one value off the front.
pub(crate) fn take<'p>(parts: &mut &'p [Part], ty: &Type) -> Result<&'p [Part], Broken> {
    let missing = || Broken(format!("parts of a `{ty}` are missing"));
    let (first, rest) = parts.split_at_checked(ty.flatten().len()).ok_or_else(missing)?;
    *parts = rest;
    Ok(first)
}

/// The element type whose memory is the same as that of a list's items.
pub(crate) fn dtype_of_items(item: &Type) -> Option<Dtype> {
    match item {
        Type::Int => Some(Dtype::I64),
        Type::Float => Some(Dtype::F64),
        Type::Complex => Some(Dtype::C128),
        Type::Scalar(dtype) if dtype.size() >= 4 => Some(*dtype),
        _ => None,
    }
}

impl<'a> Heap<'a> {
    pub(crate) fn new(store: StoreContextMut<'a, State>, exports: Exports) -> Self {
        Self { store, exports, made: Vec::new() }
    }

    /// A block of memory; its first four bytes are a count of one.
    pub(crate) fn allocate(&mut self, size: usize) -> Result<u32, Error> {
        let Some(allocate) = self.exports.allocate.clone() else {
            return Err(Error::Internal("a module that takes or gives objects exports no allocator".into()));
        };
        let address = allocate.call(&mut self.store, size as i64).map_err(|error| {
            // The allocator throws one thing only, and it has no site to tell.
            let thrown = self.store.as_context_mut().take_pending_exception().is_some();
            if thrown { crate::instance::memory_error() } else { Error::Internal(error.to_string()) }
        })? as u32;
        self.made.push(address);
        self.put(address, &1u32.to_le_bytes())?;
        Ok(address)
    }

    /// What was made so far belongs to the values that were lowered.
    pub(crate) fn keep(&mut self) {
        self.made.clear();
    }

    /// Frees what was made so far: an argument did not fit.
    pub(crate) fn undo(&mut self) -> Result<(), Error> {
        for address in std::mem::take(&mut self.made) {
            self.free(address)?;
        }
        Ok(())
    }

    pub(crate) fn free(&mut self, address: u32) -> Result<(), Error> {
        // A module without exports exports no heap: its memory goes with the instance.
        let Some(free) = self.exports.free.clone() else {
            return Ok(());
        };
        free.call(&mut self.store, address as i32).map_err(|error| Error::Internal(error.to_string()))
    }

    /// Bytes of memory.
    pub(crate) fn bytes(&self, address: u32, length: usize) -> Result<&[u8], Broken> {
        let start = address as usize;
        let all = self.exports.memory.data(&self.store);
        all.get(start..start.saturating_add(length)).ok_or_else(|| outside(address, length))
    }

    /// Bytes into memory.
    pub(crate) fn put(&mut self, address: u32, bytes: &[u8]) -> Result<(), Broken> {
        let (start, length) = (address as usize, bytes.len());
        let all = self.exports.memory.data_mut(&mut self.store);
        let room = all.get_mut(start..start.saturating_add(length)).ok_or_else(|| outside(address, length))?;
        room.copy_from_slice(bytes);
        Ok(())
    }

    pub(crate) fn u32(&self, address: u32) -> Result<u32, Broken> {
        Ok(u32::from_le_bytes(self.fixed(address)?))
    }

    fn fixed<const N: usize>(&self, address: u32) -> Result<[u8; N], Broken> {
        let bytes = self.bytes(address, N)?;
        bytes.try_into().map_err(|_| outside(address, N))
    }

    /// The value of this type that lies at `address`.
    pub(crate) fn load(&self, ty: &Type, address: u32) -> Result<Vec<Part>, Broken> {
        let parts = ty.layout().parts;
        parts
            .into_iter()
            .map(|(offset, part)| {
                let at = address.saturating_add(offset);
                Ok(match part {
                    ssa::Type::I32 => Part::I32(self.u32(at)?),
                    ssa::Type::I64 => Part::I64(u64::from_le_bytes(self.fixed(at)?)),
                    ssa::Type::F32 => Part::F32(f32::from_le_bytes(self.fixed(at)?)),
                    ssa::Type::F64 => Part::F64(f64::from_le_bytes(self.fixed(at)?)),
                    ssa::Type::V128 => Part::zero(part)?,
                })
            })
            .collect()
    }

    /// Puts a value of this type to `address`.
    pub(crate) fn store(&mut self, ty: &Type, address: u32, parts: &[Part]) -> Result<(), Broken> {
        for ((offset, _), part) in ty.layout().parts.into_iter().zip(parts) {
            let at = address.saturating_add(offset);
            match part {
                Part::I32(value) => self.put(at, &value.to_le_bytes())?,
                Part::I64(value) => self.put(at, &value.to_le_bytes())?,
                Part::F32(value) => self.put(at, &value.to_le_bytes())?,
                Part::F64(value) => self.put(at, &value.to_le_bytes())?,
            }
        }
        Ok(())
    }

    /// A new `str`.
    pub(crate) fn new_text(&mut self, text: &str) -> Result<u32, Error> {
        let length = text.chars().count();
        let narrow = text.chars().all(|c| u32::from(c) < 256);
        let width = if narrow { 1 } else { 4 };
        let address = self.allocate(abi::STR_DATA as usize + width * length)?;
        let mut bytes = Vec::with_capacity(abi::STR_DATA as usize - 4 + width * length);
        bytes.extend_from_slice(&(length as u32).to_le_bytes());
        bytes.extend_from_slice(&(width as u32).to_le_bytes());
        bytes.extend_from_slice(&0u32.to_le_bytes());
        for c in text.chars() {
            bytes.extend_from_slice(&u32::from(c).to_le_bytes()[..width]);
        }
        self.put(address + abi::STR_LENGTH, &bytes)?;
        Ok(address)
    }

    /// The text of a `str`. A lone surrogate, which Rust's strings cannot hold, becomes U+FFFD.
    pub(crate) fn text(&self, address: u32) -> Result<String, Broken> {
        let length = self.u32(address + abi::STR_LENGTH)? as usize;
        let width = self.u32(address + abi::STR_WIDTH)? as usize;
        let bytes = self.bytes(address + abi::STR_DATA, length.saturating_mul(width))?;
        Ok(match width {
            1 => bytes.iter().map(|byte| char::from(*byte)).collect(),
            4 => {
                let codes = bytes.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]));
                codes.map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
            }
            _ => return Err(Broken(format!("the text at {address} has {width} bytes a character"))),
        })
    }

    /// A new `bytes`.
    pub(crate) fn new_bytes(&mut self, content: &[u8]) -> Result<u32, Error> {
        let address = self.allocate(abi::STR_DATA as usize + content.len())?;
        self.put(address + abi::STR_LENGTH, &(content.len() as u32).to_le_bytes())?;
        self.put(address + abi::STR_WIDTH, &1u32.to_le_bytes())?;
        self.put(address + abi::STR_HASH, &0u32.to_le_bytes())?;
        self.put(address + abi::STR_DATA, content)?;
        Ok(address)
    }

    /// The content of a `bytes`.
    pub(crate) fn content(&self, address: u32) -> Result<Vec<u8>, Broken> {
        let length = self.u32(address + abi::STR_LENGTH)? as usize;
        Ok(self.bytes(address + abi::STR_DATA, length)?.to_vec())
    }

    /// A new exception object. A class that is not builtin becomes a `RuntimeError` that names it.
    pub(crate) fn new_exception(&mut self, exception: &Exception) -> Result<u32, Error> {
        let number = |class: &str| abi::EXCEPTIONS.iter().position(|(name, _)| *name == class);
        let Exception { class, message, .. } = exception;
        let Some(class_number) = number(class) else {
            let text = format!("{class}: {message}");
            return self.new_exception(&Exception::new("RuntimeError", text));
        };
        // A `KeyError` shows the repr of what it was made of.
        let is_repr = exception.is("KeyError");
        let message = match message.as_str() {
            "" => 0,
            text if is_repr => self.new_text(&repr::string(text))?,
            text => self.new_text(text)?,
        };
        let address = self.allocate(abi::EXCEPTION_SIZE as usize)?;
        self.put(address + abi::EXCEPTION_CLASS, &[0; (abi::EXCEPTION_SIZE - abi::EXCEPTION_CLASS) as usize])?;
        self.put(address + abi::EXCEPTION_CLASS, &(class_number as u32).to_le_bytes())?;
        self.put(address + abi::EXCEPTION_MESSAGE, &message.to_le_bytes())?;
        self.put(address + abi::EXCEPTION_FORM, &u32::from(is_repr).to_le_bytes())?;
        self.keep();
        Ok(address)
    }

    /// A new `list` with so many items of `size` bytes; gives its address and that of the items, to be filled.
    pub(crate) fn new_list(&mut self, length: usize, size: usize) -> Result<(u32, u32), Error> {
        let data = if length == 0 { 0 } else { self.allocate(length.saturating_mul(size))? };
        let address = self.allocate(abi::LIST_DATA as usize + 4)?;
        self.put(address + abi::LIST_LENGTH, &(length as u32).to_le_bytes())?;
        self.put(address + abi::LIST_CAPACITY, &(length as u32).to_le_bytes())?;
        self.put(address + abi::LIST_DATA, &data.to_le_bytes())?;
        Ok((address, data))
    }

    /// How many items a `list` has, and their address.
    pub(crate) fn list(&self, address: u32) -> Result<(usize, u32), Broken> {
        Ok((self.u32(address + abi::LIST_LENGTH)? as usize, self.u32(address + abi::LIST_DATA)?))
    }

    /// The parts of a new array: a block of its own with these elements, in C order or column-major (`fortran`;
    /// then the bytes are in that order too).
    pub(crate) fn new_array(
        &mut self,
        dtype: Dtype,
        shape: &[usize],
        fortran: bool,
        content: &[u8],
        out: &mut Vec<Part>,
    ) -> Result<(), Error> {
        let owner = self.allocate(abi::ARRAY_DATA as usize + content.len())?;
        let data = owner + abi::ARRAY_DATA;
        self.put(data, content)?;
        let mut strides = vec![0; shape.len()];
        let mut stride = dtype.size() as usize;
        let outermost_last = |at: usize| if fortran { at } else { shape.len() - 1 - at };
        for axis in (0..shape.len()).map(outermost_last) {
            strides[axis] = stride;
            stride *= shape[axis].max(1);
        }
        out.extend([owner, data].map(Part::I32));
        out.extend(shape.iter().chain(&strides).map(|number| Part::I32(*number as u32)));
        Ok(())
    }

    /// Shape and elements, in C order, of an array in these parts.
    pub(crate) fn array(&self, dtype: Dtype, parts: &[Part]) -> Result<(Vec<usize>, Vec<u8>), Broken> {
        let ndim = (parts.len().saturating_sub(2)) / 2;
        let numbers: Vec<u32> = parts.iter().map(|part| part.u32()).collect();
        let (data, shape, strides) = (numbers[1], &numbers[2..2 + ndim], &numbers[2 + ndim..]);
        let size = dtype.size() as usize;
        let lengths: Vec<usize> = shape.iter().map(|length| *length as usize).collect();
        let total = lengths.iter().try_fold(size, |total, length| total.checked_mul(*length));
        let total = total.ok_or_else(|| Broken("an array is larger than any memory".into()))?;
        let mut content = Vec::new();
        if total > 0 {
            // A broadcast array (stride 0) can be larger than the memory it lies in, but not than all of it.
            if total > 1 << 32 {
                return Err(Broken("an array is larger than any memory".into()));
            }
            content.reserve(total);
            self.rows(data, shape, strides, size, &mut content)?;
        }
        Ok((lengths, content))
    }

    fn rows(&self, at: u32, shape: &[u32], strides: &[u32], size: usize, out: &mut Vec<u8>) -> Result<(), Broken> {
        match (shape, strides) {
            ([length, shape @ ..], [stride, strides @ ..]) => {
                if shape.is_empty() && *stride as usize == size {
                    out.extend_from_slice(self.bytes(at, *length as usize * size)?);
                    return Ok(());
                }
                for place in 0..*length {
                    // Strides are signed: a reversed view goes down.
                    self.rows(at.wrapping_add(stride.wrapping_mul(place)), shape, strides, size, out)?;
                }
            }
            _ => out.extend_from_slice(self.bytes(at, size)?),
        }
        Ok(())
    }

    /// Addresses of the keys (and values) of a `dict` (or `set`) that are alive, in order.
    pub(crate) fn entries(&self, address: u32, key: &Type, value: Option<&Type>) -> Result<Vec<(u32, u32)>, Broken> {
        let (table, slots) = (self.u32(address + abi::TABLE)?, self.u32(address + abi::TABLE_SLOTS)?);
        let (length, keys) = self.list(self.u32(address + abi::TABLE_KEYS)?)?;
        let values = match value {
            Some(_) => self.list(self.u32(address + abi::TABLE_VALUES)?)?.1,
            None => 0,
        };
        let (key_size, value_size) = (key.layout().size, value.map_or(0, |value| value.layout().size));
        let mut entries = Vec::new();
        if value.is_none() {
            // The order of a set is that of its slots (see `compiler/prelude/set.py`).
            for slot in 0..slots {
                match self.u32(table + slot * 4)? {
                    0 | u32::MAX => {}
                    entry => entries.push((keys + (entry - 1) * key_size, 0)),
                }
            }
            return Ok(entries);
        }
        for at in 0..length as u32 {
            if self.u32(table + (slots + at) * 4)? != 0 {
                entries.push((keys + at * key_size, values + at * value_size));
            }
        }
        Ok(entries)
    }

    /// One reference less to a value of this type, which is in these parts.
    pub(crate) fn release(&mut self, ty: &Type, parts: &[Part]) -> Result<(), Error> {
        if !ty.is_counted() {
            return Ok(());
        }
        match ty {
            Type::Tuple(items) => {
                let mut rest = parts;
                for item in items.iter() {
                    let parts = take(&mut rest, item)?;
                    self.release(item, parts)?;
                }
                Ok(())
            }
            Type::Optional(item) => match parts {
                [Part::I32(0), ..] => Ok(()),
                _ => self.release(item, parts.get(1..).unwrap_or_default()),
            },
            _ => match parts.first().map(|part| part.u32()) {
                Some(0) | None => Ok(()),
                Some(object) => self.release_object(ty, object),
            },
        }
    }

    /// One reference less to the heap object at `object`.
    fn release_object(&mut self, ty: &Type, object: u32) -> Result<(), Error> {
        let count = self.u32(object)?.wrapping_sub(1);
        self.put(object, &count.to_le_bytes())?;
        if count != 0 {
            return Ok(());
        }
        match ty {
            Type::List(item) => {
                self.release_items(item, object)?;
                self.free_list(object)?;
                return Ok(());
            }
            Type::Set(key) => self.release_table(object, key, None)?,
            Type::Dict(key, value) => self.release_table(object, key, Some(value))?,
            Type::Exception => return self.release_exception(object),
            _ => {}
        }
        self.free(object)
    }

    fn release_items(&mut self, item: &Type, list: u32) -> Result<(), Error> {
        if item.is_counted() {
            let (length, data) = self.list(list)?;
            let size = item.layout().size;
            for at in 0..length as u32 {
                let parts = self.load(item, data + at * size)?;
                self.release(item, &parts)?;
            }
        }
        Ok(())
    }

    fn free_list(&mut self, list: u32) -> Result<(), Error> {
        let data = self.u32(list + abi::LIST_DATA)?;
        if data != 0 {
            self.free(data)?;
        }
        self.free(list)
    }

    fn release_table(&mut self, object: u32, key: &Type, value: Option<&Type>) -> Result<(), Error> {
        for (key_at, value_at) in self.entries(object, key, value)? {
            let parts = self.load(key, key_at)?;
            self.release(key, &parts)?;
            if let Some(value) = value {
                let parts = self.load(value, value_at)?;
                self.release(value, &parts)?;
            }
        }
        let (table, keys) = (self.u32(object + abi::TABLE)?, self.u32(object + abi::TABLE_KEYS)?);
        if table != 0 {
            self.free(table)?;
        }
        self.free_list(keys)?;
        if value.is_some() {
            let values = self.u32(object + abi::TABLE_VALUES)?;
            self.free_list(values)?;
        }
        Ok(())
    }

    /// Frees an exception object, and those it was raised from or during: a chain of any length.
    fn release_exception(&mut self, object: u32) -> Result<(), Error> {
        let mut chain = vec![object];
        while let Some(object) = chain.pop() {
            for (offset, ty) in [(abi::EXCEPTION_MESSAGE, Type::Str), (abi::EXCEPTION_TRACE, Type::list(Type::Int))] {
                let held = self.u32(object + offset)?;
                if held != 0 {
                    self.release_object(&ty, held)?;
                }
            }
            for offset in [abi::EXCEPTION_CAUSE, abi::EXCEPTION_CONTEXT] {
                let other = self.u32(object + offset)?;
                if other != 0 {
                    let count = self.u32(other)?.wrapping_sub(1);
                    self.put(other, &count.to_le_bytes())?;
                    chain.extend((count == 0).then_some(other));
                }
            }
            self.free(object)?;
        }
        Ok(())
    }
}

fn outside(address: u32, length: usize) -> Broken {
    Broken(format!("{length} bytes at {address} lie outside the kernel's memory"))
}
