defmodule ParcelTracker.MixProject do
  use Mix.Project

  def project do
    [
      app: :parcel_tracker,
      version: "3.0.1",
      elixir: "~> 1.16",
      deps: [{:broadway, "~> 1.1"}, {:broadway_rabbitmq, "~> 0.8"}, {:jason, "~> 1.4"}],
      releases: [
        # the name that operations know it by
        parcels: [include_executables_for: [:unix], applications: [runtime_tools: :permanent]]
      ]
    ]
  end

  def application do
    [mod: {ParcelTracker.Application, []}, extra_applications: [:logger]]
  end
end
