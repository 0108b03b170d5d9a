use axum::{routing::get, Router};
use clap::{Parser, Subcommand};
use tower_http::services::ServeDir;

#[derive(Parser)]
#[command(version)]
struct Options {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Serve the chat and its client
    Serve {
        #[arg(long, env = "PORT", default_value_t = 8080)]
        port: u16,
        #[arg(long, env = "GULLCHAT_CLIENT")]
        client: std::path::PathBuf,
    },
    /// Forget old messages, again and again
    Sweep {
        #[arg(long, default_value_t = 600)]
        every: u64,
    },
}

#[tokio::main]
async fn main() {
    match Options::parse().what {
        What::Serve { port, client } => {
            let app = Router::new()
                .route("/rooms", get(|| async { "[]" }))
                .fallback_service(ServeDir::new(client));
            let listener = tokio::net::TcpListener::bind(("0.0.0.0", port)).await.unwrap();
            axum::serve(listener, app).await.unwrap();
        }
        What::Sweep { every } => loop {
            tokio::time::sleep(std::time::Duration::from_secs(every)).await;
        },
    }
}
