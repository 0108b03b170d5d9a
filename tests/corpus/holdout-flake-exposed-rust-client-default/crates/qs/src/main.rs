use clap::{Parser, Subcommand};

/// Ask a harbour about free berths, and book one.
#[derive(Parser)]
struct Cli {
    #[arg(long, env = "QS_SERVER", default_value = "https://harbour.example.org")]
    server: String,
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    Free { night: String },
    Book { berth: u16, night: String, boat: String },
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let http = reqwest::blocking::Client::new();
    match cli.what {
        What::Free { night } => {
            let text = http.get(format!("{}/berths/{night}", cli.server)).send()?.text()?;
            println!("{text}");
        }
        What::Book { berth, night, boat } => {
            http.post(format!("{}/berths/{night}/{berth}", cli.server)).body(boat).send()?.error_for_status()?;
        }
    }
    Ok(())
}
