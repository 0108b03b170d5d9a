module Saltmarsh.Birds (birds) where

import Data.Text (Text, pack)

birds :: [Text]
birds = map pack ["redshank", "curlew", "shelduck"]
