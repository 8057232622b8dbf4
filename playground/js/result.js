// What a call gave, in the forms that its type has: repr, table, plot, histogram, picture. In: a value and its type as
// the module's manifest has it. Out: elements.

import uPlot from "uplot";
import { download } from "./browser.js";

/** A colour of the theme as canvases take it: its variable holds one for light and one for dark. */
function style(name) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const split = (type) => (typeof type === "string" ? [type, null] : Object.entries(type)[0]);

/** A value as an array of numbers: `{ data, shape, dtype }`; null where it is none. */
function numbers(value, type) {
  const [kind, inner] = split(type);
  if (kind === "array") {
    const { data, shape } = value;
    if (inner.dtype.startsWith("c")) {
      const count = data.length / 2, part = (which) => Float64Array.from({ length: count }, (_, at) => data[2 * at + which]);
      const sizes = Float64Array.from({ length: count }, (_, at) => Math.hypot(data[2 * at], data[2 * at + 1]));
      const written = (at) => `${data[2 * at]}${data[2 * at + 1] < 0 || Object.is(data[2 * at + 1], -0) ? "-" : "+"}${Math.abs(data[2 * at + 1])}j`;
      return { data: sizes, shape, dtype: inner.dtype, complex: data, parts: [part(0), part(1)], exact: Array.from({ length: count }, (_, at) => written(at)) };
    }
    return { data: typeof data[0] === "bigint" ? Float64Array.from(data, Number) : data, shape, dtype: inner.dtype, exact: data };
  }
  if (kind !== "list") return null;
  const [itemKind, item] = split(inner);
  const isNumber = (name) => ["int", "float", "bool"].includes(name) || (name === "scalar" && !item?.startsWith?.("c"));
  if (isNumber(itemKind)) return { data: Float64Array.from(value, Number), shape: [value.length], dtype: itemKind, exact: value };
  if (itemKind === "tuple" && value.length > 0 && item.every((one) => ["int", "float", "bool"].includes(one))) {
    return { data: Float64Array.from(value.flat(), Number), shape: [value.length, item.length], dtype: "float", exact: value.flat() };
  }
  if (itemKind === "list" && ["int", "float", "bool"].includes(item)) {
    const width = value[0]?.length ?? 0;
    if (value.every((row) => row.length === width)) {
      return { data: Float64Array.from(value.flat(), Number), shape: [value.length, width], dtype: item, exact: value.flat() };
    }
  }
  return null;
}

/** The views that suit a value, the best first. */
function views(result) {
  const { value, type, repr } = result;
  const found = [];
  const array = numbers(value, type);
  const text = ["Text", (box) => box.append(make("pre", { class: repr.includes("\n") ? "repr lines" : "repr", tabindex: "0", "aria-label": "Result" }, repr))];
  if (array && array.data.length > 0) {
    const { shape } = array;
    if (shape.length === 1) {
      if (shape[0] > 1) found.push(["Plot", (box) => plot(box, array)]);
      found.push(["Table", (box) => table(box, array)], ["Histogram", (box) => histogram(box, array)]);
    } else if (shape.length === 2) {
      const narrow = shape[1] <= 8 && shape[0] > shape[1];
      const image = ["Heat map", (box) => heatmap(box, array)];
      const lines = ["Plot", (box) => plot(box, array)];
      found.push(...(narrow ? [lines, image] : shape[0] <= 8 ? [lines, image] : [image, lines]));
      found.push(["Image", (box) => picture(box, array)], ["Table", (box) => table(box, array)], ["Histogram", (box) => histogram(box, array)]);
    } else if (shape.length === 3 && (shape[2] === 3 || shape[2] === 4)) {
      found.push(["Image", (box) => picture(box, array)], ["Histogram", (box) => histogram(box, array)]);
    } else {
      found.push(["Histogram", (box) => histogram(box, array)]);
    }
    // Few numbers are read, not looked at.
    if (array.data.length <= 4) found.unshift(text);
    else found.push(text);
    return { found, array };
  }
  const [kind] = split(type);
  if (kind === "dict" && value.size > 0) {
    found.push(["Table", (box) => pairs(box, value)]);
    const entries = [...value];
    if (entries.every(([key, item]) => typeof key !== "object" && typeof item === "number")) {
      found.push(["Bars", (box) => bars(box, entries.map(([key, item]) => ({ name: String(key), value: item })), "")]);
    }
  }
  found.unshift(text);
  return { found, array: null };
}

