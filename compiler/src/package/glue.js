/** A Python exception that left the kernel. */
export class PythonError extends Error {
  constructor(type, bases, message, traceback, cause) {
    super(message, cause && { cause });
    this.name = type;
    this.type = type;
    this.bases = bases;
    this.traceback = traceback;
  }
}

const ARRAYS = {
  bool: Uint8Array, i8: Int8Array, i16: Int16Array, i32: Int32Array, i64: BigInt64Array,
  u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, u64: BigUint64Array,
  f32: Float32Array, f64: Float64Array, c64: Float32Array, c128: Float64Array,
};
const SIZES = {
  bool: 1, i8: 1, i16: 2, i32: 4, i64: 8, u8: 1, u16: 2, u32: 4, u64: 8, f32: 4, f64: 8, c64: 8, c128: 16,
};
const SCALARS = {
  bool: ["i32"], i8: ["i32"], i16: ["i32"], i32: ["i32"], u8: ["i32"], u16: ["i32"], u32: ["i32"],
  i64: ["i64"], u64: ["i64"], f32: ["f32"], f64: ["f64"], c64: ["f32", "f32"], c128: ["f64", "f64"],
};
const SIMPLE = { int: "i64", float: "f64", complex: "c128", bool: "bool" };
/** Results as large as this fit below the module's constants, where nothing else is. */
const RESULT_AREA = 16, SMALL = ABI.DATA_START - RESULT_AREA;

/** The kind of a type in the manifest, and what it is made of. */
function split(type) {
  return typeof type === "string" ? [type, null] : Object.entries(type)[0];
}

/** The machine types that a value of this type is held in. */
function flatten(type) {
  const [kind, inner] = split(type);
  switch (kind) {
    case "none": return [];
    case "int": case "float": case "complex": case "bool": return SCALARS[SIMPLE[kind]];
    case "scalar": return SCALARS[inner];
    case "range": return ["i64", "i64", "i64"];
    case "tuple": return inner.flatMap(flatten);
    case "optional": return ["i32", ...flatten(inner)];
    case "array": return Array(2 + 2 * inner.ndim).fill("i32");
    default: return ["i32"];
  }
}

/** Offsets of the parts of a value in memory, and its size. */
function layout(type) {
  let size = 0, align = 1;
  const parts = flatten(type).map((part) => {
    const bytes = part === "i32" || part === "f32" ? 4 : 8;
    const offset = Math.ceil(size / bytes) * bytes;
    size = offset + bytes;
    align = Math.max(align, bytes);
    return [offset, part];
  });
  return { parts, size: Math.max(1, Math.ceil(size / align) * align) };
}

/** The module that lies beside this file. */
function ownModule() {
  const files = URL_OF_MODULE.protocol === "file:" && globalThis.process?.getBuiltinModule?.("node:fs");
  return files ? files.promises.readFile(URL_OF_MODULE) : fetch(URL_OF_MODULE);
}

/** Prints to the console, which knows whole lines only. */
function consolePrint() {
  const waiting = { 1: "", 2: "" };
  return (text, stream) => {
    const lines = (waiting[stream] + text).split("\n");
    waiting[stream] = lines.pop();
    for (const line of lines) stream === 2 ? console.error(line) : console.log(line);
  };
}

/** Makes arrays in the memory of a kernel. */
const makers = new WeakMap();

