// Every kind of message, with the npm package ws. Fields: messages in script_test.go.
'use strict';
const crypto = require('crypto');
const { open, report, wanted } = require('./peer.js');

async function converse() {
  const options = { perMessageDeflate: wanted.deflate };

  const digest = await open(wanted.url + '/', options);
  digest.ws.send('any message');
  const answer = await digest.next();
  digest.ws.close();

  const echo = await open(wanted.url + '/echo', options);
  const texts = [];
  for (const text of wanted.texts) {
    echo.ws.send(text);
    const { data, binary } = await echo.next();
    texts.push(binary ? 'came back as binary' : data.toString());
  }

  const blobs = [];
  for (const size of wanted.sizes) {
    const bytes = crypto.randomBytes(size);
    echo.ws.send(bytes);
    const { data, binary } = await echo.next();
    blobs.push({ size, equal: bytes.equals(data), binary });
  }

  echo.ws.send('Hel', { fin: false });
  echo.ws.send('lo', { fin: false });
  echo.ws.send(' Wörld', { fin: true });
  const fragmented = (await echo.next()).data.toString();

  const pong = new Promise((resolve) => echo.ws.once('pong', resolve));
  echo.ws.ping(Buffer.from('00ff70696e67', 'hex'));

  for (let i = 0; i < wanted.burst; i++) echo.ws.send(`message ${i}`);
  const burst = { sent: wanted.burst, inOrder: 0 };
  for (let i = 0; i < wanted.burst; i++) {
    if ((await echo.next()).data.toString() === `message ${i}`) burst.inOrder++;
  }

  echo.ws.close(1000, 'done');
  return {
    extensions: echo.extensions,
    digest: { hex: answer.data.toString('hex'), binary: answer.binary },
    texts, blobs, fragmented, burst,
    pong: (await pong).toString('hex'),
    closed: await echo.closed,
  };
}

report(converse());
