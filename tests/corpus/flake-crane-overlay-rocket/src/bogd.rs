#[macro_use]
extern crate rocket;

#[get("/level/<bog>")]
fn level(bog: &str) -> Option<String> {
    peatbog::level(bog).map(|it| it.to_string())
}

#[launch]
fn rocket() -> _ {
    rocket::build().mount("/", routes![level])
}
