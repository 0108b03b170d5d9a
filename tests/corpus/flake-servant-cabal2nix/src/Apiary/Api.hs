{-# LANGUAGE DataKinds #-}
{-# LANGUAGE TypeOperators #-}

module Apiary.Api (api, server) where

import Control.Monad.IO.Class (liftIO)
import Data.Proxy (Proxy (..))
import Data.Text (Text)
import Database.PostgreSQL.Simple
import Servant

type Api = "hives" :> Get '[JSON] [Text]

api :: Proxy Api
api = Proxy

server :: Connection -> Server Api
server conn = liftIO (map fromOnly <$> query_ conn "select name from hives order by name")
