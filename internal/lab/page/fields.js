// The fields of a unit in the order of the wire. Each has its value, a short meaning,
// its section, and the requirements of that section, with the line of code that
// enforces each and the test that proves it.

import { make, mark, rove } from "/lab/elements.js";

// plain has the meanings that the server's labels leave out because they never change.
const plain = {
  SP: ["one space separates the parts of the line", "RFC 9112 §3"],
  colon: ["ends the name; no space may come before it", "RFC 9112 §5"],
  OWS: ["optional white space, without meaning", "RFC 9110 §5.6.3"],
  "field-name": ["the name of the field, in any letter case", "RFC 9110 §5.1"],
  "field-value": ["the value of the field", "RFC 9110 §5.5"],
  "request line": ["what the client asks for, and in which version", "RFC 9112 §3"],
  "status line": ["the result, and in which version", "RFC 9112 §4"],
  "request-target": ["the resource that the request is for", "RFC 9112 §3.2"],
  text: ["the text of the message", "RFC 6455 §5.6"],
  payload: ["the data that the frame carries", "RFC 6455 §5.2"],
  "application data": ["the Pong returns it unchanged", "RFC 6455 §5.5.2"],
  "sound so far": ["valid up to here", "RFC 9112 §2.2"],
  broken: ["the error is here, and parsing stops", "RFC 9112 §2.2"],
};

// sentence returns the meaning of a span, and the section that defines it.
export function sentence(span) {
  const [meaning, section] = plain[span.field] || ["a field that this server does not use", "RFC 9110 §5"];
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

// buildFields returns the list. It leaves out separators and other small parts, which
// the bytes show.
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
  const buttons = list.querySelectorAll("button.section"); // Tab leads from a field to its own button, then out of the list
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

// sectionOf returns the name of a section. If the section has requirements, the name
// is a button that shows them.
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

// rulesIn returns the requirements of a section and its subsections.
const rulesIn = (section, rules) => rules.filter((rule) => rule.section === section || rule.section.startsWith(section + "."));

// rulesOf returns a list of them.
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
