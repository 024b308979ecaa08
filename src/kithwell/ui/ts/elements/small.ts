/** Small helpers: a waiting time that ticks, copying, boxes that grow with what is typed. */
import { notice } from "./page";

/** <kw-wait data-seconds> counts up from what the server said; <kw-wait data-since="ISO"> from a moment. */
class Wait extends HTMLElement {
  #timer = 0;
  connectedCallback(): void {
    const since = Date.parse(this.dataset["since"] ?? "");
    const from = Number.isNaN(since) ? Date.now() - 1000 * Number(this.dataset["seconds"] ?? 0) : since;
    const tick = (): void => {
      const minutes = Math.floor((Date.now() - from) / 60_000);
      const { m = "min", h = "h", now = "" } = this.dataset;
      const text = minutes < 1 ? now : minutes < 60 ? `${minutes} ${m}` : `${Math.floor(minutes / 60)} ${h} ${minutes % 60} ${m}`;
      if (text && this.textContent !== text) this.textContent = text;
    };
    tick();
    this.#timer = setInterval(tick, 5000);
  }
  disconnectedCallback(): void {
    clearInterval(this.#timer);
  }
}
customElements.define("kw-wait", Wait);

class CopyText extends HTMLElement {
  connectedCallback(): void {
    this.querySelector("button")?.addEventListener("click", () => {
      void navigator.clipboard.writeText(this.dataset["text"] ?? "").then(() => notice(this.dataset["done"] ?? "", 3));
    });
  }
}
customElements.define("copy-text", CopyText);

/* Browsers with field-sizing grow a box by CSS alone; the others are helped along. */
if (!CSS.supports("field-sizing", "content")) {
  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!(area instanceof HTMLTextAreaElement)) return;
    area.style.blockSize = "auto";
    area.style.blockSize = `${area.scrollHeight + 3}px`;
  });
}
