require "sinatra/base"

# Who opens the cricket ground this week.
class Wicket < Sinatra::Base
  get("/") { "This week: the Hallorans" }
end
