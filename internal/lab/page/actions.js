// The forms on the left. Each sends one command.

const form = (id) => document.getElementById(id);

const paths = {
  "/echo": "Every message comes back.",
  "/": "The answer is the SHA-1 digest of Hello.",
  "/chat": "Text goes to everyone in the chat.",
};
const kinds = {
  text: "One frame or more; the last has FIN.",
  binary: "Bytes in hexadecimal, as in 00 ff 10.",
};

// setUpActions turns the forms into commands, and calls asked with each.
export function setUpActions(asked) {
  const onSubmit = (id, command) => {
    form(id).addEventListener("submit", (event) => {
      event.preventDefault();
      asked(command(new FormData(event.target)));
    });
  };
  onSubmit("fetch", (data) => ({ do: "fetch", path: data.get("path") }));
  onSubmit("open", (data) => ({ do: "open", path: data.get("path"), compress: data.has("compress") }));
  onSubmit("send", (data) => ({
    do: "send",
    text: data.get("text"),
    binary: data.get("kind") === "binary",
    fragments: (data.get("fragments").match(/\d+/g) || []).map(Number),
    times: Number(data.get("times")),
  }));
  onSubmit("ping", (data) => ({ do: "ping", text: data.get("text") }));
  onSubmit("close", (data) => ({ do: "close", code: Number(data.get("code")), reason: data.get("reason") }));

  const says = (id, texts) => {
    form(id).addEventListener("change", ({ target }) => {
      if (target.value in texts) document.getElementById(`${id}-says`).textContent = texts[target.value];
    });
  };
  says("open", paths);
  says("send", kinds);
  form("send").addEventListener("keydown", (event) => { // Enter sends; Shift and Enter start a new line
    if (event.key === "Enter" && event.target.tagName === "TEXTAREA" && !event.shiftKey) {
      event.preventDefault();
      event.currentTarget.requestSubmit();
    }
  });
}

// setOpen enables the forms that need an open WebSocket.
export function setOpen(open) {
  for (const id of ["send", "ping", "close"]) {
    const button = form(id).querySelector("button");
    button.disabled = !open;
    button.title = open ? "" : "open a WebSocket first";
  }
}
