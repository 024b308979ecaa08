// Passkeys: asks the site for a challenge, the browser for a key, and hands the answer back. Nothing else.
//
// <kw-passkey data-do="join|sign-in|step-up|add" data-begin data-finish data-next data-csrf data-stopped data-offline>
//   <button>…</button><p role="alert" hidden></p>
// </kw-passkey>
// Hidden where the browser has no passkeys; the form around it (its fields are sent along) works without it.

type Json = Record<string, unknown>;

interface Described extends Json {
  id: string;
  type: PublicKeyCredentialType;
}

interface Options extends Json {
  challenge: string;
  user?: { id: string; name: string; displayName: string };
  excludeCredentials?: Described[];
  allowCredentials?: Described[];
}

class Said extends Error {}

function bytes(text: string): ArrayBuffer {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0)).buffer;
}

function text(buffer: ArrayBuffer | null): string | null {
  if (!buffer) return null;
  let plain = "";
  for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list: Described[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((one) => ({ type: one.type, id: bytes(one.id) }));
}

async function make(options: Options): Promise<Json> {
  const user = options.user;
  if (!user) throw new Said("");
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...user, id: bytes(user.id) },
    excludeCredentials: known(options.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
    },
  };
}

async function show(options: Options): Promise<Json> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: known(options.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const shown = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = shown.response as AuthenticatorAssertionResponse;
  return {
    id: shown.id,
    rawId: text(shown.rawId),
    type: shown.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: text(response.userHandle),
    },
  };
}

class PasskeyButton extends HTMLElement {
  connectedCallback(): void {
    if (!("PublicKeyCredential" in window)) return;
    this.hidden = false;
    this.querySelector("button")?.addEventListener("click", () => void this.run());
  }

  private async run(): Promise<void> {
    const button = this.querySelector("button");
    this.say("");
    if (button) button.disabled = true;
    try {
      const fields = this.fields();
      const asked = await this.send(this.dataset.begin ?? "", fields);
      const options = asked.publicKey as Options;
      const making = this.dataset.do === "join" || this.dataset.do === "add";
      const credential = await (making ? make(options) : show(options));
      const done = await this.send(this.dataset.finish ?? "", { ...fields, credential });
      window.location.assign(String(done.next));
      return;
    } catch (error) {
      if (error instanceof Said) this.say(error.message);
      else if (error instanceof TypeError) this.say(this.dataset.offline ?? "");
      else this.say(this.dataset.stopped ?? "");
    }
    if (button) button.disabled = false;
  }

  private fields(): Json {
    const form = this.closest("form");
    const fields: Json = form ? Object.fromEntries(new FormData(form)) : {};
    delete fields.password;
    delete fields.csrfmiddlewaretoken;
    if (this.dataset.next) fields.next = this.dataset.next;
    return fields;
  }

  private async send(to: string, body: Json): Promise<Json> {
    const answer = await fetch(to, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Content-Type": "application/json",
        "X-CSRFToken": this.dataset.csrf ?? "",
      },
      body: JSON.stringify(body),
    });
    const elsewhere = answer.headers.get("X-Go-To");
    if (elsewhere) {
      // A proof of who one is ran out meanwhile: show it again, then come back to this page.
      const there = new URL(elsewhere, window.location.href);
      there.searchParams.set("next", window.location.pathname);
      window.location.assign(there.pathname + there.search);
      return new Promise(() => undefined);
    }
    const said = (await answer.json().catch(() => ({}))) as Json;
    if (!answer.ok) throw new Said(typeof said.message === "string" ? said.message : (this.dataset.offline ?? ""));
    return said;
  }

  private say(words: string): void {
    const place = this.querySelector<HTMLElement>('[role="alert"]');
    if (!place) return;
    place.textContent = words;
    place.hidden = !words;
  }
}

customElements.define("kw-passkey", PasskeyButton);
