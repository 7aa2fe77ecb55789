package rfc

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed requirements.tsv
var table string

// Level is how binding a requirement is, in the terms of RFC 2119.
type Level string

// The levels of RFC 2119 that are used.
const (
	Must      Level = "MUST"
	MustNot   Level = "MUST NOT"
	Should    Level = "SHOULD"
	ShouldNot Level = "SHOULD NOT"
	May       Level = "MAY"
)

// Requirement is one row: a rule of an RFC in a sentence. The fields are the columns of
// the table, in order.
type Requirement struct {
	ID      string // number of the RFC, section, letter: "6455-5.1-a"
	Section string // the section alone: "5.1"
	Level   Level
	Role    string // who must obey it: "client", "server" or "both"
	Text    string // the rule
	Failure string // the result of a violation: "close 1002", "400 and close", "none"
	Layer   string // the part of barewire that enforces it: "wsframe"
	Note    string // a remark; may be empty
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

// Title returns the title of an RFC that has requirements, or "" for another number.
func Title(number string) string { return titles[number] }

// rows is the parsed table; byID finds a row in it.
var rows, byID = mustParse(table)

// All returns every requirement, in the order of the table. The caller owns the slice.
func All() []Requirement {
	return append([]Requirement(nil), rows...)
}

// Lookup returns the requirement with this id, and whether there is one.
func Lookup(id string) (Requirement, bool) {
	i, ok := byID[id]
	if !ok {
		return Requirement{}, false
	}
	return rows[i], true
}

// mustParse parses the embedded table. It panics on an error, which is a bug of the
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

// parse reads a table: a line with the names of the columns, then one row per line. It
// skips empty lines and lines that begin with #.
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
			err = fmt.Errorf("duplicate id %s", row.ID)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", i+2, err)
		}
		seen[row.ID] = true
		rows = append(rows, row)
	}
	return rows, nil
}

// parseRow reads one row and checks it, as far as that is possible for a single row.
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
		return Requirement{}, fmt.Errorf("%s: unknown level %q", r.ID, r.Level)
	}
	switch r.Role {
	case "client", "server", "both":
	default:
		return Requirement{}, fmt.Errorf("%s: unknown role %q", r.ID, r.Role)
	}
	if r.RFC() == "" || !strings.HasPrefix(r.ID, r.RFC()+"-"+r.Section+"-") {
		return Requirement{}, fmt.Errorf("%s: the id does not match section %s", r.ID, r.Section)
	}
	return r, nil
}
