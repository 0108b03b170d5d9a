use axum::{routing::get, Router};
use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Put a file on the ferry (asks a running ferryman)
    Send { file: std::path::PathBuf, #[arg(long, env = "FERRYMAN_URL")] to: String },
    /// Take files from others: the server
    Depart {
        #[arg(long, env = "FERRYMAN_LISTEN", default_value = "0.0.0.0:7070")]
        listen: std::net::SocketAddr,
    },
}

#[tokio::main]
async fn main() {
    match Cli::parse().command {
        Command::Send { file, to } => {
            let body = std::fs::read(file).expect("file can be read");
            println!("{:?}", reqwest::Client::new().post(to).body(body).send().await);
        }
        Command::Depart { listen } => {
            let app = Router::new().route("/health", get(|| async { "afloat" }));
            let listener = tokio::net::TcpListener::bind(listen).await.unwrap();
            axum::serve(listener, app).await.unwrap();
        }
    }
}
