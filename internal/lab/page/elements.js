// Making elements, and marking which bytes they are about.

// make returns an element. A name that is not a property becomes an attribute. Texts
// become text, never HTML, because they may come from a hostile peer.
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

// mark records which bytes of its unit an element is about, and which bits of the
// first byte. light.js highlights all elements about the same bytes.
export function mark(element, span) {
  element.dataset.from = span.offset;
  element.dataset.to = span.offset + span.length;
  if (span.bits) element.dataset.bits = `${span.bit || 0} ${(span.bit || 0) + span.bits}`;
  return element;
}

// byteAt returns the byte at an offset of a string of hexadecimal digits.
export const byteAt = (hex, at) => hex.slice(2 * at, 2 * at + 2);

// bitsOf returns the bits of a byte, as in "0100 1000".
export function bitsOf(byte) {
  const bits = parseInt(byte, 16).toString(2).padStart(8, "0");
  return bits.slice(0, 4) + " " + bits.slice(4);
}

// glyph returns a byte as an ASCII character, or "·" if it is not printable.
export function glyph(byte) {
  const code = parseInt(byte, 16);
  return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : "·";
}

// bytes returns a number of bytes as text.
export const bytes = (count) => (count === 1 ? "1 byte" : `${count.toLocaleString("en")} bytes`);

// rove makes one of several elements reachable with Tab, and the others with arrow
// keys. steps maps each key to the distance that it moves.
export function rove(container, selector, steps) {
  const all = () => [...container.querySelectorAll(selector)];
  all().forEach((element, i) => (element.tabIndex = i === 0 ? 0 : -1));
  container.addEventListener("focusin", ({ target }) => {
    if (!target.matches(selector)) return;
    for (const element of container.querySelectorAll(`${selector}[tabindex="0"]`)) element.tabIndex = -1;
    target.tabIndex = 0;
  });
  container.addEventListener("keydown", (event) => {
    if (!event.target.matches(selector)) return;
    const elements = all();
    const at = elements.indexOf(event.target);
    const ends = { Home: 0, End: elements.length - 1 };
    const to = event.key in steps ? at + steps[event.key] : ends[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    elements[Math.max(0, Math.min(elements.length - 1, to))].focus();
  });
}
