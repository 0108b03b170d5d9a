//! A registry for tests: holds what it is sent, and fails as it is told.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::heroku::testing::{Asked, FakeClock, TOKEN};
use crate::heroku::{Endpoints, HostSettings};
use crate::registry::image::digest_of;
use crate::registry::{Login, Registry};
use crate::secret::Secret;

/// What goes wrong with one request.
#[derive(Debug, Clone)]
pub(super) enum Fault {
    None,
    /// It is read, nothing is done, and this is answered.
    Answer(u16, &'static str, Vec<(&'static str, String)>),
    /// The connection ends before anything is done.
    Cut,
    /// It is done, and the connection ends without an answer.
    Deaf,
    /// The connection ends after so many bytes of the content, which are kept.
    CutBody(usize),
    /// It is done, and the answer has this header in place of its own.
    Header(&'static str, String),
    /// One byte of the content is another.
    Flip,
}

#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) uploads: BTreeMap<String, Vec<u8>>,
    pub(super) blobs: BTreeMap<String, Vec<u8>>,
    pub(super) manifests: BTreeMap<String, Vec<u8>>,
    pub(super) asked: Vec<Asked>,
    /// All bytes that were added to uploads by PATCH.
    pub(super) added: usize,
    opened: usize,
}

type Faults = Arc<dyn Fn(usize, &Asked) -> Fault + Send + Sync>;

pub(super) struct Sim {
    port: u16,
    held: Arc<Mutex<Held>>,
}

impl Sim {
    /// A registry that fails by `faults`, which is given how many requests came before.
    pub(super) fn new(faults: impl Fn(usize, &Asked) -> Fault + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let held = Arc::new(Mutex::new(Held::default()));
        let faults: Faults = Arc::new(faults);
        let shared = Arc::clone(&held);
        // It ends with the process: it waits for nothing and holds only memory.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (held, faults) = (Arc::clone(&shared), Arc::clone(&faults));
                thread::spawn(move || serve(stream, &held, &faults));
            }
        });
        Sim { port, held }
    }

    pub(super) fn well() -> Self {
        Self::new(|_, _| Fault::None)
    }

    pub(super) fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap()
    }

    pub(super) fn registry(&self, login: Option<Login>) -> (Registry, FakeClock) {
        let url = format!("http://127.0.0.1:{}", self.port);
        let settings = HostSettings {
            api_url: Some(&url),
            registry: Some(&url),
            heroku_host: None,
        };
        let host = Endpoints::resolve(settings).unwrap().0.registry;
        let clock = FakeClock::default();
        let registry = Registry::of(&host, login, Box::new(clock.clone())).unwrap();
        (registry, clock)
    }

    /// The lines of all requests.
    pub(super) fn lines(&self) -> String {
        let lines: Vec<String> = self.held().asked.iter().map(|it| it.line.clone()).collect();
        lines.join("\n")
    }

    pub(super) fn steady(&self, text: &str) -> String {
        assert!(!text.contains(TOKEN), "the token shows: {text}");
        // How an end of the connection is met depends on who is quicker.
        text.replace(&format!("127.0.0.1:{}", self.port), "127.0.0.1:PORT")
            .replace(
                "Connection reset by peer (os error 104)",
                "Peer disconnected",
            )
            .replace("Broken pipe (os error 32)", "Peer disconnected")
    }
}

pub(super) fn login() -> Login {
    Login::new("somebody", Secret::new(TOKEN), "REGISTRY_PASSWORD")
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn new(status: u16, body: &str) -> Self {
        let (headers, body) = (Vec::new(), body.to_owned());
        Answer {
            status,
            headers,
            body,
        }
    }

    fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

fn serve(mut stream: TcpStream, held: &Mutex<Held>, faults: &Faults) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let Some(mut asked) = head(&mut reader) else {
        return;
    };
    let nth = {
        let mut held = held.lock().unwrap();
        held.asked.push(asked.clone());
        held.asked.len() - 1
    };
    let fault = faults(nth, &asked);
    let limit = match fault {
        Fault::CutBody(limit) => Some(limit),
        Fault::Cut => Some(0),
        _ => None,
    };
    let mut body = content(&mut reader, &asked, limit);
    if matches!(fault, Fault::Flip) && !body.is_empty() {
        body[0] ^= 1;
    }
    let mut answer = match &fault {
        Fault::Cut => return,
        Fault::Answer(status, text, _) => Answer::new(*status, text),
        _ => {
            asked.body = String::new();
            act(&mut held.lock().unwrap(), &asked, body)
        }
    };
    match fault {
        Fault::Deaf | Fault::CutBody(_) => return,
        Fault::Answer(_, _, headers) => {
            for (name, value) in headers {
                answer = answer.with(name, value);
            }
        }
        Fault::Header(name, value) => {
            answer.headers.retain(|(other, _)| other != name);
            answer = answer.with(name, value);
        }
        _ => {}
    }
    // A client that has gone away is the test's business.
    let _ = send(&mut stream, &asked, &answer);
}

