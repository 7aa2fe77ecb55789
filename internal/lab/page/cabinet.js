// The cabinet of broken peers: each fault of the catalogue is a button that says
// what it teaches. What came of it stands below the button.

export function setUpCabinet(document, feed) {
  const list = document.getElementById("faults");
  const find = document.getElementById("cabinet-find");
  const count = document.getElementById("cabinet-count");
  const items = new Map(); // by the fault's id

  fetch("/lab/catalogue.json").then((answer) => answer.json()).then((faults) => {
    for (const fault of faults) {
      const item = makeItem(document, fault, () => feed.ask({ do: "break", fault: fault.id }));
      items.set(fault.id, item);
      list.append(item.element);
    }
    show("");
  });
  find.addEventListener("input", () => show(find.value.trim().toLowerCase()));

  // show shows the faults in which all words stand, a dozen at most if none is given.
  function show(text) {
    const words = text.split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items.values()) {
      const fits = words.every((word) => item.text.includes(word));
      item.element.hidden = !fits;
      if (fits) shown++;
    }
    count.textContent = `${shown} of ${items.size}`;
  }

  return {
    showVerdict(verdict) {
      const item = items.get(verdict.fault);
      if (!item) return;
      item.result.textContent = `${verdict.verdict}: expected ${verdict.want}; got ${verdict.got || "nothing"}` +
        (verdict.reason ? ` (${verdict.reason})` : "");
      item.result.className = verdict.verdict === "pass" ? "verdict good" : "verdict bad";
    },
  };
}

function makeItem(document, fault, run) {
  const element = document.createElement("li");
  const button = document.createElement("button");
  const title = document.createElement("strong");
  const teaches = document.createElement("span");
  const section = document.createElement("small");
  const result = document.createElement("p");
  title.textContent = fault.title;
  teaches.textContent = fault.teaches;
  section.textContent = `${fault.section} · ${fault.category}${fault.legal ? " · legal, and often refused" : ""}`;
  result.setAttribute("role", "status");
  button.dataset.fault = fault.id;
  button.append(title, teaches, section);
  button.addEventListener("click", run);
  element.append(button, result);
  const text = [fault.id, fault.title, fault.teaches, fault.section, fault.category].join(" ").toLowerCase();
  return { element, result, text };
}
