// The page behind a link for one clause: it asks what is wanted, and sends one answer with its files.
"use strict";

const by = (id) => document.getElementById(id);
const MOST_FILES = 20;
const chosen = [];
let mostBytes = Infinity, tried = false;

function newId() { // crypto.randomUUID is missing on plain http
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function element(name, text) {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

function notice(text) {
  by("answer").hidden = true;
  by("notice").hidden = false;
  by("notice").textContent = text;
}

async function open() {
  try {
    const response = await fetch(location.pathname + "/question");
    const asked = await response.json();
    response.ok ? show(asked) : notice(asked.error);
  } catch {
    notice("没有连上，请检查网络后刷新页面。");
  }
}

function show(asked) {
  mostBytes = asked.max_file_bytes;
  by("unit").textContent = asked.unit + "的同事请您帮忙填一条：";
  by("label").textContent = asked.label;
  by("questions").replaceChildren(...asked.questions.map((text) => element("p", text)));
  by("proof").textContent = "交什么才算：" + asked.proof.join("、");
  by("proof").hidden = !asked.proof.length;
  by("files-label").hidden = !asked.proof.length;
  by("until").textContent = asked.until;
  by("notice").hidden = true;
  by("answer").hidden = false;
}

function listFiles() {
  by("chosen").replaceChildren(...chosen.map((file, place) => {
    const line = element("li", ""), off = element("button", "去掉");
    off.type = "button";
    off.setAttribute("aria-label", "去掉 " + file.name);
    off.onclick = () => { chosen.splice(place, 1); listFiles(); };
    line.append(element("span", file.name), off);
    return line;
  }));
}

by("files").onchange = () => {
  by("error").textContent = "";
  for (const file of by("files").files) {
    if (file.size > mostBytes) by("error").textContent = "「" + file.name + "」太大（最大 " + Math.floor(mostBytes / 1048576) + " MB），没有选上。";
    else if (chosen.length >= MOST_FILES) by("error").textContent = "一次最多 " + MOST_FILES + " 个文件，其余的没有选上。";
    else chosen.push(file);
  }
  by("files").value = ""; // so that the same file can be chosen again
  listFiles();
};

function ended(text) { // the words stay on the page, to be sent once more
  by("error").textContent = text;
  by("send").disabled = false;
  by("progress").hidden = true;
}

const THANKS = "已经交给同事了，谢谢！这个页面可以关了。";

by("answer").onsubmit = (event) => {
  event.preventDefault();
  const name = by("name").value.trim(), said = by("said").value.trim();
  if (!said && !chosen.length) return ended("请写一句情况，或者选材料再交。");
  if (!name) return ended("请写上姓名，同事好知道是谁填的。");
  const form = new FormData(), request = new XMLHttpRequest(); // fetch tells no progress
  form.append("id", newId());
  form.append("name", name);
  form.append("said", said);
  for (const file of chosen) form.append("file", file, file.name);
  ended("");
  by("send").disabled = true;
  by("progress").hidden = !chosen.length;
  request.upload.onprogress = (sent) => { by("progress").value = sent.loaded / sent.total; };
  request.onerror = () => { tried = true; ended("没有交上，请检查网络后再点一次。"); };
  request.onload = () => answered(request);
  request.open("POST", location.pathname);
  request.send(form);
};

function answered(request) {
  let answer = {};
  try { answer = JSON.parse(request.responseText); } catch { answer.error = "没有交上，请再点一次。"; } // a proxy's page
  if (request.status === 202 || (request.status === 409 && tried)) return notice(THANKS);
  if (request.status === 409 || request.status === 410) return notice(answer.error);
  if (request.status >= 500) tried = true;
  ended(answer.error);
}

open();
