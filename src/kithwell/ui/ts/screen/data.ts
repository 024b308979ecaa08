/** The shape of screening.json (made by kithwell.safety.browser), and tables of characters made from it. */

export interface RuleRow {
  id: string; category: string; kind: string; any: string[];
  lang?: string; weight?: number; unless?: string[]; unless_here?: string[]; needs?: string[]; options?: string[];
}
export interface BookRow { sets: Record<string, string[]>; rules: RuleRow[] }
export interface BlendRow { bias: number; weights: Record<string, number>; curve: [number[], number[]]; threshold: number }
export interface Data {
  version: string;
  letters: number[]; alnum: number[]; digits: number[];
  fold: [number[], string[]];
  lookalike: Record<string, string>;
  written: Record<string, string>;
  common: string[];
  books: Record<"main" | "times" | "cues" | "excuses", BookRow>;
  language: { stops: Record<string, string[]>; hints: Record<string, string[]>; hinglish: string[]; validated: string[] };
  context: { self: string[]; other: string[]; you: string[]; connect: string[]; self_inside: string; self_said: string; attribution: string; then: string; now: string; starts: string; meant: string; near: number };
  levels: { base: Record<string, number>; less: Record<string, number>; ideation: string[] };
  crisis: { scores: number[]; severity: number[]; floors: number[]; masked: string[] };
  conduct: { always: string[]; harm: string[] };
  personal: { shapes: { label: string; regex: string }[]; words: Record<string, string[]>; weights: Record<string, number> };
  weights: null | { heads: string[]; bias: number[]; words: string[]; weights: number[][]; blends: Record<string, BlendRow>; scale: number };
}

const ALNUM = 1, LETTER = 2, DIGIT = 4;

/** What Python says of characters, so that both sides ask the same Unicode. */
export class Characters {
  readonly #kinds = new Uint8Array(0x110000);
  readonly fold = new Map<number, string>();

  constructor(data: Data) {
    for (const [ranges, bit] of [[data.alnum, ALNUM], [data.letters, LETTER], [data.digits, DIGIT]] as const) {
      let at = 0;
      for (let i = 0; i < ranges.length; i += 2) {
        at += ranges[i]!;
        for (let code = at; code < at + ranges[i + 1]!; code++) this.#kinds[code]! |= bit;
      }
    }
    let code = 0;
    data.fold[0].forEach((step, i) => this.fold.set((code += step), data.fold[1][i]!));
  }

  isAlnum(code: number): boolean { return (this.#kinds[code]! & ALNUM) !== 0; }
  isLetter(code: number): boolean { return (this.#kinds[code]! & LETTER) !== 0; }
  isDigit(code: number): boolean { return (this.#kinds[code]! & DIGIT) !== 0; }
  /** Part of a word, for the reader of words: [\w\u0900-\u0963] without the underscore. */
  isWord(code: number): boolean { return this.isAlnum(code) || (code >= 0x900 && code <= 0x963); }
}

export const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

/** How many of these are below or equal to x, as Python's bisect_right. */
export function bisectRight(sorted: readonly number[], x: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (x < sorted[middle]!) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function bisectLeft(sorted: readonly number[], x: number): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How often one character stands in text[0:end]. */
export function countTo(text: string, char: string, end: number): number {
  let n = 0;
  for (let at = text.indexOf(char); at >= 0 && at < end; at = text.indexOf(char, at + 1)) n++;
  return n;
}

/** Words between spaces. */
export const split = (text: string): string[] => text.split(" ").filter(Boolean);

/** Python's round(): exact, and half to even. */
export function round(x: number, digits: number): number {
  const scaled = x * 2 ** (digits + 1);
  if (Number.isInteger(scaled) && scaled % 2 !== 0) {
    const below = Math.floor(x * 10 ** digits);
    return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
  }
  return Number(x.toFixed(digits));
}
