/** Twin of safety/context.py: negation, time, whose words, whose life, figure of speech, dark humour. */
import type { Book, Hit, Sentences } from "./book";
import { bisectLeft, bisectRight, countTo, type Data, split } from "./data";

const EACH = 12;
const FREE = new Set(["time", "soon", "distress"]);

export interface Weighed { hit: Hit; kind: string; sentence: [number, number]; less: string; doubt: string }

export class Weigher {
  readonly #self: Set<string>;
  readonly #other: Set<string>;
  readonly #you: Set<string>;
  readonly #connect: Set<string>;
  readonly #selfInside: RegExp;
  readonly #selfSaid: RegExp;
  readonly #attribution: RegExp;
  readonly #then: RegExp;
  readonly #now: RegExp;
  readonly #starts: RegExp;
  readonly #meant: RegExp;
  readonly near: number;

  constructor(rows: Data["context"], readonly cues: Book) {
    this.#self = new Set(rows.self);
    this.#other = new Set(rows.other);
    this.#you = new Set(rows.you);
    this.#connect = new Set(rows.connect);
    this.#selfInside = new RegExp(rows.self_inside);
    this.#selfSaid = new RegExp(rows.self_said);
    this.#attribution = new RegExp(rows.attribution);
    this.#then = new RegExp(rows.then);
    this.#now = new RegExp(rows.now);
    this.#starts = new RegExp(rows.starts);
    this.#meant = new RegExp(rows.meant);
    this.near = rows.near;
  }

  weigh(line: string, words: ReadonlySet<string>, hits: Hit[], sentences: Sentences): Weighed[] {
    if (!hits.length) return [];
    const found = this.cues.find(line, words, sentences);
    const starts = found.map((cue) => cue.start);
    const projection = found.some((cue) => cue.rule.kind === "projection");
    return bounded(hits).map((hit) => {
      const sentence = sentences.of(hit.start, hit.end);
      const near = found.slice(bisectLeft(starts, sentence[0] - 1), bisectRight(starts, sentence[1] + 1));
      return this.#one(line, hit, near, sentence, projection);
    });
  }

  #one(line: string, hit: Hit, cues: Hit[], sentence: [number, number], projection: boolean): Weighed {
    const kind = hit.rule.kind;
    if (FREE.has(kind)) return { hit, kind, sentence, less: "", doubt: "" };
    const near = cues.filter((cue) => cue.start >= sentence[0] - 1 && cue.end <= sentence[1] + 1);
    let doubt = near.some((cue) => cue.rule.kind === "humour") ? "humour" : "";
    if (kind === "other" || kind === "loss") {
      const less = kind === "other" && this.#quoted(line, hit, near) ? "quoted" : "";
      return { hit, kind: projection && kind === "other" ? "active" : kind, sentence, less, doubt };
    }
    let less = this.#less(line, hit, near, sentence);
    if (!less && !projection) less = this.#whose(line, hit, sentence);
    if (kind === "mention" && !less && this.#selfInside.test(line.slice(...sentence))) doubt = "self";
    return { hit, kind, sentence, less, doubt };
  }

  #less(line: string, hit: Hit, near: Hit[], sentence: [number, number]): string {
    const kinds = new Set(near.filter((cue) => !inside(cue, hit)).map((cue) => cue.rule.kind));
    if (hit.rule.kind !== "underway" && hit.rule.kind !== "means" && near.some((cue) => figure(cue, hit))) return "hyperbole";
    const own = near.some((cue) => cue.rule.kind === "quote_self" && cue.end <= hit.start);
    if (!own && this.#quoted(line, hit, near)) return "quoted";
    const options = hit.rule.options ?? [];
    if (!options.includes("own_negation") && this.#negated(line, hit, near)) return kinds.has("but") ? "negated, but" : "negated";
    if (!kinds.has("past") || kinds.has("present") || options.includes("keeps_past")) return "";
    return this.#over(line, hit, sentence) ? "past" : "";
  }

  /** Is the wish itself told as past? */
  #over(line: string, hit: Hit, sentence: [number, number]): boolean {
    const before = split(line.slice(sentence[0], hit.start)).slice(-this.near);
    const near = ` ${[...before, ...split(line.slice(hit.start, hit.end))].join(" ")} `;
    return this.#then.test(near) || !this.#now.test(near);
  }

