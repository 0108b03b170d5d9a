//! How much ways of laying out layers send, keep and pull over histories of deploys: a table in Markdown.
//!
//! Takes nothing, and `--quick` for two histories in place of ten. The same on every machine.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a simulation: what it can't do ends it"
)]

use nixdyno::closure::{Closure, Id, Registered, StorePath};
use nixdyno::image::layers::{Bounds, Layer, Remembered, arrange};

#[path = "../src/image/layers/histories.rs"]
mod histories;

use histories::{Costs, Package, Way, World};

const DEPLOYS: usize = 100;

fn main() {
    let quick = std::env::args().any(|it| it == "--quick");
    let seeds = if quick { 2 } else { 10 };
    let closures = [
        ("large", histories::read(include_str!("closures/large.txt"))),
        ("small", histories::read(include_str!("closures/small.txt"))),
        ("made up", histories::made_up(2000, 20_000_000, 7)),
    ];
    for (name, packages) in closures {
        table(name, &packages, seeds);
    }
}

fn ways() -> Vec<(String, Way)> {
    let mut ways = vec![
        ("one layer".to_owned(), Way::One),
        ("app, rest".to_owned(), Way::Two),
        ("popularity, 100".to_owned(), Way::Popular(100)),
        ("largest, 30".to_owned(), Way::Largest(30)),
        ("largest, 125".to_owned(), Way::Largest(125)),
    ];
    let bounds = |layers, waste| Bounds::new(layers, waste).expect("valid bounds");
    ways.push(("ours, no memory, 30".to_owned(), Way::Fresh(bounds(30, 10))));
    for (layers, waste) in [
        (30, 0),
        (30, 5),
        (30, 10),
        (30, 20),
        (30, 50),
        (10, 10),
        (20, 10),
        (60, 10),
    ] {
        ways.push((
            format!("ours, {layers}, {waste} %"),
            Way::Remembering(bounds(layers, waste)),
        ));
    }
    ways
}

#[expect(clippy::cast_precision_loss, reason = "ratios to three digits")]
fn table(name: &str, packages: &[Package], seeds: u64) {
    let (names, ways): (Vec<String>, Vec<Way>) = ways().into_iter().unzip();
    let mut histories: Vec<Vec<Costs>> = Vec::new();
    std::thread::scope(|scope| {
        let one = |seed| {
            scope.spawn({
                let ways = &ways;
                move || histories::run(World::new(packages.to_vec(), seed), DEPLOYS, ways)
            })
        };
        let threads: Vec<_> = (1..=seeds).map(one).collect();
        histories = threads
            .into_iter()
            .map(|it| it.join().expect("a history"))
            .collect();
    });
    let bytes: u64 = packages.iter().map(|it| it.bytes).sum();
    println!(
        "\n### {name}: {} paths, {} MB\n",
        packages.len(),
        bytes / 1_000_000
    );
    println!("| way | sent | worst | image | worst | layers | most | by chain | by digest |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (at, name) in names.iter().enumerate() {
        let over = |of: fn(&Costs) -> f64| {
            let mut found: Vec<f64> = histories.iter().map(|it| of(&it[at])).collect();
            found.sort_by(f64::total_cmp);
            (
                f64::midpoint(found[(found.len() - 1) / 2], found[found.len() / 2]),
                found[found.len() - 1],
            )
        };
        let sent = over(|it| it.sent as f64 / it.changed as f64);
        let image = over(|it| it.image as f64 / it.needed as f64);
        let layers = over(|it| it.layers as f64 / it.deploys as f64);
        println!(
            "| {name} | {:.3} | {:.3} | {:.3} | {:.3} | {:.1} | {} | {:.2} | {:.3} |",
            sent.0,
            sent.1,
            image.0,
            over(|it| it.worst_image).1,
            layers.0,
            over(|it| it.worst_layers as f64).1,
            over(|it| it.by_chain as f64 / it.changed as f64).0,
            over(|it| it.by_digest as f64 / it.changed as f64).0,
        );
    }
}
