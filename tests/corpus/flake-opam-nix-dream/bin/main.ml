let soundings = [ ("buoy-3", 41.5); ("quay", 6.2) ]

let to_json () =
  `Assoc (List.map (fun (name, depth) -> (name, `Float depth)) soundings)
  |> Yojson.Safe.to_string

let () =
  Dream.run ~interface:"0.0.0.0" ~port:8080
  @@ Dream.logger
  @@ Dream.router
       [
         Dream.get "/" (fun _ -> Dream.html "<h1>Soundings</h1>");
         Dream.get "/soundings" (fun _ -> Dream.json (to_json ()));
       ]
