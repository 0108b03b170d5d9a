use std::{env, net::SocketAddr};

use anyhow::Context;
use axum::{extract::{Path, State}, routing::get, Json, Router};
use sqlx::PgPool;

async fn free(State(pool): State<PgPool>, Path(night): Path<String>) -> Json<Vec<i32>> {
    let rows = sqlx::query_scalar("select berth from berths where berth not in (select berth from bookings where night = $1)")
        .bind(night)
        .fetch_all(&pool)
        .await
        .unwrap_or_default();
    Json(rows)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let database = env::var("DATABASE_URL").context("DATABASE_URL is not set")?;
    let listen: SocketAddr = env::var("QUAYSTONE_LISTEN")
        .unwrap_or_else(|_| "[::]:4400".to_owned())
        .parse()
        .context("QUAYSTONE_LISTEN is not an address")?;

    let pool = PgPool::connect(&database).await?;
    let router = Router::new().route("/berths/:night", get(free)).with_state(pool);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    axum::serve(listener, router).await?;
    Ok(())
}
