import Config

config :parcel_tracker,
  amqp_url: System.fetch_env!("CLOUDAMQP_URL"),
  concurrency: String.to_integer(System.get_env("CONCURRENCY", "8"))
