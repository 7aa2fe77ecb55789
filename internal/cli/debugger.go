package cli

import (
	"bytes"
	"errors"
	"flag"
	"os"
)

// debuggerFlag is the value of -debugger: auto, on or off. -debugger alone means on.
// The system clock keeps running while the program stands at a breakpoint, so under a
// debugger there are no timeouts.
type debuggerFlag bool

// debuggerVar defines -debugger, whose default is auto.
func debuggerVar(flags *flag.FlagSet, value *debuggerFlag) {
	*value = debuggerFlag(isTraced())
	flags.Var(value, "debugger", "no timeouts, and no parked connections, so that a connection survives a breakpoint: `auto`, on or off; auto means on if the program was started under a debugger (default auto)")
}

// IsBoolFlag permits -debugger without a value; package flag then calls Set("true").
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

// isTraced reports whether another process traces this one, as a debugger does. It reads
// a file that only Linux has; on other systems the result is false.
func isTraced() bool {
	status, err := os.ReadFile("/proc/self/status")
	_, tracer, found := bytes.Cut(status, []byte("\nTracerPid:\t"))
	return err == nil && found && !bytes.HasPrefix(tracer, []byte("0\n"))
}
