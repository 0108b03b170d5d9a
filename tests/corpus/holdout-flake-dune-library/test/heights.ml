let still () = Alcotest.(check (float 0.)) "no constituents" 0. (Plover.height [] Ptime.epoch)
let () = Alcotest.run "plover" [ ("height", [ Alcotest.test_case "still water" `Quick still ]) ]
