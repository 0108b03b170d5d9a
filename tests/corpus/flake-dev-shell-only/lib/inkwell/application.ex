defmodule Inkwell.Application do
  use Application

  def start(_type, _args) do
    Supervisor.start_link([{Bandit, plug: Inkwell.Page, port: 4000}], strategy: :one_for_one)
  end
end
