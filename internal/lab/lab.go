package lab

import (
	"crypto/tls"
	"embed"
	"encoding/json"
	"io"
	"log/slog"
	"net/netip"
	"path"
	"strings"
	"sync"
	"time"

	"barewire/httpwire"
	"barewire/internal/fault"
	"barewire/internal/rfc"
	"barewire/internal/server"
	"barewire/internal/wsconn"
)

// maxPages is how many pages may be open at once. Each may hold the 32 MiB that
// wiretap lets wait for a slow sink.
const maxPages = 64

// Lab serves the page and its feeds. New makes one; its Page and Handler are for
// server.Config.
type Lab struct {
	scheme string         // of the page: "http" or "https"
	server *server.Server // what the pages talk to, over pipes

	mu    sync.Mutex
	pages int // open feeds
}

// New returns a lab for a server with the configuration config. Its pages talk to
// a server of their own, which is made the same way, without TLS: what passes is
// to be read.
func New(config server.Config) *Lab {
	l := &Lab{scheme: scheme(config.TLS)}
	config.TLS, config.Wrap, config.Page, config.Handler = nil, nil, nil, nil
	config.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	config.MaxConns = 2*maxPages + 1
	l.server = server.New(config)
	return l
}

func scheme(config *tls.Config) string {
	if config != nil {
		return "https"
	}
	return "http"
}

// Close ends what the pages are doing.
func (l *Lab) Close() { l.server.Close() }

// Path is where the page is.
const Path = "/lab"

//go:embed page
var files embed.FS

// contentTypes is what a browser is told, by the end of a file's name. With
// nosniff it believes that and nothing else.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".json": "application/json",
}

// Page answers a GET or HEAD for the page and what belongs to it, or returns nil
// for any other path.
func (l *Lab) Page(request *httpwire.Request) *httpwire.Response {
	name, found := strings.CutPrefix(request.Path, Path)
	if !found || name != "" && name[0] != '/' {
		return nil
	}
	if refusal := checkHost(request); refusal != nil {
		return refusal.Response()
	}
	name = strings.TrimPrefix(name, "/")
	var content []byte
	var err error
	switch name {
	case "":
		name = "index.html"
		content, err = files.ReadFile("page/index.html")
	case "catalogue.json":
		content, err = json.Marshal(catalogue())
	case "rules.json":
		content, err = json.Marshal(rules())
	default:
		content, err = files.ReadFile("page/" + name)
	}
	if err != nil {
		return notFound.Response()
	}
	return &httpwire.Response{Status: 200, Fields: fieldsFor(name), Content: content}
}

var notFound = httpwire.Error{Status: 404, Field: "request-target", Rule: "there is no page here", Section: "RFC 9110 §15.5.5"}

// policy is the page's Content-Security-Policy: what it loads, it loads from here.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func fieldsFor(name string) httpwire.Fields {
	return httpwire.Fields{
		{Name: "Content-Type", Value: contentTypes[path.Ext(name)]},
		{Name: "Content-Security-Policy", Value: policy},
		{Name: "X-Content-Type-Options", Value: "nosniff"},
		{Name: "Referrer-Policy", Value: "no-referrer"},
		{Name: "Cache-Control", Value: "no-store"},
	}
}

// checkHost refuses a Host that is a name other than localhost.
func checkHost(request *httpwire.Request) *httpwire.Error {
	host, _, _ := httpwire.SplitAuthority(request.Authority)
	if httpwire.EqualFold(host, "localhost") {
		return nil
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return nil
	}
	return &httpwire.Error{Status: 421, Field: "Host", Section: "RFC 9110 §7.4",
		Rule: "the lab is served under an address or localhost, not under a name that its owner could point here"}
}

// feedPath is where the feed is.
const feedPath = Path + "/feed"

// Handler returns the handler of an upgrade request for a feed; nil if the path is
// another one; or an error if this client may not have one.
func (l *Lab) Handler(request *httpwire.Request) (wsconn.Handler, *httpwire.Error) {
	if request.Path != feedPath {
		return nil, nil
	}
	if refusal := checkHost(request); refusal != nil {
		return nil, refusal
	}
	// The server lets in clients without Origin, which are no browsers, and pages of
	// the origins in its configuration. The lab is for its own page alone.
	if origin, _ := request.Fields.Get("Origin"); !httpwire.EqualFold(origin, l.scheme+"://"+request.Authority) {
		return nil, &httpwire.Error{Status: 403, Field: "Origin", Section: "RFC 6455 §10.2",
			Rule: "only the lab's own page may open its feed"}
	}
	return newSession(l, request.Authority), nil
}

// enter makes room for a page, or reports false.
func (l *Lab) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.pages == maxPages {
		return false
	}
	l.pages++
	return true
}

func (l *Lab) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.pages--
}

// entry is a fault as the page shows it.
type entry struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Category string `json:"category"`
	Teaches  string `json:"teaches"`
	Section  string `json:"section"`
	Legal    bool   `json:"legal,omitempty"`
}

func catalogue() (entries []entry) {
	for _, f := range fault.All() {
		entries = append(entries, entry{f.ID, f.Title, string(f.Category), f.Teaches, f.Section, f.Legal})
	}
	return entries
}

// rule is a requirement as the page shows it beside a field of its section.
type rule struct {
	ID    string   `json:"id"`
	Text  string   `json:"text"`
	Code  []string `json:"code,omitempty"`
	Tests []string `json:"tests,omitempty"`
}

// rules returns the requirements by section, as in "RFC 6455 §5.2".
func rules() map[string][]rule {
	bySection := make(map[string][]rule)
	trace := rfc.NewTrace()
	for _, requirement := range rfc.All() {
		evidence := trace.Of(requirement.ID)
		r := rule{ID: requirement.ID, Text: requirement.Text}
		for _, place := range evidence.Code {
			r.Code = append(r.Code, place.File+" "+place.Name)
		}
		for _, place := range evidence.Tests {
			r.Tests = append(r.Tests, place.File+" "+place.Name)
		}
		section := "RFC " + requirement.ID[:4] + " §" + requirement.Section
		bySection[section] = append(bySection[section], r)
	}
	return bySection
}

// patience bounds everything that a session does on a connection of its own.
const patience = 5 * time.Second
