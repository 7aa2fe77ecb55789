package annotate

import (
	"barewire/httpwire"
)

// fieldMeaning is the purpose of a header field.
type fieldMeaning struct {
	layer            Layer
	meaning, section string
}

// fieldMeanings has the fields that matter here, keyed by their names in lower case.
var fieldMeanings = map[string]fieldMeaning{
	"host":       {HTTP, "the server that is meant: many may share an address", "RFC 9110 §7.2"},
	"connection": {HTTP, "for this connection only: keep-alive, close, field names", "RFC 9110 §7.6.1"},
	"upgrade":    {HTTP, "the protocol to switch to on this connection", "RFC 9110 §7.8"},

	"sec-websocket-key":        {Handshake, "16 random bytes in base64; the Accept field answers them", "RFC 6455 §11.3.1"},
	"sec-websocket-extensions": {Handshake, "extensions of the frame format: offered, or accepted", "RFC 6455 §9.1"},
	"sec-websocket-accept":     {Handshake, "the answer to the key", "RFC 6455 §11.3.3"},
	"sec-websocket-protocol":   {Handshake, "how to read the messages: offered, or chosen", "RFC 6455 §11.3.4"},
	"sec-websocket-version":    {Handshake, "the version of the protocol: 13 is RFC 6455", "RFC 6455 §11.3.5"},
	"origin":                   {Handshake, "the website of the script; a script cannot change it", "RFC 6454 §7"},

	"content-length":    {HTTP, "the length of the body in bytes", "RFC 9110 §8.6"},
	"transfer-encoding": {HTTP, "how the body is sent: chunked means in pieces with sizes", "RFC 9112 §6.1"},
	"trailer":           {HTTP, "the fields that will follow the chunks", "RFC 9110 §6.6.2"},
	"te":                {HTTP, "the transfer codings and trailers that the client accepts", "RFC 9110 §10.1.4"},
	"content-type":      {HTTP, "the type of the data in the body", "RFC 9110 §8.3"},
	"content-encoding":  {HTTP, "how the data was compressed before it was sent", "RFC 9110 §8.4"},
	"expect":            {HTTP, "100-continue: wait for a 100 response before the body", "RFC 9110 §10.1.1"},
	"date":              {HTTP, "when the message was made", "RFC 9110 §6.6.1"},
	"allow":             {HTTP, "the methods that this resource supports", "RFC 9110 §10.2.1"},
	"location":          {HTTP, "where to go instead, or where the new resource is", "RFC 9110 §10.2.2"},
	"server":            {HTTP, "the program that answers", "RFC 9110 §10.2.4"},
	"user-agent":        {HTTP, "the program that sends the request", "RFC 9110 §10.1.5"},
	"referer":           {HTTP, "the page with the link; the name was misspelled in 1996", "RFC 9110 §10.1.3"},
	"accept":            {HTTP, "the types of data that the client accepts", "RFC 9110 §12.5.1"},
	"accept-encoding":   {HTTP, "the compression of a body that the client accepts", "RFC 9110 §12.5.3"},
	"accept-language":   {HTTP, "the human languages that the client prefers", "RFC 9110 §12.5.4"},
	"authorization":     {HTTP, "who the client is, with proof", "RFC 9110 §11.6.2"},
	"cache-control":     {HTTP, "who may keep a copy, and for how long", "RFC 9111 §5.2"},
	"pragma":            {HTTP, "the forerunner of Cache-Control", "RFC 9111 §5.4"},
	"cookie":            {HTTP, "what the server asked the client to remember", "RFC 6265 §4.2"},
	"set-cookie":        {HTTP, "what the client is asked to remember", "RFC 6265 §4.1"},
	"retry-after":       {HTTP, "when to try again", "RFC 9110 §10.2.3"},
}

// otherField describes all other fields.
var otherField = fieldMeaning{HTTP, "", "RFC 9110 §5"}

// knownField returns the purpose of a field, or otherField if it is not in the table.
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
		return "like GET, but send only the head of the response"
	case "POST":
		return "do something with this body"
	case "PUT":
		return "store this body as the resource"
	case "DELETE":
		return "remove the resource"
	case "CONNECT":
		return "open a tunnel to the target"
	case "OPTIONS":
		return "which methods does the resource support?"
	case "TRACE":
		return "send back what you received"
	case "PATCH":
		return "change the resource as this body describes"
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
		return "asterisk-form: the whole server"
	}
	return "origin-form: a path"
}

// statusClasses explain the first digit of a status code (RFC 9110 §15).
var statusClasses = [...]string{
	1: "interim: the final response follows",
	2: "it worked",
	3: "look somewhere else",
	4: "the request was wrong",
	5: "the server failed",
}

func statusMeaning(r *httpwire.Response) string {
	if r.Status == 101 {
		return "frames follow this head"
	}
	meaning := statusClasses[r.Class()]
	if name := httpwire.StatusText(r.Status); name != "" && name != r.Reason {
		meaning = name + ": " + meaning
	}
	return meaning
}

// contentMeaning explains how the end of a body is found.
func contentMeaning(body httpwire.Body) string {
	if body.Framing == httpwire.UntilClose {
		return "until the connection closes: no field gives a length"
	}
	var short [64]byte
	return string(append(appendCount(short[:0], body.Length), ", as in Content-Length"...))
}
