package e2e

import (
	"encoding/hex"
	"strconv"
	"strings"

	"barewire/internal/annotate"
	"barewire/wsframe"
)

func labFirst(v *visitor) {
	v.cards("> GET /?page=… HTTP/1.1", "< HTTP/1.1 200 OK", `< Body, 12 bytes "Hello World!"`)
	item := v.openCard("GET /")
	if head := string(v.bytesOf(item)); !strings.HasPrefix(head, "GET /?page=") || !strings.Contains(head, "\r\nHost: "+strings.TrimPrefix(v.origin, "http://")+"\r\n") {
		v.t.Errorf("the request is %q", head)
	}
	v.checkSpans(item, annotate.Options{}, annotate.ClientToServer)

	// The head is also there as text, with invisible characters made visible.
	lines := look[string](v, `(() => {
		const text = document.querySelector("`+item+` .lines").cloneNode(true);
		for (const sign of text.querySelectorAll("i")) sign.replaceWith({ CR: "\r", LF: "", "␣": " " }[sign.textContent]);
		return text.textContent;
	})()`)
	if head := string(v.bytesOf(item)); lines != head {
		v.t.Errorf("as text the request is %q, want %q", lines, head)
	}
}

func labFetch(v *visitor) {
	v.write("#fetch [name=path]", "/some/where?q=now")
	v.click("#fetch button")
	v.cards("> GET /some/where?q=now&page=… HTTP/1.1", "< HTTP/1.1 200 OK", `< Body, 12 bytes "Hello World!"`)
	item := v.openCard("HTTP/1.1 200 OK")
	v.checkSpans(item, annotate.Options{}, annotate.ServerToClient)
}

func labConversation(v *visitor) {
	v.click("#open button")
	v.wait(`document.querySelector("#state").textContent === "/echo is open"`)
	v.cards("> GET /echo?page=… HTTP/1.1", "< HTTP/1.1 101 Switching Protocols")
	v.openCard("101 Switching")
	steps := look[[]string](v, `[...document.querySelectorAll(".chain code")].map((code) => code.textContent)`)
	if len(steps) != 5 || steps[1] != steps[0]+"258EAFA5-E914-47DA-95CA-C5AB0DC85B11" || len(steps[2]) != 40 || steps[4] != "equal" {
		v.t.Errorf("the chain of the accept key is %q", steps)
	}

	v.write("#send textarea", "héllo")
	v.click("#send button")
	v.cards(`> Text, FIN, 6 bytes, masked "h`, `< Text, FIN, 6 bytes "h`)
	v.checkFrame(v.openCard("masked \"h"), annotate.ClientToServer, wsframe.Text, "héllo")

	v.click("#send .choice label:last-child")
	v.write("#send textarea", "00 ff 10")
	v.click("#send button")
	v.cards("> Binary, FIN, 3 bytes, masked 00 ff 10", "< Binary, FIN, 3 bytes 00 ff 10")
	v.checkFrame(v.openCard("3 bytes 00 ff 10"), annotate.ServerToClient, wsframe.Binary, "\x00\xff\x10")

	v.click("#send .choice label:first-of-type")
	v.write("#send textarea", "Hello")
	v.write("#send [name=fragments]", "2 0")
	v.click("#send button")
	v.cards("> Text, 2 bytes, masked", "> Continuation, 0 bytes, masked", "> Continuation, FIN, 3 bytes, masked", `< Text, FIN, 5 bytes "Hello"`)
	v.checkFrame(v.openCard("Continuation, FIN"), annotate.ClientToServer, wsframe.Continuation, "llo")

	v.write("#send [name=fragments]", "")
	v.write("#send [name=times]", "3")
	v.write("#send textarea", "thrice")
	v.click("#send button")
	v.wait(`[...document.querySelectorAll(".title")].filter((title) => title.textContent.includes("thrice")).length === 6`)

	v.write("#ping [name=text]", "tick")
	v.click("#ping button")
	v.cards(`> Ping, FIN, 4 bytes, masked "tick"`, `< Pong, FIN, 4 bytes "tick"`)
	v.checkFrame(v.openCard(`Pong`), annotate.ServerToClient, wsframe.Pong, "tick")

	v.choose("#close select", "4000")
	v.write("#close [name=reason]", "enough")
	v.click("#close button")
	v.cards(`> Close, FIN, 8 bytes, masked 4000`, `< Close, FIN, 2 bytes 4000`)
	v.checkFrame(v.openCard(`Close, FIN, 8`), annotate.ClientToServer, wsframe.Close, "\x0f\xa0enough")
	if got := look[string](v, `document.querySelector("#chosen .closing").innerText`); !strings.Contains(got, "4000") || !strings.Contains(got, "enough") {
		v.t.Errorf("the close code is explained as %q", got)
	}
	v.wait(`document.querySelector("#state").textContent === "no WebSocket is open"`)
	v.wait(`document.querySelector("#send button").disabled`)
}

