// What no single byte shows: the steps of the accept key's calculation, what
// compression saved, the meaning of a close code, and the other notes of a unit.

import { make } from "/lab/elements.js";

const isStep = (note) => /^\d+\. /.test(note.field);

// buildChain returns a calculation as a list of steps, each of which uses the result
// of the step before it; or null if there is none.
export function buildChain(unit) {
  const steps = (unit.notes || []).filter(isStep);
  if (steps.length === 0) return null;
  const list = make("ol", { className: "chain" });
  for (const step of steps) {
    const name = step.field.replace(/^\d+\. /, "");
    const equal = step.field.endsWith("compare");
    const item = make("li", { className: equal ? (step.value === "equal" ? "good" : "bad") : "" },
      make("b", { textContent: name }), make("code", {}, ...chainValue(step, steps[0])),
      make("span", { textContent: `${step.meaning || ""} (${step.section})` }));
    list.append(item);
  }
  const what = steps[0].layer === "handshake" ? "How the server proves that it read this request" : "How the reply was computed";
  return make("figure", { className: "chained" }, make("figcaption", { textContent: what }), list);
}

// chainValue shows which part of "key + GUID" is the key.
function chainValue(step, first) {
  if (!step.field.includes("GUID") || !step.value.startsWith(first.value)) return [step.value];
  return [step.value.slice(0, first.value.length), make("mark", { textContent: step.value.slice(first.value.length) })];
}

// buildDeflate returns how far compression shrank a message, or null.
export function buildDeflate(unit) {
  const note = (unit.notes || []).find((note) => note.wire);
  if (!note) return null;
  const most = Math.max(note.wire, note.plain, 1);
  const bar = (name, count, kind) => {
    const meter = make("progress", { className: kind, max: most, value: count, ariaLabel: name });
    return [make("span", { textContent: name }), meter, make("b", { textContent: count.toLocaleString("en") })];
  };
  return make("figure", { className: "deflate" },
    make("figcaption", { textContent: `Compression (${note.section}): ${(note.plain / Math.max(note.wire, 1)).toFixed(1)} times smaller on the wire` }),
    make("div", { className: "bars" }, ...bar("on the wire", note.wire, "wire"), ...bar("inflated", note.plain, "plain")),
    make("pre", { tabIndex: 0, ariaLabel: "inflated", textContent: note.value }));
}

const ranges = [
  [1000, 2999, "a code of the protocol itself"],
  [3000, 3999, "a code for libraries, registered with IANA"],
  [4000, 4999, "a code for applications, which define its meaning"],
];

// buildClose returns the code of a Close frame with its name, or null.
export function buildClose(unit) {
  const code = unit.spans.find((span) => span.field === "close code");
  if (!code) return null;
  const reason = unit.spans.find((span) => span.field === "close reason");
  const range = ranges.find(([from, to]) => from <= code.value && code.value <= to);
  return make("figure", { className: "closing" },
    make("strong", { textContent: code.value }),
    make("span", {}, make("b", { textContent: code.meaning.split("; ").at(-1) }),
      make("span", { textContent: range ? range[2] : "a code that must not be used" }),
      reason ? make("q", { textContent: reason.value.replace(/^"|"$/g, "") }) : null));
}

// buildNotes returns the notes without a picture of their own, or null.
export function buildNotes(unit) {
  const notes = (unit.notes || []).filter((note) => !isStep(note) && !note.wire);
  if (notes.length === 0) return null;
  const list = make("dl", { className: "notes" });
  for (const note of notes) {
    list.append(make("dt", { textContent: note.field }),
      make("dd", {}, note.value ? make("code", { textContent: note.value }) : null,
        make("span", { textContent: `${note.meaning || ""}${note.section ? ` (${note.section})` : ""}` }),
        note.broken ? make("em", { textContent: `⚠ ${note.broken}` }) : null));
  }
  return list;
}
