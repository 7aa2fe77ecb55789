// A head as it is on the wire, line by line. It shows what is usually invisible: each
// space, each CR LF, and the empty line at the end (RFC 9112 §2.1).

import { make, mark, byteAt, rove } from "/lab/elements.js";

const captions = {
  request: "The request, as in RFC 9112 §2.1: a request line, field lines, an empty line",
  response: "The response, as in RFC 9112 §2.1: a status line, field lines, an empty line",
  trailer: "The trailer: field lines after the last chunk, and an empty line",
  chunk: "One chunk, as in RFC 9112 §7.1: its size in hexadecimal, its data",
};

// buildLines returns the text of a unit in its parts, or null for a unit that is not
// text.
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

// visible returns what to show for a span's bytes. Invisible characters become signs
// that cannot be mistaken for text.
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