func labCompression(v *visitor) {
	v.click("#open [name=compress]")
	v.click("#open button")
	v.wait(`document.querySelector("#state").textContent === "/echo is open, compressed"`)
	text := strings.Repeat("the same words again ", 20)
	v.write("#send textarea", text)
	v.click("#send button")
	item := v.openCard("compressed, masked")
	bars := look[[]int](v, `[...document.querySelectorAll("`+item+` progress")].map((bar) => bar.value)`)
	data := v.bytesOf(item)
	size := wsframe.ParseHeader(new(wsframe.Header), data)
	if len(bars) != 2 || bars[0] != len(data)-size || bars[1] != len(text) {
		v.t.Errorf("the bars show %v bytes, want %d that passed and %d inflated", bars, len(data)-size, len(text))
	}
	if got := look[string](v, `document.querySelector("`+item+` pre").textContent`); got != `"`+text+`"` {
		v.t.Errorf("the inflated text is %q, want %q", got, text)
	}
}

func labDigest(v *visitor) {
	v.click("#open .choice label:nth-of-type(2)")
	v.click("#open button")
	v.wait(`document.querySelector("#state").textContent === "/ is open"`)
	v.click("#send button")
	item := v.openCard("Binary, FIN, 20 bytes")
	digest, _ := hex.DecodeString(helloDigest)
	v.checkFrame(item, annotate.ServerToClient, wsframe.Binary, string(digest))
	if got := look[string](v, `document.querySelector("`+item+` .chain").textContent`); !strings.Contains(got, "Hello") || !strings.Contains(got, "SHA-1") {
		v.t.Errorf("the reply is explained as %q", got)
	}
}

func labVerdict(v *visitor) {
	v.write("#catalogue-find", "without a mask")
	v.click(`[data-fault="frame-unmasked"]`)
	v.wait(`document.querySelector(".verdict")`)
	verdict := look[string](v, `document.querySelector(".verdict").innerText`)
	for _, want := range []string{"The server followed the rule", "Expected", "close 1002", "Came back", "What it teaches", "RFC 6455 §5.1", "MUST"} {
		if !strings.Contains(verdict, want) {
			v.t.Errorf("the verdict does not say %q: %s", want, verdict)
		}
	}
	if !look[bool](v, `document.querySelector("#cards").lastElementChild.classList.contains("verdict")`) {
		v.t.Error("the verdict does not follow what passed")
	}
	if got := look[string](v, `document.querySelector(".item.broken .rule").textContent`); !strings.Contains(got, "a client must mask every frame") {
		v.t.Errorf("the unmasked frame is labeled %q", got)
	}
	v.openCard(`Text, FIN, 5 bytes "Hello"`)
	marked := look[string](v, `["#chosen .grid td.broken .name", "#chosen .hex i.broken", "#chosen .fields .broken .name"]
		.map((place) => [...document.querySelectorAll(place)].map((e) => e.textContent).join("+")).join(", ")`)
	if want := "MASK, 05, mask bit"; marked != want {
		v.t.Errorf("the marks in the picture, the bytes and the fields are %s; want %s", marked, want)
	}
	v.click(".verdict .section")
	v.wait(`document.querySelector(".verdict .rules").innerText.includes("6455-5.1-b")`)
	if got := look[string](v, `document.querySelector('[data-fault="frame-unmasked"] .result').textContent`); got != "✓" {
		v.t.Errorf("the button of the fault is marked %q", got)
	}
}

