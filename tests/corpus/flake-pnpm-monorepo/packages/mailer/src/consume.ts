import { parseArgs } from "node:util";
import nodemailer from "nodemailer";
import PgBoss from "pg-boss";

const { values } = parseArgs({ options: { queue: { type: "string", default: "confirmations" } } });
const boss = new PgBoss(process.env.DATABASE_URL!);
const mail = nodemailer.createTransport(process.env.SMTP_URL!);

await boss.start();
await boss.work<{ to: string; text: string }>(values.queue!, async ([job]) => {
  await mail.sendMail({ from: "desk@harborlight.example", subject: "Your berth", ...job.data });
});
