defmodule ParcelTracker.Application do
  use Application

  @impl true
  def start(_type, _args) do
    Supervisor.start_link([ParcelTracker.Pipeline], strategy: :one_for_one)
  end
end
