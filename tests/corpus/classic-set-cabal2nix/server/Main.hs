{-# LANGUAGE OverloadedStrings #-}
module Main (main) where

import Control.Monad (forever)
import Data.Text (Text)
import Network.HTTP.Types (status400)
import Network.Wai (responseLBS)
import Network.Wai.Handler.Warp (run)
import Network.Wai.Handler.WebSockets (websocketsOr)
import Network.WebSockets
import System.Environment (getEnv)

main :: IO ()
main = do
  port <- read <$> getEnv "PORT"
  run port $ websocketsOr defaultConnectionOptions talk $ \_ respond ->
    respond $ responseLBS status400 [] "websockets only"

talk :: PendingConnection -> IO ()
talk pending = do
  connection <- acceptRequest pending
  forever $ do
    said <- receiveData connection
    sendTextData connection (said :: Text)
