defmodule Moorgate.Repo do
  use Ecto.Repo, otp_app: :moorgate, adapter: Ecto.Adapters.Postgres
end
