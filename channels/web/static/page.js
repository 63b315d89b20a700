// The whole page: enter, read the stream, say, press, upload. Everything shown is set as text, never as markup.
"use strict";

const $ = (id) => document.getElementById(id);
const log = $("log");
const reached = { row: 0, opened: 0 }; // the last row shown; how often a stream was opened
const handled = new Set(); // ids whose rows are in the stream, told before or after their POST was answered
const waiting = []; // texts and presses, sent one after another so that they arrive in their order
let stream = null, retrySeconds = 1, mostBytes = Infinity, sending = false, lastDay = "", opening = 0;

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function newId() { // crypto.randomUUID is missing on plain http
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- what is shown

function toEnd() { window.scrollTo(0, document.documentElement.scrollHeight); }
function atEnd() { return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 120; }

function add(node, mine) {
  const follow = mine || atEnd() || log.getAttribute("aria-busy") === "true";
  const pending = log.querySelector(".pending");
  log.insertBefore(node, mine === "pending" ? null : pending); // what is on its way stays last
  if (follow) toEnd();
}

function dayOf(at) { return at.toLocaleDateString("zh-CN", { year: "numeric", month: "long", day: "numeric" }); }

function showRow(row) {
  if (row.id <= reached.row) return; // a stream that was cut may begin with what is here already
  reached.row = row.id;
  const at = new Date(row.at);
  if (dayOf(at) !== lastDay) add(element("p", "day", lastDay = dayOf(at)), false);
  const message = element("div", row.mine ? "message mine" : "message");
  message.id = "row-" + row.id;
  message.tabIndex = -1;
  if (row.text) message.append(element("p", "text", row.text));
  if (row.file) message.append(element("p", "text", "文件：" + row.file.name + "（" + size(row.file.size_bytes) + "）"));
  if (row.options.length) message.append(optionsOf(row));
  const note = element("p", "note", at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" }));
  message.append(note);
  add(message, row.mine);
  if (row.settled) showSettled(row.id, row.settled);
}

function size(bytes) {
  return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
}

function optionsOf(row) {
  const group = element("div", "options");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "选项");
  for (const option of row.options) {
    const button = element("button", "", option.label);
    button.type = "button";
    button.addEventListener("click", () => press(row.id, option));
    group.append(button);
  }
  return group;
}

function showSettled(rowId, label, sentence) {
  const message = $("row-" + rowId);
  if (!message) return;
  const held = message.contains(document.activeElement);
  for (const button of message.querySelectorAll("button")) button.disabled = label !== null;
  let note = message.querySelector(".chosen");
  if (!note) message.append(note = element("p", "note chosen"));
  note.textContent = sentence || "已选：" + label;
  note.classList.toggle("bad", Boolean(sentence));
  if (held) message.focus({ preventScroll: true }); // a button that is off would lose the keyboard's place
}

function pendingMessage(text) {
  const message = element("div", "message mine pending");
  message.append(element("p", "text", text));
  message.append(element("p", "note", "发送中…"));
  add(message, "pending");
  return message;
}

function noteOn(message, text, bad) {
  const note = message.querySelector(".note");
  note.textContent = text;
  note.classList.toggle("bad", Boolean(bad));
}

// Kept by the server. The row itself comes by the stream; until then the message stays, unless the row came first.
function confirmed(message, id, openedBefore) {
  if (handled.has(id) || reached.opened !== openedBefore) return message.remove();
  message.dataset.confirmed = id;
  noteOn(message, "已收到");
}

// ---- the stream

function listen() {
  clearTimeout(opening);
  if (stream) stream.close();
  stream = new EventSource("/events?after=" + reached.row);
  stream.onopen = () => {
    retrySeconds = 1;
    reached.opened += 1;
    $("connection").textContent = "";
    for (const message of log.querySelectorAll("[data-confirmed]")) message.remove(); // their rows come now
    sendWaiting();
  };
  stream.onerror = lost;
  stream.addEventListener("row", (event) => showRow(JSON.parse(event.data)));
  stream.addEventListener("status", (event) => {
    $("status").textContent = JSON.parse(event.data) || "考评";
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

function lost() {
  stream.close(); // the browser's own retry gives up for good at the first answer that is no stream
  $("connection").textContent = "重新连接中…";
  clearTimeout(opening);
  opening = setTimeout(reopen, retrySeconds * 1000);
  retrySeconds = Math.min(retrySeconds * 2, 10);
}

async function reopen() {
  try {
    const session = await (await fetch("/session", { cache: "no-store" })).json();
    session.entered ? listen() : showEntry("登录已失效，请重新打开邀请链接或输入邀请码。");
  } catch {
    lost();
  }
}

// ---- sending

async function post(path, data) {
  const response = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data),
  });
  const answer = await response.json();
  if (response.status >= 500) throw new Error(answer.error);
  return { status: response.status, error: answer.error };
}

function say(text) {
  const message = pendingMessage(text), data = { id: newId(), text };
  const opened = () => confirmed(message, data.id, entry.opened);
  const entry = { data, opened: 0, done: opened, failed: (error) => failed(message, error, () => queue(entry)) };
  queue(entry);
}

function press(rowId, option) {
  showSettled(rowId, option.label);
  const data = { id: newId(), option: option.key, message_id: rowId, label: option.label };
  queue({ data, opened: 0, done: () => {}, failed: (error) => showSettled(rowId, null, error) });
}

function queue(entry) {
  waiting.push(entry);
  sendWaiting();
}

async function sendWaiting() {
  if (sending) return;
  sending = true;
  try {
    while (waiting.length) {
      const entry = waiting[0];
      entry.opened = reached.opened;
      const { status, error } = await post("/say", entry.data);
      if (status === 401) { showEntry(error); break; } // it stays waiting and goes out after entering again
      waiting.shift();
      status === 202 ? entry.done() : entry.failed(error);
    }
  } catch { // no connection or a failing server: the same id again, as often as it takes
    setTimeout(sendWaiting, 2000);
  } finally {
    sending = false;
  }
}

function failed(message, sentence, again) {
  noteOn(message, sentence, true);
  if (!again) return;
  const button = element("button", "", "重试");
  button.type = "button";
  button.addEventListener("click", () => { button.remove(); noteOn(message, "发送中…"); again(); });
  message.append(button);
}

function upload(chosen) {
  const small = chosen.filter((file) => file.size <= mostBytes);
  for (const file of chosen.filter((file) => file.size > mostBytes)) {
    failed(pendingMessage("文件：" + file.name), "文件超过 " + size(mostBytes) + "，没有上传。请压缩或分开后再传。");
  }
  if (!small.length) return;
  const message = pendingMessage(small.map((file) => "文件：" + file.name).join("\n"));
  const bar = element("progress");
  bar.max = 1;
  message.append(bar);
  transfer(small, newId(), message, bar);
}

function transfer(files, id, message, bar) {
  const form = new FormData(), request = new XMLHttpRequest(), opened = reached.opened; // fetch tells no progress
  form.append("id", id);
  for (const file of files) form.append("file", file, file.name);
  bar.hidden = false;
  request.upload.onprogress = (event) => {
    bar.value = event.loaded / event.total;
    noteOn(message, "上传中 " + Math.floor(bar.value * 100) + "%");
  };
  const again = () => transfer(files, id, message, bar);
  request.onerror = () => { bar.hidden = true; failed(message, "上传中断。", again); };
  request.onload = () => {
    bar.hidden = true;
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { answer.error = "上传失败。"; }
    for (const file of request.status === 202 ? answer.refused : []) failed(pendingMessage("文件：" + file.name), file.refused);
    if (request.status === 202) return confirmed(message, id, opened);
    if (request.status === 401) showEntry(answer.error);
    failed(message, answer.error, request.status === 422 ? null : again);
  };
  request.open("POST", "/files");
  request.send(form);
}

// ---- getting in

const pressIds = new Map(); // by code: pressing again after a lost answer enters at the same address

function pressId(code) {
  if (!pressIds.has(code)) pressIds.set(code, newId());
  return pressIds.get(code);
}

function codeOfLink() {
  const found = /^\/j\/([^/]+)$/.exec(location.pathname);
  return found ? decodeURIComponent(found[1]) : "";
}

function showEntry(sentence) {
  const code = codeOfLink();
  if (stream) stream.close();
  clearTimeout(opening);
  $("connection").textContent = "";
  $("chat").hidden = $("composer").hidden = true;
  $("entry").hidden = false;
  $("invited").hidden = !code;
  $("code").hidden = $("code-label").hidden = Boolean(code);
  $("code").value = code;
  $("entry-error").textContent = sentence || "";
}

function showChat() {
  $("entry").hidden = true;
  $("chat").hidden = $("composer").hidden = false;
  log.setAttribute("aria-busy", "true");
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
    showChat();
  } catch {
    $("entry-error").textContent = "没有连上，请再点一次「进入」。";
  } finally {
    button.disabled = false;
  }
});

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (!text) return;
  say(text);
  $("text").value = "";
  fit();
});

function fit() {
  $("text").style.height = "auto";
  $("text").style.height = $("text").scrollHeight + 4 + "px";
}

$("text").addEventListener("input", fit);
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

async function start() {
  try {
    const session = await (await fetch("/session", { cache: "no-store" })).json();
    mostBytes = session.max_file_bytes;
    session.entered && !codeOfLink() ? showChat() : showEntry("");
  } catch {
    $("connection").textContent = "没有连上，正在重试…";
    setTimeout(start, 2000);
  }
}

start();
