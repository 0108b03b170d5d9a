#!/usr/bin/env node
import express from "express";
import session from "cookie-session";
import { fileURLToPath } from "node:url";
import { boards } from "./boards.js";

const secret = process.env.SESSION_SECRET;
if (!secret) {
  console.error("SESSION_SECRET is not set");
  process.exit(1);
}

const app = express();
app.use(session({ name: "lb", secret }));
app.use(express.static(fileURLToPath(new URL("../public", import.meta.url))));
app.use("/boards", boards);
app.get("/healthz", (_req, res) => res.send("ok"));

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`linkboard listens on ${port}`));