// labCatalogue finds faults of several kinds and runs them.
func labCatalogue(v *visitor) {
	v.wait(`document.querySelector("#faults button")`)
	total := look[int](v, `document.querySelectorAll("#faults button").length`)
	if total < 80 {
		v.t.Errorf("the catalogue has %d faults, want 80 or more", total)
	}
	v.click("#faults details:first-child summary")
	v.click("#faults details:first-child li:nth-child(2) button")
	v.wait(`document.querySelectorAll(".verdict").length === 1`)
	for i, word := range []string{"smuggling", "utf-8", "compression"} {
		v.write("#catalogue-find", word)
		v.wait(`[...document.querySelectorAll("#faults li")].some((item) => !item.hidden)`)
		first := look[string](v, `[...document.querySelectorAll("#faults li:not([hidden]) button")].find((button) => !button.closest("details").hidden).dataset.fault`)
		v.click(`[data-fault="` + first + `"]`)
		v.wait(`document.querySelectorAll(".verdict").length === ` + string(rune('2'+i)))
	}
	if got := look[int](v, `document.querySelectorAll(".verdict.fail").length`); got != 0 {
		v.t.Errorf("our own server fails %d faults", got)
	}
}

// labEveryCard breaks rules of all kinds and opens all the cards, including those of
// incomplete, overlong and empty units.
func labEveryCard(v *visitor) {
	long(v.t)
	for i, id := range []string{"http-space-before-colon", "http-obs-text", "body-cut-short", "trailer-fields", "handshake-origin",
		"frame-cut-short", "frame-length-top-bit", "frame-65536-bytes", "fragments-ping", "utf8-cut-short", "close-1005", "deflate-block-type",
		"resource-chunk-size"} {
		v.write("#catalogue-find", id)
		v.click(`[data-fault="` + id + `"]`)
		v.wait(`document.querySelectorAll(".verdict").length === ` + strconv.Itoa(i+1))
	}
	cards := look[int](v, `(() => {
		const cards = [...document.querySelectorAll("#cards .card")];
		for (const card of cards) card.click();
		return cards.length;
	})()`)
	v.wait(`document.querySelectorAll("#cards .inside").length === document.querySelectorAll("#cards .card").length`)
	if data := look[int](v, `document.querySelectorAll("#cards .bytes i").length`); cards < 30 || data < 1000 {
		v.t.Errorf("%d cards opened, with %d bytes", cards, data)
	}
}

func labProblems(v *visitor) {
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.click("#send .choice label:last-child")
	v.write("#send textarea", "no hex")
	v.click("#send button")
	v.wait(`document.querySelector("#state.problem").textContent.includes("hexadecimal")`)
	v.write("#send textarea", "00")
	v.click("#send button")
	v.wait(`document.querySelector("#state").textContent === "/echo is open"`)
}

func labLight(v *visitor) {
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.click("#send button")
	item := v.openCard(`masked "Hello"`)
	lit := func(what string) string {
		return look[string](v, `[...document.querySelectorAll("`+item+` `+what+`.lit")].map((e) => e.querySelector?.(".name")?.textContent || e.textContent).join(" ")`)
	}
	data := v.bytesOf(item)

	v.point(item + " .fields li:nth-child(6) .field") // after the name of the layer: FIN, RSV1, RSV2, RSV3, opcode
	v.wait(`document.querySelector("` + item + ` .field.lit .name").textContent === "opcode"`)
	if got, want := lit(".hex i"), "81"; got != want {
		v.t.Errorf("the opcode highlights the bytes %q, want %q", got, want)
	}
	if got := lit(".grid td"); got != "opcode" {
		v.t.Errorf("the opcode highlights %q in the picture, want opcode", got)
	}
	v.point(item + " .hex i:nth-child(2)")
	v.wait(`document.querySelector("` + item + ` .field.lit .name").textContent === "mask bit"`)
	if got, want := lit(".field"), "mask bit payload length"; got != want {
		v.t.Errorf("byte 1 highlights the fields %q, want %q", got, want)
	}
	readout := look[string](v, `document.querySelector("`+item+` .readout").innerText`)
	for _, want := range []string{"byte 1 · 85 · 1000 0101", "a key follows", "RFC 6455 §5.1"} {
		if !strings.Contains(readout, want) {
			v.t.Errorf("the text about byte 1 is %q, want %q in it", readout, want)
		}
	}
	v.point(item + " .grid td.application")
	v.wait(`document.querySelector("` + item + ` .grid td.application").classList.contains("lit")`)
	if got, want := lit(".hex i"), hexPairs(data[6:8]); got != want {
		v.t.Errorf("the payload in the picture highlights %q, want %q", got, want)
	}
}

