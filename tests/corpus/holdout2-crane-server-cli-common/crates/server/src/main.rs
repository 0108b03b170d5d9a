use std::{net::SocketAddr, path::PathBuf};

use axum::{extract::State, routing::get, Json, Router};
use clap::{Parser, Subcommand};
use pagewarden_common::Bookmark;
use sqlx::PgPool;
use tower_http::services::ServeDir;

#[derive(Parser)]
#[command(version, about = "Keeps bookmarks readable")]
struct Options {
    /// Where the bookmarks live.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    database_url: String,

    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API and the web pages.
    Serve {
        #[arg(long, env = "PAGEWARDEN_LISTEN", default_value = "0.0.0.0:8480")]
        listen: SocketAddr,
        #[arg(long, env = "PAGEWARDEN_ASSETS", default_value = "frontend/build")]
        assets: PathBuf,
    },
    /// Bring the database up to date.
    Migrate,
    /// Save one page again.
    Refresh { url: String },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let pool = PgPool::connect(&options.database_url).await?;
    match options.command {
        Command::Serve { listen, assets } => {
            let app = Router::new()
                .route("/api/bookmarks", get(bookmarks))
                .fallback_service(ServeDir::new(assets))
                .with_state(pool);
            let listener = tokio::net::TcpListener::bind(listen).await?;
            axum::serve(listener, app).await?;
        }
        Command::Migrate => sqlx::migrate!("../../migrations").run(&pool).await?,
        Command::Refresh { url } => {
            sqlx::query("update bookmarks set stale = true where url = $1")
                .bind(url)
                .execute(&pool)
                .await?;
        }
    }
    Ok(())
}

async fn bookmarks(State(pool): State<PgPool>) -> Json<Vec<Bookmark>> {
    let rows: Vec<(String, String)> = sqlx::query_as("select url, title from bookmarks order by id desc")
        .fetch_all(&pool)
        .await
        .unwrap_or_default();
    Json(rows.into_iter().map(|(url, title)| Bookmark { url, title }).collect())
}
