// The picture of RFC 6455 §5.2, filled with the bits of one frame.
//
//	 0                   1                   2                   3
//	 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//	+-+-+-+-+-------+-+-------------+-------------------------------+
//	|F|R|R|R| opcode|M| Payload len |    Extended payload length    |

import { make, mark, byteAt, bitsOf, rove } from "/lab/elements.js";

const drawn = 8; // bytes of payload in the picture

const names = { "mask bit": "MASK", "payload length": "length", "extended length": "extended length" };

// buildGrid returns the picture of a frame, or null for any other unit. It is 32 bits
// wide, as in the RFC, or 16 on a narrow screen.
export function buildGrid(unit) {
  if (unit.kind !== "frame") return null;
  const width = document.getElementById("cards").clientWidth < 600 ? 16 : 32;
  const table = make("table", { className: "grid" });
  table.append(make("caption", { textContent: "The frame, as RFC 6455 §5.2 draws it" }));
  const columns = table.createTHead();
  columns.ariaHidden = "true";
  const tens = columns.insertRow();
  const ones = columns.insertRow();
  for (let bit = 0; bit < width; bit++) {
    tens.append(make("th", { textContent: bit % 10 === 0 ? bit / 10 : "" }));
    ones.append(make("th", { textContent: bit % 10 }));
  }
  const rows = new Rows(table.createTBody(), unit, width);
  for (const span of unit.spans) {
    const size = headerEnd(unit);
    if (span.offset < size) rows.add(span, span.length);
    else rows.add(span, Math.min(span.length, size + drawn - span.offset));
  }
  rove(table, "td", { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 });
  const hidden = unit.length - headerEnd(unit) - drawn;
  return make("figure", { className: "picture" }, table,
    hidden > 0 ? make("p", { className: "more", textContent: `and ${hidden.toLocaleString("en")} more bytes of payload` }) : null);
}

// headerEnd returns the offset after the header's last field.
function headerEnd(unit) {
  const fields = unit.spans.filter((span) => span.bits || span.field === "extended length" || span.field === "masking key");
  return Math.max(0, ...fields.map((span) => span.offset + span.length));
}

// Rows lays out fields one after the other. A field that crosses the end of a row
// continues in the next.
class Rows {
  constructor(body, unit, width) {
    Object.assign(this, { body, unit, width, row: null });
  }

  add(span, length) {
    let from = span.offset * 8 + (span.bits ? span.bit || 0 : 0);
    const to = from + (span.bits || length * 8);
    for (let first = true; from < to; first = false) {
      if (!this.row || from % this.width === 0) this.row = this.body.insertRow();
      const end = Math.min(to, from - (from % this.width) + this.width);
      this.row.append(this.cell(span, from, end, first));
      from = end;
    }
  }

  cell(span, from, to, first) {
    const bits = make("span", { className: "bits" });
    for (let bit = from; bit < to; bit++) {
      const value = bitsOf(byteAt(this.unit.bytes, bit >> 3)).replace(" ", "")[bit % 8];
      bits.append(make("i", { className: value === "1" ? "one" : "zero", textContent: value }));
    }
    const masked = span.offset >= headerEnd(this.unit) && this.unit.spans.some(({ field }) => field === "masking key");
    const name = `${names[span.field] || span.field}${masked ? ", masked" : ""}`;
    const cell = make("td", { colSpan: to - from, className: `${span.layer}${span.broken ? " broken" : ""}` }, bits,
      make("span", { className: "name", textContent: first ? name : `${name}, continued` }));
    if (to - from === 1) cell.classList.add("single");
    cell.ariaLabel = `${span.field}, ${span.value || ""}: ${span.meaning || span.section}`;
    return mark(cell, span.bits ? span : { offset: from >> 3, length: (to - from) >> 3 });
  }
}
