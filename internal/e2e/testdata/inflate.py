"""A client made of a socket and zlib, which shares no code with barewire. It inflates
everything that the server compresses, a few bytes at a time, so that zlib detects each
reference beyond the window. Fields: inflated in inflate_test.go."""

import base64
import hashlib
import json
import os
import random
import socket
import struct
import sys
import threading
import zlib

wanted = json.loads(sys.argv[1])
bits, takeover, count = wanted["bits"], wanted["takeover"], wanted["messages"]
host, port = wanted["addr"].split(":")
# The messages come from one seed, so that a failure can be repeated.
dice = random.Random(bits * 2 + takeover)
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def make_message(i):
    size = dice.choice([0, 1, 100, 127, 128, 129, 300, 700, 1500, 4000, 9000, dice.randrange(40000)])
    kind = dice.choice(["same", "words", "random"])
    if kind == "random":
        return BINARY, dice.randbytes(size)
    if kind == "same":  # references far back into earlier messages
        return BINARY, (b"the same in every message, and longer than any window is. " * 800)[:size]
    words = "".join(dice.choice("abcdefgh ") * dice.randrange(1, 9) for _ in range(size))
    return TEXT, words[:size].encode()


class Wire:
    def __init__(self):
        self.socket = socket.create_connection((host, int(port)), timeout=60)
        self.buffer = b""

    def take(self, n):
        while len(self.buffer) < n:
            data = self.socket.recv(65536)
            assert data, f"the server ended the connection; left: {self.buffer!r}"
            self.buffer += data
        taken, self.buffer = self.buffer[:n], self.buffer[n:]
        return taken

    def handshake(self, offer):
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /echo HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Extensions: {offer}\r\n\r\n".encode()
        )
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += self.take(1)
        status, *lines = head.decode().strip().split("\r\n")
        assert status.startswith("HTTP/1.1 101 "), status
        fields = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        accept = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        assert fields["sec-websocket-accept"] == base64.b64encode(accept).decode()
        return fields.get("sec-websocket-extensions", "")

    def send(self, opcode, payload, rsv1=False):
        first = 0x80 | 0x40 * rsv1 | opcode
        n = len(payload)
        if n < 126:
            head = struct.pack("!BB", first, 0x80 | n)
        elif n < 65536:
            head = struct.pack("!BBH", first, 0xFE, n)
        else:
            head = struct.pack("!BBQ", first, 0xFF, n)
        self.socket.sendall(head + bytes(4) + payload)  # a key of zeros does not change the payload

    def frame(self):
        first, length = self.take(2)
        assert length < 128, "a server masks nothing"
        if length == 126:
            (length,) = struct.unpack("!H", self.take(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.take(8))
        assert first & 0xB0 == 0x80 or first & 0x0F < 8, f"byte {first:02x}: a control frame with RSV or without FIN"
        return first, self.take(length)


def inflate(inflater, payload):
    payload += b"\0\0\xff\xff"
    out = []
    for start in range(0, len(payload), 64):
        piece = payload[start : start + 64]
        while piece:
            out.append(inflater.decompress(piece, 16))
            piece = inflater.unconsumed_tail
    while more := inflater.decompress(b"", 16):
        out.append(more)
    return b"".join(out)


def main():
    offer = f"permessage-deflate; server_max_window_bits={bits}"
    if not takeover:
        offer += "; server_no_context_takeover"
    wire = Wire()
    seen = {"accepted": wire.handshake(offer), "compressed": 0, "plain": 0, "bytes": 0, "onWire": 0, "pongs": 0}
    messages = [make_message(i) for i in range(count)]
    deflater = zlib.compressobj(wbits=-15)

    def send():
        for i, (opcode, payload) in enumerate(messages):
            if i % 3 == 0:  # the client may compress each message or not
                packed = deflater.compress(payload) + deflater.flush(zlib.Z_SYNC_FLUSH)
                wire.send(opcode, packed[:-4], rsv1=True)
            else:
                wire.send(opcode, payload)
            if i % 5 == 0:
                wire.send(PING, b"ping %d" % i)
        wire.send(CLOSE, struct.pack("!H", 1000))

    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    inflater, expected, pings = zlib.decompressobj(-bits), iter(messages), iter(range(0, count, 5))
    while True:
        first, payload = wire.frame()
        opcode, fin, rsv1 = first & 15, first >> 7, first >> 6 & 1
        if opcode == CLOSE:
            seen["close"] = struct.unpack("!H", payload[:2])[0]
            break
        if opcode == PONG:
            assert payload == b"ping %d" % next(pings), payload
            seen["pongs"] += 1
            continue
        assert opcode in (TEXT, BINARY) and fin and not first & 0x30, f"byte {first:02x}"
        want_opcode, want = next(expected)
        assert rsv1 == (len(want) >= 128), f"{len(want)} bytes came with RSV1 {rsv1}: -compress-min is 128"
        seen["onWire"] += len(payload)
        if rsv1:
            if not takeover:
                inflater = zlib.decompressobj(-bits)
            payload = inflate(inflater, payload)
        assert opcode == want_opcode and payload == want, f"message {seen['compressed'] + seen['plain']} is not what was sent"
        seen["compressed" if rsv1 else "plain"] += 1
        seen["bytes"] += len(payload)
    assert wire.socket.recv(1) == b"", "bytes after the Close frame"
    print(json.dumps(seen))


main()