/** An array in the memory of a kernel: passing it copies nothing. */
class KernelArray {
  #data;
  constructor(dtype, shape, data, free) {
    this.dtype = dtype;
    this.shape = shape;
    this.#data = data;
    this.free = free;
  }
  get data() { return this.#data(); }
}

/** A new array of zeros in the kernel's memory, until it is freed. */
export function newArray(kernel, dtype, shape) {
  return makers.get(kernel)(dtype, shape);
}

/** Loads the module and runs its module level. */
export async function load(options = {}) {
  let given = await (options.module ?? ownModule());
  if (typeof Response !== "undefined" && given instanceof Response) given = await given.arrayBuffer();
  const module = given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given);
  const section = WebAssembly.Module.customSections(module, "kukri")[0];
  if (section === undefined) throw new TypeError("this module was not made by Kukri");
  const manifest = JSON.parse(new TextDecoder().decode(section));
  /** File, function and line of each site. */
  const sites = manifest.sites.flatMap(([file, name, ...places]) => {
    let line = 0;
    return Array.from({ length: places.length / 4 }, (_, at) => [file, name, (line += places[4 * at])]);
  });
  const print = options.print ?? consolePrint();
  const decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
  const argv = (options.arguments ?? []).map((text) => new TextEncoder().encode(text));
  let line = new Uint8Array();

  let exports, latest;
  /** Addresses of the arrays that live in the kernel's memory. */
  const arrays = new WeakMap();
  const bytes = (at, length) => new Uint8Array(exports.memory.buffer, at >>> 0, length);
  const view = () => {
    // A memory that grows is another buffer.
    if (latest?.buffer !== exports.memory.buffer) latest = new DataView(exports.memory.buffer);
    return latest;
  };
  const u32 = (at) => view().getUint32(at, true);

  const imports = {
    kukri: {
      write: (stream, at, length) => print(decoders[stream].decode(bytes(at, length).slice(), { stream: true }), stream),
      time: () => (performance.timeOrigin + performance.now()) / 1000,
      argument: (index, to, room) => {
        if (index >>> 0 >= argv.length) return -1;
        const text = argv[index].subarray(0, room >>> 0);
        bytes(to, text.length).set(text);
        return argv[index].length;
      },
      read_line: (to, room) => {
        if (line.length === 0) {
          const text = options.readLine?.() ?? null;
          if (text === null) return -1;
          line = new TextEncoder().encode(text.endsWith("\n") ? text : `${text}\n`);
        }
        const end = line.indexOf(10) + 1 || line.length;
        const part = line.subarray(0, Math.min(end, room >>> 0));
        bytes(to, part.length).set(part);
        line = line.subarray(part.length);
        return part.length;
      },
    },
    env: options.memory ? { memory: options.memory } : {},
  };
  for (const { name, params, result } of manifest.imports) {
    const body = options.host?.[name];
    if (typeof body !== "function") throw new TypeError(`the program calls ${name}(), which options.host does not have`);
    const zeros = flatten(result).map((part) => (part === "i64" ? 0n : 0));
    imports.env[name] = (...parts) => {
      const reader = { parts, at: 0 };
      let given = zeros, exception = 0;
      try {
        given = lowerAll([body(...params.map((param) => lift(param.type, reader)))], [result]);
      } catch (error) {
        exception = newException(error);
      }
      return given.length === 0 ? exception : [exception, ...given];
    };
  }

  /** Addresses of what was made and nobody else knows of yet. */
  let made = [];
  /** Addresses of the arrays of the kernel's own that are passed. */
  let held = [];

  const allocate = (size) => {
    const address = exports.kukri_allocate(BigInt(size)) >>> 0;
    view().setUint32(address + ABI.COUNT, 1, true);
    made.push(address);
    return address;
  };

  /** A `str` or `bytes` without its text. */
  const newText = (length, width) => {
    const at = allocate(ABI.STR_DATA + width * length);
    view().setUint32(at + ABI.STR_LENGTH, length, true);
    view().setUint32(at + ABI.STR_WIDTH, width, true);
    view().setUint32(at + ABI.STR_HASH, 0, true);
    return at;
  };

  const wrong = (type, value) => {
    const found = value === null ? "null" : value?.constructor?.name ?? typeof value;
    return new TypeError(`${JSON.stringify(type)} expected, not ${found}`);
  };

