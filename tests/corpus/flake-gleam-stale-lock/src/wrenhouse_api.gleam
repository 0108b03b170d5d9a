import envoy
import gleam/bytes_tree
import gleam/erlang/process
import gleam/http/response
import gleam/int
import gleam/result
import mist

pub fn main() {
  let assert Ok(database) = envoy.get("DATABASE_URL")
  let port =
    envoy.get("PORT") |> result.try(int.parse) |> result.unwrap(8000)

  let assert Ok(_) =
    fn(_request) {
      response.new(200)
      |> response.set_body(mist.Bytes(bytes_tree.from_string("nests: " <> database)))
    }
    |> mist.new
    |> mist.bind("0.0.0.0")
    |> mist.port(port)
    |> mist.start_http

  process.sleep_forever()
}
