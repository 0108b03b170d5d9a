use tiny_http::{Response, Server};

fn main() {
    let port: u16 = std::env::var("PORT")
        .ok()
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let server = Server::http(("0.0.0.0", port)).expect("listen");
    for request in server.incoming_requests() {
        let page = format!("teasel, cornflower ({})\n", env!("TEASEL_COMMIT"));
        let _ = request.respond(Response::from_string(page));
    }
}
