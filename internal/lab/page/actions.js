// The forms on the left: each is one command.

export function setUpActions(document, feed) {
  const form = (id) => document.getElementById(id);
  const needOpen = [form("send"), form("ping"), form("close")];

  const onSubmit = (id, command) => {
    form(id).addEventListener("submit", (event) => {
      event.preventDefault();
      feed.ask(command(new FormData(event.target)));
    });
  };

  onSubmit("fetch", (data) => ({ do: "fetch", path: data.get("path") }));
  onSubmit("open", (data) => ({ do: "open", path: data.get("path"), compress: data.has("compress") }));
  onSubmit("send", (data) => ({
    do: "send",
    text: data.get("text"),
    binary: data.has("binary"),
    fragments: (data.get("fragments").match(/\d+/g) || []).map(Number),
    times: Number(data.get("times")),
  }));
  onSubmit("ping", (data) => ({ do: "ping", text: data.get("text") }));
  onSubmit("close", (data) => ({ do: "close", code: Number(data.get("code")), reason: data.get("reason") }));

  return {
    // setOpen enables what needs an open WebSocket.
    setOpen(open) {
      for (const element of needOpen) element.querySelector("button").disabled = !open;
    },
  };
}
