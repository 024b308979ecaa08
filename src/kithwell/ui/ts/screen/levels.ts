/** Twin of safety/levels.py: from weighed hits to a level C0..C5. */
import type { Weighed } from "./context";
import type { Data } from "./data";

export interface Judged { level: number; guidance: string[] }
export const NOTHING: Judged = { level: 0, guidance: [] };

const FIRM = new Set(["intent", "plan", "underway"]);
const NEAR = new Set(["passive", "active", "method", "farewell"]);

const meets = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((x) => b.has(x));

export class Judge {
  readonly base: Record<string, number>;
  readonly #less: Record<string, number>;
  readonly #ideation: Set<string>;

  constructor(rows: Data["levels"]) {
    this.base = rows.base;
    this.#less = rows.less;
    this.#ideation = new Set(rows.ideation);
  }

  judge(rows: readonly Weighed[], before: readonly Weighed[]): Judged {
    const full = rows.filter((row) => !row.less);
    const kinds = new Set(full.map((row) => row.kind));
    let level = 0;
    for (const row of rows) level = Math.max(level, row.less ? this.#left(row) : this.base[row.kind]!);
    const earlier = new Set(before.filter((row) => !row.less).map((row) => row.kind));
    if (full.length) level = Math.max(level, this.#together(full, kinds, earlier));
    const guidance: string[] = [];
    const third = (row: Weighed): boolean => row.less === "third";
    if (rows.some((row) => (row.kind === "other" && !row.less) || (third(row) && (this.#ideation.has(row.kind) || row.kind === "selfharm")))) {
      guidance.push("concern for another");
      if (rows.some((row) => third(row) && this.base[row.kind]! >= 4) || kinds.has("time") || kinds.has("means")) level = Math.max(level, 3);
    }
    if (rows.some((row) => row.kind === "loss")) guidance.push("loss");
    return { level: Math.min(level, 5), guidance };
  }

  #left(row: Weighed): number {
    if (row.kind === "attempt" && row.less === "past") return 2;
    return Math.min(this.#less[row.less]!, this.base[row.kind]!);
  }

  #together(full: Weighed[], kinds: Set<string>, earlier: Set<string>): number {
    let level = 0;
    const everything = new Set([...kinds, ...earlier]);
    const ideation = meets(this.#ideation, everything);
    if (kinds.has("means")) level = ideation || everything.has("farewell") ? 4 : everything.has("distress") ? 3 : 2;
    if (kinds.has("farewell")) level = Math.max(level, ideation ? 4 : everything.has("distress") ? 3 : 2);
    if (full.some((row) => row.kind === "mention" && row.doubt === "self")) level = Math.max(level, 2);
    if (kinds.has("time") || kinds.has("soon")) level = Math.max(level, this.#timed(full, kinds, everything, earlier));
    if (kinds.has("method") && (kinds.has("active") || kinds.has("passive")) && kinds.has("time")) level = Math.max(level, 4);
    return level;
  }

  #timed(full: Weighed[], kinds: Set<string>, everything: Set<string>, earlier: Set<string>): number {
    let level = 0;
    const time = kinds.has("time");
    if (time && (meets(FIRM, everything) || (kinds.has("means") && meets(this.#ideation, everything)))) {
      level = near(full, new Set([...FIRM, "means"]), 3) || meets(FIRM, earlier) ? 5 : 4;
    }
    if (time && near(full, NEAR, 0)) level = Math.max(level, 4);
    if (time && meets(this.#ideation, earlier) && !meets(this.#ideation, kinds)) level = Math.max(level, 3);
    if (kinds.has("soon") && near(full, new Set(["method"]), 0)) level = Math.max(level, 4);
    return level;
  }
}

/** Is a time word in the same sentence as (or at most `reach` beside) a hit of these kinds? */
function near(full: Weighed[], wanted: ReadonlySet<string>, reach: number): boolean {
  const times = full.filter((row) => row.kind === "time" || row.kind === "soon").map((row) => row.sentence);
  return full.some((row) => wanted.has(row.kind)
    && times.some(([a, b]) => a <= row.sentence[1] + reach && b >= row.sentence[0] - reach));
}
