// Highlights whatever is under the pointer or has the focus, everywhere in its card: a
// field and its bytes, a byte and its fields, a bit and its place in the picture.

import { byteAt, bitsOf, make } from "/lab/elements.js";
import { sentence } from "/lab/fields.js";

export function lightUp(inside, unit, readout) {
  let lit = [];
  const light = (chosen) => {
    for (const element of lit) element.classList.remove("lit");
    lit = withoutGroups([...inside.querySelectorAll("[data-from]")].filter((element) => sharesBytes(element.dataset, chosen.dataset)), chosen);
    for (const element of lit) element.classList.add("lit");
    showBytes(lit.find((element) => element.matches(".hex i")), chosen);
    readout.ariaLive = chosen.matches(".bytes i") ? "polite" : "off"; // fields have labels of their own
    readout.replaceChildren(...describe(unit, chosen.dataset));
  };
  for (const event of ["pointerover", "focusin", "click"]) {
    inside.addEventListener(event, ({ target }) => {
      const chosen = target.closest("[data-from]");
      if (chosen) light(chosen);
    });
  }
  const first = inside.querySelector(".field");
  if (first) readout.replaceChildren("Point at a field, or at a byte.");
}

// sharesBytes reports whether two elements are about the same data: their bytes
// overlap, and if both are about bits, their bits overlap too.
function sharesBytes(one, other) {
  if (Number(one.from) >= Number(other.to) || Number(other.from) >= Number(one.to)) return false;
  if (!one.bits || !other.bits) return true;
  const [from, to] = one.bits.split(" ").map(Number);
  const [otherFrom, otherTo] = other.bits.split(" ").map(Number);
  return from < otherTo && otherFrom < to;
}

// withoutGroups leaves out a field whose parts are highlighted.
function withoutGroups(elements, chosen) {
  const fields = elements.filter((element) => element.matches(".field"));
  const within = (part, whole) => part !== whole && Number(whole.dataset.from) <= Number(part.dataset.from) && Number(part.dataset.to) <= Number(whole.dataset.to);
  return elements.filter((element) => element === chosen || within(element, chosen) || !element.matches(".group > .field") ||
    !fields.some((field) => within(field, element)));
}

// showBytes scrolls only the bytes, to the highlighted ones.
function showBytes(byte, chosen) {
  if (!byte || byte.contains(chosen)) return;
  const box = byte.closest(".scrolling");
  const top = byte.offsetTop - box.offsetTop;
  if (top < box.scrollTop || top > box.scrollTop + box.clientHeight - 30) box.scrollTop = top - 30;
}

// describe describes what is chosen in one line: its bytes and bits, and the meaning
// of the innermost fields that they belong to.
function describe(unit, chosen) {
  const from = Number(chosen.from);
  const last = Number(chosen.to) - 1;
  const spans = unit.spans.filter((span, i) => innermost(unit, i) &&
    sharesBytes(chosen, { from: span.offset, to: span.offset + span.length, bits: span.bits ? `${span.bit || 0} ${(span.bit || 0) + span.bits}` : "" }));
  const where = last > from ? `bytes ${from} to ${last}` : `byte ${from} · ${byteAt(unit.bytes, from)} · ${bitsOf(byteAt(unit.bytes, from) || "00")}`;
  const parts = [make("b", { textContent: where })];
  for (const span of spans.slice(0, 6)) {
    const { meaning, section } = sentence(span);
    parts.push(make("span", {}, make("strong", { textContent: span.field }), ` ${span.value || ""}: ${meaning}${section ? ` (${section})` : ""}`));
  }
  return parts;
}

const innermost = (unit, i) => (unit.spans[i + 1]?.depth || 0) <= (unit.spans[i].depth || 0);
