// The feed is a WebSocket of the very server that it tells about. Both ways it
// carries text messages of JSON: commands out, arrays of happenings in.

const longest = 256 << 10; // of a command: a longer one would end the feed

export function openFeed(on) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/lab/feed`);
  socket.onopen = () => on.opened();
  socket.onclose = (event) => on.closed(event.reason);
  socket.onmessage = (event) => {
    for (const happening of JSON.parse(event.data)) on.happened(happening);
  };
  return {
    // ask sends a command, and reports false if it is too long.
    ask(command) {
      const text = JSON.stringify(command);
      if (text.length > longest) return false;
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
      return true;
    },
  };
}
