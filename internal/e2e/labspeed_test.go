package e2e

import (
	"fmt"
	"slices"
	"testing"
)

// watchCards notes in the page, from its very first moment, when the first card was
// there, and when each picture was drawn.
const watchCards = `
	window.pictures = [];
	window.firstCard = 0;
	const draw = (now) => { window.pictures.push(now); requestAnimationFrame(draw); };
	requestAnimationFrame(draw);
	new MutationObserver(() => {
		if (!window.firstCard && document.querySelector(".card")) window.firstCard = performance.now();
	}).observe(document, { childList: true, subtree: true });
`

// TestLabSpeed: from the page's load to the first card it takes less than 200 ms, and
// while 2,000 frames pass and come back, the browser draws 30 pictures a second. The
// figures are printed. A machine that is busy with other things gets several tries.
func TestLabSpeed(t *testing.T) {
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
	// Less than 200 ms it is to be, and is where nothing else runs.
	if limit := 400 * slow(); firsts[0] > limit {
		t.Errorf("the fastest of %d loads took %.0f ms to the first card, want less than 200, and %.0f at the very least", len(firsts), firsts[0], limit)
	}

	best := 0.0
	for range 3 {
		best = max(best, labBurst(v))
		if best >= 30 {
			break
		}
	}
	// 30 it is to be, and is where nothing else runs; half of that tells a page that is
	// slow from a machine that is busy.
	if limit := 15 / slow(); best < limit {
		t.Errorf("in a burst of 2,000 frames the browser drew %.0f pictures a second, want 30, and %.0f at the very least", best, limit)
	}
	v.content()
}

// slow is by how much more time is given to a program that the race detector slows.
func slow() float64 {
	if raced {
		return 5
	}
	return 1
}

// labBurst lets 2,000 messages pass, and returns how many pictures a second were
// drawn until the last card was there.
func labBurst(v *visitor) (rate float64) {
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
	rate = float64(seen.Pictures) / seen.Took * 1000
	v.t.Logf("2,000 frames there and back: %.0f ms, %.0f pictures a second, %.0f ms the longest without one, %d cards in the page",
		seen.Took, rate, seen.Longest, seen.Made)

	// With all of them on the page it is as quick as before.
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
	if reaction > 500*slow() {
		v.t.Errorf("with %d cards in the page, one takes %.0f ms to open", count, reaction)
	}
	return rate
}
