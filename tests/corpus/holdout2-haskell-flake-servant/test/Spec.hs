{-# LANGUAGE OverloadedStrings #-}

import Servant (serve)
import Test.Hspec
import Test.Hspec.Wai
import Wicketgate.Api (api, server)

main :: IO ()
main = hspec $ with (pure (serve api server)) $
  it "knows Ada" $ get "/guests/Ada" `shouldRespondWith` 200
