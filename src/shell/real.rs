//! Runs commands for real.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, PipeReader, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::ExitStatus;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

use super::interrupt::{self, Group};
use super::notice::Notice;
use super::{Captured, Cmd, Effect, Runner, Streamed, Tool, Tools};

/// How many hidden lines are kept to be shown when a step fails.
pub(crate) const TAIL_LINES: usize = 40;

/// How long a command may be silent before the person is told that it still runs.
const SILENCE: Duration = Duration::from_secs(10);

/// How much of an answer is held, of each stream. What Nix says of the largest closures is a tenth of it.
const MOST_BYTES: u64 = 256_000_000;

/// A line longer than this is shown in pieces, so that a tool that ends no line can't fill the memory.
const LONGEST: u64 = 64 * 1024;

/// How many lines wait to be shown.
const WAITING: usize = 64;

/// How often it is looked whether a command still runs.
const LOOK: Duration = Duration::from_millis(50);

/// How long the output is read after the command itself has ended.
const LINGER: Duration = Duration::from_secs(2);

/// Runs commands, telling `trace` about each before it starts.
pub struct Real {
    tools: Tools,
    hidden: Vec<String>,
    trace: Box<dyn Fn(&Cmd)>,
    waits: Arc<dyn Fn(Tool, Duration) + Send + Sync>,
    journal: RefCell<Vec<String>>,
}

impl Real {
    /// A runner over the tools found on `PATH`. `trace` is told of every command (for `-v`); `hidden` are variables
    /// that hold secrets: Nix, which evaluates what somebody else wrote, doesn't get them.
    pub fn new(tools: Tools, hidden: Vec<String>, trace: impl Fn(&Cmd) + 'static) -> Self {
        Real {
            tools,
            hidden,
            trace: Box::new(trace),
            waits: Arc::new(|_, _| {}),
            journal: RefCell::default(),
        }
    }

    /// The same, and `waits` is told of a tool that is silent for long, with how long it has run; from another thread.
    #[must_use]
    pub fn telling(mut self, waits: impl Fn(Tool, Duration) + Send + Sync + 'static) -> Self {
        self.waits = Arc::new(waits);
        self
    }

    fn notice(&self, cmd: &Cmd) -> Notice {
        let (tool, waits) = (cmd.tool, Arc::clone(&self.waits));
        Notice::start(SILENCE, Arc::new(move |ran| waits(tool, ran)))
    }

    fn expression(&self, cmd: &Cmd) -> Result<duct::Expression> {
        if !cmd.tidies {
            interrupt::check()?;
        }
        self.tools
            .require(&[cmd.tool], &format!("nixdyno runs `{cmd}`"))?;
        let program = self.tools.path(cmd.tool).cloned().unwrap_or_default();
        (self.trace)(cmd);
        if cmd.effect == Effect::Writes {
            self.journal.borrow_mut().push(cmd.to_string());
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "the one place where processes start"
        )]
        let mut expression = duct::cmd(program, &cmd.args);
        if matches!(cmd.tool, Tool::Nix | Tool::NixInstantiate | Tool::NixStore) {
            for name in &self.hidden {
                expression = expression.env_remove(name);
            }
        }
        for (name, value) in cmd.env.iter().chain(&cmd.limits) {
            expression = expression.env(name, value);
        }
        if let Some(dir) = &cmd.dir {
            expression = expression.dir(dir);
        }
        expression = match &cmd.input {
            Some(secret) => expression.stdin_bytes(secret.reveal().as_bytes()),
            None => expression.stdin_null(),
        };
        // A group of its own: a signal then reaches the tool's own children as well.
        Ok(expression.unchecked().before_spawn(|command| {
            command.process_group(0);
            Ok(())
        }))
    }
}

