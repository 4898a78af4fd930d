// A passkey: made, shown to prove who one is, or used to sign in. The page's form carries what the browser answers.

type Json = Record<string, unknown>;
interface Descriptor extends Json {
  id: string;
}
interface Options extends Json {
  challenge: string;
  user?: Json & { id: string };
  excludeCredentials?: Descriptor[];
  allowCredentials?: Descriptor[];
}

export function passkey(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  const button = form.querySelector<HTMLButtonElement>("button");
  const field = form.querySelector<HTMLInputElement>("input[name=credential]");
  const failed = form.querySelector<HTMLElement>("[data-failed]");
  if (!button || !field || !("PublicKeyCredential" in window)) return;
  form.querySelector<HTMLElement>("[data-cannot]")?.remove();
  button.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    button.disabled = true;
    if (failed) failed.hidden = true;
    ask(form)
      .then((credential) => {
        field.value = JSON.stringify(credential);
        form.submit();
      })
      .catch(() => {
        button.disabled = false;
        if (failed) failed.hidden = false;
      });
  });
}

async function ask(form: HTMLFormElement): Promise<Json> {
  const written = form.querySelector("script")?.textContent;
  const told = written ? (JSON.parse(written) as { publicKey: Options }) : await fetchOptions(form.action);
  const credential = form.dataset.act === "add" ? await make(told.publicKey) : await show(told.publicKey);
  return write(credential as PublicKeyCredential);
}

/** Signing in: nobody is known yet, so each try asks for a challenge of its own. */
async function fetchOptions(address: string): Promise<{ publicKey: Options }> {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error("no challenge");
  return ((await answer.json()) as { request_options: { publicKey: Options } }).request_options;
}

/** Kept by the device and opened by its owner, so that it signs in by itself. */
function make(options: Options): Promise<Credential | null> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user?.id ?? "") },
    excludeCredentials: options.excludeCredentials?.map(known),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
  };
  return navigator.credentials.create({ publicKey: publicKey as unknown as PublicKeyCredentialCreationOptions });
}

function show(options: Options): Promise<Credential | null> {
  const publicKey = {
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: options.allowCredentials?.map(known),
  };
  return navigator.credentials.get({ publicKey: publicKey as unknown as PublicKeyCredentialRequestOptions });
}

const known = (descriptor: Descriptor): Json => ({ ...descriptor, id: bytes(descriptor.id) });

function write(credential: PublicKeyCredential): Json {
  const response: Json = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = (credential.response as unknown as Record<string, ArrayBuffer | null | undefined>)[name];
    if (value) response[name] = text(value);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults() as Json,
  };
}

/** base64url (RFC 4648 §5), as WebAuthn writes bytes in JSON. */
function bytes(written: string): Uint8Array {
  return Uint8Array.from(atob(written.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}

function text(value: ArrayBuffer): string {
  const signs = Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join("");
  return btoa(signs).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}
