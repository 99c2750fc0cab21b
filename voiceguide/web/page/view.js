// What is seen of a session: `render` when something has changed, `tick` as time goes on.

const ICONS = {
  hold: "M7 5h3.5v14H7zM13.5 5H17v14h-3.5z",
  "go-on": "M8 4.5v15l12-7.5z",
  next: "M5 5l10 7-10 7zM16 5h2.5v14H16z",
  previous: "M19 5L9 12l10 7zM8 5H5.5v14H8z",
  again: "M12 5V1.5L7.5 6 12 10.5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z",
};
// command, what is on its button, its size, and whether only the page's own player shows it
const BUTTONS = [
  ["toggle", "hold", "huge"],
  ["previous", "back", "large"],
  ["again", "again", "large"],
  ["next", "next", "large"],
  ["quieter", "quieter", "small"],
  ["louder", "louder", "small"],
  ["longer", "longer", "small"],
  ["where", "where?", "small", "remote"],
  ["previous-section", "section back", "small", "player"],
  ["back", "10 s back", "small", "player"],
  ["forward", "10 s on", "small", "player"],
  ["next-section", "next section", "small", "player"],
  ["less-talk", "less talk", "small"],
  ["more", "five more", "small"],
  ["finish", "finish", "small"],
  ["stop", "stop", "small stop"],
];
// what is said of a command that was understood; of what is seen anyhow, nothing
const TOLD = Object.fromEntries(BUTTONS.slice(1).map(([name, label]) => [name, label]));
const PHASES = { in: "breathe in", more: "a little more", hold: "hold", out: "breathe out" };
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const $ = (id) => document.getElementById(id);

function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = (n) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

export class View {
  constructor(mode, send) {
    Object.assign(this, { mode, send, now: null, size: 0, buttons: {} });
    document.body.dataset.mode = mode;
    for (const [name, label, size, only] of BUTTONS) {
      if (!only || only === mode) this.add(name, label, size);
    }
    const seek = $("seek");
    seek.addEventListener("input", () => { this.seeking = true; });
    seek.addEventListener("change", () => {
      this.seeking = false;
      if (this.now) send(`seek ${Math.round((seek.value / 1000) * this.frames)}`);
    });
  }

  add(name, label, size) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = size;
    button.dataset.command = name;
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    icon.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
    const text = document.createElement("span");
    text.textContent = label;
    if (name === "toggle" || ICONS[name]) button.append(icon);
    button.append(text);
    if (ICONS[name]) icon.firstChild.setAttribute("d", ICONS[name]);
    button.addEventListener("click", () => {
      navigator.vibrate?.(15);
      this.send(this.command(name));
    });
    this.buttons[name] = button;
    $("buttons").append(button);
  }

  // What a button means now: two presses end, and the first can be taken back.
  command(name) {
    return name === "stop" && this.now?.leaving ? "quit" : name;
  }

  get frames() {
    return this.now.frames ?? Math.round((this.now.length_ms * this.now.rate) / 1000);
  }

  render(now) {
    this.now = now;
    const { state, waiting, leaving } = now;
    document.body.dataset.state = state;
    document.body.toggleAttribute("data-waiting", Boolean(waiting));
    if (state === "beginning") return this.rest("The session is about to begin", "");
    if (state === "ended") return this.rest("The session is over", now.title || "");
    const held = state !== "playing";
    put($("title"), now.title);
    put($("section"), now.section);
    put($("step"), now.step?.title || now.title);
    put($("note"), now.away || now.making || (waiting ? "It waits for you." : leaving ? "Stopped." : now.step?.note || ""));
    put($("next"), now.next?.title ? `next: ${now.next.title}` : "");
    put($("understood"), now.answer || TOLD[now.understood] || "");
    document.title = `${now.step?.title || now.title} · voiceguide`;
    this.light(now.step);
    const fresh = held && !now.at && this.mode === "player";
    put(this.buttons.toggle.lastChild, fresh ? "begin" : held ? "go on" : "hold");
    this.buttons.toggle.querySelector("path").setAttribute("d", ICONS[held ? "go-on" : "hold"]);
    put(this.buttons.stop.lastChild, leaving ? "end" : "stop");
    for (const [name, button] of Object.entries(this.buttons)) button.hidden = !(now.offers || []).includes(name);
    this.tick(now.at);
  }

  rest(title, text) {
    put($("step"), title);
    for (const id of ["section", "countdown", "captions", "next", "note", "phase"]) put($(id), "");
    put($("note"), text);
    document.title = title;
    for (const button of Object.values(this.buttons)) button.disabled = true;
    this.light(null);
  }

  light(step) {
    const foot = $("foot");
    const zone = step?.zone || "";
    foot.classList.toggle("absent", !zone);
    foot.classList.toggle("mirrored", step?.side === "left");
    for (const part of foot.querySelectorAll(".zone")) part.classList.toggle("lit", part.dataset.zone === zone);
    $("stage").classList.toggle("footed", Boolean(zone));
  }

  // Show the session as it is at frame `at`.
  tick(at) {
    const { now } = this;
    if (!now || !now.rate || now.state === "ended") return;
    for (const button of Object.values(this.buttons)) button.disabled = false;
    const at_ms = (at * 1000) / now.rate;
    const step = now.step;
    const left = step ? step.at_ms + step.ms - at_ms : 0;
    put($("countdown"), step ? clock(Math.ceil(Math.max(0, left) / 1000) * 1000) : "");
    $("done").style.strokeDashoffset = String(1000 - 1000 * (step ? Math.min(1, Math.max(0, 1 - left / step.ms)) : 0));
    put($("at"), clock(at_ms));
    put($("left"), `${clock(now.length_ms - at_ms)} left`);
    const words = (now.words || []).find(([start, end]) => start <= at && at < end + now.rate);
    put($("captions"), words ? words[2] : "");
    $("captions").classList.toggle("long", words?.[2].length > 100);
    this.breathe(at);
    if (!this.seeking) {
      $("seek").value = Math.round((at / this.frames) * 1000);
      $("seek").setAttribute("aria-valuetext", `${clock(at_ms)} of ${clock(now.length_ms)}`);
    }
  }

  breathe(at) {
    const beat = (this.now.beats || []).find(([, start, end]) => start <= at && at < end);
    const going = beat && this.now.state === "playing";
    document.body.toggleAttribute("data-breath", Boolean(beat));
    put($("phase"), beat ? PHASES[beat[0]] : "");
    const part = beat ? (at - beat[1]) / (beat[2] - beat[1]) : 0;
    const soft = (1 - Math.cos(Math.PI * part)) / 2;
    const goal = !beat ? 0.35 : { in: soft, more: 0.9 + soft / 10, hold: this.full ? 1 : 0, out: 1 - soft }[beat[0]];
    if (beat && beat[0] !== "hold") this.full = beat[0] !== "out";
    const follow = going && !CALM.matches ? 0.25 : 0.05;
    this.size += (goal - this.size) * (CALM.matches && !beat ? 1 : follow);
    $("pacer").setAttribute("r", (58 + 74 * this.size).toFixed(1));
  }
}
