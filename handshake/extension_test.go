package handshake

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"barewire/httpwire"
)

// extensionFields returns one Sec-WebSocket-Extensions line for each value.
func extensionFields(values ...string) httpwire.Fields {
	fields := httpwire.Fields{{Name: "Host", Value: "h"}}
	for i, value := range values {
		fields = append(fields, httpwire.Field{Name: "sec-websocket-EXTENSIONS", Value: value, Offset: 100 + i})
	}
	return fields
}

// An offer of RFC 7692 §7.1: two alternatives, the better one first.
func ExampleParseExtensions() {
	fields := httpwire.Fields{{
		Name:  "Sec-WebSocket-Extensions",
		Value: `permessage-deflate; client_max_window_bits; server_max_window_bits="10", permessage-deflate`,
	}}
	offers, err := ParseExtensions(fields)
	for _, offer := range offers {
		fmt.Println(offer, len(offer.Params))
	}
	fmt.Println(err)
	// Output:
	// permessage-deflate; client_max_window_bits; server_max_window_bits=10 2
	// permessage-deflate 0
	// <nil>
}

func TestParseExtensions(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
		want  string // the list as joinExtensions writes it
	}{
		{"no line", nil, ""},
		{"a name", []string{"foo"}, "foo"},
		{"the list of RFC 6455 §9.1 on one line", []string{"foo, bar; baz=2"}, "foo, bar; baz=2"},
		// req: 6455-9.1-d
		{"the same on two lines", []string{"foo", "bar; baz=2"}, "foo, bar; baz=2"},
		{"each line a list, the order kept", []string{"a,b", "c", "d,e"}, "a, b, c, d, e"},
		{"one empty line beside a full one", []string{"", "a"}, "a"},
		{"empty elements", []string{",, a ,,b,"}, "a, b"},
		{"white space wherever RFC 2616 had it", []string{"\ta ;\tb = 1\t; c ,d"}, "a; b=1; c, d"},
		{"no white space at all", []string{"a;b=1;c,d"}, "a; b=1; c, d"},
		{"a name that is there twice is two alternatives", []string{"a;x=1, a"}, "a; x=1, a"},
		{"so may be a parameter, for the extension to check", []string{"a;x=1;x=2"}, "a; x=1; x=2"},
		{"every mark of a token", []string{"!#$%&'*+-.^_`|~;~=|"}, "!#$%&'*+-.^_`|~; ~=|"},
		// req: 6455-9.1-c
		{"a quoted value is the same as a token", []string{`a; x="10"`}, "a; x=10"},
		{"a backslash in quotes", []string{`a; x="1\0"`}, "a; x=10"},
		{"white space around the quotes", []string{`a; x = "10" , b`}, "a; x=10, b"},
	}
	for _, test := range tests {
		list, err := ParseExtensions(extensionFields(test.lines...))
		if err != nil || joinExtensions(list) != test.want {
			t.Errorf("%s: %q is read as %q, error %v; want %q", test.name, test.lines, joinExtensions(list), err, test.want)
		}
	}
}

func TestParametersWithAndWithoutValue(t *testing.T) {
	list, err := ParseExtensions(extensionFields(`a; x; y=1; z="2"`))
	want := []Extension{{"a", []Param{{"x", "", false}, {"y", "1", true}, {"z", "2", true}}}}
	if err != nil || !reflect.DeepEqual(list, want) {
		t.Errorf("got %+v, error %v; want %+v", list, err, want)
	}
}

// req: 6455-9.1-a
func TestMalformedExtensionsAreRefused(t *testing.T) {
	tests := []struct {
		name  string
		lines []string
	}{
		{"nothing", []string{""}},
		{"nothing but commas", []string{" , ,"}},
		{"no name", []string{"; a"}},
		{"no name in the second element", []string{"a, =1"}},
		{"no parameter after the semicolon", []string{"a;"}},
		{"no parameter between semicolons", []string{"a;;b"}},
		{"no parameter name", []string{"a; =1"}},
		{"no value after the equals sign", []string{"a; x="}},
		{"no value before the next semicolon", []string{"a; x=; y"}},
		{"a value for the extension itself", []string{"a=1"}},
		{"two values", []string{"a; x=1=2"}},
		{"two names", []string{"a b"}},
		{"two values without a separator", []string{"a; x=1 2"}},
		{"a comma within a value", []string{"a; x=1,=2"}},
		{"what is no token", []string{"a/b"}},
		{"not ASCII", []string{"\u00fc"}},
		{"on the second line", []string{"a", "b;"}},
		{"a quoted name", []string{`"a"`}},
		// req: 6455-9.1-c
		{"a space within quotes", []string{`a; x="a b"`}},
		{"a comma within quotes", []string{`a; x="1,2"`}},
		{"nothing within quotes", []string{`a; x=""`}},
		{"a quote within quotes", []string{`a; x="\""`}},
		{"a quote that is never closed", []string{`a; x="10`}},
		{"a quote that only seems to be closed", []string{`a; x="10\"`}},
		{"a quote closed on the next line", []string{`a; x="1`, `0"`}},
		{"a token right after the quotes", []string{`a; x="1"0`}},
		{"quotes in the middle of a token", []string{`a; x=1"0"`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			list, err := ParseExtensions(extensionFields(test.lines...))
			refusal := wantRefusal(t, err, 400, "RFC 6455 §9.1")
			if list != nil {
				t.Errorf("an error, and still a list: %v", list)
			}
			if refusal.Offset < 100 {
				t.Errorf("the offset %d does not lead to the line", refusal.Offset)
			}
		})
	}
}

