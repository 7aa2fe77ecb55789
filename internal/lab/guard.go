package lab

import (
	"net"
	"net/netip"
	"strings"

	"barewire/httpwire"
)

// checkHost refuses a Host that is not where the page is served.
//
// DNS rebinding: whoever owns the name evil.example can let it point to 127.0.0.1
// a moment after his page was loaded. His page is then of the same origin as the
// lab, and could read what it serves, but its requests still say "Host:
// evil.example".
func (l *Lab) checkHost(request *httpwire.Request) *httpwire.Error {
	for _, origin := range l.served() {
		if _, authority, _ := strings.Cut(origin, "://"); httpwire.EqualFold(authority, request.Authority) {
			return nil
		}
	}
	return &httpwire.Error{Status: 421, Field: "Host", Section: "RFC 9110 §7.4",
		Rule: "the lab is served under the address it listens on, or localhost on a loopback address, and under no other name " +
			"(one that leads here is let in with -origin)"}
}

// checkOrigin refuses a feed to all but the lab's own page. The server lets in
// clients without Origin, which are no browsers, and pages of other origins if it
// was told to: those have no business here.
func (l *Lab) checkOrigin(request *httpwire.Request) *httpwire.Error {
	given, _ := request.Fields.Get("Origin")
	for _, origin := range l.served() {
		_, authority, _ := strings.Cut(origin, "://")
		if httpwire.EqualFold(given, origin) && httpwire.EqualFold(authority, request.Authority) {
			return nil
		}
	}
	return &httpwire.Error{Status: 403, Field: "Origin", Section: "RFC 6455 §10.2",
		Rule: "only the lab's own page may open its feed"}
}

// served returns the origins under which the page is served: the address that the
// server listens on; localhost, if that leads there; and what the operator named
// with -origin, which is how a lab behind a proxy, or on a port that is forwarded,
// gets its name. On a wildcard address it is served on each address of this
// machine. They are asked for anew each time: a laptop changes them.
func (l *Lab) served() []string {
	host, port, err := net.SplitHostPort(l.addr.String())
	if err != nil {
		return l.origins
	}
	hosts := []string{host}
	addr, _ := netip.ParseAddr(host)
	if addr.IsUnspecified() {
		hosts = addresses()
	}
	if addr.IsLoopback() || addr.IsUnspecified() {
		hosts = append(hosts, "localhost")
	}
	origins := l.origins[:len(l.origins):len(l.origins)]
	for _, host := range hosts {
		if port == map[string]string{"http": "80", "https": "443"}[l.scheme] {
			origins = append(origins, l.scheme+"://"+strings.TrimSuffix(net.JoinHostPort(host, ""), ":")) // browsers leave it out
		}
		origins = append(origins, l.scheme+"://"+net.JoinHostPort(host, port))
	}
	return origins
}

// addresses returns the addresses of this machine, without zones: no URL of a
// browser has one.
func addresses() (hosts []string) {
	networks, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, network := range networks {
		if prefix, err := netip.ParsePrefix(network.String()); err == nil {
			hosts = append(hosts, prefix.Addr().WithZone("").String())
		}
	}
	return hosts
}
