// The page: shows that it knows the secret of the code that was scanned, and becomes a remote or a player.

import { seal } from "./seal.js";
import { RemoteDesk } from "./remote.js";
import { PlayerDesk } from "./player.js";
import { View } from "./view.js";

const $ = (id) => document.getElementById(id);
const KEY = `voiceguide ${location.port}`;

function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEY)) || {}; } catch { return {}; }
}

// What a page has to show: its device, the secret, and numbers that only go up, also over a reload.
class Pass {
  constructor(secret, device) {
    Object.assign(this, { secret, device, last: kept().last || 0 });
    this.keep();
  }

  keep() {
    const { secret, device, last } = this;
    try { sessionStorage.setItem(KEY, JSON.stringify({ secret, device, last })); } catch { /* only a comfort */ }
  }

  number() {
    this.last = Math.max(this.last + 1, Date.now());
    this.keep();
    return this.last;
  }
}

async function pair() {
  const scanned = location.hash.slice(1);
  history.replaceState(null, "", "/"); // the secret leaves the address bar, and the history
  const secret = scanned || kept().secret;
  const { question, device } = await (await fetch("/hello")).json();
  // a remote signs its commands, so without the secret the cookie alone is not enough for it
  if (device && (!scanned || scanned === kept().secret)) return new Pass(secret, device);
  if (!secret) return null;
  const answer = await fetch("/pair", { method: "POST", body: `${question} ${seal(secret, `pair\n${question}`)}` });
  return answer.ok ? new Pass(secret, (await answer.json()).device) : null;
}

function lost(text) {
  if ($("link").textContent !== text) $("link").textContent = text;
  document.body.toggleAttribute("data-lost", Boolean(text));
}

async function stayAwake() {
  try { await navigator.wakeLock?.request("screen"); } catch { /* not over plain http, mostly */ }
}

async function open() {
  const pass = await pair();
  if (!pass) throw new Error("Scan the code that the terminal shows.");
  const about = await (await fetch("/about")).json();
  if (about.mode === "remote" && !pass.secret) throw new Error("Scan the code once more in this tab.");
  const view = new View(about.mode, (text) => desk.do(text));
  let told = 0;
  const show = (now) => {
    told = performance.now();
    view.render(now);
  };
  const desk =
    about.mode === "remote" ? new RemoteDesk(pass, show, lost) : new PlayerDesk(about.session, $("sound"), show, lost);
  window.voiceguide = { desk, view };
  const here = () => {
    const { now } = view;
    if (!now || now.state !== "playing") return now?.at ?? 0;
    return about.mode === "player" ? desk.at : now.at + ((performance.now() - told) / 1000) * now.rate;
  };
  const draw = () => {
    view.tick(here());
    requestAnimationFrame(draw);
  };
  draw();
  document.addEventListener("pointerdown", stayAwake, { once: true });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && stayAwake());
}

open().catch((error) => {
  document.body.dataset.state = "closed";
  $("step").textContent = error instanceof TypeError ? "There is no connection." : error.message;
});
// scanned again in a tab that is open already
addEventListener("hashchange", () => location.hash.length > 1 && location.reload());
