// Runs in a page of Chromium, as the body of a function that gets `wanted` and
// returns a promise. Fields: browsed in chromium_test.go.
const url = wanted.url;

// talk opens a connection, sends messages, receives as many, and closes.
function talk(path, messages, code, reason) {
  return new Promise((resolve) => {
    const ws = new WebSocket(url + path);
    ws.binaryType = 'arraybuffer';
    const seen = { extensions: '', protocol: '', echoes: [], error: false };
    ws.onopen = () => {
      seen.extensions = ws.extensions;
      seen.protocol = ws.protocol;
      for (const message of messages) ws.send(message);
      if (messages.length === 0) ws.close(code, reason);
    };
    ws.onmessage = ({ data }) => {
      seen.echoes.push(data);
      if (seen.echoes.length === messages.length) code ? ws.close(code, reason) : ws.close();
    };
    ws.onerror = () => { seen.error = true; };
    ws.onclose = ({ code, reason, wasClean }) => resolve({ ...seen, closed: { code, reason }, clean: wasClean });
  });
}

function random(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65536, size)));
  return bytes;
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

function equal(a, b) {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  a = new Uint8Array(a);
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

const digest = await talk('/', ['any message'], 1000, '');
const sent = [
  ...wanted.texts,
  ...wanted.sizes.map((size) => 'ab'.repeat(size).slice(0, size)),
  ...wanted.sizes.map((size) => random(size)),
];
const echo = await talk('/echo', sent, 1000, 'done');
const closes = [];
for (const { code, reason } of wanted.closes) closes.push((await talk('/echo', [], code || undefined, reason || undefined)).closed);
const tooBig = await talk('/echo', [new Uint8Array(wanted.limit + 1)], 1000, '');

return {
  digest: hex(digest.echoes[0]),
  extensions: echo.extensions,
  sent: sent.length,
  same: sent.filter((message, i) => equal(echo.echoes[i], message)).length,
  clean: echo.clean && !echo.error,
  closed: echo.closed,
  closes,
  tooBig: tooBig.closed,
};
