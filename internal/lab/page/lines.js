// A head as it stands on the wire, line by line, with what is mostly not seen made
// visible: each space, each CR LF, and the empty line that ends it (RFC 9112 §2.1).

import { make, mark, byteAt, rove } from "/lab/elements.js";

const captions = {
  request: "The request, as RFC 9112 §2.1 has it: a request line, field lines, an empty line",
  response: "The response, as RFC 9112 §2.1 has it: a status line, field lines, an empty line",
  trailer: "The trailer: field lines behind the last chunk, and an empty line",
  chunk: "One chunk, as RFC 9112 §7.1 has it: its size in hexadecimal, its data",
};

// buildLines returns the text of a unit in its parts, or null for a unit that is
// none.
export function buildLines(unit) {
  if (!(unit.kind in captions)) return null;
  const text = make("pre", { className: "lines" });
  for (const [i, span] of unit.spans.entries()) {
    if ((unit.spans[i + 1]?.depth || 0) > (span.depth || 0)) continue; // its parts follow
    const part = make("span", { className: `${span.layer}${span.broken ? " broken" : ""}`, ariaLabel: `${span.field} ${span.value || ""}` },
      ...visible(unit.bytes, span));
    text.append(mark(part, span));
  }
  rove(text, "span[data-from]", { ArrowRight: 1, ArrowLeft: -1 });
  return make("figure", {}, make("figcaption", { textContent: captions[unit.kind] }), text);
}

// visible returns what to show of a span's bytes: those that are no letters as signs
// that cannot be taken for letters.
function visible(bytes, span) {
  const parts = [];
  let letters = "";
  const sign = (text) => {
    parts.push(letters, make("i", { textContent: text }));
    letters = "";
  };
  for (let at = span.offset; at < Math.min(span.offset + span.length, bytes.length / 2); at++) {
    const byte = byteAt(bytes, at);
    if (byte === "20" && (span.field === "SP" || span.field === "OWS")) sign("␣");
    else if (byte === "0d") sign("CR");
    else if (byte === "0a") {
      sign("LF");
      letters = "\n";
    } else if (byte >= "20" && byte < "7f") letters += String.fromCharCode(parseInt(byte, 16));
    else sign(byte);
  }
  return [...parts, letters];
}
