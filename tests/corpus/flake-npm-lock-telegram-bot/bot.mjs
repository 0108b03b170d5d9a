#!/usr/bin/env node
import pTimeout from "p-timeout";

const token = process.env.TELEGRAM_TOKEN;
if (!token) throw new Error("TELEGRAM_TOKEN is required");
const api = (method, body) =>
  fetch(`https://api.telegram.org/bot${token}/${method}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).then((r) => r.json());

const list = new Set();
let offset = 0;
for (;;) {
  const { result = [] } = await pTimeout(api("getUpdates", { offset, timeout: 50 }), { milliseconds: 60_000 });
  for (const { update_id, message } of result) {
    offset = update_id + 1;
    if (!message?.text) continue;
    if (message.text.startsWith("/add ")) list.add(message.text.slice(5));
    await api("sendMessage", { chat_id: message.chat.id, text: [...list].join("\n") || "Nothing to buy." });
  }
}
