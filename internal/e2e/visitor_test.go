package e2e

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// visitor uses a page in Chromium with mouse and keyboard: no test calls a function of the
// page.
type visitor struct {
	t       *testing.T
	d       *devTools
	session string
	context string // of the browser, so that visitors share no state
	origin  string
}

// newVisitor opens an empty window of this size.
func newVisitor(t *testing.T, d *devTools, origin string, width, height int) *visitor {
	t.Helper()
	d.t = t
	d.session = ""
	v := &visitor{t: t, d: d, origin: origin}
	var created struct{ BrowserContextID string }
	d.call("Target.createBrowserContext", params{}, &created)
	v.context = created.BrowserContextID
	var target struct{ TargetID string }
	d.call("Target.createTarget", params{"url": "about:blank", "browserContextId": v.context, "width": width, "height": height}, &target)
	var attached struct{ SessionID string }
	d.call("Target.attachToTarget", params{"targetId": target.TargetID, "flatten": true}, &attached)
	v.session = attached.SessionID
	for _, domain := range []string{"Page", "Log", "Runtime", "Network"} {
		v.call(domain+".enable", params{}, nil)
	}
	v.resize(width, height)
	v.call("Emulation.setFocusEmulationEnabled", params{"enabled": true}, nil)
	t.Cleanup(func() {
		d.t, d.session = t, ""
		d.call("Target.disposeBrowserContext", params{"browserContextId": v.context}, nil)
	})
	return v
}

func (v *visitor) call(method string, arguments, result any) {
	v.t.Helper()
	v.d.t, v.d.session = v.t, v.session
	v.d.call(method, arguments, result)
}

// resize changes the size of the window.
func (v *visitor) resize(width, height int) {
	v.t.Helper()
	v.call("Emulation.setDeviceMetricsOverride", params{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}, nil)
}

// visitLab loads the lab in a fresh state for each test. A new visitor instead would cost
// another browser process.
func (v *visitor) visitLab(t *testing.T, width, height int) {
	t.Helper()
	v.t, v.d.events = t, nil
	v.prefers()
	v.resize(width, height)
	v.enter("/lab")
	v.wait(`document.querySelectorAll(".card").length >= 3 && document.querySelector("#faults button")`)
}

// prefers sets the preferences that a page can query, such as "prefers-color-scheme".
func (v *visitor) prefers(features ...string) {
	v.t.Helper()
	list := []params{}
	for i := 0; i < len(features); i += 2 {
		list = append(list, params{"name": features[i], "value": features[i+1]})
	}
	v.call("Emulation.setEmulatedMedia", params{"features": list}, nil)
}

// enter loads a page of the origin.
func (v *visitor) enter(path string) {
	v.t.Helper()
	v.d.t, v.d.session = v.t, v.session
	v.d.navigate(v.origin + path)
}

// look evaluates an expression and decodes its value.
func look[T any](v *visitor, expression string) (seen T) {
	v.t.Helper()
	v.d.t, v.d.session = v.t, v.session
	v.d.evaluate(expression, &seen)
	return seen
}

// wait waits until a condition holds in the page.
func (v *visitor) wait(condition string) {
	v.t.Helper()
	v.d.t, v.d.session = v.t, v.session
	v.d.wait(condition)
}

// place returns the position of an element, and what the mouse would hit there.
func (v *visitor) place(selector string) (x, y float64) {
	v.t.Helper()
	const find = `(async () => {
		const element = document.querySelector(%q);
		if (!element) return null;
		element.scrollIntoView({ block: 'center', inline: 'nearest' });
		await new Promise(requestAnimationFrame);
		const { left, top, width, height } = element.getBoundingClientRect();
		const x = left + width / 2, y = top + Math.min(height / 2, 12);
		const met = document.elementFromPoint(x, y);
		const meets = met && (element.contains(met) || met.contains(element) || met.closest('label')?.contains(element));
		return { x, y, met: meets ? '' : String(met && (met.id || met.className || met.tagName)) };
	})()`
	found := look[*struct {
		X, Y float64
		Met  string
	}](v, fmt.Sprintf(find, selector))
	if found == nil {
		v.t.Fatalf("the page has no %s", selector)
	}
	if found.Met != "" {
		v.t.Fatalf("at the position of %s the mouse hits %s", selector, found.Met)
	}
	return found.X, found.Y
}

