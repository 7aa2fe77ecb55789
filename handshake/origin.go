package handshake

import (
	"strings"

	"barewire/httpwire"
)

// checkOrigin is step 7 of RFC 6455 §4.2.1 with the answer of §4.2.2 step 4. It
// returns the Origin as sent, "" when there is none.
//
// The attack: a script of evil.example, running in your browser, connects to
// the server on your own machine, and the browser sends your cookies along.
// Unlike with fetch, no rule of the browser stops it from reading what comes
// back. All the browser does is to say in Origin whose script it is; the
// refusal is up to us (§10.2). A client that is no browser has no Origin, or
// any that it likes: this check protects users of browsers, not the server.
//
// A simplification: the server's own origin is taken from Host, so a page whose
// DNS name was pointed at this server ("DNS rebinding") passes for its own. A
// server with a fixed name would compare with that name instead.
func checkOrigin(r *httpwire.Request, p *Policy) (string, error) {
	origin, found := r.Fields.Get(fieldOrigin)
	if !found {
		return "", nil
	}
	if r.Fields.Count(fieldOrigin) > 1 {
		return "", refuse(r.Fields, 400, fieldOrigin, "the field is there more than once", "RFC 6454 §7.3")
	}
	scheme := p.Scheme
	if scheme == "" {
		scheme = "http"
	}
	own := scheme + "://" + r.Authority
	if sameOrigin(origin, own) {
		return origin, nil
	}
	for _, allowed := range p.Origins {
		if allowed == "*" || sameOrigin(origin, allowed) {
			return origin, nil
		}
	}
	return "", refuse(r.Fields, 403, fieldOrigin, foreignOrigin(origin, own), "RFC 6455 §10.2")
}

// foreignOrigin tells the operator what would let this origin in. The advice is
// given only if following it helps, and only for text that is safe to paste.
func foreignOrigin(origin, own string) string {
	rule := "the page is from " + quoted(origin) + " and not from this server, " + quoted(own)
	if origin != "*" && ValidOrigin(origin) && len(origin) <= maxQuoted {
		rule += "; the server lets it in when started with -origin " + origin
	}
	return rule
}

// ValidOrigin reports whether text can match an Origin when it stands in
// Policy.Origins: it is "*", "null", or scheme://host[:port] with nothing after
// it, not even a slash.
//
// "null" is what browsers send for pages without an origin of their own: files,
// sandboxed frames. Any site can make one, so allowing it is close to "*".
func ValidOrigin(text string) bool {
	if text == "*" || text == "null" {
		return true
	}
	_, valid := parseOrigin(text)
	return valid
}

// origin is what RFC 6454 §4 compares: scheme and host in lower case, the port
// with the scheme's default filled in.
type origin struct {
	scheme, host, port string
}

// sameOrigin reports whether two texts name one origin. Texts of no known form,
// "null" among them, are the same only if they are equal octet by octet.
func sameOrigin(a, b string) bool {
	first, valid := parseOrigin(a)
	if !valid {
		return a != "" && a == b
	}
	second, valid := parseOrigin(b)
	return valid && first == second
}

// parseOrigin takes an origin apart:
//
//	"HTTPS://Example.com:8443" → {"https", "example.com", "8443"}
//	"http://[::1]"             → {"http", "[::1]", "80"}
func parseOrigin(text string) (o origin, valid bool) {
	scheme, rest, found := strings.Cut(text, "://")
	if !found || !onlyHostOctets(scheme) || strings.Contains(scheme, ":") {
		return origin{}, false
	}
	host, port, valid := httpwire.SplitAuthority(rest)
	if !valid || !onlyHostOctets(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")) {
		return origin{}, false
	}
	o = origin{strings.ToLower(scheme), strings.ToLower(host), strings.TrimLeft(port, "0")}
	if o.port == "" {
		o.port = defaultPort(o.scheme)
	}
	return o, true
}

// onlyHostOctets reports whether text is made of what schemes, DNS names and IP
// addresses hold. It shuts out everything that ends a host in a URI (/ ? # @),
// the spaces of a list of origins, what a shell would expand, and non-ASCII
// letters that change into ASCII when lower-cased (U+212A, the Kelvin sign,
// becomes k).
func onlyHostOctets(text string) bool {
	for _, c := range []byte(text) {
		if (!httpwire.IsUnreserved(c) || c == '~') && c != ':' && c != '+' {
			return false
		}
	}
	return text != ""
}

// defaultPort is the port of a scheme whose URI states none: those of
// RFC 6455 §3 and RFC 9110 §4.2. The scheme is in lower case. "" for any other
// scheme.
func defaultPort(scheme string) string {
	switch scheme {
	case "http", "ws":
		return "80"
	case "https", "wss":
		return "443"
	}
	return ""
}
