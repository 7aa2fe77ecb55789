package server

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"barewire/internal/wsconn"
	"barewire/wsframe"
)

// These tests read the tables in this package's comments, and hold them to what a
// server does.

// table returns the lines of a file's comments that are indented and match row, cut
// where there are two blanks or more.
func table(t *testing.T, file, row string) (rows [][]string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	columns := regexp.MustCompile(`  +`)
	for _, line := range regexp.MustCompile(`(?m)^//\t(`+row+`.*)$`).FindAllStringSubmatch(string(source), -1) {
		rows = append(rows, columns.Split(line[1], -1))
	}
	return rows
}

// marked is what Config.NewHandler makes in this test.
type marked struct{ wsconn.NopHandler }

func (marked) OnOpen(out *wsconn.Conn) error { return out.Reply(wsframe.Text, []byte("made")) }

// routeCheck is what a row of the table of routes promises.
type routeCheck struct {
	methods []string // in place of "other methods" and "upgrade"
	paths   []string // in place of the words for any path
	message string   // sent if the row is for upgrades
	want    string   // in the answer
}

var routeChecks = map[string]routeCheck{
	"Hello World!, as in the article":                           {paths: []string{"/", "/any/where?q"}, want: "\r\nContent-Length: 12\r\n"},
	"the lab's page, if Config.Page has it; else 404":           {want: "HTTP/1.1 404 "},
	"204 and the methods":                                       {paths: []string{"/", "*"}, want: "\r\nAllow: " + allowed + "\r\n"},
	"what comes goes back":                                      {message: frame(wsframe.Binary, "\x01"), want: "\x82\x01\x01"},
	"text goes to all who are there":                            {message: frame(wsframe.Text, "Hello"), want: "\x81\x05Hello"},
	"the handler that Config.NewHandler makes: the digest":      {paths: []string{"/", "/any"}, want: "\x81\x04made"},
	"405 if HTTP knows them, 501 if not":                        {methods: []string{"POST", "PUT", "DELETE", "PATCH", "TRACE"}, want: "HTTP/1.1 405 "},
	"405 if HTTP knows them, 501 if not: what it does not know": {methods: []string{"FOO", "get"}, want: "HTTP/1.1 501 "},
}

// TestRoutesTable asks a server for what each row of the table in routes.go says.
func TestRoutesTable(t *testing.T) {
	rows := table(t, "routes.go", "(GET|OPTIONS|upgrade|other)")
	rows = append(rows, []string{"other methods", "405 if HTTP knows them, 501 if not: what it does not know"})
	for _, row := range rows {
		promise := row[len(row)-1]
		check, known := routeChecks[promise]
		if !known {
			t.Errorf("the table promises %q, and no test asks for it", promise)
			continue
		}
		if check.methods == nil {
			check.methods = strings.Split(row[0], ", ")
		}
		if check.paths == nil {
			check.paths = []string{"/"}
			if len(row) == 3 {
				check.paths = []string{row[1]}
			}
		}
		for _, method := range check.methods {
			for _, path := range check.paths {
				checkRoute(t, method, path, check)
			}
		}
	}
	if len(rows) != len(routeChecks) {
		t.Errorf("the table has %d rows, and there are %d promises to ask for", len(rows), len(routeChecks))
	}
}

func checkRoute(t *testing.T, method, path string, check routeCheck) {
	t.Helper()
	config := testConfig()
	config.NewHandler = func() wsconn.Handler { return marked{} }
	request := method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
	if method == "upgrade" {
		request = upgradeRequest(path) + check.message + closeFrame
	}
	if answer := exchange(t, config, request); !strings.Contains(answer, check.want) {
		t.Errorf("%s %s is answered with\n%q\nand the table wants %q in it", method, path, answer, check.want)
	}
}

// TestLimitsTable: the table of limits on the package's page has each number and time
// of DefaultConfig, and no other one.
func TestLimitsTable(t *testing.T) {
	drawn := make(map[string]string)
	for _, row := range table(t, "doc.go", `[A-Z][a-z]\w* +\d`) {
		drawn[row[0]] = row[1]
	}
	config := reflect.ValueOf(DefaultConfig())
	for i := range config.NumField() {
		name, field := config.Type().Field(i).Name, config.Field(i)
		if !field.CanInt() || field.IsZero() {
			continue
		}
		if want := written(name, field); drawn[name] != want {
			t.Errorf("%s is %s, and on the page it is %q", name, want, drawn[name])
		}
		delete(drawn, name)
	}
	if len(drawn) > 0 {
		t.Errorf("the page has limits that DefaultConfig has not: %v", drawn)
	}
}

// written returns a limit as a person writes it.
func written(name string, field reflect.Value) string {
	n := field.Int()
	switch {
	case field.Type() == reflect.TypeFor[time.Duration]():
		return regexp.MustCompile(`m0s$`).ReplaceAllString(time.Duration(n).String(), "m")
	case strings.HasPrefix(name, "Max") && n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case strings.HasPrefix(name, "Max") && n&(1<<10-1) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	case n >= 1000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return fmt.Sprint(n)
}
