import Config

config :moorgate, ecto_repos: [Moorgate.Repo]

config :moorgate, MoorgateWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  url: [host: "localhost"],
  render_errors: [formats: [json: MoorgateWeb.ErrorJSON]]

config :phoenix, :json_library, Jason
