// The bytes of a unit, eight to a row, in hexadecimal and as text, each in the color of
// its layer.

import { make, mark, byteAt, glyph, rove } from "/lab/elements.js";

const perRow = 8;
const most = 512; // bytes that are shown; more would not help a reader

export function buildBytes(unit) {
  const count = Math.min(most, unit.bytes.length / 2);
  const layers = layersOf(unit, count);
  const grid = make("div", { className: "bytes", role: "grid", ariaLabel: "bytes, in hexadecimal and as text" });
  for (let start = 0; start < count; start += perRow) {
    const hex = make("span", { className: "hex", role: "presentation" });
    const text = make("span", { className: "text", ariaHidden: "true" });
    for (let at = start; at < Math.min(start + perRow, count); at++) {
      const byte = byteAt(unit.bytes, at);
      const cell = make("i", { className: layers[at], role: "gridcell", textContent: byte });
      hex.append(mark(cell, { offset: at, length: 1 }));
      text.append(mark(make("i", { textContent: glyph(byte) }), { offset: at, length: 1 }));
    }
    grid.append(make("div", { className: "line", role: "row" }, make("span", { className: "offset", role: "rowheader", textContent: start }), hex, text));
  }
  rove(grid, ".hex i", { ArrowRight: 1, ArrowLeft: -1, ArrowDown: perRow, ArrowUp: -perRow });
  const hidden = unit.length - count;
  return make("div", { className: "scrolling" }, grid,
    hidden > 0 ? make("p", { className: "more", textContent: `and ${hidden.toLocaleString("en")} more bytes` }) : null);
}

// layersOf returns the layer of each byte, taken from the innermost span, and whether
// a rule is broken there.
function layersOf(unit, count) {
  const layers = new Array(count).fill("unknown");
  const places = (span) => [span.offset, Math.min(count, span.offset + span.length)];
  for (const span of unit.spans) layers.fill(span.field === "masking key" ? "masking" : span.layer, ...places(span));
  for (const span of unit.spans) {
    if (!span.broken) continue;
    const [from, to] = places(span);
    for (let at = from; at < to; at++) layers[at] += " broken";
  }
  return layers;
}
