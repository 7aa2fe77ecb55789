// The time line on the right: a card for each unit, that is each HTTP head, body,
// chunk and frame, and lines between them where a connection begins and ends.

import { buildCard, titleOf, brokenRule } from "/lab/card.js";

const kept = 5000; // things in memory; older ones are forgotten
const shown = 300; // cards in the page; older ones are folded away
const screenful = 30; // of them, as many as anybody sees at once
const calm = 150; // milliseconds without so many, and the burst is over
const spare = 100; // so many more may be there: one by one they cost more than at once
const budget = 6; // milliseconds for making cards, out of the 16 that a picture has

const narrow = matchMedia("(max-width: 50rem)");

export class Cards {
  constructor(onOpenCard) {
    this.list = document.getElementById("cards");
    this.section = document.getElementById("passed");
    this.older = document.getElementById("older");
    this.newer = document.getElementById("newer");
    this.pause = document.getElementById("pause");
    this.filter = document.getElementById("filter");
    this.onOpenCard = onOpenCard;
    this.onFirst = () => {};
    this.page = ""; // its id, which its requests carry
    this.rules = null; // the promise of them
    this.all = []; // happenings, the oldest first
    this.seen = 0; // happenings so far
    this.waiting = []; // of all, those that have not been drawn
    this.unread = 0; // drawn, below what can be seen
    this.paused = false;
    this.thin = 0; // the timer that fills the list after some were skipped
    this.following = true; // the newest card stays in sight
    this.top = 0; // where the section was scrolled to
    this.frame = 0;
    this.news = { count: 0, last: "", timer: 0 };
    this.listen();
  }

  listen() {
    this.pause.addEventListener("click", () => {
      this.paused = !this.paused;
      this.pause.setAttribute("aria-pressed", String(this.paused));
      this.settle();
      this.schedule();
    });
    document.getElementById("clear").addEventListener("click", () => {
      this.all = [];
      this.refill();
    });
    this.filter.addEventListener("change", () => this.refill());
    this.older.addEventListener("click", () => this.unfold());
    this.newer.addEventListener("click", () => this.follow());
    this.list.addEventListener("click", (event) => this.click(event));
    this.list.addEventListener("keydown", (event) => this.key(event));
    this.list.addEventListener("focusin", ({ target }) => {
      if (target.matches(".card")) this.reach(target);
    });
    for (const scroller of [this.section, window]) {
      scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    }
  }

  // loadRules gets the requirements, once, for those who open a card.
  loadRules() {
    this.rules ??= fetch("/lab/rules.json").then((answer) => answer.json());
    return this.rules;
  }

  // add takes one happening. Cards are made once for each picture that the browser
  // draws, however many have come.
  add(happening) {
    happening.number = this.seen++;
    this.all.push(happening);
    this.waiting.push(happening);
    if (this.all.length > kept) this.all.shift();
    if (this.waiting.length > kept) this.waiting.shift();
    this.schedule();
  }

  schedule() {
    if (!this.frame && !this.paused) this.frame = requestAnimationFrame(() => this.draw());
    if (this.paused) this.settle();
  }

  draw() {
    this.frame = 0;
    if (this.paused) return;
    const began = performance.now();
    this.skip();
    const fresh = document.createDocumentFragment();
    let last = null;
    for (let made = 0; this.waiting.length > 0 && (made < screenful || performance.now() - began < budget); made++) {
      const happening = this.waiting.shift();
      if (!this.fits(happening)) continue;
      fresh.append(buildCard(happening, this.page));
      if (happening.unit || happening.verdict) last = happening;
    }
    const count = fresh.childElementCount;
    this.list.append(fresh);
    this.fold();
    if (last) this.tell(count, last);
    const follows = this.following && this.inSight();
    if (!follows) this.unread += count;
    this.settle();
    if (follows) this.scrollToEnd(); // what asks for the layout comes last, so that there is one
    if (this.waiting.length > 0) this.schedule();
  }

  // skip folds away at once what passes faster than anybody can read: in a burst the
  // page shows a screenful of the newest, and what was before them when it is over.
  skip() {
    if (!this.following || this.waiting.length < 2 * screenful) return;
    if (this.list.querySelector(".open") || this.list.contains(document.activeElement)) return; // somebody is at work there
    this.waiting.splice(0, this.waiting.length - screenful);
    this.list.replaceChildren();
    clearTimeout(this.thin);
    this.thin = setTimeout(() => this.fill(), calm);
  }

  // fill puts back what was skipped, as far as it is shown.
  fill() {
    this.list.prepend(...this.before(shown - this.list.childElementCount));
    this.settle();
    if (this.following && this.inSight()) this.scrollToEnd();
  }

  // before makes the cards in front of those that are on the page.
  before(most) {
    return most > 0 ? this.folded().slice(-most).map((happening) => buildCard(happening, this.page)) : [];
  }

  // folded returns what is in memory and not on the page, in front of what is.
  folded() {
    const first = this.list.firstElementChild;
    const end = first ? Math.max(0, first.happening.number - this.all[0].number) : 0;
    return this.all.slice(0, end).filter((happening) => this.fits(happening));
  }

  // fold takes the oldest cards out of the page, unless somebody reads them.
  fold() {
    const most = this.following ? shown : kept;
    const extra = this.list.childElementCount - most;
    if (extra < spare) return;
    const oldest = document.createRange();
    oldest.setStart(this.list, 0);
    oldest.setEnd(this.list, extra);
    oldest.deleteContents();
  }

