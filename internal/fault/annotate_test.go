package fault_test

import (
	"testing"

	"barewire/handshake"
	"barewire/internal/annotate"
	"barewire/internal/fault"
)

// unlabeled are the faults without a wrong byte: they are about the server's policy
// or limits, about what the client does not send, or about a rule for the server.
var unlabeled = map[string]string{
	"http-method-lower-case":  "a valid method that no server knows",
	"http-method-unknown":     "the same",
	"smuggle-body-of-get":     "the body is valid",
	"smuggle-body-unread":     "the body is valid",
	"body-cut-short":          "what is missing is noted",
	"frame-cut-short":         "what is missing is noted",
	"handshake-http-1.0":      "a valid request: HTTP/1.0 has no Upgrade",
	"handshake-no-upgrade":    "a valid request",
	"handshake-origin":        "the server decides which origins it accepts",
	"close-then-ping":         "the MUST NOT after a Close is about data frames",
	"close-twice":             "the MUST NOT after a Close is about data frames",
	"resource-length":         "a limit of the server",
	"resource-frame":          "a limit of the server",
	"resource-frame-gigabyte": "a limit of the server",
	"resource-message-sum":    "a limit of the server",
	"resource-bomb":           "a limit of the server",
}

// stillLabeled are legal for a client, or tolerated by the server, but contain
// something that a rule is about.
var stillLabeled = map[string]string{
	"http-line-feed-alone": "a strict parser refuses LF as a line end",
	"fragments-close":      "a data frame follows the Close",
	"offer-second":         "the first of the two offers is invalid",
}

// TestAnnotated: package annotate names the broken rule wherever a fault breaks one,
// and names nothing elsewhere.
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
		want := !f.Legal && unlabeled[f.ID] == "" || stillLabeled[f.ID] != ""
		if want && label == "" {
			t.Errorf("%s (%s): no broken rule is labeled", f.ID, f.Section)
		}
		if !want && label != "" {
			t.Errorf("%s: %q is labeled as broken, but the fault breaks no rule", f.ID, label)
		}
	}
}
