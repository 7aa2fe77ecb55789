package cli

import (
	"fmt"
	"runtime/debug"
)

const versionUsage = `barewire version

Prints the version, the version of Go that built it, and the commit.

The exit status is 0, or 1 if the output could not be written, or 2 if the arguments are
wrong.`

// version prints what the Go tool recorded about this build.
func version(args []string, std streams) int {
	flags := newFlagSet("version")
	if done, status := parseFlags(flags, args, versionUsage, std); done {
		return status
	}
	if flags.NArg() > 0 {
		return usageError(std, fmt.Errorf("version takes no argument %q", flags.Arg(0)))
	}
	version, goVersion, commit := "(unknown)", "(unknown)", "(unknown)"
	if info, ok := debug.ReadBuildInfo(); ok {
		version, goVersion = info.Main.Version, info.GoVersion
		for _, setting := range info.Settings {
			switch {
			case setting.Key == "vcs.revision":
				commit = setting.Value
			case setting.Key == "vcs.modified" && setting.Value == "true":
				commit += ", modified"
			}
		}
	}
	fmt.Fprintf(std.out, "barewire %s, %s, commit %s\n", version, goVersion, commit)
	return exitOK
}
