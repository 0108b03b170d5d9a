use std::net::IpAddr;

use clap::Parser;
use tiny_http::{Response, Server};

/// Tells the tide of the nearest harbour.
#[derive(Parser)]
struct Options {
    /// Where to listen.
    #[arg(long, default_value = "127.0.0.1")]
    host: IpAddr,
    #[arg(short, long, default_value_t = 3141)]
    port: u16,
    /// How many hours to look ahead.
    #[arg(long, default_value_t = 12)]
    hours: u8,
}

fn main() {
    let options = Options::parse();
    let server = Server::http((options.host, options.port)).expect("cannot listen");
    for request in server.incoming_requests() {
        let text = format!("{} hours of tide for {}\n", options.hours, request.url());
        let _ = request.respond(Response::from_string(text));
    }
}