  /** Allocating raises, where there is no memory left. */
  const fromAllocation = (error) =>
    error instanceof WebAssembly.Exception ? new PythonError("MemoryError", ["Exception", "BaseException"], "", "MemoryError\n") : error;

  /** The parts of values of these types. Where one does not fit, nothing stays behind. */
  function lowerAll(values, types) {
    const outer = made;
    made = [];
    held = [];
    try {
      const parts = [];
      types.forEach((type, at) => lower(values[at], type, parts));
      return parts;
    } catch (error) {
      made.forEach((address) => exports.kukri_free(address));
      held.forEach((address) => view().setUint32(address + ABI.COUNT, u32(address + ABI.COUNT) - 1, true));
      throw fromAllocation(error);
    } finally {
      made = outer;
    }
  }

  /** The address of an exception object for an error of the host. */
  function newException(error) {
    const number = error instanceof PythonError ? BUILTIN_EXCEPTIONS.findIndex(([name]) => name === error.type) : -1;
    const known = number >= 0 ? number : BUILTIN_EXCEPTIONS.findIndex(([name]) => name === "RuntimeError");
    const message = number >= 0 ? error.message : error instanceof Error ? String(error) : `${error}`;
    const [at] = lowerAll([message], ["str"]);
    const address = allocate(ABI.EXCEPTION_SIZE);
    bytes(address, ABI.EXCEPTION_SIZE).fill(0);
    view().setUint32(address + ABI.COUNT, 1, true);
    view().setUint32(address + ABI.EXCEPTION_CLASS, known, true);
    view().setUint32(address + ABI.EXCEPTION_MESSAGE, at, true);
    return address;
  }

  /** A whole number that an element type holds. */
  function whole(value, dtype) {
    if (typeof value !== "number" && typeof value !== "bigint" && typeof value !== "boolean") throw wrong(dtype, value);
    if (typeof value === "number" && !Number.isInteger(value)) throw new RangeError(`${value} is no ${dtype}`);
    const wide = BigInt(value), bits = 8 * SIZES[dtype];
    const narrow = dtype[0] === "u" ? BigInt.asUintN(bits, wide) : BigInt.asIntN(bits, wide);
    if (narrow !== wide) throw new RangeError(`${wide} does not fit ${dtype}`);
    return wide;
  }

  /** Appends the parts of a number. */
  function lowerNumber(value, dtype, out) {
    if (dtype === "bool") {
      if (typeof value !== "boolean") throw wrong(dtype, value);
      return void out.push(value ? 1 : 0);
    }
    if (dtype[0] === "i" || dtype[0] === "u") {
      const wide = whole(value, dtype);
      return void out.push(SIZES[dtype] === 8 ? BigInt.asIntN(64, wide) : Number(wide) | 0);
    }
    const parts = dtype[0] === "c" ? (typeof value === "object" && value !== null ? [value.re, value.im] : [value, 0]) : [value];
    for (const part of parts) {
      if (typeof part !== "number" && typeof part !== "bigint") throw wrong(dtype, value);
      out.push(Number(part));
    }
  }

