"""A server, with the package websockets: it echoes, or on /handshake sends what was
agreed on. It prints its port, and ends with its standard input."""

import asyncio
import json
import sys

import websockets

wanted = json.loads(sys.argv[1])


async def serve(ws, path):
    if path == "/handshake":
        offered = ws.request_headers.get("Sec-WebSocket-Extensions", "")
        accepted = ws.response_headers.get("Sec-WebSocket-Extensions", "")
        await ws.send(json.dumps({"offered": offered, "accepted": accepted}))
        await ws.wait_closed()
        return
    async for message in ws:
        await ws.send(message)


async def main():
    compression = "deflate" if wanted["deflate"] else None
    async with websockets.serve(serve, "127.0.0.1", 0, compression=compression, max_size=2**22) as server:
        print("listens on", server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
