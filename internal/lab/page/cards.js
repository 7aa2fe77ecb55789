// The timeline on the right: a card for each unit (HTTP head, body, chunk or frame),
// and lines between them where a connection opens and closes.

import { buildCard, titleOf, brokenRule } from "/lab/card.js";

const kept = 5000; // happenings in memory; older ones are dropped
const shown = 300; // cards in the page; older ones are folded away
const screenful = 30; // cards that fit on one screen
const calm = 150; // milliseconds without a burst until the list is filled again
const spare = 100; // extra cards that are allowed, because removing many at once is cheaper than one by one
const budget = 6; // milliseconds for making cards, out of the 16 between two screen updates

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
    this.page = ""; // the page's id, which its requests carry
    this.rules = null; // a promise of the requirements
    this.all = []; // happenings, oldest first
    this.seen = 0; // happenings so far
    this.waiting = []; // happenings that are not drawn yet
    this.unread = 0; // cards below the visible part
    this.paused = false;
    this.thin = 0; // the timer that fills the list after a burst
    this.following = true; // the newest card stays visible
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

  // loadRules fetches the requirements, once, when the first card opens.
  loadRules() {
    this.rules ??= fetch("/lab/rules.json").then((answer) => answer.json());
    return this.rules;
  }

  // add takes one happening. Cards are made once per screen update, however many
  // happenings have come.
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
    if (follows) this.scrollToEnd(); // the only layout, so it comes last
    if (this.waiting.length > 0) this.schedule();
  }

  // skip folds cards away that pass too fast to be read: during a burst the page shows
  // only a screenful of the newest, and after it the earlier ones too.
  skip() {
    if (!this.following || this.waiting.length < 2 * screenful) return;
    if (this.list.querySelector(".open") || this.list.contains(document.activeElement)) return; // the user is working in the list
    this.waiting.splice(0, this.waiting.length - screenful);
    this.list.replaceChildren();
    clearTimeout(this.thin);
    this.thin = setTimeout(() => this.fill(), calm);
  }

  // fill adds the cards that were skipped, up to the limit.
  fill() {
    this.list.prepend(...this.before(shown - this.list.childElementCount));
    this.settle();
    if (this.following && this.inSight()) this.scrollToEnd();
  }

  // before makes the cards that come before those on the page.
  before(most) {
    return most > 0 ? this.folded().slice(-most).map((happening) => buildCard(happening, this.page)) : [];
  }

  // folded returns the happenings that come before those on the page.
  folded() {
    const first = this.list.firstElementChild;
    const end = first ? Math.max(0, first.happening.number - this.all[0].number) : 0;
    return this.all.slice(0, end).filter((happening) => this.fits(happening));
  }

  // fold removes the oldest cards from the page, unless the user is reading them.
  fold() {
    const most = this.following ? shown : kept;
    const extra = this.list.childElementCount - most;
    if (extra < spare) return;
    const oldest = document.createRange();
    oldest.setStart(this.list, 0);
    oldest.setEnd(this.list, extra);
    oldest.deleteContents();
  }

  // settle updates everything that depends on the number of cards.
  settle() {
    // Cards outside the view need no layout; but then removing one costs more.
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
    this.pause.textContent = this.paused ? `Continue${this.waiting.length > 0 ? ` (${this.waiting.length})` : ""}` : "Pause";
  }

  // unfold adds older cards before those on the page.
  unfold() {
    const first = this.list.firstElementChild;
    this.following = false;
    this.list.prepend(...this.before(shown));
    this.settle();
    first?.scrollIntoView({ block: "center" });
  }

  // refill builds the list again, after the filter has changed.
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

  // scroller is the element that scrolls: the section, or the page on a narrow screen.
  scroller() {
    return narrow.matches ? document.scrollingElement : this.section;
  }

  // inSight reports whether the list is visible; on a narrow screen it may be below.
  inSight() {
    return !narrow.matches || this.list.getBoundingClientRect().top < innerHeight;
  }

  // scrolled updates whether the user looks at the end of the list. Only a user
  // scrolls back: the page itself only scrolls forward.
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

  // follow keeps the newest card visible from now on.
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

  // showRules shows the rules of a verdict's section below the verdict.
  async showRules(button) {
    const [{ rulesOf }, rules] = await Promise.all([import("/lab/fields.js"), this.loadRules()]);
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.parentElement.querySelector(".rules")?.remove();
    if (open) button.parentElement.append(rulesOf(button.dataset.section, rules));
  }

  // toggle opens or closes a card. The inside is made, and its code loaded, only when
  // the card is opened, because most cards never are.
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

  // openFirst opens a card for a user who does not know yet that cards open.
  openFirst() {
    const cards = [...this.list.querySelectorAll(".card")];
    const card = cards.findLast((candidate) => candidate.parentElement.classList.contains("frame")) || cards[0];
    if (!card) return;
    card.focus();
    if (card.getAttribute("aria-expanded") !== "true") this.toggle(card);
  }

  // reach makes this card, and no other, reachable with Tab.
  reach(card) {
    for (const other of this.list.querySelectorAll('.card[tabindex="0"]')) other.tabIndex = -1;
    card.tabIndex = 0;
  }

  // key moves between cards, and from the inside of a card back to the card.
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

  // tell announces what is new to screen readers, at most every other second.
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
