use std::env;

use redis::Commands;

/// Takes readings off the list, for ever.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut store = redis::Client::open(env::var("REDIS_URL")?)?.get_connection()?;
    loop {
        let (_, reading): (String, String) = store.blpop("readings", 0.0)?;
        if let Some((kiln, celsius)) = reading.split_once('=') {
            let _: () = store.hset("kilns", kiln, celsius)?;
        }
    }
}
