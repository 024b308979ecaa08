// A device may be told that there is news: asks the browser only after the person's tap, and hands over what it gave.
//
// <kw-push data-key data-csrf data-no data-lost data-never><button>…</button><p role="status" hidden></p></kw-push>
// Also picks this device's own time zone in the form of choices while none was chosen.

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0)).buffer;
}

function zone(): string {
  try {
    return Intl.DateTimeFormat().resolvedOptions().timeZone;
  } catch {
    return "";
  }
}

async function tell(key: string, csrf: string): Promise<boolean> {
  const worker = await navigator.serviceWorker.register("/push-worker.js", { scope: "/me/notices" });
  const old = await worker.pushManager.getSubscription();
  await old?.unsubscribe();
  const options = { userVisibleOnly: true, applicationServerKey: bytes(key) };
  const subscription = await worker.pushManager.subscribe(options);
  const answer = await fetch("/me/notices/device", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ subscription: subscription.toJSON(), zone: zone() }),
  });
  return answer.ok && !answer.redirected;
}

class Push extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    const status = this.querySelector("p");
    if (!button || !status) return;
    const say = (text: string | undefined): void => {
      status.textContent = text ?? "";
      status.hidden = !text;
    };
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) {
      button.hidden = true;
      say(this.dataset.never);
      return;
    }
    button.addEventListener("click", async () => {
      button.disabled = true;
      say("");
      try {
        if ((await Notification.requestPermission()) !== "granted") say(this.dataset.no);
        else if (await tell(this.dataset.key ?? "", this.dataset.csrf ?? "")) location.assign("/me/notices/choices?saved=1");
        else say(this.dataset.lost);
      } catch {
        say(this.dataset.lost);
      }
      button.disabled = false;
    });
  }
}

customElements.define("kw-push", Push);

const chosen = document.querySelector<HTMLSelectElement>("#choices select[name=zone]");
if (chosen && !chosen.value && [...chosen.options].some((option) => option.value === zone())) chosen.value = zone();

export {};
