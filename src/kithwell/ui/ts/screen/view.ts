/** Twin of safety/normal.py: from text as people type it to a row of plain words. Places in the text are not kept. */
import { type Characters, countTo, isAscii } from "./data";

const ENDS = ".!?;";
const DISGUISED = /(?<![a-z0-9@$!|*])[a-z]{0,16}[013457@$!|*][a-z0-9@$!|*]{1,20}(?![a-z0-9@$!|*])/g;
const DISGUISE = /[013457@$]/;
const DISGUISE_INSIDE = /[!|*](?=[a-z])/;
const FROM = "013457@$!|*";
const UNDISGUISE = ["oieastasiiu", "oleastasllo"];
const MARKS = /(?<![a-z0-9_\u00c0-\u024f@])@[a-z0-9_\u00c0-\u024f]+|(?:https?:\/\/|www\.)[!-~]*[a-z0-9/]|&(?:#[0-9]{2,6}|#x[0-9a-f]{2,5}|[a-z]{2,6});/g;
const MIXED = /[a-z\u0370-\u03ff\u0400-\u052f\u0561-\u0587]+/g;
const FOREIGN = /[\u0370-\u03ff\u0400-\u052f\u0561-\u0587]/;
const SPACED = /(?: [a-z0-9]){3,16}(?= )/g;
const LETTERS = "bcdefghjklmnopqrstvwxyz0123456789";
/** Characters beyond the basic plane are stood in for by these, so that one place is one character, as in Python. */
const STAND_IN = 0xe000, STAND_INS = 6400;

export interface Reader { characters: Characters; lookalike: Map<string, string>; written: Map<string, string> }

export class View {
  words: string[];
  line = "";
  distinct = new Set<string>();
  features = new Set<string>();
  readonly #real = new Map<number, string>();
  readonly #codes: number[] = [];

  constructor(text: string, readonly reader: Reader, known?: ReadonlySet<string>) {
    let lower = text.toLowerCase().replaceAll("\0", "");
    if (known) lower = lower.replace(MARKS, (mark) => this.#blank(mark, known));
    if (!isAscii(lower)) lower = this.#folded(lower);
    if (known && (DISGUISE.test(lower) || DISGUISE_INSIDE.test(lower))) {
      lower = lower.replace(DISGUISED, (word) => undisguise(word, known));
    }
    this.words = isAscii(lower) ? plainWords(lower) : this.#tokens(lower.replaceAll("_", " "));
    this.#settle();
    if (known && [...this.distinct].some((word) => word.length === 1 && LETTERS.includes(word))) this.#closeUp(known);
    this.features = pairsAnd(this.words);
  }

  #settle(): void {
    this.distinct = new Set(this.words);
    this.line = ` ${this.words.join(" ")} `;
  }

  #folded(text: string): string {
    const { characters, lookalike } = this.reader;
    let out = "";
    for (const char of text) out += characters.fold.get(char.codePointAt(0)!) ?? char;
    if (!FOREIGN.test(out)) return out;
    return out.replace(MIXED, (word) =>
      FOREIGN.test(word) && /[a-z]/.test(word) ? Array.from(word, (char) => lookalike.get(char) ?? char).join("") : word);
  }

  /** Nothing to read, or what a sign written as web pages write it stands for. */
  #blank(mark: string, known: ReadonlySet<string>): string {
    if (mark[0] === "@") return known.has(mark.slice(1)) || undisguise(mark, known) !== mark ? mark : " ";
    return (mark[0] === "&" && this.reader.written.get(mark)) || " ";
  }

  #tokens(text: string): string[] {
    const { characters } = this.reader;
    const chars = Array.from(text);
    const isWord = (at: number): boolean => at < chars.length && characters.isWord(chars[at]!.codePointAt(0)!);
    const out: string[] = [];
    for (let at = 0; at < chars.length; ) {
      if (isWord(at)) {
        let word = "";
        for (;;) {
          word += this.#one(chars[at]!);
          let next = at + 1;
          while (chars[next] === "'") next++;
          if (!isWord(next)) break;
          at = next;
        }
        out.push(word);
        at++;
      } else if (chars[at] === "\n" && chars[at + 1] === "\n") {
        out.push(".");
        at += 2;
      } else {
        if (ENDS.includes(chars[at]!) || chars[at] === '"') out.push(chars[at]!);
        at++;
      }
    }
    return out;
  }

  #one(char: string): string {
    const code = char.codePointAt(0)!;
    if (code <= 0xffff) return char;
    let place = this.#real.get(code);
    if (place === undefined) {
      place = String.fromCharCode(STAND_IN + (this.#codes.length % STAND_INS));
      this.#real.set(code, place);
      this.#codes.push(code);
    }
    return place;
  }

  /** Is this character of the line a letter? */
  isLetter(char: string): boolean {
    const code = char.charCodeAt(0);
    const real = code >= STAND_IN && code < STAND_IN + STAND_INS ? this.#codes[code - STAND_IN] : code;
    return this.reader.characters.isLetter(real ?? code);
  }

  /** Letters typed apart ("d i e") become the word, when it is a known one. */
  #closeUp(known: ReadonlySet<string>): void {
    const words: string[] = [];
    let at = 0;
    for (const found of this.line.matchAll(SPACED)) {
      const first = countTo(this.line, " ", found.index + 1) - 1;
      const letters = found[0].slice(1).split(" ");
      words.push(...this.words.slice(at, first), ...joined(letters, known));
      at = first + letters.length;
    }
    if (!at) return;
    this.words = [...words, ...this.words.slice(at)];
    this.#settle();
  }
}

export function pairsAnd(words: readonly string[]): Set<string> {
  const out = new Set(words);
  for (let i = 1; i < words.length; i++) out.add(`${words[i - 1]!} ${words[i]!}`);
  return out;
}

function plainWords(lower: string): string[] {
  return lower
    .replace(/[^a-z0-9.!?;"'\n]/g, " ")
    .replaceAll("'", "")
    .replaceAll("\n\n", " . ")
    .replace(/[".!?;]/g, " $& ")
    .split(/[ \n]+/)
    .filter(Boolean);
}

function undisguise(word: string, known: ReadonlySet<string>): string {
  if (known.has(word)) return word;
  for (const letters of UNDISGUISE) {
    const plain = Array.from(word, (char) => (FROM.includes(char) ? letters[FROM.indexOf(char)]! : char)).join("");
    if (known.has(plain)) return plain;
  }
  return word;
}

function joined(letters: readonly string[], known: ReadonlySet<string>): string[] {
  const out: string[] = [];
  for (let at = 0; at < letters.length; ) {
    let size = letters.length - at;
    for (; size > 2; size--) {
      const word = undisguise(letters.slice(at, at + size).join(""), known);
      if (known.has(word)) {
        out.push(word);
        break;
      }
    }
    if (size <= 2) {
      out.push(letters[at]!);
      size = 1;
    }
    at += size;
  }
  return out;
}
