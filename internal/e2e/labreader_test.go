package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestLabForEverybody: the page works for users without a mouse, without sight, with
// reduced motion, and on a phone.
func TestLabForEverybody(t *testing.T) {
	t.Parallel()
	d := openDevTools(t, chromium(t))
	v := newVisitor(t, d, start(t).http(), 1280, 900)
	for _, test := range []struct {
		rule          string
		width, height int
		run           func(v *visitor)
	}{
		{"keyboard only", 1280, 900, labKeyboard},
		{"a screen reader", 1280, 900, labNames},
		{"contrast in light colors", 1280, 900, func(v *visitor) { labContrast(v, "light") }},
		{"contrast in dark colors", 1280, 900, func(v *visitor) { labContrast(v, "dark") }},
		{"360 pixels", 360, 740, labNarrow},
		{"no motion", 1280, 900, labStill},
	} {
		t.Run(test.rule, func(t *testing.T) {
			v.visitLab(t, test.width, test.height)
			test.run(v)
			v.content()
		})
	}
}

// focused returns the element that has the focus, and fails if the focus is not visible.
func (v *visitor) focused() string {
	v.t.Helper()
	seen := look[struct {
		What    string
		Visible bool
	}](v, `(() => {
		const element = document.activeElement;
		const shown = element.matches(".choice input") ? element.nextElementSibling : element;
		const style = getComputedStyle(shown);
		const what = element.dataset.step || element.name || element.id || element.querySelector?.(".title")?.textContent ||
			element.querySelector?.(".name")?.textContent || element.textContent.trim().slice(0, 30) || element.tagName;
		return { what: (element.closest("form")?.id || "") + " " + what, visible: element === document.body ||
			style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0 };
	})()`)
	if !seen.Visible {
		v.t.Errorf("the focus on %q is not visible", seen.What)
	}
	return strings.TrimSpace(seen.What)
}

// tabTo presses Tab until the given element has the focus, and returns the elements on the
// way.
func (v *visitor) tabTo(what string) (passed []string) {
	v.t.Helper()
	for range 80 {
		v.press("Tab")
		got := v.focused()
		if got == what || strings.HasPrefix(got, what+" ") {
			return passed
		}
		passed = append(passed, got)
	}
	v.t.Fatalf("Tab does not lead to %q; it passes %q", what, passed)
	return nil
}

// labKeyboard does everything with the keyboard.
func labKeyboard(v *visitor) {
	v.press("Tab")
	if got := v.focused(); got != "Skip to what passed" {
		v.t.Errorf("the first Tab leads to %q, want the link that skips the left side", got)
	}
	passed := v.tabTo("open Open")
	want := []string{"card", "open", "send", "break", "fetch path", "fetch Fetch", "open path", "open compress"}
	for at := 0; len(want) > 0; at++ { // in this order, perhaps with others in between
		if at == len(passed) {
			v.t.Errorf("Tab passes %q: %q is missing, or out of order", passed, want[0])
			break
		}
		if passed[at] == want[0] {
			want = want[1:]
		}
	}
	v.press("Enter")
	v.wait(`document.querySelector("#state").textContent === "/echo is open"`)
	v.tabTo("send text")
	v.press("Control+a")
	v.call("Input.insertText", params{"text": "by hand"}, nil)
	v.press("Enter")
	v.cards(`> Text, FIN, 7 bytes, masked "by hand"`, `< Text, FIN, 7 bytes "by hand"`)

	labKeyboardCards(v)
}

