package httpwire

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// These tests read the drawings in this package's comments, and hold them to what
// the code does.

// commentOver returns the lines of the comment over a line of the source.
func commentOver(t *testing.T, file, line string) []string {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(source), "\n"+line)
	if !found {
		t.Fatalf("%s has no line that begins with %q", file, line)
	}
	lines := strings.Split(before, "\n")
	start := len(lines)
	for start > 0 && strings.HasPrefix(lines[start-1], "//") {
		start--
	}
	for i := range lines[start:] {
		lines[start+i] = strings.TrimPrefix(lines[start+i], "//")
	}
	return lines[start:]
}

// drawn is a line of the wire in a comment, with what is underlined in it.
type drawn struct {
	octets string // CR LF and the blank in front of it made the two octets
	parts  []string
}

// underlined returns the first drawing of the form
//
//	GET / HTTP/1.1 CR LF
//	|-| | |------|
func underlined(t *testing.T, lines []string) drawn {
	t.Helper()
	mark := regexp.MustCompile(`\|-+(?: head -+)?\|`)
	for i, line := range lines {
		if !mark.MatchString(line) || strings.TrimSpace(mark.ReplaceAllString(line, "")) != "" {
			continue
		}
		d := drawn{octets: onWire(lines[i-1])}
		for _, at := range mark.FindAllStringIndex(line, -1) {
			d.parts = append(d.parts, lines[i-1][at[0]:at[1]])
		}
		return d
	}
	t.Fatalf("no drawing with an underline in\n%s", strings.Join(lines, "\n"))
	return drawn{}
}

// onWire returns the octets that a drawn line stands for.
func onWire(line string) string {
	return regexp.MustCompile(` ?CR LF ?`).ReplaceAllString(strings.TrimPrefix(line, "\t"), "\r\n")
}

func checkParts(t *testing.T, d drawn, parsed ...string) {
	t.Helper()
	if !slices.Equal(d.parts, parsed) {
		t.Errorf("%q is drawn in the parts %q, and parsed into %q", d.octets, d.parts, parsed)
	}
}

func TestRequestLineDrawing(t *testing.T) {
	d := underlined(t, commentOver(t, "requestline.go", "func (r *Request) parseRequestLine("))
	var r Request
	if n, err := ParseRequest(&r, []byte(d.octets+"Host: a\r\n\r\n"), nil); n == 0 || err != nil {
		t.Fatal(err)
	}
	checkParts(t, d, r.Method, r.Target, fmt.Sprintf("HTTP/1.%d", r.Minor))
}

func TestTargetDrawing(t *testing.T) {
	d := underlined(t, commentOver(t, "target.go", "func (r *Request) parseAbsoluteForm("))
	var r Request
	if n, err := ParseRequest(&r, []byte("GET "+d.octets+" HTTP/1.1\r\nHost: a\r\n\r\n"), nil); n == 0 || err != nil {
		t.Fatal(err)
	}
	query, _ := strings.CutPrefix(d.parts[3], "?")
	d.parts[3] = query
	checkParts(t, d, r.Scheme, r.Authority, r.Path, r.Query)
}

func TestFieldLineDrawing(t *testing.T) {
	d := underlined(t, commentOver(t, "head.go", "func appendFieldLine("))
	fields, _, e := appendFieldLine(nil, d.octets, 0)
	if e != nil {
		t.Fatal(e)
	}
	checkParts(t, d, fields[0].Name, fields[0].Value)
}

func TestStatusLineDrawing(t *testing.T) {
	d := underlined(t, commentOver(t, "response.go", "func (r *Response) parseStatusLine("))
	var r Response
	if n, err := ParseResponse(&r, []byte(d.octets+"\r\n"), "GET", nil); n == 0 || err != nil {
		t.Fatal(err)
	}
	checkParts(t, d, fmt.Sprintf("HTTP/1.%d", r.Minor), fmt.Sprint(r.Status), r.Reason)
}

func TestHeadDrawing(t *testing.T) {
	d := underlined(t, commentOver(t, "head.go", "func cutHead("))
	head, complete := cutHead([]byte(d.octets), 1000)
	if len(d.parts) != 1 || onWire(d.parts[0]) != string(head) || !complete {
		t.Errorf("of %q the head is drawn as %q, and cut as %q", d.octets, d.parts, head)
	}
}

// TestPageMessage: the message on the package's page is one, and ends where the page
// says.
func TestPageMessage(t *testing.T) {
	var head string
	for _, line := range commentOver(t, "doc.go", "package httpwire") {
		if wire, _, found := strings.Cut(line, "CR LF "); found && strings.HasPrefix(wire, "\t") {
			head += onWire(wire + "CR LF")
		} else if strings.HasSuffix(line, " CR LF") {
			head += onWire(line)
		}
	}
	var r Request
	n, err := ParseRequest(&r, []byte(head), nil)
	if n == 0 || n != len(head) || err != nil || len(r.Fields) != 2 || r.Path != "/chat" || r.Query != "room=1" {
		t.Errorf("the page's message %q: %d octets of a head, %+v, %v", head, n, r, err)
	}
}

// TestPageLimits: the page's numbers are the defaults.
func TestPageLimits(t *testing.T) {
	limits := DefaultLimits()
	want := fmt.Sprintf("a head has at most %d KiB and %d fields, a method %d bytes, and the chunk extensions of a body %d KiB",
		limits.Head>>10, limits.Fields, limits.Method, limits.ChunkExtensions>>10)
	page := strings.Join(strings.Fields(strings.Join(commentOver(t, "doc.go", "package httpwire"), " ")), " ")
	if !strings.Contains(page, want) {
		t.Errorf("the page does not say %q", want)
	}
}

