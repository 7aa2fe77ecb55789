package cli

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"

	"barewire/internal/fault"
)

// probeReport collects results. It prints each one as it arrives, or all of them as JSON
// at the end.
type probeReport struct {
	options probeOptions
	std     streams
	target  fault.Target
	results []fault.Result
}

func newProbeReport(options probeOptions, target fault.Target, std streams) *probeReport {
	r := &probeReport{options: options, std: std, target: target}
	if options.json {
		return r
	}
	fmt.Fprintf(std.out, "%s: %s\n\n", harmless(withoutPassword(options.url)), found(target))
	r.row("VERDICT", "ID", "EXPECTED", "GOT", "SECTION", "TITLE")
	return r
}

// found describes what fault.Discover found out.
func found(target fault.Target) string {
	plain := "a plain GET gets no answer"
	if target.PlainStatus != 0 {
		plain = fmt.Sprintf("GET %s gets %d", target.Page, target.PlainStatus)
	}
	if !target.WebSocket {
		return plain + "; no WebSocket at " + target.Path
	}
	text := plain + "; WebSocket at " + target.Path
	for _, ability := range []struct {
		has  bool
		text string
	}{{target.Echo, "echo"}, {target.Deflate, "permessage-deflate"}} {
		if ability.has {
			text += ", " + ability.text
		} else {
			text += ", no " + ability.text
		}
	}
	return text
}

func (r *probeReport) row(verdict, id, want, got, section, title string) {
	fmt.Fprintf(r.std.out, "%-14s %-31s %-36s %-36s %-20s %s\n", verdict, id, want, got, section, title)
}

// add adds a result, after making the text in it that came from the server harmless.
func (r *probeReport) add(result fault.Result) {
	result.Got, result.Reason = plain(result.Got), plain(result.Reason)
	r.results = append(r.results, result)
	if r.options.json {
		return
	}
	f, verdict, got := result.Fault, string(result.Verdict), result.Got
	switch result.Verdict {
	case fault.Fail:
		verdict += " " + string(f.Level)
	case fault.NotApplicable, fault.NotRun:
		got = result.Reason
	}
	r.row(verdict, f.ID, result.Want, got, f.Section, f.Title)
	if r.options.verbose && result.Verdict != fault.Pass {
		fmt.Fprintf(r.std.out, "    %s\n", f.Teaches)
		if result.Verdict == fault.Fail {
			fmt.Fprintf(r.std.out, "    not met: %s\n", result.Reason)
		}
	}
}

// tally counts verdicts. Its JSON keys are those of -json.
type tally struct {
	Pass          int `json:"pass"`
	Tolerated     int `json:"tolerated"`
	Fail          int `json:"fail"`
	MustBroken    int `json:"mustBroken"` // the part of Fail at level MUST
	NotApplicable int `json:"notApplicable"`
	NotRun        int `json:"notRun"`
}

func (t *tally) count(result fault.Result) {
	switch result.Verdict {
	case fault.Pass:
		t.Pass++
	case fault.Tolerated:
		t.Tolerated++
	case fault.Fail:
		t.Fail++
		if result.Fault.Level == fault.Must {
			t.MustBroken++
		}
	case fault.NotApplicable:
		t.NotApplicable++
	case fault.NotRun:
		t.NotRun++
	}
}

func (t *tally) String() string {
	return fmt.Sprintf("%4d pass  %3d tolerated  %3d fail (%d MUST)  %3d not applicable  %3d not run",
		t.Pass, t.Tolerated, t.Fail, t.MustBroken, t.NotApplicable, t.NotRun)
}

// end prints the summary, and returns the exit status.
func (r *probeReport) end() int {
	var total tally
	byCategory := make(map[fault.Category]*tally)
	for _, result := range r.results {
		category := result.Fault.Category
		if byCategory[category] == nil {
			byCategory[category] = new(tally)
		}
		byCategory[category].count(result)
		total.count(result)
	}
	if r.options.json {
		r.printJSON(total)
	} else {
		fmt.Fprintln(r.std.out)
		for _, category := range fault.Categories() {
			if t := byCategory[category]; t != nil {
				fmt.Fprintf(r.std.out, "%-12s %v\n", category, t)
			}
		}
		fmt.Fprintf(r.std.out, "%-12s %v\n", "total", &total)
	}
	if total.MustBroken > 0 || total.NotRun > 0 {
		return exitFailure
	}
	return exitOK
}

// faultJSON is a fault in the output of -json. resultJSON adds the result of running it.
type faultJSON struct {
	ID       string     `json:"id"`
	Title    string     `json:"title"`
	Category string     `json:"category"`
	Section  string     `json:"section"`
	Level    string     `json:"level"`
	Legal    bool       `json:"legal"`
	Teaches  string     `json:"teaches"`
	Expected string     `json:"expected"`
	Steps    []stepJSON `json:"steps,omitempty"`
}

type stepJSON struct {
	Do     string `json:"do"`
	Hex    string `json:"hex,omitempty"` // {host}, {path} and {page} are not replaced
	Note   string `json:"note,omitempty"`
	Pieces int    `json:"pieces,omitempty"` // the size of each write in bytes
}

type resultJSON struct {
	faultJSON
	Verdict      string `json:"verdict"`
	Got          string `json:"got"`
	Reason       string `json:"reason"`
	Milliseconds int64  `json:"milliseconds"`
}

func newFaultJSON(f *fault.Fault) faultJSON {
	return faultJSON{ID: f.ID, Title: f.Title, Category: string(f.Category), Section: f.Section,
		Level: string(f.Level), Legal: f.Legal, Teaches: f.Teaches, Expected: f.Want.String()}
}

func (r *probeReport) printJSON(total tally) {
	results := make([]resultJSON, 0, len(r.results))
	for _, result := range r.results {
		results = append(results, resultJSON{newFaultJSON(result.Fault), string(result.Verdict),
			result.Got, result.Reason, result.Took.Milliseconds()})
	}
	writeJSON(r.std.out, map[string]any{
		"url": withoutPassword(r.options.url),
		"target": map[string]any{"page": r.target.Page, "plainStatus": r.target.PlainStatus,
			"webSocket": r.target.WebSocket, "echo": r.target.Echo, "deflate": r.target.Deflate},
		"results": results,
		"summary": total,
	})
}

// withoutPassword removes the password from a URL: a report may be stored.
func withoutPassword(text string) string {
	parsed, err := url.Parse(text)
	if err != nil {
		return text
	}
	return parsed.Redacted()
}

func writeJSON(out io.Writer, value any) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	encoder.Encode(value)
}

// listFaults prints the catalogue.
func listFaults(options probeOptions, std streams) int {
	if options.json {
		all := make([]faultJSON, 0, len(options.faults))
		for _, f := range options.faults {
			entry := newFaultJSON(f)
			for _, step := range f.Steps {
				entry.Steps = append(entry.Steps, stepJSON{step.Do.String(), hex.EncodeToString([]byte(step.Bytes)), step.Note, step.Size})
			}
			all = append(all, entry)
		}
		writeJSON(std.out, all)
		return exitOK
	}
	for _, f := range options.faults {
		kind := string(f.Level)
		if f.Legal {
			kind += ", legal"
		}
		fmt.Fprintf(std.out, "%s: %s (%s, %s, %s)\n    %s\n    expected: %s\n",
			f.ID, f.Title, f.Category, f.Section, kind, f.Teaches, strings.TrimSpace(f.Want.String()))
	}
	return exitOK
}
