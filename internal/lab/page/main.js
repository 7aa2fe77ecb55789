// The program of the page: commands go out, happenings come in, cards show them.

import { openFeed } from "/lab/feed.js";
import { Cards } from "/lab/cards.js";
import { setUpActions, setOpen } from "/lab/actions.js";
import { Catalogue } from "/lab/catalogue.js";
import { Guide } from "/lab/guide.js";

const state = document.getElementById("state");
let webSocket = { open: false }; // the server's last state

const guide = new Guide(takeStep);
const cards = new Cards(() => guide.done("card"));
const catalogue = new Catalogue((fault) => ask({ do: "break", fault }));
setUpActions(ask);
const feed = openFeed({ opened, happened, closed });

function say(text, kind = "") {
  state.textContent = text;
  state.className = kind;
}

function opened() {
  say("no WebSocket is open");
  feed.ask({ do: "fetch", path: "/" }); // so that there is something to see
}

// ask sends a command of the user, who wants to see the result.
function ask(command) {
  if (!feed.ask(command)) return say("the command is too long: use at most 200,000 characters", "problem");
  if (state.className === "problem") showState(webSocket);
  cards.follow();
}

function takeStep(step) {
  switch (step) {
    case "fetch":
      return ask({ do: "fetch", path: "/" });
    case "card":
      return cards.openFirst();
    case "open":
      return ask({ do: "open", path: "/echo" });
    case "send":
      if (!webSocket.open) ask({ do: "open", path: "/echo" });
      return ask({ do: "send", text: "Hello" });
    case "break":
      return ask({ do: "break", fault: "frame-unmasked" });
  }
}

function happened(happening) {
  switch (happening.what) {
    case "page":
      cards.page = happening.text;
      return;
    case "state":
      showState(happening.state);
      return;
    case "problem":
      say(happening.text, "problem");
      return;
    case "verdict":
      catalogue.show(happening.verdict);
      guide.done("break");
  }
  if (happening.unit?.message && happening.conn === webSocket.conn) guide.done("send");
  cards.add(happening);
}

function showState(now) {
  webSocket = now;
  const { open, path, compressed } = now;
  setOpen(open);
  if (open) guide.done("open");
  if (open) say(`${path} is open${compressed ? ", compressed" : ""}`, "open");
  else say("no WebSocket is open");
}

function closed(reason) {
  setOpen(false);
  say(`the feed has ended${reason ? ": " + reason : ""}. Reload the page.`, "problem");
}

// These are not needed for the first card, so they load after it.
cards.onFirst = () => {
  guide.done("fetch");
  catalogue.load();
  cards.loadRules();
  import("/lab/inside.js"); // so that cards open even after the server has stopped
};