/** As NumPy calls it: `float64` for `f64`. */
function dtypeName(dtype) {
  const [, kind, bits] = /^([iufc])(\d+)$/.exec(dtype) ?? [];
  return kind ? `${{ i: "int", u: "uint", f: "float", c: "complex" }[kind]}${bits}` : dtype;
}

let chosen = null;

export function show(element, result) {
  element.replaceChildren();
  const { found, array } = views(result);
  const box = make("div", { class: "view" });
  const tabs = make("div", { class: "views", role: "group", "aria-label": "Ways to show the result" });
  const open = (name) => {
    const [, draw] = found.find(([known]) => known === name) ?? found[0];
    for (const tab of tabs.querySelectorAll(".choice")) tab.setAttribute("aria-pressed", String(tab.textContent === name));
    box.replaceChildren();
    draw(box);
    png.hidden = !box.querySelector("canvas");
  };
  for (const [name] of found) {
    tabs.append(make("button", { type: "button", class: "choice", onclick: () => { chosen = name; open(name); } }, name));
  }
  const shape = array ? `${array.shape.join(" × ")} ${dtypeName(array.dtype)}` : "";
  const png = make("button", { type: "button", class: "quiet png", title: "Save as picture", onclick: () => savePng(box) }, "PNG");
  const saves = make("span", { class: "saves" }, make("span", { class: "shape" }, shape));
  tabs.append(saves);
  if (array) {
    saves.append(
      make("button", { type: "button", class: "quiet", title: "Save as CSV", onclick: () => saveCsv(array) }, "CSV"),
      make("button", { type: "button", class: "quiet", title: "Save as NumPy file", onclick: () => saveNpy(array) }, ".npy"),
    );
  }
  saves.append(png);
  element.append(tabs, box);
  open(found.some(([name]) => name === chosen) ? chosen : found[0][0]);
}

// Plots

const COLOURS = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6", "--series-7", "--series-8"];

function axes(element, options, data) {
  const width = Math.max(240, element.clientWidth || 480);
  const axis = { stroke: style("--muted"), grid: { stroke: style("--line"), width: 1 }, ticks: { stroke: style("--border"), width: 1 }, font: "11px system-ui" };
  const chart = new uPlot({
    width, height: Math.min(420, Math.max(220, width * 0.55)),
    axes: [axis, { ...axis, size: 60 }],
    cursor: { drag: { x: true, y: true, uni: 20 } },
    legend: { live: true },
    ...options,
  }, data, element);
  new ResizeObserver(([entry]) => {
    const next = Math.floor(entry.contentRect.width);
    if (next > 100 && next !== chart.width) chart.setSize({ width: next, height: Math.min(420, Math.max(220, next * 0.55)) });
  }).observe(element);
  element.append(make("p", { class: "tip" }, "Drag to zoom, double-click to see all."));
  return chart;
}

/** More points than this are not told apart. */
const MOST_POINTS = 8000;

/** Of every stretch of a long line the least and the greatest value, so that no peak is lost. */
function thinned(xs, series) {
  if (xs.length <= MOST_POINTS) return [xs, series];
  const stretch = Math.ceil((2 * xs.length) / MOST_POINTS), starts = Array.from({ length: Math.ceil(xs.length / stretch) }, (_, at) => at * stretch);
  const ends = (values) => starts.flatMap((start) => {
    let low = -1, high = -1;
    for (let at = start; at < Math.min(values.length, start + stretch); at++) {
      if (values[at] === null) continue;
      if (low < 0 || values[at] < values[low]) low = at;
      if (high < 0 || values[at] > values[high]) high = at;
    }
    return low < 0 ? [null, null] : [values[Math.min(low, high)], values[Math.max(low, high)]];
  });
  const middle = (start) => xs[Math.min(xs.length - 1, start + (stretch >> 1))];
  return [starts.flatMap((start) => [xs[start], middle(start)]), series.map(ends)];
}

