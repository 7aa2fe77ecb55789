package cli

import (
	"bytes"
	"errors"
	"flag"
	"os"
)

// debuggerFlag is the value of -debugger: auto, on or off. Bare -debugger means on.
// While a person stands at a breakpoint the clock runs on, so under a debugger nothing
// has a timeout.
type debuggerFlag bool

// debuggerVar defines -debugger, whose default is auto.
func debuggerVar(flags *flag.FlagSet, value *debuggerFlag) {
	*value = debuggerFlag(isTraced())
	flags.Var(value, "debugger", "no timeouts, and no parked connections, so that a connection survives a breakpoint: `auto`, on or off; auto means on if the program was started under a debugger (default auto)")
}

// IsBoolFlag lets -debugger stand alone, which is then Set("true").
func (f *debuggerFlag) IsBoolFlag() bool { return true }

func (f *debuggerFlag) Set(text string) error {
	switch text {
	case "on", "true":
		*f = true
	case "off", "false":
		*f = false
	case "auto":
		*f = debuggerFlag(isTraced())
	default:
		return errors.New("want auto, on or off")
	}
	return nil
}

func (f *debuggerFlag) String() string { return "" }

// isTraced reports whether another process traces this one, as a debugger does. Linux
// shows that; on other systems there is no such file, and the answer is no.
func isTraced() bool {
	status, err := os.ReadFile("/proc/self/status")
	_, tracer, found := bytes.Cut(status, []byte("\nTracerPid:\t"))
	return err == nil && found && !bytes.HasPrefix(tracer, []byte("0\n"))
}
