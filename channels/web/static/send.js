// What is sent: texts and presses one after another, so that they arrive in their order; files beside them.
"use strict";

const waiting = []; // kept in the browser, too, until the server has confirmed them
let mostBytes = Infinity, sending = false, transfers = 0;

function newId() { // crypto.randomUUID is missing on plain http
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function post(path, data) {
  const response = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data),
  });
  const answer = await response.json();
  if (response.status >= 500) throw new Error(answer.error);
  return { status: response.status, wait: Number(response.headers.get("Retry-After")), ...answer };
}

function say(text) { sendText({ id: newId(), text }); }

function press(rowId, option) {
  sendPress({ id: newId(), option: option.key, message_id: rowId, label: option.label });
}

function sendText(data) {
  const message = pendingMessage(data.text);
  const done = (again) => confirmed(message, data.id, entry.opened, again);
  const entry = { data, opened: 0, done, failed: (error) => failed(message, error, () => queue(entry)) };
  queue(entry);
}

function sendPress(data) {
  showSettled(data.message_id, data.label);
  queue({ data, opened: 0, done: () => {}, failed: (error) => showSettled(data.message_id, null, error) });
}

// What an earlier load of the page could not send goes out with the same ids, so that nothing is there twice.
function sendKept() {
  for (const data of keep.unsent()) data.option === undefined ? sendText(data) : sendPress(data);
}

function pressedOn(rowId) {
  const entry = waiting.find((one) => one.data.message_id === rowId);
  return entry && entry.data.label;
}

function queue(entry) {
  waiting.push(entry);
  keep.save(entry.data);
  sendWaiting();
}

async function sendWaiting() {
  if (sending) return;
  sending = true;
  try {
    while (waiting.length) {
      const entry = waiting[0];
      entry.opened = reached.opened;
      const { status, error, wait, again } = await post("/say", entry.data);
      if (status === 401) { showEntry(error); break; }
      if (status === 429) { tell(error); setTimeout(sendWaiting, wait * 1000); break; }
      tell("");
      if (waiting[0] === entry) waiting.shift(); // another person may have come in meanwhile
      keep.forget(entry.data.id);
      status === 202 ? entry.done(again) : entry.failed(error);
    }
  } catch { // no connection or a failing server: the same id again, as often as it takes
    setTimeout(sendWaiting, 2000);
  } finally {
    sending = false;
  }
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
  bar.setAttribute("aria-label", "上传进度");
  message.append(bar);
  transfer(small, newId(), message, bar);
}

function transfer(files, id, message, bar) {
  const form = new FormData(), request = new XMLHttpRequest(), opened = reached.opened; // fetch tells no progress
  form.append("id", id);
  for (const file of files) form.append("file", file, file.name);
  bar.hidden = false;
  transfers += 1;
  request.upload.onprogress = (event) => {
    bar.value = event.loaded / event.total;
    noteOn(message, "上传中 " + Math.floor(bar.value * 100) + "%");
  };
  const again = () => transfer(files, id, message, bar);
  request.onloadend = () => { transfers -= 1; bar.hidden = true; };
  request.onerror = () => failed(message, "上传中断，请检查网络后点「重试」。", again);
  request.onload = () => uploaded(request, { message, id, opened, again });
  request.open("POST", "/files");
  request.send(form);
}

function uploaded(request, { message, id, opened, again }) {
  let answer = {};
  try { answer = JSON.parse(request.responseText); } catch { answer.error = "上传失败，请点「重试」。"; } // a proxy's page
  if (request.status === 202) {
    for (const file of answer.refused) failed(pendingMessage("文件：" + file.name), file.refused);
    return confirmed(message, id, opened, answer.again);
  }
  if (request.status === 401) showEntry(answer.error);
  failed(message, answer.error, request.status === 422 ? null : again);
}

// Bytes on their way cannot be kept over a reload as words can.
window.addEventListener("beforeunload", (event) => { if (transfers) event.preventDefault(); });
