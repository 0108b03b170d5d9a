import Config

config :halyard, ecto_repos: [Halyard.Repo]

config :halyard, HalyardWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  render_errors: [formats: [json: HalyardWeb.ErrorJSON], layout: false]

config :phoenix, :json_library, Jason
