use proptest::prelude::*;

use super::histories::{self, Sent, Way, World, path, remembered};
use super::*;

fn named(at: usize, name: &str) -> StorePath {
    StorePath::from_base(&format!("{at:032}-{name}")).unwrap()
}

/// A closure of names, megabytes and what each refers to.
fn closure(packages: &[(StorePath, u64, &[usize])]) -> Closure {
    let one = |(path, bytes, below): &(StorePath, u64, &[usize])| Registered {
        path: path.clone(),
        bytes: bytes * 1_000_000,
        references: below.iter().map(|it| packages[*it].0.clone()).collect(),
    };
    Closure::new(packages.iter().map(one).collect()).unwrap()
}

fn all(closure: &Closure) -> Vec<Id> {
    closure.ids().collect()
}

/// What the next deploy reads of layers.
fn as_remembered(closure: &Closure, layers: &[Layer], last: &[Remembered]) -> Vec<Remembered> {
    let one = |layer: &Layer| match layer {
        Layer::Kept(at) => last[*at].clone(),
        Layer::New(paths) => {
            let bytes = closure.sum(paths.iter().map(|it| closure.find(it).unwrap()));
            Remembered {
                paths: paths.clone(),
                bytes,
                compressed: bytes / 3,
            }
        }
    };
    layers.iter().map(one).collect()
}

fn told(layers: &[Layer]) -> String {
    let one = |layer: &Layer| match layer {
        Layer::Kept(at) => format!("kept {at}\n"),
        Layer::New(paths) => {
            let names: Vec<_> = paths.iter().map(StorePath::name).collect();
            format!("new  {}\n", names.join(", "))
        }
    };
    layers.iter().map(one).collect()
}

#[test]
fn a_first_deploy_an_edit_a_library_and_a_full_image() {
    let packages = |app: usize, icu: usize, ruby: usize| {
        closure(&[
            (named(0, "glibc-2.40"), 30, &[]),
            (named(1, "zlib-1.3"), 1, &[0]),
            (named(2, "gcc-14-lib"), 9, &[0]),
            (named(icu, "icu4c-76"), 40, &[0, 2]),
            (named(4, "llvm-19-lib"), 120, &[0, 1, 2]),
            (named(5, "openssl-3.4"), 7, &[0]),
            (named(ruby, "ruby-3.4"), 60, &[0, 1, 2, 3, 5]),
            (named(ruby + 1, "gems"), 15, &[6]),
            (named(app, "shop"), 2, &[4, 6, 7]),
        ])
    };
    let mut story = String::new();
    let mut last: Vec<Remembered> = Vec::new();
    for (what, app, icu, ruby, bounds) in [
        ("first", 90, 30, 60, Bounds::default()),
        ("the same again", 90, 30, 60, Bounds::default()),
        ("an edit", 91, 30, 60, Bounds::default()),
        (
            "another icu, and all that stands on it",
            92,
            31,
            70,
            Bounds::default(),
        ),
        (
            "three layers at most",
            92,
            31,
            70,
            Bounds::new(3, 10).unwrap(),
        ),
        ("fresh", 92, 31, 70, Bounds::default()),
    ] {
        let closure = packages(app, icu, ruby);
        let root = closure.find(&named(app, "shop")).unwrap();
        if what == "fresh" {
            last.clear();
        }
        let layers = arrange(&closure, &all(&closure), &[root], &last, &bounds);
        story = story + what + ":\n" + &told(&layers) + "\n";
        last = as_remembered(&closure, &layers, &last);
    }
    insta::assert_snapshot!(story);
}

#[test]
fn bounds_are_checked() {
    assert_eq!(Bounds::new(30, 10), Some(Bounds::default()));
    assert_eq!(
        (
            Bounds::new(0, 10),
            Bounds::new(126, 10),
            Bounds::new(30, 101)
        ),
        (None, None, None)
    );
    assert_eq!(Bounds::default().less(2).layers(), 28);
    assert_eq!(Bounds::default().less(200).layers(), 1);
}

/// The goal: a push costs what has changed.
#[test]
fn little_more_is_sent_than_has_changed() {
    let ways = [Way::Remembering(Bounds::default()), Way::Two];
    let mut sent: Vec<u128> = Vec::new();
    for seed in 1..=10 {
        let world = World::new(histories::made_up(120, 2_000_000, 3), seed);
        let costs = histories::run(world, 100, &ways);
        let [ours, two] = &costs[..] else { panic!() };
        assert!(ours.worst_image <= 1.1 && ours.worst_layers <= 30);
        assert!(ours.sent < two.sent);
        sent.push(u128::from(ours.sent) * 1000 / u128::from(ours.changed));
    }
    sent.sort_unstable();
    assert!(sent[5] <= 1030, "thousandths of what changed: {sent:?}");
}

#[test]
fn five_thousand_paths_in_thousands_of_layers_are_laid_out() {
    let mut world = World::new(histories::made_up(5000, 1_000_000, 5), 5);
    let (closure, app) = world.deploy();
    let alone = |id| Sent {
        paths: vec![closure.path(id).clone()],
        bytes: closure.bytes(id),
    };
    let last: Vec<Sent> = closure.ids().step_by(2).map(alone).collect();
    let layers = arrange(
        &closure,
        &all(&closure),
        &[app],
        &remembered(&last),
        &Bounds::default(),
    );
    assert!(layers.len() <= 30);
    assert!(
        layers.contains(&Layer::New(vec![closure.path(app).clone()]))
            || last
                .iter()
                .any(|it| it.paths == [closure.path(app).clone()])
    );
}

