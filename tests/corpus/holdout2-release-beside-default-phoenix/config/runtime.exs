import Config

if config_env() == :prod do
  config :moorgate, Moorgate.Repo,
    url: System.fetch_env!("DATABASE_URL"),
    ssl: [verify: :verify_none],
    pool_size: String.to_integer(System.get_env("POOL_SIZE") || "10")

  config :moorgate, MoorgateWeb.Endpoint,
    server: true,
    url: [host: System.get_env("PHX_HOST") || "example.com", port: 443, scheme: "https"],
    http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: String.to_integer(System.get_env("PORT") || "4000")],
    secret_key_base:
      System.get_env("SECRET_KEY_BASE") || raise("SECRET_KEY_BASE is missing: mix phx.gen.secret makes one")
end
