//! A binary cache over HTTP: a store of files that asks for a login.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::lab::tool;

#[derive(Default)]
struct Kept {
    files: BTreeMap<String, Vec<u8>>,
    uploads: usize,
    asked: usize,
}

/// Answers on an address that containers reach, until the test ends.
pub struct Server {
    pub url: String,
    kept: Arc<Mutex<Kept>>,
}

impl Server {
    pub fn start(user: &str, password: &str) -> Self {
        let listener = TcpListener::bind("0.0.0.0:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let gateway = "{{(index .IPAM.Config 0).Gateway}}";
        let gateway = tool(
            "docker",
            &["network", "inspect", "bridge", "--format", gateway],
        );
        let kept = Arc::new(Mutex::new(Kept::default()));
        let login = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        let shared = kept.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (kept, login) = (shared.clone(), login.clone());
                std::thread::spawn(move || serve(&stream, &kept, &login));
            }
        });
        Server {
            url: format!("http://{}:{port}", gateway.trim()),
            kept,
        }
    }

    pub fn host(&self) -> &str {
        self.url
            .trim_start_matches("http://")
            .split(':')
            .next()
            .unwrap()
    }

    /// How many files were sent.
    pub fn uploads(&self) -> usize {
        self.kept.lock().unwrap().uploads
    }

    /// How often it was asked for one, by those who may.
    pub fn asked(&self) -> usize {
        self.kept.lock().unwrap().asked
    }

    /// Whether it has a store path whose name has `part` in it.
    pub fn has(&self, part: &str) -> bool {
        self.info(part).is_some()
    }

    /// Whether it has one, signed by a key.
    pub fn has_signed(&self, part: &str, key: &str) -> bool {
        self.info(part)
            .is_some_and(|info| info.contains(&format!("Sig: {key}")))
    }

    fn info(&self, part: &str) -> Option<String> {
        let kept = self.kept.lock().unwrap();
        let infos = kept
            .files
            .iter()
            .filter(|(name, _)| name.ends_with(".narinfo"));
        let mut infos = infos.map(|(_, text)| String::from_utf8_lossy(text).into_owned());
        infos.find(|info| info.lines().next().unwrap_or_default().contains(part))
    }
}

/// One connection, with as many requests as come.
fn serve(stream: &TcpStream, kept: &Mutex<Kept>, login: &str) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut words = line.split_whitespace();
        let method = words.next().unwrap_or_default().to_owned();
        let path = words.next().unwrap_or_default().to_owned();
        let (mut length, mut allowed, mut waits) = (0, false, false);
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) == 0 || header.trim().is_empty() {
                break;
            }
            let (name, value) = header.split_once(':').unwrap_or_default();
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap(),
                "authorization" => allowed = value.trim() == login,
                "expect" => waits = true,
                _ => {}
            }
        }
        let mut stream = stream;
        if waits {
            let _ = stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n");
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let (status, answer) = respond(kept, allowed, &method, &path, body);
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nWWW-Authenticate: Basic realm=\"lab\"\r\n\r\n",
            answer.len()
        );
        let _ = stream.write_all(head.as_bytes());
        if method != "HEAD" {
            let _ = stream.write_all(&answer);
        }
    }
}

fn respond(
    kept: &Mutex<Kept>,
    allowed: bool,
    method: &str,
    path: &str,
    body: Vec<u8>,
) -> (&'static str, Vec<u8>) {
    let mut kept = kept.lock().unwrap();
    if !allowed {
        return ("401 Unauthorized", Vec::new());
    }
    if method == "PUT" {
        kept.uploads += 1;
        kept.files.insert(path.to_owned(), body);
        return ("201 Created", Vec::new());
    }
    kept.asked += 1;
    match kept.files.get(path) {
        Some(file) => ("200 OK", file.clone()),
        None => ("404 Not Found", Vec::new()),
    }
}
