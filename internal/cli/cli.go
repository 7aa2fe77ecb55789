package cli

import (
	"crypto/sha1"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Exit statuses.
const (
	exitOK      = 0
	exitFailure = 1 // the command could not do its work
	exitUsage   = 2 // the arguments are wrong
)

// streams is where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// command is one word that may follow barewire.
type command struct {
	name    string
	summary string
	run     func(args []string, std streams) (status int)
}

// commands lists them in the order of the help text.
var commands = []command{
	{"serve", "Hello World! and the WebSocket digest on one port (the default)", serve},
	{"dial", "a WebSocket client: lines of standard input out, messages in", dial},
	{"explain", "what every byte and bit of captured traffic means", explain},
	{"replay", "plays a kept conversation to the server or the client, and compares", replayCommand},
	{"probe", "breaks the rules on purpose against any server: expected beside got", probe},
	{"smallest", "the article's programs in their smallest form: one page of code", serveSmallest},
	{"rfc", "what the RFCs require, the code that does it, the tests that prove it", requirements},
	{"version", "the version, Go's version, and the commit", version},
}

// Run runs the command in args, which do not include the program's name, and returns the
// exit status. A command fails if its output cannot be written.
func Run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := &output{to: stdout}
	status := runCommand(args, streams{stdin, out, stderr})
	if err := out.failed(); err != nil {
		complain(stderr, err)
		return exitFailure
	}
	return status
}

// runCommand runs the command that args[0] names, or serve.
func runCommand(args []string, std streams) int {
	if len(args) == 0 || strings.HasPrefix(args[0], "-") && !isHelp(args[0]) {
		args = append([]string{"serve"}, args...)
	}
	name, args := args[0], args[1:]
	if name == "help" || isHelp(name) {
		return help(args, std)
	}
	if !permitsSHA1() {
		return usageError(std, errSHA1)
	}
	for _, command := range commands {
		if command.name == name {
			return command.run(args, std)
		}
	}
	return usageError(std, fmt.Errorf("unknown command %q; barewire help lists them", name))
}

// errSHA1 is the error of every command if SHA-1 is not available: one line at the start
// is better than a panic for each connection.
var errSHA1 = errors.New("a WebSocket opens with SHA-1 (RFC 6455 §4.2.2), which GODEBUG=fips140=only forbids; fips140=on permits it")

// permitsSHA1 reports whether this process may compute SHA-1. Where it may not, sha1.Sum
// panics.
func permitsSHA1() (permitted bool) {
	defer func() { permitted = recover() == nil }()
	sha1.Sum(nil)
	return true
}

// isHelp reports whether a word that is not a command asks for help.
func isHelp(word string) bool { return word == "-h" || word == "-help" || word == "--help" }

// help prints the list of commands, or the flags of one of them.
func help(args []string, std streams) int {
	if len(args) > 0 && args[0] != "help" && !isHelp(args[0]) {
		return runCommand([]string{args[0], "-help"}, std)
	}
	fmt.Fprint(std.out, "barewire: HTTP/1.1 and WebSocket, with every layer open to read\n\n")
	for _, command := range commands {
		fmt.Fprintf(std.out, "  barewire %-10s %s\n", command.name, command.summary)
	}
	fmt.Fprintf(std.out, "  barewire %-10s %s\n", "help NAME", "the flags and the exit statuses of a command")
	return exitOK
}

// usageError prints on one line what is wrong with the arguments.
func usageError(std streams, err error) int {
	complain(std.err, err)
	return exitUsage
}

// failure prints on one line why the command failed. If writing to standard output failed,
// that is the cause, and Run prints it instead.
func failure(std streams, err error) int {
	if out, ok := std.out.(*output); !ok || out.failed() == nil {
		complain(std.err, err)
	}
	return exitFailure
}
