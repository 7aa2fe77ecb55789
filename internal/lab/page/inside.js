// The inside of a card: the RFC's own pictures, filled with the real bits, then every
// field beside the bytes.

import { make } from "/lab/elements.js";
import { buildLines } from "/lab/lines.js";
import { buildGrid } from "/lab/grid.js";
import { buildMask } from "/lab/mask.js";
import { buildChain, buildDeflate, buildNotes, buildClose } from "/lab/notes.js";
import { buildFields } from "/lab/fields.js";
import { buildBytes } from "/lab/bytes.js";
import { lightUp } from "/lab/light.js";

export function buildInside(unit, rules) {
  const pictures = [buildLines(unit), buildClose(unit), buildGrid(unit), buildMask(unit), buildChain(unit), buildDeflate(unit), buildNotes(unit)];
  const readout = make("p", { className: "readout", role: "status" });
  const bytes = make("div", { className: "side" }, buildBytes(unit), readout);
  const inside = make("div", { className: "inside", role: "group", ariaLabel: `inside: ${unit.title}` },
    ...pictures,
    make("div", { className: "detail" }, buildFields(unit, rules), bytes));
  lightUp(inside, unit, readout);
  return inside;
}
