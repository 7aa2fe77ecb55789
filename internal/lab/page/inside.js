// The inside of a card: the RFC's picture of a frame's header with the real bits,
// the masking key over the payload, the facts step by step, every field with its
// section, and the octets. What the mouse or the focus is on lights up in all.

import { buildGrid, headerSpans } from "/lab/grid.js";
import { buildOctets } from "/lab/octets.js";
import { mark, scrolling, caption } from "/lab/elements.js";

export function buildInside(document, unit, rules) {
  const inside = document.createElement("div");
  inside.className = "inside";
  const header = headerSpans(unit);
  if (header.length > 0) inside.append(buildGrid(document, unit, header));
  if (unit.kind === "frame") inside.append(...buildMasking(document, unit));
  if (unit.notes) inside.append(buildNotes(document, unit.notes));
  inside.append(buildFields(document, unit, rules), buildOctets(document, unit));
  lightUp(inside);
  return inside;
}

// buildMasking shows for the first octets: as they passed, the octet of the key
// that belongs to each, and what the one XOR the other is (RFC 6455 §5.3).
function buildMasking(document, unit) {
  const key = unit.spans.find((span) => span.field === "masking key");
  const payload = unit.payload || "";
  if (!key || payload.length === 0) return [];
  const start = key.offset + key.length;
  const count = Math.min(16, payload.length / 2);
  const octet = (hex, at) => hex.slice(2 * at, 2 * at + 2);
  const text = (hex) => {
    const code = parseInt(hex, 16);
    return code > 0x20 && code < 0x7f ? String.fromCharCode(code) : "";
  };
  const rows = [["masked", []], ["key", []], ["XOR", []], ["text", []]];
  for (let i = 0; i < count; i++) {
    rows[0][1].push(octet(unit.bytes, start + i));
    rows[1][1].push(octet(unit.bytes, key.offset + (i % 4)));
    rows[2][1].push(octet(payload, i));
    rows[3][1].push(text(octet(payload, i)));
  }
  const table = document.createElement("table");
  table.className = "masking";
  caption(table, "The key rolls over the payload: octet i XOR key octet i mod 4" + (count * 2 < payload.length ? " (the first 16)" : ""));
  for (const [name, cells] of rows) {
    const row = table.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.textContent = name;
    row.append(head);
    cells.forEach((cell, i) => {
      const data = row.insertCell();
      data.textContent = cell;
      if (name === "masked") mark(data, start + i, 1);
      if (name === "key") mark(data, key.offset + (i % 4), 1);
    });
  }
  return [scrolling(document, table)];
}

// buildNotes lists facts that no single octet shows, in the order of thought: the
// arithmetic of the accept key is a chain of them.
function buildNotes(document, notes) {
  const list = document.createElement("ol");
  list.className = "notes";
  for (const note of notes) {
    const item = document.createElement("li");
    add(item, "strong", note.field);
    if (note.value) add(item, "code", note.value);
    if (note.meaning) add(item, "span", note.meaning);
    if (note.section) add(item, "small", note.section);
    if (note.broken) add(item, "em", `⚠ ${note.broken}`);
    list.append(item);
  }
  return list;
}

// buildFields is the table of all fields.
function buildFields(document, unit, rules) {
  const table = document.createElement("table");
  table.className = "fields";
  caption(table, "Fields, in the order of the wire");
  const body = table.createTBody();
  for (const span of unit.spans) {
    const row = body.insertRow();
    row.tabIndex = 0;
    row.className = span.layer;
    mark(row, span.offset, span.length, span.bit, span.bits);
    const name = document.createElement("th");
    name.scope = "row";
    name.textContent = span.field;
    name.style.paddingInlineStart = `${0.5 + (span.depth || 0)}em`;
    row.append(name);
    row.insertCell().textContent = span.value || "";
    const meaning = row.insertCell();
    meaning.textContent = span.meaning || "";
    if (span.broken) add(meaning, "em", `⚠ ${span.broken}`);
    row.insertCell().append(...buildSection(document, span.section, rules));
  }
  return scrolling(document, table);
}

// buildSection is a section's name; where there are requirements of it, they open.
function buildSection(document, section, rules) {
  if (!section) return [];
  const of = rules[section];
  if (!of) return [document.createTextNode(section)];
  const details = document.createElement("details");
  add(details, "summary", section);
  const list = document.createElement("ul");
  for (const rule of of) {
    const item = document.createElement("li");
    add(item, "strong", rule.id);
    add(item, "span", rule.text);
    if (rule.code) add(item, "code", rule.code.join(", "));
    if (rule.tests) add(item, "small", `proved by ${rule.tests.join(", ")}`);
    list.append(item);
  }
  details.append(list);
  return [details];
}

// lightUp marks everything in a card that is about the same octets as what the
// pointer or the focus is on.
function lightUp(inside) {
  const light = (element, on) => {
    const { from, to, bits } = element.dataset;
    for (const other of inside.querySelectorAll("[data-from]")) {
      const overlaps = Number(other.dataset.from) < Number(to) && Number(other.dataset.to) > Number(from);
      const sameBits = !bits || !other.dataset.bits || bits === other.dataset.bits;
      other.classList.toggle("lit", on && overlaps && sameBits);
    }
  };
  for (const [event, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
    inside.addEventListener(event, ({ target }) => {
      const element = target.closest("[data-from]");
      if (element && inside.contains(element)) light(element, on);
    });
  }
}

function add(parent, tag, text) {
  const element = parent.ownerDocument.createElement(tag);
  element.textContent = text;
  parent.append(element, " ");
}
