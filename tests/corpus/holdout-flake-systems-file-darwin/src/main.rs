use axum::{body::Bytes, routing::post, Router};

mod scale;

#[tokio::main]
async fn main() {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8086".into());
    let app = Router::new().route("/scale", post(|body: Bytes| async move { scale::half(&body) }));
    let listener = tokio::net::TcpListener::bind(format!("0.0.0.0:{port}")).await.unwrap();
    axum::serve(listener, app).await.unwrap();
}
