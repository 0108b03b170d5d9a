use std::{env, thread, time::Duration};

use anyhow::{Context, Result};
use squall::{falling, Reading};

fn main() -> Result<()> {
    let instance = env::var("SQUALL_INSTANCE").context("SQUALL_INSTANCE, such as https://social.example")?;
    let token = env::var("SQUALL_TOKEN").context("SQUALL_TOKEN: an access token with write:statuses")?;
    let station = env::var("SQUALL_STATION").unwrap_or_else(|_| "https://weather.example/harbour.json".into());
    let client = reqwest::blocking::Client::new();
    let mut last: Option<Reading> = None;

    loop {
        let now: Reading = client.get(&station).send()?.json()?;
        if last.as_ref().is_some_and(|before| falling(before, &now)) {
            client
                .post(format!("{instance}/api/v1/statuses"))
                .bearer_auth(&token)
                .form(&[("status", format!("{} hPa and falling. Tie things down.", now.hectopascal))])
                .send()?
                .error_for_status()?;
        }
        last = Some(now);
        thread::sleep(Duration::from_secs(600));
    }
}
