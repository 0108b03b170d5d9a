module Main (main) where

import qualified Data.ByteString.Lazy as L
import Data.Csv (HasHeader (..), decode)
import Data.Vector (Vector)
import System.Environment (getArgs)

main :: IO ()
main = do
  [file] <- getArgs
  rows <- L.readFile file
  either fail (mapM_ print) (decode HasHeader rows :: Either String (Vector (String, Int)))
