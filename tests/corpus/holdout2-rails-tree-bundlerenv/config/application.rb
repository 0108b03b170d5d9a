require "rails"
require "active_record/railtie"
require "action_controller/railtie"
require "active_job/railtie"

module Tidewrack
  class Application < Rails::Application
    config.load_defaults 7.2
    config.active_job.queue_adapter = :sidekiq
  end
end
