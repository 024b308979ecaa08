/** What several elements need: telling people something, times in their own zone, a key for one sending. */

/** Say something in the page's polite region; it goes away after a while, or when `done` is called. */
export function notice(text: string, seconds = 6): () => void {
  const region = document.getElementById("notices");
  const line = document.createElement("p");
  line.textContent = text;
  region?.append(line);
  const done = (): void => line.remove();
  if (seconds) setTimeout(done, seconds * 1000);
  return done;
}

const FORMS: Record<string, Intl.DateTimeFormatOptions> = {
  clock: { hour: "numeric", minute: "2-digit" },
  date: { dateStyle: "medium" },
  full: { dateStyle: "medium", timeStyle: "short" },
};

/** Every <time data-time> below `root` in the reader's own zone and language. */
export function localTimes(root: ParentNode): void {
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-time]")) {
    const at = new Date(time.dateTime);
    const form = FORMS[time.dataset["time"] ?? ""];
    if (!form || Number.isNaN(+at)) continue;
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang || undefined, form).format(at);
    if (time.dataset["time"] === "clock") {
      time.title = new Intl.DateTimeFormat(document.documentElement.lang || undefined, FORMS["full"]).format(at);
    }
  }
}

/** A key that names one sending, however often it is tried. `randomUUID` is missing on plain http. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Storage of this tab. It can be switched off in a browser; then nothing is kept, and nothing breaks. */
export const tab = {
  get(key: string): string {
    try {
      return sessionStorage.getItem(key) ?? "";
    } catch {
      return "";
    }
  },
  set(key: string, value: string): void {
    try {
      if (value) sessionStorage.setItem(key, value);
      else sessionStorage.removeItem(key);
    } catch {
      /* full or off */
    }
  },
  empty(): void {
    try {
      sessionStorage.clear();
    } catch {
      /* off */
    }
  },
};
