// permessage-deflate with each set of parameters, with the npm package ws. Fields:
// compressed in compress_test.go.
'use strict';
const { open, report, wanted } = require('./peer.js');
const { sendAll } = require('./mixture.js');

async function converse() {
  const peer = await open(wanted.url + '/echo', { perMessageDeflate: { threshold: 0, ...wanted.options } });
  const seen = { extensions: peer.extensions, error: '', equal: 0 };
  try {
    seen.equal = await sendAll(peer, wanted.sizes);
  } catch (error) {
    seen.error = error.message;
  }
  seen.sent = peer.ws._socket ? peer.ws._socket.bytesWritten : 0;
  seen.received = peer.ws._socket ? peer.ws._socket.bytesRead : 0;
  peer.ws.close(1000);
  seen.closed = await peer.closed;
  return seen;
}

report(converse());
