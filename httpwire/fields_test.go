package httpwire

import (
	"reflect"
	"testing"
)

var listed = Fields{
	{Name: "Upgrade", Value: "websocket"},
	{Name: "Connection", Value: "keep-alive, ,Upgrade"},
	{Name: "X-Quoted", Value: `a="x,y", b="\",", c`},
	{Name: "connection", Value: " \t,close\t, "},
	{Name: "X-Empty", Value: ""},
	{Name: "X-Commas", Value: " , ,,"},
	{Name: "X-Stray", Value: `"x, close`},
	{Name: "X-Stray", Value: `a"b , "c\", Upgrade`},
}

// req: 9110-5.1-a
func TestFieldsByName(t *testing.T) {
	if value, found := listed.Get("UPGRADE"); value != "websocket" || !found {
		t.Errorf("Get(UPGRADE) = %q, %v", value, found)
	}
	if value, found := listed.Get("Connection"); value != "keep-alive, ,Upgrade" || !found {
		t.Errorf("Get returns the first line, got %q, %v", value, found)
	}
	if value, found := listed.Get("x-empty"); value != "" || !found {
		t.Errorf("an empty field is there all the same, got %q, %v", value, found)
	}
	if value, found := listed.Get("Upgrad"); found {
		t.Errorf("Upgrad is not Upgrade, got %q", value)
	}
	if count := listed.Count("CONNECTION"); count != 2 {
		t.Errorf("Count(CONNECTION) = %d, want 2", count)
	}
}

// req: 9110-5.2-a 9110-5.6.1.2-a 9110-5.6.4-a
func TestFieldsList(t *testing.T) {
	for _, test := range []struct {
		rule, name string
		want       []string
	}{
		{"all lines are one list, in their order", "Connection", []string{"keep-alive", "Upgrade", "close"}},
		{"commas inside quotes do not split, even after a quoted quote", "X-Quoted", []string{`a="x,y"`, `b="\","`, "c"}},
		{"a list of commas is empty", "X-Commas", nil},
		{"an empty value is an empty list", "X-Empty", nil},
		{"so is no field at all", "X-None", nil},
	} {
		if got := listed.List(test.name); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: List(%s) = %q, want %q", test.rule, test.name, got, test.want)
		}
	}
}

// req: 9110-7.6.1-a
func TestFieldsHasToken(t *testing.T) {
	for _, test := range []struct {
		name, token string
		want        bool
	}{
		{"Connection", "upgrade", true},
		{"Connection", "KEEP-ALIVE", true},
		{"Connection", "close", true}, // on the second line
		{"Connection", "keep", false},
		{"Connection", "keep-alive, ", false},
		{"Upgrade", "WebSocket", true},
		{"Upgrade", "websocke", false},
		{"X-None", "a", false},
		{"X-Empty", "a", false},
		{"X-Commas", "a", false},
		// A quote hides nothing after it.
		{"X-Stray", "close", true},
		{"X-Stray", "upgrade", true},
		{"X-Stray", "x", false},
		{"X-Stray", "c", false},
	} {
		if got := listed.HasToken(test.name, test.token); got != test.want {
			t.Errorf("HasToken(%s, %s) = %v, want %v", test.name, test.token, got, test.want)
		}
	}
	kelvin := Fields{{Name: "Connection", Value: "\u212Aeep-alive"}}
	if kelvin.HasToken("Connection", "keep-alive") {
		t.Error("the Kelvin sign was taken for a k: only ASCII letters have two cases here")
	}
}

// req: 9110-5.6.4-a
func TestCutQuoted(t *testing.T) {
	for _, test := range []struct {
		quoted, want, rest string
		ok                 bool
	}{
		{`"abc"`, "abc", "", true},
		{`""`, "", "", true},
		{`"a\"b"`, `a"b`, "", true},
		{`"a\\"`, `a\`, "", true},
		{`"\a\,"`, "a,", "", true},
		{"\"\t\xFF\"", "\t\xFF", "", true},
		{`abc`, "", `abc`, false},
		{`"abc`, "", `"abc`, false},
		{`"abc\"`, "", `"abc\"`, false},
		{`"abc\`, "", `"abc\`, false},
		{`"abc" `, "abc", " ", true},
		{`"a"b"`, "a", `b"`, true},
		{"\"a\x00\"", "", "\"a\x00\"", false},
		{"\"\\\x00\"", "", "\"\\\x00\"", false},
		{`"`, "", `"`, false},
		{``, "", ``, false},
	} {
		if got, rest, ok := CutQuoted(test.quoted); got != test.want || rest != test.rest || ok != test.ok {
			t.Errorf("CutQuoted(%s) = %q, %q, %v, want %q, %q, %v", test.quoted, got, rest, ok, test.want, test.rest, test.ok)
		}
	}
}

func TestIsToken(t *testing.T) {
	const separators = "\"(),/:;<=>?@[\\]{}"
	for c := range 256 {
		want := c > 0x20 && c < 0x7F
		for _, separator := range []byte(separators) {
			want = want && c != int(separator)
		}
		if got := IsToken(string([]byte{byte(c)})); got != want {
			t.Errorf("IsToken of byte %02X = %v, want %v", c, got, want)
		}
	}
	if IsToken("") || IsToken("a b") || !IsToken("permessage-deflate") {
		t.Error("a token has one or more token characters, and no others")
	}
}
