package rfc

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed requirements.tsv
var table string

// Level is how binding a requirement is, in the words of RFC 2119.
type Level string

// The levels of RFC 2119 that occur.
const (
	Must      Level = "MUST"
	MustNot   Level = "MUST NOT"
	Should    Level = "SHOULD"
	ShouldNot Level = "SHOULD NOT"
	May       Level = "MAY"
)

// Requirement is one row: a rule of an RFC in a sentence. The fields are the
// columns, in their order.
type Requirement struct {
	ID      string // number of the RFC, section, letter: "6455-5.1-a"
	Section string // the section alone: "5.1"
	Level   Level
	Role    string // whom it binds: "client", "server" or "both"
	Text    string // the rule
	Failure string // what a violation brings about: "close 1002", "400 and close", "none"
	Layer   string // the part of barewire that answers for it: "wsframe"
	Note    string // what else to know; may be empty
}

// columns is the first line of the table.
const columns = "id\tsection\tlevel\trole\trequirement\tfailure\tlayer\tnote"

// RFC returns the number of the RFC that r is from, such as "6455".
func (r Requirement) RFC() string {
	number, _, _ := strings.Cut(r.ID, "-")
	return number
}

// titles are the titles of the RFCs.
var titles = map[string]string{
	"6455": "The WebSocket Protocol",
	"6585": "Additional HTTP Status Codes",
	"7692": "Compression Extensions for WebSocket",
	"9110": "HTTP Semantics",
	"9112": "HTTP/1.1",
}

// Title returns the title of an RFC that there are requirements of, "" for
// another number.
func Title(number string) string { return titles[number] }

// String returns r on one line: its id, its level and the rule.
func (r Requirement) String() string {
	return fmt.Sprintf("%s %s: %s", r.ID, r.Level, r.Text)
}

// rows is the table, read once; byID finds a row in it.
var rows, byID = mustParse(table)

// All returns every requirement, in the order of the table. The slice is the
// caller's.
func All() []Requirement {
	return append([]Requirement(nil), rows...)
}

// Lookup returns the requirement with the given id, and whether there is one.
func Lookup(id string) (Requirement, bool) {
	i, ok := byID[id]
	if !ok {
		return Requirement{}, false
	}
	return rows[i], true
}

// mustParse is parse for the embedded table, whose faults are those of the
// program.
func mustParse(text string) ([]Requirement, map[string]int) {
	rows, err := parse(text)
	if err != nil {
		panic("rfc: requirements.tsv: " + err.Error())
	}
	index := make(map[string]int, len(rows))
	for i, row := range rows {
		index[row.ID] = i
	}
	return rows, index
}

// parse reads a table: a line with the names of the columns, then a row a line.
// Empty lines, and lines that begin with #, are passed over.
func parse(text string) ([]Requirement, error) {
	head, body, _ := strings.Cut(text, "\n")
	if head != columns {
		return nil, fmt.Errorf("line 1: the columns are %q, want %q", head, columns)
	}
	var rows []Requirement
	seen := make(map[string]bool)
	for i, line := range strings.Split(body, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row, err := parseRow(line)
		if err == nil && seen[row.ID] {
			err = fmt.Errorf("%s is there twice", row.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		seen[row.ID] = true
		rows = append(rows, row)
	}
	return rows, nil
}

// parseRow reads one row and checks what can be checked of it alone.
func parseRow(line string) (Requirement, error) {
	f := strings.Split(line, "\t")
	if want := strings.Count(columns, "\t") + 1; len(f) != want {
		return Requirement{}, fmt.Errorf("%d columns, want %d: %q", len(f), want, line)
	}
	r := Requirement{
		ID: f[0], Section: f[1], Level: Level(f[2]), Role: f[3],
		Text: f[4], Failure: f[5], Layer: f[6], Note: f[7],
	}
	switch r.Level {
	case Must, MustNot, Should, ShouldNot, May:
	default:
		return Requirement{}, fmt.Errorf("%s: no such level: %q", r.ID, r.Level)
	}
	switch r.Role {
	case "client", "server", "both":
	default:
		return Requirement{}, fmt.Errorf("%s: no such role: %q", r.ID, r.Role)
	}
	if r.RFC() == "" || !strings.HasPrefix(r.ID, r.RFC()+"-"+r.Section+"-") {
		return Requirement{}, fmt.Errorf("%s: the id is not made from section %s", r.ID, r.Section)
	}
	return r, nil
}
