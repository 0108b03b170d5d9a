import gleam/string_builder
import wisp.{type Request, type Response}

pub fn handle_request(req: Request) -> Response {
  use <- wisp.log_request(req)
  case wisp.path_segments(req) {
    [] -> wisp.html_response(string_builder.from_string("<h1>Write to us</h1>"), 200)
    ["letters"] -> wisp.created()
    _ -> wisp.not_found()
  }
}
