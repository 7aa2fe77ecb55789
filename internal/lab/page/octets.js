// The octets of a unit, sixteen to a row, in hexadecimal and as text.

import { mark } from "/lab/elements.js";

const perRow = 16;
const most = 1024; // octets shown: a page of hexadecimal explains nothing

export function buildOctets(document, unit) {
  const block = document.createElement("div");
  block.className = "octets";
  block.setAttribute("role", "group");
  block.setAttribute("aria-label", "octets, in hexadecimal and as text");
  const count = Math.min(most, unit.bytes.length / 2);
  for (let start = 0; start < count; start += perRow) {
    const hex = document.createElement("span");
    const text = document.createElement("span");
    hex.className = "hex";
    text.className = "text";
    for (let at = start; at < Math.min(start + perRow, count); at++) {
      const octet = unit.bytes.slice(2 * at, 2 * at + 2);
      hex.append(octetElement(document, octet, at), " ");
      const code = parseInt(octet, 16);
      text.append(octetElement(document, code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·", at));
    }
    const offset = document.createElement("span");
    offset.className = "offset";
    offset.textContent = start;
    block.append(offset, hex, text);
  }
  const hidden = unit.length - count;
  if (hidden > 0) {
    const more = document.createElement("p");
    more.textContent = `… and ${hidden} octets more`;
    block.append(more);
  }
  return block;
}

function octetElement(document, text, at) {
  const element = document.createElement("i");
  element.textContent = text;
  mark(element, at, 1);
  return element;
}
