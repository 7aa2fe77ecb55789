package handshake

import (
	"cmp"
	"strings"

	"barewire/httpwire"
)

// checkOrigin is step 7 of RFC 6455 §4.2.1, with the response from §4.2.2 step 4.
//
// The attack: a script from evil.example, running in your browser, connects to the
// server on your own machine, and the browser sends your cookies with the request. Unlike
// with fetch, the browser does not stop the script from reading the answers. It only
// sends the script's origin in Origin; the server must refuse the request (§10.2). Other
// clients send no Origin, or any that they like: this check protects the users of
// browsers, not the server.
//
// A simplification: the server's own origin is taken from Host. A page whose DNS name
// was changed to point to this server ("DNS rebinding") is therefore accepted. A server
// with a fixed name would compare with that name instead.
func checkOrigin(r *httpwire.Request, p *Policy) error {
	origin, found := r.Fields.Get(fieldOrigin)
	if !found { // req: 6455-4.2.1-h
		return nil
	}
	if r.Fields.Count(fieldOrigin) > 1 {
		return refuse(r.Fields, 400, fieldOrigin, "the field appears more than once", "RFC 6454 §7.3")
	}
	own := cmp.Or(p.Scheme, "http") + "://" + r.Authority // req: 9112-3.3-a
	if sameOrigin(origin, own) {                          // req: 6455-10.2-a
		return nil
	}
	for _, allowed := range p.Origins {
		if allowed == "*" || sameOrigin(origin, allowed) {
			return nil
		}
	}
	return refuse(r.Fields, 403, fieldOrigin, foreignOrigin(origin, own), "RFC 6455 §10.2") // req: 6455-4.2.2-b 6455-10.2-a
}

// foreignOrigin returns the rule for a refused origin. It adds the flag that accepts the
// origin, if there is one and the text is safe to paste.
func foreignOrigin(origin, own string) string {
	rule := "the page is from " + quoted(origin) + " and not from this server, " + quoted(own)
	if origin != "*" && ValidOrigin(origin) && len(origin) <= maxQuoted {
		rule += "; to accept it, start the server with -origin " + origin
	}
	return rule
}

// ValidOrigin reports whether an entry of Policy.Origins can match an Origin: it is
// "*", "null", "file://", or scheme://host[:port] with nothing after it, not even a slash.
//
// Browsers send "null" for pages without an origin of their own, such as files and
// sandboxed frames. Any site can create such a page, so allowing "null" is almost the
// same as "*". Programs made of web pages (Electron, Cordova) send "file://".
func ValidOrigin(text string) bool {
	if text == "*" || text == "null" || text == "file://" {
		return true
	}
	_, valid := parseOrigin(text)
	return valid
}

// origin holds the parts that RFC 6454 §4 compares: scheme and host in lower case, and
// the port, which defaults to that of the scheme.
type origin struct {
	scheme, host, port string
}

// sameOrigin reports whether a and b are the same origin. Texts of another form, such as
// "null", must be equal byte by byte.
func sameOrigin(a, b string) bool {
	first, valid := parseOrigin(a)
	if !valid {
		return a != "" && a == b
	}
	second, valid := parseOrigin(b)
	return valid && first == second
}

// parseOrigin splits an origin:
//
//	"HTTPS://Example.com:8443" → {"https", "example.com", "8443"}
//	"http://[::1]"             → {"http", "[::1]", "80"}
func parseOrigin(text string) (o origin, valid bool) {
	scheme, rest, found := strings.Cut(text, "://")
	if !found || !onlyHostBytes(scheme) || strings.Contains(scheme, ":") {
		return origin{}, false
	}
	host, port, valid := httpwire.SplitAuthority(rest)
	if !valid || !onlyHostBytes(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")) {
		return origin{}, false
	}
	o = origin{strings.ToLower(scheme), strings.ToLower(host), strings.TrimLeft(port, "0")}
	if o.port == "" {
		o.port = defaultPorts[o.scheme]
	}
	return o, true
}

// onlyHostBytes reports whether text has only bytes of schemes, DNS names and IP
// addresses. That excludes bytes that end a host in a URI (/ ? # @), spaces, bytes that a
// shell would expand, and non-ASCII letters that become ASCII in lower case (U+212A, the
// Kelvin sign, becomes k).
func onlyHostBytes(text string) bool {
	for _, c := range []byte(text) {
		if (!httpwire.IsUnreserved(c) || c == '~') && c != ':' && c != '+' {
			return false
		}
	}
	return text != ""
}

// defaultPorts are the ports of URIs without a port (RFC 6455 §3, RFC 9110 §4.2).
var defaultPorts = map[string]string{"http": "80", "ws": "80", "https": "443", "wss": "443"}
