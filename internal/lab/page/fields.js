// The fields of a unit, in the order of the wire: what stands there, one plain
// sentence, the section, and the requirements of that section with the line of code
// that enforces each and the test that proves it.

import { make, mark, rove } from "/lab/elements.js";

// plain says what the server's labels leave out, as it is the same each time.
const plain = {
  SP: ["one space parts the words of the line", "RFC 9112 §3"],
  colon: ["ends the name; no space may stand in front of it", "RFC 9112 §5"],
  OWS: ["white space that means nothing", "RFC 9110 §5.6.3"],
  "field-name": ["what the value is about; letter case does not count", "RFC 9110 §5.1"],
  "field-value": ["what the field says", "RFC 9110 §5.5"],
  "request line": ["what is asked for, and in which version", "RFC 9112 §3"],
  "status line": ["what came of it, and in which version", "RFC 9112 §4"],
  "request-target": ["what the request is about", "RFC 9112 §3.2"],
  text: ["what the message says", "RFC 6455 §5.6"],
  payload: ["what is carried", "RFC 6455 §5.2"],
  "application data": ["comes back as it went", "RFC 6455 §5.5.2"],
  "sound so far": ["nothing is wrong up to here", "RFC 9112 §2.2"],
  broken: ["here it goes wrong, and nobody reads on", "RFC 9112 §2.2"],
};

// sentence returns what a span means, and where that is written.
export function sentence(span) {
  const [meaning, section] = plain[span.field] || ["a field that means nothing to this server", "RFC 9110 §5"];
  return { meaning: span.meaning || meaning, section: span.section || (span.layer === "unknown" ? "" : section) };
}

const layers = {
  http: "HTTP",
  handshake: "Opening handshake",
  websocket: "WebSocket frame",
  deflate: "Compression",
  application: "Application",
  unknown: "Not understood",
};

const spacing = new Set(["SP", "CRLF", "colon", "OWS", "delimiter", "field-name", "empty line"]);

// buildFields returns the list. The rows of what parts the others are left out: the
// bytes show them.
export function buildFields(unit, rules) {
  const list = make("ul", { className: "fields", ariaLabel: "fields, in the order of the wire" });
  let layer = "";
  for (const [i, span] of unit.spans.entries()) {
    const group = (unit.spans[i + 1]?.depth || 0) > (span.depth || 0);
    const repeated = span.field === "field-value"; // the row of the field itself says the same
    if ((!spacing.has(span.field) && !repeated) || span.broken || (span.depth || 0) === 0) {
      if (span.layer !== layer && !span.depth) list.append(make("li", { className: `layer ${span.layer}`, textContent: layers[span.layer] }));
      if (!span.depth) layer = span.layer;
      list.append(fieldRow(span, group, rules));
    }
  }
  rove(list, ".field", { ArrowDown: 1, ArrowUp: -1 });
  const buttons = list.querySelectorAll("button.section"); // Tab leads from a field to its own, and out
  const reach = (item) => buttons.forEach((button) => (button.tabIndex = item.contains(button) ? 0 : -1));
  if (list.firstElementChild) reach(list.querySelector(".field").parentElement);
  list.addEventListener("focusin", ({ target }) => reach(target.closest(".fields > li")));
  return list;
}

function fieldRow(span, group, rules) {
  const { meaning, section } = sentence(span);
  const field = make("div", { className: "field", role: "group", ariaLabel: `${span.field}, ${span.value || ""}: ${meaning}` },
    make("span", { className: "name", textContent: span.field }),
    make("span", { className: "value", textContent: span.value || "" }),
    make("span", { className: "meaning", textContent: meaning }));
  if (span.broken) field.append(make("em", { textContent: `⚠ ${span.broken}` }));
  mark(field, span);
  const row = make("li", { className: `${span.layer} depth${span.depth || 0}${group ? " group" : ""}${span.broken ? " broken" : ""}` }, field);
  if (section) row.append(...sectionOf(section, rules));
  return row;
}

// sectionOf is a section's name; where there are requirements of it it is a button
// that shows them.
function sectionOf(section, rules) {
  const count = rulesIn(section, rules).length;
  if (count === 0) return [make("span", { className: "section", textContent: section })];
  const button = make("button", { className: "section", type: "button", ariaExpanded: "false" }, section,
    make("small", { textContent: count === 1 ? "1 rule" : `${count} rules` }));
  button.addEventListener("click", () => {
    const open = button.ariaExpanded !== "true";
    button.ariaExpanded = String(open);
    if (open) button.after(rulesOf(section, rules));
    else button.nextElementSibling.remove();
  });
  return [button];
}

// rulesIn returns the requirements of a section and of those in it.
const rulesIn = (section, rules) => rules.filter((rule) => rule.section === section || rule.section.startsWith(section + "."));

// rulesOf lists them.
export const rulesOf = (section, rules) => make("ul", { className: "rules" }, ...rulesIn(section, rules).map(ruleItem));

function ruleItem(rule) {
  const item = make("li", {}, make("b", { textContent: rule.id }), make("small", { textContent: rule.level }), make("span", { textContent: rule.text }));
  const place = (what, { at, line }) => item.append(make("div", { className: "place" },
    make("span", { textContent: what }), make("code", { textContent: at }), line ? make("code", { className: "line", textContent: line }) : null));
  for (const code of rule.code || []) place("enforced by", code);
  for (const test of rule.tests || []) place("proved by", { at: test.at });
  if (rule.excuse) item.append(make("div", { className: "place", textContent: `not met: ${rule.excuse}` }));
  return item;
}
