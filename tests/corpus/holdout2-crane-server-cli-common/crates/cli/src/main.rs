use clap::Parser;
use pagewarden_common::Bookmark;

/// Lists the bookmarks of a pagewarden server.
#[derive(Parser)]
struct Options {
    #[arg(long, env = "PAGEWARDEN_SERVER", default_value = "http://localhost:8480")]
    server: String,
}

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let url = format!("{}/api/bookmarks", options.server);
    for bookmark in ureq::get(&url).call()?.into_json::<Vec<Bookmark>>()? {
        println!("{}\t{}", bookmark.url, bookmark.title);
    }
    Ok(())
}
