require "http/server"

# Pastes live as long as the process does.
case ARGV.first?
when "serve"
  pastes = {} of String => String
  server = HTTP::Server.new do |context|
    key = context.request.path
    if context.request.method == "PUT"
      pastes[key] = context.request.body.try(&.gets_to_end) || ""
    else
      context.response.print pastes[key]? || "gone\n"
    end
  end
  server.bind_tcp "0.0.0.0", ENV["COPPERJAY_PORT"].to_i
  server.listen
else
  STDERR.puts "usage: copperjayd serve"
  exit 2
end
