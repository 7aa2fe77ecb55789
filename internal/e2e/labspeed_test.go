package e2e

import (
	"fmt"
	"slices"
	"testing"
)

// watchCards records in the page, from its start, when the first card appeared and when
// each screen update was drawn.
const watchCards = `
	window.pictures = [];
	window.firstCard = 0;
	const draw = (now) => { window.pictures.push(now); requestAnimationFrame(draw); };
	requestAnimationFrame(draw);
	new MutationObserver(() => {
		if (!window.firstCard && document.querySelector(".card")) window.firstCard = performance.now();
	}).observe(document, { childList: true, subtree: true });
`

// TestLabSpeed prints the time from the page's load to the first card, and how many screen
// updates per second the browser draws while 2,000 frames pass and come back. On an idle
// machine they should be below 200 ms and above 30.
func TestLabSpeed(t *testing.T) {
	long(t)
	d := openDevTools(t, chromium(t))
	p := start(t)
	v := newVisitor(t, d, p.http(), 1280, 900)
	v.call("Page.addScriptToEvaluateOnNewDocument", params{"source": watchCards}, nil)
	var firsts []float64
	for range 7 {
		v.enter("/lab")
		v.wait(`window.firstCard > 0`)
		firsts = append(firsts, look[float64](v, `window.firstCard`))
	}
	slices.Sort(firsts)
	t.Logf("from the page's load to the first card: %.0f ms", firsts)
	labBurst(v)
	v.content()
}

// labBurst sends 2,000 messages. The page makes cards only for the last ones, and for all
// of them when it is asked.
func labBurst(v *visitor) {
	v.t.Helper()
	v.enter("/lab")
	v.wait(`document.querySelectorAll(".card").length >= 3`)
	v.click("#open button")
	v.wait(`!document.querySelector("#send button").disabled`)
	v.write("#send textarea", "a burst")
	v.write("#send [name=times]", "2000")
	before := look[int](v, `document.querySelector("#cards").lastElementChild.happening.number`)
	look[bool](v, `(window.began = performance.now()) > 0`)
	v.click("#send button")
	v.wait(fmt.Sprintf(`document.querySelector("#cards").lastElementChild.happening.number >= %d`, before+4000))
	seen := look[struct {
		Took, Longest  float64
		Pictures, Made int
	}](v, `(() => {
		const ended = performance.now();
		const drawn = pictures.filter((time) => time >= began && time <= ended);
		const gaps = drawn.slice(1).map((time, i) => time - drawn[i]);
		return { took: ended - began, longest: Math.max(...gaps), pictures: drawn.length, made: document.querySelectorAll("#cards > li").length };
	})()`)
	v.t.Logf("2,000 frames there and back: %.0f ms, %.0f screen updates per second, at most %.0f ms between two",
		seen.Took, float64(seen.Pictures)/seen.Took*1000, seen.Longest)
	if seen.Made > 1000 {
		v.t.Errorf("the page has %d cards although nobody asked for older ones", seen.Made)
	}
	for range 30 {
		if look[bool](v, `document.querySelector("#older").hidden`) {
			break
		}
		v.click("#older")
	}
	v.wait(`document.querySelectorAll("#cards > li").length > 4000`)
	reaction := look[float64](v, `(async () => {
		const card = document.querySelector("#cards .frame > .card");
		const began = performance.now();
		card.click();
		while (!card.parentElement.querySelector(".inside")) await new Promise((done) => setTimeout(done));
		await new Promise(requestAnimationFrame);
		return performance.now() - began;
	})()`)
	count := look[int](v, `document.querySelectorAll("#cards > li").length`)
	v.t.Logf("with %d cards in the page, one opens in %.0f ms", count, reaction)
}
