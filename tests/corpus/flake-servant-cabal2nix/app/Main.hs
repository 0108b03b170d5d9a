module Main (main) where

import Apiary.Api (api, server)
import qualified Data.ByteString.Char8 as B
import Database.PostgreSQL.Simple (connectPostgreSQL)
import Network.Wai.Handler.Warp (run)
import Servant (serve)
import System.Environment (getEnv, lookupEnv)

main :: IO ()
main = do
  conn <- connectPostgreSQL . B.pack =<< getEnv "APIARY_DATABASE"
  port <- maybe 8081 read <$> lookupEnv "APIARY_PORT"
  putStrLn ("apiary-server on port " <> show port)
  run port (serve api (server conn))
