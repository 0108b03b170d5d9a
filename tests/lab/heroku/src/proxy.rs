//! Passing a request on over plain HTTP.
//!
//! Takes a request and an address, gives the answer; bodies stream both ways and are never held. Never retries.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, Request, Response, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpStream, ToSocketAddrs};

/// Headers that belong to one connection only.
const HOP_BY_HOP: [HeaderName; 5] = [
    header::CONNECTION,
    header::TE,
    header::TRAILER,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
];

/// Sends `request` to `address` on a connection of its own.
pub async fn forward(
    address: impl ToSocketAddrs,
    mut request: Request<Body>,
) -> Result<Response<Body>, String> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| error.to_string())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    // It ends with the body of the answer; how it ends is seen there.
    tokio::spawn(connection);
    to_origin_form(&mut request);
    strip(request.headers_mut());
    let mut response = sender
        .send_request(request)
        .await
        .map_err(|error| error.to_string())?;
    strip(response.headers_mut());
    Ok(response.map(Body::new))
}

fn to_origin_form(request: &mut Request<Body>) {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
}

fn strip(headers: &mut HeaderMap) {
    for name in HOP_BY_HOP {
        headers.remove(name);
    }
}
