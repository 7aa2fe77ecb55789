// The page's one program: actions go out, what happened comes in, cards show it.

import { openFeed } from "/lab/feed.js";
import { Cards } from "/lab/cards.js";
import { setUpActions } from "/lab/actions.js";
import { setUpCabinet } from "/lab/cabinet.js";

const state = document.getElementById("state");
const cards = new Cards(document);

const feed = openFeed({
  opened() {
    state.textContent = "ready";
    feed.ask({ do: "fetch", path: "/" }); // so that there is something to look at
  },
  happened(happening) {
    switch (happening.what) {
      case "state":
        actions.setOpen(happening.open === true);
        state.textContent = happening.open ? "a WebSocket is open" : "ready";
        break;
      case "verdict":
        cabinet.showVerdict(happening.verdict);
        break;
      case "problem":
        state.textContent = happening.text;
        break;
      default:
        cards.add(happening);
    }
  },
  closed(reason) {
    actions.setOpen(false);
    state.textContent = "the feed has ended" + (reason ? ": " + reason : "") + ". Load the page again.";
  },
});

const actions = setUpActions(document, feed);
const cabinet = setUpCabinet(document, feed);
cards.loadRules();
