package fault_test

import (
	"testing"

	"barewire/handshake"
	"barewire/internal/annotate"
	"barewire/internal/fault"
)

// unlabelled are the faults in whose octets nothing is wrong: it is a matter of the
// server's policy or limits, of what is not sent, or of a rule for the server.
var unlabelled = map[string]string{
	"http-method-lower-case":  "a method like any other, which no server has",
	"http-method-unknown":     "the same",
	"smuggle-body-of-get":     "the body is sound",
	"smuggle-body-unread":     "the body is sound",
	"body-cut-short":          "what is missing is noted",
	"frame-cut-short":         "what is missing is noted",
	"handshake-http-1.0":      "a request without the upgrade that HTTP/1.0 does not have",
	"handshake-no-upgrade":    "a request like any other",
	"handshake-origin":        "which origins are let in is the server's affair",
	"close-then-ping":         "the MUST NOT behind a Close is about data frames",
	"close-twice":             "the MUST NOT behind a Close is about data frames",
	"resource-length":         "a limit of the server",
	"resource-frame":          "a limit of the server",
	"resource-frame-gigabyte": "a limit of the server",
	"resource-message-sum":    "a limit of the server",
	"resource-bomb":           "a limit of the server",
}

// labelledAllTheSame are legal for a client, or tolerated by the server, with
// something in them that a rule is about.
var labelledAllTheSame = map[string]string{
	"http-line-feed-alone": "LF alone is no line end for who is strict",
	"fragments-close":      "a data frame stands behind the Close",
	"offer-second":         "the first of the two offers is impossible",
}

// TestAnnotated: package annotate, shown what the faults send, names the rule that
// is broken wherever one is, and nothing where none is.
func TestAnnotated(t *testing.T) {
	agreed, _ := handshake.AcceptedDeflate([]handshake.Extension{{Name: handshake.PermessageDeflate}})
	for _, f := range fault.All() {
		options := annotate.Options{Alone: true}
		for _, step := range f.Steps {
			if step.Do == fault.Open {
				options.Frames = true
			}
			if step.Offer != "" {
				options.Deflate = &agreed
			}
		}
		c := annotate.New(options)
		units := c.Add(annotate.ClientToServer, []byte(f.Wire(fault.Target{Host: "a.example"})))
		units = append(units, c.Finish()...)
		label := ""
		for i := range units {
			if label == "" {
				label = units[i].Broken()
			}
		}
		want := !f.Legal && unlabelled[f.ID] == "" || labelledAllTheSame[f.ID] != ""
		if want && label == "" {
			t.Errorf("%s (%s): no broken rule is labelled", f.ID, f.Section)
		}
		if !want && label != "" {
			t.Errorf("%s: %q is labelled as broken, but all is in order", f.ID, label)
		}
	}
}
