use std::process::Command;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cellar", about = "Pushes store paths to an Icecellar")]
struct Options {
    #[arg(long, env = "CELLAR_URL", default_value = "http://127.0.0.1:8070")]
    url: String,
    #[arg(long, env = "CELLAR_TOKEN")]
    token: String,
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Upload the closure of the given paths.
    Push { paths: Vec<String> },
    /// Say who the token belongs to.
    Whoami,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let options = Options::parse();
    match options.action {
        Action::Push { paths } => {
            let listing = Command::new("nix-store").arg("-qR").args(&paths).output()?;
            for path in String::from_utf8(listing.stdout)?.lines() {
                let nar = Command::new("nix-store").args(["--dump", path]).output()?.stdout;
                let name = path.trim_start_matches("/nix/store/");
                ureq::put(&format!("{}/nar/{name}", options.url))
                    .set("Authorization", &format!("Bearer {}", options.token))
                    .send_bytes(&nar)?;
            }
        }
        Action::Whoami => println!("{}", icecellar_token::subject(&options.token).unwrap_or("nobody")),
    }
    Ok(())
}
