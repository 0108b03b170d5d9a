local socket = require("socket")

local server = assert(socket.bind("*", tonumber(os.getenv("PORT") or 8800)))
while true do
  local client = server:accept()
  client:settimeout(2)
  client:receive()
  local cup = math.random(3)
  client:send("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\ncup " .. cup .. "\n")
  client:close()
end
