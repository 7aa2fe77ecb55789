package cli

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"barewire/digest"
	"barewire/httpwire"
	"barewire/internal/app"
	"barewire/internal/server"
)

// shown is a command in README, with the part of its output that README shows.
type shown struct {
	command string
	output  string
}

// shownInReadme returns the commands after a $, in order.
func shownInReadme(t *testing.T) (all []shown) {
	t.Helper()
	text := readme(t)
	inBlock := false
	for line := range strings.Lines(text) {
		indented, ok := strings.CutPrefix(line, "    ")
		switch command, isCommand := strings.CutPrefix(indented, "$ "); {
		case ok && isCommand:
			all = append(all, shown{command: strings.TrimSuffix(command, "\n")})
			inBlock = true
		case inBlock && (ok || line == "\n"): // an empty line does not end a block
			all[len(all)-1].output += indented
		default:
			inBlock = false
		}
	}
	for i := range all {
		all[i].output = strings.TrimRight(all[i].output, "\n")
	}
	return all
}

// TestReadmeCommands: each of our commands in README, in a block or in backticks, exists,
// and so do its flags and the files that it names.
func TestReadmeCommands(t *testing.T) {
	tree := sourceTree(t)
	text := readme(t)
	var given []string
	for _, command := range shownInReadme(t) {
		given = append(given, command.command)
	}
	for _, command := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(text, -1) {
		given = append(given, command[1])
	}
	seen := 0
	for _, command := range given {
		_, arguments, found := strings.Cut(command, "go run .")
		folder, _, elsewhere := strings.Cut(strings.TrimPrefix(command, "cd "), " && go run .")
		switch {
		case found && elsewhere:
			seen++
			for _, name := range flagNames(arguments) {
				if !regexp.MustCompile(`\bflags?\.\w+\((&\S+, )?"` + name + `"`).MatchString(read(t, tree, folder+"/main.go")) {
					t.Errorf("%s: %s has no flag -%s", command, folder, name)
				}
			}
		case found:
			seen++
			checkCommand(t, command, strings.Fields(arguments))
		case strings.HasPrefix(command, "-"):
			seen++
			checkCommand(t, command, append([]string{"serve"}, strings.Fields(command)...))
		}
		for _, name := range regexp.MustCompile(`\binternal/[\w./-]+`).FindAllString(command, -1) {
			if !isFile(tree, strings.TrimSuffix(name, "/...")) {
				t.Errorf("%s: there is no %s", command, name)
			}
		}
		if test := regexp.MustCompile(`^go test -run (\w+) \./([\w/]+)`).FindStringSubmatch(command); test != nil {
			declared := false
			files, _ := fs.Glob(tree, test[2]+"/*_test.go")
			for _, file := range files {
				declared = declared || strings.Contains(read(t, tree, file), "func "+test[1]+"(")
			}
			if !declared {
				t.Errorf("%s: package %s has no such test", command, test[2])
			}
		}
	}
	if seen < 15 {
		t.Errorf("found only %d commands in README: this test no longer reads them", seen)
	}
}

// checkCommand checks the words after barewire, or after "go run .".
func checkCommand(t *testing.T, given string, words []string) {
	t.Helper()
	name := "serve"
	if len(words) > 0 && words[0] == "help" {
		words = words[1:]
	}
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		name, words = words[0], words[1:]
	}
	if !slices.ContainsFunc(commands, func(c command) bool { return c.name == name }) {
		t.Errorf("%s: there is no command %q", given, name)
		return
	}
	known := flagsOf(t, name)
	for _, flag := range flagNames(strings.Join(words, " ")) {
		if !slices.Contains(known, flag) {
			t.Errorf("%s: barewire %s has no flag -%s", given, name, flag)
		}
	}
}

// flagNames returns the flags in a line, without the - and without a value after =.
func flagNames(line string) (names []string) {
	for _, match := range regexp.MustCompile(`(?:^| )--?([a-z][\w-]*)`).FindAllStringSubmatch(line, -1) {
		names = append(names, match[1])
	}
	return names
}

// TestReadmeOutputs runs, in this process, the commands whose output README shows. It does
// not compare line numbers of the source, which change with each edit.
func TestReadmeOutputs(t *testing.T) {
	seen := 0
	for _, s := range shownInReadme(t) {
		got, runs := outputOf(t, s)
		if !runs {
			continue
		}
		seen++
		number := regexp.MustCompile(`\.go:\d+`)
		got, want := number.ReplaceAllString(got, ".go:N"), number.ReplaceAllString(s.output, ".go:N")
		if strings.TrimRight(got, "\n") != want {
			t.Errorf("$ %s\nprints\n%s\nand README shows\n%s", s.command, got, want)
		}
	}
	if seen < 6 {
		t.Errorf("compared only %d outputs, want 6 or more: this test no longer finds them", seen)
	}
}

