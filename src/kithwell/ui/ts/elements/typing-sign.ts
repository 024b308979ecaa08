/**
 * <typing-sign data-topic data-src> in a thread of a small group that chose it: while somebody types, the others see that
 * somebody does, not who, for six seconds. Nothing is stored, and nothing is sent while the form stays as it is.
 */
import { listen } from "./stream";

const EVERY = 3000;
const SHOWN_FOR = 6000;

class TypingSign extends HTMLElement {
  #last = 0;
  #own = new Set<number>();
  #sending: Promise<void> = Promise.resolve();
  #hiding = 0;
  #stop: () => void = () => {};

  connectedCallback(): void {
    this.#stop = listen({
      topic: this.dataset["topic"] ?? "",
      heard: (n) => void this.#heard(n),
      look: () => {},
      state: () => {},
    });
    const form = document.querySelector<HTMLFormElement>("#answer form");
    form?.addEventListener("input", (event) => {
      const typed = event.target instanceof HTMLTextAreaElement && event.target.value.trim();
      if (!typed || Date.now() - this.#last < EVERY) return;
      this.#last = Date.now();
      this.#sending = this.#say(form);
    });
  }

  disconnectedCallback(): void {
    this.#stop();
    clearTimeout(this.#hiding);
  }

  async #say(form: HTMLFormElement): Promise<void> {
    const token = new FormData(form).get("csrfmiddlewaretoken");
    try {
      const body = new URLSearchParams({ csrfmiddlewaretoken: String(token ?? "") });
      const answer = await fetch(this.dataset["src"] ?? "", { method: "POST", body, credentials: "same-origin" });
      this.#own.add(Number(answer.headers.get("X-Said")));
    } catch {
      /* no connection: nobody has to hear of it */
    }
  }

  async #heard(n: number): Promise<void> {
    await this.#sending; // so that one's own word is known as such
    if (n === 0 || this.#own.delete(n)) return;
    const words = this.firstElementChild as HTMLElement | null;
    if (!words) return;
    words.hidden = false;
    clearTimeout(this.#hiding);
    this.#hiding = window.setTimeout(() => (words.hidden = true), SHOWN_FOR);
  }
}
customElements.define("typing-sign", TypingSign);
