package cli

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// readme returns README.md.
func readme(t *testing.T) string {
	t.Helper()
	return read(t, sourceTree(t), "README.md")
}

// TestReadmeLinks: every link leads to a file, a folder, a heading, or the web.
func TestReadmeLinks(t *testing.T) {
	tree := sourceTree(t)
	text := readme(t)
	var headings []string
	for _, heading := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(text, -1) {
		anchor := strings.ReplaceAll(strings.ToLower(heading[1]), " ", "-")
		headings = append(headings, regexp.MustCompile(`[^\w-]`).ReplaceAllString(anchor, ""))
	}
	for _, link := range regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(text, -1) {
		anchor, isAnchor := strings.CutPrefix(link[1], "#")
		switch {
		case strings.HasPrefix(link[1], "https://"):
		case isAnchor && !slices.Contains(headings, anchor):
			t.Errorf("README links to #%s, but has no such heading", anchor)
		case !isAnchor && !isFile(tree, link[1]):
			t.Errorf("README links to %s, which does not exist", link[1])
		}
	}
}

// TestCoreDoesNoIO: the core packages import no package that can do I/O.
func TestCoreDoesNoIO(t *testing.T) {
	tree := sourceTree(t)
	forbidden := regexp.MustCompile(`(?m)^(?:import )?\t?"(net|net/http|crypto/tls|os|syscall|log|log/slog|sync/atomic|barewire/internal/(?:bufconn|socket))"$`)
	for _, folder := range []string{"httpwire", "handshake", "wsframe", "internal/deflate", "digest"} {
		files, _ := fs.Glob(tree, folder+"/*.go")
		for _, file := range files {
			if match := forbidden.FindStringSubmatch(read(t, tree, file)); match != nil && !strings.HasSuffix(file, "_test.go") {
				t.Errorf("%s imports %s", file, match[1])
			}
		}
	}
}
