// The feed is a WebSocket to the same server that the page shows. It carries JSON in
// text messages: commands out, arrays of happenings in.

const longest = 256 << 10; // the longest command; the server would close the feed for a longer one

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
