package handshake

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"barewire/httpwire"
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

// TestURLDrawing: each underlined part of the URI is what ParseURL takes for it.
func TestURLDrawing(t *testing.T) {
	lines := commentOver(t, "url.go", "func ParseURL(")
	at := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, "└") })
	text, marks := []rune(lines[at-1]), lines[at]
	var parts []string
	columns := regexp.MustCompile(`└[─┬]+┘`)
	for _, mark := range columns.FindAllStringIndex(marks, -1) {
		start := len([]rune(marks[:mark[0]]))
		parts = append(parts, string(text[start:start+len([]rune(marks[mark[0]:mark[1]]))]))
	}
	u, err := ParseURL(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	host, port, _ := strings.Cut(u.Address, ":")
	want := []string{"wss", u.User.String(), host, port, u.Resource}
	if !u.Secure || !slices.Equal(parts, want) {
		t.Errorf("%s is drawn in the parts %q, and parsed into %q", string(text), parts, want)
	}
}

// pageHeads returns the two heads on the package's page, their lines in order, and
// the step beside each line of the first.
func pageHeads(t *testing.T) (request, response, steps []string) {
	row := regexp.MustCompile(`^\t  (\S.*?)(?: {2,}(\d)?.*)?$`)
	answered := false
	for _, line := range commentOver(t, "doc.go", "package handshake") {
		answered = answered || strings.Contains(line, "server → client")
		match := row.FindStringSubmatch(line)
		switch {
		case match == nil:
		case answered:
			response = append(response, match[1])
		default:
			request, steps = append(request, match[1]), append(steps, match[2])
		}
	}
	return request, response, steps
}

func headOf(lines []string) string { return strings.Join(lines, "\r\n") + "\r\n\r\n" }

// TestPageHandshake: the request on the page gets the response on the page.
func TestPageHandshake(t *testing.T) {
	request, response, _ := pageHeads(t)
	policy := rfcPolicy()
	policy.Extensions = func(offers []Extension) []Extension { return offers }
	agreement, err := Accept(parseRequest(t, headOf(request)), policy)
	if err != nil {
		t.Fatal(err)
	}
	got, err := httpwire.AppendResponse(nil, agreement.Response(), "", "GET")
	if err != nil || string(got) != headOf(response) {
		t.Errorf("the page's request gets\n%s(%v)\nand the page says\n%s", got, err, headOf(response))
	}
}

// TestPageSteps: without a line that a client must send the handshake is refused for
// it, and it goes on without one that it may leave out. The steps are counted as the
// comments over the functions count them.
func TestPageSteps(t *testing.T) {
	request, _, steps := pageHeads(t)
	if strings.Join(steps, "") != "123456789" {
		t.Fatalf("the steps on the page are %q, want 1 to 9", steps)
	}
	for i, line := range request[1:] {
		name, _, _ := strings.Cut(line, ":")
		var r httpwire.Request
		_, err := httpwire.ParseRequest(&r, []byte(headOf(slices.Delete(slices.Clone(request), i+1, i+2))), nil)
		if err == nil && !Requested(&r) {
			continue // without Upgrade it is no handshake at all
		}
		if err == nil {
			_, err = Accept(&r, rfcPolicy())
		}
		var refusal *httpwire.Error
		if must := i+2 <= 6; must != errors.As(err, &refusal) || must && refusal.Field != name {
			t.Errorf("step %s, without %s: %v; that field must be there: %v", steps[i+1], name, err, must)
		}
	}
	for step, function := range map[string][2]string{
		"1": {"accept.go", "checkMethod"}, "2": {"accept.go", "checkHost"}, "3": {"accept.go", "checkUpgrade"},
		"4": {"accept.go", "checkConnection"}, "5": {"accept.go", "checkKey"}, "6": {"accept.go", "checkWebSocketVersion"},
		"7": {"origin.go", "checkOrigin"}, "8": {"accept.go", "chooseSubprotocol"}, "9": {"extension.go", "chooseExtensions"},
	} {
		if comment := commentOver(t, function[0], "func "+function[1]+"("); !strings.Contains(comment[0], " is step "+step) {
			t.Errorf("the comment of %s does not say that it is step %s: %q", function[1], step, comment[0])
		}
	}
}

