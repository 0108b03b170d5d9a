Rails.application.configure do
  config.eager_load = true
  config.secret_key_base = ENV.fetch("SECRET_KEY_BASE")
  config.logger = ActiveSupport::Logger.new($stdout)
  config.x.redis_url = ENV.fetch("REDIS_URL")
end