/** One line, or one a column; where the first of several columns grows, it is x. */
function plot(box, { data, shape, parts }) {
  if (parts && shape.length === 1) return lines(box, "index", Array.from(parts[0], (_, at) => at), ["real", "imaginary"], parts.map((part) => Array.from(part)));
  const [rows, columns] = shape.length === 1 ? [shape[0], 1] : shape;
  const byRow = shape.length === 2 && rows <= 8 && columns > rows;
  const count = Math.min(8, byRow ? rows : columns), length = byRow ? columns : rows;
  const at = (series, index) => Number(byRow ? data[series * columns + index] : data[index * columns + series]);
  const series = Array.from({ length: count }, (_, one) => Array.from({ length }, (_, index) => at(one, index)));
  const grows = count > 1 && series[0].every((value, index) => index === 0 || value > series[0][index - 1]);
  const xs = grows ? series.shift() : Array.from({ length }, (_, index) => index);
  const names = series.map((_, one) => (series.length === 1 ? "value" : `${byRow ? "row" : "column"} ${grows ? one + 1 : one}`));
  lines(box, grows ? "x" : "index", xs, names, series);
}

function lines(box, label, xs, names, series) {
  const [at, shown] = thinned(xs, series.map((values) => values.map((value) => (Number.isFinite(value) ? value : null))));
  axes(box, {
    scales: { x: { time: false } },
    series: [{ label }, ...names.map((name, one) => ({ label: name, stroke: style(COLOURS[one % 8]), width: 1.5, points: { show: at.length <= 40 } }))],
  }, [at, ...shown]);
}

