// The first steps on the page. Each is a button that takes the step. A step is ticked
// off when it is done, here or with the forms.

import { make } from "/lab/elements.js";

const steps = [
  ["fetch", "Fetch a page"],
  ["card", "Open a card"],
  ["open", "Open a WebSocket"],
  ["send", "Send Hello"],
  ["break", "Break a rule"],
];

export class Guide {
  constructor(take) {
    this.list = document.getElementById("guide");
    this.left = new Map(); // the steps that are not done yet
    for (const [step, text] of steps) {
      const button = make("button", { type: "button" }, make("span", { className: "tick", ariaHidden: "true" }), text);
      button.dataset.step = step;
      button.addEventListener("click", () => take(step));
      this.list.append(make("li", {}, button));
      this.left.set(step, button);
    }
    this.point();
  }

  // done ticks a step off.
  done(step) {
    const button = this.left.get(step);
    if (!button) return;
    this.left.delete(step);
    button.classList.add("done");
    button.append(make("span", { className: "unseen", textContent: ", done" }));
    this.point();
  }

  // point shows which step is next.
  point() {
    for (const button of this.list.querySelectorAll("[aria-current]")) button.removeAttribute("aria-current");
    const [next] = this.left.values();
    if (!next) return this.list.classList.add("all-done");
    next.setAttribute("aria-current", "step");
    this.list.scrollLeft = next.parentElement.offsetLeft - 60; // if they do not all fit
  }
}
