defmodule Inkwell.MixProject do
  use Mix.Project

  def project do
    [
      app: :inkwell,
      version: "0.1.0",
      elixir: "~> 1.17",
      deps: [{:bandit, "~> 1.5"}]
    ]
  end

  def application, do: [mod: {Inkwell.Application, []}, extra_applications: [:logger]]
end
