use actix_web::{get, put, web, App, HttpRequest, HttpResponse, HttpServer};
use clap::{Parser, Subcommand};
use sqlx::PgPool;

#[derive(Parser)]
struct Options {
    #[arg(long, env = "ICECELLAR_DATABASE_URL")]
    database_url: String,
    #[arg(long, env = "ICECELLAR_TOKEN_SECRET")]
    token_secret: String,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    Serve {
        #[arg(long, env = "ICECELLAR_LISTEN", default_value = "[::]:8070")]
        listen: String,
    },
    Migrate,
    CollectGarbage,
}

struct Cellar {
    pool: PgPool,
    secret: String,
}

#[get("/nix-cache-info")]
async fn cache_info() -> &'static str {
    "StoreDir: /nix/store\nWantMassQuery: 1\nPriority: 41\n"
}

#[get("/nar/{name}")]
async fn fetch(cellar: web::Data<Cellar>, name: web::Path<String>) -> HttpResponse {
    match sqlx::query_scalar::<_, Vec<u8>>("select body from nars where name = $1")
        .bind(name.into_inner())
        .fetch_one(&cellar.pool)
        .await
    {
        Ok(body) => HttpResponse::Ok().body(body),
        Err(_) => HttpResponse::NotFound().finish(),
    }
}

#[put("/nar/{name}")]
async fn store(cellar: web::Data<Cellar>, request: HttpRequest, name: web::Path<String>, body: web::Bytes) -> HttpResponse {
    let header = request.headers().get("Authorization").and_then(|h| h.to_str().ok()).unwrap_or("");
    if !icecellar_token::valid(header, &cellar.secret) {
        return HttpResponse::Unauthorized().finish();
    }
    let insert = sqlx::query("insert into nars (name, body) values ($1, $2) on conflict do nothing");
    match insert.bind(name.into_inner()).bind(body.to_vec()).execute(&cellar.pool).await {
        Ok(_) => HttpResponse::Created().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    let pool = PgPool::connect(&options.database_url).await?;
    match options.action {
        Action::Serve { listen } => {
            let cellar = web::Data::new(Cellar { pool, secret: options.token_secret });
            HttpServer::new(move || App::new().app_data(cellar.clone()).service(cache_info).service(fetch).service(store))
                .bind(listen)?
                .run()
                .await?;
        }
        Action::Migrate => {
            sqlx::query("create table if not exists nars (name text primary key, body bytea not null)")
                .execute(&pool)
                .await?;
        }
        Action::CollectGarbage => {
            sqlx::query("delete from nars where name like '%-source'").execute(&pool).await?;
        }
    }
    Ok(())
}
