package handshake

import (
	"fmt"
	"strings"
	"testing"
)

// A browser offers that its window may be limited. A server without wishes
// leaves it at 32 KiB.
func ExampleAcceptDeflate() {
	offers, _ := ParseExtensions(extensionFields("permessage-deflate; client_max_window_bits"))

	response, agreed, ok := AcceptDeflate(offers, true)
	fmt.Println(response, ok)
	fmt.Printf("%+v\n", agreed)

	response, _, _ = AcceptDeflate(offers, false)
	fmt.Println(response)
	// Output:
	// permessage-deflate true
	// {ServerNoContextTakeover:false ClientNoContextTakeover:false ServerMaxWindowBits:15 ClientMaxWindowBits:15}
	// permessage-deflate; server_no_context_takeover; client_no_context_takeover
}

func ExampleOfferDeflate() {
	fmt.Println(OfferDeflate(Deflate{}))
	fmt.Println(OfferDeflate(Deflate{ServerNoContextTakeover: true, ClientNoContextTakeover: true}))
	fmt.Println(OfferDeflate(Deflate{ServerMaxWindowBits: 10, ClientMaxWindowBits: 12}))
	// Output:
	// permessage-deflate; client_max_window_bits
	// permessage-deflate; server_no_context_takeover; client_no_context_takeover; client_max_window_bits
	// permessage-deflate; server_max_window_bits=10; client_max_window_bits=12
}

func ExampleVerifyDeflate() {
	offers := []Extension{OfferDeflate(Deflate{ServerMaxWindowBits: 10})}
	for _, response := range []string{
		"permessage-deflate; server_max_window_bits=9; client_no_context_takeover",
		"permessage-deflate; server_max_window_bits=12",
	} {
		accepted, _ := ParseExtensions(extensionFields(response))
		agreed, used, err := VerifyDeflate(offers, accepted)
		fmt.Println(used, agreed.ServerMaxWindowBits, agreed.ClientNoContextTakeover, err)
	}
	// Output:
	// true 9 true <nil>
	// false 0 false Sec-WebSocket-Extensions: server_max_window_bits is 12 in the response, above the 10 offered (RFC 7692 §7.1.2.1)
}

// extensions parses the value of a Sec-WebSocket-Extensions field; "" is no
// field.
func extensions(t *testing.T, value string) []Extension {
	t.Helper()
	if value == "" {
		return nil
	}
	list, err := ParseExtensions(extensionFields(value))
	if err != nil {
		t.Fatalf("the test is wrong: %v", err)
	}
	return list
}

// short writes a list with the long names cut to what tells them apart, so that
// a row of a table fits a line: "pd; snct; smwb=10".
var (
	long = strings.NewReplacer("pd", PermessageDeflate, "snct", serverNoContextTakeover,
		"cnct", clientNoContextTakeover, "smwb", serverMaxWindowBits, "cmwb", clientMaxWindowBits)
	short = strings.NewReplacer(PermessageDeflate, "pd", serverNoContextTakeover, "snct",
		clientNoContextTakeover, "cnct", serverMaxWindowBits, "smwb", clientMaxWindowBits, "cmwb")
)

// takeover is a Deflate with context takeover both ways and windows of those
// bits.
func takeover(server, client int) Deflate {
	return Deflate{ServerMaxWindowBits: server, ClientMaxWindowBits: client}
}

// noTakeover is one without.
func noTakeover(server, client int) Deflate {
	return Deflate{true, true, server, client}
}

