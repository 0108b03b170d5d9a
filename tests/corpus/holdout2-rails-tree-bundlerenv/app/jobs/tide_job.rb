class TideJob < ActiveJob::Base
  def perform(beach)
    Rails.logger.info("low water at #{beach}")
  end
end
