"""permessage-deflate with each set of parameters, with the package websockets.
Fields: compressed in compress_test.go."""

import asyncio
import base64
import json
import os
import sys

import websockets
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

wanted = json.loads(sys.argv[1])
line = '{"event":"temperature","sensor":17,"value":21.375,"unit":"C"}\n'


def message(i, size):
    """The i-th message: text or binary, one that compresses well or one that does not."""
    binary, random = i % 2 == 1, i // 2 % 2 == 1
    if random:
        data = os.urandom(size)
        return data if binary else base64.b64encode(data).decode()[:size]
    text = (f"{i} {line}" * (size // len(line) + 1))[:size]
    return text.encode() if binary else text


def connect():
    options = {"max_size": 2**21, "max_queue": None}
    if wanted["options"]:
        options |= {"compression": None, "extensions": [ClientPerMessageDeflateFactory(**wanted["options"])]}
    return websockets.connect(wanted["url"] + "/echo", **options)


async def converse():
    messages = [message(i, size) for i, size in enumerate(wanted["sizes"])]
    equal, error = 0, ""
    async with connect() as ws:

        async def send():
            for each in messages:
                await ws.send(each)

        sending = asyncio.ensure_future(send())
        try:
            for each in messages:
                equal += await ws.recv() == each
            await sending
        except websockets.ConnectionClosed as closed:
            error = str(closed)
        await ws.close(1000)
        return {
            "extensions": ws.response_headers.get("Sec-WebSocket-Extensions", ""),
            "equal": equal,
            "error": error,
            "closed": {"code": ws.close_code, "reason": ws.close_reason},
        }


print(json.dumps(asyncio.run(converse())))
