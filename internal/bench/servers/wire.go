package servers

import (
	"bytes"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// wire is the protocol of the two limits: the state of a connection, and the least work
// that gives a well-behaved client the right answers.
type wire struct {
	open bool // the connection is a WebSocket
	chat bool
}

var (
	headEnd     = []byte("\r\n\r\n")
	keyField    = []byte("Sec-WebSocket-Key: ")
	deflateName = []byte("permessage-deflate")
	fixedAnswer = []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 12\r\n\r\n" + hello)
	errNoKey    = errors.New("neither / nor a handshake")
)

// answer handles the complete requests or frames in buf. It returns how many bytes it
// handled, the answers (in the memory of out or of buf), and the length of the next frame
// if that frame is incomplete.
func (w *wire) answer(buf, out []byte) (consumed int, answers []byte, need int, err error) {
	if !w.open {
		return w.answerHTTP(buf, out)
	}
	consumed, answers, need = echoFrames(buf)
	return consumed, answers, need, nil
}

func (w *wire) answerHTTP(buf, out []byte) (consumed int, answers []byte, need int, err error) {
	for {
		end := bytes.Index(buf[consumed:], headEnd)
		if end < 0 {
			return consumed, out, 0, nil
		}
		head := buf[consumed : consumed+end+len(headEnd)]
		consumed += len(head)
		if head[5] == ' ' { // GET / HTTP/1.1
			out = append(out, fixedAnswer...)
			continue
		}
		out, err = w.upgrade(head, out)
		return consumed, out, 0, err
	}
}

// upgrade accepts any handshake, and any offer of compression, which costs an echo nothing
// because it returns the compressed bytes.
func (w *wire) upgrade(head, out []byte) ([]byte, error) {
	at := bytes.Index(head, keyField)
	if at < 0 {
		return out, errNoKey
	}
	key := head[at+len(keyField):][:24]
	sum := sha1.Sum(append(bytes.Clone(key), "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"...))
	out = append(out, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"...)
	if bytes.Contains(head, deflateName) {
		out = append(out, "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n"...)
	}
	out = append(out, "Sec-WebSocket-Accept: "...)
	out = base64.StdEncoding.AppendEncode(out, sum[:])
	w.open, w.chat = true, bytes.HasPrefix(head, []byte("GET /chat"))
	return append(out, "\r\n\r\n"...), nil
}

// echoFrames turns the complete frames of buf into the answers to them, in place: it
// unmasks the payload, clears the mask bit and removes the four bytes of the key.
func echoFrames(buf []byte) (consumed int, answers []byte, need int) {
	start, end := 0, 0 // the answers
	for len(buf)-consumed >= 6 {
		frame := buf[consumed:]
		head, length := 2, int(frame[1]&127)
		switch length {
		case 126:
			head, length = 4, int(binary.BigEndian.Uint16(frame[2:]))
		case 127:
			if len(frame) < 14 {
				return consumed, buf[start:end], 14
			}
			head, length = 10, int(binary.BigEndian.Uint64(frame[2:]))
		}
		total := head + 4 + length
		if len(frame) < total {
			return consumed, buf[start:end], total
		}
		payload := frame[head+4 : total]
		unmask(payload, [4]byte(frame[head:]))
		frame[1] &^= 0x80
		if consumed == 0 {
			// The first answer stays where its payload is.
			copy(frame[4:], frame[:head])
			start, end = 4, total
		} else {
			end += copy(buf[end:], frame[:head])
			end += copy(buf[end:], payload)
		}
		consumed += total
	}
	return consumed, buf[start:end], 0
}

// unmask removes the mask, eight bytes at a time.
func unmask(p []byte, key [4]byte) {
	wide := uint64(binary.LittleEndian.Uint32(key[:]))
	wide |= wide << 32
	for len(p) >= 32 {
		q := p[:32]
		binary.LittleEndian.PutUint64(q, binary.LittleEndian.Uint64(q)^wide)
		binary.LittleEndian.PutUint64(q[8:], binary.LittleEndian.Uint64(q[8:])^wide)
		binary.LittleEndian.PutUint64(q[16:], binary.LittleEndian.Uint64(q[16:])^wide)
		binary.LittleEndian.PutUint64(q[24:], binary.LittleEndian.Uint64(q[24:])^wide)
		p = p[32:]
	}
	for len(p) >= 8 {
		binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)^wide)
		p = p[8:]
	}
	for i := range p {
		p[i] ^= key[i&3]
	}
}

// isClose reports whether the answers begin with a Close frame.
func isClose(answers []byte) bool { return len(answers) > 0 && answers[0] == 0x88 }
