{-# LANGUAGE OverloadedStrings #-}

module Main (main) where

import Beacon.Probe (lastResults)
import System.Environment (lookupEnv)
import Web.Scotty

main :: IO ()
main = do
  port <- maybe 3000 read <$> lookupEnv "PORT"
  scotty port $ do
    get "/" $ liftIO lastResults >>= html
    get "/up" $ text "up"
