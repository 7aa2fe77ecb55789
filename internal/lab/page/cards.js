// The time line on the right: a card for each unit, that is each HTTP head, body,
// chunk and frame. A card's inside is built when it is opened.

import { buildInside } from "/lab/inside.js";

const kept = 5000; // units in memory; older ones are forgotten
const shown = 300; // cards in the page; older ones are folded away

export class Cards {
  constructor(document) {
    this.document = document;
    this.list = document.getElementById("cards");
    this.older = document.getElementById("older");
    this.empty = document.getElementById("empty");
    this.news = document.getElementById("news");
    this.filter = document.getElementById("filter");
    this.all = []; // happenings, the oldest first
    this.waiting = []; // of these, those that are not on the page yet
    this.folded = 0; // of these, how many in front are not on the page any more
    this.paused = false;
    this.rules = {};
    this.frame = 0;
    this.listen();
  }

  listen() {
    const pause = this.document.getElementById("pause");
    pause.addEventListener("click", () => {
      this.paused = !this.paused;
      pause.setAttribute("aria-pressed", String(this.paused));
      this.schedule();
    });
    this.document.getElementById("clear").addEventListener("click", () => {
      this.all = [];
      this.refill();
    });
    this.filter.addEventListener("change", () => this.refill());
    this.older.addEventListener("click", () => this.unfold());
    this.list.addEventListener("keydown", (event) => this.walk(event));
  }

  // loadRules gets the requirements by section, for those who open a card later.
  async loadRules() {
    const answer = await fetch("/lab/rules.json");
    this.rules = await answer.json();
  }

  // add takes one happening. Cards are made once for each picture that the browser
  // draws, however many have come.
  add(happening) {
    this.all.push(happening);
    this.waiting.push(happening);
    if (this.all.length > kept) {
      const forgotten = this.all.length - kept;
      this.all.splice(0, forgotten);
      this.folded = Math.max(0, this.folded - forgotten);
    }
    this.schedule();
  }

  schedule() {
    if (!this.frame && !this.paused) this.frame = requestAnimationFrame(() => this.draw());
  }

  draw() {
    this.frame = 0;
    if (this.paused) return;
    const batch = this.waiting.splice(0, 200);
    const fitting = batch.filter((happening) => this.fits(happening)).slice(-shown);
    this.list.append(...fitting.map((happening) => this.makeCard(happening)));
    while (this.list.childElementCount > shown) this.list.firstElementChild.remove();
    this.folded = Math.max(this.folded, this.all.length - this.waiting.length - this.list.childElementCount);
    this.settle();
    const last = fitting.at(-1);
    if (last) this.news.textContent = titleOf(last);
    if (this.waiting.length > 0) this.schedule();
  }

  // settle shows what depends on whether there are cards.
  settle() {
    this.empty.hidden = this.list.childElementCount > 0;
    this.older.hidden = this.list.childElementCount < shown;
  }

  // unfold puts older cards back, in front of those that are there.
  unfold() {
    const first = this.all.indexOf(this.list.firstElementChild?.happening);
    const before = this.all.slice(0, Math.max(0, first)).filter((happening) => this.fits(happening)).slice(-shown);
    this.list.prepend(...before.map((happening) => this.makeCard(happening)));
    this.older.hidden = before.length === 0;
  }

  // refill makes the list anew, after the filter has changed.
  refill() {
    this.list.replaceChildren();
    this.waiting = this.all.slice();
    this.folded = 0;
    this.settle();
    this.schedule();
  }

  fits(happening) {
    const unit = happening.unit;
    switch (this.filter.value) {
      case "http":
        return unit && unit.kind !== "frame" && unit.kind !== "raw";
      case "frame":
        return unit && unit.kind === "frame";
      case "broken":
        return unit && brokenRule(unit) !== "";
    }
    return true;
  }

  makeCard(happening) {
    const item = this.document.createElement("li");
    item.happening = happening;
    if (!happening.unit) {
      item.className = "event";
      item.textContent = `#${happening.conn} ${titleOf(happening)}`;
      return item;
    }
    const unit = happening.unit;
    const button = this.document.createElement("button");
    button.className = `card ${unit.direction === "client_to_server" ? "out" : "in"} ${unit.kind}`;
    button.setAttribute("aria-expanded", "false");
    const broken = brokenRule(unit);
    if (broken) button.classList.add("broken");
    append(button, "span", "arrow", unit.direction === "client_to_server" ? "→" : "←");
    append(button, "span", "conn", `#${happening.conn}`);
    append(button, "span", "title", unit.title);
    if (broken) append(button, "span", "rule", `⚠ ${broken}`);
    append(button, "span", "time", `${(happening.time ?? 0).toFixed(1)} ms`);
    button.addEventListener("click", () => this.toggle(item, button));
    item.append(button);
    return item;
  }

  toggle(item, button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    if (open) item.append(buildInside(this.document, item.happening.unit, this.rules));
    else item.lastElementChild.remove();
  }

  // walk moves between cards with the arrow keys.
  walk(event) {
    const step = { ArrowDown: "nextElementSibling", ArrowUp: "previousElementSibling" }[event.key];
    if (!step || !event.target.classList.contains("card")) return;
    let item = event.target.parentElement[step];
    while (item && !item.querySelector(".card")) item = item[step];
    if (item) {
      item.querySelector(".card").focus();
      event.preventDefault();
    }
  }
}

// brokenRule returns the first rule that a unit breaks, or "".
function brokenRule(unit) {
  return [...unit.spans, ...(unit.notes || [])].find((part) => part.broken)?.broken || "";
}

function titleOf(happening) {
  switch (happening.what) {
    case "unit":
      return happening.unit.title;
    case "opened":
      return "a connection begins";
    case "ended":
      return happening.text;
  }
  return "the connection has ended" + (happening.text ? ": " + happening.text : "");
}

function append(parent, tag, className, text) {
  const element = parent.ownerDocument.createElement(tag);
  element.className = className;
  element.textContent = text;
  parent.append(element);
}
