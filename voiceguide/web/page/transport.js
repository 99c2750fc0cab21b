// What a command does to a stand, as numbers: the same table that the program itself plays by. Times are frames.
//
// A stand is {at, state, waiting, leaving, insisted}: where the session is, playing, holding or ended, whether it waits
// by itself, whether another `quit` ends it, and the step that is to be heard and was to be skipped once already.

const JUST_S = 1.5; // whoever asks again within so much of an instruction's beginning means the one before
const BACK_S = 3; // further than this into a step, `previous` means its beginning
const SHORT_HOLD_S = 3; // held for longer, it goes on with its phrase

const last = (items, fits) => items.reduce((found, item, index) => (fits(item) ? index : found), -1);

export function begin(at = 0) {
  return { at, state: "holding", waiting: false, leaving: false, insisted: null, note: "" };
}

function seek(session, stand, frame) {
  const at = Math.max(0, Math.min(frame, session.frames));
  // whoever moves while the session waits has not held it: it plays from there
  const over = stand.waiting && at >= session.frames;
  const state = over ? "ended" : stand.waiting || stand.state === "playing" ? "playing" : "holding";
  return { ...stand, at, state, waiting: false, jumped: true };
}

// the first step before `goal` that must be heard and has not been
function keptBefore(session, stand, goal) {
  for (const step of session.steps) {
    const over = step.start >= goal || step.start + step.frames <= stand.at;
    if (over || !step.kept || (step.address && step.address === stand.insisted)) continue;
    if (step.start > stand.at || step.said > stand.at) return step;
  }
  return null;
}

function insist(stand, step) {
  return { ...stand, insisted: step.address, note: `${step.title}: to be heard. Once more to skip it.` };
}

function skip(session, stand, goal) {
  const kept = keptBefore(session, stand, goal ? goal.start : session.frames);
  if (kept && kept.start <= stand.at) return insist(stand, kept);
  return seek(session, stand, (kept || goal || { start: session.frames }).start);
}

function goOn(session, stand, heldS) {
  if (stand.state !== "holding") return stand;
  if (stand.waiting || heldS < SHORT_HOLD_S) return { ...stand, state: "playing", waiting: false };
  const phrase = session.instructions.find(([start, end]) => start <= stand.at && stand.at < end);
  return { ...stand, at: phrase ? phrase[0] : stand.at, state: "playing" };
}

function hold(session, stand) {
  return { ...stand, state: "holding" };
}

const TABLE = {
  hold,
  "go-on": (session, stand, n, heldS) => goOn(session, stand, heldS),
  toggle: (session, stand, n, heldS) => (stand.state === "holding" ? goOn(session, stand, heldS) : hold(session, stand)),
  next(session, stand) {
    const passed = (step) => (stand.waiting ? step.start < stand.at : step.start <= stand.at);
    return skip(session, stand, session.steps.find((step) => !passed(step)));
  },
  previous(session, stand) {
    const index = last(session.steps, (step) => step.start <= stand.at);
    if (index < 0) return seek(session, stand, 0);
    const inside = stand.at - session.steps[index].start > BACK_S * session.rate;
    return seek(session, stand, session.steps[inside || index === 0 ? index : index - 1].start);
  },
  seek: (session, stand, n) => seek(session, stand, n),
  again(session, stand) {
    const starts = session.instructions.map(([start]) => start);
    const index = last(starts, (start) => start <= stand.at);
    if (index < 0) return stand;
    const just = index > 0 && stand.at - starts[index] < JUST_S * session.rate;
    return seek(session, stand, starts[just ? index - 1 : index]);
  },
  "next-section"(session, stand) {
    const chapter = session.chapters.find(({ start }) => start > stand.at);
    const from = chapter ? chapter.start : session.frames;
    return skip(session, stand, session.steps.find(({ start }) => start >= from));
  },
  "previous-section"(session, stand) {
    const begun = [0, ...session.chapters.map(({ start }) => start)].filter((start) => start <= stand.at);
    const near = stand.at - begun[begun.length - 1] <= BACK_S * session.rate && begun.length > 1;
    return seek(session, stand, begun[begun.length - (near ? 2 : 1)]);
  },
  back: (session, stand, n = 10) => seek(session, stand, stand.at - n * session.rate),
  forward(session, stand, n = 10) {
    const goal = stand.at + n * session.rate;
    const kept = keptBefore(session, stand, goal);
    if (kept && kept.start <= stand.at) return insist(stand, kept);
    return seek(session, stand, kept ? kept.start : goal);
  },
  stop: (session, stand) => ({ ...hold(session, stand), leaving: true }),
  quit: (session, stand) => (stand.leaving ? { ...stand, state: "ended", waiting: false } : TABLE.stop(session, stand)),
};
const INSISTENT = new Set(["next", "next-section", "forward"]);

// Return the stand after `text`, a command as it is written everywhere, such as "seek 48000".
export function obey(session, stand, text, heldS = 0) {
  const [name, ...numbers] = text.split(" ");
  if (!TABLE[name] || stand.state === "ended") return stand;
  let after = TABLE[name](session, { ...stand, note: "", jumped: false }, ...(numbers.length ? numbers.map(Number) : [undefined]), heldS);
  if (after.state !== "holding") after = { ...after, leaving: false };
  const jumped = after.jumped && stand.state === "playing";
  const moved = jumped || after.at !== stand.at || after.state !== stand.state || after.waiting !== stand.waiting;
  return moved && !INSISTENT.has(name) ? { ...after, insisted: null } : after;
}

// Return the frame at which it next waits by itself when it plays from `at`, or null.
export function nextWait(session, at) {
  return session.waits.find((wait) => wait > at && wait < session.frames) ?? null;
}

const ms = (session, frames) => Math.floor((frames * 2000 + session.rate) / (2 * session.rate));

function told(session, step) {
  if (!step) return null;
  const { address, title, side, note, zone } = step;
  return { address, title, side, note, zone, at_ms: ms(session, step.start), ms: ms(session, step.frames) };
}

// Return what the program itself tells of a session that stands there.
export function nowAt(session, stand) {
  const { at, waiting } = stand;
  const index = last(session.steps, (step) => (waiting ? step.start < at : step.start <= at));
  const chapter = last(session.chapters, ({ start }) => start <= at);
  return {
    ...session,
    ...stand,
    at_ms: ms(session, at),
    length_ms: ms(session, session.frames),
    left_ms: ms(session, Math.max(0, session.frames - at)),
    section: chapter < 0 ? "" : session.chapters[chapter].title,
    step: told(session, session.steps[index]),
    next: told(session, session.steps[index + 1]),
    understood: "",
    answer: stand.note,
    volume_db: 0,
  };
}
