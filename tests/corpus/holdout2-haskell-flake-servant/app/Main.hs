module Main (main) where

import Network.Wai.Handler.Warp (run)
import Network.Wai.Middleware.RequestLogger (logStdout)
import Servant (serve)
import System.Environment (lookupEnv)
import Wicketgate.Api (api, server)

main :: IO ()
main = do
  port <- maybe 8081 read <$> lookupEnv "PORT"
  putStrLn ("wicketd listens on " <> show port)
  run port (logStdout (serve api server))
