//! Log, release and build output streams.
//!
//! Takes requests for their two hosts, whose URLs the API gave out; gives plain text or server-sent events. Asks for no
//! token: the URL is the secret.

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use axum::response::IntoResponse;
use futures_util::{StreamExt, future, stream};
use tokio::sync::broadcast;

use crate::api;
use crate::api::error::Refusal;
use crate::lab::Lab;
use crate::model::log::{Line, Session};
use crate::model::output::Output;

const EVENTS: &str = "text/event-stream";

/// Answers one request.
pub fn answer(lab: &Lab, host: &str, request: &Request<Body>) -> Response<Body> {
    let path = request
        .uri()
        .path()
        .strip_prefix("/streams/")
        .unwrap_or_default();
    let found = if host == api::LOGS_HOST {
        logs(lab, path, request.headers())
    } else {
        output(lab, path, request.headers())
    };
    found.unwrap_or_else(|| Refusal::not_found("stream").into_response())
}

fn logs(lab: &Lab, id: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let mut store = lab.store();
    let session = store.sessions.get(id).cloned()?;
    let (lines, later) = store.by_id(&session.app)?.log.read(&session);
    drop(store);
    let events = wants_events(headers);
    let show = move |line: &Line| {
        if events {
            event(&line.render(), None)
        } else {
            line.render() + "\n"
        }
    };
    let kept: Vec<String> = lines.iter().map(show).collect();
    let tail = session.tail;
    let later = follow(later, session).map(move |line| show(&line));
    let later = if tail {
        later.left_stream()
    } else {
        stream::empty().right_stream()
    };
    let chunks = stream::iter(kept).chain(later).map(Ok::<_, Infallible>);
    Some(streaming(StatusCode::OK, events, Body::from_stream(chunks)))
}

fn follow(
    later: broadcast::Receiver<Line>,
    session: Session,
) -> impl futures_util::Stream<Item = Line> + Send {
    let lines = stream::unfold(later, async |mut later| {
        loop {
            match later.recv().await {
                Ok(line) => return Some((line, later)),
                // A reader too slow for the log misses lines, as logplex drops them.
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    });
    lines.filter(move |line| future::ready(session.wants(line)))
}

/// The output of a release or a build from where the client left off; `None`, so 404, before its command runs.
fn output(lab: &Lab, path: &str, headers: &HeaderMap) -> Option<Response<Body>> {
    let (app, id) = path.split_once('/')?;
    let output = lab.with_app(app, |app| {
        let build = app.builds.get(id).map(|build| Arc::clone(&build.output));
        let release = || app.releases.find(id).and_then(|it| it.output.clone());
        build.or_else(release)
    })??;
    if !output.watch().borrow().started {
        return None;
    }
    let events = wants_events(headers);
    let offset = offset(headers, events);
    let status = if offset > 0 && !events {
        StatusCode::PARTIAL_CONTENT
    } else {
        StatusCode::OK
    };
    let cut = lab.settings().stream_cut_after.unwrap_or(usize::MAX);
    let chunks = chunks(output, offset, cut).map(move |(start, bytes)| {
        let end = start + bytes.len();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok::<_, Infallible>(if events {
            event(&text(&bytes), Some(end)).into_bytes()
        } else {
            bytes
        })
    });
    Some(streaming(status, events, Body::from_stream(chunks)))
}

/// Output as it is written, each piece with its offset, until the stream closes or `cut` is reached.
fn chunks(
    output: Arc<Output>,
    offset: usize,
    cut: usize,
) -> impl futures_util::Stream<Item = (usize, Vec<u8>)> + Send {
    let phase = output.watch();
    stream::unfold(
        (output, phase, offset),
        move |(output, mut phase, offset)| async move {
            loop {
                let closed = phase.borrow_and_update().closed;
                let mut bytes = output.from(offset);
                bytes.truncate(cut.saturating_sub(offset));
                if !bytes.is_empty() {
                    let next = offset + bytes.len();
                    return Some(((offset, bytes), (output, phase, next)));
                }
                if closed || offset >= cut || phase.changed().await.is_err() {
                    return None;
                }
            }
        },
    )
}

/// `Range: bytes=N-` for text, `Last-Event-Id: N` for events.
fn offset(headers: &HeaderMap, events: bool) -> usize {
    let name = if events { "last-event-id" } else { "range" };
    let text = headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    text.trim_start_matches("bytes=")
        .trim_end_matches('-')
        .parse()
        .unwrap_or(0)
}

fn wants_events(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains(EVENTS))
}

fn event(text: &str, id: Option<usize>) -> String {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    let data = text.lines().collect::<Vec<_>>().join("\ndata: ");
    format!("{id}data: {data}\n\n")
}

fn streaming(status: StatusCode, events: bool, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let kind = if events {
        EVENTS
    } else {
        "text/plain; charset=utf-8"
    };
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_carry_every_line() {
        assert_eq!(event("a\nb", Some(3)), "id: 3\ndata: a\ndata: b\n\n");
        assert_eq!(event("a", None), "data: a\n\n");
    }

    #[test]
    fn clients_resume_where_they_left_off() {
        let headers = |name: &'static str, value: &str| {
            HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())])
        };
        assert_eq!(offset(&headers("range", "bytes=5-"), false), 5);
        assert_eq!(offset(&headers("last-event-id", "7"), true), 7);
        assert_eq!(offset(&headers("range", "nonsense"), false), 0);
    }

    #[tokio::test]
    async fn output_streams_until_it_closes_or_is_cut() {
        let output = Arc::new(Output::default());
        output.write(b"abcdef");
        output.close();
        let read = async |offset, cut| {
            chunks(Arc::clone(&output), offset, cut)
                .collect::<Vec<_>>()
                .await
        };
        assert_eq!(read(0, usize::MAX).await, [(0, b"abcdef".to_vec())]);
        assert_eq!(read(4, usize::MAX).await, [(4, b"ef".to_vec())]);
        assert_eq!(read(0, 2).await, [(0, b"ab".to_vec())]);
        assert_eq!(read(9, 2).await, []);
    }
}
