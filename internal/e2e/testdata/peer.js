// Shared by the scripts for the npm package ws.
'use strict';
const WebSocket = require('ws');

// Peer is an open connection whose messages are read one after the other.
class Peer {
  constructor(ws) {
    this.ws = ws;
    this.arrived = [];
    this.waiting = [];
    this.extensions = ''; // Sec-WebSocket-Extensions of the 101
    ws.once('upgrade', ({ headers }) => { this.extensions = headers['sec-websocket-extensions'] || ''; });
    this.closed = new Promise((resolve) => {
      ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
    ws.on('message', (data, binary) => {
      const message = { data, binary };
      const waiter = this.waiting.shift();
      waiter ? waiter(message) : this.arrived.push(message);
    });
    // An error of the client is reported with the close code too.
    ws.on('error', () => {});
  }

  next() {
    if (this.arrived.length > 0) return Promise.resolve(this.arrived.shift());
    return new Promise((resolve) => this.waiting.push(resolve));
  }
}

// open returns a Peer once the opening handshake is over, or throws.
function open(url, options = {}, protocols = []) {
  return new Promise((resolve, reject) => {
    const ws = new WebSocket(url, protocols, options);
    const peer = new Peer(ws);
    ws.once('open', () => resolve(peer));
    ws.once('error', reject);
  });
}

// report prints the result, or ends the script with status 1.
function report(observations) {
  observations.then(
    (seen) => console.log(JSON.stringify(seen)),
    (error) => { console.error(error); process.exit(1); },
  );
}

module.exports = { open, report, wanted: JSON.parse(process.argv[2]) };
