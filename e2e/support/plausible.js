// The plausible report of every form, from the cases of the checks: what a browser types is what the checks were tried on.
import { readFileSync } from "node:fs";

const root = new URL("../../crates/programme/tests/", import.meta.url);
const text = (path) => readFileSync(new URL(path, root), "utf8");

/** `const NAME: &str = "…"` of a Rust file, over its line ends. */
function constant(name) {
  const found = text("it/make.rs").match(new RegExp(`const ${name}: &str = "([^"]*)"`));
  return found[1].replaceAll(/\\\n\s*/g, "");
}

/** Pairs `301=20000` as cells: `c301`, with the column's ending. Cells of rows (`p.1.10`) are named as they are. */
function cells(pairs, ending = "") {
  const one = (pair) => {
    const [code, value] = pair.split("=");
    const id = /^[a-z]+\.\d+\./.test(code) ? code : `c${code.replaceAll(/[^A-Za-z0-9_]/g, "_")}${ending}`;
    return [id, value];
  };
  return Object.fromEntries(pairs.split(/\s+/).filter(Boolean).map(one));
}

const without = (pairs, code) => pairs.split(" ").filter((pair) => !pair.startsWith(`${code}=`)).join(" ");

const own = {
  B203: () => ({ ...cells(constant("B203")), ...cells(constant("B203_LY"), "_ly") }),
  "B103-1": () => ({
    ...cells(without(constant("B203"), "206")), ...cells(constant("B103")),
    ...cells(without(constant("B203_LY"), "206"), "_ly"), ...cells(constant("B103_LY"), "_ly"),
  }),
  "101-1": () => cells(constant("F101")),
};

/** Cell -> text. */
export function plausible(form) {
  if (own[form]) return own[form]();
  return cells(text(`cases/${form}.toml`).match(/\ncells = """\n([^"]*)"""/)[1]);
}
