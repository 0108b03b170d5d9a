import { Worker } from "bullmq";

const url = process.env.REDIS_URL;
if (!url) throw new Error("REDIS_URL must be set");

new Worker(
  "labels",
  async (job) => {
    console.log(`label for parcel ${job.data.parcel}`);
  },
  { connection: { url } },
);