// point moves the mouse to an element.
func (v *visitor) point(selector string) (x, y float64) {
	v.t.Helper()
	x, y = v.place(selector)
	v.call("Input.dispatchMouseEvent", params{"type": "mouseMoved", "x": x, "y": y}, nil)
	return x, y
}

// click clicks on an element.
func (v *visitor) click(selector string) {
	v.t.Helper()
	x, y := v.point(selector)
	for _, event := range []string{"mousePressed", "mouseReleased"} {
		v.call("Input.dispatchMouseEvent", params{"type": event, "x": x, "y": y, "button": "left", "clickCount": 1}, nil)
	}
}

// write replaces the text of a field.
func (v *visitor) write(selector, text string) {
	v.t.Helper()
	v.click(selector)
	v.press("Control+a")
	if text == "" {
		v.press("Delete")
		return
	}
	v.call("Input.insertText", params{"text": text}, nil)
}

// choose chooses an option of a list by its value, with the keyboard: it types the first
// letters of the option's text.
func (v *visitor) choose(selector, value string) {
	v.t.Helper()
	look[bool](v, fmt.Sprintf("document.querySelector(%q).focus() || true", selector))
	steps := look[int](v, fmt.Sprintf("((list) => [...list.options].findIndex((o) => o.value === %q) - list.selectedIndex)(document.querySelector(%q))", value, selector))
	key := "ArrowDown"
	if steps < 0 {
		key, steps = "ArrowUp", -steps
	}
	for range steps {
		v.press(key)
	}
	if got := look[string](v, fmt.Sprintf("document.querySelector(%q).value", selector)); got != value {
		v.t.Fatalf("%s is at %q, want %q", selector, got, value)
	}
}

// keys are the keys that write no text.
var keys = map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38,
	"ArrowRight": 39, "ArrowDown": 40, "Delete": 46, " ": 32, "a": 65}

// press presses a key, as in "Tab", "Shift+Tab" or "Control+a".
func (v *visitor) press(name string) {
	v.t.Helper()
	modifiers := 0
	if rest, found := strings.CutPrefix(name, "Shift+"); found {
		name, modifiers = rest, 8
	}
	if rest, found := strings.CutPrefix(name, "Control+"); found {
		name, modifiers = rest, 2
	}
	event := params{"key": name, "code": name, "windowsVirtualKeyCode": keys[name], "modifiers": modifiers}
	switch {
	case name == "Enter":
		event["text"] = "\r"
	case name == " ":
		event["text"], event["code"] = " ", "Space"
	case name == "a" && modifiers == 2:
		event["commands"] = []string{"selectAll"}
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		event["type"] = kind
		v.call("Input.dispatchKeyEvent", event, nil)
	}
}

// complaints returns errors that the page does not show: messages in the console, and
// requests that left the origin.
func (v *visitor) complaints() (list []string) {
	v.t.Helper()
	look[bool](v, "true") // earlier events have all arrived after this call
	socket := "ws" + strings.TrimPrefix(v.origin, "http")
	for _, event := range v.d.events {
		if event.SessionID != v.session {
			continue
		}
		text, _ := json.Marshal(event.Params)
		var told struct {
			Type, URL string
			Request   struct{ URL string }
			Entry     struct{ Level string }
		}
		json.Unmarshal(text, &told)
		outside := func(url, origin string) bool { return url != origin && !strings.HasPrefix(url, origin+"/") }
		switch {
		case event.Method == "Runtime.exceptionThrown",
			event.Method == "Runtime.consoleAPICalled" && told.Type != "log",
			event.Method == "Log.entryAdded" && told.Entry.Level != "info" && told.Entry.Level != "verbose",
			event.Method == "Network.requestWillBeSent" && outside(told.Request.URL, v.origin),
			event.Method == "Network.webSocketCreated" && outside(told.URL, socket):
			list = append(list, event.Method+": "+string(text))
		}
	}
	return list
}

// content ends the visit after the test, and reports the complaints.
func (v *visitor) content() {
	v.t.Helper()
	for _, complaint := range v.complaints() {
		v.t.Errorf("the page: %s", complaint)
	}
}
