/** Twin of safety/personal.py: phone numbers and mail addresses by their shape. */
import type { Characters, Data } from "./data";

const OWN = "own contact details", OTHER = "someone else's contact details";
const BEFORE = 60, AFTER = 30, MOST = 8, LONGEST = 20_000;
const DIGITS = /\d\D{0,2}\d\D{0,2}\d\D{0,2}\d/;

export class Personal {
  readonly #shapes: { label: string; regex: RegExp }[];
  readonly #public: Set<string>;
  readonly #mine: Set<string>;
  readonly #theirs: Set<string>;

  constructor(readonly rows: Data["personal"], readonly characters: Characters) {
    this.#shapes = rows.shapes.map(({ label, regex }) => ({ label, regex: new RegExp(regex, "g") }));
    this.#public = new Set(rows.words["public"]);
    this.#mine = new Set(rows.words["mine"]);
    this.#theirs = new Set(rows.words["theirs"]);
  }

  /** The weights of what looks like personal data, at most a handful. */
  find(text: string): number[] {
    const chars = Array.from(text);
    const plain = chars.slice(0, LONGEST).map((char) => this.#plain(char)).join("");
    if (!text.includes("@") && !DIGITS.test(plain)) return [];
    const out: number[] = [];
    for (const { label, regex } of this.#shapes) {
      for (const found of plain.matchAll(regex)) {
        const end = found.index + found[0].length;
        const before = this.#words(chars.slice(Math.max(0, found.index - BEFORE), found.index));
        const after = this.#words(chars.slice(end, end + AFTER));
        if (![...before, ...after].some((word) => this.#public.has(word))) {
          out.push(this.rows.weights[this.#whose(before) || label] ?? 0.4);
        }
        if (out.length === MOST) return out;
      }
    }
    return out;
  }

  /** One place for one character, and of the same class as in Python: a digit, part of a word, or neither. */
  #plain(char: string): string {
    const code = char.codePointAt(0)!;
    if (code < 128) return char;
    return this.characters.isDigit(code) ? "1" : this.characters.isAlnum(code) ? "x" : "\u00a4";
  }

  #words(chars: readonly string[]): string[] {
    let spaced = "";
    for (const char of chars.join("").toLowerCase()) {
      spaced += char === "_" || this.characters.isWord(char.codePointAt(0)!) ? char : " ";
    }
    return spaced.split(" ").filter(Boolean);
  }

  #whose(before: readonly string[]): string {
    for (const word of before.toReversed()) {
      if (this.#theirs.has(word)) return OTHER;
      if (this.#mine.has(word)) return OWN;
    }
    return "";
  }
}