impl Runner for Real {
    fn capture(&self, cmd: &Cmd) -> Result<Captured> {
        let broken = |error| cannot_start(cmd, &error);
        let (output, to_output) = std::io::pipe().map_err(broken)?;
        let (errors, to_errors) = std::io::pipe().map_err(broken)?;
        let end = Instant::now() + cmd.deadline;
        // The expression goes at the end of the statement, and with it our own ends of the pipes.
        let handle = self
            .expression(cmd)?
            .stdout_file(to_output)
            .stderr_file(to_errors)
            .start()
            .map_err(broken)?;
        let _notice = self.notice(cmd);
        let groups: Vec<Group> = handle.pids().into_iter().map(Group::watch).collect();
        let (output, errors) = (Answer::read(output), Answer::read(errors));
        let answered = output.wait(end).and_then(|it| Ok((it, errors.wait(end)?)));
        let (stdout, stderr) = answered.map_err(|why| {
            groups.iter().for_each(Group::end);
            why.explain(cmd)
        })?;
        let Some(output) = handle.wait_timeout(left(end)).map_err(broken)? else {
            groups.iter().for_each(Group::end);
            return Err(too_slow(cmd));
        };
        if !cmd.tidies {
            interrupt::check()?;
        }
        Ok(Captured {
            status: code(output.status),
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
        })
    }

    fn stream(&self, cmd: &Cmd, line: &mut dyn FnMut(&str)) -> Result<Streamed> {
        let broken = |error| cannot_start(cmd, &error);
        let (output, to_output) = std::io::pipe().map_err(broken)?;
        let end = Instant::now() + cmd.deadline;
        // As with an answer: our own end of the pipe goes with the expression.
        let handle = self
            .expression(cmd)?
            .stderr_to_stdout()
            .stdout_file(to_output)
            .start()
            .map_err(broken)?;
        let groups: Vec<Group> = handle.pids().into_iter().map(Group::watch).collect();
        let watchdog = Watchdog::start(groups, cmd.deadline);
        let notice = self.notice(cmd);
        let pieces = pieces(output);
        let mut tail = VecDeque::new();
        let mut left_at = end + LINGER;
        let mut looked = Instant::now();
        while Instant::now() < left_at {
            match pieces.recv_timeout(LOOK) {
                Ok(piece) => {
                    notice.heard();
                    let text = String::from_utf8_lossy(&piece.map_err(broken)?).into_owned();
                    let text = text.trim_end_matches(['\n', '\r']);
                    line(text);
                    if tail.len() == TAIL_LINES {
                        tail.pop_front();
                    }
                    tail.push_back(text.to_owned());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if looked.elapsed() >= LOOK {
                looked = Instant::now();
                // Who was left behind may keep the output open for good, in a session out of our reach.
                if handle.try_wait().map_err(broken)?.is_some() {
                    left_at = left_at.min(looked + LINGER);
                }
            }
        }
        drop(notice);
        // Its output may end before itself; the watchdog is still on.
        let ended = handle.wait_timeout(left(end + LINGER)).map_err(broken)?;
        let late = watchdog.stop();
        interrupt::check()?;
        let Some(ended) = ended.filter(|_| !late) else {
            return Err(too_slow(cmd));
        };
        Ok(Streamed {
            status: code(ended.status),
            tail: tail.into(),
        })
    }

    fn journal(&self) -> Vec<String> {
        self.journal.borrow().clone()
    }
}

/// What a command says, in lines, read beside it. Bytes, not text: a tool may print what is not UTF-8, and must not end
/// the deploy by it.
fn pieces(source: PipeReader) -> Receiver<std::io::Result<Vec<u8>>> {
    let (send, receive) = sync_channel(WAITING);
    std::thread::spawn(move || {
        let mut lines = BufReader::new(source);
        loop {
            let mut bytes = Vec::new();
            let read = lines.by_ref().take(LONGEST).read_until(b'\n', &mut bytes);
            // The end, or nobody listens any more.
            if matches!(read, Ok(0)) || send.send(read.map(|_| bytes)).is_err() {
                return;
            }
        }
    });
    receive
}

/// What a command writes to one stream, read beside it: it may write to both, and a process it left behind may keep
/// a stream open for good.
struct Answer(Receiver<std::io::Result<Vec<u8>>>);

/// Why there is no answer.
enum Lacking {
    Late,
    TooMuch,
    Broken(std::io::Error),
}

impl Answer {
    fn read(source: PipeReader) -> Self {
        let (send, receive) = sync_channel(1);
        std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = source.take(MOST_BYTES).read_to_end(&mut bytes);
            // Nobody waits any more after the deadline.
            let _ = send.send(read.map(|_| bytes));
        });
        Answer(receive)
    }

