"""A client like dial, with the package websockets: it sends the lines of standard input
as messages, prints the messages that arrive, and closes at the end of input."""

import asyncio
import json
import sys

import websockets

wanted = json.loads(sys.argv[1])


async def show(ws):
    async for message in ws:
        print(message, flush=True)


async def main():
    async with websockets.connect(wanted["url"]) as ws:
        showing = asyncio.ensure_future(show(ws))
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            await ws.send(line.rstrip("\n"))
        await ws.close(1000)
        await showing
        sys.exit(0 if ws.close_code == 1000 else 1)


asyncio.run(main())
