/**
 * <live-part data-topic data-since data-src>: a piece of a page that is fetched anew when its topic moves. It waits while
 * somebody works inside it (focus in a field, an open menu), and keeps the focus on a link that is still there.
 */
import { localTimes } from "./page";
import { listen } from "./stream";

class LivePart extends HTMLElement {
  #n = 0;
  #stale = false;
  #busy = false;
  #stop: () => void = () => {};

  connectedCallback(): void {
    this.#n = Number(this.dataset["since"]) || 0;
    this.#stop = listen({
      topic: this.dataset["topic"] ?? "",
      heard: (n) => {
        if (n <= this.#n) return;
        this.#n = n;
        void this.#renew();
      },
      look: () => void this.#renew(),
      state: () => {},
    });
    this.addEventListener("focusout", () => setTimeout(() => this.#stale && void this.#renew(), 50));
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  async #renew(): Promise<void> {
    if (this.#busy || this.querySelector("input:focus, textarea:focus, select:focus, details[open] :focus, dialog[open]")) {
      this.#stale = true;
      return;
    }
    this.#busy = true;
    this.#stale = false;
    try {
      const answer = await fetch(this.dataset["src"] ?? "", { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.ok && !answer.redirected) this.#put(await answer.text());
    } catch {
      /* no connection: asked again with the next change or look */
    } finally {
      this.#busy = false;
    }
    if (this.#stale) void this.#renew();
  }

  #put(html: string): void {
    const focused = this.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    const open = Array.from(this.querySelectorAll("details[open] > summary"), (s) => s.textContent);
    const box = document.createElement("template");
    box.innerHTML = html;
    localTimes(box.content);
    this.replaceChildren(box.content);
    for (const s of this.querySelectorAll("details > summary")) if (open.includes(s.textContent)) (s.parentElement as HTMLDetailsElement).open = true;
    if (focused) this.querySelector<HTMLElement>(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  }
}
customElements.define("live-part", LivePart);