  /** Does the wish begin with its own "I" after the negation? */
  #ownClause(line: string, cue: Hit, hit: Hit): boolean {
    const between = `${line.slice(cue.end, hit.start + 1)}${line.slice(hit.start + 1, hit.end).split(" ", 1)[0]} `;
    return this.#starts.test(between) && !this.#meant.test(line.slice(cue.start, hit.start + 1));
  }

  #negated(line: string, hit: Hit, near: Hit[]): boolean {
    const whole = near.filter((cue) => cue.rule.kind === "no_negation" && cue.start < hit.start);
    for (const cue of near) {
      if (cue.rule.kind !== "negation") continue;
      if (cue.rule.options?.includes("after")) {
        const far = cue.start - hit.end;
        if (far >= 0 && far <= 24) return true;
        continue;
      }
      if ((hit.rule.lang ?? "en") !== "en" && inside(cue, hit)) return true;
      if (cue.start < hit.start && hit.start < cue.end - 1) return true;
      if (cue.end > hit.start || whole.some((one) => one.start <= cue.start && cue.start < one.end)) continue;
      const between = split(line.slice(cue.end, hit.start));
      if (between.length <= 3 && !between.some((word) => this.#connect.has(word)) && !this.#ownClause(line, cue, hit)) return true;
    }
    return false;
  }

  /** Someone else's words: attributed just before, told as a song or story, or between quotation marks. */
  #quoted(line: string, hit: Hit, near: Hit[]): boolean {
    for (const cue of near) {
      if (cue.rule.kind !== "quote") continue;
      if (cue.rule.options?.includes("sentence")) {
        const before = cue.end <= hit.start && !this.#selfInside.test(line.slice(cue.end, hit.start + 1));
        if (before || line.includes('"')) return true;
      } else if (cue.end <= hit.start && split(line.slice(cue.end, hit.start)).length <= 3) return true;
    }
    if (!inQuotes(line, hit)) return false;
    const lead = line.slice(0, line.lastIndexOf('"', hit.start));
    return this.#attribution.test(lead) && !this.#selfSaid.test(lead.slice(-60));
  }

  /** Whose life it is: the nearest person word before the hit; nobody named means the writer. */
  #whose(line: string, hit: Hit, sentence: [number, number]): string {
    if (this.#selfInside.test(line.slice(hit.start, hit.end + 1))) return "";
    for (const word of split(line.slice(sentence[0], hit.start)).slice(-14).reverse()) {
      if (this.#self.has(word)) return "";
      if (this.#other.has(word)) return "third";
      if (this.#you.has(word)) return "addressee";
    }
    return "";
  }
}

const figure = (cue: Hit, hit: Hit): boolean => cue.rule.kind === "hyperbole" && cue.start <= hit.end && cue.end >= hit.start;
const inside = (cue: Hit, hit: Hit): boolean => cue.start >= hit.start && cue.end <= hit.end;

export function inQuotes(line: string, hit: Hit): boolean {
  return countTo(line, '"', hit.start + 1) % 2 === 1 && line.includes('"', hit.end);
}

/** All hits, or of a text that says the same over and over the first and last few of each rule. */
function bounded(hits: Hit[]): Hit[] {
  if (hits.length <= 4 * EACH) return hits;
  const places = new Map<string, number[]>();
  hits.forEach((hit, i) => places.set(hit.rule.id, [...(places.get(hit.rule.id) ?? []), i]));
  const kept = new Set([...places.values()].flatMap((found) => [...found.slice(0, EACH), ...found.slice(-EACH)]));
  return hits.filter((_, i) => kept.has(i));
}
