// The extensions that connections get, one after the other, with the npm package ws. The
// result is the Sec-WebSocket-Extensions of each.
'use strict';
const { open, report, wanted } = require('./peer.js');

const long = 'a message that is long enough to be compressed. '.repeat(20);

// opened returns a peer that has received its echoes.
async function opened() {
  const peer = await open(wanted.url + '/echo', { perMessageDeflate: true });
  for (let i = 0; i < 10; i++) {
    peer.ws.send(long + i);
    const { data } = await peer.next();
    if (data.toString() !== long + i) throw new Error(`message ${i} came back as ${data}`);
  }
  return peer;
}

async function converse() {
  const first = await opened();
  const second = await opened();
  first.ws.close();
  await first.closed;
  // The server's goroutine releases its place only after the client has seen the end.
  let third;
  for (let i = 0; i < 3000; i++) {
    third = await opened();
    if (third.extensions === first.extensions) break;
    third.ws.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const granted = [first, second, third].map((peer) => peer.extensions);
  second.ws.close();
  third.ws.close();
  return granted;
}

report(converse());
