package e2e

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

// TestLab uses the page /lab in Chromium, with mouse and keyboard. Our own client
// controls the browser.
func TestLab(t *testing.T) {
	t.Parallel()
	d := openDevTools(t, chromium(t))
	p := start(t)
	v := newVisitor(t, d, p.http(), 1280, 900)
	for _, test := range []struct {
		rule string
		run  func(v *visitor)
	}{
		{"the first card needs no action", labFirst},
		{"fetch", labFetch},
		{"open, send, ping, close", labConversation},
		{"compression", labCompression},
		{"the digest", labDigest},
		{"a broken rule gets a verdict", labVerdict},
		{"the catalogue", labCatalogue},
		{"every card opens", labEveryCard},
		{"errors are shown", labProblems},
		{"a field highlights its bytes, and the reverse", labLight},
		{"the key rolls", labMask},
		{"requirements beside a field", labRules},
		{"filter, pause, clear", labBar},
		{"the first steps", labGuide},
	} {
		t.Run(test.rule, func(t *testing.T) {
			v.visitLab(t, 1280, 900)
			test.run(v)
			v.content()
		})
	}
}

// cards waits until the last cards have these titles, as far as they are given.
func (v *visitor) cards(want ...string) {
	v.t.Helper()
	list, _ := json.Marshal(want)
	v.wait(fmt.Sprintf(`((want) => {
		const items = [...document.querySelectorAll("#cards .item")].slice(-want.length);
		return items.length === want.length && items.every((item, i) =>
			((item.classList.contains("out") ? "> " : "< ") + item.querySelector(".title").textContent).startsWith(want[i]));
	})(%s)`, list))
}

// openCard opens the last card whose title contains text, and returns the selector of its
// item.
func (v *visitor) openCard(text string) (item string) {
	v.t.Helper()
	v.wait(fmt.Sprintf(`[...document.querySelectorAll("#cards .title")].some((title) => title.textContent.includes(%q))`, text))
	look[bool](v, fmt.Sprintf(`(() => {
		document.querySelector("#chosen")?.removeAttribute("id");
		[...document.querySelectorAll("#cards .item")].findLast((item) => item.querySelector(".title").textContent.includes(%q)).id = "chosen";
		return true;
	})()`, text))
	v.click("#chosen > .card")
	v.wait(`document.querySelector("#chosen .inside")`)
	return "#chosen"
}

// shownField is a field as a card shows it.
type shownField struct {
	Field, Value, Meaning, Section string
	From, To                       int64
	Bits                           string
}

// bytesOf returns the bytes that an open card shows.
func (v *visitor) bytesOf(item string) []byte {
	v.t.Helper()
	text := look[string](v, fmt.Sprintf(`[...document.querySelectorAll("%s .hex i")].map((i) => i.textContent).join("")`, item))
	data, err := hex.DecodeString(text)
	if err != nil {
		v.t.Fatalf("the card shows %q as bytes", text)
	}
	return data
}

// checkSpans compares the fields in an open card with the bytes in it: it annotates the
// bytes again.
func (v *visitor) checkSpans(item string, options annotate.Options, direction annotate.Direction) {
	v.t.Helper()
	data := v.bytesOf(item)
	conversation := annotate.New(options)
	if options.Frames && data[0]&0x0f == 0 { // a continuation needs the start of its message, here an empty frame
		conversation.Add(direction, []byte{0x01, 0x80, 0, 0, 0, 0})
	}
	units := conversation.Add(direction, data)
	if len(units) != 1 {
		v.t.Fatalf("the bytes in the card are %d units, want one: %x", len(units), data)
	}
	var want []shownField
	for _, span := range units[0].Spans {
		if hidden := []string{"SP", "CRLF", "colon", "OWS", "field-name", "field-value", "delimiter"}; slices.Contains(hidden, span.Field) && span.Depth > 0 {
			continue
		}
		field := shownField{Field: span.Field, Value: span.Value, Meaning: span.Meaning, Section: span.Section, From: span.Offset, To: span.Offset + span.Length}
		if span.Bits > 0 {
			field.Bits = fmt.Sprintf("%d %d", span.Bit, span.Bit+span.Bits)
		}
		want = append(want, field)
	}
	got := look[[]shownField](v, fmt.Sprintf(`[...document.querySelectorAll("%s .field")].map((field) => ({
		field: field.querySelector(".name").textContent,
		value: field.querySelector(".value").textContent,
		meaning: field.querySelector(".meaning").textContent,
		section: field.parentElement.querySelector(".section")?.firstChild.textContent || "",
		from: Number(field.dataset.from), to: Number(field.dataset.to), bits: field.dataset.bits || "",
	}))`, item))
	for i := range got {
		if got[i].Meaning == "" || got[i].Section == "" {
			v.t.Errorf("%s has the meaning %q and the section %q, want both", got[i].Field, got[i].Meaning, got[i].Section)
		}
		if i < len(want) && want[i].Meaning == "" { // the page adds meanings that never change
			want[i].Meaning = got[i].Meaning
		}
		if i < len(want) && want[i].Section == "" {
			want[i].Section = got[i].Section
		}
	}
	if !reflect.DeepEqual(got, want) {
		v.t.Errorf("for the bytes %x the card shows\n%+v\nwant\n%+v", data, got, want)
	}
}

// checkFrame compares an open card with a payload: the bytes in the card must be a frame
// that carries it.
func (v *visitor) checkFrame(item string, direction annotate.Direction, opcode wsframe.Opcode, payload string) {
	v.t.Helper()
	data := v.bytesOf(item)
	var header wsframe.Header
	size := wsframe.ParseHeader(&header, data)
	if size == 0 || header.Opcode != opcode || header.Length != uint64(len(data)-size) {
		v.t.Fatalf("the bytes in the card are not a frame with opcode %d: %x", opcode, data)
	}
	if header.Masked != (direction == annotate.ClientToServer) {
		v.t.Errorf("masked is %v in a frame of direction %v", header.Masked, direction)
	}
	body := slices.Clone(data[size:])
	wsframe.Mask(body, header.Key, 0)
	if string(body) != payload {
		v.t.Errorf("the frame in the card carries %q, want %q", body, payload)
	}
	v.checkSpans(item, annotate.Options{Frames: true}, direction)

	// The picture has the bits of the header, and of the part of the payload that it draws.
	bits := look[string](v, fmt.Sprintf(`[...document.querySelectorAll("%s .grid i")].map((i) => i.textContent).join("")`, item))
	want := ""
	for _, b := range data[:min(len(data), size+8)] {
		want += fmt.Sprintf("%08b", b)
	}
	if bits != want {
		v.t.Errorf("the picture shows the bits\n%s\nwant\n%s", bits, want)
	}
}
