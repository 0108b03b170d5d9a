import Config

if System.get_env("PHX_SERVER") do
  config :tidepool, TidepoolWeb.Endpoint, server: true
end

if config_env() == :prod do
  database_url =
    System.get_env("DATABASE_URL") ||
      raise "environment variable DATABASE_URL is missing, for example ecto://USER:PASS@HOST/DATABASE"

  config :tidepool, Tidepool.Repo,
    url: database_url,
    ssl: [verify: :verify_none],
    pool_size: String.to_integer(System.get_env("POOL_SIZE") || "10")

  secret_key_base =
    System.get_env("SECRET_KEY_BASE") ||
      raise "environment variable SECRET_KEY_BASE is missing, make one with mix phx.gen.secret"

  config :tidepool, TidepoolWeb.Endpoint,
    url: [host: System.get_env("PHX_HOST") || "tidepool.example", port: 443, scheme: "https"],
    http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: String.to_integer(System.get_env("PORT") || "4000")],
    secret_key_base: secret_key_base
end