    /// The stream's bytes, once it has ended.
    fn wait(self, end: Instant) -> std::result::Result<Vec<u8>, Lacking> {
        match self.0.recv_timeout(left(end)) {
            Err(_) => Err(Lacking::Late),
            Ok(Err(error)) => Err(Lacking::Broken(error)),
            Ok(Ok(bytes)) if bytes.len() as u64 >= MOST_BYTES => Err(Lacking::TooMuch),
            Ok(Ok(bytes)) => Ok(bytes),
        }
    }
}

impl Lacking {
    fn explain(self, cmd: &Cmd) -> Error {
        match self {
            Lacking::Late => too_slow(cmd),
            Lacking::TooMuch => too_much(cmd),
            Lacking::Broken(error) => cannot_start(cmd, &error),
        }
    }
}

fn left(end: Instant) -> Duration {
    end.saturating_duration_since(Instant::now())
}

/// Ends process groups when the deadline passes before [`Watchdog::stop`].
struct Watchdog {
    state: Arc<(Mutex<bool>, Condvar)>,
    late: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

/// On an early return too: later, the group's number may be somebody else's.
impl Drop for Watchdog {
    fn drop(&mut self) {
        self.stand_down();
    }
}

impl Watchdog {
    fn start(groups: Vec<Group>, deadline: Duration) -> Self {
        let state = Arc::new((Mutex::new(false), Condvar::new()));
        let late = Arc::new(AtomicBool::new(false));
        let (watched, flag) = (Arc::clone(&state), Arc::clone(&late));
        let thread = std::thread::spawn(move || {
            let (done, wake) = &*watched;
            let guard = done.lock().unwrap_or_else(PoisonError::into_inner);
            let (guard, _) = wake
                .wait_timeout_while(guard, deadline, |done| !*done)
                .unwrap_or_else(PoisonError::into_inner);
            if !*guard {
                flag.store(true, Ordering::SeqCst);
                groups.iter().for_each(Group::end);
            }
        });
        Watchdog {
            state,
            late,
            thread: Some(thread),
        }
    }

    /// Stands down; says whether the deadline had passed.
    fn stop(mut self) -> bool {
        self.stand_down();
        self.late.load(Ordering::SeqCst)
    }

    fn stand_down(&mut self) {
        let (done, wake) = &*self.state;
        *done.lock().unwrap_or_else(PoisonError::into_inner) = true;
        wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // The thread only sleeps and signals; a panic there leaves nothing to report.
            let _ = thread.join();
        }
    }
}

