# Exceptions: the objects, their tracebacks, and the errors that the language itself raises.


# An exception of the class with this number (see `abi.rs`), as `raise ValueError(message)` makes it.
def exception_new(class_id: int, message: str) -> Exception:
    p = exception_object(class_id)
    retain(address(message))
    store_ptr(p + 8, address(message))
    return own_exception(p)


# An exception without a message, as `raise ValueError` makes it.
def exception_new_empty(class_id: int) -> Exception:
    return own_exception(exception_object(class_id))


# An exception whose message is the repr of what it was made of, as `ValueError(3)` and every `KeyError` are.
def exception_new_value(class_id: int, representation: str) -> Exception:
    p = exception_object(class_id)
    retain(address(representation))
    store_ptr(p + 8, address(representation))
    store_u32(p + 28, 1)
    return own_exception(p)


# An exception of several arguments: its message is the repr of their tuple.
def exception_new_tuple(class_id: int, representation: str) -> Exception:
    p = exception_object(class_id)
    retain(address(representation))
    store_ptr(p + 8, address(representation))
    store_u32(p + 28, 2)
    return own_exception(p)


def exception_object(class_id: int) -> ptr:
    p = allocate(32)
    memory_fill(p, 0, 32)
    store_u32(p, 1)
    store_u32(p + 4, class_id)
    return p


@inline
def exception_class(self: Exception) -> int:
    return load_u32(address(self) + 4)


# The message; empty if there is none.
def exception_str(self: Exception) -> str:
    message = load_ptr(address(self) + 8)
    if int(message) == 0:
        return ""
    return borrow_str(message)


def exception_repr(self: Exception) -> str:
    return exception_repr_as(self, exception_class_name(exception_class(self)))


# The repr of an exception whose class has this name.
def exception_repr_as(self: Exception, name: str) -> str:
    p = address(self)
    message = load_ptr(p + 8)
    if int(message) == 0:
        return name + "()"
    form = load_u32(p + 28)
    text = borrow_str(message)
    if form == 2:
        return name + text
    if form == 0:
        text = str_repr(text)
    return name + "(" + text + ")"


# The name of a builtin exception class: `abi::EXCEPTIONS` in one constant.
def exception_class_name(class_id: int) -> str:
    return BUILTIN_EXCEPTIONS.split(" ")[class_id]


BUILTIN_EXCEPTIONS = "BaseException Exception ArithmeticError ZeroDivisionError OverflowError FloatingPointError LookupError IndexError KeyError ValueError UnicodeError UnicodeEncodeError UnicodeDecodeError TypeError NameError UnboundLocalError AttributeError AssertionError RuntimeError RecursionError NotImplementedError StopIteration StopAsyncIteration MemoryError BufferError EOFError ImportError ModuleNotFoundError OSError FileNotFoundError PermissionError TimeoutError ReferenceError SyntaxError SystemError Warning GeneratorExit KeyboardInterrupt SystemExit LinAlgError AxisError ConnectionError BrokenPipeError ConnectionAbortedError ConnectionRefusedError ConnectionResetError FileExistsError IsADirectoryError NotADirectoryError InterruptedError IndentationError UserWarning DeprecationWarning RuntimeWarning"


# One more frame of the traceback: sites in a `list[int]`, innermost first. Never raises: once memory was exhausted
# (the heap's reserve, state 2, is gone) frames for which there is no room are lost.
def traceback_add(exception: Exception, site: int) -> None:
    p = address(exception)
    trace = load_ptr(p + 12)
    if int(trace) == 0:
        if global_get_2() == 0 and int(heap_find(256)) == 0:
            return
        trace = allocate(16)
        store_u32(trace, 1)
        store_u32(trace + 4, 0)
        store_u32(trace + 8, 16)
        store_ptr(trace + 12, allocate(128))
        store_ptr(p + 12, trace)
    length = load_u32(trace + 4)
    if length == load_u32(trace + 8):
        if global_get_2() == 0 and int(heap_find(length * 16 + 64)) == 0:
            return
        store_u32(trace + 8, length * 2)
        store_ptr(trace + 12, reallocate(load_ptr(trace + 12), length * 16))
    store_i64(load_ptr(trace + 12) + length * 8, site)
    store_u32(trace + 4, length + 1)


# Frees an exception and what it holds.
def exception_drop(self: Exception) -> None:
    exception_free(address(self))


def exception_free(self: ptr) -> None:
    message = load_ptr(self + 8)
    if release(message):
        free(message)
    trace = load_ptr(self + 12)
    if int(trace) != 0:
        list_drop_memory(trace)
    exception_release(load_ptr(self + 16))
    exception_release(load_ptr(self + 20))
    free(self)


def exception_release(p: ptr) -> None:
    if release(p):
        exception_free(p)


# `raise self from cause`; the cause may be None.
def exception_with_cause(self: Exception, cause) -> Exception:
    p = address(self)
    store_u32(p + 24, 1)
    old = load_ptr(p + 16)
    store_ptr(p + 16, ptr(0))
    if cause is not None and p != address(cause):
        retain(address(cause))
        store_ptr(p + 16, address(cause))
    exception_release(old)
    return self


# What was being handled when `self` was raised. Where `self` is itself further up that chain, the chain ends before
# it, as in CPython: no cycle.
def exception_set_context(self: Exception, context: Exception) -> None:
    p = address(self)
    if p == address(context) or int(load_ptr(p + 20)) != 0:
        return
    last = address(context)
    while int(last) != 0:
        next = load_ptr(last + 20)
        if next == p:
            store_ptr(last + 20, ptr(0))
            exception_release(p)
        last = next
    retain(address(context))
    store_ptr(p + 20, address(context))


def overflow_error() -> Exception:
    return OverflowError("int too large: the result does not fit in 64 bits")


# A `raise` with nothing to raise again.
def no_active_exception() -> Exception:
    return RuntimeError("No active exception to reraise")


def recursion_error() -> Exception:
    return RecursionError("maximum recursion depth exceeded")


def unbound_local_error(name: str) -> Exception:
    return UnboundLocalError("cannot access local variable '" + name + "' where it is not associated with a value")


def name_error(name: str) -> Exception:
    return NameError("name '" + name + "' is not defined")


def index_error_array(index: int, axis: int, size: int) -> Exception:
    return IndexError("index " + int_str(index) + " is out of bounds for axis " + int_str(axis) + " with size " + int_str(size))


# `e.args`: of an exception that was made of texts or of nothing. (What else it was made of is kept as a text only.)
def exception_get_args(self: Exception) -> tuple[str, ...]:
    p = address(self)
    message = load_ptr(p + 8)
    if int(message) == 0:
        empty: list[str] = []
        return tuple(empty)
    if load_u32(p + 28) != 0:
        raise NotImplementedError("Kukri keeps the arguments of an exception only where it is made of one text")
    return tuple([borrow_str(message)])


# `repr(e.args)` and `str(e.args)`, of whatever it was made.
def exception_args_repr(self: Exception) -> str:
    p = address(self)
    message = load_ptr(p + 8)
    if int(message) == 0:
        return "()"
    text = borrow_str(message)
    form = load_u32(p + 28)
    if form == 2:
        return text
    if form == 0:
        text = str_repr(text)
    return "(" + text + ",)"


def exception_get___cause__(self: Exception):
    return exception_link(self, 16)


def exception_get___context__(self: Exception):
    return exception_link(self, 20)


def exception_link(self: Exception, offset: int):
    other = load_ptr(address(self) + offset)
    if int(other) == 0:
        return None
    return borrow_exception(other)
