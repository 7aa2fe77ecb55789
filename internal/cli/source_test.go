package cli

import (
	"io/fs"
	"os"
	"path"
	"testing"
)

// sourceTree is the folder of barewire's source.
func sourceTree(t *testing.T) fs.FS {
	t.Helper()
	return os.DirFS("../..")
}

// read returns a file of the source.
func read(t *testing.T, tree fs.FS, name string) string {
	t.Helper()
	text, err := fs.ReadFile(tree, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// isFile reports whether the source has a file or folder with that name.
func isFile(tree fs.FS, name string) bool {
	_, err := fs.Stat(tree, path.Clean(name))
	return err == nil
}
