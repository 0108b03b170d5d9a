defmodule MoorgateWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :moorgate

  plug Plug.Static, at: "/", from: :moorgate, only: ~w(app.js favicon.ico)
  plug Plug.RequestId
  plug Plug.Parsers, parsers: [:urlencoded, :json], json_decoder: Phoenix.json_library()
  plug MoorgateWeb.Router
end
