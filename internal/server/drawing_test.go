package server

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestLimitsTable: the table of limits on the package's page has each number and time
// of DefaultConfig, and no other one.
func TestLimitsTable(t *testing.T) {
	page, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	drawn := make(map[string]string)
	for _, row := range regexp.MustCompile(`(?m)^//\t([A-Z][a-z]\w*) +(\d.*?)  `).FindAllStringSubmatch(string(page), -1) {
		drawn[row[1]] = row[2]
	}
	config := reflect.ValueOf(DefaultConfig())
	for i := range config.NumField() {
		name, field := config.Type().Field(i).Name, config.Field(i)
		if !field.CanInt() || field.IsZero() {
			continue
		}
		if want := written(name, field); drawn[name] != want {
			t.Errorf("%s is %s, and on the page it is %q", name, want, drawn[name])
		}
		delete(drawn, name)
	}
	if len(drawn) > 0 {
		t.Errorf("the page has limits that DefaultConfig has not: %v", drawn)
	}
}

// written returns a limit as a person writes it.
func written(name string, field reflect.Value) string {
	n := field.Int()
	switch {
	case field.Type() == reflect.TypeFor[time.Duration]():
		return regexp.MustCompile(`m0s$`).ReplaceAllString(time.Duration(n).String(), "m")
	case strings.HasPrefix(name, "Max") && n >= 1<<20:
		return fmt.Sprintf("%d MiB", n>>20)
	case strings.HasPrefix(name, "Max") && n&(1<<10-1) == 0:
		return fmt.Sprintf("%d KiB", n>>10)
	case n >= 1000:
		return fmt.Sprintf("%d,%03d", n/1000, n%1000)
	}
	return fmt.Sprint(n)
}