function extent(data) {
  let low = Infinity, high = -Infinity;
  for (const raw of data) {
    const value = Number(raw);
    if (Number.isFinite(value)) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : [0, 1];
}

function histogram(box, { data }) {
  const [low, high] = extent(data);
  const whole = data.every((value) => Number.isInteger(Number(value)));
  const bins = whole && high - low < 60 ? high - low + 1 : Math.min(60, Math.max(5, Math.ceil(Math.sqrt(data.length))));
  const width = whole && high - low < 60 ? 1 : (high - low) / bins || 1;
  const counts = new Array(bins).fill(0);
  for (const raw of data) {
    const value = Number(raw);
    if (Number.isFinite(value)) counts[Math.min(bins - 1, Math.floor((value - low) / width))] += 1;
  }
  const middle = counts.map((_, bin) => low + (bin + (width === 1 && whole ? 0 : 0.5)) * width);
  axes(box, {
    scales: { x: { time: false, range: () => [low - width, high + width] }, y: { range: (_, __, top) => [0, top * 1.05 || 1] } },
    series: [{ label: "value" }, { label: "count", stroke: style("--series-1"), fill: style("--fill"), paths: uPlot.paths.bars({ size: [0.95, 100] }), points: { show: false } }],
  }, [middle, counts]);
}

function bars(box, entries, unit) {
  const most = Math.max(...entries.map(({ value }) => value), Number.MIN_VALUE);
  const list = make("div", { class: "bars", role: "list" });
  for (const { name, value, note } of entries.slice(0, 60)) {
    const bar = make("span", { class: "bar" });
    bar.style.width = `${Math.max(0.5, (100 * value) / most)}%`;
    list.append(make("div", { class: "bar-row", role: "listitem" },
      make("span", { class: "bar-name" }, name), make("span", { class: "bar-space" }, bar),
      make("span", { class: "bar-value" }, note ?? `${Number(value.toPrecision(4))}${unit}`)));
  }
  box.append(list);
}

export function showBars(element, entries) {
  element.replaceChildren();
  bars(element, entries, " ms");
}

// Pictures

/** Viridis by its corner stones. */
const VIRIDIS = [[68, 1, 84], [72, 40, 120], [62, 74, 137], [49, 104, 142], [38, 130, 142], [31, 158, 137], [53, 183, 121], [109, 205, 89], [180, 222, 44], [253, 231, 37]];

function colour(share, to, at) {
  const place = Math.min(1, Math.max(0, share)) * (VIRIDIS.length - 1);
  const below = Math.min(VIRIDIS.length - 2, Math.floor(place)), part = place - below;
  for (let channel = 0; channel < 3; channel++) {
    to[at + channel] = VIRIDIS[below][channel] * (1 - part) + VIRIDIS[below + 1][channel] * part;
  }
  to[at + 3] = 255;
}

function canvasOf(width, height, fill, label) {
  const canvas = make("canvas", { class: "raster", role: "img", "aria-label": label });
  // At most what a screen shows: large arrays are sampled.
  const step = Math.max(1, Math.ceil(Math.max(width, height) / 2048));
  canvas.width = Math.ceil(width / step);
  canvas.height = Math.ceil(height / step);
  const context = canvas.getContext("2d"), image = context.createImageData(canvas.width, canvas.height);
  for (let row = 0; row < canvas.height; row++) {
    for (let column = 0; column < canvas.width; column++) fill(row * step, column * step, image.data, 4 * (row * canvas.width + column));
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** A canvas that wheel, fingers and keys zoom and move, and whose numbers show under the cursor. */
function zoomable(box, canvas, [rows, columns], label) {
  const frame = make("div", { class: "frame-box", tabindex: "0", role: "group", "aria-label": "Plus and minus zoom, arrows move, 0 shows all" }, canvas);
  const foot = make("p", { class: "tip" }, "Scroll or pinch to zoom, drag to move, double-click to see all.");
  let scale = 1, x = 0, y = 0;
  const fingers = new Map();
  const place = () => { canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`; };
  canvas.style.aspectRatio = `${columns} / ${rows}`;
  canvas.classList.toggle("tall", rows > columns);
  /** Zooms around a point of the frame. */
  const zoom = (factor, left, top) => {
    const next = Math.min(64, Math.max(1, scale * factor)), change = next / scale;
    x = left - (left - x) * change;
    y = top - (top - y) * change;
    scale = next;
    if (scale === 1) x = y = 0;
    place();
  };
  const move = (right, down) => {
    if (scale === 1) return;
    [x, y] = [x + right, y + down];
    place();
  };
  const inFrame = (event) => {
    const bounds = frame.getBoundingClientRect();
    return [event.clientX - bounds.left, event.clientY - bounds.top];
  };
  frame.addEventListener("wheel", (event) => {
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), ...inFrame(event));
  }, { passive: false });
  frame.addEventListener("pointerdown", (event) => {
    fingers.set(event.pointerId, inFrame(event));
    frame.setPointerCapture(event.pointerId);
  });
  for (const end of ["pointerup", "pointercancel"]) frame.addEventListener(end, (event) => fingers.delete(event.pointerId));
  frame.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId), now = inFrame(event);
    if (before) {
      fingers.set(event.pointerId, now);
      const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
      const distance = (point) => Math.max(1, Math.hypot(point[0] - other[0], point[1] - other[1]));
      if (other) zoom(distance(now) / distance(before), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      else move(now[0] - before[0], now[1] - before[1]);
    }
    const bounds = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - bounds.top) / bounds.height) * rows), column = Math.floor(((event.clientX - bounds.left) / bounds.width) * columns);
    if (row >= 0 && row < rows && column >= 0 && column < columns) foot.textContent = `[${row}, ${column}] = ${label(row, column)}`;
  });
  frame.addEventListener("keydown", (event) => {
    const arrow = { ArrowLeft: [40, 0], ArrowRight: [-40, 0], ArrowUp: [0, 40], ArrowDown: [0, -40] }[event.key];
    if (arrow && scale > 1) move(...arrow);
    else if (["+", "=", "-"].includes(event.key)) zoom(event.key === "-" ? 0.7 : 1.4, frame.clientWidth / 2, frame.clientHeight / 2);
    else if (event.key === "0") zoom(0, 0, 0);
    else return;
    event.preventDefault();
  });
  frame.addEventListener("dblclick", () => zoom(0, 0, 0));
  box.append(frame, foot);
}

function heatmap(box, { data, shape: [rows, columns] }) {
  const [low, high] = extent(data), range = high - low || 1;
  const canvas = canvasOf(columns, rows, (row, column, to, at) => colour((Number(data[row * columns + column]) - low) / range, to, at), `Heat map of ${rows} by ${columns} numbers`);
  zoomable(box, canvas, [rows, columns], (row, column) => data[row * columns + column]);
  const scale = canvasOf(256, 1, (_, column, to, at) => colour(column / 255, to, at), "Colours from the least to the most");
  scale.className = "scale";
  box.append(make("div", { class: "legend" }, String(Number(low.toPrecision(5))), scale, String(Number(high.toPrecision(5)))));
}

/** Greyscale, or RGB(A): bytes as they are, other numbers from least to most. */
function picture(box, { data, shape, dtype }) {
  const [rows, columns, channels = 1] = shape;
  const bytes = dtype === "u8";
  const [low, high] = bytes ? [0, 255] : dtype.startsWith("f") && extent(data)[0] >= 0 && extent(data)[1] <= 1 ? [0, 1] : extent(data);
  const level = (at) => ((Number(data[at]) - low) / (high - low || 1)) * 255;
  const canvas = canvasOf(columns, rows, (row, column, to, at) => {
    const from = (row * columns + column) * channels;
    for (let channel = 0; channel < 3; channel++) to[at + channel] = level(from + (channels === 1 ? 0 : channel));
    to[at + 3] = channels === 4 ? level(from + 3) : 255;
  }, `Image of ${columns} by ${rows} pixels`);
  zoomable(box, canvas, [rows, columns], (row, column) => Array.from({ length: channels }, (_, channel) => data[(row * columns + column) * channels + channel]).join(", "));
}

// Tables

const shown = (value) => (typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(7))) : String(value));

function table(box, { data, shape, exact }) {
  const [rows, columns] = shape.length === 1 ? [shape[0], 1] : shape;
  const body = make("tbody"), head = make("tr", {}, make("th", { scope: "col" }, ""));
  const width = Math.min(columns, 100);
  for (let column = 0; column < width; column++) head.append(make("th", { scope: "col" }, shape.length === 1 ? "value" : String(column)));
  let next = 0;
  const more = make("button", { type: "button", class: "quiet", onclick: () => add(1000) }, "");
  const source = exact ?? data;
  function add(count) {
    const end = Math.min(rows, next + count);
    for (; next < end; next++) {
      const row = make("tr", {}, make("th", { scope: "row" }, String(next)));
      for (let column = 0; column < width; column++) row.append(make("td", {}, shown(source[next * columns + column])));
      body.append(row);
    }
    more.textContent = `${rows - next} more rows`;
    more.hidden = next >= rows;
  }
  add(200);
  box.append(make("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": "Table of the result" }, make("table", {}, make("thead", {}, head), body)), more);
  if (width < columns) box.append(make("p", { class: "tip" }, `The first ${width} of ${columns} columns.`));
}

function pairs(box, map) {
  const body = make("tbody");
  for (const [key, value] of [...map].slice(0, 1000)) body.append(make("tr", {}, make("th", { scope: "row" }, shown(key)), make("td", {}, shown(value))));
  box.append(make("div", { class: "table-box", tabindex: "0", role: "region", "aria-label": "Table of the result" }, make("table", {}, body)));
}

// Saving

function saveCsv({ data, shape, exact }) {
  const columns = shape.length === 1 ? 1 : shape.slice(1).reduce((a, b) => a * b, 1);
  const source = exact ?? data, lines = [];
  for (let at = 0; at < source.length; at += columns) lines.push(Array.from(source.slice(at, at + columns)).join(","));
  download("result.csv", `${lines.join("\n")}\n`, "text/csv");
}

const DESCR = { bool: "|b1", i8: "|i1", i16: "<i2", i32: "<i4", i64: "<i8", u8: "|u1", u16: "<u2", u32: "<u4", u64: "<u8", f32: "<f4", f64: "<f8", c64: "<c8", c128: "<c16" };

function saveNpy({ data, shape, dtype, exact, complex }) {
  let content = complex ?? exact ?? data, descr = DESCR[dtype];
  if (!ArrayBuffer.isView(content)) {
    content = dtype === "int" ? BigInt64Array.from(content, BigInt) : Float64Array.from(content, Number);
    descr = dtype === "int" ? "<i8" : "<f8";
  }
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + "\n";
  const start = new Uint8Array(10);
  start.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0]);
  new DataView(start.buffer).setUint16(8, header.length, true);
  download("result.npy", new Blob([start, header, content]), "application/octet-stream");
}

/** Saves what is drawn; of what is text, an image of it makes no sense. */
function savePng(box) {
  const canvas = box.querySelector("canvas");
  canvas?.toBlob((blob) => download("result.png", blob, "image/png"));
}
