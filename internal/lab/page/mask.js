// The masking key rolls over the payload: byte i is XORed with byte i mod 4 of the key
// (RFC 6455 §5.3). For one byte at a time the sum is shown bit by bit.

import { make, mark, byteAt, bitsOf, glyph, rove } from "/lab/elements.js";

const most = 64; // bytes of payload that are shown
const pace = 450; // milliseconds per byte while it rolls

export function buildMask(unit) {
  const key = unit.spans.find((span) => span.field === "masking key");
  const count = Math.min(most, (unit.payload || "").length / 2);
  if (unit.kind !== "frame" || !key || count === 0) return null;
  const start = key.offset + key.length;

  const rolling = make("div", { className: "tiles", role: "group", ariaLabel: "payload, byte by byte" });
  const sum = make("div", { className: "sum" });
  for (let i = 0; i < count; i++) rolling.append(tile(unit, key.offset + (i % 4), start + i, i));
  const keys = make("div", { className: "keys" }, make("span", { textContent: "masking key" }));
  for (let k = 0; k < 4; k++) {
    keys.append(mark(make("span", { className: "key", textContent: byteAt(unit.bytes, key.offset + k) }), { offset: key.offset + k, length: 1 }));
  }
  const work = (i) => {
    for (const element of [...rolling.children, ...keys.querySelectorAll(".key")]) element.classList.remove("now");
    rolling.children[i].classList.add("now");
    keys.querySelectorAll(".key")[i % 4].classList.add("now");
    sum.replaceChildren(...workOut(byteAt(unit.bytes, start + i), byteAt(unit.bytes, key.offset + (i % 4)), byteAt(unit.payload, i), i));
  };
  for (const event of ["click", "focusin", "pointerover"]) {
    rolling.addEventListener(event, ({ target }) => {
      const chosen = target.closest(".tile");
      if (chosen) work([...rolling.children].indexOf(chosen));
    });
  }
  rove(rolling, ".tile", { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 });
  work(0);
  keys.append(roller(count, work));
  return make("figure", { className: "masking" },
    make("figcaption", { textContent: "Unmasking: byte i of the payload XOR byte i mod 4 of the key" }),
    keys, make("div", { className: "rolling" }, rolling, sum),
    unit.length - start > count ? make("p", { className: "more", textContent: `and ${(unit.length - start - count).toLocaleString("en")} more bytes` }) : null);
}

// tile shows one byte: the byte on the wire, the byte of the key, the result, and the
// result as a character.
function tile(unit, keyAt, at, i) {
  const wire = byteAt(unit.bytes, at);
  const key = byteAt(unit.bytes, keyAt);
  const plain = byteAt(unit.payload, i);
  const button = make("button", { className: "tile", type: "button", ariaLabel: `byte ${i}: ${wire} XOR ${key} is ${plain}, ${glyph(plain)}` },
    make("span", { className: "wire", textContent: wire }),
    make("span", { className: "key", textContent: key }),
    make("span", { className: "plain", textContent: plain }),
    make("span", { className: "glyph", textContent: glyph(plain) }));
  return mark(button, { offset: at, length: 1 });
}

const letter = (byte) => (glyph(byte) === "·" ? "not printable" : `'${glyph(byte)}'`);

// workOut returns the three rows of the sum.
function workOut(wire, key, plain, i) {
  return [["", wire, `byte ${i} on the wire`, "wire"], ["⊕", key, `byte ${i % 4} of the key`, "key"], ["=", plain, letter(plain), "plain"]].map(
    ([sign, byte, what, kind]) => make("div", { className: kind },
      make("span", { className: "sign", textContent: sign }), make("code", { textContent: byte }),
      make("code", { textContent: bitsOf(byte) }), make("span", { textContent: what })));
}

// roller returns the button that rolls the key over the payload.
function roller(count, work) {
  const button = make("button", { className: "roll", type: "button", textContent: "Roll" });
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "Roll";
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    let i = 0;
    work(0);
    button.textContent = "Stop";
    timer = setInterval(() => {
      if (++i >= count || !button.isConnected) return stop();
      work(i);
    }, pace);
  });
  return button;
}
