// The session, played here: one sound, moved in by the table of `transport.js`.

import { begin, nextWait, nowAt, obey } from "./transport.js";

const AGAIN_MS = 1000;
const HANGING_MS = 4000; // browsers may try in vain for minutes before they call it an error
const KEYS = {
  play: () => "toggle", // some headsets only ever send this
  pause: () => "hold",
  stop: () => "stop",
  nexttrack: () => "next",
  previoustrack: () => "previous",
  seekbackward: ({ seekOffset }) => `back ${Math.round(seekOffset || 10)}`,
  seekforward: ({ seekOffset }) => `forward ${Math.round(seekOffset || 10)}`,
};

export class PlayerDesk {
  constructor(session, sound, show, lost) {
    Object.assign(this, { session, sound, show, lost, heldSince: 0, wanted: null });
    const name = `voiceguide ${session.routine} ${session.frames}`;
    this.keep = (at) => { try { sessionStorage.setItem(name, at); } catch { /* only a comfort */ } };
    this.stand = begin(Number(sessionStorage.getItem(name)) || 0);
    sound.volume = 0.5; // some phones leave this to their own keys
    if (sound.volume !== 0.5) session.offers = session.offers.filter((name) => !["louder", "quieter"].includes(name));
    sound.volume = 1;
    const fits = session.sounds.filter(({ kind }) => sound.canPlayType(kind));
    sound.src = (fits[0] || session.sounds[0]).path;
    for (const [kind, path] of [["captions", "/captions.vtt"], ["chapters", "/chapters.vtt"]]) {
      const track = document.createElement("track");
      Object.assign(track, { kind, src: path, srclang: session.language, label: kind, default: true });
      sound.append(track);
      track.track.mode = "hidden";
    }
    this.listen();
    this.keys();
    if (this.stand.at) this.place(this.stand.at);
    this.tell();
  }

  listen() {
    const { sound } = this;
    sound.addEventListener("timeupdate", () => this.move());
    sound.addEventListener("ended", () => this.become({ ...this.stand, at: this.session.frames, state: "ended" }));
    sound.addEventListener("playing", () => {
      clearTimeout(this.hanging);
      this.lost("");
    });
    sound.addEventListener("waiting", () => {
      if (this.stand.state !== "playing") return;
      this.lost("loading …");
      clearTimeout(this.hanging);
      this.hanging = setTimeout(() => sound.readyState < 3 && this.again(0), HANGING_MS);
    });
    sound.addEventListener("error", () => this.again());
    // a call, another player or a pulled-out earphone pauses the sound without asking us
    sound.addEventListener("pause", () => {
      if (this.stand.state === "playing" && !sound.ended && !sound.error && !this.loading) this.do("hold");
    });
    addEventListener("online", () => sound.error && this.again(0));
  }

  // Where the sound is now, in frames
  get at() {
    return this.wanted ?? Math.round(this.sound.currentTime * this.session.rate);
  }

  move() {
    if (this.stand.state !== "playing" || this.loading) return;
    if (this.wanted !== null && !this.sound.seeking) this.wanted = null;
    const wait = nextWait(this.session, this.stand.at);
    if (wait !== null && this.at >= wait) {
      this.become({ ...this.stand, at: wait, state: "holding", waiting: true });
      return;
    }
    this.stand = { ...this.stand, at: Math.max(this.at, 0) };
    this.keep(this.stand.at);
    this.tell();
    this.alarm(wait);
  }

  // Be there when it has to wait: the sound itself tells its time only four times a second.
  alarm(wait) {
    clearTimeout(this.timer);
    if (wait === null) return;
    const left = ((wait - this.at) / this.session.rate) * 1000;
    if (left < 400) this.timer = setTimeout(() => this.move(), Math.max(0, left));
  }

  do(text) {
    if (text === "louder" || text === "quieter") {
      const volume = this.sound.volume + (text === "louder" ? 0.1 : -0.1);
      this.sound.volume = Math.max(0.1, Math.min(1, volume));
      return;
    }
    const here = this.stand.state === "playing" ? { ...this.stand, at: this.at } : this.stand;
    const held = this.heldSince ? (performance.now() - this.heldSince) / 1000 : 0;
    this.become(obey(this.session, here, text, held), here);
  }

  become(stand, before = this.stand) {
    const { sound } = this;
    this.heldSince = stand.state !== "holding" ? 0 : this.heldSince || performance.now();
    this.stand = stand;
    if (stand.at !== before.at) this.place(stand.at);
    if (stand.state === "playing" && sound.paused) this.play();
    if (stand.state !== "playing" && !sound.paused) sound.pause();
    this.keep(stand.state === "ended" ? 0 : stand.at);
    this.tell();
  }

  place(at) {
    this.wanted = at;
    const there = () => { this.sound.currentTime = at / this.session.rate; };
    if (this.sound.readyState) there();
    else this.sound.addEventListener("loadedmetadata", there, { once: true });
  }

  async play() {
    try {
      await this.sound.play();
      this.loading = false;
    } catch (error) {
      if (error.name === "NotAllowedError") this.become({ ...this.stand, state: "holding" });
      else if (this.sound.error) this.again();
    }
  }

  // The network is gone, or the computer. The place is known; it goes on there as soon as there is sound again.
  again(wait = AGAIN_MS) {
    if (this.stand.state === "ended") return;
    clearTimeout(this.hanging);
    this.loading = true;
    this.lost("connecting again …");
    clearTimeout(this.retry);
    this.retry = setTimeout(async () => {
      try {
        const { device } = await (await fetch("/hello")).json();
        if (!device) return location.reload();
      } catch {
        return this.again();
      }
      this.sound.load();
      this.place(this.stand.at);
      this.loading = false;
      if (this.stand.state === "playing") this.play();
      else this.lost("");
    }, wait);
  }

  tell() {
    const now = nowAt(this.session, this.stand);
    this.show(now);
    const media = navigator.mediaSession;
    if (!media) return;
    const title = now.step?.title || now.title;
    if (this.titled !== title + now.section) {
      this.titled = title + now.section;
      media.metadata = new MediaMetadata({ title, artist: now.title, album: now.section });
    }
    media.playbackState = now.state === "playing" ? "playing" : now.state === "holding" ? "paused" : "none";
    const duration = this.session.frames / this.session.rate;
    media.setPositionState?.({ duration, position: Math.min(this.stand.at / this.session.rate, duration) });
  }

  keys() {
    const set = (key, handle) => {
      try { navigator.mediaSession?.setActionHandler(key, handle); } catch { /* not known here */ }
    };
    for (const [key, command] of Object.entries(KEYS)) set(key, (details) => this.do(command(details)));
    set("seekto", ({ seekTime }) => this.do(`seek ${Math.round(seekTime * this.session.rate)}`));
  }
}
