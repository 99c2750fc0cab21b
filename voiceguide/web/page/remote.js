// A session that plays elsewhere: its news come as events, and commands go there, one after the other.

import { seal } from "./seal.js";

const SILENCE_MS = 12000; // longer than the server is ever silent
const AGAIN_MS = [500, 1000, 2000, 4000];

export class RemoteDesk {
  constructor(pass, show, lost) {
    Object.assign(this, { pass, show, lost, tries: 0, over: false, sending: Promise.resolve() });
    this.follow();
    addEventListener("online", () => this.again(0));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.look());
  }

  follow() {
    this.events?.close();
    this.events = new EventSource("/now");
    this.events.onmessage = ({ data }) => {
      this.heard();
      const now = JSON.parse(data);
      this.over = now.state === "ended";
      if (this.over) this.events.close();
      this.show(now);
    };
    this.events.addEventListener("alive", () => this.heard());
    this.events.onerror = () => this.again();
    this.watch();
  }

  heard() {
    this.tries = 0;
    this.lost("");
    this.watch();
  }

  watch() {
    clearTimeout(this.silence);
    if (!this.over) this.silence = setTimeout(() => this.again(), SILENCE_MS);
  }

  // a phone that has slept does not always notice that its connection is gone
  look() {
    if (!this.over && this.events.readyState !== EventSource.OPEN) this.again(0);
  }

  again(wait = AGAIN_MS[Math.min(this.tries++, AGAIN_MS.length - 1)]) {
    if (this.over) return;
    this.events.close();
    clearTimeout(this.silence);
    clearTimeout(this.retry);
    this.lost("connecting again …");
    this.retry = setTimeout(async () => {
      try {
        const { device } = await (await fetch("/hello")).json();
        if (device) this.follow();
        else location.reload();
      } catch {
        this.again();
      }
    }, wait);
  }

  // Commands are numbered, so each waits for the one before. One that cannot be sent is told, and forgotten:
  // nobody wants a hold of half a minute ago.
  do(text) {
    this.sending = this.sending.then(async () => {
      const number = this.pass.number();
      const proof = seal(this.pass.secret, `do\n${this.pass.device}\n${number}\n${text}`);
      try {
        const headers = { "X-Voiceguide": `${number} ${proof}` };
        const answer = await fetch("/do", { method: "POST", headers, body: text, signal: AbortSignal.timeout(4000) });
        if (!answer.ok) this.lost(answer.status === 401 ? "scan the code again" : "that was not done");
      } catch {
        this.lost("not sent: no connection");
      }
    });
    return this.sending;
  }
}
