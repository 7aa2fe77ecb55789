package tour

import (
	"fmt"
	"strings"
)

// script returns a leg as commands for Delve's --init.
func script(leg *Leg) string {
	var s strings.Builder
	fmt.Fprintf(&s, "# Leg %d of the tour: %s; %s.\n#\n", leg.Number, leg.Title, generatedBy)
	fmt.Fprintf(&s, "#   dlv debug --init internal/tour/%s . -- %s\n#\n", leg.Script(), strings.Join(leg.Replay(), " "))
	s.WriteString(howToGoOn)
	writeStops(&s, leg)
	s.WriteString("\ncontinue\n")
	return s.String()
}

// howToGoOn is said at the start of a script.
const howToGoOn = `# Each stop prints what is to be seen there, and "continue" goes on to the next one.
# Delve prints octets as decimal numbers; "print %x piece" has them in hex.
`

// scriptOfAll returns the whole tour as one script.
func scriptOfAll(legs []Leg) string {
	var s strings.Builder
	fmt.Fprintf(&s, "# All stops of the tour; %s.\n#\n", generatedBy)
	s.WriteString("#   dlv debug --init internal/tour/all.dlv . -- serve\n#\n")
	s.WriteString("# and then, in another terminal, any client: go run . dial ws://127.0.0.1:8080/\n")
	for i := range legs {
		fmt.Fprintf(&s, "\n# Leg %d: %s\n", legs[i].Number, legs[i].Title)
		writeStops(&s, &legs[i])
	}
	s.WriteString("\ncontinue\n")
	return s.String()
}

// writeStops writes a breakpoint for each stop of a leg. Its place is counted in
// lines from that of the function, so that an edit elsewhere in the file does not
// move it.
func writeStops(s *strings.Builder, leg *Leg) {
	for i := range leg.Stops {
		stop := &leg.Stops[i]
		name := leg.Breakpoint(stop)
		fmt.Fprintf(s, "\n# %v %s\nbreak %s %s:%d\n", stop, stop.Text, name, stop.Function, stop.Offset)
		if stop.Condition != "" {
			fmt.Fprintf(s, "condition %s %s\n", name, stop.Condition)
		}
		for _, value := range stop.Values {
			fmt.Fprintf(s, "on %s print %s\n", name, value.Expression)
		}
	}
}
