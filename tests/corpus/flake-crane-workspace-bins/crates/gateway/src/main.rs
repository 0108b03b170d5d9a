use std::env;

use tiny_http::{Response, Server};

fn main() {
    let port = env::var("PORT").unwrap_or_else(|_| "8000".into());
    let server = Server::http(format!("0.0.0.0:{port}")).unwrap();
    for request in server.incoming_requests() {
        let mut parts = request.url().trim_matches('/').split('/');
        let price = parts
            .next()
            .zip(parts.next().and_then(|tonnes| tonnes.parse().ok()))
            .and_then(|(kind, tonnes)| stones::price(kind, tonnes));
        let answer = match price {
            Some(cents) => Response::from_string(format!("{cents}\n")),
            None => Response::from_string("no such stone\n").with_status_code(404),
        };
        let _ = request.respond(answer);
    }
}
