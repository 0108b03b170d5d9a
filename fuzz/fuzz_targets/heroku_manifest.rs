//! A heroku.yml and an app.json of any bytes, parted by a zero byte, brought in line with a plan: what is written is
//! read back, says what was wanted, and is right the second time.

#![no_main]

use libfuzzer_sys::fuzz_target;
use nixdyno::manifest::{Found, How, Place, manifest, read, write};
use nixdyno::plan::Plan;

const PLAN: &str = include_str!("../../tests/fixtures/plan.json");

fuzz_target!(|text: &str| {
    if let Ok(file) = read(text) {
        assert_eq!(read(&write(&file)).as_ref().ok(), Some(&file), "not read back");
    }
    let plan: Plan = serde_json::from_str(PLAN).expect("the plan of the tests");
    let (heroku_yml, app_json) = text.split_once('\0').unwrap_or((text, "{}"));
    let made = |heroku_yml: &str| {
        let found = Found {
            heroku_yml: Some(heroku_yml.to_owned()),
            app_json: Some(app_json.to_owned()),
            procfile: false,
        };
        manifest(&plan, &found, "# Head.\n", "# Head", &|_| Place::File)
    };
    let Ok(first) = made(heroku_yml) else { return };
    assert!(read(&first.text).is_ok(), "not read: {}", first.text);
    let again = made(&first.text).expect("what was written is read");
    assert_eq!(again.how, How::Kept, "not right: {}", first.text);
});
