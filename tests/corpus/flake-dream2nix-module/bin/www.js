#!/usr/bin/env node
const mri = require("mri");
const { createApp } = require("../lib/app.js");

const args = mri(process.argv.slice(2), { default: { port: process.env.PORT || 4310 } });

// The reverse proxy on the same machine speaks to the world.
createApp().listen(args.port, "127.0.0.1", () => {
  console.log(`pantry on http://127.0.0.1:${args.port}`);
});
