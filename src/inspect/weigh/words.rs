//! Words by which a candidate's kind is told: in names, in dependencies, in commands.
//!
//! Lists only. What a hit is worth stands in `kind`.

use super::super::project::{CandidateKind, Ecosystem};
use CandidateKind::{Client, Docs, Library, Script, Server, StaticSite, Worker};

/// Words by which documentation is called.
pub(super) const DOCS: &[&str] = &["doc", "docs", "documentation", "manual", "handbook"];

/// Words in a name and what they tell. The first row that fits counts.
pub(super) const WORDS: &[(CandidateKind, i32, &[&str])] = &[
    (
        Script,
        45,
        &[
            "migrate",
            "migration",
            "migrations",
            "seed",
            "deploy",
            "dev",
            "devserver",
            "start",
            "update",
            "generate",
            "backup",
            "fixtures",
            "bootstrap",
            "launcher",
            "stack",
            "tools",
        ],
    ),
    (
        Worker,
        25,
        &[
            "worker",
            "workers",
            "bot",
            "consumer",
            "queue",
            "scheduler",
            "cron",
            "jobs",
            "job",
            "mailer",
            "daemon",
        ],
    ),
    (Client, 25, &["cli", "client", "ctl", "admin", "tui"]),
    (
        Server,
        25,
        &[
            "server",
            "web",
            "api",
            "http",
            "httpd",
            "backend",
            "service",
            "gateway",
            "srv",
            "webserver",
            "rest",
        ],
    ),
    (
        StaticSite,
        25,
        &[
            "site", "website", "frontend", "ui", "assets", "static", "blog", "spa",
        ],
    ),
    (Library, 25, &["lib", "library", "sdk"]),
];

/// Packages whose use makes a server, by ecosystem. A name ending in `*` stands for all that start so.
pub(super) const FRAMEWORKS: &[(Ecosystem, &[&str])] = &[
    (
        Ecosystem::Rust,
        &[
            "actix-web",
            "axum",
            "rocket",
            "warp",
            "tide",
            "poem",
            "salvo",
            "tiny_http",
            "gotham",
            "rouille",
        ],
    ),
    (
        Ecosystem::Go,
        &[
            "github.com/gin-gonic/gin",
            "github.com/labstack/echo*",
            "github.com/gofiber/fiber*",
            "github.com/go-chi/chi*",
            "github.com/gorilla/mux",
        ],
    ),
    (
        Ecosystem::Node,
        &[
            "express",
            "fastify",
            "koa",
            "@hapi/hapi",
            "hono",
            "@nestjs/core",
            "next",
            "nuxt",
            "restify",
            "polka",
            "@sveltejs/adapter-node",
        ],
    ),
    (
        Ecosystem::Python,
        &[
            "flask",
            "django",
            "fastapi",
            "starlette",
            "sanic",
            "bottle",
            "pyramid",
            "falcon",
            "quart",
            "gunicorn",
            "uvicorn",
            "hypercorn",
            "waitress",
        ],
    ),
    (
        Ecosystem::Elixir,
        &["phoenix", "plug_cowboy", "bandit", "plug"],
    ),
    (
        Ecosystem::Haskell,
        &[
            "warp",
            "scotty",
            "servant-server",
            "yesod",
            "yesod-core",
            "Spock",
            "snap-server",
            "ihp",
        ],
    ),
    (
        Ecosystem::Ocaml,
        &["dream", "opium", "cohttp-lwt-unix", "eliom"],
    ),
    (
        Ecosystem::Dotnet,
        &["Microsoft.NET.Sdk.Web", "Giraffe", "Suave", "Falco"],
    ),
    (
        Ecosystem::Jvm,
        &[
            "http4s-ember-server",
            "http4s-blaze-server",
            "spring-boot-starter-web",
            "javalin",
            "zio-http",
            "akka-http",
            "pekko-http",
            "ktor-server-netty",
            "vertx-web",
            "undertow-core",
            "jooby",
            "micronaut-http-server-netty",
            "quarkus-resteasy*",
        ],
    ),
    (
        Ecosystem::Ruby,
        &[
            "rails", "sinatra", "puma", "hanami", "roda", "rackup", "thin", "unicorn",
        ],
    ),
    (
        Ecosystem::Php,
        &["laravel/framework", "slim/slim", "symfony/framework-bundle"],
    ),
    (Ecosystem::Gleam, &["mist", "wisp"]),
    (Ecosystem::Nim, &["jester", "prologue"]),
];

/// Packages whose use makes a bot or a consumer of a queue.
pub(super) const WORKERS: &[&str] = &[
    "async-nats",
    "broadway",
    "bullmq",
    "celery",
    "discord.js",
    "discord.py",
    "discord-py",
    "dramatiq",
    "lapin",
    "node-telegram-bot-api",
    "oban",
    "python-telegram-bot",
    "rdkafka",
    "rq",
    "serenity",
    "sidekiq",
    "telegraf",
    "grammy",
    "teloxide",
    "aiogram",
    "github.com/bwmarrin/discordgo",
    "github.com/hibiken/asynq",
];

/// Packages whose use makes a program that writes a site, and serves none.
pub(super) const GENERATORS: &[&str] = &["hakyll", "@11ty/eleventy", "pelican", "lektor"];

/// Programs that make a site, or documentation, of texts.
pub(super) const TOOLS: &[(CandidateKind, &[&str])] = &[
    (
        StaticSite,
        &[
            "hugo",
            "zola",
            "jekyll",
            "pelican",
            "nikola",
            "eleventy",
            "cobalt",
            "gutenberg",
            "soupault",
        ],
    ),
    (
        Docs,
        &[
            "mdbook",
            "mkdocs",
            "sphinx-build",
            "doxygen",
            "asciidoctor",
            "antora",
        ],
    ),
];

/// Interpreters: a package with no other program is an environment.
pub(super) const INTERPRETERS: &[&str] = &[
    "python", "node", "ruby", "perl", "php", "ghc", "bash", "guile", "lua", "julia",
];

/// Programs that serve, whoever starts them.
pub(super) const SERVERS: &[&str] = &[
    "gunicorn",
    "uvicorn",
    "hypercorn",
    "waitress-serve",
    "daphne",
    "granian",
    "puma",
    "thin",
    "unicorn",
    "rackup",
    "caddy",
    "nginx",
    "darkhttpd",
    "static-web-server",
    "miniserve",
    "httpd",
    "lighttpd",
    "merecat",
    "serve",
    "http-server",
    "flask",
    "frankenphp",
    "php-fpm",
];