// labKeyboardCards moves between cards with the arrow keys, into one, and back.
func labKeyboardCards(v *visitor) {
	v.t.Helper()
	look[bool](v, `document.activeElement.blur() || true`)
	look[bool](v, `document.querySelector("#clear").focus() || true`)
	v.tabTo("GET /?page=… HTTP/1.1")
	v.press("End")
	if got := v.focused(); !strings.HasPrefix(got, `Text, FIN, 7 bytes "by hand"`) {
		v.t.Errorf("End leads to %q, want the last card", got)
	}
	v.press("ArrowUp")
	if got := v.focused(); !strings.HasPrefix(got, `Text, FIN, 7 bytes, masked`) {
		v.t.Errorf("the arrow up leads to %q, want the card before the last one", got)
	}
	v.press("Enter")
	v.wait(`document.querySelector(".inside")`)
	v.press("Tab") // into the picture
	for _, field := range []string{"FIN", "RSV1", "RSV2", "RSV3", "opcode"} {
		if got := v.focused(); got != field {
			v.t.Errorf("in the picture %q has the focus, want %q", got, field)
		}
		v.press("ArrowRight")
	}
	v.press("ArrowLeft")
	if got := look[string](v, `[...document.querySelectorAll(".hex i.lit")].map((i) => i.textContent).join(" ")`); got != "81" {
		v.t.Errorf("with the keyboard the opcode highlights %q, want 81", got)
	}
	v.tabTo("FIN") // the first field, after the tiles
	v.press("ArrowDown")
	if got := v.focused(); got != "RSV1" {
		v.t.Errorf("the arrow down leads to %q among the fields, want RSV1", got)
	}
	v.press("Tab")
	if got := v.focused(); !strings.HasPrefix(got, "RFC 7692 §6") {
		v.t.Errorf("Tab leads from RSV1 to %q, want its section", got)
	}
	v.press("Enter")
	v.wait(`document.querySelector(".rules li").innerText.includes("7692-6")`)
	v.press("Escape")
	if got := v.focused(); !strings.HasPrefix(got, `Text, FIN, 7 bytes, masked`) || look[int](v, `document.querySelectorAll(".inside").length`) != 0 {
		v.t.Errorf("Escape leads to %q, want the card, closed", got)
	}
}

// node is a node of the tree that a browser makes for screen readers.
type node struct {
	Ignored    bool
	Role, Name struct{ Value any }
	Properties []struct {
		Name  string
		Value struct{ Value any }
	}
}

// labNames checks the page as a screen reader presents it.
func labNames(v *visitor) {
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.click("#send button")
	v.openCard(`masked "Hello"`)
	var tree struct{ Nodes []node }
	v.call("Accessibility.getFullAXTree", params{}, &tree)
	var names []string
	for _, n := range tree.Nodes {
		role, name := fmt.Sprint(n.Role.Value), strings.TrimSpace(fmt.Sprint(n.Name.Value))
		if n.Ignored {
			continue
		}
		switch role {
		case "button", "textbox", "searchbox", "spinbutton", "checkbox", "radio", "combobox", "link", "gridcell", "row", "grid", "group", "region", "navigation":
			if name == "" || name == "<nil>" {
				if role != "group" && role != "row" {
					v.t.Errorf("a %s has no name", role)
				}
				continue
			}
			names = append(names, role+" "+name)
		case "heading", "main", "list", "status":
			names = append(names, role+" "+name)
		}
	}
	for _, want := range []string{
		"heading barewire lab", "heading What you can do", "heading What passed", "region What you can do", "region What passed",
		"region Break a rule", "list First steps", "list Messages and frames, oldest first",
		"textbox Path", "button Fetch", "radio /echo", "checkbox offer compression", "textbox Message", "textbox Fragment sizes", "spinbutton times",
		"textbox Ping with", "combobox Code", "textbox Reason", "searchbox Find a rule", "combobox Show", "button Pause", "button Clear",
		"group payload, byte by byte", "grid bytes, in hexadecimal and as text",
	} {
		found := slices.ContainsFunc(names, func(name string) bool { return strings.HasPrefix(name, want) })
		if !found {
			v.t.Errorf("no element is called %q", want)
		}
	}
	if !slices.ContainsFunc(names, func(name string) bool {
		return strings.HasPrefix(name, "button to the server: Text, FIN, 5 bytes, masked")
	}) {
		v.t.Error("a card does not name its direction")
	}
	// Announcements are short, however much passes.
	v.write("#send [name=times]", "500")
	told := `window.told = []; new MutationObserver(() => told.push(document.querySelector("#news").textContent))
		.observe(document.querySelector("#news"), { childList: true, characterData: true, subtree: true })`
	look[bool](v, `(() => { `+told+`; return true; })()`)
	v.click("#send button")
	v.wait(`told.length > 0 && document.querySelector("#cards").lastElementChild.happening.number > 1000`)
	if got := look[[]string](v, `told`); len(got) > 100 || len(got[0]) > 160 {
		v.t.Errorf("for 1000 frames a screen reader gets %d announcements: %q", len(got), got)
	}
}

