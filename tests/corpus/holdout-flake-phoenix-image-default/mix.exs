defmodule Halyard.MixProject do
  use Mix.Project

  def project do
    [
      app: :halyard,
      version: "1.4.0",
      elixir: "~> 1.17",
      start_permanent: Mix.env() == :prod,
      deps: deps(),
      releases: [
        skipper: [
          include_executables_for: [:unix],
          applications: [halyard: :permanent]
        ]
      ]
    ]
  end

  def application do
    [mod: {Halyard.Application, []}, extra_applications: [:logger, :runtime_tools]]
  end

  defp deps do
    [
      {:phoenix, "~> 1.7.14"},
      {:phoenix_ecto, "~> 4.6"},
      {:ecto_sql, "~> 3.12"},
      {:postgrex, ">= 0.0.0"},
      {:bandit, "~> 1.5"},
      {:jason, "~> 1.4"}
    ]
  end
end
