module Main (main) where

import Data.Maybe (fromMaybe)
import System.Environment (lookupEnv)
import Text.Read (readMaybe)
import Web.Scotty

import Saltmarsh.Birds (birds)

main :: IO ()
main = do
  port <- lookupEnv "PORT"
  scotty (fromMaybe 3000 (port >>= readMaybe)) $
    get "/birds" $ json birds