// labContrast measures the contrast of every text (WCAG 2.2 §1.4.3).
func labContrast(v *visitor, scheme string) {
	v.prefers("prefers-color-scheme", scheme)
	v.click("#open [name=compress]")
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.openCard("101 Switching")
	v.click("#send button")
	v.openCard("compressed, masked")
	v.click("#chosen button.section")
	v.point("#chosen .field")
	v.click(`#guide [data-step="break"]`)
	v.wait(`document.querySelector(".verdict")`)
	v.openCard(`FIN, 5 bytes "Hello"`) // the broken one
	v.click("#faults summary")
	const measure = `(() => {
		const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
		const rgba = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
		const light = (color) => color.slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
			.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
		const ground = (element) => {
			for (let e = element; e; e = e.parentElement) { const color = rgba(getComputedStyle(e).backgroundColor); if (color[3] === 255) return color; }
			return [255, 255, 255, 255];
		};
		const faint = {};
		const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
		let texts = 0;
		for (let text; (text = walker.nextNode()); ) {
			const element = text.parentElement;
			if (!text.data.trim() || !element.checkVisibility({ contentVisibilityAuto: true }) || element.closest(".unseen, .skip, :disabled")) continue;
			const style = getComputedStyle(element);
			const [a, b] = [light(rgba(style.color)), light(ground(element))].sort((x, y) => y - x);
			const ratio = (a + 0.05) / (b + 0.05);
			texts++;
			if (ratio < 4.5) faint[element.tagName + "." + element.className + " in " + element.parentElement.className] = ratio.toFixed(2) + " " + text.data.trim().slice(0, 30);
		}
		return { texts, faint };
	})()`
	seen := look[struct {
		Texts int
		Faint map[string]string
	}](v, measure)
	if seen.Texts < 200 {
		v.t.Errorf("only %d texts were measured", seen.Texts)
	}
	for where, what := range seen.Faint {
		v.t.Errorf("in %s colors %s has a contrast of %s, want 4.5", scheme, where, what)
	}
}

// labNarrow opens everything at the width of a small phone: nothing makes the page wider.
func labNarrow(v *visitor) {
	wide := func(when string) {
		v.t.Helper()
		if got := look[int](v, `document.documentElement.scrollWidth`); got > 360 {
			v.t.Errorf("%s the page is %d pixels wide, want 360: %s", when, got, look[string](v, `[...document.querySelectorAll("body *")]
				.filter((e) => e.getBoundingClientRect().right > 361 && e.checkVisibility()).map((e) => e.tagName + "." + e.className).slice(0, 9).join(" ")`))
		}
	}
	wide("at first")
	v.click("#open [name=compress]")
	v.click("#open button")
	v.wait(`document.querySelector("#state").textContent === "/echo is open, compressed"`)
	v.openCard("101 Switching")
	wide("with the handshake open")
	v.write("#send textarea", strings.Repeat("a long message that goes on ", 20))
	v.click("#send button")
	v.openCard("compressed, masked")
	v.click("#chosen button.section")
	wide("with a frame open")
	if got := look[int](v, `document.querySelectorAll("#chosen .grid tbody tr:first-child i").length`); got != 16 {
		v.t.Errorf("the picture is %d bits wide, want 16 on a narrow screen", got)
	}
	v.click(`#guide [data-step="break"]`)
	v.wait(`document.querySelector(".verdict")`)
	v.click(".verdict .section")
	wide("with a verdict")
	v.click("#jump a:first-child")
	v.wait(`document.querySelector("#fetch button").getBoundingClientRect().top < innerHeight`)
}

// labStill: a user who prefers reduced motion sees none.
func labStill(v *visitor) {
	v.prefers("prefers-reduced-motion", "reduce")
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.click("#send button")
	v.openCard(`masked "Hello"`)
	if look[bool](v, `document.querySelector(".roll").checkVisibility()`) {
		v.t.Error("something moves after a click")
	}
	if got := look[int](v, `document.getAnimations().length`); got != 0 {
		v.t.Errorf("%d things move", got)
	}
}