/// A closure of up to 40 paths, of sizes from nothing to all there is.
fn any_closure() -> impl Strategy<Value = Vec<Registered>> {
    let size = prop_oneof![
        0..9_u64,
        0..1_000_000_u64,
        Just(u64::MAX),
        Just(u64::MAX / 2)
    ];
    let one = (
        size,
        proptest::collection::vec(any::<proptest::sample::Index>(), 0..4),
    );
    proptest::collection::vec(one, 1..40).prop_map(|paths| {
        let refers = |at: usize, below: &[proptest::sample::Index]| {
            below
                .iter()
                .filter(|_| at > 0)
                .map(|it| path(1, it.index(at.max(1))))
                .collect()
        };
        let paths = paths.iter().enumerate();
        let registered = paths.map(|(at, (bytes, below))| Registered {
            path: path(1, at),
            bytes: *bytes,
            references: refers(at, below),
        });
        registered.collect()
    })
}

/// What a config may say: paths twice and in two layers, paths that nobody knows, any size.
fn any_layers() -> impl Strategy<Value = Vec<Remembered>> {
    let bytes = || prop_oneof![Just(0), 0..2_000_000_u64, Just(u64::MAX)];
    let layer = (
        proptest::collection::vec(0..50_usize, 0..9),
        bytes(),
        bytes(),
    );
    let layer = layer.prop_map(|(paths, bytes, compressed)| Remembered {
        paths: paths.into_iter().map(|at| path(1, at)).collect(),
        bytes,
        compressed,
    });
    prop_oneof![
        4 => proptest::collection::vec(layer.clone(), 0..12),
        1 => proptest::collection::vec(layer, 0..300),
    ]
}

fn any_bounds() -> impl Strategy<Value = Bounds> {
    (1..=125_usize, 0..=100_u8)
        .prop_map(|(layers, waste)| Bounds::new(layers.min(layers / 4 + 1), waste).unwrap())
}

/// Stale bytes of layers that are kept, counted another way: a path counts in the first layer that has it.
fn stale(closure: &Closure, needed: &[Id], kept: &[&Remembered]) -> u128 {
    let mut counted: Vec<Id> = Vec::new();
    let mut stale = 0;
    for layer in kept {
        let mut whole = true;
        let mut bytes = 0_u64;
        let mut paths = layer.paths.clone();
        paths.sort();
        paths.dedup();
        for path in paths {
            match closure
                .find(&path)
                .filter(|id| needed.contains(id) && !counted.contains(id))
            {
                Some(id) => {
                    counted.push(id);
                    bytes = bytes.saturating_add(closure.bytes(id));
                }
                None => whole = false,
            }
        }
        stale += u128::from(if whole {
            0
        } else {
            layer.bytes.saturating_sub(bytes)
        });
    }
    stale
}

proptest! {
    #[test]
    fn every_path_is_there_once_and_bounds_hold(
        registered in any_closure(),
        last in any_layers(),
        bounds in any_bounds(),
        left_out in 0..6_usize,
        roots in 0..4_usize,
    ) {
        let closure = Closure::new(registered.clone()).unwrap();
        let needed: Vec<Id> = closure.ids().skip(left_out).collect();
        let roots: Vec<Id> = closure.ids().take(roots).collect();
        let layers = arrange(&closure, &needed, &roots, &last, &bounds);
        let kept: Vec<usize> = layers.iter().filter_map(|it| match it { Layer::Kept(at) => Some(*at), Layer::New(_) => None }).collect();
        prop_assert!(kept.is_sorted_by(|a, b| a < b), "kept layers keep their order");
        prop_assert!(layers[..kept.len()].iter().all(|it| matches!(it, Layer::Kept(_))), "new ones are on top");
        let kept: Vec<&Remembered> = kept.iter().map(|at| &last[*at]).collect();
        let new: Vec<&StorePath> = layers[kept.len()..].iter().flat_map(|it| match it { Layer::New(paths) => &paths[..], Layer::Kept(_) => &[] }).collect();
        for id in &needed {
            let path = closure.path(*id);
            let in_kept = kept.iter().any(|it| it.paths.contains(path));
            prop_assert_eq!(new.iter().filter(|it| **it == path).count(), usize::from(!in_kept));
        }
        let is_needed = |path: &StorePath| closure.find(path).is_some_and(|id| needed.contains(&id));
        prop_assert!(new.iter().all(|it| is_needed(it)));
        for layer in &layers {
            prop_assert!(!matches!(layer, Layer::New(paths) if paths.is_empty() || !paths.is_sorted()));
        }
        prop_assert!(layers.len() <= bounds.layers());
        let most = u128::from(closure.sum(needed.iter().copied())) * u128::from(bounds.waste()) / 100;
        prop_assert!(stale(&closure, &needed, &kept) <= most);

        let next = as_remembered(&closure, &layers, &last);
        let again: Vec<Layer> = (0..layers.len()).map(Layer::Kept).collect();
        prop_assert_eq!(arrange(&closure, &needed, &roots, &next, &bounds), again, "the same is kept wholly");

        let turned = Closure::new(registered.into_iter().rev().collect()).unwrap();
        let shuffled: Vec<Remembered> = last.iter().cloned().map(|mut it| { it.paths.reverse(); it }).collect();
        let (needed, roots): (Vec<Id>, Vec<Id>) = (needed.into_iter().rev().collect(), roots.into_iter().rev().collect());
        prop_assert_eq!(arrange(&turned, &needed, &roots, &shuffled, &bounds), layers, "the order of what comes in is nothing");
    }
}
