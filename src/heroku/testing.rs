//! For tests: a server that answers from a script, a clock that doesn't wait, a token to look for.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::names::AppName;
use crate::secret::Secret;

use super::{Clock, Credentials, Endpoints, HostSettings, HttpApi};

/// The token of every test; it must turn up in no error.
pub(crate) const TOKEN: &str = "HRKU-5ec2e7-70ce4";

/// What a client sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    /// `GET /path?query`.
    pub(crate) line: String,
    /// `name: value`, names in lower case.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find_map(|header| header.strip_prefix(&format!("{name}: ")));
        found.unwrap_or("")
    }
}

/// What the server answers.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    promised: Option<usize>,
    pause: Duration,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Reply {
            status,
            headers: Vec::new(),
            body: body.into(),
            promised: None,
            pause: Duration::ZERO,
        }
    }

    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, body).header("content-type", "application/json")
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Promises more bytes than it sends, then closes.
    pub(crate) fn cut(mut self) -> Self {
        self.promised = Some(self.body.len() + 1000);
        self
    }

    /// As [`Reply::cut`], but keeps the client waiting first.
    pub(crate) fn stalling(self, pause: Duration) -> Self {
        Reply {
            pause,
            ..self.cut()
        }
    }

    fn send(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        let length = self.promised.unwrap_or(self.body.len());
        write!(stream, "HTTP/1.1 {} Scripted\r\n", self.status)?;
        for (name, value) in &self.headers {
            write!(stream, "{name}: {value}\r\n")?;
        }
        write!(
            stream,
            "content-length: {length}\r\nconnection: close\r\n\r\n"
        )?;
        stream.write_all(&self.body)?;
        std::thread::sleep(self.pause);
        Ok(())
    }
}

type Script = Box<dyn FnMut(&Asked) -> Option<Reply> + Send>;

/// A server on a free port of 127.0.0.1; it ends when dropped.
pub(crate) struct Server {
    port: u16,
    asked: Arc<Mutex<Vec<Asked>>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Answers by `script`; where it gives `None`, the connection is closed without an answer.
    pub(crate) fn scripted(script: impl FnMut(&Asked) -> Option<Reply> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let over = Arc::new(AtomicBool::new(false));
        let (seen, ended) = (Arc::clone(&asked), Arc::clone(&over));
        let mut script: Script = Box::new(script);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if ended.load(Ordering::SeqCst) {
                    return;
                }
                let mut stream = stream.unwrap();
                let request = read(&stream);
                seen.lock().unwrap().push(request.clone());
                if let Some(reply) = script(&request) {
                    // A client that has gone away is the test's business.
                    let _ = reply.send(&mut stream);
                }
            }
        });
        Server {
            port,
            asked,
            over,
            thread: Some(thread),
        }
    }

    /// Answers with `replies` in order, and with the last of them ever after.
    pub(crate) fn replies(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        replies.reverse();
        Self::scripted(move |_| {
            let last = replies.last().cloned();
            if replies.len() > 1 {
                replies.pop();
            }
            last
        })
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Everything that was asked so far.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// This server as API and registry.
    pub(crate) fn endpoints(&self) -> Endpoints {
        let url = self.url();
        let settings = HostSettings {
            api_url: Some(&url),
            registry: Some(&url),
            heroku_host: None,
        };
        Endpoints::resolve(settings).unwrap().0
    }

    /// A client of this server, and its clock.
    pub(crate) fn api(&self) -> (HttpApi, FakeClock) {
        let clock = FakeClock::default();
        let api = HttpApi::with_clock(
            &self.endpoints(),
            credentials(),
            None,
            Box::new(clock.clone()),
        );
        (api.unwrap(), clock)
    }

    /// `text` with this server's address made constant, for snapshots.
    pub(crate) fn steady(&self, text: &str) -> String {
        assert!(!text.contains(TOKEN), "the token shows: {text}");
        text.replace(&format!("127.0.0.1:{}", self.port), "127.0.0.1:PORT")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        // Wakes the thread, which waits for a connection.
        let _ = TcpStream::connect(("127.0.0.1", self.port));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn read(stream: &TcpStream) -> Asked {
    let mut reader = BufReader::new(stream);
    let mut asked = Asked::default();
    let mut first = String::new();
    let _ = reader.read_line(&mut first);
    asked.line = first.trim().trim_end_matches(" HTTP/1.1").to_owned();
    loop {
        let mut line = String::new();
        let read = reader.read_line(&mut line).unwrap_or(0);
        if read == 0 || line.trim().is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').unwrap();
        let name = name.to_lowercase();
        asked.headers.push(format!("{name}: {}", value.trim()));
    }
    let length = asked.header("content-length").parse().unwrap_or(0);
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    asked.body = String::from_utf8_lossy(&body).into_owned();
    asked
}

/// A clock that jumps instead of waiting; copies share their time.
#[derive(Debug, Clone, Default)]
pub(crate) struct FakeClock {
    now: Shared<Duration>,
    slept: Shared<Vec<u64>>,
    /// Ends a test that would wait forever.
    pub(crate) patience: Shared<Option<u32>>,
}

/// A value that copies share.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shared<T>(Arc<Mutex<T>>);

impl<T: Clone> Shared<T> {
    pub(crate) fn get(&self) -> T {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn set(&self, value: T) {
        *self.0.lock().unwrap() = value;
    }
}

impl FakeClock {
    /// How long each wait was, in seconds.
    pub(crate) fn slept(&self) -> Vec<u64> {
        self.slept.get()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Duration {
        self.now.get()
    }

    fn sleep(&self, duration: Duration) -> Result<()> {
        self.now.set(self.now.get() + duration);
        self.slept.0.lock().unwrap().push(duration.as_secs());
        match self.patience.get() {
            Some(0) => Err(Error::interrupted()),
            Some(left) => {
                self.patience.set(Some(left - 1));
                Ok(())
            }
            None => Ok(()),
        }
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials {
        token: Secret::new(TOKEN),
        source: "HEROKU_API_KEY".to_owned(),
    }
}

pub(crate) fn app() -> AppName {
    "my-app".parse().unwrap()
}
