//! The bottom of the prelude: what cannot be said in Python. In: nothing. Out: `Intrinsic` and the names by which
//! prelude code calls it.
//!
//! Prelude code sees memory as raw addresses (`ptr`); user code cannot name any of this.

use crate::ssa;
use crate::types::Dtype;

/// One operation that `lower` turns into a few SSA instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Intrinsic {
    /// A machine instruction on one value. In prelude code by its snake-case name: `f64_sqrt(x)`, `i64_clz(n)`.
    Unary(ssa::Unary),
    /// A machine instruction on two values: `i64_div_u(a, b)`, `i64_add_overflows(a, b)`, `f64_copysign(x, y)`.
    /// Comparisons give a bool.
    Binary(ssa::Binary),
    /// `select(condition, a, b)`: both are evaluated. Any one-part type.
    Select,

    /// `checked_add(a: int, b: int) -> int`: raises `OverflowError`. What `+` is under `Rules::Python`.
    CheckedAdd,
    /// `checked_sub(a, b)`
    CheckedSub,
    /// `checked_mul(a, b)`
    CheckedMul,

    /// `ptr(n: int) -> ptr`: the low 32 bits.
    Ptr,
    /// `int(p: ptr) -> int`: zero-extended. (`p + n`, `p - n`, `p - q`, and comparisons of `ptr` are operators.)
    PtrToInt,
    /// `load_u8(p)`, `load_i8`, `load_u16`, `load_i16`, `load_u32`, `load_i32`, `load_i64` -> int;
    /// `load_f32` -> np.float32, `load_f64` -> float; in general the type is `dtype`'s, widened to `int`.
    Load(Dtype),
    /// `load_ptr(p) -> ptr`
    LoadPtr,
    /// `store_u8(p, n)`, `store_u16`, `store_u32`, `store_i64` (the low bits of an int), `store_f32`, `store_f64`.
    Store(Dtype),
    /// `store_ptr(p, q)`
    StorePtr,
    /// `memory_size() -> int`: pages.
    MemorySize,
    /// `memory_grow(pages: int) -> int`: pages before, or -1.
    MemoryGrow,
    /// `memory_copy(to: ptr, from: ptr, length: int)`: as memmove.
    MemoryCopy,
    /// `memory_fill(to: ptr, byte: int, length: int)`
    MemoryFill,
    /// `heap_start() -> ptr`: the first address after the constants, 16-aligned.
    HeapStart,
    /// `global_get_N() -> int`, N from 0 to 7: the prelude's own module-wide state (allocator, random …).
    StateGet(u8),
    /// `global_set_N(n: int)`
    StateSet(u8),

    /// `address(x) -> ptr`: of a heap object (str, bytes, list, dict, set, exception, cell); borrowed.
    Address,
    /// `own_str(p) -> str`: makes the object at `p` a value; its one count passes to the value.
    OwnStr,
    /// `own_bytes(p) -> bytes`
    OwnBytes,
    /// `own_exception(p) -> Exception`
    OwnException,
    /// `own_like(x, p)`: a value of `x`'s (heap) type.
    OwnLike,
    /// `borrow_str(p) -> str`, as `own_str`, but counts one more reference: the place `p` came from keeps its own.
    BorrowStr,
    /// `borrow_exception(p) -> Exception`
    BorrowException,

    /// `item_size(items) -> int`: bytes between the items of a list (or list-like `set`), a constant.
    ItemSize,
    /// `item_load(items, p)`: a copy of the item at `p` (counted).
    ItemLoad,
    /// `item_take(items, p)`: the item at `p`, moved out: the memory no longer holds it.
    ItemTake,
    /// `item_init(items, p, value)`: the value into memory that holds nothing; converted to the item type.
    ItemInit,
    /// `item_drop(items, p)`: releases the item at `p` in place.
    ItemDrop,
    /// `item_counted(items) -> bool`: whether items hold references; a constant.
    ItemCounted,
    /// `array_is_c(array) -> bool`: whether its type says that it lies row by row without gaps; known before lowering.
    ArrayIsC,
    /// `dict_keys(d) -> list[K]`: the list object whose address is at offset 8 of the dict (or set) object; borrowed.
    DictKeys,
    /// `dict_values(d) -> list[V]`: the list object whose address is at offset 12 of the dict object; borrowed.
    DictValues,
    /// `cell_new(value)`, with the value as its content.
    CellNew,
    /// `cell_get(cell)`
    CellGet,
    /// `cell_set(cell, value)`
    CellSet,

    /// `array_data(a) -> ptr`: of the first element.
    ArrayData,
    /// `array_owner(a) -> ptr`: the counted block that holds the data, or 0 where a host owns it; borrowed.
    ArrayOwner,
    /// `array_shape(a) -> tuple[int, …]`
    ArrayShape,
    /// `array_strides(a) -> tuple[int, …]`: in bytes.
    ArrayStrides,
    /// `array_make(dtype, owner, data, shape, strides)`: a C-ordered array; the owner's count passes to it.
    /// `dtype` is a NumPy type (`np.float64`) or an array whose element type is meant.
    ArrayMake,
    /// `array_view(a, data, shape, strides)`: an array of any order and rank on the memory of `a` (counted).
    ArrayView,
    /// `element_size(a) -> int`: also of a dtype; a constant.
    ElementSize,
    /// `element_load(a, p)`: the element of `a`'s dtype at address `p`, as a NumPy scalar.
    ElementLoad,
    /// `element_store(a, p, value)`: converts as NumPy's assignment does.
    ElementStore,

    /// `host_write(fd: int, text: ptr, length: int)`: bytes to the host's stdout (1) or stderr (2); none at all ask
    /// it to show what was written before.
    HostWrite,
    /// `host_time() -> float`: seconds since 1970.
    HostTime,
    /// `host_argument(index: int, to: ptr, room: int) -> int`: copies the index-th command-line argument (UTF-8)
    /// into at most `room` bytes at `to`; gives its length in bytes, or -1 past the last.
    HostArgument,
    /// `host_read_line(to: ptr, room: int) -> int`: the next line of stdin as above, the rest waits; -1 at its end.
    HostReadLine,
    /// `unreachable()`: never returns.
    Unreachable,
}