func TestAcceptDeflateTakes(t *testing.T) {
	tests := []struct {
		name, offers, response string
		takeover               bool
		agreed                 Deflate
	}{
		// req: 7692-5-c
		{"nothing but the name", "pd", "pd", true, takeover(15, 15)},
		// req: 7692-5-b
		{"the first of several", "pd; smwb=10, pd; smwb=12, pd", "pd; smwb=10", true, takeover(10, 15)},
		{"the first that is sound", "pd; smwb=7, pd; bogus, pd; smwb=12, pd", "pd; smwb=12", true, takeover(12, 15)},
		{"one after other extensions", "mux, x-webkit-deflate-frame, pd", "pd", true, takeover(15, 15)},
		// req: 7692-7.1.1.1-a
		{"server_no_context_takeover is granted", "pd; snct", "pd; snct", true, Deflate{true, false, 15, 15}},
		// req: 7692-7.1.1.1-b 7692-7.1.1.2-b
		{"both are demanded unasked", "pd", "pd; snct; cnct", false, noTakeover(15, 15)},
		{"both are demanded, and were offered", "pd; cnct; snct", "pd; snct; cnct", false, noTakeover(15, 15)},
		// req: 7692-7.1.1.2-b
		{"the hint client_no_context_takeover is taken", "pd; cnct", "pd; cnct", true, Deflate{false, true, 15, 15}},
		// req: 7692-7.1.2.1-a 7692-7.1.2.1-b
		{"the smallest window", "pd; smwb=8", "pd; smwb=8", true, takeover(8, 15)},
		{"9 bits", "pd; smwb=9", "pd; smwb=9", true, takeover(9, 15)},
		{"the largest, which is answered too", "pd; smwb=15", "pd; smwb=15", true, takeover(15, 15)},
		{"a value in quotes", `pd; smwb="10"`, "pd; smwb=10", true, takeover(10, 15)},
		// req: 7692-7.1.2.2-a 7692-7.1.2.2-d
		{"client_max_window_bits, left out of the response", "pd; cmwb", "pd", true, takeover(15, 15)},
		{"with the smallest value", "pd; cmwb=8", "pd", true, takeover(15, 15)},
		{"with the largest", "pd; cmwb=15", "pd", true, takeover(15, 15)},
		{"all four, in another order", "pd; cmwb=11; smwb=10; cnct; snct", "pd; snct; cnct; smwb=10", true, noTakeover(10, 15)},
	}
	for _, test := range tests {
		response, agreed, ok := AcceptDeflate(extensions(t, long.Replace(test.offers)), test.takeover)
		if !ok || short.Replace(response.String()) != test.response {
			t.Errorf("%s: %q is answered with %q, ok %v; want %q", test.name, test.offers, short.Replace(response.String()), ok, test.response)
		}
		if agreed != test.agreed {
			t.Errorf("%s: agreed on %+v; want %+v", test.name, agreed, test.agreed)
		}
		if read, ok := AcceptedDeflate([]Extension{{Name: "mux"}, response}); !ok || read != agreed {
			t.Errorf("%s: the response is read back as %+v, ok %v; want %+v", test.name, read, ok, agreed)
		}
	}
}

