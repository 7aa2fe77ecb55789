package handshake

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"barewire/httpwire"
)

// URL is a ws or wss URI taken apart into what a client needs to connect and to
// ask (RFC 6455 §3).
type URL struct {
	Secure     bool          // wss: TLS before the first octet of HTTP
	Host       string        // the Host field: host, with ":port" unless it is the scheme's default
	Address    string        // host:port to dial
	ServerName string        // host alone, without brackets and zone: the name in the certificate
	Resource   string        // the request-target: path, and "?query" unless the query is empty
	User       *url.Userinfo // nil if there was none; never sent by this package
}

// ParseURL takes the text of a ws or wss URI apart:
//
//	wss://me:secret@example.com:8443/chat?room=1
//	└┬┘   └───┬───┘ └────┬────┘ └┬─┘└────┬─────┘
//	scheme  userinfo    host    port  resource      a "#fragment" is refused
//
// The scheme may be in any letter case, the port defaults to 80 or 443 (§3).
// The resource is sent as it is written, but what no URI can hold is
// percent-encoded as UTF-8 (§11.1.1): "/ü x" becomes "/%C3%BC%20x". Userinfo is
// no part of such a URI by §3; it is accepted, as browsers do, and handed over
// for the caller to make an Authorization field of.
//
// The error is an [*httpwire.Error] without a status: nothing was sent yet.
func ParseURL(text string) (URL, error) {
	scheme, authority, resource, err := splitURL(text)
	if err != nil {
		return URL{}, err
	}
	u := URL{}
	switch {
	case httpwire.EqualFold(scheme, "wss"):
		u.Secure = true
	case !httpwire.EqualFold(scheme, "ws"):
		return URL{}, refuseURL("the scheme is "+quoted(scheme)+", not ws or wss", "RFC 6455 §3")
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		u.User, err = parseUserinfo(authority[:at])
		authority = authority[at+1:]
	}
	if err == nil {
		err = u.setAuthority(authority)
	}
	if err == nil {
		u.Resource, err = parseResource(resource)
	}
	if err != nil {
		return URL{}, err
	}
	return u, nil
}

// refuseURL makes the errors of this file.
func refuseURL(rule, section string) error {
	return refuseSilently(nil, "URL", rule, section)
}

// splitURL cuts at the separators of RFC 3986 §3: scheme "://" authority, then
// all of the rest. The parts are not checked yet.
func splitURL(text string) (scheme, authority, resource string, err error) {
	if !utf8.ValidString(text) {
		return "", "", "", refuseURL("the text is not UTF-8", "RFC 6455 §11.1.1")
	}
	if strings.IndexByte(text, '#') >= 0 {
		return "", "", "", refuseURL("a fragment has no meaning here; a # that is data is written %23",
			"RFC 6455 §3")
	}
	scheme, rest, found := strings.Cut(text, "://")
	if !found {
		return "", "", "", refuseURL("it must look like ws://host:port/path, not like "+quoted(text),
			"RFC 6455 §3")
	}
	end := strings.IndexAny(rest, "/?")
	if end < 0 {
		end = len(rest)
	}
	return scheme, rest[:end], rest[end:], nil
}

// parseUserinfo takes user [ ":" password ] apart, both percent-encoded
// (RFC 3986 §3.2.1).
func parseUserinfo(text string) (*url.Userinfo, error) {
	user, password, hasPassword := strings.Cut(text, ":")
	user, err := url.PathUnescape(user)
	if err != nil {
		return nil, refuseURL("the user name is not percent-encoded as it should be", "RFC 3986 §3.2.1")
	}
	if !hasPassword {
		return url.User(user), nil
	}
	if password, err = url.PathUnescape(password); err != nil {
		return nil, refuseURL("the password is not percent-encoded as it should be", "RFC 3986 §3.2.1")
	}
	return url.UserPassword(user, password), nil
}

// setAuthority fills in Host, Address and ServerName from host [ ":" port ].
func (u *URL) setAuthority(authority string) error {
	host, port, valid := splitPort(authority)
	if !valid {
		return refuseURL("the host and port "+quoted(authority)+" cannot be told apart", "RFC 3986 §3.2")
	}
	standard := "80"
	if u.Secure {
		standard = "443"
	}
	port, err := parsePort(port, standard)
	if err != nil {
		return err
	}
	zone := ""
	if strings.HasPrefix(host, "[") {
		u.ServerName, zone, err = parseIPv6(host[1 : len(host)-1])
		u.Host, u.Address = "["+u.ServerName+"]", "["+u.ServerName+zone+"]:"+port
	} else {
		err = checkName(host)
		u.ServerName, u.Host, u.Address = host, host, host+":"+port
	}
	if port != standard {
		u.Host += ":" + port
	}
	return err
}

