// What browsers offer to JavaScript: compression, files, the clipboard.

/** Text, compressed, as letters that an address may hold. */
export async function pack(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The text again. A link that was cut off or changed is an error. */
export async function unpack(letters) {
  const binary = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
  const stream = new DecompressionStream("deflate-raw"), writer = stream.writable.getWriter();
  // What is wrong with them is told by the reading end.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return await new Response(stream.readable).text();
}

export function download(name, content, type) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function downloadPackage(name, code, types, wasm) {
  download(`${name}.js`, code, "text/javascript");
  download(`${name}.d.ts`, types, "text/plain");
  download(`${name}.wasm`, wasm, "application/wasm");
}

export async function copyText(text) {
  await navigator.clipboard.writeText(text);
}

/** To be called when all is there: until then what is kept for later would be in the way of what is needed now. */
export function keepOffline() {
  navigator.serviceWorker?.register("./offline.js").catch(() => {});
}

const DTYPES = {
  f8: ["float64", Float64Array], f4: ["float32", Float32Array], i8: ["int64", BigInt64Array], i4: ["int32", Int32Array],
  i2: ["int16", Int16Array], i1: ["int8", Int8Array], u8: ["uint64", BigUint64Array], u4: ["uint32", Uint32Array],
  u2: ["uint16", Uint16Array], u1: ["uint8", Uint8Array], b1: ["bool", Uint8Array], c16: ["complex128", Float64Array],
};

/** An uploaded file as an array: `{ type, data, shape }`, with the type as Kukri writes it. */
export async function readFile(file) {
  const name = file.name.toLowerCase();
  if (name.endsWith(".npy")) return npy(await file.arrayBuffer());
  if (/\.(png|jpe?g|webp|gif|bmp)$/.test(name)) return picture(file);
  return csv(await file.text());
}

const typeOf = (dtype, ndim) => `${dtype}[${[...Array(ndim - 1).fill(":"), "::1"].join(", ")}]`;

/** NumPy's own format, version 1 to 3. */
function npy(buffer) {
  const view = new DataView(buffer), bytes = new Uint8Array(buffer);
  if (String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY") throw new Error("this is no .npy file");
  const wide = bytes[6] > 1, start = wide ? 12 : 10;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(start, start + length));
  const descr = /'descr':\s*'([<>|=])(\w+)'/.exec(header);
  const shape = (/'shape':\s*\(([^)]*)\)/.exec(header)?.[1] ?? "").split(",").map((s) => s.trim()).filter(Boolean).map(Number);
  const known = descr && DTYPES[descr[2]];
  if (!known || descr[1] === ">") throw new Error(`arrays of ${descr?.[0] ?? "objects"} are not supported`);
  if (/'fortran_order':\s*True/.test(header)) throw new Error("save the array in C order: np.save(file, np.ascontiguousarray(a))");
  if (shape.length === 0) throw new Error("the array has no dimensions");
  const data = new known[1](buffer.slice(start + length));
  return { type: typeOf(known[0], shape.length), data, shape };
}

/** Numbers in rows; a first row of names is left out. */
function csv(text) {
  let rows = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line && !line.startsWith("#"))
    .map((line) => line.split(/[,;\t]|\s+/).filter((cell) => cell !== "").map(Number));
  if (rows.length > 1 && rows[0].some(Number.isNaN)) rows = rows.slice(1);
  const width = rows[0]?.length ?? 0;
  if (width === 0) throw new Error("the file holds no numbers");
  rows.forEach((row, at) => {
    if (row.length !== width) throw new Error(`row ${at + 1} has ${row.length} numbers, not ${width}`);
    if (row.some(Number.isNaN)) throw new Error(`row ${at + 1} holds something that is no number`);
  });
  const shape = width === 1 ? [rows.length] : [rows.length, width];
  return { type: typeOf("float64", shape.length), data: Float64Array.from(rows.flat()), shape };
}

/** A picture as height × width × 3 bytes, at most 1024 pixels wide. */
async function picture(file) {
  const image = await createImageBitmap(file);
  const scale = Math.min(1, 1024 / Math.max(image.width, image.height));
  const [width, height] = [Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale))];
  const canvas = new OffscreenCanvas(width, height), context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) rgb.set(data.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  return { type: typeOf("uint8", 3), data: rgb, shape: [height, width, 3] };
}
