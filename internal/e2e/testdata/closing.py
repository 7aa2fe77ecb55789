"""How connections end, with the package websockets. Fields: pythonClosings in python_test.go."""

import asyncio
import json
import sys

import websockets

wanted = json.loads(sys.argv[1])


def record(ws):
    return {"code": ws.close_code, "reason": ws.close_reason}


async def closed(code, reason):
    ws = await websockets.connect(wanted["url"] + "/echo")
    await ws.close(code, reason)
    return record(ws)


async def too_big():
    async with websockets.connect(wanted["url"] + "/echo", compression=None) as ws:
        try:
            await ws.send(bytes(2**20 + 1))
            await ws.recv()
        except websockets.ConnectionClosed:
            pass
        return record(ws)


async def foreign_origin():
    try:
        async with websockets.connect(wanted["url"] + "/echo", origin="http://evil.example"):
            return "opened"
    except websockets.InvalidHandshake as refusal:
        return str(refusal)


async def converse():
    return {
        "closes": [await closed(close["code"], close["reason"]) for close in wanted["closes"]],
        "tooBig": await too_big(),
        "foreignOrigin": await foreign_origin(),
    }


print(json.dumps(asyncio.run(converse())))
