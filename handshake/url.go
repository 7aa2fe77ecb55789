package handshake

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"barewire/httpwire"
)

// URL is a parsed ws or wss URI, in the parts that a client needs to connect and to write
// its request (RFC 6455 §3).
type URL struct {
	Secure     bool          // wss: TLS before the first byte of HTTP
	Host       string        // the Host field: host, with ":port" unless it is the scheme's default
	Address    string        // host:port to dial
	ServerName string        // host alone, without brackets and zone: the name in the certificate
	Resource   string        // the request-target: path, and "?query" unless the query is empty
	User       *url.Userinfo // nil if there was none; never sent by this package
}

// ParseURL parses a ws or wss URI:
//
//	wss://me:secret@example.com:8443/chat?room=1
//	└┬┘   └───┬───┘ └────┬────┘ └┬─┘└────┬─────┘
//	scheme  userinfo    host    port  resource      a "#fragment" is refused
//
// The scheme may be in any letter case, the port defaults to 80 or 443 (§3). The
// resource is sent as written, except that characters that a URI cannot contain are
// percent-encoded as UTF-8 (§11.1.1): "/ü x" becomes "/%C3%BC%20x". §3 does not allow
// userinfo in such a URI. ParseURL accepts it, as browsers do; the caller may send it as
// an Authorization field.
//
// The error is a [*ClientError].
func ParseURL(text string) (URL, error) {
	switch {
	case !utf8.ValidString(text):
		return URL{}, refuseURL("the text is not UTF-8", "RFC 6455 §11.1.1")
	case strings.Contains(text, "#"): // req: 6455-3-d 9112-3.2.1-a
		return URL{}, refuseURL("a fragment has no meaning here; write a # that is data as %23", "RFC 6455 §3")
	}
	parsed, err := url.Parse(text)
	if err != nil {
		return URL{}, refuseURL("it is not a URI: "+parseFault(err), "RFC 3986 §3")
	}
	u := URL{User: parsed.User}
	standard := "80"
	switch parsed.Scheme { // in lower case, as url.Parse returns it
	case "ws":
	case "wss": // req: 6455-3-b
		u.Secure = true
		standard = "443" // req: 6455-3-a
	default: // req: 6455-4.1-a
		return URL{}, refuseURL("the scheme is not ws or wss: it must look like ws://host:port/path, not like "+
			quoted(text), "RFC 6455 §3")
	}
	if err := u.setHost(parsed); err != nil {
		return URL{}, err
	}
	port := cmp.Or(parsed.Port(), standard) // an empty port, "ws://host:/", is legal: RFC 3986 §3.2.3
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return URL{}, refuseURL("the port "+quoted(port)+" is not a number from 1 to 65535", "RFC 6455 §3") // req: 6455-4.1-a
	}
	port = strconv.FormatUint(number, 10) // without leading zeros
	u.Address += ":" + port
	if port != standard {
		u.Host += ":" + port // req: 6455-4.1-g
	}

	// url.Parse has checked the percent signs of the path, but not those of the query.
	if _, err := url.PathUnescape(parsed.RawQuery); err != nil {
		return URL{}, refuseURL("the query has a % without two hexadecimal digits after it; "+
			"write a percent sign that is data as %25", "RFC 3986 §2.1")
	}
	// req: 6455-4.1-f 9112-3.2.1-a
	u.Resource = percentEncode(cmp.Or(parsed.RawPath, parsed.EscapedPath(), "/")) // as it was written
	if parsed.RawQuery != "" {
		u.Resource += "?" + percentEncode(parsed.RawQuery) // req: 6455-3-c
	}
	return u, nil
}

// refuseURL returns the error for a URL that breaks a rule.
func refuseURL(rule, section string) error {
	return refuseClient(nil, "URL", rule, section)
}

// parseFault returns the cause of an error of url.Parse, in ASCII and without the URL,
// which may contain a password.
func parseFault(err error) string {
	var failed *url.Error
	if errors.As(err, &failed) {
		err = failed.Err
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, err.Error())
}

// setHost sets Host, ServerName and Address; Host and Address have no port yet. A zone,
// as in [fe80::1%25eth0], is the network interface to use for a link-local address
// (RFC 6874); only the dialer needs it.
//
// A simplification: RFC 3986 §3.2.2 allows percent-encoding and more punctuation
// in host names, for name systems other than DNS. A bigger program would also convert
// "bücher.example" to its ASCII form "xn--bcher-kva.example" (IDNA, which is not in the
// standard library).
func (u *URL) setHost(parsed *url.URL) error {
	host := parsed.Hostname() // req: 9112-3.2-b 9110-4.2.4-a
	if strings.HasPrefix(parsed.Host, "[") {
		name, zone, hasZone := strings.Cut(host, "%")
		address, err := netip.ParseAddr(name)
		if err != nil || !address.Is6() || hasZone && !httpwire.IsToken(zone) {
			return refuseURL("there is no IPv6 address in the brackets of "+quoted(parsed.Host), "RFC 3986 §3.2.2")
		}
		u.Host, u.ServerName, u.Address = "["+name+"]", name, "["+host+"]"
		return nil
	}
	if host == "" {
		return refuseURL("the host is missing", "RFC 6455 §3") // req: 6455-4.1-a
	}
	for _, c := range []byte(host) {
		if c >= utf8.RuneSelf { // req: 6455-11.1.1-a
			return refuseURL("the host "+quoted(host)+" is not ASCII: write it in its xn-- form", "RFC 6455 §11.1.1")
		}
		if !httpwire.IsUnreserved(c) {
			return refuseURL("the host "+quoted(host)+" has characters that are not allowed in a host name", "RFC 3986 §3.2.2")
		}
	}
	u.Host, u.ServerName, u.Address = host, host, host
	return nil
}

// percentEncode encodes each byte that is not allowed in a path or query (RFC 3986 §3.3
// and §3.4). It does not encode percent signs again.
func percentEncode(text string) string {
	var encoded strings.Builder
	for _, c := range []byte(text) {
		if httpwire.IsUnreserved(c) || strings.IndexByte("!$&'()*+,;=:@/?%", c) >= 0 {
			encoded.WriteByte(c)
		} else {
			fmt.Fprintf(&encoded, "%%%02X", c) // req: 6455-11.1.1-a
		}
	}
	return encoded.String()
}
