let table request =
  match Skerry.Tide.of_island (Dream.param request "island") with
  | None -> Dream.empty `Not_Found
  | Some tides -> Dream.json (Yojson.Safe.to_string (Skerry.Tide.to_json tides))

let () =
  Dream.run ~interface:"0.0.0.0" ~port:8080
  @@ Dream.logger
  @@ Dream.router
       [
         Dream.get "/" (Dream.from_filesystem "static" "index.html");
         Dream.get "/static/**" (Dream.static "static");
         Dream.get "/tides/:island" table;
       ]
