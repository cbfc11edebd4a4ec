// The web chat page of Sawt. It does two things at once, each in its own loop:
// deliver() sends what the person wrote, strictly in order, until the server
// has it; listen() asks the server for what the bot said and shows it.
// Plain syntax on purpose: it has to run in the browsers of old phones.
"use strict";

const page = document.documentElement;
const log = document.getElementById("log");
const banner = document.getElementById("banner");
const form = document.getElementById("form");
const write = document.getElementById("write");
const attach = document.getElementById("attach");
const chosen = document.getElementById("files");
const files = new Map(); // entry id -> the file to send
const { commune, words } = JSON.parse(document.getElementById("words").textContent);

// ---------------------------------------------------------------- Language

let language = page.lang;

function wordsIn(wanted) {
  return words[wanted] || words[language] || words[Object.keys(words)[0]];
}

function directionOf(wanted) {
  return /^ar/.test(wanted) ? "rtl" : "ltr"; // ar, ary, ar-MA
}

/** An element whose text is a word of the page, so that it changes with the language. */
function sayWord(element, key) {
  element.dataset.word = key;
  element.textContent = wordsIn(language)[key] || "";
}

function useLanguage(wanted) {
  language = wanted;
  page.lang = wanted;
  page.dir = directionOf(wanted);
  document.querySelectorAll("[data-word]").forEach((element) => sayWord(element, element.dataset.word));
  const name = commune[wanted] || "";
  document.getElementById("commune").textContent = name;
  document.title = [wordsIn(wanted).title, name].filter(Boolean).join(" · ");
  write.placeholder = wordsIn(wanted).write || "";
  turnInput();
}

// -------------------------------------------------- What the person wrote
//
// The server's feed holds only the bot's messages, so this tab remembers the
// person's own ones. An entry is {id, body, text, after, lang, secret, state}:
//   body   what to POST; gone once the server has answered for good
//   text   what the bubble shows; null for a tick or a start (no bubble)
//   after  number of the bot message it was written after; null when the
//          history had not arrived yet
//   secret an answer to a question about the ID card, or perhaps one: not stored once it is sent
//   state  waiting | sending | sent | refused

const STORE = "sawt-own-messages";
const MASK = "••••";
const HISTORY = 200; // as many as the server keeps
let own = recall();
const ownElements = new Map(); // entry id -> element

function recall() {
  try {
    return JSON.parse(sessionStorage.getItem(STORE)) || [];
  } catch (unreadable) {
    return [];
  }
}

function remember() {
  while (own.length > HISTORY && !own[0].body) own.shift();
  try {
    // A file that is not sent yet is lost with the page: so is its bubble.
    sessionStorage.setItem(STORE, JSON.stringify(own.filter((entry) => !entry.body || !entry.body.file)));
  } catch (full) {
    // Storage is off or full: all still works until the page is reloaded.
  }
}

function newId() {
  // crypto.randomUUID is missing in old browsers, and on plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function newEntry(body, more) {
  const id = newId();
  const entry = { id, body: Object.assign({ id }, body), text: null, after: historyKnown ? last : null, state: "waiting" };
  return Object.assign(entry, more);
}

function say(body, more, file) {
  const entry = newEntry(body, more);
  if (file) files.set(entry.id, file);
  own.push(entry);
  remember();
  if (entry.text !== null) {
    const element = showOwn(entry);
    element.classList.add("arriving");
    following = true; // whoever writes wants to see the answer
    anchor = null;
    stayInPlace();
  }
  deliver();
}

/** The server has the entry, or will never take it: either way it is not sent again. */
function settle(entry, state, word) {
  const pressed = entry.body.on;
  files.delete(entry.id);
  delete entry.body;
  if (entry.secret) entry.text = MASK; // the bubble keeps it while the page is open, the storage does not
  if (entry.text === null) own = own.filter((other) => other !== entry);
  entry.word = word;
  mark(entry, state);
  remember();
  if (pressed) holdButtons(bubbles.get(pressed));
}

