package lab

import (
	"net"
	"net/netip"
	"strings"

	"barewire/httpwire"
)

// checkHost refuses a Host that does not match where the page is served.
//
// It prevents DNS rebinding: the owner of the name evil.example can point it to
// 127.0.0.1 just after a victim has loaded a page from there. That page then has the
// same origin as the lab and could read the lab's answers, but its requests still
// contain "Host: evil.example".
func (l *Lab) checkHost(request *httpwire.Request) *httpwire.Error {
	for _, origin := range l.served() {
		if _, authority, _ := strings.Cut(origin, "://"); httpwire.EqualFold(authority, request.Authority) {
			return nil
		}
	}
	return &httpwire.Error{Status: 421, Field: "Host", Section: "RFC 9110 §7.4",
		Rule: "the lab is served only under the address that it listens on, and as localhost on a loopback address " +
			"(allow another name that leads here with -origin)"}
}

// checkOrigin refuses the feed to everyone but the lab's own page. The server accepts
// clients without Origin, which are not browsers, and pages of the origins that it
// was given; neither may open the feed.
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
// server listens on; localhost, if it leads there; and the origins given with
// -origin, for a lab that is reached through a proxy or a forwarded port. On a
// wildcard address the page is served on every address of this machine. They are
// looked up every time, because the addresses of a laptop change.
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
			origins = append(origins, l.scheme+"://"+strings.TrimSuffix(net.JoinHostPort(host, ""), ":")) // browsers leave the default port out
		}
		origins = append(origins, l.scheme+"://"+net.JoinHostPort(host, port))
	}
	return origins
}

// addresses returns the addresses of this machine, without zones, because URLs in
// browsers have none.
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
