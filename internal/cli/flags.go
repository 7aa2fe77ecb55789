package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
)

// newFlagSet returns an empty set of flags that does not print errors itself.
func newFlagSet(name string) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	return flags
}

// parseFlags parses the flags of a command. If done is true, the command ends at once
// with this status.
func parseFlags(flags *flag.FlagSet, args []string, usage string, std streams) (done bool, status int) {
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(std.out, "%s\n\n", usage)
		flags.SetOutput(std.out)
		flags.PrintDefaults()
		return true, exitOK
	}
	if err != nil {
		return true, usageError(std, fmt.Errorf("%w; barewire help %s lists the flags", err, flags.Name()))
	}
	return false, exitOK
}

// size is a flag's value in bytes, written as 1MiB, 16KiB, 512B or 512.
type size int64

// sizeUnits are the units of a size, in the order in which Set and String try them.
var sizeUnits = []struct {
	name  string
	bytes int64
}{
	{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}, {"", 1},
}

func (s *size) Set(text string) error {
	for _, unit := range sizeUnits {
		digits, found := strings.CutSuffix(text, unit.name)
		if !found {
			continue
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n <= 0 || n > math.MaxInt32*1024/unit.bytes {
			break
		}
		*s = size(n * unit.bytes)
		return nil
	}
	return errors.New("want a size such as 512, 16KiB or 1MiB")
}

func (s *size) String() string {
	for _, unit := range sizeUnits {
		if int64(*s) >= unit.bytes && int64(*s)%unit.bytes == 0 {
			return strconv.FormatInt(int64(*s)/unit.bytes, 10) + unit.name
		}
	}
	return "0"
}

// duration is a flag's value that must not be negative; 0 means no limit.
type duration time.Duration

func (d *duration) Set(text string) error {
	parsed, err := time.ParseDuration(text)
	if err != nil || parsed < 0 {
		return errors.New("want a duration such as 500ms, 10s or 2m")
	}
	*d = duration(parsed)
	return nil
}

func (d *duration) String() string {
	text := time.Duration(*d).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	return text
}

// list is a flag's value whose elements are separated by commas.
type list []string

func (l *list) Set(text string) error {
	for _, element := range strings.Split(text, ",") {
		if element = strings.TrimSpace(element); element != "" {
			*l = append(*l, element)
		}
	}
	return nil
}

func (l *list) String() string { return strings.Join(*l, ",") }