// -------------------------------------------------------- Text of messages

const TAG_OR_ENTITY = /<(\/?)(b|code)>|&(amp|lt|gt|quot|#39);/g;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
// Ends before spaces, quotes and direction marks, and before the sentence's own punctuation.
const ADDRESS = /https:\/\/[^\s<>"\u200e\u200f\u2066-\u2069]*[^\s<>"\u200e\u200f\u2066-\u2069.,;:!?)'»…،؛؟]/;
// A reference, a number of a law: on one line, or its halves change places where one reads from the right.
const REFERENCE = /\b[A-Z\d]+(?:-[A-Z\d]+)+(?:\/\d+)?\b/;
const WHOLE = new RegExp(`${ADDRESS.source}|${REFERENCE.source}`, "g");

/** The bot's small markup as DOM nodes. Whatever is not in the subset is shown as it is written. */
function parseText(markup) {
  const whole = document.createDocumentFragment();
  const open = [whole];
  let run = ""; // collected across entities, so that an address with &amp; in it stays whole
  let from = 0;
  const flush = () => {
    appendWithLinks(open[open.length - 1], run);
    run = "";
  };
  for (let found; (found = TAG_OR_ENTITY.exec(markup)); from = TAG_OR_ENTITY.lastIndex) {
    const [token, closing, tag, entity] = found;
    run += markup.slice(from, found.index);
    if (entity) {
      run += ENTITIES[entity];
    } else if (!closing) {
      flush();
      const element = document.createElement(tag);
      open[open.length - 1].appendChild(element);
      open.push(element);
    } else if (open.length > 1 && open[open.length - 1].localName === tag) {
      flush();
      open.pop();
    } else {
      run += token;
    }
  }
  run += markup.slice(from);
  flush();
  return whole;
}

function appendWithLinks(parent, text) {
  let from = 0;
  for (let found; (found = WHOLE.exec(text)); from = WHOLE.lastIndex) {
    parent.appendChild(document.createTextNode(text.slice(from, found.index)));
    parent.appendChild(found[0].startsWith("https:") ? linkTo(found[0]) : make("span", "whole", found[0]));
  }
  if (from < text.length) parent.appendChild(document.createTextNode(text.slice(from)));
}

function linkTo(address) {
  const link = make("a", "", address);
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener";
  link.dir = "ltr";
  return link;
}

// ---------------------------------------------------------------- Bubbles

const bubbles = new Map(); // number of a bot message -> its element
const shown = new Map(); // element -> the bot message it shows
let newest = null; // element of the newest bot message

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

function showOwn(entry) {
  let element = ownElements.get(entry.id);
  if (!element) {
    element = make("div", "message own");
    if (entry.lang) element.lang = entry.lang;
    const bubble = element.appendChild(make("div", "bubble"));
    sayWord(bubble.appendChild(make("span", "unseen")), "you");
    const text = bubble.appendChild(make("div", "text", entry.text));
    text.dir = "auto";
    const status = element.appendChild(make("div", "status"));
    status.appendChild(make("span"));
    ownElements.set(entry.id, element);
    mark(entry, entry.state);
  }
  log.appendChild(element);
  return element;
}

function mark(entry, state) {
  entry.state = state;
  const element = ownElements.get(entry.id);
  if (!element) return;
  element.dataset.state = state;
  const status = element.querySelector(".status");
  // A refusal must be heard; the steps of an ordinary sending would only be noise.
  status.setAttribute("aria-live", state === "refused" ? "assertive" : "off");
  const key = { waiting: "waiting", sending: "sending", sent: "", refused: entry.word || "not_sent" }[state];
  sayWord(status.firstChild, key);
  if (state === "refused") stayInPlace(); // its reason must not stay below the edge
}

function showBot(message) {
  const spoken = message.language || language;
  let element = bubbles.get(message.replaces);
  if (!element) {
    element = make("div", "message bot");
    element.appendChild(make("div", "bubble"));
    log.appendChild(element);
    newest = element;
  }
  const before = shown.get(element);
  shown.set(element, message);
  bubbles.set(message.n, element);
  element.lang = spoken;
  element.dir = directionOf(spoken);
  element.classList.toggle("pictured", Boolean(message.picture));
  // Text that did not change is not touched: a screen reader would read it all again at every tick.
  const same = before && ["text", "picture", "voice", "file", "alt", "language"].every((key) => before[key] === message[key]);
  if (!same) fillBubble(element.firstChild, message, spoken);
  showButtons(element, message.buttons || [], wordsIn(spoken).choices);
  return element;
}

function fillBubble(bubble, message, spoken) {
  bubble.textContent = "";
  bubble.appendChild(make("span", "unseen", wordsIn(spoken).sawt));
  if (message.picture) {
    const link = bubble.appendChild(make("a", "picture"));
    link.href = message.picture; // alone in a tab it can be enlarged with two fingers
    link.target = "_blank";
    link.rel = "noopener";
    const image = link.appendChild(make("img"));
    image.alt = message.alt || wordsIn(spoken).picture || "";
    image.addEventListener("load", stayInPlace);
    image.src = message.picture;
  }
  if (message.voice) {
    const voice = bubble.appendChild(make("audio"));
    voice.controls = true;
    voice.preload = "none";
    voice.setAttribute("aria-label", wordsIn(spoken).voice || "");
    voice.src = message.voice;
  }
  const saved = message.file || message.voice;
  if (saved) {
    const link = bubble.appendChild(make("a", "download", message.name || wordsIn(spoken).file));
    link.href = saved;
    link.download = message.name || "";
  }
  bubble.appendChild(make("div", "text")).appendChild(parseText(message.text));
}

/** Reuses the buttons that are there, position by position: the focus stays where it is. */
function showButtons(element, buttons, label) {
  let group = element.querySelector(".choices");
  if (!group && buttons.length) {
    group = element.appendChild(make("div", "choices"));
    group.setAttribute("role", "group");
  }
  if (!group) return;
  group.setAttribute("aria-label", label || "");
  const focused = Array.from(group.children).indexOf(document.activeElement);
  while (group.children.length > buttons.length) group.lastChild.remove();
  buttons.forEach(([value, text], index) => {
    const button = group.children[index] || group.appendChild(make("button"));
    button.type = "button";
    button.dataset.value = value;
    button.className = isTick(value) ? "tick" : /^@(back|menu)$/.test(value) ? "way-out" : "";
    if (button.textContent !== text) button.textContent = text;
    // "-x" takes the tick away again, so it is there now.
    if (isTick(value)) button.setAttribute("aria-pressed", String(/:-/.test(value)));
    else button.removeAttribute("aria-pressed");
  });
  if (focused >= buttons.length) (group.lastChild || write).focus();
  if (!buttons.length) group.remove();
  holdButtons(element);
}

function isTick(value) {
  return /^[^:]*:[+-]/.test(value);
}

/** While a tap is on its way the buttons rest. Not `disabled`: that would throw the keyboard focus away. */
function holdButtons(element) {
  if (!element) return;
  const n = shown.get(element).n;
  const held = own.some((entry) => entry.body && entry.body.on === n);
  element.querySelectorAll(".choices button").forEach((button) => {
    if (held) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  });
}

log.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.hasAttribute("aria-disabled")) return;
  const element = button.closest(".message");
  const value = button.dataset.value;
  const tick = isTick(value);
  say({ press: value, on: shown.get(element).n }, tick ? {} : { text: button.textContent, lang: element.lang });
  holdButtons(element);
});

