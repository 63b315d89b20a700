// What is shown. Everything is set as text, never as markup.
"use strict";

const $ = (id) => document.getElementById(id);
const log = $("log");
const reached = { row: 0, opened: 0 }; // the last row shown; how often a stream was opened
const handled = new Set(); // ids whose rows are in the stream, told before or after their POST was answered
let lastDay = "";

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function toEnd() { window.scrollTo(0, document.documentElement.scrollHeight); }
function atEnd() { return window.innerHeight + window.scrollY > document.documentElement.scrollHeight - 120; }

function add(node, mine) {
  const follow = mine || atEnd() || log.getAttribute("aria-busy") === "true";
  const pending = log.querySelector(".pending");
  log.insertBefore(node, mine === "pending" ? null : pending); // what is on its way stays last
  if (follow) toEnd();
}

// Whatever makes the bars higher must not hide the last words of who was reading them.
function keepingEnd(change) {
  const end = atEnd();
  change();
  if (end) toEnd();
}

function tell(sentence) { keepingEnd(() => { $("connection").textContent = sentence; }); }

function showStatus(line) {
  const parts = (line || "考评").replace(/ ([·/]) /g, " $1\n").split("\n"); // a line breaks after a sign, not in a figure
  keepingEnd(() => {
    $("status").textContent = "";
    for (const part of parts) $("status").append(element("span", "", part), " ");
  });
}

function clearLog() {
  log.textContent = lastDay = "";
  reached.row = 0;
  handled.clear();
}

function dayOf(at) { return at.toLocaleDateString("zh-CN", { year: "numeric", month: "long", day: "numeric" }); }

function showRow(row, pressed) {
  if (row.id <= reached.row) return; // a stream that was cut may begin with what is here already
  reached.row = row.id;
  const at = new Date(row.at);
  if (dayOf(at) !== lastDay) add(element("p", "day", lastDay = dayOf(at)), false);
  const message = element("div", row.mine ? "message mine" : "message");
  message.id = "row-" + row.id;
  message.tabIndex = -1;
  if (row.mine) message.setAttribute("aria-live", "off"); // who has just written it need not hear it
  if (row.text) message.append(element("p", "text", row.text));
  if (row.file) message.append(fileOf(row));
  if (row.options.length) message.append(optionsOf(row));
  const note = element("p", "note", at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" }));
  message.append(note);
  add(message, row.mine);
  const label = row.settled || pressed;
  if (label) showSettled(row.id, label);
}

function size(bytes) {
  return bytes < 1048576 ? Math.max(1, Math.round(bytes / 1024)) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
}

function fileOf(row) {
  const { name, size_bytes: bytes, picture } = row.file;
  const link = element("a", picture ? "picture" : "file");
  link.href = "/file/" + row.id;
  if (picture || /\.(png|jpe?g)$/i.test(name)) { // to be looked at; the chat stays open behind it
    link.target = "_blank";
    link.rel = "noopener";
  } else {
    link.download = name; // without it some browsers end the stream when the link is pressed
  }
  const words = () => [element("span", "name", name), element("span", "size", size(bytes))];
  if (!picture) { link.append(...words()); return link; }
  const image = element("img");
  image.alt = name + "，点开看大图";
  image.width = 640; // with its fixed box the log does not jump when the picture comes
  image.height = 480;
  image.loading = "lazy";
  image.addEventListener("error", () => { link.className = "file"; link.textContent = ""; link.append(...words()); });
  image.src = link.href;
  link.append(image);
  return link;
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
  if (message) keepingEnd(() => settle(message, label, sentence));
}

function settle(message, label, sentence) {
  const held = message.contains(document.activeElement);
  for (const button of message.querySelectorAll("button")) {
    button.disabled = label !== null;
    button.classList.toggle("picked", button.textContent === label);
  }
  let note = message.querySelector(".chosen");
  if (!note) message.insertBefore(note = element("p", "note chosen"), message.querySelector(".note"));
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
// ``again``: the server had it before, so that nobody will tell when it is handled.
function confirmed(message, id, openedBefore, again) {
  if (again || handled.has(id) || reached.opened !== openedBefore) return message.remove();
  message.dataset.confirmed = id;
  noteOn(message, "已收到");
}

function dismiss(message) {
  message.remove();
  $("text").focus({ preventScroll: true }); // the pressed button is gone; the keyboard goes on from here
}

function failed(message, sentence, again) {
  noteOn(message, sentence, true);
  if (!again) message.classList.remove("pending"); // it will never be sent: what is said from now on comes below it
  const button = element("button", "", again ? "重试" : "关闭");
  button.type = "button";
  button.addEventListener("click", () => {
    if (!again) return dismiss(message);
    button.remove();
    noteOn(message, "发送中…");
    again();
  });
  message.append(button);
}
