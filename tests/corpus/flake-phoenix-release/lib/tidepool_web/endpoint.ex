defmodule TidepoolWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :tidepool

  socket "/live", Phoenix.LiveView.Socket

  plug Plug.Static, at: "/", from: :tidepool, gzip: true, only: ~w(assets favicon.ico)
  plug Plug.RequestId
  plug Plug.Session, store: :cookie, key: "_tidepool", signing_salt: "k1vQ0wZr"
  plug TidepoolWeb.Router
end
