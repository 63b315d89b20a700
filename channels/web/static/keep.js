// What a reload must not lose: words that are not sent yet, kept in this browser, for one person only.
"use strict";

const keep = {
  who: null, order: 0,

  // Another person's words go: whoever sits here now must neither read nor send them.
  open(who) {
    this.who = who;
    for (const key of this.keys("kaoping:")) if (!key.startsWith(this.name(""))) this.remove(key);
  },
  save(data) { // one key a message, so that two open pages do not overwrite each other's
    const order = String(Date.now()).padStart(15, "0") + String(this.order++).padStart(6, "0");
    if (!this.keyOf(data.id)) this.write(this.name("sent:" + order + ":" + data.id), JSON.stringify(data));
  },
  forget(id) { const key = this.keyOf(id); if (key) this.remove(key); },
  unsent() { return this.keys(this.name("sent:")).sort().map((key) => JSON.parse(localStorage.getItem(key))); },
  draft() { return this.read(this.name("draft")) || ""; },
  setDraft(text) { text ? this.write(this.name("draft"), text) : this.remove(this.name("draft")); },

  name(rest) { return "kaoping:" + this.who + ":" + rest; },
  keyOf(id) { return this.keys(this.name("sent:")).find((key) => key.endsWith(":" + id)); },
  // A browser may forbid storage or have no room; then words live as long as the page, which is told by nothing else.
  keys(start) { try { return Object.keys(localStorage).filter((key) => key.startsWith(start)); } catch { return []; } },
  read(key) { try { return localStorage.getItem(key); } catch { return null; } },
  write(key, text) { try { localStorage.setItem(key, text); } catch { /* no room: see above */ } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* forbidden: there is nothing to remove */ } },
};
