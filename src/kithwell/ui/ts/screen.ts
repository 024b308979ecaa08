/**
 * The first stage of screening on the reader's own device: the steps of kithwell.safety, with the same rules and weights.
 * A bundle of its own, loaded only where it is used. Nothing it reads leaves the page. Spans (reasons) are not given here.
 */
import { Book, type Hit, Sentences } from "./screen/book";
import { type Signal, signals, weights } from "./screen/conduct";
import { type Weighed, Weigher } from "./screen/context";
import { Characters, type Data, isAscii, round } from "./screen/data";
import { Languages, shared } from "./screen/language";
import { Judge, NOTHING } from "./screen/levels";
import { Compiler } from "./screen/pattern";
import { Personal } from "./screen/personal";
import { Decider, Model } from "./screen/scorer";
import { type Reader, View } from "./screen/view";

export type { Data } from "./screen/data";

export interface Screening {
  lang: string;
  crisis: { level: string; score: number; flag: boolean; severity: number };
  distress: { score: number; flag: boolean };
  harm: Signal[];
  conduct: Signal[];
  guidance: string[];
  validated: boolean;
  version: string;
}
interface Read { view: View; lang: string; hits: Hit[]; weighed: Weighed[]; sentences: Sentences }

/** Longer texts are read in pieces by the server, which this does not do. */
export const LONGEST = 20_000;
const CONTEXT = 2000, SHARE_KNOWN = 0.6;

export class Screener {
  readonly #reader: Reader;
  readonly #main: Book;
  readonly #times: Book;
  readonly #excuses: Book;
  readonly #weigher: Weigher;
  readonly #languages: Languages;
  readonly #judge: Judge;
  readonly #decider: Decider;
  readonly #personal: Personal;
  readonly #model: Model | null;

  constructor(readonly data: Data) {
    const reader = (this.#reader = {
      characters: new Characters(data), lookalike: new Map(Object.entries(data.lookalike)),
      written: new Map(Object.entries(data.written)),
    });
    const compiler = new Compiler(new Set(data.common), (word) =>
      /^[a-z0-9]+$/.test(word) ? word : new View(word, reader).words.join(" "));
    this.#main = new Book(data.books.main, compiler);
    this.#times = new Book(data.books.times, compiler);
    this.#excuses = new Book(data.books.excuses, compiler);
    this.#weigher = new Weigher(data.context, new Book(data.books.cues, compiler));
    this.#languages = new Languages(data.language);
    this.#judge = new Judge(data.levels);
    this.#decider = new Decider(data.crisis);
    this.#personal = new Personal(data.personal, reader.characters);
    this.#model = data.weights && new Model(data.weights);
  }

  /** `context` is what the same person wrote just before, `lang` a hint. Throws RangeError for a text over LONGEST. */
  screen(text: string, context = "", lang = ""): Screening {
    if (text.length > LONGEST && Array.from(text).length > LONGEST) throw new RangeError("too long to be read here");
    const seen = this.#read(text, context !== "");
    const { view, hits, weighed, sentences } = seen;
    let code = seen.lang;
    if (code === "unknown" && lang) code = lang.split("-")[0]!.split("_")[0]!.toLowerCase() || "unknown";
    const before = weighed.length && context ? this.#read(Array.from(context).slice(-CONTEXT).join(""), false).weighed : [];
    const judged = weighed.length ? this.#judge.judge(weighed, before) : NOTHING;
    const model = this.data.language.validated.includes(code) && view.distinct.size ? this.#model : null;
    const heads = model ? model.sums(this.#decider.scored(view, weighed)) : [];
    const verdict = this.#decider.decide(judged, this.#decider.features(weighed, judged, view.words.length), model, heads);
    const ruled = weights(view.line, view.features, hits, this.#excuses, sentences);
    const found = this.#personal.find(text);
    if (found.length) ruled.seen.set("personal_data", Math.max(...found, ruled.seen.get("personal_data") ?? 0));
    const [harm, conduct] = signals(this.data.conduct, ruled, model, heads);
    return {
      lang: code,
      crisis: { level: `C${verdict.level}`, score: round(verdict.score, 4), flag: verdict.level >= 2, severity: round(verdict.severity, 3) },
      distress: { score: round(verdict.distress, 4), flag: verdict.distressFlag },
      harm, conduct,
      guidance: judged.guidance,
      validated: model !== null,
      version: this.data.version,
    };
  }

  #read(text: string, timed: boolean): Read {
    const view = new View(text, this.#reader, this.#main.vocabulary);
    let lang = this.#languages.detect(view);
    const size = view.distinct.size;
    if (lang === "unknown" && this.#model && size && isAscii(view.line)) {
      if (shared(this.#model.words, view.distinct) >= SHARE_KNOWN * size) lang = "en";
    }
    const sentences = new Sentences(view.line);
    const hits = this.#main.find(view.line, view.features, sentences);
    const own = hits.filter((hit) => hit.rule.category === "crisis");
    if (own.length || timed) own.push(...this.#times.find(view.line, view.features, sentences));
    return { view, lang, hits, weighed: this.#weigher.weigh(view.line, view.features, own, sentences), sentences };
  }
}
