{-# LANGUAGE OverloadedStrings #-}
module Pagoda.Story (Story (..), next) where

import Data.Text (Text)

data Story = Story { title :: Text, storeys :: Int }

-- | Every reader adds one storey.
next :: Story -> Story
next story = story { storeys = storeys story + 1 }
