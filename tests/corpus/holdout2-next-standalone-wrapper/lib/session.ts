import { getIronSession } from "iron-session";
import { cookies } from "next/headers";

const password = process.env.SESSION_SECRET;

export async function session() {
  if (!password) {
    throw new Error("SESSION_SECRET must be set (32 characters or more)");
  }
  return getIronSession<{ street?: string }>(await cookies(), { password, cookieName: "lantern" });
}
