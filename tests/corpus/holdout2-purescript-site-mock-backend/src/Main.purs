module Main where

import Prelude

import Effect (Effect)
import Effect.Console (log)

foreign import drawHedges :: String -> Effect Unit
foreign import apiBase :: String

main :: Effect Unit
main = do
  log ("hedges from " <> apiBase)
  drawHedges apiBase
