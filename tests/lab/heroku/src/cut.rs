//! Bodies that break off.
//!
//! Takes a body and a number of bytes, gives a body that fails after them.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::body::{Body, Bytes};
use futures_util::{StreamExt, stream};

/// The error that makes hyper break the connection.
#[derive(Debug)]
pub struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("cut as asked for")
    }
}

impl std::error::Error for Cut {}

/// Whether a body has broken off yet.
#[derive(Clone, Debug, Default)]
pub struct Broke(Arc<AtomicBool>);

impl Broke {
    /// Whether it has.
    pub fn happened(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// `body` up to `bytes` bytes, then an error; whole when it is shorter.
pub fn after(body: Body, bytes: usize) -> (Body, Broke) {
    let broke = Broke::default();
    let flag = broke.clone();
    let chunks = body.into_data_stream();
    let cut = stream::unfold((chunks, Some(bytes)), move |(mut chunks, left)| {
        let flag = flag.clone();
        async move {
            let left = left?;
            if flag.0.load(Ordering::Relaxed) {
                return Some((Err(Cut), (chunks, None)));
            }
            let Ok(chunk) = chunks.next().await? else {
                return Some((Err(Cut), (chunks, None)));
            };
            if left == 0 {
                flag.0.store(true, Ordering::Relaxed);
                return Some((Err(Cut), (chunks, None)));
            }
            let part: Bytes = chunk.slice(..left.min(chunk.len()));
            let left = left - part.len();
            if part.len() < chunk.len() {
                flag.0.store(true, Ordering::Relaxed);
            }
            Some((Ok(part), (chunks, Some(left))))
        }
    });
    (Body::from_stream(cut), broke)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    #[tokio::test]
    async fn long_bodies_break_and_short_ones_do_not() {
        let (body, broke) = after(Body::from("12345"), 3);
        assert!(to_bytes(body, 99).await.is_err() && broke.happened());
        let (body, broke) = after(Body::from("12345"), 9);
        assert_eq!(to_bytes(body, 99).await.unwrap(), "12345");
        assert!(!broke.happened());
    }
}
