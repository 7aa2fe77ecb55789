package fault

import (
	"barewire/handshake"
	"barewire/httpwire"
	"barewire/internal/deflate"
	"barewire/wsframe"
)

// listener turns the bytes that a server sends into events. It does no I/O:
//
//	bytes ─▶ nextHead ─▶ nextBody ─┬─▶ events
//	            │ 101              │
//	            └──▶ nextFrame ────┘
type listener struct {
	method string           // of the first request
	offer  *handshake.Offer // the offer that a 101 answers
	strict bool             // the offer of extensions was valid, so the answer must be valid

	in     []byte // what has come and is not yet parsed
	events Transcript
	broken bool // what follows has no meaning

	// HTTP:
	response httpwire.Response
	body     httpwire.BodyDecoder
	inBody   bool
	close    bool // the last response closes the connection

	// WebSocket:
	webSocket  bool
	checker    wsframe.Checker
	inflate    *deflate.Decompressor // nil: nothing is compressed
	opcode     wsframe.Opcode        // of the unfinished message
	compressed bool
	message    []byte // its payload so far
	kept       int    // bytes of the messages in events
}

// feed adds data and parses as much as it can.
func (l *listener) feed(data []byte) {
	l.in = append(l.in, data...)
	for !l.broken && l.next() {
	}
}

// next parses one more thing, and reports whether it could.
func (l *listener) next() bool {
	switch {
	case l.webSocket:
		return l.nextFrame()
	case l.inBody:
		return l.nextBody()
	}
	return l.nextHead()
}

// maxEvents limits the events of one fault; no fault asks for more than fifty Pongs. Without
// it a server that repeats "HTTP/1.1 100" makes us keep as many events as fit in MaxReply.
const maxEvents = 1000

// add records an event.
func (l *listener) add(event Event) {
	if len(l.events) == maxEvents && !l.broken {
		l.breaks("more answers than requests")
		return
	}
	l.events = append(l.events, event)
}

// breaks records that the server sent what no server may send.
func (l *listener) breaks(reason string) bool {
	l.broken = true
	l.add(Event{Kind: Broken, Reason: reason})
	return false
}

// atRest reports whether the last response is complete and keeps the connection
// open: waiting for the end would be in vain.
func (l *listener) atRest() bool {
	return !l.webSocket && !l.inBody && !l.close && len(l.in) == 0 && len(l.events) > 0
}

// cutShort reports whether the connection ended inside a response or a frame.
func (l *listener) cutShort() bool {
	return !l.broken && (len(l.in) > 0 || l.inBody && l.response.Body.Framing != httpwire.UntilClose)
}

// nextHead parses a response head.
func (l *listener) nextHead() bool {
	n, err := httpwire.ParseResponse(&l.response, l.in, l.requestMethod(), nil)
	if err != nil {
		return l.breaks(err.Error())
	}
	if n == 0 {
		return false
	}
	l.in = l.in[n:]
	if l.response.Status == 101 {
		return l.upgraded()
	}
	l.add(Event{Kind: Response, Status: l.response.Status})
	l.close = l.response.Minor == 0 || l.response.Fields.HasToken("Connection", "close")
	l.body = httpwire.NewBodyDecoder(l.response.Body, -1, nil)
	l.inBody = !l.response.Interim() && l.response.Body.Framing != httpwire.NoBody
	return true
}

// requestMethod is the method of the request that the next response answers.
func (l *listener) requestMethod() string {
	if l.method == "" || len(l.events) > 0 {
		return "GET"
	}
	return l.method
}

// nextBody drops a piece of the response body.
func (l *listener) nextBody() bool {
	_, n, done, err := l.body.Next(l.in)
	if err != nil {
		return l.breaks(err.Error())
	}
	l.in = l.in[n:]
	l.inBody = !done
	return done || n > 0 && len(l.in) > 0
}

// upgraded verifies a 101 and switches to frames.
func (l *listener) upgraded() bool {
	agreement, err := l.offer.Verify(&l.response)
	if err != nil {
		return l.breaks(err.Error())
	}
	event := Event{Kind: Upgraded}
	for i := range agreement.Extensions {
		event.Extension = &agreement.Extensions[i]
	}
	agreed, used, err := handshake.VerifyDeflate(l.offer.Extensions, agreement.Extensions)
	if err != nil && l.strict {
		return l.breaks(err.Error())
	}
	l.add(event)
	l.webSocket = true
	l.checker = wsframe.Checker{Role: wsframe.Client, Compression: event.Extension != nil}
	if used {
		l.inflate = deflate.NewDecompressor(agreed.ServerMaxWindowBits, !agreed.ServerNoContextTakeover)
	}
	return true
}

// nextFrame parses a frame once its payload is complete.
func (l *listener) nextFrame() bool {
	var header wsframe.Header
	n := wsframe.ParseHeader(&header, l.in)
	if n == 0 || header.Length > uint64(len(l.in)-n) {
		return false
	}
	if err := l.checker.Check(&header); err != nil {
		return l.breaks(err.Error())
	}
	payload := l.in[n : n+int(header.Length)]
	l.in = l.in[n+len(payload):]
	switch header.Opcode {
	case wsframe.Close:
		return l.closeFrame(payload)
	case wsframe.Pong:
		l.add(Event{Kind: Pong, Payload: string(payload)})
		return true
	case wsframe.Ping: // a keep-alive, not an answer
		return true
	}
	return l.dataFrame(header, payload)
}

// closeFrame records a Close. What follows a Close is not a frame (RFC 6455
// §5.5.1): only the end of the connection is left to wait for.
func (l *listener) closeFrame(payload []byte) bool {
	code, reason, err := wsframe.ParseClose(payload)
	if err != nil {
		return l.breaks(err.Error())
	}
	l.add(Event{Kind: CloseFrame, Code: code, Reason: reason})
	return true
}

// dataFrame joins the frames of a message and records the message when it is complete.
// All messages together may inflate to at most MaxReply bytes.
func (l *listener) dataFrame(header wsframe.Header, payload []byte) bool {
	if header.Opcode.IsData() {
		l.opcode, l.compressed, l.message = header.Opcode, header.RSV1, nil
	}
	l.message = append(l.message, payload...)
	if !header.Fin {
		return true
	}
	if l.compressed && l.inflate != nil {
		inflated, err := l.inflate.AppendMessage(nil, l.message, max(0, MaxReply-l.kept))
		if err != nil {
			return l.breaks(err.Error())
		}
		l.message = inflated
	}
	l.kept += len(l.message)
	l.add(Event{Kind: Message, Opcode: l.opcode, Payload: string(l.message)})
	return true
}
