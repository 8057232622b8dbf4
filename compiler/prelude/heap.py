# The heap: memory for every object that is made at run time.
#
# Boundary tags (Knuth, TAOCP volume 1, 2.5) under size classes that one bitmap finds, after TLSF (Masmano, Ripoll,
# Crespo, Real: "TLSF: a new dynamic memory allocator for real-time systems", 2004).
#
# A block is a multiple of 16 bytes: a word with its size and two flags, then the payload, which is 16-aligned.
# A free block holds, in its payload, the links of its list of free blocks, and its size again in its last word, so
# that the block behind finds its start. Two free blocks never touch. At `heap_start()` lie the heads of the 64 lists.
#
# State: 0 the address of the word that ends the heap (0 before the first allocation), 1 the bitmap of lists that are
# not empty, 2 the reserve from which a MemoryError is made (0 once it was needed), 7 the MemoryError for when there is
# no memory to make one.

HEAP_USED = 1
HEAP_BEFORE_USED = 2
HEAP_LISTS = 256
# Larger requests, and negative ones, raise MemoryError.
HEAP_LIMIT = 0x7FFFFF00
HEAP_RESERVE = 1024


# `size` bytes, not cleared.
def allocate(size: int) -> ptr:
    if i64_gt_u(size, HEAP_LIMIT):
        raise MemoryError()
    need = (size + 19) & -16
    block = heap_find(need)
    if int(block) == 0:
        heap_grow(need)
        block = heap_find(need)
    found = load_u32(block) & -16
    heap_unlink(block)
    heap_cut(block, need, found, HEAP_BEFORE_USED)
    return block + 4


# Gives the memory of an object back, joined with the free blocks beside it.
def free(object: ptr) -> None:
    block = object - 4
    header = load_u32(block)
    size = header & -16
    after = block + size
    if load_u32(after) & HEAP_USED == 0:
        heap_unlink(after)
        size = size + (load_u32(after) & -16)
    if header & HEAP_BEFORE_USED == 0:
        before = load_u32(block - 4)
        block = block - before
        heap_unlink(block)
        size = size + before
    heap_link(block, size)


# The object with room for `size` bytes: in place where the memory behind it is free, else moved. Never shrinks.
def reallocate(object: ptr, size: int) -> ptr:
    if i64_gt_u(size, HEAP_LIMIT):
        raise MemoryError()
    block = object - 4
    header = load_u32(block)
    old = header & -16
    need = (size + 19) & -16
    if need <= old:
        return object
    after = block + old
    behind = load_u32(after)
    if behind & HEAP_USED == 0 and old + (behind & -16) >= need:
        heap_unlink(after)
        heap_cut(block, need, old + (behind & -16), header & HEAP_BEFORE_USED)
        return object
    moved = allocate(size)
    memory_copy(moved, object, old - 4)
    free(object)
    return moved


# One more reference. Address 0 is no object.
@inline
def retain(object: ptr) -> None:
    if int(object) != 0:
        store_u32(object, load_u32(object) + 1)


# One reference less; true after the last, so that the caller drops what the object holds.
@inline
def release(object: ptr) -> bool:
    if int(object) == 0:
        return False
    count = load_u32(object) - 1
    store_u32(object, count)
    return count == 0


# The list for blocks of `size` bytes: one a size below 256, then two a power of two.
def heap_class(size: int) -> int:
    if size < 256:
        return size >> 4
    log = 63 - i64_clz(size)
    return log * 2 + ((size >> (log - 1)) & 1)


# A free block of at least `need` bytes, or 0. All blocks of a higher class are large enough; among those of its own
# class only the first few are looked at.
def heap_find(need: int) -> ptr:
    place = heap_class(need)
    lists = i64_shr_u(global_get_1(), place)
    if lists & 1 != 0:
        block = load_ptr(heap_start() + place * 4)
        tries = 16
        while tries > 0 and int(block) != 0:
            if load_u32(block) >= need:
                return block
            block = load_ptr(block + 4)
            tries = tries - 1
    lists = lists & -2
    if lists == 0:
        return ptr(0)
    return load_ptr(heap_start() + (place + i64_ctz(lists)) * 4)


