package main

import (
	"fmt"
	"os"
	"path/filepath"
)

//go:generate go run .

// root is the top of the repository, from this folder.
var root = filepath.Join("..", "..")

func main() {
	if err := writeAll(); err != nil {
		fmt.Fprintln(os.Stderr, "tour:", err)
		os.Exit(1)
	}
}

// writeAll writes each file that is made from the stops.
func writeAll() error {
	files, err := generate()
	if err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}
