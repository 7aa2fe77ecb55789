// A client like dial, with the npm package ws: it sends the lines of standard input as
// messages, prints the messages that arrive, and closes at the end of input.
'use strict';
const readline = require('readline');
const { open, wanted } = require('./peer.js');

open(wanted.url, { perMessageDeflate: { threshold: 0, ...wanted.options } }).then(({ ws, closed }) => {
  ws.on('message', (data) => console.log(data.toString()));
  const lines = readline.createInterface({ input: process.stdin });
  lines.on('line', (line) => ws.send(line));
  lines.on('close', () => ws.close(1000));
  closed.then(({ code, reason }) => {
    if (code !== 1000) console.error(`closed with ${code} ${reason}`);
    process.exit(code === 1000 ? 0 : 1);
  });
});
