package lab

import (
	"embed"
	"encoding/json"
	"path"
	"strings"
	"sync"

	"barewire/httpwire"
	"barewire/internal/fault"
	"barewire/internal/rfc"
)

// Path is the path of the page.
const Path = "/lab"

//go:embed page
var files embed.FS

// contentTypes maps the extension of a file to its Content-Type. Because of nosniff
// the browser believes it and does not guess.
var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".json": "application/json",
}

// Page answers a GET or HEAD for the page and its parts. Other paths go to the next
// App.
func (l *Lab) Page(request *httpwire.Request) (*httpwire.Response, *httpwire.Error) {
	name, found := strings.CutPrefix(request.Path, Path)
	if !found || name != "" && name[0] != '/' {
		return l.next.Page(request)
	}
	if refusal := l.checkHost(request); refusal != nil {
		return nil, refusal
	}
	name = strings.TrimPrefix(name, "/")
	var content []byte
	var err error
	switch name {
	case "":
		name = "index.html"
		content, err = files.ReadFile("page/index.html")
	case "catalogue.json":
		content, err = catalogue()
	case "rules.json":
		content, err = rules()
	default:
		content, err = files.ReadFile("page/" + name)
	}
	if err != nil {
		return nil, notFound
	}
	return &httpwire.Response{Status: 200, Fields: fieldsFor(name), Content: content}, nil
}

var notFound = &httpwire.Error{Status: 404, Field: "request-target", Rule: "there is no page here", Section: "RFC 9110 §15.5.5"}

// policy is the page's Content-Security-Policy. The page loads only from this server,
// contains no inline script, and cannot turn text into script.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

func fieldsFor(name string) httpwire.Fields {
	return httpwire.Fields{
		{Name: "Content-Type", Value: contentTypes[path.Ext(name)]},
		{Name: "Content-Security-Policy", Value: policy},
		{Name: "Cross-Origin-Resource-Policy", Value: "same-origin"},
		{Name: "Cross-Origin-Opener-Policy", Value: "same-origin"},
		{Name: "X-Content-Type-Options", Value: "nosniff"},
		{Name: "Referrer-Policy", Value: "no-referrer"},
		{Name: "Cache-Control", Value: "no-store"},
	}
}

// entry is a fault as the page shows it.
type entry struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Category string `json:"category"`
	Teaches  string `json:"teaches"`
	Section  string `json:"section"`
	Level    string `json:"level"`
	Legal    bool   `json:"legal,omitempty"`
}

// catalogue returns the catalogue of faults in JSON.
var catalogue = sync.OnceValues(func() ([]byte, error) {
	var entries []entry
	for _, f := range fault.All() {
		entries = append(entries, entry{f.ID, f.Title, string(f.Category), f.Teaches, f.Section, string(f.Level), f.Legal})
	}
	return json.Marshal(entries)
})

// rule is a requirement, as the page shows it beside the fields of its section.
type rule struct {
	ID      string  `json:"id"`
	Section string  `json:"section"` // as in "RFC 6455 §5.2"
	Level   string  `json:"level"`
	Text    string  `json:"text"`
	Code    []place `json:"code,omitempty"`
	Tests   []place `json:"tests,omitempty"`
	Excuse  string  `json:"excuse,omitempty"`
}

// place is a place in the source of barewire.
type place struct {
	At   string `json:"at"`             // "wsframe/check.go:78 Checker.Check"
	Line string `json:"line,omitempty"` // the text of that line
}

// rules returns all requirements in JSON, as "barewire rfc" prints them.
var rules = sync.OnceValues(func() ([]byte, error) {
	var list []rule
	for _, row := range rfc.All() {
		evidence := rfc.EvidenceOf(row.ID)
		list = append(list, rule{ID: row.ID, Section: "RFC " + row.RFC() + " §" + row.Section, Level: string(row.Level), Text: row.Text,
			Code: places(evidence.Code), Tests: places(evidence.Tests), Excuse: evidence.Excuse})
	}
	return json.Marshal(list)
})

func places(found []rfc.Place) (list []place) {
	for _, p := range found {
		list = append(list, place{p.String(), p.Text})
	}
	return list
}