// --------------------------------------------------------------- Scrolling

let following = true; // the person is at the end, and new messages may move the page
let anchor = null; // first message of the newest batch: its beginning must stay in sight
let placed = 0; // where this script last scrolled to

function atEnd() {
  return log.scrollHeight - log.clientHeight - log.scrollTop < 60;
}

/** Goes to the end, but never past the beginning of what is new: a long message is read from its top. */
function stayInPlace() {
  if (!following) return;
  const end = log.scrollHeight - log.clientHeight;
  log.scrollTop = anchor ? Math.min(end, anchor.offsetTop - 12) : end;
  placed = log.scrollTop;
}

log.addEventListener("scroll", () => {
  if (Math.abs(log.scrollTop - placed) < 3) return; // our own doing
  placed = -9;
  anchor = null;
  following = atEnd();
});

if (window.ResizeObserver) new ResizeObserver(stayInPlace).observe(log); // the keyboard opens, the input grows
else window.addEventListener("resize", stayInPlace);

// ------------------------------------------------------ Lines to the server

/** One loop's way to the server: a request or a pause at a time, and hurry() cuts either short. */
class Line {
  constructor() {
    this.failures = 0;
    this.cut = () => {};
  }

  hurry() {
    this.failures = 0;
    this.cut();
  }

  pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.cut = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Never throws. status 0: no answer; said null: no JSON (a café's login page is no answer either). */
  async ask(address, request, patience) {
    const answer = { status: 0, said: null, retryAfter: 0, hurried: false };
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), patience);
    this.cut = () => {
      answer.hurried = true;
      stop.abort();
    };
    try {
      const settings = { signal: stop.signal, cache: "no-store", credentials: "same-origin" };
      const response = await fetch(address, Object.assign(settings, request));
      answer.status = response.status;
      answer.retryAfter = Number(response.headers.get("Retry-After")) || 0;
      answer.said = await response.json();
    } catch (lost) {
      // What is in `answer` so far says enough.
    }
    clearTimeout(timer);
    this.cut = () => {};
    return answer;
  }

  /** After a failure: 1 s, 2 s, 4 s ... 30 s, scattered so that a whole town does not return at once. */
  async backOff(answer) {
    if (answer.hurried) return;
    const scatter = 0.75 + Math.random() / 2;
    const delay = Math.min(30000, 1000 * Math.pow(2, this.failures)) * scatter;
    this.failures = Math.min(this.failures + 1, 5);
    if (answer.status === 429) {
      // The server named the time: not even hurry() shortens it.
      const named = Math.min(answer.retryAfter, 300) * 1000 + Math.random() * 1000;
      await new Promise((resolve) => setTimeout(resolve, Math.max(named, delay)));
    } else {
      noteFailure();
      await this.pause(delay);
    }
  }
}

const outbox = new Line();
const feed = new Line();

// ------------------------------------------------------------------ Banner

let failing = null; // timer of the offline banner, from the first failure on

function showBanner(key) {
  const current = banner.firstChild && banner.firstChild.dataset.word;
  if (current === key) return;
  banner.textContent = "";
  if (key) sayWord(banner.appendChild(make("p")), key);
}

function noteFailure() {
  // Two seconds of patience: a bus goes through a tunnel without alarming anybody.
  if (!failing) failing = setTimeout(() => showBanner("offline"), 2000);
}

function noteSuccess() {
  clearTimeout(failing);
  failing = null;
  if (banner.firstChild && banner.firstChild.dataset.word === "offline") showBanner("");
}

// ----------------------------------------------------------------- Sending

let delivering = false;

