import { session } from "../../../lib/session";

export async function POST(request: Request) {
  const { street } = await session();
  const text = await request.text();
  return Response.json({ street, length: text.length }, { status: 201 });
}
