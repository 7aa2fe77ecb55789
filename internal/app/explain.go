package app

import (
	"fmt"

	"barewire/digest"
	"barewire/internal/annotate"
)

// Explain returns notes on where a digest comes from: its twenty bytes alone mean nothing
// to a reader. It is for annotate.Options.
func Explain(path string, message []byte) []annotate.Note {
	if path == echoPath || path == chatPath {
		return nil // there a client wrote it
	}
	reply := digest.ProcessMessage(nil) // the same whatever the message was
	sum := digest.Sum(reply)
	if string(message) != string(sum[:]) {
		return nil
	}
	return []annotate.Note{
		{Layer: annotate.Application, Field: "1. reply", Value: fmt.Sprintf("%q", reply),
			Meaning: "what process_message answers to any message", Section: "FIPS 180-4"},
		{Layer: annotate.Application, Field: "2. SHA-1", Value: fmt.Sprintf("% x", sum),
			Meaning: "the digest of that text: this payload", Section: "FIPS 180-4"},
	}
}
