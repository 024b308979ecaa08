/** Twin of the first half of safety/patterns.py: the small language rules are written in, compiled for this engine. */

const ITEM = /\(([^)]*)\)|\[([^\]]*)\]|<(\d+)|@(\w+)|(\S+)/g;
const MOST_PAIRS = 1200;
const GAP = "(?: [^ .!?;]+)";

export interface Pattern {
  source: string;
  regex: () => RegExp;
  places: ReadonlySet<string>[];
  phrases: string[];
  pairs: ReadonlySet<string>;
}
type Row = { choices: string[]; loose: boolean };

export class Compiler {
  readonly #known = new Map<string, string>();

  /** `fold` gives the plain words of a word of a rule, joined. */
  constructor(readonly common: ReadonlySet<string>, readonly fold: (word: string) => string) {}

  compile(source: string, sets: Readonly<Record<string, readonly string[]>>): Pattern {
    const parts: (() => string)[] = [], row: Row[] = [];
    let places: Set<string>[] = [], choices: string[] = [];
    for (const [, group, optional, gap, name, word] of source.matchAll(ITEM)) {
      if (gap) {
        parts.push(() => `${GAP}{0,${gap}}`);
        row.push({ choices: [], loose: true });
        continue;
      }
      const own = (choices = this.#choices(group || optional || (name ? `@${name}` : word ?? ""), sets, source));
      const body = (): string => ` (?:${own.map((choice) => choiceRegex(choice).slice(1)).join("|")})`;
      parts.push(optional ? () => `(?:${body()})?` : body);
      row.push({ choices, loose: Boolean(optional) });
      if (optional) continue;
      const gates = choices.map((choice) => this.gate(choice));
      if (gates.every(Boolean)) places.push(new Set(gates));
    }
    if (!places.length) throw new Error(`no fixed word in ${source}`);
    places = places.map((place, i) => ({ place, i })).sort((a, b) => a.place.size - b.place.size || a.i - b.i).map((x) => x.place);
    let made: RegExp | undefined;
    return {
      source, places,
      regex: () => (made ??= new RegExp(parts.map((part) => part()).join("") + "(?= )", "g")),
      phrases: parts.length === 1 && !source.includes("*") ? choices : [],
      pairs: this.#pairs(row),
    };
  }

  /** What a pattern is looked up by: words, or better pairs of them, of which the text must hold one. */
  anchor(pattern: Pattern): ReadonlySet<string> {
    if (pattern.pairs.size) return pattern.pairs;
    return least(pattern.places, (place) => {
      let common = 0;
      for (const word of place) if (this.common.has(word)) common++;
      return 60 * common + place.size;
    })!;
  }

  #pairs(row: readonly Row[]): ReadonlySet<string> {
    const found = row.map((_, place) => this.pairsAt(row, place)).filter((pairs) => pairs.size);
    return least(found, (pairs) => {
      let common = 0;
      for (const pair of pairs) if (this.#isCommon(pair)) common++;
      return pairs.size + 40 * common;
    }) ?? new Set();
  }

  pairsAt(row: readonly Row[], place: number): Set<string> {
    const { choices, loose } = row[place]!;
    const none = new Set<string>();
    if (loose) return none;
    let follow: Set<string> | null = new Set<string>(), fixed = false;
    for (const next of row.slice(place + 1)) {
      const firsts = next.choices.map((choice) => choice.split(" ")[0]!);
      if (!firsts.length || firsts.some((first) => first.endsWith("*"))) {
        follow = null;
        break;
      }
      for (const first of firsts) follow.add(first);
      if (!next.loose) {
        fixed = true;
        break;
      }
    }
    if (!fixed) follow = null;
    const out = new Set<string>();
    for (const choice of choices) {
      const words = choice.split(" ");
      const own = words.slice(1).map((word, i) => `${words[i]!} ${word}`).filter((pair) => !pair.includes("*"));
      if (own.length) out.add(least(own, (pair) => (this.#isCommon(pair) ? 1 : 0))!);
      else if (!follow || choice.includes("*")) return none;
      else for (const word of follow) out.add(`${choice} ${word}`);
      if (out.size > MOST_PAIRS) return none;
    }
    return out;
  }

  #isCommon(pair: string): boolean {
    return pair.split(" ").every((word) => this.common.has(word));
  }

  /** The most telling word of a choice: it can only match where that word is. "" when none is whole. */
  gate(choice: string): string {
    if (!choice.includes(" ")) return choice.endsWith("*") ? "" : choice;
    const words = choice.split(" ").filter((word) => !word.endsWith("*"));
    return least(words, (word) => (this.common.has(word) ? 1000 : 0) - Array.from(word).length) ?? "";
  }

  #choices(body: string, sets: Readonly<Record<string, readonly string[]>>, source: string): string[] {
    const out: string[] = [];
    for (const raw of body.split("|")) {
      const choice = raw.trim();
      if (choice.startsWith("@")) {
        const set = sets[choice.slice(1)];
        if (!set) throw new Error(`no set ${choice} for ${source}`);
        for (const word of set) out.push(this.#folded(word));
      } else if (choice) out.push(this.#folded(choice));
    }
    if (!out.length || out.some((choice) => !choice)) throw new Error(`an empty choice in ${source}`);
    return [...new Set(out)];
  }

  #folded(choice: string): string {
    return choice.split(/\s+/).filter(Boolean).map((word) => {
      let plain = this.#known.get(word);
      if (plain === undefined) this.#known.set(word, (plain = this.fold(word) + (word.endsWith("*") ? "*" : "")));
      return plain;
    }).join(" ");
  }
}

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

function choiceRegex(choice: string): string {
  return choice.split(" ").map((word) => ` ${word.endsWith("*") ? `${escaped(word.slice(0, -1))}[^ ]*` : escaped(word)}`).join("");
}

/** The first of the smallest, as Python's min(). */
function least<T>(rows: readonly T[], key: (row: T) => number): T | undefined {
  let best: T | undefined, most = Infinity;
  for (const row of rows) {
    const n = key(row);
    if (n < most) [best, most] = [row, n];
  }
  return best;
}
