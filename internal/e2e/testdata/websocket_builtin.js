// Node's built-in WebSocket, which has the interface of a browser. Fields:
// builtin in node_test.go.
'use strict';
const { spawnSync } = require('child_process');

if (typeof WebSocket === 'undefined') {
  // Before version 22 it needs a flag; before 20.10 it does not exist.
  const flag = '--experimental-websocket';
  if (process.execArgv.includes(flag) || !process.allowedNodeEnvironmentFlags.has(flag)) {
    console.log(JSON.stringify({ absent: process.version }));
    process.exit(0);
  }
  const again = spawnSync(process.execPath, [flag, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exit(again.status === null ? 1 : again.status);
}

const wanted = JSON.parse(process.argv[2]);

// talk opens a connection, sends one message, receives one, and closes.
function talk(path, message) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(wanted.url + path);
    ws.binaryType = 'arraybuffer';
    const seen = {};
    ws.onopen = () => ws.send(message);
    ws.onmessage = ({ data }) => {
      seen.binary = typeof data !== 'string';
      seen.text = seen.binary ? Buffer.from(data).toString('hex') : data;
      ws.close(3000, 'done');
    };
    ws.onclose = ({ code, reason, wasClean }) => resolve({ ...seen, code, reason, clean: wasClean });
    ws.onerror = ({ message }) => reject(new Error(`${path}: ${message}`));
  });
}

async function converse() {
  return { echo: await talk('/echo', 'Grüße'), digest: await talk('/', 'any message') };
}

converse().then(
  (seen) => console.log(JSON.stringify(seen)),
  (error) => { console.error(error); process.exit(1); },
);
