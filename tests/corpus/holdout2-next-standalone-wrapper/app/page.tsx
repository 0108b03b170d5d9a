import { session } from "../lib/session";

export default async function Page() {
  const { street } = await session();
  return <h1>Letters for {street ?? "every street"}</h1>;
}
