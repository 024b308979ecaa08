/**
 * <live-thread data-topic data-since data-src data-new data-lost> round a role="log".
 *
 * Fetches `src?since=N` (bubbles only; header X-Since) when its topic moves, and puts each bubble at its place by time;
 * one that is there already is replaced, which is how a status changes. The reader is never moved, unless they were at
 * the end; else a pill says that there is something new. With data-gone: what to say when this is not theirs any more.
 */
import { localTimes } from "./page";
import { listen } from "./stream";

const RECENT = 12; // messages whose status may still change while somebody looks
const NEAR = 120; // pixels from the end that still count as "at the end"

class LiveThread extends HTMLElement {
  #since = 0;
  #heard = -1;
  #back = 0;
  #busy = false;
  #again = false;
  #sent = false;
  #stop: () => void = () => {};
  #pill: HTMLButtonElement | undefined;
  #log!: HTMLElement;
  readonly #onSent = (): void => {
    this.#sent = true;
    void this.#fetch();
  };
  readonly #onScroll = (): void => {
    if (this.#pill && this.#atEnd()) this.#dropPill();
  };

  connectedCallback(): void {
    const log = this.querySelector<HTMLElement>("[role=log]");
    if (!log) return;
    this.#log = log;
    this.#since = Number(this.dataset["since"]) || 0;
    this.#stop = listen({
      topic: this.dataset["topic"] ?? "",
      heard: (n) => {
        // The same n again: nothing new was said, but what is here changed (delivered, read, taken out).
        if (n > this.#since || this.#heard === n) void this.#fetch(n > this.#since ? 0 : RECENT);
        this.#heard = n;
      },
      look: () => void this.#fetch(),
      state: (up) => this.#note(up ? "" : (this.dataset["lost"] ?? "")),
    });
    document.addEventListener("kw:sent", this.#onSent);
    document.addEventListener("scroll", this.#onScroll, { capture: true, passive: true });
    if (!location.hash) requestAnimationFrame(() => this.#toEnd());
  }

  disconnectedCallback(): void {
    this.#stop();
    document.removeEventListener("kw:sent", this.#onSent);
    document.removeEventListener("scroll", this.#onScroll, { capture: true });
  }

  /** `back`: how many of the newest messages are asked for again. */
  async #fetch(back = 0): Promise<void> {
    this.#back = Math.max(this.#back, back);
    if (this.#busy) {
      this.#again = true;
      return;
    }
    this.#busy = true;
    this.#again = false;
    const since = Math.max(0, this.#since - this.#back);
    this.#back = 0;
    const sent = this.#sent;
    try {
      const url = new URL(this.dataset["src"] ?? "", location.href);
      url.searchParams.set("since", String(since));
      const answer = await fetch(url, { headers: { Accept: "text/html" }, cache: "no-store" });
      if (answer.ok && !answer.redirected) {
        this.#put(await answer.text(), sent);
        this.#since = Math.max(this.#since, Number(answer.headers.get("X-Since")) || 0);
        if (sent) this.#sent = false;
      } else if (answer.status === 404 && this.dataset["gone"]) {
        this.#stop();
        this.#again = false;
        this.#note(this.dataset["gone"]);
      }
    } catch {
      this.#again = false; // no connection: the stream or the next look asks again
    } finally {
      this.#busy = false;
    }
    if (this.#again) void this.#fetch();
  }

  #put(html: string, sent: boolean): void {
    const wasAtEnd = this.#atEnd();
    const box = document.createElement("template");
    box.innerHTML = html;
    localTimes(box.content);
    let added = 0;
    for (const bubble of Array.from(box.content.children) as HTMLElement[]) {
      const old = bubble.id ? document.getElementById(bubble.id) : null;
      if (old && this.#log.contains(old)) {
        if (old.outerHTML !== bubble.outerHTML) old.replaceWith(bubble);
      } else {
        this.#insert(bubble);
        added += 1;
      }
    }
    if (sent) for (const pending of this.#log.querySelectorAll("[data-pending=sent]")) pending.remove();
    if (wasAtEnd || sent) this.#toEnd();
    else if (added) this.#showPill();
  }

  /** Before the first bubble that is later than this one: a message can arrive after younger ones. */
  #insert(bubble: HTMLElement): void {
    const at = Date.parse(bubble.dataset["at"] ?? "") || Infinity;
    let place: Element | null = null;
    for (let other = this.#log.lastElementChild; other; other = other.previousElementSibling) {
      const pending = (other as HTMLElement).dataset["pending"] !== undefined;
      if (!pending && !((Date.parse((other as HTMLElement).dataset["at"] ?? "") || 0) > at)) break;
      place = other;
    }
    this.#log.insertBefore(bubble, place);
  }

  #box(): HTMLElement | null {
    for (let box: HTMLElement | null = this.#log; box && box !== document.body; box = box.parentElement) {
      if (/auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
    }
    return null;
  }

  #atEnd(): boolean {
    const last = this.#log.lastElementChild;
    if (!last) return true;
    const box = this.#box();
    const floor = box ? box.getBoundingClientRect().bottom : innerHeight;
    return last.getBoundingClientRect().bottom < floor + NEAR;
  }

  #toEnd(): void {
    const box = this.#box();
    if (box) box.scrollTop = box.scrollHeight;
    else this.#log.lastElementChild?.scrollIntoView({ block: "end" });
    this.#dropPill();
  }

  #showPill(): void {
    if (this.#pill) return;
    const pill = document.createElement("button");
    pill.type = "button";
    pill.className = "btn btn-primary btn-small pill-new";
    pill.textContent = this.dataset["new"] ?? "";
    pill.addEventListener("click", () => {
      this.#toEnd();
      this.#log.focus({ preventScroll: true });
    });
    this.append(pill);
    this.#pill = pill;
  }

  #dropPill(): void {
    this.#pill?.remove();
    this.#pill = undefined;
  }

  #note(text: string): void {
    const note = this.querySelector<HTMLElement>(".live-note");
    if (!note) return;
    note.textContent = text;
    note.hidden = !text;
  }
}
customElements.define("live-thread", LiveThread);
