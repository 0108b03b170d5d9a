defmodule Moorgate.MixProject do
  use Mix.Project

  def project do
    [
      app: :moorgate,
      version: "0.14.0",
      elixir: "~> 1.17",
      start_permanent: Mix.env() == :prod,
      releases: releases(),
      aliases: aliases(),
      deps: deps()
    ]
  end

  def application do
    [mod: {Moorgate.Application, []}, extra_applications: [:logger, :runtime_tools]]
  end

  defp releases do
    [
      moorgate_web: [
        include_executables_for: [:unix],
        applications: [moorgate: :permanent]
      ]
    ]
  end

  defp aliases do
    [setup: ["deps.get", "ecto.setup"], "ecto.setup": ["ecto.create", "ecto.migrate"]]
  end

  defp deps do
    [
      {:phoenix, "~> 1.7.14"},
      {:phoenix_ecto, "~> 4.6"},
      {:ecto_sql, "~> 3.12"},
      {:postgrex, ">= 0.0.0"},
      {:jason, "~> 1.4"},
      {:bandit, "~> 1.5"}
    ]
  end
end
