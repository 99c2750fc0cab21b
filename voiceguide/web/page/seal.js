// HMAC with SHA-256, by hand: browsers offer theirs only to pages that came over https.

const K = new Uint32Array(64);
const START = new Uint32Array(8);

// the first bits of the roots of the first primes
(() => {
  let count = 0;
  for (let n = 2; count < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    const bits = (root) => ((root - Math.floor(root)) * 0x100000000) >>> 0;
    if (count < 8) START[count] = bits(Math.sqrt(n));
    K[count++] = bits(Math.cbrt(n));
  }
})();

function sha256(bytes) {
  const size = bytes.length;
  const whole = new Uint8Array((((size + 8) >> 6) + 1) << 6);
  whole.set(bytes);
  whole[size] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 4, size << 3);
  const h = START.slice();
  const w = new Uint32Array(64);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  for (let at = 0; at < whole.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
      const b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
      w[i] = w[i - 16] + a + w[i - 7] + b;
    }
    const v = Array.from(h);
    for (let i = 0; i < 64; i++) {
      const e = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25);
      const one = (v[7] + e + ((v[4] & v[5]) ^ (~v[4] & v[6])) + K[i] + w[i]) | 0;
      const a = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22);
      const two = (a + ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]))) | 0;
      v.pop();
      v.unshift((one + two) | 0);
      v[4] = (v[4] + one) | 0;
    }
    for (let i = 0; i < 8; i++) h[i] += v[i];
  }
  const out = new Uint8Array(32);
  h.forEach((word, i) => new DataView(out.buffer).setUint32(4 * i, word));
  return out;
}

function joined(one, two) {
  const both = new Uint8Array(one.length + two.length);
  both.set(one);
  both.set(two, one.length);
  return both;
}

export function seal(secret, text) {
  const encode = (it) => new TextEncoder().encode(it);
  const block = new Uint8Array(64);
  const key = encode(secret);
  block.set(key.length > 64 ? sha256(key) : key);
  const inner = sha256(joined(block.map((byte) => byte ^ 0x36), encode(text)));
  const done = sha256(joined(block.map((byte) => byte ^ 0x5c), inner));
  return Array.from(done, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