# Takes a free block out of its list. The head of a list is linked like a block that starts 4 bytes before it.
def heap_unlink(block: ptr) -> None:
    after = load_ptr(block + 4)
    before = load_ptr(block + 8)
    store_ptr(before + 4, after)
    if int(after) != 0:
        store_ptr(after + 8, before)
    elif before < heap_start() + HEAP_LISTS:
        global_set_1(global_get_1() & ~(1 << ((before + 4 - heap_start()) >> 2)))


# Makes a free block of `size` bytes between two used ones.
def heap_link(block: ptr, size: int) -> None:
    after = block + size
    store_u32(block, size | HEAP_BEFORE_USED)
    store_u32(after - 4, size)
    store_u32(after, load_u32(after) & ~HEAP_BEFORE_USED)
    place = heap_class(size)
    head = heap_start() + place * 4
    first = load_ptr(head)
    store_ptr(block + 4, first)
    store_ptr(block + 8, head - 4)
    store_ptr(head, block)
    if int(first) != 0:
        store_ptr(first + 8, block)
    global_set_1(global_get_1() | (1 << place))


# Makes a used block of `need` of the `size` bytes from `block` on; the rest is free.
def heap_cut(block: ptr, need: int, size: int, flags: int) -> None:
    store_u32(block, need | flags | HEAP_USED)
    after = block + need
    if size > need:
        heap_link(after, size - need)
    else:
        store_u32(after, load_u32(after) | HEAP_BEFORE_USED)


# More memory from the host, so that a block of `need` bytes is free: half as much again, or what is needed at least.
def heap_grow(need: int) -> None:
    if global_get_0() == 0:
        memory_fill(heap_start(), 0, HEAP_LISTS)
        global_set_0(1)
        heap_region(heap_start() + HEAP_LISTS, int(heap_start()) + HEAP_LISTS, memory_size() << 16)
        global_set_2(int(allocate(HEAP_RESERVE)))
        last = MemoryError()
        retain(address(last))
        global_set_7(int(address(last)))
        if int(heap_find(need)) != 0:
            return
    pages = (need + 65567) >> 16
    half = memory_size() >> 1
    before = -1
    if half > pages:
        before = memory_grow(half)
    if before < 0:
        before = memory_grow(pages)
    if before < 0:
        heap_exhausted(need)
    end = global_get_0()
    stop = memory_size() << 16
    if end + 4 == before << 16:
        # The memory goes on where it ended: the end word becomes the header of a block.
        store_u32(ptr(end), (load_u32(ptr(end)) & HEAP_BEFORE_USED) | HEAP_USED | (stop - 4 - end))
        heap_end(stop)
        free(ptr(end + 4))
    else:
        heap_region(ptr(before << 16), before << 16, stop)


# Makes the memory from `start` (16-aligned) to `stop` one free block.
def heap_region(first: ptr, start: int, stop: int) -> None:
    if stop - start >= 64:
        heap_end(stop)
        heap_link(first + 12, stop - start - 16)


def heap_end(stop: int) -> None:
    store_u32(ptr(stop - 4), HEAP_USED | HEAP_BEFORE_USED)
    global_set_0(stop - 4)


# Making the MemoryError takes memory too: the first small request that fails gives up the reserve for it, those that
# follow raise the one that is kept.
def heap_exhausted(need: int) -> None:
    if need <= HEAP_RESERVE:
        reserve = ptr(global_get_2())
        if int(reserve) == 0:
            raise heap_last_error(ptr(global_get_7()))
        global_set_2(0)
        free(reserve)
    raise MemoryError()


# The MemoryError that is kept, as if it was new.
def heap_last_error(p: ptr) -> Exception:
    trace = load_ptr(p + 12)
    if int(trace) != 0:
        store_u32(trace + 4, 0)
    exception_release(load_ptr(p + 16))
    exception_release(load_ptr(p + 20))
    memory_fill(p + 16, 0, 12)
    return borrow_exception(p)
