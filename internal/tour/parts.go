package main

// part is one part of the tour.
type part struct {
	number int
	name   string // one word, for files and breakpoints: "request"
	title  string
	plays  string // the kept conversation; "" if each stop is in an Example
	stops  []stop // in the order in which the program passes them
}

// parts are the parts of the tour, without their stops.
var parts = []part{
	{number: 0, name: "example", title: "the core alone: bytes in, meaning out, no I/O"},
	{number: 1, name: "request", title: "one HTTP request", plays: "hello"},
	{number: 2, name: "handshake", title: "one opening handshake", plays: "digest"},
	{number: 3, name: "message", title: "one message, from frame to digest and back", plays: "digest"},
	{number: 4, name: "violation", title: "one violation, from the checker to the Close frame", plays: "violation-unmasked"},
}

// value is an expression to look at, with its expected value.
type value struct {
	expression string // in Delve's syntax, which is Go's
	want       string // as Delve prints it, except that bytes are in hex here
}

// values has the expressions to look at, keyed by the number of the stop.
var values = map[string][]value{
	"0.1": {{"n", "0"}, {"wire", `"GET /hello?name=you HTTP/1.1\r\nHost: localhost:8080\r\n\r\n"`}},
	"0.2": {{"request.Method", `"GET"`}, {"len(request.Fields)", "7"}},
	"0.3": {{"n", "0"}, {"wire", "81 85 37 fa 21 3d 7f 9f 4d 51 58"}},

	"1.1": {{"c.requests", "0"}, {"c.secure", "nil"}},
	"1.2": {{"len(buffered)", "40"}, {"string(buffered[0:14])", `"GET / HTTP/1.1"`}, {"seen", "0"}},
	"1.3": {{"complete", "true"}, {"skipped", "0"}, {"len(r.Head)", "40"}},
	"1.4": {{"r.Method", `"GET"`}, {"r.Target", `"/"`}, {"version", `"HTTP/1.1"`}, {"r.Minor", "1"}},
	"1.5": {{"field.Name", `"Host"`}, {"field.Value", `"127.0.0.1:8080"`}, {"field.Offset", "16"}, {"hosts", "1"}},
	"1.6": {{"r.Body.Framing", "NoBody (0)"}, {"r.Authority", `"127.0.0.1:8080"`}},
	"1.7": {{"response.Status", "200"}, {"string(response.Content)", `"Hello World!"`}, {"again", "true"}},
	"1.8": {{"len(serialized)", "114"}, {"full", "false"}},
	"1.9": {{"len(first)", "114"}, {"string(first[0:15])", `"HTTP/1.1 200 OK"`}},

	"2.1": {{"request.Method", `"GET"`}, {"request.Minor", "1"}, {"len(request.Fields)", "6"}},
	"2.2": {{"r.Form", "OriginForm (0)"}, {"r.Authority", `"127.0.0.1:8080"`}},
	"2.3": {{"key", `"dGhlIHNhbXBsZSBub25jZQ=="`}, {"digest", "b3 7a 4f 2c c0 62 4f 16 90 f6 46 06 cf 38 59 45 b2 be c4 ea"}},
	"2.4": {{"agreement.Accept", `"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="`}, {"agreement.Subprotocol", `""`}, {"len(agreement.Extensions)", "0"}, {"refusal", "nil"}},
	"2.5": {{"len(out)", "166"}, {"string(out[0:12])", `"HTTP/1.1 101"`}},
	"2.6": {{"ws.config.Role", "Server (0)"}, {"ws.received", "0"}, {"ws.buf.start", "175"}, {"len(ws.buf.in.Bytes)", "175"}},

	"3.1": {{"n", "6"}, {"h.Fin", "true"}, {"h.Opcode", "Text (1)"}, {"h.Masked", "true"}, {"h.Length", "5"}, {"h.Key", "37 fa 21 3d"}},
	"3.2": {{"c.Role", "Server (0)"}, {"control", "false"}, {"c.open", "false"}},
	"3.3": {{"len(payload)", "5"}, {"m.opcode", "Text (1)"}, {"c.received", "6"}},
	"3.4": {{"piece", "7f 9f 4d 51 58"}, {"f.Key", "37 fa 21 3d"}, {"position", "0"}},
	"3.5": {{"string(piece)", `"Hello"`}, {"f.Length", "5"}},
	"3.6": {{"message.Opcode", "Text (1)"}, {"string(message.Payload)", `"Hello"`}},
	"3.7": {{"reply", `"Hello"`}, {"s.sum", "f7 ff 9e 8b 7b b2 e0 9b 70 93 5a 5d 78 5e 0c c5 d9 d0 ab f0"}},
	"3.8": {{"header.Opcode", "Binary (2)"}, {"header.Masked", "false"}, {"out[0:6]", "82 14 f7 ff 9e 8b"}},

	"4.1": {{"h.Masked", "false"}, {"h.Opcode", "Text (1)"}, {"h.Length", "5"}},
	"4.2": {{"violation.Code", "ProtocolError (1002)"}, {"violation.Rule", `"a client must mask every frame"`}, {"violation.Section", `"RFC 6455 §5.1"`}},
	"4.3": {{"cause.Code", "ProtocolError (1002)"}, {"c.ended.Code", "AbnormalClosure (1006)"}},
	"4.4": {{"len(payload)", "48"}, {"payload[0:2]", "03 ea"}, {"reason", `"RFC 6455 §5.1: a client must mask every frame"`}},
	"4.5": {{"first", "true"}, {"len(out)", "50"}, {"out[0:4]", "88 30 03 ea"}},
}

// remarks explain the values that need it, keyed by the number of the stop.
var remarks = map[string]string{
	"0.3": "81 is FIN and Text, 85 is MASK and a length of 5, then come the key and the payload",
	"2.6": "the request took all 175 bytes",
	"3.4": "7f XOR 37 is 48, which is H",
	"3.8": "82 is FIN and Binary, 14 a length of 20",
	"4.4": "03 ea is 1002",
	"4.5": "88 is FIN and Close, 30 a length of 48",
}
