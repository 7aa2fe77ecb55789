package cli

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"barewire/internal/annotate"
)

// flagsOf returns the names of a command's flags, as its help prints them.
func flagsOf(t *testing.T, command string) (names []string) {
	t.Helper()
	_, out, _ := run("", "help", command)
	for _, match := range regexp.MustCompile(`(?m)^  -([a-z][\w-]*)`).FindAllStringSubmatch(out, -1) {
		names = append(names, match[1])
	}
	return names
}

// usageOf returns the text above the flags in a command's help, with single spaces.
func usageOf(t *testing.T, command string) string {
	t.Helper()
	_, out, _ := run("", "help", command)
	before, _, _ := strings.Cut(out, "\n  -")
	return strings.Join(strings.Fields(before), " ")
}

// TestHelpNamesFlags: each flag in a help text exists in that command, or in another
// command that the text names with it.
func TestHelpNamesFlags(t *testing.T) {
	for _, command := range commands {
		usage := usageOf(t, command.name)
		known := flagsOf(t, command.name)
		for _, other := range commands {
			if regexp.MustCompile(`\b` + other.name + `\b`).MatchString(usage) {
				known = append(known, flagsOf(t, other.name)...)
			}
		}
		for _, match := range regexp.MustCompile(` -([a-z][\w-]*)`).FindAllStringSubmatch(usage, -1) {
			if !slices.Contains(known, match[1]) {
				t.Errorf("barewire help %s names -%s, which is not a flag:\n%s", command.name, match[1], usage)
			}
		}
	}
}

// TestHelpNamesStatuses: each command's help names its exit statuses.
func TestHelpNamesStatuses(t *testing.T) {
	for _, command := range commands {
		if usage := usageOf(t, command.name); !strings.Contains(usage, "The exit status is 0") && !strings.Contains(usage, "The exit status is 1") {
			t.Errorf("barewire help %s does not name the exit statuses:\n%s", command.name, usage)
		}
	}
}

// TestHelpNamesKeys: a help text lists exactly the JSON keys that the command writes. The
// keys of an object are in braces, and a list of objects is in brackets.
func TestHelpNamesKeys(t *testing.T) {
	for _, test := range []struct {
		command string
		value   any
	}{
		{"explain", annotate.Unit{}}, {"explain", annotate.Span{}},
		{"rfc", rowJSON{}}, {"rfc", placeJSON{}}, {"rfc", sectionCount{}},
		{"probe", stepJSON{}},
	} {
		keys := keysOf(reflect.TypeOf(test.value))
		want := "{" + strings.Join(keys, ", ") + "}"
		usage := regexp.MustCompile(` \[\{.*?\}\]`).ReplaceAllString(usageOf(t, test.command), "")
		inner := regexp.MustCompile(`\[(\{.*?\})`).FindAllStringSubmatch(usageOf(t, test.command), -1)
		found := strings.Contains(usage, want)
		for _, list := range inner {
			found = found || list[1] == want
		}
		if !found {
			t.Errorf("barewire help %s does not list %s", test.command, want)
		}
	}
}

// keysOf returns the JSON keys of a struct, with those of embedded structs at their
// position.
func keysOf(t reflect.Type) (keys []string) {
	for i := range t.NumField() {
		field := t.Field(i)
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous:
			keys = append(keys, keysOf(field.Type)...)
		case key != "":
			keys = append(keys, key)
		}
	}
	return keys
}
