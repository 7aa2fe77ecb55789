package rfc

import (
	"slices"
	"testing"
	"testing/fstest"
)

// TestProofs shows what is a mark and what is none.
func TestProofs(t *testing.T) {
	tests := []struct {
		name   string
		source string
		want   []string
	}{
		{"over a function", "// req: 1-1-a\nfunc TestA() {}", []string{"p/x_test.go:3: 1-1-a"}},
		{"on a row", "var rows = []string{\n\t\"81 05\", // req: 1-1-a\n}", []string{"p/x_test.go:4: 1-1-a"}},
		{"several ids", "// req: 1-1-a 1-1-b", []string{"p/x_test.go:3: 1-1-a", "p/x_test.go:3: 1-1-b"}},
		{"with commas", "// req: 1-1-a, 1-1-b", []string{"p/x_test.go:3: 1-1-a", "p/x_test.go:3: 1-1-b"}},
		{"behind a sentence", "// An empty one. req: 1-1-a", []string{"p/x_test.go:3: 1-1-a"}},
		{"words behind the ids are taken for ids", "// req: 1-1-a too", []string{"p/x_test.go:3: 1-1-a", "p/x_test.go:3: too"}},
		{"in a long comment", "/* so\nreq: 1-1-a */", []string{"p/x_test.go:4: 1-1-a"}},
		{"without ids", "// req:", nil},
		{"in a string", "var s = \"// req: 1-1-a\"", nil},
		{"no comment at all", "func TestA() {}", nil},
	}
	for _, test := range tests {
		tree := fstest.MapFS{"p/x_test.go": {Data: []byte("package p\n\n" + test.source + "\n")}}
		proofs, err := Proofs(tree)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		var got []string
		for _, proof := range proofs {
			got = append(got, proof.String())
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s:\n got %q\nwant %q", test.name, got, test.want)
		}
	}
}

// TestProofsReadsTestsOnly: only files that "go test" would run count.
func TestProofsReadsTestsOnly(t *testing.T) {
	file := &fstest.MapFile{Data: []byte("package p\n\n// req: 1-1-a\n")}
	tree := fstest.MapFS{
		"x_test.go":            file,
		"internal/p/x_test.go": file,
		"p/x.go":               file, // no test
		"p/x_test.go.txt":      file, // no Go
		".git/x_test.go":       file,
		"_old/x_test.go":       file,
		"p/testdata/x_test.go": file,
	}
	proofs, err := Proofs(tree)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, proof := range proofs {
		got = append(got, proof.File)
	}
	if want := []string{"internal/p/x_test.go", "x_test.go"}; !slices.Equal(got, want) {
		t.Errorf("marks were read from %q, want %q", got, want)
	}
}
