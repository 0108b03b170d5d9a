type constituent = { speed : float; amplitude : float; phase : float }

let height constituents at =
  let hours = Ptime.to_float_s at /. 3600. in
  List.fold_left
    (fun sum c -> sum +. (c.amplitude *. cos ((c.speed *. hours) -. c.phase)))
    0. constituents
