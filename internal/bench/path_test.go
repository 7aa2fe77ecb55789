package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestCovered(t *testing.T) {
	got := covered(`barewire/wsframe/mask.go:12:			Mask				66.7%
barewire/wsframe/mask.go:40:			maskPlain			0.0%
barewire/internal/wsconn/read.go:9:		*Conn.wait			100.0%
barewire/` + hookFile + `:11:		init				100.0%
total						(statements)			12.3%
`)
	want := []function{{"wsframe/mask.go", "Mask"}, {"internal/wsconn/read.go", "*Conn.wait"}}
	if !slices.Equal(got, want) {
		t.Errorf("covered %v", got)
	}
}

func TestLastStack(t *testing.T) {
	got := lastStack(`goroutine 7 [running]:
barewire/internal/server.earlier()
	/tree/internal/server/earlier.go:1 +0x1
created by barewire/internal/server.(*Server).accepted in goroutine 2
	/tree/internal/server/server.go:118 +0x1b9
goroutine 28 [running]:
runtime/debug.PrintStack()
	/go/src/runtime/debug/stack.go:18 +0x13
barewire/internal/server.echo.OnMessage({{}}, 0x22, {0x40?, {0x22b7, 0x18?, 0x0?}})
	/tree/internal/server/websocket.go:132 +0x6f
net.(*rawConn).Read(0x22, 0x22?)
	/go/src/net/rawconn.go:44 +0x36
barewire/internal/wsconn.(*Conn).Serve(...)
	/tree/internal/wsconn/handler.go:73
created by barewire/internal/server.(*Server).accepted in goroutine 27
	/tree/internal/server/server.go:118 +0x1b9
`)
	want := []function{
		{"/tree/internal/server/websocket.go:132", "barewire/internal/server.echo.OnMessage"},
		{"/go/src/net/rawconn.go:44", "net.(*rawConn).Read"},
		{"/tree/internal/wsconn/handler.go:73", "barewire/internal/wsconn.(*Conn).Serve"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("frames %v", got)
	}
}

func TestPrintStacks(t *testing.T) {
	const imported = `; import stackdebug "runtime/debug"`
	for _, c := range []struct{ name, source, want string }{
		{"a method",
			"package p\n\nfunc (e echo) OnMessage(m any) error {\n\treturn nil\n}\n",
			"package p" + imported + "\n\nfunc (e echo) OnMessage(m any) error {stackdebug.PrintStack();\n\treturn nil\n}\n"},
		{"a method on one line, with braces in its signature",
			"package p\n\nfunc (echo) OnMessage(m interface{}) { f(m) }\n",
			"package p" + imported + "\n\nfunc (echo) OnMessage(m interface{}) {stackdebug.PrintStack(); f(m) }\n"},
		{"only in a comment",
			"package p\n\n// See (echo) OnMessage(m).\nvar x int\n",
			"package p\n\n// See (echo) OnMessage(m).\nvar x int\n"},
		{"not at all", "package p\n", "package p\n"},
	} {
		if got, err := printStacks([]byte(c.source)); err != nil || string(got) != c.want {
			t.Errorf("%s: %v\n%s", c.name, err, got)
		}
	}
}

// TestPath runs a real server, and checks for functions that every echo needs.
func TestPath(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds barewire, which takes long")
	}
	var out strings.Builder
	if err := printPath(&out, t.TempDir(), ""); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`(?m)^one text message, echoed: \d{2,} functions in \d+ files$`,
		`(?m)^  wsframe/\w+\.go +\d+  .*\bParseHeader\b`,
		`(?m)^one GET: \d{2,} functions in \d+ files$`,
		`(?m)^  httpwire/\w+\.go +\d+  .*\bParseRequest\b`,
		`(?m)^the stack at OnMessage: \d+ frames, [1-9]\d* of them barewire's\n  .*\.OnMessage +internal/.*\.go:\d+$`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	}
}
