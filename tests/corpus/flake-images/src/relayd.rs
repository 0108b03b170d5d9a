//! Answers every webhook with 200 and prints it: `relayd [--bind ADDRESS]`.
use std::io::{Read, Write};
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let address = match arguments.next().as_deref() {
        Some("--bind") => arguments.next().expect("an address"),
        _ => "127.0.0.1".to_owned(),
    };
    let port = std::env::var("PORT").unwrap_or_else(|_| "9000".to_owned());
    for stream in TcpListener::bind(format!("{address}:{port}"))?.incoming() {
        let mut stream = stream?;
        let mut hook = [0; 4096];
        let length = stream.read(&mut hook)?;
        println!("{}", String::from_utf8_lossy(&hook[..length]));
        stream.write_all(b"HTTP/1.0 200 OK\r\n\r\n")?;
    }
    Ok(())
}
