use redis::Commands;

/// Renames keys of older versions, then ends.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut store = redis::Client::open(std::env::var("REDIS_URL")?)?.get_connection()?;
    if store.exists("temperatures")? {
        let _: () = store.rename("temperatures", "kilns")?;
    }
    Ok(())
}
