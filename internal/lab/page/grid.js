// The picture of RFC 6455 §5.2, 32 bits to a row, with the bits of one frame in it.

import { mark, scrolling, caption } from "/lab/elements.js";

const width = 32;

// headerSpans returns the spans of a frame's header, or nothing for what is no
// frame.
export function headerSpans(unit) {
  if (unit.kind !== "frame") return [];
  return unit.spans.filter((span) => span.bits || span.field === "extended length" || span.field === "masking key");
}

export function buildGrid(document, unit, spans) {
  const table = document.createElement("table");
  table.className = "grid";
  caption(table, "The frame's header, as RFC 6455 §5.2 draws it");
  const numbers = table.createTHead().insertRow();
  for (let bit = 0; bit < width; bit++) {
    const cell = document.createElement("th");
    cell.textContent = bit % 10;
    numbers.append(cell);
  }
  const body = table.createTBody();
  let row = null;
  for (const span of spans) {
    let from = span.offset * 8 + (span.bits ? span.bit || 0 : 0);
    const to = from + (span.bits || span.length * 8);
    while (from < to) { // a field that goes over the end of a row goes on in the next
      if (!row || from % width === 0) row = body.insertRow();
      const end = Math.min(to, from - (from % width) + width);
      row.append(gridCell(document, unit, span, from, end));
      from = end;
    }
  }
  return scrolling(document, table);
}

function gridCell(document, unit, span, from, to) {
  const cell = document.createElement("td");
  cell.colSpan = to - from;
  const bits = document.createElement("b");
  bits.textContent = bitsOf(unit.bytes, from, to);
  const name = document.createElement("span");
  name.textContent = { "mask bit": "MASK", "payload length": "length" }[span.field] || span.field;
  cell.append(bits, name);
  cell.title = `${span.field}: ${span.value}${span.meaning ? ", " + span.meaning : ""} (${span.section})`;
  cell.tabIndex = 0;
  mark(cell, span.offset, span.length, span.bit, span.bits);
  return cell;
}

// bitsOf returns bits of hexadecimal octets, with a gap between octets.
function bitsOf(hex, from, to) {
  let text = "";
  for (let bit = from; bit < to; bit++) {
    if (bit > from && bit % 8 === 0) text += " ";
    const octet = parseInt(hex.slice((bit >> 3) * 2, (bit >> 3) * 2 + 2), 16);
    text += (octet >> (7 - (bit % 8))) & 1;
  }
  return text;
}