  /** Appends the parts of a value; objects are made in the kernel's memory. */
  function lower(value, type, out) {
    const [kind, inner] = split(type);
    switch (kind) {
      case "none": {
        if (value !== null && value !== undefined) throw wrong(type, value);
        return;
      }
      case "int": case "float": case "complex": case "bool": return lowerNumber(value, SIMPLE[kind], out);
      case "scalar": return lowerNumber(value, inner, out);
      case "str": {
        if (typeof value !== "string") throw wrong(type, value);
        const codes = Array.from(value, (c) => c.codePointAt(0));
        const width = codes.every((code) => code < 256) ? 1 : 4;
        const at = newText(codes.length, width);
        new (width === 1 ? Uint8Array : Uint32Array)(exports.memory.buffer, at + ABI.STR_DATA, codes.length).set(codes);
        return void out.push(at);
      }
      case "bytes": {
        if (!(value instanceof Uint8Array)) throw wrong(type, value);
        const at = newText(value.length, 1);
        bytes(at + ABI.STR_DATA, value.length).set(value);
        return void out.push(at);
      }
      case "range": return void out.push(...value.map((number) => whole(number, "i64")));
      case "tuple": {
        if (!Array.isArray(value) || value.length !== inner.length) throw wrong(type, value);
        return inner.forEach((item, at) => lower(value[at], item, out));
      }
      case "optional": {
        const missing = value === null || value === undefined;
        out.push(missing ? 0 : 1);
        if (missing) out.push(...flatten(inner).map((part) => (part === "i64" ? 0n : 0)));
        else lower(value, inner, out);
        return;
      }
      case "list": {
        if (typeof value === "string" || typeof value?.[Symbol.iterator] !== "function") throw wrong(type, value);
        const items = Array.from(value);
        const { size } = layout(inner);
        const data = items.length ? allocate(size * items.length) : 0;
        if (inner === "float" && items.every((item) => typeof item === "number")) {
          new Float64Array(exports.memory.buffer, data, items.length).set(items);
        } else {
          items.forEach((item, index) => {
            const parts = [];
            lower(item, inner, parts);
            store(inner, data + size * index, parts);
          });
        }
        const at = allocate(ABI.LIST_SIZE);
        view().setUint32(at + ABI.LIST_LENGTH, items.length, true);
        view().setUint32(at + ABI.LIST_CAPACITY, items.length, true);
        view().setUint32(at + ABI.LIST_DATA, data, true);
        return void out.push(at);
      }
      case "array": {
        const size = SIZES[inner.dtype];
        const own = ownArray(value, inner);
        if (own) {
          // One more holds it, as long as the call lasts.
          view().setUint32(own + ABI.COUNT, u32(own + ABI.COUNT) + 1, true);
          held.push(own);
          return void out.push(own, own + ABI.ARRAY_DATA, ...value.shape, ...strides(value.shape, size));
        }
        const { data, shape } = arrayOf(value, type, inner);
        const owner = allocate(ABI.ARRAY_DATA + data.byteLength);
        const order = inner.order === "f" ? columns(shape) : null;
        const content = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
        const target = bytes(owner + ABI.ARRAY_DATA, data.byteLength);
        if (order) order.forEach((from, to) => target.set(content.subarray(from * size, (from + 1) * size), to * size));
        else target.set(content);
        const steps = order ? strides([...shape].reverse(), size).reverse() : strides(shape, size);
        return void out.push(owner, owner + ABI.ARRAY_DATA, ...shape, ...steps);
      }
      default: throw new TypeError(`a ${kind} cannot be passed to a kernel: pass a list and convert it there`);
    }
  }

