import { serve } from "@hono/node-server";
import { Hono } from "hono";
import pg from "pg";

const url = process.env.DATABASE_URL;
if (!url) throw new Error("DATABASE_URL is missing");
const db = new pg.Pool({ connectionString: url });

const app = new Hono();
app.get("/berths", async (c) => c.json((await db.query("select id, length from berths")).rows));

serve({ fetch: app.fetch, hostname: "0.0.0.0", port: Number(process.env.PORT ?? 8787) });
