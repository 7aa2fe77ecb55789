// Messages of every size: text and binary, ones that compress well and ones that do not.
// Both ends can build the i-th one.
'use strict';
const crypto = require('crypto');

const line = '{"event":"temperature","sensor":17,"value":21.375,"unit":"°C"}\n';

// message returns a message of this size in bytes.
function message(i, size) {
  const binary = i % 2 === 1;
  const random = Math.floor(i / 2) % 2 === 1;
  let data;
  if (random) {
    data = crypto.randomBytes(size);
    if (!binary) data = Buffer.from(data.toString('base64').slice(0, size));
  } else {
    data = Buffer.alloc(size, `${i} ${line}`);
    // Buffer.alloc may have cut a character.
    if (!binary) data = Buffer.from(data.toString('latin1').replace(/[^\x00-\x7f]/g, '.'));
  }
  return { data, binary };
}

// sendAll sends a message of each size before it reads the first echo, and counts the
// echoes that came back unchanged.
async function sendAll(peer, sizes) {
  const sent = sizes.map((size, i) => message(i, size));
  for (const { data, binary } of sent) peer.ws.send(data, { binary });
  let equal = 0;
  for (const { data, binary } of sent) {
    const ended = peer.closed.then((closed) => { throw new Error(`ended after ${equal} echoes: ${JSON.stringify(closed)}`); });
    const echo = await Promise.race([peer.next(), ended]);
    if (echo.binary === binary && data.equals(echo.data)) equal++;
  }
  return equal;
}

module.exports = { sendAll };
