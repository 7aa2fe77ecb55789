package e2e

// The shortcomings of other servers: the fault, and the start of what came instead of what
// the catalogue expects. The catalogue has the level of each rule: many are a SHOULD, or a
// matter of quality.

// knownOfWS lists those of the npm package ws 8.23 on Node.
var knownOfWS = shortcoming{
	"handshake-http-1.0":     "101, still open",
	"handshake-no-host":      "101, still open",
	"handshake-version-zero": "101, still open",
	"handshake-body":         `101, pong "body", close 1000, end`,
	"handshake-origin":       "101, still open",
	"offer-bits-zero":        "101 with permessage-deflate; server_max_window_bits=10, close 1000, end",
	"offer-second":           "400, end",
	"frame-length-16-bit":    `text "Hello", still open`,
	"frame-length-64-bit":    `text "Hello", still open`,
	"deflate-cut-short":      `text "Heh", still open`,
}

// knownOfWebSockets lists those of the Python package websockets of Debian, whose only page
// is a 426.
var knownOfWebSockets = shortcoming{
	"http-no-host":                    "426, end",
	"http-two-hosts":                  "426, end",
	"http-host-invalid":               "426, end",
	"http-target-relative":            "426, end",
	"http-target-asterisk":            "426, end",
	"http-head":                       "400, broken: status line",
	"http-long-target":                "400, end",
	"handshake-no-host":               "101, still open",
	"handshake-body":                  `101, pong "body", close 1000, end`,
	"handshake-origin":                "101, still open",
	"handshake-subprotocol-malformed": "101, still open",
	"frame-length-16-bit":             `text "Hello", still open`,
	"frame-length-64-bit":             `text "Hello", still open`,
	"deflate-final-block":             `text "Hello", text "", close 1000, end`,
	"deflate-cut-short":               `text "Heh", still open`,
}

// knownOfXNet lists those of golang.org/x/net/websocket, which delivers every frame as a
// message, behind net/http.
var knownOfXNet = shortcoming{
	"http-method-lower-case":          "200, end",
	"http-method-unknown":             "200, end",
	"smuggle-length-and-chunked":      "2 × 200, end",
	"smuggle-coding-http-1.0":         "200, 400, end",
	"handshake-http-1.0":              "101, still open",
	"handshake-key-short":             "101, still open",
	"handshake-key-not-base64":        "101, still open",
	"handshake-two-keys":              "101, still open",
	"handshake-two-versions":          "101, still open",
	"handshake-body":                  `101, pong "body", end`,
	"handshake-origin":                "101, still open",
	"handshake-extensions-malformed":  "101, still open",
	"handshake-subprotocol-malformed": "broken: Sec-WebSocket-Protocol",
	"frame-rsv1":                      `text "Hello", still open`,
	"frame-rsv2":                      `text "Hello", still open`,
	"frame-rsv3":                      `pong "", still open`,
	"frame-opcode-3":                  `text "Hello", still open`,
	"frame-opcode-11":                 "still open",
	"frame-after-a-bad-one":           `text "Hello", pong "p", still open`,
	"frame-length-16-bit":             `text "Hello", still open`,
	"frame-length-64-bit":             `text "Hello", still open`,
	"frame-length-top-bit":            "still open",
	"ping-too-long":                   "pong of 125 bytes, still open",
	"ping-fragmented":                 `pong "p", still open`,
	"pong-unasked":                    "end",
	"fragment-alone":                  `text "Hello", still open`,
	"fragment-alone-final":            `text "Hello", still open`,
	"fragment-new-text":               `text "Hel", text "lo", still open`,
	"fragment-new-binary":             `text "Hel", text "lo", still open`,
	"fragment-reserved":               `text "Hel", text "lo", still open`,
	"fragments-close":                 `text "Hel", end`,
	"utf8-ff":                         "text ff fe, still open",
	"utf8-overlong":                   "text 2e 2e c0 af, still open",
	"utf8-surrogate":                  "text ed a0 80, still open",
	"utf8-too-high":                   "text f4 90 80 80, still open",
	"utf8-five-bytes":                 "text f8 88 80 80 80, still open",
	"utf8-continuation-alone":         "text 61 80 62, still open",
	"utf8-cut-short":                  "text e2 82, still open",
	"utf8-cut-short-fragments":        "text e2 82, still open",
	"utf8-second-fragment":            `text e2, text "(", still open`,
	"close":                           "end",
	"close-empty":                     "end",
	"close-reason":                    "end",
	"close-1001":                      "end",
	"close-1003":                      "end",
	"close-1007":                      "end",
	"close-1010":                      "end",
	"close-1012":                      "end",
	"close-1014":                      "end",
	"close-3000":                      "end",
	"close-4999":                      "end",
	"resource-method":                 "200, end",
	"resource-frame":                  `text "x", still open`,
	"resource-frame-gigabyte":         `text "x", still open`,
	"resource-message-sum":            `text of 1000 bytes, text "x", still open`,
}

// knownOfNginx lists those of nginx.
var knownOfNginx = shortcoming{
	"http-name-no-token":      "200, end",
	"http-method-unknown":     "200, end",
	"http-version-two-digits": "200, end",
	"http-version-missing":    "broken: status line",
	"chunk-line-feed":         "2 × 200, end",
	"trailer-no-colon":        "2 × 200, end",
	"resource-method":         "200, end",
}
