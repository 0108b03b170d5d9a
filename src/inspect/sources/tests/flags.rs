//! Where servers listen when the command line says it: the flag, its default, and the near miss.

use super::*;

/// What a command line may say: `flag=default(address)`, then the port's.
fn told(name: &str, text: &str) -> Vec<String> {
    let shown = |it: Listen| {
        let part = |name: Option<String>, default: Option<String>| {
            let (name, default) = (name.unwrap_or_default(), default.unwrap_or_default());
            format!("{name}={default}")
        };
        let whole = if it.whole { " whole" } else { "" };
        let address = it.default_address.map(|it| format!(" {it:?}"));
        let variable = it.address_variable.map(|it| format!(" ${it}"));
        let host = part(it.flag, it.default);
        let behind = part(it.port_flag, it.port_default);
        let more = address.unwrap_or_default() + &variable.unwrap_or_default();
        format!("{host}{whole}{more} {behind}")
    };
    of(name, text).listens.into_iter().map(shown).collect()
}

/// Checks rows of text and answers, of files of one name.
fn check(name: &str, rows: &[(&str, &[&str])]) {
    for (text, wanted) in rows {
        // A socket alone serves nothing: somebody must accept.
        let text = match name {
            "a.rs" => format!("{text};\nlet _ = listener.accept();"),
            _ => (*text).to_owned(),
        };
        assert_eq!(told(name, &text), *wanted, "{name}: {text}");
    }
}

#[test]
fn go_flags() {
    check(
        "a.go",
        &[
            (
                "addr := flag.String(\"addr\", \"127.0.0.1:8080\", \"where\")\nhttp.ListenAndServe(*addr, nil)",
                &["-addr=127.0.0.1:8080 whole Local ="],
            ),
            (
                "var addr string\nflag.StringVar(&addr, \"listen\", \":80\", \"\")\nhttp.ListenAndServe(addr, nil)",
                &["-listen=:80 whole All ="],
            ),
            (
                "flag.StringVar(&cfg.addr, \"l\", \"localhost:80\", \"\")\ns := &http.Server{Addr: cfg.addr}",
                &["-l=localhost:80 whole Local ="],
            ),
            (
                "port := flag.Int(\"port\", 8080, \"\")\nhttp.ListenAndServe(fmt.Sprintf(\":%d\", *port), nil)",
                &["= -port=8080"],
            ),
            (
                "h := flag.String(\"host\", \"127.0.0.1\", \"\")\np := flag.Int(\"port\", 80, \"\")\nhttp.ListenAndServe(fmt.Sprintf(\"%s:%d\", *h, *p), nil)",
                &["-host=127.0.0.1 Local -port=80"],
            ),
            (
                "import \"github.com/spf13/cobra\"\ncmd.Flags().StringVarP(&addr, \"addr\", \"a\", \"[::1]:80\", \"\")\nhttp.ListenAndServe(addr, nil)",
                &["--addr=[::1]:80 whole Local ="],
            ),
            (
                "import \"github.com/spf13/cobra\"\nfunc a() { cmd.PersistentFlags().String(\"addr\", \"127.0.0.1:1\", \"\") }\nfunc b() {\n\taddr, err := cmd.Flags().GetString(\"addr\")\n\thttp.ListenAndServe(addr, nil)\n}",
                &["--addr=127.0.0.1:1 whole Local ="],
            ),
            (
                "addr := flag.String(\"addr\", os.Getenv(\"APP_ADDR\"), \"\")\nhttp.ListenAndServe(*addr, nil)",
                &["-addr= whole ="],
            ),
            // Another flag, a parameter, a text of something else, another's member.
            (
                "x := flag.String(\"addr\", \"127.0.0.1:8080\", \"\")\nhttp.ListenAndServe(config.Addr, nil)",
                &["= ="],
            ),
            (
                "addr := flag.String(\"addr\", \"127.0.0.1:8080\", \"\")\nfunc serve(addr string) { http.ListenAndServe(addr, nil) }",
                &["= ="],
            ),
            (
                "addr := request.String(\"addr\", \"127.0.0.1:8080\", \"\")\nhttp.ListenAndServe(addr, nil)",
                &["= ="],
            ),
            (
                "flag.StringVar(&cfg.addr, \"l\", \"localhost:80\", \"\")\nhttp.ListenAndServe(other.addr, nil)",
                &["= ="],
            ),
        ],
    );
}

