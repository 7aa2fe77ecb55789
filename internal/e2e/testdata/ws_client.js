// One connection to /echo with the npm package ws and the given options: opened, idle for
// a while, and closed. Fields: visit in tls_test.go.
'use strict';
const fs = require('fs');
const { open, report, wanted } = require('./peer.js');

async function converse() {
  const options = { ...wanted.options };
  if (wanted.ca) options.ca = fs.readFileSync(wanted.ca);
  let peer;
  try {
    peer = await open(wanted.url + '/echo', options);
  } catch (error) {
    return { error: error.message };
  }
  await Promise.race([peer.closed, new Promise((resolve) => setTimeout(resolve, wanted.idle || 0))]);
  const alive = peer.ws.readyState === 1;
  let echo = '';
  if (alive) {
    const text = 'after the wait. '.repeat(wanted.repeat || 1);
    peer.ws.send(text);
    echo = (await peer.next()).data.toString() === text ? 'same' : 'different';
    peer.ws.close(1000);
  }
  return { error: '', extensions: peer.extensions, alive, echo, closed: await peer.closed };
}

report(converse());
