//! The router: visitors' requests to apps.
//!
//! Takes a request for `APP.localhost`, passes it to the app's web dyno, or gives the page that Heroku shows when there is
//! none. Waits while a dyno boots, as Heroku's routers do. Never caches.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use tokio::time::{Instant, sleep, timeout};

use crate::ids;
use crate::lab::Lab;
use crate::model::App;
use crate::model::dyno::State;
use crate::proxy;

/// How long requests wait for a dyno that boots, and for a dyno's answer.
const BOOT_WAIT: Duration = Duration::from_secs(75);
const ANSWER_WAIT: Duration = Duration::from_secs(30);

/// Where a request goes.
#[derive(Debug, PartialEq, Eq)]
enum Route {
    Dyno(String),
    Booting,
    Error(&'static str, &'static str),
}

/// Answers one request.
pub async fn answer(lab: &Lab, host: &str, request: Request<Body>) -> Response<Body> {
    let name = host.trim_end_matches(".localhost");
    let line = format!(
        "method={} path=\"{}\" host={host}",
        request.method(),
        request.uri()
    );
    let deadline = Instant::now() + BOOT_WAIT;
    let route = loop {
        let route = lab.store().apps.get(name).map(route);
        match route {
            None => {
                return page(
                    StatusCode::NOT_FOUND,
                    "No such app",
                    "There's nothing here, yet.",
                );
            }
            Some(Route::Booting) if Instant::now() < deadline => {
                sleep(Duration::from_millis(200)).await;
            }
            Some(Route::Booting) => break Route::Error("H20", "App boot timeout"),
            Some(route) => break route,
        }
    };
    let answer = match route {
        Route::Dyno(address) => pass(&address, request).await,
        Route::Booting => Err(("H20", "App boot timeout")),
        Route::Error(code, text) => Err((code, text)),
    };
    let response = answer.unwrap_or_else(|(code, text)| error(code, text));
    say(lab, name, &line, &response);
    response
}

fn route(app: &App) -> Route {
    if app.maintenance {
        return Route::Error("H80", "Maintenance mode");
    }
    let mut web = app
        .dynos
        .values()
        .filter(|dyno| dyno.kind == "web" && !dyno.one_off)
        .peekable();
    if web.peek().is_none() {
        return Route::Error("H14", "No web processes running");
    }
    let mut booting = false;
    for dyno in web {
        match (dyno.state, &dyno.address) {
            (State::Up, Some(address)) => return Route::Dyno(address.clone()),
            (State::Starting, _) => booting = true,
            _ => {}
        }
    }
    if booting {
        Route::Booting
    } else {
        Route::Error("H10", "App crashed")
    }
}

async fn pass(
    address: &str,
    mut request: Request<Body>,
) -> Result<Response<Body>, (&'static str, &'static str)> {
    let headers = request.headers_mut();
    for (name, value) in [
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-port", "443"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(id) = ids::uuid().parse() {
        headers.insert("x-request-id", id);
    }
    match timeout(ANSWER_WAIT, proxy::forward(address, request)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(_)) => Err(("H13", "Connection closed without response")),
        Err(_) => Err(("H12", "Request timeout")),
    }
}

/// The page with the code in a header of our own, so that tests needn't read the log.
fn error(code: &'static str, text: &str) -> Response<Body> {
    let body = "An error occurred in the application and your page could not be served.";
    let mut response = page(StatusCode::SERVICE_UNAVAILABLE, "Application error", body);
    response
        .headers_mut()
        .insert("loopback-error", HeaderValue::from_static(code));
    if let Ok(text) = text.parse() {
        response.headers_mut().insert("loopback-error-text", text);
    }
    response
}

fn page(status: StatusCode, title: &str, text: &str) -> Response<Body> {
    let html = format!(
        "<!DOCTYPE html>\n<html><head><title>{title}</title></head><body><p>{text}</p></body></html>\n"
    );
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    response
}

fn say(lab: &Lab, name: &str, line: &str, response: &Response<Body>) {
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let status = response.status().as_u16();
    let text = match (header("loopback-error"), header("loopback-error-text")) {
        (Some(code), Some(text)) => {
            format!("at=error code={code} desc=\"{text}\" {line} status={status} protocol=https")
        }
        _ => format!("at=info {line} status={status} protocol=https"),
    };
    if let Some(app) = lab.store().apps.get_mut(name) {
        app.say("heroku", "router", text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::dyno::Dyno;
    use tokio::sync::watch;

    fn app(dynos: &[(State, Option<&str>)]) -> App {
        let mut app = App::new("app", "container", "us");
        for (number, (state, address)) in dynos.iter().enumerate() {
            let name = format!("web.{number}");
            let dyno = Dyno {
                id: name.clone(),
                name: name.clone(),
                kind: "web".into(),
                one_off: false,
                command: String::new(),
                size: String::new(),
                state: *state,
                release_id: String::new(),
                version: 1,
                created_at: String::new(),
                updated_at: String::new(),
                address: address.map(str::to_owned),
                stop: watch::Sender::new(false),
            };
            app.dynos.insert(name, dyno);
        }
        app
    }

    #[test]
    fn the_states_of_the_web_dynos_decide() {
        let up = (State::Up, Some("1.2.3.4:5"));
        assert_eq!(
            route(&app(&[(State::Crashed, None), up])),
            Route::Dyno("1.2.3.4:5".into())
        );
        assert_eq!(
            route(&app(&[(State::Crashed, None), (State::Starting, None)])),
            Route::Booting
        );
        assert_eq!(
            route(&app(&[(State::Crashed, None)])),
            Route::Error("H10", "App crashed")
        );
        assert_eq!(
            route(&app(&[])),
            Route::Error("H14", "No web processes running")
        );
        let mut maintained = app(&[up]);
        maintained.maintenance = true;
        assert_eq!(route(&maintained), Route::Error("H80", "Maintenance mode"));
    }
}