// splitPort parts host[:port]. A colon inside brackets belongs to an IPv6
// address. The port is digits, perhaps none ("example.com:" is legal,
// RFC 3986 §3.2.3).
//
// It takes more than [httpwire.SplitAuthority], which holds for what is on the
// wire: a zone, which never gets there, and wrong hosts, for which parseIPv6
// and checkName find better words.
func splitPort(authority string) (host, port string, valid bool) {
	host = authority
	colon := strings.LastIndexByte(authority, ':')
	if colon > strings.LastIndexByte(authority, ']') {
		host, port = authority[:colon], authority[colon+1:]
	}
	if strings.HasPrefix(host, "[") != strings.HasSuffix(host, "]") ||
		!strings.HasPrefix(host, "[") && strings.Contains(host, ":") {
		return "", "", false
	}
	for _, c := range []byte(port) {
		if c < '0' || c > '9' {
			return "", "", false
		}
	}
	return host, port, true
}

// parsePort returns the port in its shortest decimal form.
func parsePort(port, standard string) (string, error) {
	if port == "" { // "ws://host:/" is legal, and means the default, RFC 3986 §3.2.3
		return standard, nil
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil || number == 0 {
		return "", refuseURL("the port "+quoted(port)+" is not a number from 1 to 65535", "RFC 6455 §3")
	}
	return strconv.FormatUint(number, 10), nil
}

// parseIPv6 takes what is between the brackets. A zone, the network card to use
// for a link-local address, follows "%25" (RFC 6874); it is for the dialler
// alone and comes back as "%eth0".
func parseIPv6(text string) (address, zone string, err error) {
	address, name, hasZone := strings.Cut(text, "%25")
	parsed, parseErr := netip.ParseAddr(address)
	if parseErr != nil || !parsed.Is6() || parsed.Zone() != "" || hasZone && !httpwire.IsToken(name) {
		return "", "", refuseURL("there is no IPv6 address in the brackets of "+quoted("["+text+"]"),
			"RFC 3986 §3.2.2")
	}
	if hasZone {
		zone = "%" + name
	}
	return address, zone, nil
}

// checkName checks a DNS name or IPv4 address.
//
// A simplification: RFC 3986 §3.2.2 has percent-encoding and more punctuation
// in host names, for the sake of name systems other than DNS, and a bigger
// program would turn "bücher.example" into its ASCII form
// "xn--bcher-kva.example" (IDNA, which is not in the standard library).
func checkName(host string) error {
	if host == "" {
		return refuseURL("the host is missing", "RFC 6455 §3")
	}
	for _, c := range host {
		if c >= utf8.RuneSelf {
			return refuseURL("the host "+quoted(host)+" is not ASCII: write it in its xn-- form",
				"RFC 6455 §11.1.1")
		}
		if !httpwire.IsUnreserved(byte(c)) {
			return refuseURL("the host "+quoted(host)+" has characters that no host name has",
				"RFC 3986 §3.2.2")
		}
	}
	return nil
}

// parseResource makes the request-target of what follows the authority: the
// path, "/" if that is empty, then "?" and the query if that is not
// (RFC 6455 §3).
func parseResource(text string) (string, error) {
	path, query, _ := strings.Cut(text, "?")
	path, err := encode(path, "/")
	if err != nil {
		return "", err
	}
	query, err = encode(query, "/?")
	if err != nil {
		return "", err
	}
	if path == "" {
		path = "/"
	}
	if query != "" {
		path += "?" + query
	}
	return path, nil
}

// encode percent-encodes each octet that is neither allowed in every part of a
// URI (pchar of RFC 3986 §3.3) nor in also. Octets that are encoded already
// stay so.
func encode(text, also string) (string, error) {
	const hex = "0123456789ABCDEF"
	var encoded strings.Builder
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '%' && (i+2 >= len(text) || !httpwire.IsHexDigit(text[i+1]) || !httpwire.IsHexDigit(text[i+2])):
			return "", refuseURL("% stands before something other than two hexadecimal digits; "+
				"a percent sign that is data is written %25", "RFC 3986 §2.1")
		case httpwire.IsUnreserved(c) || strings.IndexByte("!$&'()*+,;=:@%", c) >= 0,
			strings.IndexByte(also, c) >= 0:
			encoded.WriteByte(c)
		default:
			encoded.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return encoded.String(), nil
}
