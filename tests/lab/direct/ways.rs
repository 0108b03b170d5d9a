//! A way to a registry that is slow, and one that isn't.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use serde_json::Value;

use super::app::{Small, of};
use crate::common::{Project, run};
use crate::lab::{nixdyno, tool};

/// The lab's registry.
const REGISTRY: &str = "127.0.0.1:5000";

/// A way to the registry that takes a quarter of a megabyte in a twentieth of a second; its place. It ends with the tests.
fn slow() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        // One connection at a time would block the others; each has a way of its own.
        for client in listener.incoming() {
            let (client, registry) = (client.unwrap(), TcpStream::connect(REGISTRY).unwrap());
            let (back, front) = (registry.try_clone().unwrap(), client.try_clone().unwrap());
            std::thread::spawn(move || pump(client, registry, Duration::from_millis(50)));
            std::thread::spawn(move || pump(back, front, Duration::ZERO));
        }
    });
    place
}

/// One direction of a connection, to its end.
fn pump(mut from: TcpStream, mut to: TcpStream, wait: Duration) {
    let mut piece = vec![0; 256 * 1024];
    while let Ok(count @ 1..) = from.read(&mut piece) {
        std::thread::sleep(wait);
        if to.write_all(&piece[..count]).is_err() {
            return;
        }
    }
    drop(to.shutdown(std::net::Shutdown::Write));
}

/// How hard the layer of an app is compressed that a machine pushes to a registry.
fn level(machine: &Project, place: &str, app: &Small) -> String {
    let image = format!("{place}/ways/{}:latest", &app.paths[0][11..20]);
    let output = format!("docker://{image}");
    let mut words = vec!["build", "--output", &output];
    for path in &app.paths {
        words.extend(["--store-path", path]);
    }
    let mut command = nixdyno(machine.path(), &words);
    command.env("XDG_CACHE_HOME", machine.path().join("cache"));
    run(&mut command).exits(0);
    let from = format!("docker://{REGISTRY}/{}", image.split_once('/').unwrap().1);
    let words = ["inspect", "--config", "--tls-verify=false", &from];
    let config: Value = serde_json::from_str(&tool("skopeo", &words)).unwrap();
    let steps = config["history"].as_array().unwrap().iter();
    let mut comments = steps.filter_map(|step| step["comment"].as_str());
    let own = comments.find(|it| it.contains(&app.paths[0][11..43]));
    let own = own.unwrap_or_else(|| panic!("no layer of {} in {config}", app.paths[0]));
    own.split(' ').nth(1).unwrap().to_owned()
}

#[test]
#[ignore = "lab"]
fn what_goes_a_slow_way_is_made_small_from_then_on() {
    let slow = slow();
    let (slowly, quickly) = (Project::new(&[]), Project::new(&[]));
    // Nothing is known of a way that was never taken.
    assert_eq!(level(&slowly, &slow, &of("slow-way-1", 12)), "fast");
    assert_eq!(level(&slowly, &slow, &of("slow-way-2", 12)), "small");
    assert_eq!(level(&quickly, REGISTRY, &of("quick-way-1", 40)), "fast");
    assert_eq!(level(&quickly, REGISTRY, &of("quick-way-2", 12)), "fast");
}
