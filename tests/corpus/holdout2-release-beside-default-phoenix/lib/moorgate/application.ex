defmodule Moorgate.Application do
  use Application

  @impl true
  def start(_type, _args) do
    children = [Moorgate.Repo, MoorgateWeb.Endpoint]
    Supervisor.start_link(children, strategy: :one_for_one, name: Moorgate.Supervisor)
  end
end
