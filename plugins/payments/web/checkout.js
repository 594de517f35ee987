"use strict";
// Everything here is a convenience: the page works without it, by buttons and by loading it again.

const lookAgainMs = 2000;
let isLooking = false;

// What the page does by itself it does once: who comes back from a wallet, or whose payment was
// opened in another app meanwhile, is asked, not sent away again.
function isFirst(key) {
  try {
    const name = location.pathname + " " + key;
    const isNew = !sessionStorage.getItem(name);
    sessionStorage.setItem(name, "1");
    return isNew;
  } catch {
    return false;
  }
}

function submitOnce() {
  const form = document.querySelector("form[data-submit]");
  if (form && isFirst("submit " + form.dataset.submit)) {
    form.requestSubmit();
  }
}

function followOnce() {
  const link = document.querySelector("a[data-follow]");
  if (link && isFirst("follow " + link.dataset.follow)) {
    location.assign(link.href);
  }
}

// The wallet's own browser puts this object into the page.
function invoke(button) {
  const parameters = JSON.parse(button.dataset.invoke);
  const done = (result) => {
    if (result && result.err_msg === "get_brand_wcpay_request:ok") {
      button.hidden = true;
      document.querySelector("[data-confirming]").hidden = false;
      look();
    }
  };
  const call = () => window.WeixinJSBridge.invoke("getBrandWCPayRequest", parameters, done);
  if (window.WeixinJSBridge) {
    call();
  } else {
    document.addEventListener("WeixinJSBridgeReady", call, { once: true });
  }
}

function invokeOnce() {
  const button = document.querySelector("[data-invoke]");
  if (button) {
    button.addEventListener("click", () => invoke(button));
    if (isFirst("invoke " + button.dataset.once)) {
      invoke(button);
    }
  }
}

function countDown() {
  const shown = document.querySelector("[data-left]");
  if (!shown) {
    return;
  }
  const end = Date.now() + Number(shown.dataset.left) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    shown.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
    shown.classList.toggle("soon", left < 60);
    if (left > 0) {
      setTimeout(tick, 500);
    }
  };
  tick();
}

async function look() {
  if (isLooking || !document.body.dataset.state) {
    return;
  }
  isLooking = true;
  const { state, view, revision } = document.body.dataset;
  try {
    const answer = await fetch(state, { headers: { Accept: "application/json" } });
    const now = await answer.json();
    if (answer.ok && (now.view !== view || String(now.revision) !== revision)) {
      // Without what the address brought along: it was good once.
      location.replace(location.pathname);
      return;
    }
  } catch {
    // No network for a moment: look again.
  }
  isLooking = false;
}

addEventListener("submit", () => document.body.classList.add("sending"));
submitOnce();
followOnce();
invokeOnce();
countDown();
setInterval(look, lookAgainMs);
// Who comes back from the wallet's app wants to know at once.
document.addEventListener("visibilitychange", () => document.hidden || look());
addEventListener("pageshow", (event) => event.persisted && location.reload());
