let port =
  match Sys.getenv_opt "PORT" with
  | Some port -> int_of_string port
  | None -> 8080

let () =
  Dream.run ~interface:"0.0.0.0" ~port
  @@ Dream.logger
  @@ Dream.router
       [ Dream.get "/paths/:name" (fun request ->
             Dream.respond (Dream.param request "name" ^ ": passable")) ]