  /** How far the elements along each axis are apart, in C order. */
  const strides = (shape, size) => shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * Math.max(b, 1), size));

  /** The address of an array of this kernel's own, where it is passed as it is. */
  const ownArray = (value, { dtype, ndim, order }) => {
    const fits = value instanceof KernelArray && value.dtype === dtype && value.shape.length === ndim && order !== "f";
    return fits ? arrays.get(value) : undefined;
  };

  /** The array that an argument is: a typed array, or one with its shape. */
  function arrayOf(value, type, { dtype, ndim }) {
    const parts = dtype[0] === "c" ? 2 : 1;
    const array = ArrayBuffer.isView(value) ? { data: value, shape: [value.length / parts] } : value;
    const count = array?.shape?.reduce?.((product, length) => product * length, parts);
    if (!(array?.data instanceof ARRAYS[dtype]) || array.shape.length !== ndim || array.data.length !== count) {
      throw wrong(type, value);
    }
    return array;
  }

  /** Places of the elements in C order, in column-major order. */
  function columns(shape) {
    let places = [0];
    let stride = shape.reduce((a, b) => a * b, 1);
    const axes = shape.map((length) => ({ length, stride: (stride = length ? stride / length : 0) }));
    for (const { length, stride } of axes) {
      places = Array.from({ length }, (_, index) => places.map((place) => place + stride * index)).flat();
    }
    return places;
  }

  function store(type, at, values) {
    const memory = view();
    layout(type).parts.forEach(([offset, part], index) => {
      const value = values[index];
      if (part === "i32") memory.setInt32(at + offset, value, true);
      else if (part === "i64") memory.setBigInt64(at + offset, value, true);
      else if (part === "f32") memory.setFloat32(at + offset, value, true);
      else memory.setFloat64(at + offset, value, true);
    });
  }

  function loadParts({ parts }, at) {
    const memory = view();
    return parts.map(([offset, part]) =>
      part === "i32" ? memory.getInt32(at + offset, true)
        : part === "i64" ? memory.getBigInt64(at + offset, true)
        : part === "f32" ? memory.getFloat32(at + offset, true)
        : memory.getFloat64(at + offset, true));
  }

  const loadAt = (type, at) => lift(type, { parts: loadParts(layout(type), at), at: 0 });

  /** An int is a number where that is exact. */
  const exact = (wide) => (Number.isSafeInteger(Number(wide)) ? Number(wide) : wide);

  function liftNumber(dtype, reader) {
    const parts = SCALARS[dtype].map(() => reader.parts[reader.at++]);
    if (parts.length === 2) return { re: parts[0], im: parts[1] };
    switch (dtype) {
      case "bool": return parts[0] !== 0;
      case "i64": return exact(parts[0]);
      case "u64": return exact(BigInt.asUintN(64, parts[0]));
      case "u32": return parts[0] >>> 0;
      default: return parts[0];
    }
  }

  const text = (at) => {
    const wide = u32(at + ABI.STR_WIDTH) !== 1;
    const codes = new (wide ? Uint32Array : Uint8Array)(exports.memory.buffer, at + ABI.STR_DATA, u32(at + ABI.STR_LENGTH));
    let out = "";
    // As many arguments at once as every engine takes.
    for (let from = 0; from < codes.length; from += 4096) {
      out += String[wide ? "fromCodePoint" : "fromCharCode"](...codes.subarray(from, from + 4096));
    }
    return out;
  };

  /** Addresses of the entries of a dict or set. */
  function entries(at, key, value) {
    const [table, keys, values, slots] = [ABI.TABLE, ABI.TABLE_KEYS, ABI.TABLE_VALUES, ABI.TABLE_SLOTS].map((part) => u32(at + part));
    const [keySize, valueSize] = [layout(key).size, value ? layout(value).size : 0];
    const found = [];
    if (!value) {
      // The order of a set is that of its slots (see `compiler/prelude/set.py`).
      for (let slot = 0; slot < slots; slot++) {
        const entry = u32(table + 4 * slot);
        if (entry !== 0 && entry !== 0xffffffff) found.push([u32(keys + ABI.LIST_DATA) + keySize * (entry - 1), 0]);
      }
      return found;
    }
    for (let index = 0; index < u32(keys + ABI.LIST_LENGTH); index++) {
      if (u32(table + 4 * (slots + index)) === 0) continue;
      found.push([u32(keys + ABI.LIST_DATA) + keySize * index, u32(values + ABI.LIST_DATA) + valueSize * index]);
    }
    return found;
  }

  /** Reads the value whose parts come next. */
  function lift(type, reader) {
    const [kind, inner] = split(type);
    switch (kind) {
      case "none": return null;
      case "int": case "float": case "complex": case "bool": return liftNumber(SIMPLE[kind], reader);
      case "scalar": return liftNumber(inner, reader);
      case "str": return text(reader.parts[reader.at++] >>> 0);
      case "bytes": {
        const at = reader.parts[reader.at++] >>> 0;
        return bytes(at + ABI.STR_DATA, u32(at + ABI.STR_LENGTH)).slice();
      }
      case "range": return [0, 1, 2].map(() => exact(reader.parts[reader.at++]));
      case "tuple": return inner.map((item) => lift(item, reader));
      case "optional": {
        const some = reader.parts[reader.at++] !== 0;
        const value = some ? lift(inner, reader) : null;
        if (!some) reader.at += flatten(inner).length;
        return value;
      }
      case "list": {
        const at = reader.parts[reader.at++] >>> 0;
        const [length, data, form] = [u32(at + ABI.LIST_LENGTH), u32(at + ABI.LIST_DATA), layout(inner)];
        if (inner === "float" && length > 0) return Array.from(new Float64Array(exports.memory.buffer, data, length));
        return Array.from({ length }, (_, index) => lift(inner, { parts: loadParts(form, data + form.size * index), at: 0 }));
      }
      case "set": {
        const at = reader.parts[reader.at++] >>> 0;
        return new Set(entries(at, inner).map(([key]) => loadAt(inner, key)));
      }
      case "dict": {
        const at = reader.parts[reader.at++] >>> 0;
        const [key, value] = inner;
        return new Map(entries(at, key, value).map(([k, v]) => [loadAt(key, k), loadAt(value, v)]));
      }
      case "array": {
        const parts = flatten(type).map(() => reader.parts[reader.at++]);
        const shape = parts.slice(2, 2 + inner.ndim), strides = parts.slice(2 + inner.ndim);
        const size = SIZES[inner.dtype], count = shape.reduce((product, length) => product * length, 1);
        const out = new Uint8Array(count * size);
        const copy = (at, axis, to) => {
          if (axis === shape.length) return void out.set(bytes(at, size), to * size);
          if (axis === shape.length - 1 && strides[axis] === size) {
            return void out.set(bytes(at, size * shape[axis]), to * shape[axis] * size);
          }
          for (let index = 0; index < shape[axis]; index++) copy(at + strides[axis] * index, axis + 1, to * shape[axis] + index);
        };
        if (count > 0) copy(parts[1], 0, 0);
        return { data: new ARRAYS[inner.dtype](out.buffer), shape };
      }
      default: throw new TypeError(`a ${kind} cannot be read from a kernel`);
    }
  }

  /** Takes over what the kernel did to a list or an array that it was passed. */
  function readBack(value, type, reader) {
    const [kind, inner] = split(type);
    if (kind === "optional" && value !== null && value !== undefined) {
      return readBack(value, inner, { parts: reader.parts, at: reader.at + 1 });
    }
    if (kind === "array") {
      // It is the kernel's own, there is nothing to take over.
      if (ownArray(value, inner)) return;
      const { data } = arrayOf(value, type, inner);
      data.set(lift(type, { parts: reader.parts, at: reader.at }).data);
    } else if (kind === "list" && Array.isArray(value)) {
      const items = lift(type, { parts: reader.parts, at: reader.at });
      value.length = items.length;
      items.forEach((item, index) => { value[index] = item; });
    }
  }

  /** Counts one reference less to each object in these parts; frees what nobody holds any more. */
  function release(type, reader) {
    const [kind, inner] = split(type);
    switch (kind) {
      case "tuple": return inner.forEach((item) => release(item, reader));
      case "optional": {
        const rest = { parts: reader.parts, at: reader.at + 1 };
        if (reader.parts[reader.at] !== 0) release(inner, rest);
        reader.at += flatten(type).length;
        return;
      }
      case "str": case "bytes": case "list": case "set": case "dict": case "array":
        drop(type, reader.parts[reader.at] >>> 0);
    }
    reader.at += flatten(type).length;
  }

  const counted = (type) => {
    const [kind, inner] = split(type);
    if (kind === "tuple") return inner.some(counted);
    if (kind === "optional") return counted(inner);
    return ["str", "bytes", "list", "set", "dict", "array"].includes(kind);
  };
  const releaseAt = (type, at) => counted(type) && release(type, { parts: loadParts(layout(type), at), at: 0 });
  const freeList = (at) => {
    if (u32(at + ABI.LIST_DATA) !== 0) exports.kukri_free(u32(at + ABI.LIST_DATA));
    exports.kukri_free(at);
  };

  function drop(type, at) {
    if (at === 0 || !exports.kukri_free) return;
    const count = u32(at + ABI.COUNT) - 1;
    view().setUint32(at + ABI.COUNT, count, true);
    if (count !== 0) return;
    const [kind, inner] = split(type);
    if (kind === "list") {
      const { size } = layout(inner);
      if (counted(inner)) for (let index = 0; index < u32(at + ABI.LIST_LENGTH); index++) releaseAt(inner, u32(at + ABI.LIST_DATA) + size * index);
      return freeList(at);
    }
    if (kind === "set" || kind === "dict") {
      const [key, value] = kind === "set" ? [inner, null] : inner;
      for (const [k, v] of entries(at, key, value)) {
        releaseAt(key, k);
        if (value) releaseAt(value, v);
      }
      if (u32(at + ABI.TABLE) !== 0) exports.kukri_free(u32(at + ABI.TABLE));
      freeList(u32(at + ABI.TABLE_KEYS));
      if (value) freeList(u32(at + ABI.TABLE_VALUES));
    }
    exports.kukri_free(at);
  }

  /** Frees an exception, and those it was raised from or during: a chain of any length. */
  function dropException(at) {
    const chain = [at];
    while (chain.length > 0) {
      const next = chain.pop(), count = u32(next + ABI.COUNT) - 1;
      if (next === 0 || !exports.kukri_free) continue;
      view().setUint32(next + ABI.COUNT, count, true);
      if (count !== 0) continue;
      drop("str", u32(next + ABI.EXCEPTION_MESSAGE));
      drop({ list: "int" }, u32(next + ABI.EXCEPTION_TRACE));
      chain.push(...[u32(next + ABI.EXCEPTION_CAUSE), u32(next + ABI.EXCEPTION_CONTEXT)].filter((other) => other !== 0));
      exports.kukri_free(next);
    }
  }

  /** Name and bases of an exception class. */
  const classOf = (number) => BUILTIN_EXCEPTIONS[number]
    ?? (({ name, bases }) => [name, bases])(manifest.exceptions[number - BUILTIN_EXCEPTIONS.length] ?? { name: "Exception", bases: [0] });

  /** The exception at this address as an error. */
  function read(at, left = 100) {
    const [type, direct] = classOf(u32(at + ABI.EXCEPTION_CLASS));
    // Nearest first; what two bases have in common comes after both.
    const ancestors = [...direct];
    for (let place = 0; place < ancestors.length; place += 1) {
      const own = ancestors[place];
      for (const base of classOf(own)[1]) {
        if (ancestors.includes(base)) ancestors.splice(ancestors.indexOf(base), 1);
        ancestors.push(base);
      }
      place = ancestors.indexOf(own);
    }
    const bases = ancestors.map((number) => classOf(number)[0]);
    const said = u32(at + ABI.EXCEPTION_MESSAGE), message = said === 0 ? "" : text(said);
    const [raisedFrom, during, hidden] = [u32(at + ABI.EXCEPTION_CAUSE), u32(at + ABI.EXCEPTION_CONTEXT), u32(at + ABI.EXCEPTION_SUPPRESS) !== 0];
    const before = raisedFrom || (hidden ? 0 : during);
    const cause = before !== 0 && left > 0 ? read(before, left - 1) : undefined;
    let traceback = "";
    if (cause) {
      traceback = `${cause.traceback}\n${raisedFrom
        ? "The above exception was the direct cause of the following exception:"
        : "During handling of the above exception, another exception occurred:"}\n\n`;
    }
    const trace = u32(at + ABI.EXCEPTION_TRACE);
    if (trace !== 0) traceback += "Traceback (most recent call last):\n";
    for (let index = trace === 0 ? 0 : u32(trace + ABI.LIST_LENGTH); index-- > 0; ) {
      const [file, name, line] = sites[u32(u32(trace + ABI.LIST_DATA) + 8 * index)] ?? [0, 0, 0];
      traceback += `  File "${manifest.files[file]}", line ${line}, in ${manifest.functions[name]}\n`;
    }
    return new PythonError(type, bases, message, `${traceback}${type}${message ? `: ${message}` : ""}\n`, cause);
  }

  let stopped = false;

  /** Runs code of the kernel. */
  function enter(run) {
    if (stopped) throw new Error("the kernel was stopped in the middle of a call: load it again");
    let at;
    try {
      at = run() >>> 0;
    } catch (error) {
      stopped = true;
      // Every engine has its own words for a stack that is used up.
      if (/call stack|recursion/i.test(error?.message)) {
        const [type, message] = ["RecursionError", "maximum recursion depth exceeded"];
        throw new PythonError(type, ["RuntimeError", "Exception", "BaseException"], message, `${type}: ${message}\n`);
      }
      throw error;
    }
    if (at === 0) return;
    const error = read(at);
    dropException(at);
    throw error;
  }

  exports = (await WebAssembly.instantiate(module, imports)).exports;
  if (exports.kukri_main) enter(() => exports.kukri_main());

  const kernel = {};
  for (const { name, params, result } of manifest.exports) {
    const types = params.map((param) => param.type);
    const { size } = layout(result);
    kernel[name] = (...args) => {
      if (args.length !== params.length) throw new TypeError(`${name}() takes ${params.length} arguments, not ${args.length}`);
      const parts = lowerAll(args, types);
      const area = size <= SMALL ? RESULT_AREA : allocate(size);
      made = [];
      let raised;
      try {
        enter(() => exports[name](...parts, area));
      } catch (error) {
        if (stopped) throw error;
        raised = error;
      }
      // What the kernel did to its arguments before it raised is done, as in Python.
      const held = { parts, at: 0 };
      types.forEach((type, at) => {
        readBack(args[at], type, held);
        release(type, held);
      });
      const value = raised ? undefined : loadAt(result, area);
      if (!raised) releaseAt(result, area);
      if (area !== RESULT_AREA) exports.kukri_free(area);
      if (raised) throw raised;
      return value;
    };
  }
  makers.set(kernel, (dtype, shape) => {
    if (!(dtype in ARRAYS)) throw new TypeError(`${dtype} is no type of elements: ${Object.keys(ARRAYS).join(", ")}`);
    if (!exports.kukri_allocate) throw new TypeError("this kernel takes no arrays");
    const size = shape.reduce((product, length) => product * length, SIZES[dtype]);
    let owner, latest;
    made = [];
    try {
      owner = allocate(ABI.ARRAY_DATA + size);
    } catch (error) {
      throw fromAllocation(error);
    }
    bytes(owner + ABI.ARRAY_DATA, size).fill(0);
    const length = size / ARRAYS[dtype].BYTES_PER_ELEMENT;
    const array = new KernelArray(dtype, [...shape], () => {
      if (!arrays.has(array)) throw new TypeError("the array was freed");
      // A memory that grows is another buffer.
      if (latest?.buffer !== exports.memory.buffer) latest = new ARRAYS[dtype](exports.memory.buffer, owner + ABI.ARRAY_DATA, length);
      return latest;
    }, () => {
      // What the kernel keeps of it, it keeps.
      if (arrays.delete(array)) drop({ array: { dtype, ndim: shape.length } }, owner);
    });
    arrays.set(array, owner);
    return array;
  });
  return kernel;
}
