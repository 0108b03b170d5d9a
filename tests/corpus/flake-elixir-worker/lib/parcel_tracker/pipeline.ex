defmodule ParcelTracker.Pipeline do
  use Broadway

  def start_link(_) do
    Broadway.start_link(__MODULE__,
      name: __MODULE__,
      producer: [
        module:
          {BroadwayRabbitMQ.Producer,
           queue: "scans", connection: Application.fetch_env!(:parcel_tracker, :amqp_url)}
      ],
      processors: [default: [concurrency: Application.fetch_env!(:parcel_tracker, :concurrency)]]
    )
  end

  @impl true
  def handle_message(_processor, message, _context) do
    Broadway.Message.update_data(message, &Jason.decode!/1)
  end
end
