#!/usr/bin/env node
const Koa = require("koa");

const app = new Koa();
const entries = [];

app.use(async (ctx) => {
  if (ctx.method === "POST") entries.push({ at: Date.now(), text: ctx.query.text });
  ctx.body = entries;
});

app.listen(process.env.PORT || 3000);