// hexPairs returns bytes as "01 02".
func hexPairs(data []byte) string {
	var pairs []string
	for _, b := range data {
		pairs = append(pairs, hex.EncodeToString([]byte{b}))
	}
	return strings.Join(pairs, " ")
}

func labMask(v *visitor) {
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.click("#send button")
	item := v.openCard(`masked "Hello"`)
	if got := look[string](v, `[...document.querySelectorAll("`+item+` .glyph")].map((e) => e.textContent).join("")`); got != "Hello" {
		v.t.Errorf("the unmasked tiles show %q, want Hello", got)
	}
	v.click(item + " .tile:nth-child(2)")
	sum := look[[]string](v, `[...document.querySelectorAll("`+item+` .sum code:nth-of-type(2)")].map((e) => e.textContent.replace(" ", ""))`)
	for i := range 8 {
		if (sum[0][i] != sum[1][i]) != (sum[2][i] == '1') {
			v.t.Errorf("bit %d: %c XOR %c is not %c", i, sum[0][i], sum[1][i], sum[2][i])
		}
	}
	if sum[2] != "01100101" {
		v.t.Errorf("the result for byte 1 is %s, want 01100101, an e", sum[2])
	}
	look[bool](v, `(() => {
		const item = document.querySelector("`+item+`");
		const now = (selector) => [...item.querySelectorAll(selector)].findIndex((e) => e.classList.contains("now"));
		window.rolled = new Promise((resolve) => new MutationObserver(() => {
			if (now(".tile") === 2) resolve(now(".keys .key"));
		}).observe(item, { attributes: true, subtree: true }));
		return true;
	})()`)
	v.click(item + " .roll")
	if got := look[int](v, `rolled`); got != 2 {
		v.t.Errorf("at byte 2 of the payload, byte %d of the key is used, want 2", got)
	}
}

func labRules(v *visitor) {
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.click("#send button")
	item := v.openCard(`masked "Hello"`)
	v.click(item + " .fields li:nth-child(7) button.section") // the mask bit's
	rules := look[string](v, `document.querySelector("`+item+` .rules").innerText`)
	for _, want := range []string{"6455-5.1-b", "An unmasked frame from a client closes the connection", "wsframe/check.go:", "Checker.Check",
		"a client must mask every frame", "wsframe/check_test.go:", "TestCheckRefuses"} {
		if !strings.Contains(rules, want) {
			v.t.Errorf("the rules beside the mask bit do not say %q:\n%s", want, rules)
		}
	}
}

func labBar(v *visitor) {
	count := `document.querySelectorAll("#cards > li").length`
	v.choose("#filter", "frame")
	v.wait(count + ` === 0 && !document.querySelector("#empty").hidden`)
	v.choose("#filter", "http")
	v.wait(count + ` === 3`)
	v.choose("#filter", "all")
	v.wait(count + ` > 3`)
	v.click("#pause")
	before := look[int](v, count)
	v.click("#fetch button")
	v.wait(`/Continue \(\d+\)/.test(document.querySelector("#pause").textContent)`)
	if after := look[int](v, count); after != before {
		v.t.Errorf("%d cards appeared during the pause", after-before)
	}
	v.click("#pause")
	v.wait(count + ` > ` + "5")
	v.click("#clear")
	v.wait(count + ` === 0`)
	if got := look[string](v, `document.querySelector("#empty").innerText`); !strings.Contains(got, "Fetch") {
		v.t.Errorf("the empty list shows %q, want a hint what to do", got)
	}
	v.click("#fetch button")
	v.wait(count + ` > 3`)
}

// labGuide takes the first steps.
func labGuide(v *visitor) {
	for _, step := range []string{"card", "open", "send", "break"} {
		v.wait(`document.querySelector("#guide [aria-current]").dataset.step === "` + step + `"`)
		v.click(`#guide [data-step="` + step + `"]`)
		if step == "open" {
			v.wait(`!document.querySelector("#send button").disabled`)
		}
	}
	v.wait(`document.querySelector(".verdict.pass")`)
	v.wait(`document.querySelector("#guide").classList.contains("all-done")`)
	if got := look[float64](v, `document.querySelectorAll(".inside").length`); got != 1 {
		v.t.Errorf("%v cards are open, want the one that was opened", got)
	}
}
