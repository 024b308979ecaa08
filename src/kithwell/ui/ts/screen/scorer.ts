/** Twin of safety/linear.py and safety/crisis.py: the linear scorer, and what rules and scorer say together. */
import type { Weighed } from "./context";
import { bisectRight, type BlendRow, countTo, type Data } from "./data";
import type { Judged } from "./levels";
import { pairsAnd, type View } from "./view";

const QUIET = 1;

function curve([xs, ys]: readonly [readonly number[], readonly number[]], x: number): number {
  const at = bisectRight(xs, x);
  if (at === 0) return ys[0]!;
  if (at === xs.length) return ys[ys.length - 1]!;
  const x0 = xs[at - 1]!, x1 = xs[at]!, y0 = ys[at - 1]!, y1 = ys[at]!;
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/** A second, tiny logistic step over head scores and rule findings. The order of additions is the server's. */
export class Blend {
  readonly threshold: number;
  readonly #loud: number[];
  readonly #quiet: number[];

  constructor(readonly row: BlendRow, heads: readonly string[]) {
    this.threshold = row.threshold;
    this.#loud = heads.map((name) => row.weights[name] ?? 0);
    this.#quiet = heads.map((name) => (row.weights[name] ?? 0) + (row.weights[`quiet ${name}`] ?? 0));
  }

  score(scores: readonly number[], seen: ReadonlyMap<string, number>, quiet: boolean): number {
    const weights = quiet ? this.#quiet : this.#loud;
    let sum = 0;
    scores.forEach((score, i) => (sum += weights[i]! * score));
    let total = this.row.bias + sum;
    for (const [name, value] of seen) total += (this.row.weights[name] ?? 0) * value;
    return curve(this.row.curve, total);
  }
}

export class Model {
  readonly words = new Set<string>();
  readonly blends = new Map<string, Blend>();
  readonly #table = new Map<string, number>();

  constructor(readonly data: NonNullable<Data["weights"]>) {
    data.words.forEach((word, i) => {
      this.#table.set(word, i);
      if (!word.includes(" ")) this.words.add(word);
    });
    for (const [name, row] of Object.entries(data.blends)) this.blends.set(name, new Blend(row, data.heads));
  }

  sums(features: ReadonlySet<string>): readonly number[] {
    const { bias, weights, scale } = this.data;
    const found: number[] = [];
    for (const name of features) {
      const at = this.#table.get(name);
      // A word whose weights are all nought does not count as known: packed into one number it is 0, and left out.
      if (at !== undefined && weights.some((head) => head[at] !== 0)) found.push(at);
    }
    if (!found.length) return bias;
    const factor = 1 / (scale * Math.sqrt(found.length));
    return bias.map((start, head) => {
      const row = weights[head]!;
      let total = 0;
      for (const at of found) total += row[at]!;
      return start + total * factor;
    });
  }
}

export interface Crisis { level: number; score: number; distress: number; distressFlag: boolean; severity: number }

export class Decider {
  readonly #masked: Set<string>;

  constructor(readonly rows: Data["crisis"]) {
    this.#masked = new Set(rows.masked);
  }

  features(weighed: readonly Weighed[], judged: Judged, words: number): Map<string, number> {
    const out = new Map<string, number>([[`level ${judged.level}`, 1]]);
    for (const row of weighed) {
      if (row.less) out.set(`less ${row.less}`, 1);
      else {
        const name = `kind ${row.kind}`, before = out.get(name);
        out.set(name, before === undefined ? 0.5 : Math.min(before + 0.5, 1));
      }
    }
    return out.set("long", Math.min(words, 400) / 400);
  }

  /** The words and pairs the scorer may see: those of hits that are not the writer's own wish are left out. */
  scored(view: View, weighed: readonly Weighed[]): ReadonlySet<string> {
    const gone = new Set<number>();
    for (const row of weighed) {
      if (!this.#masked.has(row.less) && row.kind !== "other" && row.kind !== "loss") continue;
      const last = countTo(view.line, " ", row.hit.end);
      for (let i = countTo(view.line, " ", row.hit.start + 1) - 1; i < last; i++) gone.add(i);
    }
    return gone.size ? pairsAnd(view.words.map((word, i) => (gone.has(i) ? "." : word))) : view.features;
  }

  decide(judged: Judged, seen: ReadonlyMap<string, number>, model: Model | null, heads: readonly number[]): Crisis {
    const { scores, severity, floors } = this.rows;
    let level = judged.level;
    if (!model || !heads.length) {
      const distress = level === 1 ? 0.6 : scores[level]!;
      return { level, score: scores[level]!, distress, distressFlag: distress >= 0.5, severity: severity[level]! };
    }
    const quiet = level <= QUIET;
    const crisis = model.blends.get("crisis")!, severe = model.blends.get("severe")!, sad = model.blends.get("distress")!;
    let score = crisis.score(heads, seen, quiet);
    if (score >= crisis.threshold) {
      level = Math.max(level, 2);
      if (severe.score(heads, seen, quiet) >= severe.threshold) level = Math.max(level, 3);
    }
    if (judged.level >= 2) {
      const floor = Math.max(floors[judged.level]!, crisis.threshold);
      if (score < floor) score = floor + (1 - floor) * 0.05 * score;
    }
    const distress = Math.max(sad.score(heads, seen, quiet), score);
    const distressFlag = distress >= sad.threshold || level >= 2;
    const blend = model.blends.get("severity");
    return {
      level: distressFlag ? Math.max(level, 1) : level, score, distress, distressFlag,
      severity: blend ? blend.score(heads, seen, quiet) : curve(FROM_SCORE, score),
    };
  }
}

const FROM_SCORE = [[0, 0.05, 0.5, 0.9, 1], [0, 1.5, 3, 5, 6]] as const;
