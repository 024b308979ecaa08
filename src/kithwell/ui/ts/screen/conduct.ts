/** Twin of safety/conduct.py: is this unsafe for others? */
import type { Book, Hit, Sentences } from "./book";
import { inQuotes } from "./context";
import { type Data, round } from "./data";
import type { Model } from "./scorer";

export interface Signal { category: string; score: number; flag: boolean }

const FLAG_AT = 0.5, SURE = 0.5, EXCUSED = 0.35, NAMED = "group";
const MILD = ["counter", "quoted", "denied", "good", "reclaimed"];
const SCORED = ["hate", "offensive"];
const PERSONAL = new Set(["hate", "harassment", "threat", "encouragement"]);

export interface Ruled { seen: Map<string, number>; excuses: Set<string> }

export function weights(line: string, words: ReadonlySet<string>, hits: readonly Hit[], book: Book, sentences: Sentences): Ruled {
  const seen = new Map<string, number>();
  const aimed = hits.filter((hit) => hit.rule.category !== "crisis");
  if (!aimed.length) return { seen, excuses: new Set() };
  const found = book.find(line, words, sentences);
  const excuses = new Set(found.map((hit) => hit.rule.kind));
  for (const hit of aimed) {
    const kind = hit.rule.kind;
    const quoted = PERSONAL.has(kind) && inQuotes(line, hit);
    const excused = quoted || (kind === "hate" && isExcused(line, hit, found, sentences));
    if (quoted) excuses.add("quoted");
    seen.set(kind, Math.max(seen.get(kind) ?? 0, (hit.rule.weight ?? 0) * (excused ? EXCUSED : 1)));
  }
  return { seen, excuses };
}

function isExcused(line: string, hit: Hit, excuses: readonly Hit[], sentences: Sentences): boolean {
  const [start, end] = sentences.of(hit.start, hit.end);
  return excuses.some(({ rule, ...other }) =>
    (rule.kind === "denied" && other.start >= start - 1 && other.end <= end + 1)
    || rule.kind === "counter"
    || (rule.kind === "reclaimed" && hit.rule.id === "hate.slur")) || inQuotes(line, hit);
}

function features({ seen, excuses }: Ruled): Map<string, number> {
  const out = new Map<string, number>();
  for (const [kind, weight] of seen) out.set(`rule ${kind}`, weight);
  for (const kind of excuses) out.set(`excuse ${kind}`, 1);
  if ((seen.get("hate") ?? 0) >= FLAG_AT) out.set("hit hate", 1);
  return out;
}

/** The harm signals and the conduct signals, the always-listed ones first. */
export function signals(rows: Data["conduct"], ruled: Ruled, model: Model | null, heads: readonly number[]): [Signal[], Signal[]] {
  const scores = new Map<string, number>(), flags = new Map<string, boolean>();
  for (const kind of rows.always) {
    scores.set(kind, 0);
    flags.set(kind, false);
  }
  for (const [kind, weight] of ruled.seen) {
    if (kind === NAMED) continue;
    scores.set(kind, weight);
    flags.set(kind, weight >= FLAG_AT);
  }
  if (model && heads.length) {
    const given = features(ruled);
    const quiet = given.has("excuse counter") || given.has("excuse quoted");
    for (const kind of SCORED) {
      const blend = model.blends.get(kind)!;
      const score = round(blend.score(heads, given, quiet), 4);
      scores.set(kind, score);
      flags.set(kind, score >= blend.threshold);
    }
    const mild = MILD.some((one) => ruled.excuses.has(one)) || (flags.get("harassment") && !ruled.seen.has(NAMED));
    if (flags.get("hate") && scores.get("hate")! < SURE && mild && !given.has("hit hate")) {
      flags.set("hate", false);
    }
  }
  const signal = (category: string): Signal => ({ category, score: scores.get(category)!, flag: flags.get(category)! });
  const rest = [...scores.keys()].filter((kind) => !rows.harm.includes(kind) && !rows.always.includes(kind)).sort();
  return [rows.harm.filter((kind) => scores.has(kind)).map(signal), [...rows.always, ...rest].map(signal)];
}
