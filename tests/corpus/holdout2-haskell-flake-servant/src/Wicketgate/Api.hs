{-# LANGUAGE DataKinds #-}
{-# LANGUAGE DeriveAnyClass #-}
{-# LANGUAGE DerivingStrategies #-}
{-# LANGUAGE OverloadedStrings #-}

module Wicketgate.Api (api, server, Guest (..)) where

import Data.Aeson (ToJSON)
import Data.Proxy (Proxy (..))
import Data.Text (Text)
import GHC.Generics (Generic)
import Servant

data Guest = Guest {name :: Text, until_ :: Text}
  deriving stock (Generic)
  deriving anyclass (ToJSON)

type Api =
  "guests" :> Get '[JSON] [Guest]
    :<|> "guests" :> Capture "name" Text :> Get '[JSON] Guest

api :: Proxy Api
api = Proxy

guests :: [Guest]
guests = [Guest "Ada" "dusk", Guest "Niels" "noon"]

server :: Server Api
server = pure guests :<|> one
  where
    one wanted = maybe (throwError err404) pure (lookup wanted [(name g, g) | g <- guests])