// req: 7692-5-e
func TestAcceptDeflateDeclines(t *testing.T) {
	tests := []struct {
		name, offers string
	}{
		{"no offer", ""},
		{"other extensions alone", "mux, x-webkit-deflate-frame, deflate"},
		{"the name in another letter case", "Permessage-Deflate"},
		// req: 7692-7-a
		{"a parameter that is none of the four", "pd; bogus"},
		{"one with a value, after a known one", "pd; snct; bogus=1"},
		{"one of the four in another letter case", "pd; Server_no_context_takeover"},
		// req: 7692-7-b
		{"server_no_context_takeover with a value", "pd; snct=1"},
		{"client_no_context_takeover with a value", "pd; cnct=true"},
		// req: 7692-7-c
		{"a flag that is there twice", "pd; snct; snct"},
		{"the same value twice", "pd; smwb=10; smwb=10"},
		{"with and without a value", "pd; cmwb; cnct; cmwb=10"},
		// req: 7692-7.1.2.1-a 7692-7-b
		{"server_max_window_bits without a value", "pd; smwb"},
		{"of 7", "pd; smwb=7"},
		{"of 16", "pd; smwb=16"},
		{"of 08", "pd; smwb=08"},
		{"of 010", "pd; smwb=010"},
		{"of 1x", "pd; smwb=1x"},
		{"of 0", "pd; smwb=0"},
		{"of +9", "pd; smwb=+9"},
		{"of -1, which is a token", "pd; smwb=-1"},
		{"of 2^64 + 10", "pd; smwb=18446744073709551626"},
		// req: 7692-7.1.2.2-a 7692-7-b
		{"client_max_window_bits of 7", "pd; cmwb=7"},
		{"of 16 too", "pd; cmwb=16"},
		{"of 08 too", "pd; cmwb=08"},
		{"of anything", "pd; cmwb=anything"},
		// req: 7692-7-d
		{"all of several", "pd; smwb=7, pd; bogus, pd; snct=1"},
	}
	for _, test := range tests {
		response, agreed, ok := AcceptDeflate(extensions(t, long.Replace(test.offers)), true)
		if ok || response.Name != "" || agreed != (Deflate{}) {
			t.Errorf("%s: %q is accepted with %q, %+v", test.name, test.offers, response, agreed)
		}
	}
	if agreed, ok := AcceptedDeflate(extensions(t, "mux")); ok {
		t.Errorf("without permessage-deflate in the response, %+v is agreed", agreed)
	}
}

// The whole way: a request with offers, Accept, and the field of the 101.
//
// req: 7692-5-c 7692-5-e
func TestTheResponseNamesDeflateOnceOrNotAtAll(t *testing.T) {
	tests := []struct{ offers, response string }{
		{"pd; cmwb, pd", "pd"},
		{"pd; smwb=20, pd; snct", "pd; snct"},
		{"pd; bogus", ""},
	}
	policy := Policy{Origins: []string{"*"}, Extensions: func(offers []Extension) []Extension {
		response, _, ok := AcceptDeflate(offers, true)
		if !ok {
			return nil
		}
		return []Extension{response}
	}}
	for _, test := range tests {
		line := "Sec-WebSocket-Extensions: " + long.Replace(test.offers) + "\r\n"
		agreement, err := Accept(parseRequest(t, edit(t, rfcRequest, "", line)), &policy)
		if err != nil {
			t.Fatalf("%q: declining compression must not refuse the handshake: %v", test.offers, err)
		}
		value, found := agreement.Response().Fields.Get("Sec-WebSocket-Extensions")
		if found != (test.response != "") || short.Replace(value) != test.response {
			t.Errorf("%q is answered with %q (found: %v); want %q", test.offers, value, found, test.response)
		}
	}
}

// req: 7692-5-a
func TestTheOfferHasTheFourParametersAlone(t *testing.T) {
	tests := []struct {
		want  Deflate
		offer string
	}{
		{Deflate{}, "pd; cmwb"},
		{takeover(15, 15), "pd; cmwb"},
		{takeover(8, 8), "pd; smwb=8; cmwb=8"},
		{takeover(3, -2), "pd; smwb=8; cmwb=8"},
		{takeover(99, 99), "pd; cmwb"},
		{noTakeover(14, 9), "pd; snct; cnct; smwb=14; cmwb=9"},
	}
	for _, test := range tests {
		offer := OfferDeflate(test.want)
		if short.Replace(offer.String()) != test.offer {
			t.Errorf("%+v is offered as %q; want %q", test.want, offer, test.offer)
		}
		request, err := (&Offer{URL: rfcOffer().URL, Key: rfcKey, Extensions: []Extension{offer}}).AppendRequest(nil)
		if line := "\r\nSec-WebSocket-Extensions: " + offer.String() + "\r\n"; err != nil || !strings.Contains(string(request), line) {
			t.Errorf("the request lacks %q, error %v:\n%s", line, err, request)
		}
	}
}

