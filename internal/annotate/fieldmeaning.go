package annotate

import (
	"barewire/httpwire"
)

// fieldMeaning is what a header field is for.
type fieldMeaning struct {
	layer            Layer
	meaning, section string
}

// fieldMeanings has the fields that matter here, by their names in lower case.
var fieldMeanings = map[string]fieldMeaning{
	"host":       {HTTP, "which server is meant: many may share an address", "RFC 9110 §7.2"},
	"connection": {HTTP, "for this hop only: keep-alive, close, or which fields are", "RFC 9110 §7.6.1"},
	"upgrade":    {HTTP, "the protocol to switch to on this connection", "RFC 9110 §7.8"},

	"sec-websocket-key":        {Handshake, "16 random octets in base64, to be answered with Accept", "RFC 6455 §11.3.1"},
	"sec-websocket-extensions": {Handshake, "what changes frames: offered, or accepted", "RFC 6455 §9.1"},
	"sec-websocket-accept":     {Handshake, "the answer to the key", "RFC 6455 §11.3.3"},
	"sec-websocket-protocol":   {Handshake, "what the messages mean: offered, or chosen", "RFC 6455 §11.3.4"},
	"sec-websocket-version":    {Handshake, "the version of the protocol: 13 is RFC 6455", "RFC 6455 §11.3.5"},
	"origin":                   {Handshake, "the page whose script connects; a browser cannot lie here", "RFC 6454 §7"},

	"content-length":    {HTTP, "how many octets the body has", "RFC 9110 §8.6"},
	"transfer-encoding": {HTTP, "how the body is wrapped: chunked comes in pieces with sizes", "RFC 9112 §6.1"},
	"trailer":           {HTTP, "which fields will stand behind the chunks", "RFC 9110 §6.6.2"},
	"te":                {HTTP, "which codings and trailers the client takes", "RFC 9110 §10.1.4"},
	"content-type":      {HTTP, "what kind of data the body is", "RFC 9110 §8.3"},
	"content-encoding":  {HTTP, "how the data were compressed before they were sent", "RFC 9110 §8.4"},
	"expect":            {HTTP, "100-continue: the body waits for a 100 response", "RFC 9110 §10.1.1"},
	"date":              {HTTP, "when the message was made", "RFC 9110 §6.6.1"},
	"allow":             {HTTP, "the methods that this resource takes", "RFC 9110 §10.2.1"},
	"location":          {HTTP, "where to go instead, or what was made", "RFC 9110 §10.2.2"},
	"server":            {HTTP, "the program that answers", "RFC 9110 §10.2.4"},
	"user-agent":        {HTTP, "the program that asks", "RFC 9110 §10.1.5"},
	"referer":           {HTTP, "the page that led here; the name was misspelt in 1996", "RFC 9110 §10.1.3"},
	"accept":            {HTTP, "which kinds of data the client takes", "RFC 9110 §12.5.1"},
	"accept-encoding":   {HTTP, "which compression of a body the client takes", "RFC 9110 §12.5.3"},
	"accept-language":   {HTTP, "which human languages the client prefers", "RFC 9110 §12.5.4"},
	"authorization":     {HTTP, "who the client is, and the proof of it", "RFC 9110 §11.6.2"},
	"cache-control":     {HTTP, "who may keep a copy, and for how long", "RFC 9111 §5.2"},
	"pragma":            {HTTP, "Cache-Control before there was one", "RFC 9111 §5.4"},
	"cookie":            {HTTP, "what the server asked the client to remember", "RFC 6265 §4.2"},
	"set-cookie":        {HTTP, "what the client is to remember", "RFC 6265 §4.1"},
	"retry-after":       {HTTP, "when to try again", "RFC 9110 §10.2.3"},
}

// otherField is what is known of all others.
var otherField = fieldMeaning{HTTP, "", "RFC 9110 §5"}

// knownField returns what a field is for; of one that is not known, that it is a
// field.
func knownField(name string) fieldMeaning {
	var lower [len("sec-websocket-extensions")]byte // none is longer
	if len(name) > len(lower) {
		return otherField
	}
	for i := range len(name) {
		lower[i] = name[i]
		if 'A' <= name[i] && name[i] <= 'Z' {
			lower[i] |= 0x20
		}
	}
	if known, found := fieldMeanings[string(lower[:len(name)])]; found {
		return known
	}
	return otherField
}

func methodMeaning(method string) string {
	switch method {
	case "GET":
		return "give me the resource"
	case "HEAD":
		return "like GET, but only the head of the answer"
	case "POST":
		return "do something with this body"
	case "PUT":
		return "this body shall be the resource"
	case "DELETE":
		return "remove the resource"
	case "CONNECT":
		return "make a tunnel to the target"
	case "OPTIONS":
		return "which methods are there?"
	case "TRACE":
		return "send back what you received"
	case "PATCH":
		return "change the resource as this body says"
	}
	return "a method that no RFC of HTTP defines"
}

func versionMeaning(minor int) string {
	if minor == 0 {
		return "one request, then close"
	}
	return "the connection stays open"
}

func targetMeaning(r *httpwire.Request) string {
	switch r.Form {
	case httpwire.AbsoluteForm:
		return "absolute-form: a whole URI, as a proxy gets it"
	case httpwire.AuthorityForm:
		return "authority-form: where the tunnel leads"
	case httpwire.AsteriskForm:
		return "asterisk-form: the server as a whole"
	}
	return "origin-form: a path"
}

// statusClasses say what the first digit of a status code means (RFC 9110 §15).
var statusClasses = [...]string{
	1: "interim: the final response follows",
	2: "it worked",
	3: "look elsewhere",
	4: "the request was wrong",
	5: "the server failed",
}

func statusMeaning(r *httpwire.Response) string {
	if r.Status == 101 {
		return "behind this head: frames"
	}
	meaning := statusClasses[r.Class()]
	if name := httpwire.StatusText(r.Status); name != "" && name != r.Reason {
		meaning = name + ": " + meaning
	}
	return meaning
}

// contentMeaning says how the end of a body is found.
func contentMeaning(body httpwire.Body) string {
	if body.Framing == httpwire.UntilClose {
		return "until the connection closes: no field says how long"
	}
	var short [64]byte
	return string(append(appendCount(short[:0], body.Length), ", as Content-Length says"...))
}
