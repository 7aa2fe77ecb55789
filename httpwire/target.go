package httpwire

import (
	"net/netip"
	"strconv"
	"strings"
)

// TargetForm is one of the four forms of a request-target (RFC 9112 §3.2).
type TargetForm uint8

const (
	// OriginForm is a path with an optional query: "/where?q=now".
	OriginForm TargetForm = iota
	// AbsoluteForm is a whole URI: "http://example.com/where?q=now".
	AbsoluteForm
	// AuthorityForm is host and port, for CONNECT only: "example.com:80".
	AuthorityForm
	// AsteriskForm is "*", for OPTIONS only: the server as a whole.
	AsteriskForm
)

// parseTarget parses r.Target, which starts at offset in the head.
func (r *Request) parseTarget(offset int) *Error {
	path, _, _ := strings.Cut(r.Target, "?")
	if e := checkPercent(path, offset); e != nil {
		return e
	}
	switch {
	case r.Method == "CONNECT":
		return r.parseAuthorityForm(offset)
	case r.Target == "*":
		return r.parseAsteriskForm(offset)
	case r.Target[0] == '/': // req: 9112-3.2.1-c
		// It is a path in any case: "//host/x" has no authority.
		r.Form = OriginForm
		r.Path, r.Query, _ = strings.Cut(r.Target, "?")
		return nil
	default:
		return r.parseAbsoluteForm(offset) // req: 9112-3.2.2-a
	}
}

// checkPercent checks the percent-encoding of the part of a target before its query. In
// a query a raw percent sign is accepted, because browsers send it ("/?sale=20%"), and it
// cannot change which resource another program sees.
//
//	pct-encoded = "%" HEXDIG HEXDIG
func checkPercent(target string, offset int) *Error {
	for at := 0; ; at += len("%20") {
		next := strings.IndexByte(target[at:], '%')
		if next < 0 {
			return nil
		}
		at += next
		if !startsEncoded(target[at:]) {
			return refuse(400, offset+at, "request-target",
				"a percent sign must be followed by two hexadecimal digits", "RFC 3986 §2.1")
		}
	}
}

// startsEncoded reports whether s starts with a percent-encoded byte.
func startsEncoded(s string) bool { return len(s) >= 3 && s[0] == '%' && span(s[1:3], hexDigit) == 2 }

// parseAuthorityForm parses the target of CONNECT, which is only host and port
// (RFC 9112 §3.2.3). The port has no default (RFC 9110 §9.3.6).
func (r *Request) parseAuthorityForm(offset int) *Error {
	host, port, ok := SplitAuthority(r.Target)
	number, err := strconv.ParseUint(port, 10, 16)
	if !ok || host == "" || err != nil || number == 0 {
		return refuse(400, offset, "request-target",
			"for CONNECT it must be host:port, with a port from 1 to 65535", "RFC 9110 §9.3.6") // req: 9110-9.3.6-a
	}
	r.Form = AuthorityForm
	r.Authority = r.Target
	return nil
}

// parseAsteriskForm parses "*", which is for OPTIONS only (RFC 9110 §7.1).
func (r *Request) parseAsteriskForm(offset int) *Error {
	if r.Method != "OPTIONS" {
		return refuse(400, offset, "request-target", "* is for OPTIONS only", "RFC 9110 §7.1") // req: 9110-7.1-a
	}
	r.Form = AsteriskForm
	r.Path = "*"
	return nil
}

// parseAbsoluteForm parses a whole URI, the form that clients send to a proxy. A
// server must accept it too (RFC 9112 §3.2.2).
//
//	http://example.com:8080/where?q=now
//	|--|   |--------------||----| |---|
//	scheme authority       path   query
//
// Any scheme is accepted if an authority follows it: the server decides whether it
// has such a resource.
func (r *Request) parseAbsoluteForm(offset int) *Error {
	scheme, rest, found := strings.Cut(r.Target, "://")
	if !found || !validScheme(scheme) { // req: 9112-3.2.1-b 9110-7.1-a
		return refuse(400, offset, "request-target",
			"it must be a path that starts with / or a URI such as http://host/path", "RFC 9112 §3.2")
	}
	authorityEnd := strings.IndexAny(rest, "/?")
	if authorityEnd < 0 {
		authorityEnd = len(rest)
	}
	authority, pathAndQuery := rest[:authorityEnd], rest[authorityEnd:]
	authorityAt := offset + len(scheme) + len("://")
	if strings.Contains(authority, "@") {
		return refuse(400, authorityAt, "request-target",
			"it must not contain a user name, which can hide the real host", "RFC 9110 §4.2.4") // req: 9110-4.2.4-b
	}
	host, _, ok := SplitAuthority(authority)
	if !ok || host == "" { // req: 9110-4.2.1-a
		return refuse(400, authorityAt, "request-target", "the URI has no valid host[:port]", "RFC 9110 §4.2.1")
	}

	r.Form = AbsoluteForm
	r.Scheme = strings.ToLower(scheme) // allocates only if there are capital letters
	r.Authority = authority            // req: 9112-3.2.2-b
	r.Path, r.Query, _ = strings.Cut(pathAndQuery, "?")
	if r.Path == "" {
		r.Path = "/" // RFC 9110 §4.2.3: an empty path is the same as "/"
	}
	return nil
}

// validScheme reports whether s is a URI scheme.
//
//	scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
func validScheme(s string) bool {
	return s != "" && lower(s[0]) >= 'a' && span(s, schemeByte) == len(s)
}

// SplitAuthority splits host[:port], the form of a Host field and of the authority of a
// URI without a user name (RFC 9110 §7.2, RFC 3986 §3.2). ok is false if s has another
// form. Both parts may be empty; an IPv6 address keeps its brackets.
//
//	host = "[" ( IPv6address / IPvFuture ) "]" / *( unreserved / pct-encoded / sub-delims )
//	port = *DIGIT
func SplitAuthority(s string) (host, port string, ok bool) {
	if bracket := strings.IndexByte(s, ']'); bracket >= 0 { // colons before it are part of the address
		host, port = s[:bracket+1], s[bracket+1:]
		ok = validAddress(host) && (port == "" || port[0] == ':')
		port = strings.TrimPrefix(port, ":")
	} else {
		host, port, _ = strings.Cut(s, ":")
		ok = validName(host)
	}
	if !ok || span(port, digit) < len(port) {
		return "", "", false
	}
	return host, port, true
}

// validName reports whether s is a reg-name. Every IPv4 address is one too.
func validName(s string) bool {
	for i := span(s, hostByte); i < len(s); i += span(s[i:], hostByte) {
		if !startsEncoded(s[i:]) {
			return false
		}
		i += len("%20")
	}
	return true
}

// validAddress reports whether s is an IP literal: an IPv6 address without a zone, or an
// address of a future version, in brackets.
//
//	IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
func validAddress(s string) bool {
	if len(s) < 2 || s[0] != '[' || s[len(s)-1] != ']' {
		return false
	}
	inner := s[1 : len(s)-1]
	if inner != "" && lower(inner[0]) == 'v' {
		version, address, _ := strings.Cut(inner[1:], ".")
		for _, c := range []byte(address) {
			if c != ':' && classes[c]&hostByte == 0 {
				return false
			}
		}
		return address != "" && version != "" && span(version, hexDigit) == len(version)
	}
	address, err := netip.ParseAddr(inner)
	return err == nil && address.Is6() && address.Zone() == ""
}
