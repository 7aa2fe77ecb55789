package e2e

import (
	"bytes"
	"encoding/base64"
	"flag"
	"image"
	"image/color"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// takePictures makes the test take the pictures of the lab again:
//
//	go test ./internal/e2e -run TestLabPictures -pictures
var takePictures = flag.Bool("pictures", false, "take the pictures of the lab again")

// labPictures is the folder of the pictures, which the program does not serve.
const labPictures = "../lab/pictures"

// TestLabPictures: the pictures in the README exist, and are small enough to load
// quickly.
func TestLabPictures(t *testing.T) {
	if *takePictures {
		d := openDevTools(t, chromium(t))
		photograph(t, d, "frame.png", "light", 1280, 900)
		photograph(t, d, "verdict.png", "dark", 390, 780)
	}
	for name, width := range map[string]int{"frame.png": 1280, "verdict.png": 390} {
		content, err := os.ReadFile(filepath.Join(labPictures, name))
		if err != nil {
			t.Errorf("%v: take it with go test ./internal/e2e -run TestLabPictures -pictures", err)
			continue
		}
		config, err := png.DecodeConfig(bytes.NewReader(content))
		if err != nil || config.Width != width {
			t.Errorf("%s is not a PNG %d pixels wide: %v, %d", name, width, err, config.Width)
		}
		if len(content) > 150<<10 {
			t.Errorf("%s has %d bytes, want less than 150 KiB", name, len(content))
		}
	}
}

// photograph takes a picture of a page in use.
func photograph(t *testing.T, d *devTools, name, scheme string, width, height int) {
	p := start(t)
	v := newVisitor(t, d, p.http(), width, height)
	v.prefers("prefers-color-scheme", scheme, "prefers-reduced-motion", "no-preference")
	v.enter("/lab")
	v.wait(`document.querySelectorAll(".card").length >= 3 && document.querySelector("#faults button")`)
	v.click(`#guide [data-step="card"]`)
	v.wait(`document.querySelector(".inside")`)
	v.press("Escape")
	v.click(`#guide [data-step="open"]`)
	v.wait(`!document.querySelector("#send button").disabled`)
	v.click(`#guide [data-step="send"]`)
	v.cards(`> Text, FIN, 5 bytes, masked "Hello"`, `< Text, FIN, 5 bytes "Hello"`)
	if name == "frame.png" {
		item := v.openCard(`masked "Hello"`)
		v.point(item + " .fields li:nth-child(6) .field")
		look[bool](v, `(document.querySelector("`+item+`").scrollIntoView({ block: "start" }), true)`)
	} else {
		v.click(`#guide [data-step="break"]`)
		v.wait(`document.querySelector(".verdict")`)
		look[bool](v, `(scrollTo(0, 1e6), true)`)
	}
	look[bool](v, `new Promise((done) => setTimeout(() => done(true), 300))`)
	var taken struct{ Data string }
	v.call("Page.captureScreenshot", params{"format": "png"}, &taken)
	picture, err := base64.StdEncoding.DecodeString(taken.Data)
	if err == nil {
		picture, err = fewerColors(picture)
	}
	if err == nil {
		err = os.MkdirAll(labPictures, 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(labPictures, name), picture, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fewerColors makes a PNG a third as large. It keeps the colors of surfaces and as many
// of the other colors, which are at the edges of letters, as differ visibly; the rest are
// replaced with the nearest of them.
func fewerColors(picture []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		return nil, err
	}
	bounds := full.Bounds()
	count := make(map[color.Color]int)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			count[full.At(x, y)]++
		}
	}
	often := slices.SortedFunc(maps.Keys(count), func(a, b color.Color) int { return count[b] - count[a] })
	palette := color.Palette{often[0]}
	for _, c := range often[1:] {
		if surface := count[c] > 500; len(palette) < 256 && (surface || !alike(c, palette[palette.Index(c)])) {
			palette = append(palette, c)
		}
	}
	nearest := make(map[color.Color]uint8)
	for c := range count {
		nearest[c] = uint8(palette.Index(c))
	}
	small := image.NewPaletted(bounds, palette)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			small.SetColorIndex(x, y, nearest[full.At(x, y)])
		}
	}
	var out bytes.Buffer
	err = (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small)
	return out.Bytes(), err
}

// alike reports whether two colors are too similar to tell apart in a letter.
func alike(a, b color.Color) bool {
	distance := 0
	for shift := 0; shift < 3; shift++ {
		one, other := channel(a, shift), channel(b, shift)
		distance += (one - other) * (one - other)
	}
	return distance < 18*18
}

// channel returns red, green or blue, from 0 to 255.
func channel(c color.Color, which int) int {
	red, green, blue, _ := c.RGBA()
	return int([]uint32{red, green, blue}[which] >> 8)
}
