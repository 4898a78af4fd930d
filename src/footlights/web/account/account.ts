// The account's behaviours: a button that shows the password while it is typed, and passkeys.
import { register } from "../design/islands";
import { passkey } from "./passkey";

register("passkey", passkey);

register("password", (element) => {
  const field = element.querySelector<HTMLInputElement>("input");
  const button = element.querySelector<HTMLButtonElement>("button");
  if (!field || !button) return;
  const show = (shown: boolean): void => {
    field.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = (shown ? button.dataset.hide : button.dataset.show) ?? "";
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    show(field.type === "password");
    field.focus();
  });
  // Sent hidden again, so that no browser remembers it as plain text.
  field.form?.addEventListener("submit", () => show(false));
});
