use actix_web::{get, web, App, HttpResponse, HttpServer, Responder};
use tera::{Context, Tera};

#[get("/for/{guest}")]
async fn invitation(tera: web::Data<Tera>, guest: web::Path<String>) -> impl Responder {
    let mut context = Context::new();
    context.insert("guest", &guest.into_inner());
    match tera.render("invitation.html", &context) {
        Ok(page) => HttpResponse::Ok().content_type("text/html").body(page),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::var("PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(8000);
    let tera = Tera::new("templates/**/*.html").expect("templates can't be read");

    HttpServer::new(move || App::new().app_data(web::Data::new(tera.clone())).service(invitation))
        .bind(("0.0.0.0", port))?
        .run()
        .await
}
