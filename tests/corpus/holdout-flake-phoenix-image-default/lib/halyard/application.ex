defmodule Halyard.Application do
  use Application

  @impl true
  def start(_type, _args) do
    children = [
      Halyard.Repo,
      {Phoenix.PubSub, name: Halyard.PubSub},
      HalyardWeb.Endpoint
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: Halyard.Supervisor)
  end
end