#[test]
fn clap_flags() {
    let clap = |attribute: &str, member: &str, call: &str| {
        format!("struct Args {{ {attribute} {member} }}\nlet args = Args::parse();\n{call}")
    };
    let whole = clap(
        "#[arg(long, default_value = \"127.0.0.1:3000\")]",
        "pub listen_on: String",
        "TcpListener::bind(&args.listen_on)",
    );
    let variable = clap(
        "#[arg(long, env = \"APP_HOST\", default_value = \"127.0.0.1\")]",
        "host: String",
        "TcpListener::bind(format!(\"{}:8080\", args.host))",
    );
    let silent = clap(
        "#[arg(env = \"APP_HOST\", default_value = \"127.0.0.1\")]",
        "host: String",
        "TcpListener::bind((args.host, 80))",
    );
    let both = "struct A {\n#[arg(long, default_value = \"::1\")]\nhost: IpAddr,\n#[arg(long = \"http-port\", default_value_t = 3000)]\nport: u16,\n}\nlet a = A::parse();\nTcpListener::bind((a.host, a.port))";
    let after = clap(
        "#[arg(short, long)]",
        "addr: Option<String>",
        "TcpListener::bind(args.addr.unwrap_or(\"127.0.0.1:3000\".into()))",
    );
    let positional = clap(
        "#[arg(value_name = \"ADDR\")]",
        "addr: String",
        "TcpListener::bind(args.addr)",
    );
    let other = clap(
        "#[arg(long, default_value = \"127.0.0.1:3000\")]",
        "addr: String",
        "let peer = Peer::find();\nTcpListener::bind(peer.addr)",
    );
    check(
        "a.rs",
        &[
            (&whole, &["--listen-on=127.0.0.1:3000 whole Local ="]),
            (&variable, &["--host=127.0.0.1 Local $APP_HOST ="]),
            (&silent, &["=127.0.0.1 Local $APP_HOST ="]),
            (both, &["--host=::1 Local --http-port=3000"]),
            (&after, &["--addr=127.0.0.1:3000 whole Local ="]),
            (&positional, &["= ="]),
            (&other, &["= ="]),
        ],
    );
}

#[test]
fn argparse_flags() {
    let parser = "import argparse, uvicorn\nparser = argparse.ArgumentParser()\n\
                  parser.add_argument(\"-p\", \"--port\", type=int, default=8000)\n\
                  parser.add_argument('--bind-host', dest='host', default='127.0.0.1', help='where')\n";
    let used = "args = parser.parse_args()\nuvicorn.run(app, host=args.host, port=args.port)";
    let other = "args = load(\"config.toml\")\nuvicorn.run(app, host=args.host, port=args.port)";
    let handed = "def main(args):\n    HTTPServer((args.host, args.port), H)";
    let plain = "parser.add_argument('port', default=8000)\nargs = parser.parse_args()\nuvicorn.run(app, port=args.port)";
    check(
        "a.py",
        &[
            (
                &format!("{parser}{used}"),
                &["--bind-host=127.0.0.1 Local --port=8000"],
            ),
            (&format!("{parser}{other}"), &["= ="]),
            (
                &format!("from http.server import HTTPServer\n{parser}{handed}"),
                &["--bind-host=127.0.0.1 Local --port=8000"],
            ),
            (&format!("import uvicorn\n{plain}"), &["= ="]),
        ],
    );
}

#[test]
fn optparse_flags() {
    let head = "import Options.Applicative\nimport Network.Wai.Handler.Warp\n";
    let record = "data Opts = Opts { optPort :: Int, optHost :: String }\n\
                  opts = Opts <$> option auto (long \"port\" <> short 'p' <> value 8080 <> showDefault)\n\
                  \x20 <*> strOption (long \"host\" <> value \"127.0.0.1\")\n";
    let used = "main = do\n  o <- execParser x\n  runSettings (setPort (optPort o) (setHost (fromString (optHost o)) defaultSettings)) app";
    let bound = "parser = do\n  port <- option auto (long \"port\" <> value 3000)\n  pure port\nmain = run port app";
    let other = "main = runSettings (setPort (otherPort o) defaultSettings) app";
    check(
        "Main.hs",
        &[
            (
                &format!("{head}{record}{used}"),
                &["--host=127.0.0.1 Local --port=8080"],
            ),
            (&format!("{head}{bound}"), &["= --port=3000"]),
            (&format!("{head}{record}{other}"), &["= ="]),
        ],
    );
}

#[test]
fn defaults_of_variables() {
    let express = "import express from 'express';\nconst app = express();\n";
    check(
        "a.js",
        &[
            (
                &format!("{express}app.listen(3000, process.env.HOST || \"localhost\")"),
                &["=localhost Local $HOST ="],
            ),
            (
                &format!(
                    "{express}const host = process.env.HOST ?? '0.0.0.0';\napp.listen(3000, host)"
                ),
                &["=0.0.0.0 All $HOST ="],
            ),
            // No default of the variable: the server's own address.
            (
                &format!("{express}app.listen(process.env.PORT || 3000, 'localhost')"),
                &["= ="],
            ),
            (
                &format!("{express}app.listen(3000, process.env.HOST || hosts[0])"),
                &["= $HOST ="],
            ),
        ],
    );
    check(
        "a.py",
        &[(
            "import os, uvicorn\nuvicorn.run(app, host=os.getenv(\"HOST\", \"127.0.0.1\"), port=int(os.getenv(\"PORT\", 80)))",
            &["=127.0.0.1 Local $HOST ="],
        )],
    );
    check(
        "a.go",
        &[(
            "host := os.Getenv(\"HOST\")\nif host == \"\" {\n\thost = \"127.0.0.1\"\n}\nhttp.ListenAndServe(host+\":80\", nil)",
            &["=127.0.0.1 Local $HOST ="],
        )],
    );
    check(
        "a.rs",
        &[(
            "let at = env::var(\"APP_LISTEN\").unwrap_or_else(|_| \"127.0.0.1:80\".into()); TcpListener::bind(at)",
            &["=127.0.0.1:80 whole Local ="],
        )],
    );
}
