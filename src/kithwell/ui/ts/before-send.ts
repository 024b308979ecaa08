/**
 * <before-send data-src> inside a form: on a pause of typing it looks at the words in the form's textarea, on this device
 * alone, and shows at most one quiet line: [data-care] where they show somebody who may need help, else [data-sound] where
 * they read as an attack. It blocks nothing, sends nothing and keeps nothing. `data-src` is the file of rules and weights,
 * fetched from this site when the field gets the focus; where that fails, or data is to be saved, nothing happens.
 */
import type { Screener } from "./screen";

const PAUSE = 1200; // milliseconds after the last key
const ATTACK = ["threat", "hate", "harassment"];
let loading: Promise<Screener> | null = null;

/** Loaded once for the page, at the first focus. */
function load(src: string): Promise<Screener> {
  loading ??= Promise.all([import("./screen"), fetch(src).then((answer) => answer.json())])
    .then(([{ Screener }, data]) => new Screener(data))
    .catch((error: unknown) => {
      loading = null; // offline, perhaps: the next focus tries again
      throw error;
    });
  return loading;
}

class BeforeSend extends HTMLElement {
  #timer = 0;

  connectedCallback(): void {
    const field = this.closest("form")?.querySelector("textarea");
    const saving = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData;
    if (!field || saving) return;
    const ready = (): void => void load(this.dataset["src"] ?? "").catch(() => undefined);
    field.addEventListener("focus", ready);
    if (document.activeElement === field) ready();
    field.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.#look(field), PAUSE);
    });
  }

  disconnectedCallback(): void {
    clearTimeout(this.#timer);
  }

  async #look(field: HTMLTextAreaElement): Promise<void> {
    let show = "";
    try {
      const seen = (await load(this.dataset["src"] ?? "")).screen(field.value, "", document.documentElement.lang);
      const attack = seen.conduct.some((signal) => signal.flag && ATTACK.includes(signal.category));
      if (seen.crisis.flag) show = "care";
      else if (attack && !document.getElementById("nudge")) show = "sound"; // asked once already: not twice
    } catch {
      // A text too long to be read here, or no connection: the server looks in any case.
    }
    for (const line of this.querySelectorAll<HTMLElement>("[data-care], [data-sound]")) line.hidden = !(show in line.dataset);
  }
}
customElements.define("before-send", BeforeSend);
