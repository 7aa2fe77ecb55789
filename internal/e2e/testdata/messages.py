"""Every kind of message, with the package websockets. Fields: messages in script_test.go."""

import asyncio
import json
import os
import sys

import websockets

wanted = json.loads(sys.argv[1])
compression = "deflate" if wanted["deflate"] else None


def connect(path):
    return websockets.connect(wanted["url"] + path, compression=compression, max_size=2**21)


async def digest():
    async with connect("/") as ws:
        await ws.send("any message")
        answer = await ws.recv()
        binary = isinstance(answer, bytes)
        return {"hex": answer.hex() if binary else answer, "binary": binary}


async def texts(ws):
    echoes = []
    for text in wanted["texts"]:
        await ws.send(text)
        echo = await ws.recv()
        echoes.append(echo if isinstance(echo, str) else "came back as binary")
    return echoes


async def blobs(ws):
    echoes = []
    for size in wanted["sizes"]:
        data = os.urandom(size)
        await ws.send(data)
        echo = await ws.recv()
        echoes.append({"size": size, "equal": echo == data, "binary": isinstance(echo, bytes)})
    return echoes


async def fragmented(ws):
    async def parts():
        for part in ["Hel", "lo", " Wörld"]:
            yield part

    await ws.send(parts())
    return await ws.recv()


async def pong(ws):
    # The future completes only when the Pong with the same bytes has come.
    data = bytes.fromhex("00ff70696e67")
    await (await ws.ping(data))
    return data.hex()


async def burst(ws):
    count = wanted["burst"]

    async def send():
        for i in range(count):
            await ws.send(f"message {i}")

    # Sending and receiving run concurrently, so that neither waits for the other.
    sending = asyncio.ensure_future(send())
    in_order = 0
    for i in range(count):
        in_order += await ws.recv() == f"message {i}"
    await sending
    return {"sent": count, "inOrder": in_order}


async def converse():
    seen = {"digest": await digest()}
    async with connect("/echo") as ws:
        seen["texts"] = await texts(ws)
        seen["blobs"] = await blobs(ws)
        seen["fragmented"] = await fragmented(ws)
        seen["pong"] = await pong(ws)
        seen["burst"] = await burst(ws)
        seen["extensions"] = getattr(ws, "response_headers", {}).get("Sec-WebSocket-Extensions", "")
        await ws.close(1000, "done")
        seen["closed"] = {"code": ws.close_code, "reason": ws.close_reason}
    return seen


print(json.dumps(asyncio.run(converse())))
