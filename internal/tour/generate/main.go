// Command generate writes what is made from the marks of the tour: see package
// tour. "go generate ./internal/tour" runs it.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"barewire/internal/tour"
)

func main() {
	if err := write(filepath.Join("..", "..")); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write makes the files anew in the tree of barewire's source at root.
func write(root string) error {
	files, err := tour.Generate(os.DirFS(root))
	if err != nil {
		return err
	}
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
