package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"barewire/internal/rfc"
)

const rfcUsage = `barewire rfc [flags] [ID|SECTION|WORDS]

Prints what the RFCs require of HTTP/1.1 and WebSocket: one rule per row, with the lines
of code that enforce it and the tests that prove it. Without an argument, it prints how
many rows each section has.

    barewire rfc 6455-5.1-b        one row
    barewire rfc "RFC 6455 §5.5"   a section with its subsections; 6455-5.5 is the same
    barewire rfc 6455              all of RFC 6455
    barewire rfc 5.1               a list of the rows of section 5.1 in all RFCs
    barewire rfc close code        a list of the rows that contain all these words

Each row is either proved or excused. Excused means that barewire does not follow the
rule on purpose, for the given reason. Line numbers are those of the source from which
this program was built.

With -json and an argument, it prints an array of {id, rfc, section, level, role, text,
failure, layer, note, code [{file, line, function, text}], tests [{file, line,
function}], excuse}. Without an argument, it prints an object: sections [{rfc, section,
rows, proved, excused}], rows, proved, excused.

The exit status is 0, or 1 if the output could not be written, or 2 if there is no such
row.`

// requirements prints what the RFCs require, and where the code does it.
func requirements(args []string, std streams) int {
	flags := newFlagSet("rfc")
	asJSON := flags.Bool("json", false, "print JSON")
	if done, status := parseFlags(flags, args, rfcUsage, std); done {
		return status
	}
	if flags.NArg() == 0 {
		printSummary(std.out, summarize(), *asJSON)
		return exitOK
	}
	wanted := strings.Join(flags.Args(), " ")
	rows, named := rfc.Find(wanted), true
	if rows == nil {
		rows, named = rfc.Search(wanted), false
	}
	switch {
	case rows == nil:
		return usageError(std, fmt.Errorf("there is no requirement %q; barewire rfc lists the sections, and an id is like 6455-5.1-b", wanted))
	case *asJSON:
		writeJSON(std.out, newRowsJSON(rows))
	case !named:
		printList(std.out, rows)
	default:
		for i, row := range rows {
			if i > 0 {
				fmt.Fprintln(std.out)
			}
			printRow(std.out, row, rfc.EvidenceOf(row.ID))
		}
	}
	return exitOK
}

// printList prints one line per requirement, and the command that shows one in full.
func printList(out io.Writer, rows []rfc.Requirement) {
	for _, row := range rows {
		fmt.Fprintf(out, "%-14s %-10s %s\n", row.ID, row.Level, row.Text)
	}
	fmt.Fprintf(out, "\nbarewire rfc %s shows one, with the code that enforces it and the tests that prove it\n", rows[0].ID)
}

// rfcWidth is the number of columns of the output, except for lines of code.
const rfcWidth = 100

// printRow prints one requirement in full.
func printRow(out io.Writer, row rfc.Requirement, evidence rfc.Evidence) {
	fmt.Fprintf(out, "%s  %s  %s\n", row.ID, row.Level, row.Role)
	printWrapped(out, "    ", row.Text)
	if row.Failure != "none" {
		printWrapped(out, "    if broken:  ", row.Failure)
	}
	if row.Note != "" {
		printWrapped(out, "    note:       ", row.Note)
	}
	for _, place := range evidence.Code {
		printWrapped(out, "    code:       ", place.String())
		fmt.Fprintln(out, "        "+place.Text) // lines of code are never wrapped
	}
	for _, place := range evidence.Tests {
		printWrapped(out, "    test:       ", place.String())
	}
	if evidence.Excuse != "" {
		printWrapped(out, "    excused:    ", evidence.Excuse)
	}
}

// printWrapped prints a label and then text, in lines of at most rfcWidth columns unless a
// single word is longer. All lines after the first are indented by the label's width.
func printWrapped(out io.Writer, label, text string) {
	line, indent := label, strings.Repeat(" ", len(label))
	for i, word := range strings.Fields(text) {
		switch {
		case i == 0:
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > rfcWidth:
			fmt.Fprintln(out, line)
			line = indent + word
		default:
			line += " " + word
		}
	}
	fmt.Fprintln(out, line)
}

// rfcSummary is the number of rows, section by section and in total.
type rfcSummary struct {
	Sections []sectionCount `json:"sections"`
	rfcCount
}

// sectionCount is the number of rows of one section, without its subsections.
type sectionCount struct {
	RFC     string `json:"rfc"`
	Section string `json:"section"`
	rfcCount
}

type rfcCount struct {
	Rows    int `json:"rows"`
	Proved  int `json:"proved"`
	Excused int `json:"excused"`
}

func (c *rfcCount) count(evidence rfc.Evidence) {
	c.Rows++
	switch {
	case evidence.Excuse != "":
		c.Excused++
	case len(evidence.Tests) > 0:
		c.Proved++
	}
}

// summarize counts the rows. The sections are in the order of the rows.
func summarize() rfcSummary {
	var s rfcSummary
	for _, row := range rfc.All() {
		last := len(s.Sections) - 1
		if last < 0 || s.Sections[last].RFC != row.RFC() || s.Sections[last].Section != row.Section {
			s.Sections = append(s.Sections, sectionCount{RFC: row.RFC(), Section: row.Section})
			last++
		}
		evidence := rfc.EvidenceOf(row.ID)
		s.Sections[last].count(evidence)
		s.count(evidence)
	}
	return s
}

// printSummary prints one line per section, and a command to continue with.
func printSummary(out io.Writer, s rfcSummary, asJSON bool) {
	if asJSON {
		writeJSON(out, s)
		return
	}
	number := ""
	for _, section := range s.Sections {
		if section.RFC != number {
			number = section.RFC
			fmt.Fprintf(out, "RFC %s, %s\n", number, rfc.Title(number))
		}
		fmt.Fprintf(out, "  §%-10s %3d rows  %3d proved", section.Section, section.Rows, section.Proved)
		if section.Excused > 0 {
			fmt.Fprintf(out, "  %3d excused", section.Excused)
		}
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "%d rows: %d proved, %d excused\n\n", s.Rows, s.Proved, s.Excused)
	first := s.Sections[0]
	fmt.Fprintf(out, "barewire rfc %s-%s prints the rows of a section; barewire rfc -h explains more\n", first.RFC, first.Section)
}