func TestVerifyDeflateTakes(t *testing.T) {
	tests := []struct {
		name, offers, response string
		agreed                 Deflate
	}{
		{"nothing but the name", "pd; cmwb", "pd", takeover(15, 15)},
		{"beside another extension", "mux, pd", "mux; x=1, pd", takeover(15, 15)},
		// req: 7692-7.1.1.1-b
		{"server_no_context_takeover unasked", "pd", "pd; snct", Deflate{true, false, 15, 15}},
		// req: 7692-7.1.1.2-a
		{"client_no_context_takeover unasked", "pd", "pd; cnct", Deflate{false, true, 15, 15}},
		{"client_no_context_takeover as offered", "pd; cnct", "pd; cnct", Deflate{false, true, 15, 15}},
		{"offered as a hint: the client keeps to it though the server is silent", "pd; cnct", "pd", Deflate{false, true, 15, 15}},
		// req: 7692-7.1.2.1-e
		{"server_max_window_bits unasked", "pd", "pd; smwb=9", takeover(9, 15)},
		{"server_max_window_bits as offered", "pd; smwb=10", "pd; smwb=10", takeover(10, 15)},
		{"and smaller", "pd; smwb=10", "pd; smwb=8", takeover(8, 15)},
		{"client_max_window_bits, offered without a value", "pd; cmwb", "pd; cmwb=9", takeover(15, 9)},
		{"a smaller one than the hint", "pd; cmwb=12", "pd; cmwb=9", takeover(15, 9)},
		{"a larger one than the hint: the client keeps to the hint", "pd; cmwb=12", "pd; cmwb=14", takeover(15, 12)},
		{"and none", "pd; cmwb=12", "pd", takeover(15, 12)},
		{"the answer to the second of two offers", "pd; smwb=10, pd", "pd", takeover(15, 15)},
		{"all four", "pd; smwb=12; cmwb", "pd; cmwb=8; smwb=11; cnct; snct", noTakeover(11, 8)},
	}
	for _, test := range tests {
		agreed, used, err := VerifyDeflate(extensions(t, long.Replace(test.offers)), extensions(t, long.Replace(test.response)))
		if err != nil || !used || agreed != test.agreed {
			t.Errorf("%s: %q answered with %q gives %+v, used %v, error %v; want %+v",
				test.name, test.offers, test.response, agreed, used, err, test.agreed)
		}
	}
	if _, used, err := VerifyDeflate(extensions(t, "permessage-deflate"), nil); used || err != nil {
		t.Errorf("an offer that was declined: used %v, error %v", used, err)
	}
}

