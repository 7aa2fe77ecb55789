// Package conversations holds the kept conversations, which "barewire replay" plays:
// transcripts of what passed between a client and a server, each byte explained.
// "go test ./internal/cli -run Fresh -update" writes them again.
package conversations

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.txt
var files embed.FS

// Names returns the names of all of them, sorted.
func Names() (names []string) {
	found, _ := fs.Glob(files, "*.txt")
	for _, file := range found {
		names = append(names, strings.TrimSuffix(file, ".txt"))
	}
	return names
}

// Read returns the transcript with a name, such as "digest".
func Read(name string) (transcript []byte, found bool) {
	transcript, err := files.ReadFile(name + ".txt")
	return transcript, err == nil
}

// About returns what a transcript shows, in a few words: the beginning of its comment.
func About(transcript []byte) string {
	_, comment, _ := strings.Cut(string(transcript), "\n//\n// ")
	comment, _, _ = strings.Cut(comment, "\n\n")
	comment = strings.ReplaceAll(comment, "\n// ", " ")
	for _, end := range []string{": ", ". ", " (", "! ", ", and "} {
		comment, _, _ = strings.Cut(comment, end)
	}
	return comment
}
