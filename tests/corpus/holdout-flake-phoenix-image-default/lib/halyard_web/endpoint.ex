defmodule HalyardWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :halyard

  plug Plug.Static, at: "/", from: :halyard, only: ~w(assets favicon.ico)
  plug Plug.Parsers, parsers: [:urlencoded, :json], json_decoder: Phoenix.json_library()
  plug HalyardWeb.Router
end
