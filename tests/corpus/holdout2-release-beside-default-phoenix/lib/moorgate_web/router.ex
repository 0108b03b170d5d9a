defmodule MoorgateWeb.Router do
  use Phoenix.Router

  pipeline :api do
    plug :accepts, ["json"]
  end

  scope "/api", MoorgateWeb do
    pipe_through :api
    resources "/berths", BerthController, only: [:index, :show]
  end
end
