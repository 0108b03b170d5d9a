//! Which variables are read, and which must be set.

use super::*;

#[test]
fn rust_variables() {
    check_variables(&[
        (
            "a.rs",
            "let a = env::var(\"A_KEY\").unwrap(); env::var(\"B\\u{1}\").unwrap()",
            &["A_KEY!"],
        ),
        (
            "a.rs",
            "env::var(\"AB\").context(\"must be set\")?",
            &["AB!"],
        ),
        (
            "a.rs",
            "env::var(\"AB\").unwrap_or_else(|_| panic!(\"no AB\"))",
            &["AB!"],
        ),
        (
            "a.rs",
            "env::var(\"AB\").unwrap_or_default(); if let Ok(it) = env::var(\"CD\") {}",
            &["AB", "CD"],
        ),
        ("a.rs", "env::var(\"AB\").ok()?; env!(\"CD\")", &["AB"]),
        (
            "a.rs",
            "#[derive(Parser)] struct A { #[arg(env = \"AB\")] a: String, #[arg(env = \"CD\")] c: Option<String> }",
            &["AB!", "CD"],
        ),
        (
            "a.rs",
            "enum A { Send { #[arg(long, env = \"AB\")] to: String } }",
            &["AB"],
        ),
    ]);
}

#[test]
fn go_variables() {
    check_variables(&[
        (
            "a.go",
            "url := os.Getenv(\"DB_URL\")\nif url == \"\" {\n\tlog.Fatal(\"no\")\n}",
            &["DB_URL!"],
        ),
        (
            "a.go",
            "url, ok := os.LookupEnv(\"DB_URL\")\nif !ok {\n\tpanic(\"no\")\n}",
            &["DB_URL!"],
        ),
        (
            "a.go",
            "if os.Getenv(\"AB\") == \"\" {\n\tlog.Fatal(1)\n}",
            &["AB!"],
        ),
        ("a.go", "mustGetenv(\"AB\")", &["AB!"]),
        (
            "a.go",
            "url := os.Getenv(\"AB\")\nif url == \"\" {\n\turl = \"x\"\n}\nlog.Fatal(url)",
            &["AB"],
        ),
        (
            "a.go",
            "mode := os.Getenv(\"MODE\")\nif mode != \"\" {\n\tlog.Fatal(1)\n}",
            &["MODE"],
        ),
        ("a.go", "getEnv(\"AB\", \"1\"); os.Getenv(name)", &["AB"]),
    ]);
}

#[test]
fn python_variables() {
    check_variables(&[
        (
            "a.py",
            "import os\na = os.environ[\"AB\"]\nos.environ[\"CD\"] = a",
            &["AB!"],
        ),
        (
            "a.py",
            "import os\ntry:\n    a = os.environ['AB']\nexcept KeyError:\n    a = 1",
            &["AB"],
        ),
        (
            "a.py",
            "a = os.getenv('AB')\nif not a:\n    raise ValueError('no')",
            &["AB!"],
        ),
        (
            "a.py",
            "a = os.getenv('AB')\nif a:\n    raise ValueError('no')",
            &["AB"],
        ),
        (
            "a.py",
            "a = os.environ.get('AB') or sys.exit('no')",
            &["AB!"],
        ),
        ("a.py", "a = os.environ.get('AB', 'x')", &["AB"]),
    ]);
}

#[test]
fn node_variables() {
    check_variables(&[
        (
            "a.js",
            "const s = process.env.SECRET;\nif (!s) {\n  console.error('no');\n  process.exit(1);\n}",
            &["SECRET!"],
        ),
        (
            "a.js",
            "if (!process.env.AB) throw new Error('no')",
            &["AB!"],
        ),
        ("a.ts", "new Pool(process.env.DB_URL!)", &["DB_URL!"]),
        (
            "a.js",
            "const a = process.env.AB ?? 'x'; process.env.CD = a; const { EF } = process.env",
            &["AB", "EF"],
        ),
        (
            "a.js",
            "const a = process.env.AB;\nif (a !== 'x') throw new Error()",
            &["AB"],
        ),
    ]);
}

#[test]
fn the_other_languages_read_variables() {
    check_variables(&[
        (
            "runtime.exs",
            "System.fetch_env!(\"AB\")\nSystem.get_env(\"CD\") || raise \"no\"\nSystem.get_env(\"EF\") || \"x\"",
            &["AB!", "CD!", "EF"],
        ),
        (
            "Main.hs",
            "a <- getEnv \"AB\"\nb <- lookupEnv \"CD\"",
            &["AB!", "CD"],
        ),
        (
            "main.ml",
            "let a = Sys.getenv \"AB\"\nlet b = try Sys.getenv \"CD\" with Not_found -> \"\"\nlet c = Sys.getenv_opt \"EF\"",
            &["AB!", "CD", "EF"],
        ),
        (
            "A.cs",
            "var a = Environment.GetEnvironmentVariable(\"AB\") ?? throw new Exception(); var b = Environment.GetEnvironmentVariable(\"CD\") ?? \"x\";",
            &["AB!", "CD"],
        ),
        (
            "A.kt",
            "val a = System.getenv(\"AB\") ?: error(\"no\")\nval b = System.getenv(\"CD\") ?: \"x\"",
            &["AB!", "CD"],
        ),
        (
            "A.scala",
            "val a = sys.env(\"AB\")\nval b = sys.env.getOrElse(\"CD\", \"x\")",
            &["AB!", "CD"],
        ),
        (
            "application.properties",
            "a=${AB}\nb=${CD:x}",
            &["AB!", "CD"],
        ),
        (
            "a.rb",
            "ENV.fetch(\"AB\"); ENV.fetch(\"CD\", 1); ENV.fetch(\"EF\") { 1 }; ENV[\"GH\"]",
            &["AB!", "CD", "EF", "GH"],
        ),
        (
            "a.php",
            "<?php getenv('AB') ?: die('no'); getenv('CD') ?: 'x';",
            &["AB!", "CD"],
        ),
        (
            "a.gleam",
            "let assert Ok(a) = envoy.get(\"AB\")\nlet b = envoy.get(\"CD\")",
            &["AB!", "CD"],
        ),
        (
            "a.sh",
            "A_B=1\necho ${AB:?no} $CD ${EF:-1} $A_B $#",
            &["AB!", "CD", "EF"],
        ),
    ]);
}
