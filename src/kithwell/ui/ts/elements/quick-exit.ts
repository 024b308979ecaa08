/**
 * <quick-exit data-to="https://…"><a href="/leave">Leave</a></quick-exit>
 *
 * The link works without scripts. With them the page is emptied first, so that nothing stays on the screen while the
 * harmless page loads, and is replaced, so that Back does not come to it. Escape three times within 1.5 s does the same.
 */
import { tab } from "./page";

const LEFT = "kw:left";
const WITHIN = 1500; // milliseconds for three presses of Escape
let presses: number[] = [];

function target(): string {
  return document.querySelector<HTMLElement>("quick-exit")?.dataset["to"] || "/leave";
}

export function leave(): void {
  const to = target();
  document.dispatchEvent(new CustomEvent("kw:leave"));
  tab.empty();
  tab.set(LEFT, "1");
  document.title = "…";
  document.body.replaceChildren();
  location.replace(to);
}

/** Somebody pressed Back on the harmless page: older pages of this site lead away again. */
function guard(event?: PageTransitionEvent): void {
  if (!tab.get(LEFT)) return;
  const [entry] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (event?.persisted || (!event && entry?.type === "back_forward")) leave();
  else if (!event) tab.set(LEFT, "");
}

class QuickExit extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    presses = [...presses.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp];
    if (presses.length >= 3) leave();
  },
  true,
);
addEventListener("pageshow", (event) => event.persisted && guard(event));
customElements.define("quick-exit", QuickExit);
guard();
