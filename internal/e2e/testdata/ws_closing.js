// Ends of connections, good and bad, with the npm package ws. Fields: closings in
// node_test.go.
'use strict';
const { open, report, wanted } = require('./peer.js');

// ended does something to a fresh connection and returns how it ended.
async function ended(action) {
  const peer = await open(wanted.url + '/echo', { perMessageDeflate: false });
  action(peer.ws);
  return peer.closed;
}

// refused returns why an opening handshake failed, or how it went on if it did not.
async function refused(options, protocols) {
  try {
    const peer = await open(wanted.url + '/echo', options, protocols);
    peer.ws.close();
    return `opened, with subprotocol "${peer.ws.protocol}"`;
  } catch (error) {
    return error.message;
  }
}

async function converse() {
  const closes = [];
  for (const { code, reason } of wanted.closes) {
    closes.push(await ended((ws) => (code ? ws.close(code, reason) : ws.close())));
  }
  return {
    closes,
    tooBig: await ended((ws) => ws.send(Buffer.alloc((1 << 20) + 1))),
    farTooBig: await ended((ws) => ws.send(Buffer.alloc(50 << 20))), // it is still sending when the Close comes
    tooBigInFragments: await ended((ws) => {
      ws.send(Buffer.alloc(1 << 19), { fin: false });
      ws.send(Buffer.alloc(1 << 19), { fin: false });
      ws.send(Buffer.alloc(1), { fin: true });
    }),
    notUTF8: await ended((ws) => ws.send(Buffer.from([0x48, 0xff]), { binary: false })),
    subprotocol: await refused({}, ['chat']),
    foreignOrigin: await refused({ origin: 'http://evil.example' }),
    ownOrigin: await refused({ origin: wanted.url.replace('ws:', 'http:') }),
  };
}

report(converse());
