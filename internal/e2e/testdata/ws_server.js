// A server, with the npm package ws; its behavior depends on the path. It prints its
// port, and ends with its standard input.
'use strict';
const fs = require('fs');
const http = require('http');
const https = require('https');
const { WebSocketServer } = require('ws');
const wanted = JSON.parse(process.argv[2]);

const server = wanted.cert
  ? https.createServer({ cert: fs.readFileSync(wanted.cert), key: fs.readFileSync(wanted.key) })
  : http.createServer();
const wss = new WebSocketServer({
  noServer: true,
  perMessageDeflate: wanted.deflate,
  maxPayload: 4 << 20,
  handleProtocols: (offered) => (offered.has('second') ? 'second' : false),
});

// Sec-WebSocket-Extensions of the response to each request.
const accepted = new WeakMap();
wss.on('headers', (headers, request) => {
  const field = headers.find((line) => line.startsWith('Sec-WebSocket-Extensions: '));
  accepted.set(request, field ? field.slice('Sec-WebSocket-Extensions: '.length) : '');
});

server.on('upgrade', (request, socket, head) => {
  if (request.url === '/refuse') {
    const text = 'who are you?';
    socket.end(`HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: ${text.length}\r\n\r\n${text}`);
    return;
  }
  wss.handleUpgrade(request, socket, head, (ws) => serve(ws, request));
});

function serve(ws, request) {
  ws.on('error', () => {});
  const url = new URL(request.url, 'http://a');
  switch (url.pathname) {
    case '/echo':
      ws.on('message', (data, binary) => ws.send(data, { binary }));
      break;
    case '/handshake':
      ws.send(JSON.stringify({
        offered: request.headers['sec-websocket-extensions'] || '',
        accepted: accepted.get(request),
        protocol: ws.protocol,
        origin: request.headers.origin || '',
        header: request.headers['x-test'] || '',
        authorization: request.headers.authorization || '',
      }));
      break;
    case '/close': {
      const code = url.searchParams.get('code');
      if (code === 'none') ws.close();
      else if (code === 'lost') ws.terminate();
      else ws.close(Number(code), url.searchParams.get('reason'));
      break;
    }
    case '/ping':
      ws.on('pong', (data) => ws.send(`the Pong carried ${data}`));
      ws.ping('are you there?');
      break;
    case '/fragmented':
      ws.send('Hel', { fin: false });
      ws.send('lo', { fin: false });
      ws.ping();
      ws.send(` Wörld ${'x'.repeat(2000)}`, { fin: true });
      break;
  }
}

server.listen(0, '127.0.0.1', () => console.log(`listens on ${server.address().port}`));
process.stdin.on('end', () => process.exit(0)).resume();