// TestAcceptStatuses: the statuses in the comment of Accept are those that it gives.
func TestAcceptStatuses(t *testing.T) {
	var drawn []int
	for _, line := range commentOver(t, "accept.go", "func Accept(") {
		var status int
		if n, _ := fmt.Sscanf(line, " - %d:", &status); n == 1 {
			drawn = append(drawn, status)
		}
	}
	invents := rfcPolicy()
	invents.Extensions = func([]Extension) []Extension { return []Extension{{Name: "never-offered"}} }
	var given []int
	for _, test := range []struct {
		old, new string
		policy   *Policy
	}{
		{rfcKey, "c2hvcnQ=", rfcPolicy()},
		{"Origin: http://example.com", "Origin: http://evil.example", rfcPolicy()},
		{"GET", "POST", rfcPolicy()},
		{"Version: 13", "Version: 8", rfcPolicy()},
		{"", "Sec-WebSocket-Extensions: permessage-deflate", invents},
	} {
		head := rfcRequest
		if test.old != "" {
			head = edit(t, head, test.old, test.new)
		} else {
			head = edit(t, head, "", test.new+"\r\n")
		}
		_, err := Accept(parseRequest(t, head), test.policy)
		var refusal *httpwire.Error
		if errors.As(err, &refusal) {
			given = append(given, refusal.Status)
		}
	}
	if !slices.Equal(drawn, given) {
		t.Errorf("the comment of Accept lists %d, and what it gives is %d", drawn, given)
	}
}

// TestDeflateDrawing: each parameter that is drawn is one, and takes the values that
// are drawn beside it.
func TestDeflateDrawing(t *testing.T) {
	row := regexp.MustCompile(`^\t[a-z -]*; (\w+)(?:=\d+)? +(no value|8 to 15)(.*)$`)
	rows := 0
	for _, line := range commentOver(t, "deflate.go", "const (\n\tserverNoContextTakeover") {
		match := row.FindStringSubmatch(line)
		if match == nil {
			continue
		}
		rows++
		takesNone := match[2] == "no value" || strings.HasSuffix(match[3], "or no value")
		for value := minWindowBits - 2; value <= maxWindowBits+1; value++ {
			param := Param{Name: match[1], Value: fmt.Sprint(value), HasValue: true}
			want := match[2] == "8 to 15" && 8 <= value && value <= 15
			if value == minWindowBits-2 {
				param, want = Param{Name: match[1]}, takesNone
			}
			if err := CheckDeflate(Extension{Name: PermessageDeflate, Params: []Param{param}}); (err == nil) != want {
				t.Errorf("%s with the value %q: %v; drawn as %s%s", match[1], param.Value, err, match[2], match[3])
			}
		}
	}
	if rows != 4 {
		t.Errorf("%d parameters are drawn, want 4", rows)
	}
}

// TestTextDrawings: what stands over functions that compute a text is what they give.
func TestTextDrawings(t *testing.T) {
	if comment := strings.Join(commentOver(t, "key.go", "func AcceptKey("), "\n"); !strings.Contains(comment, `"`+GUID+`"`) {
		t.Errorf("the comment of AcceptKey has another GUID than %s", GUID)
	}
	refused := &StatusError{Status: 403}
	if !slices.Contains(commentOver(t, "verify.go", "func (e *StatusError) Error("), "\t"+refused.Error()) {
		t.Errorf("the comment of StatusError.Error does not show %q", refused)
	}
	origins := regexp.MustCompile(`^\t"(.*)" +→ \{(.*)\}$`)
	rows := 0
	for _, line := range commentOver(t, "origin.go", "func parseOrigin(") {
		if match := origins.FindStringSubmatch(line); match != nil {
			rows++
			o, valid := parseOrigin(match[1])
			if got := fmt.Sprintf("%q, %q, %q", o.scheme, o.host, o.port); !valid || got != match[2] {
				t.Errorf("%s is {%s}, and drawn as {%s}", match[1], got, match[2])
			}
		}
	}
	if rows != 2 {
		t.Errorf("%d origins are drawn, want 2", rows)
	}
}
