// The catalogue of faults: each fault is a button that says what the fault teaches.

import { make } from "/lab/elements.js";

const names = {
  http: "HTTP: lines and fields",
  smuggling: "HTTP: smuggling",
  body: "HTTP: bodies",
  handshake: "Opening handshake",
  frames: "Frames",
  masking: "Masking",
  fragments: "Fragments",
  utf8: "Text and UTF-8",
  closing: "Closing",
  compression: "Compression",
  resources: "Resources",
};
const marks = { pass: "✓", tolerated: "~", fail: "✗" };

// Catalogue lists the faults. It calls run with the id of the fault to run.
export class Catalogue {
  constructor(run) {
    this.run = run;
    this.list = document.getElementById("faults");
    this.find = document.getElementById("catalogue-find");
    this.items = new Map(); // by the fault's id
    this.groups = [];
    this.find.addEventListener("input", () => this.search());
  }

  async load() {
    const faults = await (await fetch("/lab/catalogue.json")).json();
    const groups = new Map();
    for (const fault of faults) {
      if (!groups.has(fault.category)) groups.set(fault.category, this.makeGroup(fault.category));
      const item = this.makeItem(fault);
      this.items.set(fault.id, item);
      groups.get(fault.category).list.append(item.element);
      groups.get(fault.category).items.push(item);
    }
    this.groups = [...groups.values()];
    this.list.append(...this.groups.map((group) => group.element));
    this.search();
  }

  makeGroup(category) {
    const list = make("ul");
    const count = make("small");
    const element = make("details", {}, make("summary", {}, names[category] || category, " ", count), list);
    return { element, list, count, items: [] };
  }

  makeItem(fault) {
    const legal = fault.legal ? " · legal, but often refused" : "";
    const result = make("span", { className: "result" });
    const button = make("button", {}, result,
      make("strong", { textContent: fault.title }),
      make("span", { className: "teaches", textContent: fault.teaches }),
      make("small", { textContent: `${fault.section} · ${fault.level}${legal}` }));
    button.dataset.fault = fault.id;
    button.addEventListener("click", () => this.run(fault.id));
    const text = [fault.id, fault.title, fault.teaches, fault.section, names[fault.category]].join(" ").toLowerCase();
    return { element: make("li", {}, button), result, text };
  }

  // search shows the faults that contain all the words. The groups are open during a
  // search.
  search() {
    const words = this.find.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const group of this.groups) {
      let fitting = 0;
      for (const item of group.items) {
        const fits = words.every((word) => item.text.includes(word));
        item.element.hidden = !fits;
        if (fits) fitting++;
      }
      group.element.hidden = fitting === 0;
      group.element.open = words.length > 0;
      group.count.textContent = fitting;
      shown += fitting;
    }
    document.getElementById("catalogue-count").textContent = words.length > 0 ? `${shown} of ${this.items.size}` : `${this.items.size} faults`;
  }

  // show marks a fault's button with its verdict. The verdict's card has the details.
  show(verdict) {
    const item = this.items.get(verdict.fault);
    if (!item) return;
    item.result.textContent = marks[verdict.verdict] || "–";
    item.result.title = verdict.verdict;
    item.result.dataset.verdict = verdict.verdict;
  }
}
