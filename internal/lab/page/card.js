// One card of the timeline: a line about a unit, a verdict, or the start or end of a
// connection.

import { make } from "/lab/elements.js";

// buildCard returns the list item for a happening. page is the id in the requests of
// this page, which titles leave out because it is long.
export function buildCard(happening, page) {
  if (happening.verdict) return buildVerdict(happening);
  if (!happening.unit) return buildEvent(happening);
  const unit = happening.unit;
  const outward = unit.direction === "client_to_server";
  const broken = brokenRule(unit);
  const button = make("button", { className: "card", ariaExpanded: "false", tabIndex: -1 },
    make("span", { className: "arrow", ariaHidden: "true", textContent: outward ? "→" : "←" }),
    make("span", { className: "unseen", textContent: outward ? "to the server: " : "to the client: " }),
    make("span", { className: "title" }, ...titleParts(unit, page)));
  if (broken) button.append(make("span", { className: "rule" }, make("span", { ariaHidden: "true", textContent: "⚠ " }), broken));
  button.append(make("span", { className: "where", textContent: `#${happening.conn}` }),
    make("span", { className: "when", textContent: milliseconds(happening.time) }));
  const item = make("li", { className: `item ${outward ? "out" : "in"} ${unit.kind}${broken ? " broken" : ""}` }, button);
  item.happening = happening;
  return item;
}

// titleParts returns the name of a unit, its properties and its content, each in its
// own element.
function titleParts(unit, page) {
  const title = titleOf({ what: "unit", unit }, page);
  if (unit.kind === "request" || unit.kind === "response") return [make("b", { textContent: title })];
  const [, name, about, content] = title.match(/^([^,:]*)((?:, [^:]*)?)((?:: .*)?)$/s) || [null, title, "", ""];
  return [make("b", { textContent: name }), make("span", { className: "about", textContent: about }),
    make("span", { className: "content", textContent: content.replace(/^: /, " ") })];
}

function buildEvent(happening) {
  const item = make("li", { className: `event ${happening.what}` },
    make("span", {}, make("b", { textContent: `#${happening.conn}` }), ` ${titleOf(happening)}`));
  item.happening = happening;
  return item;
}

const verdicts = {
  pass: ["✓", "The server followed the rule"],
  tolerated: ["~", "The server could do more, but broke no rule"],
  fail: ["✗", "The server broke the rule"],
  "not applicable": ["–", "The fault does not apply here"],
  "not run": ["–", "The fault could not be run"],
};

// verdictOf returns a sign and a short text for a verdict.
function verdictOf({ verdict, legal }) {
  if (legal && verdict === "pass") return ["✓", "The server cooperated, as it must"];
  return verdicts[verdict];
}

// buildVerdict returns the card for a fault: what was expected, what came back, and
// what the fault teaches.
function buildVerdict(happening) {
  const verdict = happening.verdict;
  const [sign, summary] = verdictOf(verdict);
  const facts = [[verdict.legal ? "Legal" : "Broken on purpose", verdict.title], ["Expected", verdict.want], ["Came back", verdict.got || "nothing"],
    ["What it teaches", verdict.teaches]];
  if (verdict.reason) facts.splice(3, 0, ["Why", verdict.reason]);
  const list = make("dl");
  for (const [name, text] of facts) list.append(make("dt", { textContent: name }), make("dd", { textContent: text }));
  const section = make("button", { className: "section", type: "button", ariaExpanded: "false", textContent: verdict.section });
  section.dataset.section = verdict.section;
  list.append(make("dt", { textContent: "Rule" }), make("dd", {}, section, ` (${verdict.level})`));
  const item = make("li", { className: `verdict ${verdict.verdict.replace(" ", "-")}` },
    make("h3", {}, make("span", { className: "sign", ariaHidden: "true", textContent: sign }), summary, make("small", { textContent: `#${happening.conn}` })), list);
  item.happening = happening;
  return item;
}

// brokenRule returns the first rule that a unit breaks, or "".
export function brokenRule(unit) {
  return [...unit.spans, ...(unit.notes || [])].find((part) => part.broken)?.broken || "";
}

// titleOf returns a happening in one line.
export function titleOf(happening, page) {
  switch (happening.what) {
    case "unit":
      return page ? happening.unit.title.replaceAll(page, "…") : happening.unit.title;
    case "opened":
      return "a connection opens";
    case "ended":
      return happening.text;
    case "verdict":
      return `${verdictOf(happening.verdict)[1]}: ${happening.verdict.title}`;
  }
  return "the connection is closed" + (happening.text ? `: ${happening.text}` : "");
}

function milliseconds(time = 0) {
  return time < 10000 ? `${time.toFixed(1)} ms` : `${(time / 1000).toFixed(1)} s`;
}
