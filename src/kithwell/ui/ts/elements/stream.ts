/**
 * One stream of Server-Sent Events for the whole page. The server only says "topic stands at n"; each ear fetches what
 * it lacks. While the stream is away, ears are asked to look for themselves every five seconds, so nothing is missed.
 */
export interface Ear {
  topic: string;
  heard(n: number): void;
  /** Look for news without being told. */
  look(): void;
  /** The stream is up, or has been away for some seconds. */
  state(up: boolean): void;
}

const POLL = 5000;
const PATIENCE = 3000; // the server ends every stream now and then; nobody needs to hear of that
const LONGEST = 30_000;
const ears = new Set<Ear>();
let source: EventSource | undefined;
let up = false;
let failures = 0;
let opening = 0;
let worrying = 0;
let polling = 0;

export function listen(ear: Ear): () => void {
  ears.add(ear);
  open(0);
  return () => {
    ears.delete(ear);
    open(0);
  };
}

function open(after: number): void {
  clearTimeout(opening);
  opening = setTimeout(connect, after);
}

function connect(): void {
  source?.close();
  source = undefined;
  const topics = new Set(Array.from(ears, (ear) => ear.topic));
  if (!topics.size) return;
  const query = Array.from(topics, (topic) => `topic=${encodeURIComponent(topic)}`).join("&");
  const mine = (source = new EventSource(`/live?${query}`));
  mine.addEventListener("open", arrived);
  mine.addEventListener("error", () => mine === source && lost(mine));
  mine.addEventListener("since", (event: MessageEvent<string>) => {
    const { topic, n } = JSON.parse(event.data) as { topic: string; n: number };
    for (const ear of ears) if (ear.topic === topic) ear.heard(n);
  });
}

function arrived(): void {
  failures = 0;
  clearTimeout(worrying);
  clearInterval(polling);
  worrying = polling = 0;
  if (!up) for (const ear of ears) ear.state(true);
  up = true;
}

function lost(mine: EventSource): void {
  failures += 1;
  // The browser comes back by itself with Last-Event-ID; where it gives up or keeps failing, wait longer each time.
  if (mine.readyState === EventSource.CLOSED || failures > 3) {
    mine.close();
    open(Math.min(LONGEST, 1000 * 2 ** Math.min(failures, 5)) * (0.75 + Math.random() / 2));
  }
  worrying ||= setTimeout(worry, PATIENCE);
}

function worry(): void {
  up = false;
  for (const ear of ears) ear.state(false);
  const look = (): void => ears.forEach((ear) => ear.look());
  look();
  polling ||= setInterval(look, POLL);
}

for (const name of ["pagehide", "kw:leave"]) (name === "pagehide" ? window : document).addEventListener(name, () => source?.close());
addEventListener("pageshow", (event) => event.persisted && open(0));
addEventListener("online", () => ears.size && !up && open(0));
