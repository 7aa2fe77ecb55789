// Command generate writes internal/rfc/trace.tsv, the table of where each
// requirement is met and proved. "go generate ./internal/rfc" runs it.
package main

import (
	"fmt"
	"os"

	"barewire/internal/rfc"
)

func main() {
	if err := write("trace.tsv"); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// write makes the table anew. What is wrong with enforced.tsv goes to standard
// error; the table is written all the same, and the tests fail until it is put
// right.
func write(file string) error {
	tree, found := rfc.SourceTree(".")
	if !found {
		return fmt.Errorf("this is not in the source of barewire")
	}
	table, faults, err := rfc.Generate(tree)
	if err != nil {
		return err
	}
	for _, fault := range faults {
		fmt.Fprintln(os.Stderr, fault)
	}
	return os.WriteFile(file, []byte(table), 0o644)
}
