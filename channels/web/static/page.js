// The page as a whole: getting in, the stream and its return, the line to write in.
"use strict";

let stream = null, retrySeconds = 1, opening = 0, hiddenAt = 0, telling = 0, seenRow = 0;

// ---- the stream

function listen() {
  clearTimeout(opening);
  if (stream) stream.close();
  stream = new EventSource("/events?after=" + reached.row);
  stream.onopen = () => {
    retrySeconds = 1;
    reached.opened += 1;
    tell("");
    for (const message of log.querySelectorAll("[data-confirmed]")) message.remove(); // their rows come now
    sendWaiting();
  };
  stream.onerror = lost;
  stream.addEventListener("row", (event) => {
    const row = JSON.parse(event.data);
    showRow(row, pressedOn(row.id));
    shown();
  });
  stream.addEventListener("status", (event) => {
    showStatus(JSON.parse(event.data));
    log.removeAttribute("aria-busy"); // the history is complete: from here on a screen reader reads what comes
  });
  stream.addEventListener("settled", (event) => {
    const { id, label } = JSON.parse(event.data);
    showSettled(id, label);
  });
  stream.addEventListener("handled", (event) => {
    const id = JSON.parse(event.data);
    handled.add(id);
    const message = log.querySelector('[data-confirmed="' + id + '"]');
    if (message) message.remove();
  });
}

// What a page has shown, and only that, was delivered: the server is told once somebody can look at it.
function shown() {
  clearTimeout(telling);
  telling = setTimeout(async () => {
    const row = reached.row;
    if (document.hidden || row <= seenRow) return; // coming back to the page looks again
    try {
      if ((await post("/seen", { row })).status === 202) seenRow = row;
    } catch { /* the next row, or coming back, tells it */ }
  }, 500);
}

function lost() {
  stream.close(); // the browser's own retry gives up for good at the first answer that is no stream
  tell("重新连接中…");
  clearTimeout(opening);
  opening = setTimeout(reopen, retrySeconds * 1000);
  retrySeconds = Math.min(retrySeconds * 2, 10);
}

async function reopen() {
  try {
    const session = await sessionNow();
    if (!session.entered) return showEntry("登录已失效，请重新打开邀请链接或输入邀请码。");
    become(session.who);
    listen();
  } catch {
    lost();
  }
}

// A phone that slept or changed its network may hold a stream that is dead and does not say so.
function inChat() { return !$("chat").hidden; }
window.addEventListener("offline", () => { if (inChat()) lost(); });
window.addEventListener("online", () => { if (inChat()) listen(); });
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (inChat()) {
    shown();
    if (Date.now() - hiddenAt > 30000) listen();
  }
});

// ---- getting in

const pressIds = new Map(); // by code: pressing again after a lost answer enters at the same address

function pressId(code) {
  if (!pressIds.has(code)) pressIds.set(code, newId());
  return pressIds.get(code);
}

function codeOfLink() {
  const found = /^\/j\/([^/]+)$/.exec(location.pathname);
  if (!found) return "";
  try { return decodeURIComponent(found[1]); } catch { return found[1]; } // a damaged link: the core says so
}

async function sessionNow() {
  const session = await (await fetch("/session", { cache: "no-store" })).json();
  mostBytes = session.max_file_bytes;
  return session;
}

// Who is in decides what is shown and sent. What somebody wrote before is offered, never sent in another's name.
function become(who) {
  if (who === keep.who) return;
  const texts = waiting.splice(0).map((entry) => entry.data.text).concat($("text").value);
  clearLog();
  seenRow = 0;
  keep.open(who);
  $("text").value = keep.draft() || texts.filter(Boolean).join("\n");
  sendKept();
}

function showEntry(sentence) {
  const code = codeOfLink();
  if (stream) stream.close();
  clearTimeout(opening);
  tell("");
  showStatus("");
  $("chat").hidden = $("composer").hidden = $("skip").hidden = true;
  $("entry").hidden = false;
  $("invited").hidden = !code;
  $("code").hidden = $("code-label").hidden = Boolean(code);
  $("code").value = code;
  $("entry-error").textContent = sentence || "";
}

function showChat(who) {
  $("entry").hidden = true;
  $("chat").hidden = $("composer").hidden = $("skip").hidden = false;
  log.setAttribute("aria-busy", "true");
  become(who);
  fit();
  listen();
}

$("entry").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  try {
    const { status, error } = await post("/enter", { id: pressId($("code").value), code: $("code").value });
    if (status !== 202) { $("entry-error").textContent = error; return; }
    history.replaceState(null, "", "/"); // a reload must not ask again, and the code leaves the address bar
    await start("浏览器没有记住登录，请允许 Cookie 后再点一次「进入」。");
    log.focus({ preventScroll: true }); // the pressed button is gone; the keyboard goes on from here
  } catch {
    $("entry-error").textContent = "没有连上，请再点一次「进入」。";
  } finally {
    button.disabled = false;
  }
});

async function start(whyNot) {
  try {
    const session = await sessionNow();
    session.entered && !codeOfLink() ? showChat(session.who) : showEntry(whyNot);
  } catch {
    tell("没有连上，正在重试…");
    setTimeout(() => start(whyNot), 2000);
  }
}

// ---- the line to write in

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  say(text);
  $("text").value = "";
  keep.setDraft("");
  fit();
});

function fit() {
  keepingEnd(() => {
    $("text").style.height = "auto";
    $("text").style.height = $("text").scrollHeight + 4 + "px";
  });
}

$("text").addEventListener("input", () => { keep.setDraft($("text").value); fit(); });
$("text").addEventListener("keydown", (event) => {
  const composing = event.isComposing || event.keyCode === 229; // Enter that accepts a candidate; 229 for old engines
  if (event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  $("composer").requestSubmit ? $("composer").requestSubmit() : $("composer").querySelector(".main").click();
});

for (const input of [$("files"), $("camera")]) {
  input.addEventListener("change", () => {
    const chosen = Array.from(input.files);
    input.value = ""; // choosing the same file again is a change again
    if (chosen.length) upload(chosen);
  });
}

start();
