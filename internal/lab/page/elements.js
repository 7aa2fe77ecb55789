// Pieces that several parts of a card are made of.

// mark notes which octets an element is about, and which bits of the first.
export function mark(element, offset, length, bit, bits) {
  element.dataset.from = offset;
  element.dataset.to = offset + length;
  if (bits) element.dataset.bits = `${bit || 0} ${bits}`;
}

// scrolling puts a wide table in a frame that scrolls by itself.
export function scrolling(document, table) {
  const frame = document.createElement("div");
  frame.className = "scrolling";
  frame.append(table);
  return frame;
}

// caption says what a table is.
export function caption(table, text) {
  table.createCaption().textContent = text;
}