func TestVerifyDeflateFails(t *testing.T) {
	tests := []struct{ name, offers, response, says string }{
		{"it was not offered", "mux", "pd", "not offered"},
		{"our offer was unsound itself", "pd; bogus", "pd", "bogus"},
		// req: 7692-5-d
		{"accepted twice", "pd, pd; cmwb", "pd, pd; cmwb=9", "RFC 7692 §5"},
		// req: 7692-7-e
		{"a parameter that is none of the four", "pd", "pd; bogus=1", "bogus"},
		// req: 7692-7-f
		{"server_no_context_takeover with a value", "pd", "pd; snct=1", "RFC 7692 §7.1"},
		{"client_no_context_takeover with a value", "pd", "pd; cnct=0", "RFC 7692 §7.1"},
		// req: 7692-7-g
		{"a flag twice", "pd", "pd; snct; snct", "twice"},
		{"a value twice", "pd; cmwb", "pd; cmwb=9; cmwb=9", "twice"},
		// req: 7692-7.1.1.1-a
		{"server_no_context_takeover was offered and is not granted", "pd; snct", "pd", "RFC 7692 §7.1.1.1"},
		// req: 7692-7-f 7692-7.1.2.1-a
		{"server_max_window_bits without a value", "pd", "pd; smwb", "RFC 7692 §7.1"},
		{"of 7", "pd", "pd; smwb=7", "RFC 7692 §7.1"},
		{"of 16", "pd", "pd; smwb=16", "RFC 7692 §7.1"},
		{"of 08", "pd", "pd; smwb=08", "RFC 7692 §7.1"},
		{"of 1x", "pd", "pd; smwb=1x", "RFC 7692 §7.1"},
		// req: 7692-7.1.2.1-c 7692-7-h
		{"server_max_window_bits above the offer", "pd; smwb=10", "pd; smwb=11", "above the 10 offered"},
		{"it was offered and is left out", "pd; smwb=10", "pd", "RFC 7692 §7.1.2.1"},
		{"every offer had it", "pd; smwb=10, pd; smwb=12", "pd; snct", "RFC 7692 §7.1.2.1"},
		// req: 7692-7.1.2.2-b
		{"client_max_window_bits without a value", "pd; cmwb", "pd; cmwb", "RFC 7692 §7.1.2.2"},
		{"of 7 too", "pd; cmwb", "pd; cmwb=7", "RFC 7692 §7.1"},
		{"of 16 too", "pd; cmwb", "pd; cmwb=16", "RFC 7692 §7.1"},
		{"of 09", "pd; cmwb", "pd; cmwb=09", "RFC 7692 §7.1"},
		// req: 7692-7.1.2.2-c 7692-7-h
		{"client_max_window_bits unasked", "pd", "pd; cmwb=15", "RFC 7692 §7.1.2.2"},
		{"asked for in one offer, while the answer fits another alone", "pd; cmwb; smwb=10, pd", "pd; cmwb=9", "RFC 7692 §7.1.2.2"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			agreed, used, err := VerifyDeflate(extensions(t, long.Replace(test.offers)), extensions(t, long.Replace(test.response)))
			wantClientError(t, err, test.says)
			if used || agreed != (Deflate{}) {
				t.Errorf("it fails, and yet %+v is agreed on", agreed)
			}
		})
	}
}

// Whatever a client offers: what the server answers is an answer to it, the
// client takes it, and both mean the same. (The client may bind itself further,
// by a hint.)
//
// req: 7692-7.1.2.2-c
func FuzzDeflate(f *testing.F) {
	for _, seed := range []string{
		"permessage-deflate", "permessage-deflate; client_max_window_bits, permessage-deflate",
		"permessage-deflate; server_max_window_bits=10; client_max_window_bits=9; server_no_context_takeover",
		"permessage-deflate; server_max_window_bits=7, mux, permessage-deflate; client_no_context_takeover",
		"permessage-deflate; server_max_window_bits; server_max_window_bits",
	} {
		f.Add(seed, false)
		f.Add(seed, true)
	}
	f.Fuzz(func(t *testing.T, value string, noTakeover bool) {
		offers, err := ParseExtensions(extensionFields(value))
		if err != nil {
			return // FuzzExtensions checks this
		}
		response, agreed, ok := AcceptDeflate(offers, !noTakeover)
		if !ok {
			return
		}
		client, used, err := VerifyDeflate(offers, []Extension{response})
		if err != nil || !used {
			t.Fatalf("%q is answered with %q, which its client does not take: %v", value, response, err)
		}
		if noTakeover && !(agreed.ServerNoContextTakeover && agreed.ClientNoContextTakeover) {
			t.Fatalf("%q is answered with %q: takeover was to be avoided", value, response)
		}
		if agreed.ServerMaxWindowBits < minWindowBits || agreed.ServerMaxWindowBits > maxWindowBits ||
			client.ServerMaxWindowBits != agreed.ServerMaxWindowBits ||
			client.ServerNoContextTakeover != agreed.ServerNoContextTakeover {
			t.Fatalf("%q is answered with %q: %+v to the server, %+v to the client", value, response, agreed, client)
		}
		if client.ClientMaxWindowBits > agreed.ClientMaxWindowBits ||
			agreed.ClientNoContextTakeover && !client.ClientNoContextTakeover {
			t.Fatalf("%q is answered with %q: the client may do more, %+v, than the server expects, %+v", value, response, client, agreed)
		}
	})
}