// TestChunkedDrawing feeds the decoder what is drawn over it, line by line: it is in
// the states that stand beside each line, and done behind the last one.
func TestChunkedDrawing(t *testing.T) {
	states := map[ChunkPart]string{ChunkSizeLine: "ChunkSizeLine", ChunkContent: "ChunkContent", ChunkEnd: "ChunkEnd", TrailerLine: "TrailerLine"}
	row := regexp.MustCompile(`^\t(.*?CR LF)(?: {2,}.*?((?:Chunk|Trailer)\w+(?:, \w+)?)?)?$`)
	var d ChunkedDecoder
	var content string
	rows := 0
	for _, line := range commentOver(t, "body.go", "type ChunkedDecoder struct") {
		match := row.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		rows++
		if match[2] != "" && !slices.Contains(strings.Split(match[2], ", "), states[d.state]) {
			t.Errorf("before %q the decoder is in the state %s, and drawn in %s", match[1], states[d.state], match[2])
		}
		for wire := []byte(onWire(match[1])); len(wire) > 0; {
			data, n, _, err := d.Next(wire)
			if err != nil || n == 0 {
				t.Fatalf("%q: %d octets used, %v", wire, n, err)
			}
			content += string(data)
			wire = wire[n:]
		}
	}
	if rows != 5 || content != "hello" || d.state != ChunkedEnd {
		t.Errorf("%d lines are drawn, the content is %q, and done is %v; want 5, hello, true", rows, content, d.state == ChunkedEnd)
	}
}

// wireOf returns the octets of the message that is drawn in a comment, without the
// remarks beside its lines.
func wireOf(lines []string) (wire string) {
	remark := regexp.MustCompile(`CR LF {2,}.*`)
	for i, line := range lines {
		if strings.HasSuffix(remark.ReplaceAllString(line, "CR LF"), "CR LF") {
			wire += onWire(remark.ReplaceAllString(line, "CR LF"))
			if line == "\tCR LF" && i+1 < len(lines) && strings.HasPrefix(lines[i+1], "\t") {
				return wire + strings.TrimPrefix(lines[i+1], "\t") // the content
			}
		}
	}
	return wire
}

// TestAppendDrawings: what is drawn over AppendResponse and AppendRequest is what they
// append.
func TestAppendDrawings(t *testing.T) {
	hello := Response{Status: 200, Fields: Fields{{Name: "Content-Type", Value: "text/plain"}}, Content: []byte("Hello World!")}
	got, err := AppendResponse(nil, &hello, "Sun, 06 Nov 1994 08:49:37 GMT", "GET")
	if want := wireOf(commentOver(t, "write.go", "func AppendResponse(")); err != nil || string(got) != want {
		t.Errorf("AppendResponse appends %q (%v), and over it is drawn %q", got, err, want)
	}
	got, err = AppendRequest(nil, "GET", "/chat", Fields{{Name: "Host", Value: "example.com"}})
	if want := wireOf(commentOver(t, "write.go", "func AppendRequest(")); err != nil || string(got) != want {
		t.Errorf("AppendRequest appends %q (%v), and over it is drawn %q", got, err, want)
	}
}

// TestErrorDrawings: the lines over Error and Response are what they say of that error.
func TestErrorDrawings(t *testing.T) {
	_, err := ParseRequest(new(Request), []byte("GET / HTTP/1.1\r\nA: abcdef\r\nHost: a b\r\n\r\n"), nil)
	e := err.(*Error)
	content := strings.TrimSuffix(string(e.Response().Content), "\n")
	if !slices.Contains(commentOver(t, "error.go", "func (e *Error) Error("), "\t"+e.Error()) ||
		!slices.Contains(commentOver(t, "error.go", "func (e *Error) Response("), "\t"+content) {
		t.Errorf("the comments over Error and Response do not show\n%v\n%s", e, content)
	}
}

// TestListDrawing: the list over cutElement is cut as it is drawn, in columns.
func TestListDrawing(t *testing.T) {
	drawn := make(map[string]string)
	for _, line := range commentOver(t, "fields.go", "func cutElement(") {
		for _, name := range []string{"list", "element", "rest"} {
			if text, found := strings.CutPrefix(line, "\t"+name+" "); found {
				text, _, _ = strings.Cut(text, " (")
				drawn[name] = strings.TrimSpace(text)
			}
		}
	}
	element, rest := cutElement(drawn["list"])
	if element != drawn["element"] || strings.TrimSpace(rest) != drawn["rest"] || element == "" {
		t.Errorf("%q is cut into %q and %q, and drawn as %q and %q", drawn["list"], element, rest, drawn["element"], drawn["rest"])
	}
}

// TestFoldDrawing: the fold over unfold becomes what stands behind it.
func TestFoldDrawing(t *testing.T) {
	for _, line := range commentOver(t, "response.go", "func unfold(") {
		before, after, found := strings.Cut(strings.TrimSpace(line), "    becomes    ")
		if !found {
			continue
		}
		octets := strings.NewReplacer(" CR LF HTAB ", "\r\n\t", " SP SP SP ", "   ")
		const status = "HTTP/1.1 200 OK\r\n"
		if got := unfold([]byte(status + octets.Replace(before))); got != status+octets.Replace(after) {
			t.Errorf("%q becomes %q, and is drawn to become %q", before, got, after)
		}
		return
	}
	t.Error("no fold is drawn over unfold")
}
