{-# LANGUAGE OverloadedStrings #-}
module Main (main) where

import Data.Maybe (fromMaybe)
import Network.Wai.Middleware.RequestLogger (logStdout)
import Pagoda.Story (Story (..), next)
import System.Environment (lookupEnv)
import Text.Read (readMaybe)
import qualified Data.Text.Lazy as Lazy
import Web.Scotty

main :: IO ()
main = do
  port <- (>>= readMaybe) <$> lookupEnv "PAGODA_PORT"
  scotty (fromMaybe 3000 port) $ do
    middleware logStdout
    get "/" $ do
      let story = next (Story "The tower" 6)
      text (Lazy.fromStrict (title story) <> ", storey " <> Lazy.pack (show (storeys story)))
