use std::env;

use redis::Commands;
use tiny_http::{Response, Server};

fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let port: u16 = env::var("PORT")
        .ok()
        .and_then(|it| it.parse().ok())
        .unwrap_or(8000);
    let mut store = redis::Client::open(env::var("REDIS_URL")?)?.get_connection()?;
    let server = Server::http(("0.0.0.0", port))?;
    for request in server.incoming_requests() {
        let celsius: Option<i64> = store.hget("kilns", request.url().trim_start_matches('/'))?;
        request.respond(Response::from_string(format!("{celsius:?}\n")))?;
    }
    Ok(())
}