#[expect(clippy::format_push_string, reason = "a test may allocate")]
fn send(stream: &mut TcpStream, asked: &Asked, answer: &Answer) -> std::io::Result<()> {
    let mut text = format!("HTTP/1.1 {} Simulated\r\n", answer.status);
    for (name, value) in &answer.headers {
        text += &format!("{name}: {value}\r\n");
    }
    if !asked.line.starts_with("HEAD ") {
        text += &format!("content-length: {}\r\n", answer.body.len());
    }
    text.push_str("connection: close\r\n\r\n");
    if !asked.line.starts_with("HEAD ") {
        text.push_str(&answer.body);
    }
    stream.write_all(text.as_bytes())
}

fn head(reader: &mut impl BufRead) -> Option<Asked> {
    let mut asked = Asked::default();
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    asked.line = line.trim().strip_suffix(" HTTP/1.1")?.to_owned();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.split_once(':') else {
            return Some(asked);
        };
        let name = name.to_lowercase();
        asked.headers.push(format!("{name}: {}", value.trim()));
    }
}

/// The content, or its first bytes.
fn content(reader: &mut impl BufRead, asked: &Asked, limit: Option<usize>) -> Vec<u8> {
    let mut body = Vec::new();
    if asked.header("transfer-encoding") == "chunked" {
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                break;
            }
            let size = usize::from_str_radix(line.trim(), 16).unwrap();
            let mut piece = vec![0; size + 2];
            if reader.read_exact(&mut piece).is_err() {
                break;
            }
            body.extend_from_slice(&piece[..size]);
            if size == 0 || limit.is_some_and(|limit| body.len() >= limit) {
                break;
            }
        }
    } else {
        let length = asked.header("content-length").parse().unwrap_or(0);
        body = vec![0; limit.unwrap_or(length).min(length)];
        let _ = reader.read_exact(&mut body);
    }
    body.truncate(limit.unwrap_or(usize::MAX));
    body
}

fn range(bytes: usize) -> String {
    format!("0-{}", bytes.saturating_sub(1))
}

/// What a registry does.
#[expect(clippy::too_many_lines, reason = "one arm a method, read as a table")]
fn act(held: &mut Held, asked: &Asked, body: Vec<u8>) -> Answer {
    let (method, target) = asked.line.split_once(' ').unwrap();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let field = |name: &str| {
        url::form_urlencoded::parse(query.as_bytes())
            .find_map(|(key, value)| (key == name).then(|| value.into_owned()))
    };
    let last = path.rsplit('/').next().unwrap().to_owned();
    let at =
        |id: &str, bytes: usize| format!("{}/{id}?_state=s%3D{bytes}", path.trim_end_matches('/'));
    match method {
        "POST" => {
            if let Some(digest) = field("mount").filter(|digest| held.blobs.contains_key(digest)) {
                return Answer::new(201, "").with("docker-content-digest", digest);
            }
            held.opened += 1;
            let id = format!("u{}", held.opened);
            held.uploads.insert(id.clone(), Vec::new());
            Answer::new(202, "")
                .with("location", at(&id, 0))
                .with("range", "0-0")
        }
        "HEAD" => match held.blobs.get(&last) {
            Some(blob) => Answer::new(200, "").with("content-length", blob.len().to_string()),
            None => Answer::new(404, ""),
        },
        "PUT" if path.contains("/manifests/") => {
            let digest = digest_of(&body);
            held.manifests.insert(last, body);
            Answer::new(201, "").with("docker-content-digest", digest)
        }
        "GET" | "PATCH" | "PUT" | "DELETE" => {
            let Some(upload) = held.uploads.get_mut(&last) else {
                return Answer::new(404, r#"{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}"#);
            };
            assert!(
                field("_state").is_some_and(|state| state.starts_with("s=")),
                "{}",
                asked.line
            );
            upload.extend_from_slice(&body);
            let bytes = upload.len();
            let here = format!("{path}?_state=s%3D{bytes}");
            match method {
                "PATCH" => {
                    held.added += body.len();
                    Answer::new(202, "")
                        .with("location", here)
                        .with("range", range(bytes))
                }
                "GET" => Answer::new(204, "")
                    .with("location", here)
                    .with("range", range(bytes)),
                "PUT" => {
                    let (digest, whole) = (
                        field("digest").unwrap(),
                        held.uploads.remove(&last).unwrap(),
                    );
                    if digest_of(&whole) != digest {
                        return Answer::new(400, r#"{"errors":[{"code":"DIGEST_INVALID"}]}"#);
                    }
                    held.blobs.insert(digest.clone(), whole);
                    Answer::new(201, "").with("docker-content-digest", digest)
                }
                _ => {
                    held.uploads.remove(&last);
                    Answer::new(204, "")
                }
            }
        }
        _ => Answer::new(405, ""),
    }
}
