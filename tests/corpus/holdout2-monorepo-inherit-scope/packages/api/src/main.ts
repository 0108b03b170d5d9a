import { Queue } from "bullmq";
import express from "express";
import pg from "pg";

const { DATABASE_URL, REDIS_URL, PORT = "3001" } = process.env;
if (!DATABASE_URL || !REDIS_URL) {
  throw new Error("DATABASE_URL and REDIS_URL must be set");
}

const db = new pg.Pool({ connectionString: DATABASE_URL });
const labels = new Queue("labels", { connection: { url: REDIS_URL } });

const app = express();
app.use(express.json());

app.get("/parcels/:id", async (request, response) => {
  const { rows } = await db.query("select * from parcels where id = $1", [request.params.id]);
  rows.length ? response.json(rows[0]) : response.sendStatus(404);
});

app.post("/parcels/:id/label", async (request, response) => {
  await labels.add("print", { parcel: request.params.id });
  response.sendStatus(202);
});

app.listen(Number(PORT), () => console.log(`api on ${PORT}`));
