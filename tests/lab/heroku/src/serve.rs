//! Listeners.
//!
//! Takes an address and what answers there; serves HTTP/1.1 with or without TLS until the program ends. Never lets one
//! connection's trouble reach another.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::fault::Place;
use crate::front::Front;

/// Listens with TLS; returns once connections are taken.
pub async fn tls(
    address: SocketAddr,
    config: &Arc<ServerConfig>,
    place: Place,
    front: &Arc<Front>,
) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    let acceptor = TlsAcceptor::from(Arc::clone(config));
    let front = Arc::clone(front);
    tokio::spawn(async move {
        loop {
            // Running out of descriptors passes; giving up listening wouldn't.
            let Ok((stream, _)) = listener.accept().await else {
                continue;
            };
            tokio::spawn(connection(
                stream,
                acceptor.clone(),
                place,
                Arc::clone(&front),
            ));
        }
    });
    Ok(())
}

async fn connection(stream: TcpStream, acceptor: TlsAcceptor, place: Place, front: Arc<Front>) {
    // A client that doesn't trust us, or gives up, is its own business.
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let service = service_fn(move |request: Request<Incoming>| {
        let front = Arc::clone(&front);
        async move { front.answer(place, request.map(Body::new)).await }
    });
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Listens without TLS, for the control port.
pub async fn plain(address: SocketAddr, router: axum::Router) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(())
}