// takes returns a Policy.Extensions that accepts what is written in list.
func takes(list ...Extension) func([]Extension) []Extension {
	return func([]Extension) []Extension { return list }
}

func TestExtensionNegotiation(t *testing.T) {
	deflate := Extension{"permessage-deflate", []Param{{"server_max_window_bits", "10", true}}}
	tests := []struct {
		name, offered string
		choose        func([]Extension) []Extension
		value         string // of Sec-WebSocket-Extensions in the 101; "" for no such field
	}{
		{"nothing offered, nothing chosen, whatever the policy", "", takes(deflate), ""},
		{"the server supports none", "a, b; c", nil, ""},
		// req: 6455-9.1-f
		{"unknown extensions are passed over", "x-webkit-deflate-frame, mux; y=1", takes(), ""},
		{"the known one among them is accepted", "mux, permessage-deflate", takes(deflate), "permessage-deflate; server_max_window_bits=10"},
		{"two", "a, b", takes(Extension{Name: "b"}, Extension{Name: "a"}), "b, a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			line := ""
			if test.offered != "" {
				line = "Sec-WebSocket-Extensions: " + test.offered + "\r\n"
			}
			agreement, err := Accept(parseRequest(t, edit(t, rfcRequest, "", line)),
				&Policy{Origins: []string{"*"}, Extensions: test.choose})
			if err != nil {
				t.Fatal(err)
			}
			value, found := agreement.Response().Fields.Get("Sec-WebSocket-Extensions")
			if found != (test.value != "") || value != test.value {
				t.Errorf("the 101 has Sec-WebSocket-Extensions %q (found: %t), want %q", value, found, test.value)
			}
		})
	}
}

// A policy that chooses an extension that was not offered is a mistake in the server's
// program. It must not be sent, because the client would have to fail the connection.
//
// req: 6455-4.2.2-g
func TestAPolicyCannotChooseWhatWasNotOffered(t *testing.T) {
	tests := []struct {
		name   string
		chosen Extension
	}{
		{"another extension", Extension{Name: "permessage-deflate"}},
		{"another letter case", Extension{Name: "MUX"}},
		{"what would split the field", Extension{"mux", []Param{{"x", "1, permessage-deflate", true}}}},
		{"what would split the response", Extension{"mux", []Param{{"x\r\nSet-Cookie: a=b", "", false}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := parseRequest(t, edit(t, rfcRequest, "", "Sec-WebSocket-Extensions: mux\r\n"))
			_, err := Accept(r, &Policy{Origins: []string{"*"}, Extensions: takes(test.chosen)})
			wantRefusal(t, err, 500, "not offered")
		})
	}
}

// The policy sees the offers of all lines as one list, in the client's order.
//
// req: 6455-9.1-d
func TestThePolicySeesTheOffersInOrder(t *testing.T) {
	var seen string
	policy := Policy{Origins: []string{"*"}, Extensions: func(offers []Extension) []Extension {
		seen = joinExtensions(offers)
		return nil
	}}
	lines := "Sec-WebSocket-Extensions: a; x=1, b\r\nCookie: c\r\nSec-WebSocket-Extensions: a\r\n"
	if _, err := Accept(parseRequest(t, edit(t, rfcRequest, "", lines)), &policy); err != nil {
		t.Fatal(err)
	}
	if want := "a; x=1, b, a"; seen != want {
		t.Errorf("the policy was given %q, want %q", seen, want)
	}
}

// An accepted list has the same meaning after it is written and parsed again, and however
// it is split into lines.
func FuzzExtensions(f *testing.F) {
	for _, seed := range []string{
		"permessage-deflate; client_max_window_bits, permessage-deflate",
		`a; x="1\0" ; y , b`, ",a,,b,", "a\nb; c=1", "a; x=", `a; x="`, `a; x="\`, ";", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		lines := strings.Split(text, "\n") // a line of the input stands for a field line
		list, err := ParseExtensions(extensionFields(lines...))
		if err != nil {
			wantRefusal(t, err, 400, "RFC 6455 §9.1")
			return
		}
		if len(list) == 0 {
			t.Fatalf("%q is taken for an empty list, which the grammar does not have", lines)
		}
		again, err := ParseExtensions(extensionFields(joinExtensions(list)))
		if err != nil || !reflect.DeepEqual(again, list) {
			t.Fatalf("%q is %+v; written as %q it is %+v, error %v", lines, list, joinExtensions(list), again, err)
		}
		joined, err := ParseExtensions(extensionFields(strings.Join(lines, ",")))
		if err != nil || !reflect.DeepEqual(joined, list) {
			t.Fatalf("%q is %+v; on one line it is %+v, error %v", lines, list, joined, err)
		}
		for _, extension := range list {
			if !extension.isMadeOfTokens() {
				t.Fatalf("%q gave an extension that may not be sent: %v", lines, extension)
			}
		}
	})
}