// outputOf returns the output of a command in README. ok is false if the command cannot be
// run here.
func outputOf(t *testing.T, s shown) (output string, runs bool) {
	t.Helper()
	printf := regexp.MustCompile(`^printf '(.*)' \| (.*)$`).FindStringSubmatch(s.command)
	switch {
	case s.command == "go run .":
		return banner(), true
	case strings.HasPrefix(s.command, "go run . dial "):
		hi, _, _ := strings.Cut(s.output, "\n")
		return fmt.Sprintf("%s\n< %x", hi, digest.Sum(digest.ProcessMessage([]byte(hi)))), true
	case strings.HasPrefix(s.command, "go run . rfc "):
		_, out, _ := run("", strings.Fields(s.command)[3:]...)
		return out, true
	case printf != nil && strings.HasPrefix(printf[2], "go run . "):
		_, out, _ := run(bytesOf(t, printf[1]), strings.Fields(printf[2])[3:]...)
		return out, true
	case printf != nil && strings.HasPrefix(printf[2], "nc "):
		return tail(t, talk(bytesOf(t, printf[1]), time.Now()), printf[2]), true
	case s.command == "curl -i http://127.0.0.1:8080/":
		return firstResponse(t, talk("GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\nthe end\r\n\r\n", dateIn(t, s.output))), true
	}
	return "", false
}

// TestBannerCanBeOpened: the URLs in the banner lead to the server, for each kind of
// address.
func TestBannerCanBeOpened(t *testing.T) {
	for _, test := range []struct {
		asked string
		addr  net.Addr
		wants []string
	}{
		{"192.0.2.7:80", &net.TCPAddr{IP: net.IPv4(192, 0, 2, 7), Port: 80}, []string{"on 192.0.2.7:80\n", "-i http://192.0.2.7:80/\n"}},
		{":80", &net.TCPAddr{IP: net.IPv6unspecified, Port: 80}, []string{"on [::]:80\n", "-i http://localhost:80/\n", "ws://localhost:80/echo"}},
		{"0.0.0.0:80", &net.TCPAddr{IP: net.IPv4zero, Port: 80}, []string{"on 0.0.0.0:80\n", "-i http://localhost:80/\n"}},
		{"[fe80::1%eth0]:80", &net.TCPAddr{IP: net.ParseIP("fe80::1"), Port: 80},
			[]string{"on [fe80::1%eth0]:80\n", "-i http://[fe80::1%25eth0]:80/\n"}},
		{"unix:/run/b.sock", &net.UnixAddr{Name: "/run/b.sock", Net: "unix"},
			[]string{"on /run/b.sock\n", "curl --unix-socket /run/b.sock -i http://localhost/\n"}},
	} {
		var out bytes.Buffer
		printBanner(streams{out: &out}, withZone(test.addr, test.asked), nil, false)
		for _, want := range test.wants {
			if !strings.Contains(out.String(), want) {
				t.Errorf("-addr %s: the banner does not contain %q:\n%s", test.asked, want, out.String())
			}
		}
	}
}

// banner returns the banner of a server with the default flags.
func banner() string {
	var out bytes.Buffer
	printBanner(streams{out: &out}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}, nil, true)
	return out.String()
}

// talk sends bytes to a server whose clock stands still, and returns everything that the
// server sends.
func talk(data string, clock time.Time) string {
	config := server.DefaultConfig()
	config.App = new(app.App)
	config.Clock = func() time.Time { return clock }
	config.Logger = slog.New(slog.DiscardHandler)
	near, far := net.Pipe()
	go server.New(config).ServeConn(far)
	go near.Write([]byte(data))
	answer, _ := io.ReadAll(near)
	return string(answer)
}

// dateIn returns the time in the Date field of a response.
func dateIn(t *testing.T, response string) time.Time {
	t.Helper()
	_, date, _ := strings.Cut(response, "Date: ")
	date, _, _ = strings.Cut(date, "\n")
	at, err := time.Parse(http.TimeFormat, date)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// bytesOf returns the bytes that printf prints for a text.
func bytesOf(t *testing.T, text string) string {
	t.Helper()
	data, err := strconv.Unquote(`"` + text + `"`)
	if err != nil {
		t.Fatalf("printf %s: %v", text, err)
	}
	return data
}

// tail returns the part of an answer that the tail at the end of a command prints.
func tail(t *testing.T, answer, command string) string {
	t.Helper()
	words := strings.Fields(command)
	switch size := words[len(words)-1]; {
	case size == "-1":
		lines := strings.Split(strings.TrimRight(answer, "\n"), "\n")
		return lines[len(lines)-1]
	case words[len(words)-2] == "-c":
		n, err := strconv.Atoi(size)
		if err != nil || n > len(answer) {
			t.Fatalf("%s of %d bytes: %v", command, len(answer), err)
		}
		return answer[len(answer)-n:]
	}
	t.Fatalf("%q does not end with a tail command that this test knows", command)
	return ""
}

// firstResponse returns the first response of an answer, with LF as line ends.
func firstResponse(t *testing.T, answer string) string {
	t.Helper()
	var response httpwire.Response
	n, err := httpwire.ParseResponse(&response, []byte(answer), "GET", nil)
	if n == 0 || err != nil {
		t.Fatalf("%q is not a response: %v", answer, err)
	}
	return strings.ReplaceAll(answer[:n+int(response.Body.Length)], "\r\n", "\n")
}
