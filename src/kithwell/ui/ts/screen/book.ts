/** Twin of the second half of safety/patterns.py: many rules run over one text, and where its sentences end. */
import { bisectRight, type BookRow, type RuleRow } from "./data";
import type { Compiler, Pattern } from "./pattern";

export interface Hit { start: number; end: number; rule: RuleRow }
interface Entry { others: ReadonlySet<string>[]; pattern: Pattern; rule: RuleRow }

export class Book {
  readonly vocabulary = new Set<string>();
  readonly #index = new Map<string, Entry[]>();
  readonly #phrases = new Map<string, { phrase: string; rule: RuleRow }[]>();
  readonly #sides = new Map<string, { unless: Pattern[]; here: Pattern[]; needs: Pattern[] }>();

  constructor(row: BookRow, compiler: Compiler) {
    const compiled = (sources?: string[]): Pattern[] => (sources ?? []).map((source) => compiler.compile(source, row.sets));
    for (const rule of row.rules) {
      for (const pattern of compiled(rule.any)) {
        for (const place of pattern.places) for (const word of place) this.vocabulary.add(word);
        for (const phrase of pattern.phrases) {
          const [own] = compiler.pairsAt([{ choices: [phrase], loose: false }], 0);
          put(this.#phrases, own ?? compiler.gate(phrase), { phrase: ` ${phrase} `, rule });
        }
        if (pattern.phrases.length) continue;
        const anchor = compiler.anchor(pattern);
        const entry = { others: pattern.places.filter((place) => place !== anchor), pattern, rule };
        for (const word of anchor) put(this.#index, word, entry);
      }
      if (rule.unless || rule.unless_here || rule.needs) {
        this.#sides.set(rule.id, { unless: compiled(rule.unless), here: compiled(rule.unless_here), needs: compiled(rule.needs) });
      }
    }
  }

  /** All hits, in order of place and rule. `words` are the words of the line and their pairs. */
  find(line: string, words: ReadonlySet<string>, sentences: Sentences): Hit[] {
    const tried = new Map<Entry, Map<string, [number, number]>>();
    let hits: Hit[] = [];
    for (const word of words) {
      let around: [number, number][] | undefined;
      for (const entry of this.#index.get(word) ?? []) {
        if (!entry.others.every((place) => meets(place, words))) continue;
        around ??= sentences.withWords(word);
        let places = tried.get(entry);
        if (!places) tried.set(entry, (places = new Map()));
        for (const place of around) places.set(place.join(), place);
      }
      for (const { phrase, rule } of this.#phrases.get(word) ?? []) {
        for (let at = line.indexOf(phrase); at >= 0; at = line.indexOf(phrase, at + 1)) {
          hits.push({ start: at, end: at + phrase.length - 1, rule });
        }
      }
    }
    for (const [{ pattern, rule }, places] of tried) {
      for (const [start, end] of places.values()) {
        for (const found of line.slice(start, end).matchAll(pattern.regex())) {
          hits.push({ start: start + found.index, end: start + found.index + found[0].length, rule });
        }
      }
    }
    if (hits.length > 1) {
      hits.sort((a, b) => a.start - b.start || b.end - a.end || (a.rule.id < b.rule.id ? -1 : a.rule.id > b.rule.id ? 1 : 0));
      hits = withoutRepeats(hits);
    }
    return hits.filter((hit) => this.#sidesAgree(hit, line, words, sentences));
  }

  /** `unless` and `needs` look at the sentence of the hit, `unless_here` at what overlaps or touches it. */
  #sidesAgree(hit: Hit, line: string, words: ReadonlySet<string>, sentences: Sentences): boolean {
    const sides = this.#sides.get(hit.rule.id);
    if (!sides) return true;
    const [begin, end] = sentences.of(hit.start, hit.end);
    const sentence = line.slice(begin, end);
    const may = (pattern: Pattern): boolean => pattern.places.every((place) => meets(place, words));
    const found = (pattern: Pattern): boolean => may(pattern) && sentence.search(pattern.regex()) >= 0;
    const beside = (pattern: Pattern): boolean => may(pattern) && [...sentence.matchAll(pattern.regex())]
      .some((match) => begin + match.index <= hit.end && begin + match.index + match[0].length >= hit.start);
    return !sides.unless.some(found) && !sides.here.some(beside) && (!sides.needs.length || sides.needs.some(found));
  }
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const rows = map.get(key);
  if (rows) rows.push(value);
  else map.set(key, [value]);
}

function meets(place: ReadonlySet<string>, words: ReadonlySet<string>): boolean {
  for (const word of place) if (words.has(word)) return true;
  return false;
}

function withoutRepeats(hits: Hit[]): Hit[] {
  const reached = new Map<string, number>();
  return hits.filter((hit) => {
    if (hit.end <= (reached.get(hit.rule.id) ?? -1)) return false;
    reached.set(hit.rule.id, hit.end);
    return true;
  });
}

const REACH = 600;

export class Sentences {
  readonly #ends: number[];

  constructor(readonly line: string) {
    this.#ends = Array.from(line.matchAll(/ [.!?;](?= )/g), (found) => found.index);
  }

  of(start: number, end: number): [number, number] {
    const ends = this.#ends;
    let at = bisectRight(ends, start);
    const begin = Math.min(at ? ends[at - 1]! + 2 : 0, start);
    if (at < ends.length && ends[at]! < end) at = bisectRight(ends, end - 1);
    const finish = at < ends.length ? ends[at]! + 1 : this.line.length;
    return finish - begin > REACH ? [Math.max(begin, start - REACH), Math.min(finish, end + REACH)] : [begin, finish];
  }

  withWords(words: string): [number, number][] {
    const phrase = ` ${words} `;
    const out: [number, number][] = [];
    for (let at = this.line.indexOf(phrase); at >= 0; ) {
      const place = this.of(at, at + phrase.length - 1);
      out.push(place);
      at = this.line.indexOf(phrase, place[1] - at < REACH ? Math.max(place[1] - 1, at + 1) : at + 1);
    }
    return out;
  }
}