async function deliver() {
  // Not before the history is here: a start may have to go first.
  if (delivering || !historyKnown) return;
  delivering = true;
  for (let entry; (entry = own.find((each) => each.body)); ) {
    mark(entry, "sending");
    const file = files.get(entry.id);
    const type = file ? "application/octet-stream" : "application/json";
    const request = { method: "POST", headers: { "Content-Type": type }, body: file || JSON.stringify(entry.body) };
    const answer = await outbox.ask(file ? "chat/file?id=" + entry.id : "chat", request, file ? 120000 : 20000);
    if (answer.status === 200 && answer.said && answer.said.ok) accepted(entry);
    else if (isRefusal(answer)) refused(entry, answer);
    else await keepForLater(entry, answer);
  }
  delivering = false;
}

function accepted(entry) {
  outbox.failures = 0;
  noteSuccess();
  showBanner("");
  if (entry.body.start) forgetDeepLink(entry.body.start);
  settle(entry, "sent");
  if (!acquainted) {
    acquainted = true;
    feed.hurry();
  }
  // If no word comes back soon, the waiting poll may hang on a dead connection (or
  // an old cookie): ask afresh.
  const heardBefore = heard;
  setTimeout(() => {
    if (heard === heardBefore) feed.hurry();
  }, 5000);
}

function isRefusal(answer) {
  const later = [408, 425, 429].includes(answer.status);
  return answer.status >= 400 && answer.status < 500 && !later && Boolean(answer.said && answer.said.error);
}

function refused(entry, answer) {
  outbox.failures = 0;
  noteSuccess();
  if (entry.body.start) forgetDeepLink(entry.body.start);
  const why = ["too_large", "wrong_type", "not_wanted"].find((word) => word === answer.said.error);
  settle(entry, "refused", why || (answer.status === 413 || answer.said.error === "too_long" ? "too_long" : "not_sent"));
}

async function keepForLater(entry, answer) {
  mark(entry, "waiting");
  if (answer.status === 429) {
    noteSuccess();
    showBanner("slow_down");
  }
  await outbox.backOff(answer);
}

// --------------------------------------------------------------- Listening

const LONG_POLL = 25; // seconds
const REST_WHEN_HIDDEN = 60000;
let historyKnown = false; // the first answer has come
let acquainted = false; // the server has given us a cookie
let last = 0; // number of the last bot message shown
let heard = 0; // answers of the feed so far
let hiddenSince = document.hidden ? Date.now() : 0;

async function listen() {
  for (;;) {
    while (document.hidden && Date.now() - hiddenSince > REST_WHEN_HIDDEN) await feed.pause(REST_WHEN_HIDDEN);
    // After a failure ask for a quick answer: the banner should go as soon as the network is back.
    const wait = historyKnown && !failing ? LONG_POLL : 0;
    const asked = Date.now();
    const answer = await feed.ask("chat?after=" + last + "&wait=" + wait, {}, 40000);
    const said = answer.status === 401 ? { messages: [] } : answer.said;
    if ((answer.status !== 200 && answer.status !== 401) || !said || !Array.isArray(said.messages)) {
      await feed.backOff(answer);
      continue;
    }
    feed.failures = 0;
    heard += 1;
    noteSuccess();
    if (historyKnown) receive(said);
    else receiveHistory(said);
    // Without a cookie there is nothing to wait for until the first message is
    // sent; and an empty answer that came too soon must not become a storm.
    if (!acquainted) await feed.pause(30000);
    else if (wait && !said.messages.length && Date.now() - asked < 1000) await feed.pause(5000);
  }
}

function receive(said) {
  if (said.language && said.language !== language) useLanguage(said.language);
  if (atEnd()) anchor = null;
  said.messages.filter((message) => message.n > last).forEach((message) => {
    const isNew = !bubbles.has(message.replaces);
    const element = showBot(message);
    last = message.n;
    if (!isNew) return;
    element.classList.add("arriving");
    if (!anchor) anchor = element;
  });
  markNewest();
  stayInPlace();
}

