{-# LANGUAGE OverloadedStrings #-}
module Main (main) where

import Network.HTTP.Types (status200)
import Network.Wai (responseLBS)
import Network.Wai.Handler.Warp (run)
import System.Environment (getEnv)

main :: IO ()
main = do
  port <- read <$> getEnv "PORT"
  run port $ \_ respond ->
    respond $ responseLBS status200 [("Content-Type", "text/plain")] "two otters, 06:40, below the weir\n"
