/** Twin of safety/language.py: which language a text is in, by script and by small words. */
import { type Data, isAscii } from "./data";
import type { View } from "./view";

const ENOUGH = 5;

export class Languages {
  readonly #stops: [string, Set<string>][];
  readonly #hints: [string, Set<string>][];
  readonly #hinglish: Set<string>;

  constructor(rows: Data["language"]) {
    this.#stops = Object.entries(rows.stops).map(([code, words]) => [code, new Set(words)]);
    this.#hints = Object.entries(rows.hints).map(([code, words]) => [code, new Set(words)]);
    this.#hinglish = new Set(rows.hinglish);
  }

  detect(view: View): string {
    const english = shared(this.#stops.find(([code]) => code === "en")![1], view.distinct);
    if (english >= ENOUGH && isAscii(view.line) && 4 * english >= view.distinct.size) return "en";
    if (!isAscii(view.line)) {
      const script = byScript(view);
      if (script) return script;
    }
    return this.#byWords(view.distinct, english);
  }

  #byWords(words: ReadonlySet<string>, english: number): string {
    if (shared(this.#hinglish, words) >= 2) return "hi";
    const found = new Map<string, number>();
    for (const [code, stops] of this.#stops) if (code !== "en") found.set(code, shared(stops, words));
    found.set("en", english);
    for (const [code, hints] of this.#hints) found.set(code, found.get(code)! + 0.5 * shared(hints, words));
    let best = "", most = -1;
    for (const [code, n] of found) {
      if (n > most || (n === most && code === "en")) [best, most] = [code, n];
    }
    return most <= 0 || most < 0.12 * words.size ? "unknown" : best;
  }
}

function byScript(view: View): string {
  const sample = view.line.slice(0, 2000);
  const count = (pattern: RegExp): number => sample.match(pattern)?.length ?? 0;
  const latin = count(/[a-z]/g);
  if (count(/[\u0600-\u06ff]/g) > latin) return "ar";
  if (count(/[\u0900-\u097f]/g) > latin) return "hi";
  let others = 0;
  for (let i = 0; i < sample.length; i++) if (sample.charCodeAt(i) > 127 && view.isLetter(sample[i]!)) others++;
  return others > latin ? "unknown" : "";
}

export function shared(set: ReadonlySet<string>, words: ReadonlySet<string>): number {
  let n = 0;
  const [few, many] = set.size < words.size ? [set, words] : [words, set];
  for (const word of few) if (many.has(word)) n++;
  return n;
}
