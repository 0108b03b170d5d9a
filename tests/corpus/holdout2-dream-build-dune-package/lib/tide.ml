type t = { high : string; low : string }

let of_island = function
  | "stroma" -> Some { high = "04:12"; low = "10:31" }
  | "swona" -> Some { high = "04:20"; low = "10:38" }
  | _ -> None

let to_json { high; low } = `Assoc [ ("high", `String high); ("low", `String low) ]
