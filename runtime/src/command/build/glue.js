/** A Python exception that left the kernel. */
export class PythonError extends Error {
  constructor(type, message, traceback) {
    super(message ? `${type}: ${message}` : type);
    this.name = "PythonError";
    this.type = type;
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

/** Loads the module and runs its module level. */
export async function load(options = {}) {
  let given = await (options.module ?? fetch(URL_OF_MODULE));
  if (typeof Response !== "undefined" && given instanceof Response) given = await given.arrayBuffer();
  const module = given instanceof WebAssembly.Module ? given : await WebAssembly.compile(given);
  const section = WebAssembly.Module.customSections(module, "kukri")[0];
  const manifest = JSON.parse(new TextDecoder().decode(section));
  const print = options.print ?? ((text, stream) => (stream === 2 ? console.error(text) : console.log(text)));
  const decoders = { 1: new TextDecoder(), 2: new TextDecoder() };

  let exports;
  const bytes = (at, length) => new Uint8Array(exports.memory.buffer, at >>> 0, length);
  const view = () => new DataView(exports.memory.buffer);
  const u32 = (at) => view().getUint32(at, true);

  const imports = {
    kukri: {
      write: (stream, at, length) => print(decoders[stream].decode(bytes(at, length), { stream: true }), stream),
      time: () => Date.now() / 1000,
      argument: () => -1,
      read_line: () => -1,
    },
    env: {},
  };
  for (const { name, params, result } of manifest.imports) {
    imports.env[name] = (...parts) => {
      const reader = { parts, at: 0 };
      const value = options.host[name](...params.map((param) => lift(param.type, reader)));
      const out = [];
      lower(value, result, out);
      return out.length === 0 ? undefined : out.length === 1 ? out[0] : out;
    };
  }

  const allocate = (size) => {
    const address = exports.kukri_allocate(BigInt(size)) >>> 0;
    view().setUint32(address, 1, true);
    return address;
  };

  const wrong = (type, value) => new TypeError(`${JSON.stringify(type)} expected, not ${typeof value}`);

  /** Appends the parts of a number. */
  function lowerNumber(value, dtype, out) {
    for (const [at, part] of SCALARS[dtype].entries()) {
      const number = dtype.startsWith("c") ? (typeof value === "object" ? [value.re, value.im][at] : at ? 0 : value) : value;
      if (part === "i64") {
        const wide = BigInt(number);
        const narrow = dtype === "u64" ? BigInt.asUintN(64, wide) : BigInt.asIntN(64, wide);
        if (narrow !== wide) throw new RangeError(`${wide} does not fit ${dtype}`);
        out.push(BigInt.asIntN(64, wide));
      } else if (part === "i32") {
        const whole = Number(number);
        const [low, high] = dtype === "bool" ? [0, 1]
          : dtype[0] === "u" ? [0, 2 ** (8 * SIZES[dtype]) - 1]
          : [-(2 ** (8 * SIZES[dtype] - 1)), 2 ** (8 * SIZES[dtype] - 1) - 1];
        if (!Number.isInteger(whole) || whole < low || whole > high) throw new RangeError(`${whole} does not fit ${dtype}`);
        out.push(whole | 0);
      } else {
        if (typeof number !== "number" && typeof number !== "bigint") throw wrong(dtype, value);
        out.push(Number(number));
      }
    }
  }

  /** Appends the parts of a value; objects are made in the kernel's memory. */
  function lower(value, type, out) {
    const [kind, inner] = split(type);
    switch (kind) {
      case "none": return;
      case "int": case "float": case "complex": case "bool": return lowerNumber(value, SIMPLE[kind], out);
      case "scalar": return lowerNumber(value, inner, out);
      case "str": {
        if (typeof value !== "string") throw wrong(type, value);
        const codes = Array.from(value, (c) => c.codePointAt(0));
        const width = codes.every((code) => code < 256) ? 1 : 4;
        const at = allocate(16 + width * codes.length);
        const memory = view();
        memory.setUint32(at + 4, codes.length, true);
        memory.setUint32(at + 8, width, true);
        memory.setUint32(at + 12, 0, true);
        codes.forEach((code, index) =>
          width === 1 ? memory.setUint8(at + 16 + index, code) : memory.setUint32(at + 16 + 4 * index, code, true));
        return void out.push(at);
      }
      case "bytes": {
        const at = allocate(16 + value.length);
        view().setUint32(at + 4, value.length, true);
        view().setUint32(at + 8, 1, true);
        view().setUint32(at + 12, 0, true);
        bytes(at + 16, value.length).set(value);
        return void out.push(at);
      }
      case "range": return void out.push(...value.map(BigInt));
      case "tuple": {
        if (value.length !== inner.length) throw wrong(type, value);
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
        const items = Array.from(value);
        const { size } = layout(inner);
        const data = items.length ? allocate(size * items.length) : 0;
        const at = allocate(16);
        items.forEach((item, index) => {
          const parts = [];
          lower(item, inner, parts);
          store(inner, data + size * index, parts);
        });
        view().setUint32(at + 4, items.length, true);
        view().setUint32(at + 8, items.length, true);
        view().setUint32(at + 12, data, true);
        return void out.push(at);
      }
      case "array": {
        const array = ArrayBuffer.isView(value) ? { data: value, shape: [value.length] } : value;
        const size = SIZES[inner.dtype];
        const count = array.shape.reduce((product, length) => product * length, 1);
        if (!(array.data instanceof ARRAYS[inner.dtype]) || array.shape.length !== inner.ndim
          || array.data.byteLength !== count * size) throw wrong(type, value);
        const owner = allocate(16 + array.data.byteLength);
        bytes(owner + 16, array.data.byteLength)
          .set(new Uint8Array(array.data.buffer, array.data.byteOffset, array.data.byteLength));
        let stride = size;
        const strides = array.shape.map((_, axis) => array.shape.slice(axis + 1).reduce((a, b) => a * Math.max(b, 1), stride));
        return void out.push(owner, owner + 16, ...array.shape, ...strides);
      }
      default: throw new TypeError(`a ${kind} cannot be passed to a kernel yet`);
    }
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

  function loadParts(type, at) {
    const memory = view();
    return layout(type).parts.map(([offset, part]) =>
      part === "i32" ? memory.getInt32(at + offset, true)
        : part === "i64" ? memory.getBigInt64(at + offset, true)
        : part === "f32" ? memory.getFloat32(at + offset, true)
        : memory.getFloat64(at + offset, true));
  }

  const loadAt = (type, at) => lift(type, { parts: loadParts(type, at), at: 0 });

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
    const length = u32(at + 4);
    let out = "";
    for (let index = 0; index < length; index++) {
      out += u32(at + 8) === 1 ? String.fromCharCode(bytes(at + 16 + index, 1)[0]) : String.fromCodePoint(u32(at + 16 + 4 * index));
    }
    return out;
  };

  /** Addresses of the entries of a dict or set. */
  function entries(at, key, value) {
    const [table, keys, values, slots] = [u32(at + 4), u32(at + 8), u32(at + 12), u32(at + 24)];
    const found = [];
    for (let index = 0; index < u32(keys + 4); index++) {
      if (u32(table + 4 * (slots + index)) === 0) continue;
      found.push([u32(keys + 12) + layout(key).size * index, value ? u32(values + 12) + layout(value).size * index : 0]);
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
        return bytes(at + 16, u32(at + 4)).slice();
      }
      case "range": return [0, 1, 2].map(() => reader.parts[reader.at++]);
      case "tuple": return inner.map((item) => lift(item, reader));
      case "optional": {
        const some = reader.parts[reader.at++] !== 0;
        const value = some ? lift(inner, reader) : null;
        if (!some) reader.at += flatten(inner).length;
        return value;
      }
      case "list": {
        const at = reader.parts[reader.at++] >>> 0;
        const { size } = layout(inner);
        return Array.from({ length: u32(at + 4) }, (_, index) => loadAt(inner, u32(at + 12) + size * index));
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
          for (let index = 0; index < shape[axis]; index++) copy(at + strides[axis] * index, axis + 1, to * shape[axis] + index);
        };
        if (count > 0) copy(parts[1], 0, 0);
        return { data: new ARRAYS[inner.dtype](out.buffer), shape };
      }
      default: throw new TypeError(`a ${kind} cannot be read from a kernel`);
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

  const releaseAt = (type, at) => release(type, { parts: loadParts(type, at), at: 0 });
  const freeList = (at) => {
    if (u32(at + 12) !== 0) exports.kukri_free(u32(at + 12));
    exports.kukri_free(at);
  };

  function drop(type, at) {
    if (at === 0 || !exports.kukri_free) return;
    const count = u32(at) - 1;
    view().setUint32(at, count, true);
    if (count !== 0) return;
    const [kind, inner] = split(type);
    if (kind === "list") {
      for (let index = 0; index < u32(at + 4); index++) releaseAt(inner, u32(at + 12) + layout(inner).size * index);
      return freeList(at);
    }
    if (kind === "set" || kind === "dict") {
      const [key, value] = kind === "set" ? [inner, null] : inner;
      for (const [k, v] of entries(at, key, value)) {
        releaseAt(key, k);
        if (value) releaseAt(value, v);
      }
      if (u32(at + 4) !== 0) exports.kukri_free(u32(at + 4));
      freeList(u32(at + 8));
      if (value) freeList(u32(at + 12));
    }
    if (kind === "exception") {
      drop("str", u32(at + 8));
      drop({ list: "int" }, u32(at + 12));
      drop("exception", u32(at + 16));
      drop("exception", u32(at + 20));
    }
    exports.kukri_free(at);
  }

  /** The exception at this address as an error. */
  function raised(at) {
    const number = u32(at + 4);
    const type = BUILTIN_EXCEPTIONS[number] ?? manifest.exceptions[number - BUILTIN_EXCEPTIONS.length]?.name ?? "Exception";
    const message = u32(at + 8) === 0 ? "" : text(u32(at + 8));
    let traceback = "";
    const trace = u32(at + 12);
    for (let index = trace === 0 ? 0 : u32(trace + 4); index-- > 0; ) {
      const [file, name, line] = manifest.sites[u32(u32(trace + 12) + 8 * index)] ?? [0, 0, 0];
      traceback += `  File "${manifest.files[file]}", line ${line}, in ${manifest.functions[name]}\n`;
    }
    if (traceback) traceback = `Traceback (most recent call last):\n${traceback}`;
    const error = new PythonError(type, message, `${traceback}${type}${message ? `: ${message}` : ""}\n`);
    drop("exception", at);
    return error;
  }

  function enter(run) {
    let at;
    try {
      at = run() >>> 0;
    } catch (error) {
      // Every engine has its own class for a stack that is used up.
      if (error instanceof RangeError || error?.name === "InternalError") {
        throw new PythonError("RecursionError", "maximum recursion depth exceeded", "");
      }
      throw error;
    }
    if (at !== 0) throw raised(at);
  }

  exports = (await WebAssembly.instantiate(module, imports)).exports;
  if (exports.kukri_main) enter(() => exports.kukri_main());

  const kernel = {};
  for (const { name, params, result } of manifest.exports) {
    kernel[name] = (...args) => {
      if (args.length !== params.length) throw new TypeError(`${name}() takes ${params.length} arguments`);
      const parts = [];
      params.forEach((param, at) => lower(args[at], param.type, parts));
      const { size } = layout(result);
      // Small results fit below the module's constants, where nothing else is.
      const area = size <= 1008 ? 16 : allocate(size);
      try {
        enter(() => exports[name](...parts, area));
      } finally {
        const held = { parts, at: 0 };
        params.forEach((param) => release(param.type, held));
      }
      const value = loadAt(result, area);
      releaseAt(result, area);
      if (area !== 16) exports.kukri_free(area);
      return value;
    };
  }
  return kernel;
}