/** The first answer: the bot's messages and this tab's own ones, woven together in order. */
function receiveHistory(said) {
  const messages = said.messages;
  if (said.language && said.language !== language) useLanguage(said.language);
  if (messages.length >= HISTORY) {
    own = own.filter((entry) => entry.body || entry.after === null || entry.after >= messages[0].n);
  }
  const drawOwnBefore = (n) => {
    own.filter((entry) => entry.text !== null && entry.after !== null && entry.after < n && entry.after >= last).forEach(showOwn);
  };
  messages.forEach((message) => {
    drawOwnBefore(message.n);
    showBot(message);
    last = message.n;
  });
  own.forEach((entry) => {
    if (entry.after === null || entry.after > last) entry.after = last;
  });
  drawOwnBefore(Infinity);
  historyKnown = true;
  acquainted = messages.length > 0;
  markNewest();
  anchor = null;
  stayInPlace();
  // Only from now on does a screen reader read out what is added.
  setTimeout(() => log.setAttribute("aria-live", "polite"), 500);
  beginConversation(messages.length === 0);
}

function markNewest() {
  const takes = (newest && shown.get(newest).takes) || [];
  attach.hidden = !takes.length;
  chosen.accept = takes.map((kind) => ACCEPTED[kind]).join(",");
  const former = log.querySelector(".newest");
  if (former && former !== newest) former.classList.remove("newest");
  if (newest) newest.classList.add("newest");
}

// ------------------------------------------------------------------- Start

/** A newcomer is greeted, and a deep link (?start=p_1) is followed; either goes before anything typed meanwhile. */
function beginConversation(newcomer) {
  const link = new URLSearchParams(location.search).get("start") || "";
  const already = own.some((entry) => entry.body && entry.body.start === link);
  if ((newcomer || link) && !already) own.unshift(newEntry({ start: link }));
  remember();
  deliver();
}

function forgetDeepLink(start) {
  const address = new URL(location.href);
  if (address.searchParams.get("start") !== start) return;
  address.searchParams.delete("start");
  history.replaceState(history.state, "", address.href);
}

// ----------------------------------------------------------------- Writing

/** dir=auto would turn an empty field left to right, placeholder and all. */
function turnInput() {
  write.dir = write.value ? "auto" : page.dir;
}

function inputChanged() {
  document.getElementById("grow").dataset.text = write.value;
  sayWord(document.getElementById("limit"), write.value.length >= write.maxLength ? "too_long" : "");
  turnInput();
}

function sendWritten() {
  const text = write.value.trim();
  if (text) {
    // What is written ahead of its question may turn out to answer a private one.
    const isAhead = own.some((entry) => entry.body || entry.after >= last);
    say({ text }, { text, secret: isAhead || Boolean(newest && shown.get(newest).private) });
    write.value = "";
    inputChanged();
  }
  write.focus();
}

// A file waits in this page only: it is not kept in the browser.
const ACCEPTED = {
  photo: "image/jpeg,image/png,image/webp",
  voice: "audio/*",
  list: ".xlsx,.csv",
  document: "application/pdf,.docx,.xlsx,.odt,image/jpeg,image/png,image/webp",
};

chosen.addEventListener("change", () => {
  const file = chosen.files[0];
  if (file) {
    say({ file: true }, { text: file.name }, file);
  }
  chosen.value = "";
  write.focus();
});

write.addEventListener("input", inputChanged);
write.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  sendWritten();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  sendWritten();
});
// A tap on the button must not take the focus: the phone's keyboard would close and open again.
document.getElementById("send").addEventListener("mousedown", (event) => event.preventDefault());

// ------------------------------------------------------- Network and screen

function hurryBoth() {
  outbox.hurry();
  feed.hurry();
}

window.addEventListener("online", hurryBoth);
window.addEventListener("offline", noteFailure);
document.addEventListener("visibilitychange", () => {
  hiddenSince = document.hidden ? Date.now() : 0;
  if (!document.hidden) hurryBoth();
});

log.setAttribute("aria-live", "off"); // the history is not read out
useLanguage(language);
inputChanged();
listen();
