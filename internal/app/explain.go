package app

import (
	"fmt"

	"barewire/digest"
	"barewire/internal/annotate"
)

// Explain returns notes that show how a digest was computed, because its twenty bytes
// alone mean nothing to a reader. It is for annotate.Options.
func Explain(path string, message []byte) []annotate.Note {
	if path == echoPath || path == chatPath {
		return nil // a client wrote this message
	}
	reply := digest.ProcessMessage(nil) // the reply is the same for every message
	sum := digest.Sum(reply)
	if string(message) != string(sum[:]) {
		return nil
	}
	return []annotate.Note{
		{Layer: annotate.Application, Field: "1. reply", Value: fmt.Sprintf("%q", reply),
			Meaning: "what process_message returns for any message", Section: "FIPS 180-4"},
		{Layer: annotate.Application, Field: "2. SHA-1", Value: fmt.Sprintf("% x", sum),
			Meaning: "the digest of that text: this payload", Section: "FIPS 180-4"},
	}
}