  // settle shows what depends on how many cards there are.
  settle() {
    // Cards that nobody sees need no layout; but to take one out then costs more.
    this.list.classList.toggle("many", this.list.childElementCount > 2 * shown);
    const first = this.list.firstElementChild;
    if (first && this.onFirst) {
      setTimeout(this.onFirst, 0);
      this.onFirst = null;
    }
    if (first && !this.list.querySelector('.card[tabindex="0"]')) {
      const card = this.list.querySelector(".card");
      if (card) card.tabIndex = 0;
    }
    document.getElementById("empty").hidden = first !== null;
    const folded = this.folded().length;
    this.older.hidden = folded === 0;
    this.older.textContent = `Show older: ${folded.toLocaleString("en")} are folded away`;
    this.newer.hidden = this.unread === 0;
    this.newer.textContent = `${this.unread.toLocaleString("en")} new below`;
    document.getElementById("unread").textContent = this.unread > 0 ? this.unread : "";
    this.pause.textContent = this.paused ? `Go on${this.waiting.length > 0 ? ` (${this.waiting.length})` : ""}` : "Pause";
  }

  // unfold puts older cards back, in front of those that are there.
  unfold() {
    const first = this.list.firstElementChild;
    this.following = false;
    this.list.prepend(...this.before(shown));
    this.settle();
    first?.scrollIntoView({ block: "center" });
  }

  // refill makes the list anew, after the filter has changed.
  refill() {
    this.list.replaceChildren();
    this.waiting = this.all.slice();
    this.unread = 0;
    this.following = true;
    this.settle();
    this.schedule();
  }

  fits({ unit, verdict }) {
    switch (this.filter.value) {
      case "http":
        return unit && unit.kind !== "frame" && unit.kind !== "raw";
      case "frame":
        return unit && unit.kind === "frame";
      case "broken":
        return verdict || (unit && brokenRule(unit) !== "");
    }
    return true;
  }

  // scroller is what scrolls: the section, or on a narrow screen the page.
  scroller() {
    return narrow.matches ? document.scrollingElement : this.section;
  }

  // inSight reports whether the list is on the screen: on a narrow one it may be below.
  inSight() {
    return !narrow.matches || this.list.getBoundingClientRect().top < innerHeight;
  }

  // scrolled notes whether somebody looks at the end. What scrolls back is a person:
  // the page itself only goes forward.
  scrolled() {
    const scroller = this.scroller();
    const back = scroller.scrollTop < this.top - 5;
    this.top = scroller.scrollTop;
    if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight > 60) {
      if (back) this.following = false;
      return;
    }
    this.following = true;
    if (this.unread === 0) return;
    this.unread = 0;
    this.settle();
  }

  scrollToEnd() {
    const scroller = this.scroller();
    scroller.scrollTop = scroller.scrollHeight;
    this.top = scroller.scrollTop;
  }

  // follow keeps the newest card in sight from now on.
  follow() {
    this.following = true;
    this.unread = 0;
    this.fold();
    this.settle();
    this.scrollToEnd();
  }

  click({ target }) {
    const card = target.closest(".card");
    if (card) this.toggle(card);
    if (target.matches(".verdict .section")) this.showRules(target);
  }

  // showRules shows below a verdict the rules of its section.
  async showRules(button) {
    const [{ rulesOf }, rules] = await Promise.all([import("/lab/fields.js"), this.loadRules()]);
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.parentElement.querySelector(".rules")?.remove();
    if (open) button.parentElement.append(rulesOf(button.dataset.section, rules));
  }

  // toggle opens or closes a card. Its inside is made, and its code loaded, when it
  // is opened: most never are.
  async toggle(card) {
    const item = card.parentElement;
    const open = card.getAttribute("aria-expanded") !== "true";
    card.setAttribute("aria-expanded", String(open));
    item.classList.toggle("open", open);
    if (!open) {
      item.querySelector(".inside")?.remove();
      return;
    }
    this.following = false;
    this.onOpenCard();
    const [{ buildInside }, rules] = await Promise.all([import("/lab/inside.js"), this.loadRules()]);
    if (item.querySelector(".inside") || card.getAttribute("aria-expanded") !== "true") return;
    item.append(buildInside(item.happening.unit, rules));
    item.scrollIntoView({ block: "nearest" });
    const { top } = item.getBoundingClientRect();
    if (top < 0) item.scrollIntoView({ block: "start" });
  }

  // openFirst opens a card for somebody who does not know yet that cards open.
  openFirst() {
    const cards = [...this.list.querySelectorAll(".card")];
    const card = cards.findLast((candidate) => candidate.parentElement.classList.contains("frame")) || cards[0];
    if (!card) return;
    card.focus();
    if (card.getAttribute("aria-expanded") !== "true") this.toggle(card);
  }

  // reach makes one card, and no other, reachable with Tab.
  reach(card) {
    for (const other of this.list.querySelectorAll('.card[tabindex="0"]')) other.tabIndex = -1;
    card.tabIndex = 0;
  }

  // key moves between cards, and from the inside of one back to it.
  key(event) {
    const item = event.target.closest("#cards > li");
    if (event.key === "Escape" && item?.classList.contains("open")) {
      const card = item.querySelector(".card");
      this.toggle(card);
      card.focus();
      return;
    }
    if (!event.target.matches(".card")) return;
    const cards = [...this.list.querySelectorAll(".card")];
    const at = cards.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: cards.length - 1 }[event.key];
    if (to === undefined || !cards[to]) return;
    event.preventDefault();
    this.following = to === cards.length - 1;
    cards[to].focus();
  }

  // tell says to those who do not see it what is new, every other second at most.
  tell(count, last) {
    this.news.count += count;
    this.news.last = titleOf(last, this.page);
    if (this.news.timer) return;
    this.news.timer = setTimeout(() => {
      const { count, last } = this.news;
      document.getElementById("news").textContent = count === 1 ? last : `${count} new; the last one: ${last}`;
      this.news = { count: 0, last: "", timer: 0 };
    }, 2000);
  }
}
