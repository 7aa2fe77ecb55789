package e2e

import (
	"fmt"
	"strings"
	"testing"
)

// TestLabPagesAreApart: two visitors use the lab at the same time. Each sees only what
// belongs to it, and both see the messages in /chat.
func TestLabPagesAreApart(t *testing.T) {
	t.Parallel()
	d := openDevTools(t, chromium(t))
	p := start(t)
	var visitors [2]*visitor
	for i := range visitors {
		visitors[i] = newVisitor(t, d, p.http(), 1280, 900)
		v := visitors[i]
		v.enter("/lab")
		v.wait(`document.querySelectorAll(".card").length >= 3`)
		v.click("#open button")
		v.wait(`!document.querySelector("#send button").disabled`)
	}
	for i, v := range visitors {
		secret := fmt.Sprintf("secret of %d", i)
		v.write("#send textarea", secret)
		v.click("#send button")
		v.cards(`> Text, FIN, 11 bytes, masked "`+secret, `< Text, FIN, 11 bytes "`+secret)
		v.write("#fetch [name=path]", fmt.Sprintf("/only/%d", i))
		v.click("#fetch button")
		v.cards(fmt.Sprintf("> GET /only/%d?page=…", i), "< HTTP/1.1 200 OK", "< Body")
	}
	var ids [2]string
	for i, v := range visitors {
		_, rest, _ := strings.Cut(string(v.bytesOf(v.openCard("GET /only/"))), "?page=")
		ids[i], _, _ = strings.Cut(rest, " ")
		text := look[string](v, `document.querySelector("#cards").textContent`)
		if strings.Contains(text, fmt.Sprintf("secret of %d", 1-i)) || strings.Contains(text, fmt.Sprintf("/only/%d", 1-i)) {
			t.Errorf("page %d shows what the other page did: %s", i, text)
		}
	}
	if ids[0] == ids[1] || len(ids[0]) != 26 {
		t.Errorf("the pages have the ids %q, want 26 letters each, chosen at random", ids)
	}
	for _, v := range visitors {
		v.click("#open .choice label:last-of-type")
		v.click("#open button")
		v.wait(`document.querySelector("#state").textContent === "/chat is open"`)
	}
	visitors[0].write("#send textarea", "for both")
	visitors[0].click("#send button")
	for _, v := range visitors {
		v.cards(`< Text, FIN, 8 bytes "for both"`)
		v.content()
	}
}

// TestLabKeepsOthersOut: a page of another origin cannot use the lab, in the same browser.
func TestLabKeepsOthersOut(t *testing.T) {
	t.Parallel()
	d := openDevTools(t, chromium(t))
	p := start(t)
	_, port, _ := strings.Cut(p.addr, ":")

	// Another page. Its owner can point its name to this machine, so browsers give it the
	// same address; only Host shows the difference.
	v := newVisitor(t, d, start(t).http(), 1280, 900)
	v.enter("/")
	tries := fmt.Sprintf(`(async () => {
		const ends = (url) => new Promise((resolve) => {
			const socket = new WebSocket(url);
			socket.onopen = () => resolve("open");
			socket.onclose = () => resolve("refused");
		});
		const reads = (url) => fetch(url).then((answer) => answer.text()).then(() => "read", () => "refused").catch(() => "refused");
		return {
			feed: await ends("ws://%[1]s/lab/feed"),
			byName: await ends("ws://localhost:%[2]s/lab/feed"),
			rules: await reads("http://%[1]s/lab/rules.json"),
		};
	})()`, p.addr, port)
	for what, got := range look[map[string]string](v, tries) {
		if got != "refused" {
			t.Errorf("a page of another origin tried %s; the result was %s", what, got)
		}
	}

	// The page itself cannot be made to load from elsewhere, or to run text as script.
	v = newVisitor(t, d, p.http(), 1280, 900)
	v.enter("/lab")
	v.wait(`document.querySelectorAll(".card").length >= 3`)
	broken := look[map[string]string](v, `(async () => {
		const blocked = (act) => new Promise((resolve) => {
			addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
			try { act(); } catch (error) { resolve("exception: " + error.name); }
			setTimeout(() => resolve("it worked"), 60000);
		});
		const add = (tag, properties) => document.body.append(Object.assign(document.createElement(tag), properties));
		return {
			image: await blocked(() => add("img", { src: "http://elsewhere.invalid/x.png" })),
			style: await blocked(() => add("style", { textContent: "body { display: none }" })),
			frame: await blocked(() => add("iframe", { src: "http://elsewhere.invalid/" })),
			fetch: await blocked(() => { fetch("http://elsewhere.invalid/").catch(() => {}); }),
			socket: await blocked(() => { new WebSocket("ws://elsewhere.invalid/"); }),
			html: await blocked(() => { document.querySelector("#news").innerHTML = "<b>text</b>"; }),
		};
	})()`)
	for what, got := range broken {
		if got == "it worked" {
			t.Errorf("the page broke its policy: %s", what)
		}
	}
	t.Logf("what the policy blocked: %v", broken)
}

// TestLabOutlivesTheServer: when the server ends, the page says so, and its cards still
// open, because the page has already loaded all that they need.
func TestLabOutlivesTheServer(t *testing.T) {
	t.Parallel()
	d := openDevTools(t, chromium(t))
	p := start(t)
	v := newVisitor(t, d, p.http(), 1280, 900)
	v.enter("/lab")
	v.wait(`document.querySelectorAll(".card").length >= 3 && document.querySelector("#faults button")`)
	v.wait(`["inside.js", "lines.js", "grid.js", "mask.js", "notes.js", "fields.js", "bytes.js", "light.js", "rules.json"]
		.every((file) => performance.getEntriesByName(location.origin + "/lab/" + file).some((entry) => entry.responseEnd > 0))`)
	p.stop(t)
	v.wait(`document.querySelector("#state.problem").textContent.includes("the feed has ended")`)
	v.openCard("GET /")
	v.content()
}