fn code(status: ExitStatus) -> i32 {
    status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

fn cannot_start(cmd: &Cmd, error: &std::io::Error) -> Error {
    Error::user(
        "shell/cannot-start",
        format!("cannot run `{}`: {error}", cmd.tool.program()),
        format!("try it by hand: `{cmd}`"),
    )
}

fn too_slow(cmd: &Cmd) -> Error {
    Error::transient(
        "shell/deadline",
        format!("`{cmd}` was ended after {} seconds", cmd.deadline.as_secs()),
        "try the command by hand to see where it hangs, then run nixdyno again",
    )
}

fn too_much(cmd: &Cmd) -> Error {
    let program = cmd.tool.program();
    Error::user(
        "shell/too-much",
        format!(
            "`{program}` was ended: it printed more than {} MB",
            MOST_BYTES / 1_000_000
        ),
        format!("see by hand what it prints: `{cmd}`"),
    )
}

#[cfg(test)]
mod tests {
    use super::super::Tool;
    use super::*;

    fn runner() -> Real {
        Real::new(Tools::find(), Vec::new(), |_| {})
    }

    #[test]
    fn captures_status_and_streams() {
        let script = "echo out; echo err >&2; exit 7";
        let answer = runner()
            .capture(&Cmd::reads(Tool::Shell).args(["-c", script]))
            .unwrap();
        assert_eq!(answer.status, 7);
        assert_eq!(
            (answer.stdout.as_str(), answer.stderr.as_str()),
            ("out\n", "err\n")
        );
    }

    #[test]
    fn streams_lines_of_any_bytes_and_keeps_the_last() {
        let script =
            r"i=0; while [ $i -lt 99 ]; do i=$((i+1)); echo $i; done; printf 'a\377b'; exit 3";
        let mut lines = 0;
        let streamed = runner()
            .stream(&Cmd::writes(Tool::Shell).args(["-c", script]), &mut |_| {
                lines += 1;
            })
            .unwrap();
        assert_eq!(
            (streamed.status, lines, streamed.tail.len()),
            (3, 100, TAIL_LINES)
        );
        assert_eq!(streamed.tail.last().unwrap(), "a\u{fffd}b");
    }

    #[test]
    fn a_secret_goes_in_by_standard_input() {
        let cmd = Cmd::reads(Tool::Shell)
            .args(["-c", "cat"])
            .input(crate::secret::Secret::new("hunter2"));
        assert_eq!(runner().capture(&cmd).unwrap().stdout, "hunter2");
        assert!(!cmd.to_string().contains("hunter2"));
    }

    #[test]
    fn a_limit_is_set_and_not_shown() {
        let cmd = Cmd::reads(Tool::Shell)
            .args(["-c", "echo $MOST"])
            .limit("MOST", "7");
        assert_eq!(runner().capture(&cmd).unwrap().stdout, "7\n");
        assert_eq!(cmd.to_string(), "sh -c 'echo $MOST'");
    }

    #[test]
    fn a_missing_tool_is_named() {
        let runner = Real::new(Tools::default(), Vec::new(), |_| {});
        let error = runner
            .capture(&Cmd::reads(Tool::Docker).arg("version"))
            .unwrap_err();
        insta::assert_snapshot!(error);
    }

    #[test]
    fn the_deadline_ends_the_process() {
        let cmd = Cmd::reads(Tool::Shell)
            .args(["-c", "sleep 30"])
            .deadline(Duration::from_millis(200));
        let error = runner().stream(&cmd, &mut |_| {}).unwrap_err();
        assert_eq!(error.id(), "shell/deadline");
        let error = runner().capture(&cmd).unwrap_err();
        assert_eq!(error.id(), "shell/deadline");
    }

    #[test]
    fn an_answer_without_an_end_is_ended() {
        for to in ["1", "2"] {
            let script = format!("yes nixdyno >&{to}");
            let cmd = Cmd::reads(Tool::Shell).args(["-c", &script]);
            let error = runner().capture(&cmd).unwrap_err();
            insta::assert_snapshot!(format!("endless_{to}"), error);
        }
    }

    #[test]
    fn who_keeps_a_stream_open_keeps_nobody_waiting_for_good() {
        // As a connection does that ssh shares: in a session of its own, and so out of reach.
        let cmd = Cmd::reads(Tool::Shell)
            .args(["-c", "setsid sleep 5 & echo here"])
            .deadline(Duration::from_millis(300));
        let error = runner().capture(&cmd).unwrap_err();
        assert_eq!(error.id(), "shell/deadline");
    }

    #[test]
    fn who_keeps_the_output_open_does_not_hold_the_story() {
        let start = Instant::now();
        let mut lines = Vec::new();
        let cmd = Cmd::reads(Tool::Shell).args(["-c", "setsid sleep 20 & echo here; exit 4"]);
        let streamed = runner().stream(&cmd, &mut |line| lines.push(line.to_owned()));
        assert_eq!(
            (streamed.unwrap().status, lines),
            (4, vec!["here".to_owned()])
        );
        assert!(start.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_line_without_an_end_comes_in_pieces() {
        let (mut pieces, mut bytes) = (0, 0);
        let cmd = Cmd::reads(Tool::Shell).args(["-c", "head -c 1000000 /dev/zero"]);
        let streamed = runner().stream(&cmd, &mut |line| {
            pieces += 1;
            bytes += line.len();
        });
        assert_eq!(streamed.unwrap().status, 0);
        assert_eq!((pieces, bytes), (16, 1_000_000));
    }

    #[test]
    fn a_command_that_closes_its_output_is_still_awaited() {
        let cmd = Cmd::reads(Tool::Shell).args(["-c", "exec >&- 2>&-; sleep 1; exit 5"]);
        assert_eq!(runner().stream(&cmd, &mut |_| {}).unwrap().status, 5);
    }

    #[test]
    fn only_writes_are_journaled() {
        let runner = runner();
        runner
            .capture(&Cmd::reads(Tool::Shell).args(["-c", ":"]))
            .unwrap();
        runner
            .stream(&Cmd::writes(Tool::Shell).args(["-c", ":"]), &mut |_| {})
            .unwrap();
        assert_eq!(runner.journal(), ["sh -c :"]);
    }
}
